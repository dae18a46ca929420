# Partnerships, engagement and criticism.

### No counts: $closest (String), $since (String)

# $recent (Number) - alike: the past is the same for one and for many
fig-partnership-timeline-title =
    { $dated ->
        [0] No arrangement on critical minerals with a published date was public on this day.
        [one] One arrangement on critical minerals with a published date was public on this day.
       *[other] Of the { $dated } arrangements on critical minerals with a published date, { $recent ->
            [0] none began in { $since } or later.
            [one] one began in { $since } or later.
           *[other] { $recent } began in { $since } or later, { $recent_bilateral ->
                [0] none
                [all] all
               *[other] { $recent_bilateral }
            } of them bilateral.
        }
    }
fig-partnership-timeline-caption = Arrangements by the day of signing or launch, oldest first. A bar spans the month or the year where no day is published. { $undated ->
    [0] {""}
    [one] One more has no published date and is not drawn.{" "}
   *[other] { $undated } more have no published date and are not drawn.{" "}
}Offtakes are agreements to buy a producer’s output.
fig-partnership-timeline-alt =
    { $dated ->
        [0] An empty chart: no arrangement with a date was public on this day.
       *[other] Timeline with a row for each arrangement, { $dated } in all, from “{ $first }” ({ $first_date }) to “{ $last }” ({ $last_date }). Bilateral: { $bilateral }; multilateral: { $multilateral }; rounds of investment, offtakes and domestic agreements: { $others }. Begun in { $since } or later: { $recent }.
    }

# $groups (Number) - whole: groups, of which there is one
fig-partnership-matrix-title =
    { $known ->
        [0] No group on critical minerals with named members was public on this day.
       *[other] Among Canada’s partners, { $all ->
            [yes] only { $closest } { $partners ->
                [one] belongs
               *[other] belong
            } to { $groups ->
                [one] the one group
               *[other] all { $groups } groups
            } of this figure.
           *[no] { $closest } { $partners ->
                [one] belongs
               *[other] each belong
            } to the most groups of this figure: { $most } of { $groups }.
        }
    }
fig-partnership-matrix-caption = Partner countries named in sources. The first column counts bilateral arrangements that no source shows as fulfilled or ended; the others are groups with at least three countries. Members of the second round of the Production Alliance, and of the mining forum, are not named in what was read, so those groups are left out. The G7 action plan and roadmap have the same members and share a column.
fig-partnership-matrix-alt =
    { $known ->
        [0] An empty chart, or bilateral arrangements alone: no group with named members was public on this day.
       *[other] Matrix of partner countries and blocs ({ $countries }) by groups ({ $groups }) and a column for bilateral arrangements. In the most groups ({ $most }): { $closest }. With a bilateral arrangement and in none of the groups: { $bilateral_only }.
    }

tbl-agreements-title = Arrangements on critical minerals.
tbl-agreements-caption = With whom, since when, and where they stand. Dates are those of signing or launch, where they are published.
tbl-alliance-commitments-title = What members of the Alliance say they will work towards.
tbl-alliance-commitments-caption = Commitments of the Sustainable Critical Minerals Alliance; they are voluntary.
tbl-ally-strategies-title = Allies’ strategies in early 2020.
tbl-ally-strategies-caption = As Canada’s Critical Minerals Task Force described them; each may have changed since.
tbl-engagement-title = Engagement at home and abroad.
tbl-engagement-caption = Shown with the figures that have been published, and the day from which each was public: what is older may have changed since.
tbl-criticism-title = What critics found, asked for or said when the Alliance was launched.
tbl-criticism-caption = Each claim stands beside whose it is. The figures are theirs and were not checked for this report.

# Headings
column-agreement = Arrangement
column-scope = Scope
column-concluded = Date
column-forum = Group
column-standing = Standing
column-arrangements = Arrangements with Canada

# Codes
forum-bilateral = Bilateral
forum-g7 = G7 action plan and roadmap
# $count (Number) - alike: an adjective
counted-bilateral = { $count } bilateral
counted-multilateral = { $count } among several countries
counted-investment =
    { $count ->
        [one] { $count } round of investment
       *[other] { $count } rounds of investment
    }
counted-offtake =
    { $count ->
        [one] { $count } agreement to buy
       *[other] { $count } agreements to buy
    }
counted-domestic = { $count } at home
scope-bilateral = bilateral
scope-multilateral = multilateral
scope-investment = investment
scope-offtake = offtake
scope-domestic = domestic
standing-from-start = from the start
standing-later = joined later
standing-project-partner = partner in announced projects
agreement-status-in-force = in force
agreement-status-launched = launched
agreement-status-announced = announced
agreement-status-negotiated = negotiated
agreement-status-reported = reported
agreement-status-listed = listed only
agreement-status-fulfilled = fulfilled
agreement-status-ended = ended
binding-yes = yes
binding-no = no
binding-not-stated = not stated
agreement-kind-action-plan = action plan
agreement-kind-alliance = alliance
agreement-kind-competition = funding competition
agreement-kind-contribution = contribution
agreement-kind-declaration-of-intent = declaration of intent
agreement-kind-dialogue = dialogue
agreement-kind-forum = forum
agreement-kind-framework = framework
agreement-kind-initiative = initiative
agreement-kind-investment-round = round of investments
agreement-kind-joint-action-plan = joint action plan
agreement-kind-joint-declaration = joint declaration
agreement-kind-joint-statement = joint statement
agreement-kind-leaders-commitment = leaders’ commitment
agreement-kind-memorandum = memorandum of understanding
agreement-kind-offtake = offtake
agreement-kind-partnership = partnership
agreement-kind-project = project
agreement-kind-research-collaboration = research collaboration
agreement-kind-roadmap = roadmap
agreement-kind-strategic-partnership = strategic partnership
agreement-kind-working-group = working group
agreement-kind-working-party = working party
role-party = party
role-founding-member = founding member
role-member = member
role-lead = lead
role-chair = chair
role-partner = partner
role-donor = donor
role-host = host
role-buyer = buyer
role-seller = seller
commitment-kind-commitment = commitment
commitment-kind-area = area of work
audience-indigenous-peoples = Indigenous peoples
audience-provinces-territories = Provinces and territories
audience-industry = Industry
audience-international = Other countries
statement-kind-finding = finding
statement-kind-demand = demand
statement-kind-warning = warning
statement-kind-protest = protest
statement-kind-remark = remark

# Facts handed on as they are.
