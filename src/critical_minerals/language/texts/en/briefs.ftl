# Briefs: two pages on one mineral or one partner.

### No counts: $country (String), $countries (String), $index (String), $mineral (String), $places (String), $quantity (String), $recipient (String), $share (String), $stage (String), $threshold (String), $three (String), $total (String), $without (String)

brief-kind = Critical minerals brief
brief-others = all others
brief-unit-plain-t = tonnes
brief-unit-thousand-t = thousand tonnes
brief-unit-million-t = million tonnes
brief-unit-plain-m3 = cubic metres
brief-unit-thousand-m3 = thousand cubic metres
brief-unit-million-m3 = million cubic metres
# $number (Number) - alike: million has no plural behind a number
brief-cubic-metres = { $number } million m³
# $number (Number) - alike: million has no plural behind a number
brief-million-tonnes = { $number } million t
brief-note-estimated = , estimated
brief-note-preliminary = , preliminary
brief-note-firm = {""}

# The mineral
brief-standing =
    { $on ->
        [yes] On Canada’s list of critical minerals since { $since }
       *[no] Not on Canada’s list of critical minerals on this day
    }{ $priority ->
        [yes] , one of the Strategy’s first six priorities
       *[no] {""}
    }{ $us ->
        [yes] ; on the United States list of { $usyear }.
        [unknown] .
       *[no] ; not on the United States list of { $usyear }.
    }
brief-uses = Main uses: { $uses }.

brief-card-output = { $stage } in Canada in { $year }{ $note }
brief-card-output-share = { $stage } in Canada in { $year }{ $note }: { $share } of the world’s{ $without }
brief-stage-mine = mined
brief-stage-smelter = smelted
brief-stage-refinery = refined
brief-stage-plant = produced
brief-stage-primary = produced
brief-stage-extraction = extracted
brief-stage-not-stated = produced
brief-card-top = largest share of the world’s { $stage }{ $without }, { $year }: { $country }
brief-card-reliance = net import reliance of the United States in { $year }
brief-card-reliance-exporter = position of the United States in { $year }
brief-net-exporter = net exporter
brief-bound = { $sign }{ $level }
brief-card-us = of what the United States imports came from Canada, { $start } to { $end }
brief-card-exports = exports, { $first } to { $last }
brief-card-awards =
    { $count ->
        [one] in one federal award that names it
       *[other] in { $count } federal awards that name it
    }

brief-output =
    { $years ->
        [one] Canada’s output was { $last } in { $year }{ $note }.
       *[other] Canada’s output { $trend ->
            [up] rose
            [down] fell
           *[level] stayed
        } { $trend ->
            [level] at
           *[other] from { $first } in { $start } to
        } { $last } in { $year }{ $note }.
    }
brief-output-zero = The publisher gives an output of zero for Canada in { $year }.
brief-sites =
    { $count ->
        [0] {""}
        [1] One mine or project on record names it; { $running ->
            [0] it is not in operation.
           *[other] it is in operation.
        }
       *[other] { $count } mines, mills and projects on record name it, { $running } of them in operation.
    }
brief-trade = Exports of the goods read for it came to { $exports } and imports to { $imports }, { $first } to { $last } together.

fig-output-title = Output in Canada, { $start } to { $year }.
fig-output-caption = { $commodity }, { $form }. Faint: estimates and preliminary figures.
fig-output-alt = Column chart of Canada’s output of { $commodity } by year: { $list }.
fig-destinations-title = { $share } of exports went to { $first } in { $year }.
fig-destinations-caption = Domestic exports (no re-exports) of { $commodity } by destination.
fig-destinations-alt = Bar chart of domestic exports by destination in { $year }, of { $total }: { $list }.
fig-flows-title =
    { $more ->
        [yes] Canada exports more than it imports.
       *[no] Canada imports more than it exports.
    }
fig-flows-caption = Value of the goods read for it, { $first } to { $last }: not a year.
fig-flows-alt = Bar chart of two values, { $first } to { $last }: exports { $exports }, imports { $imports }.
fig-producers-title = World output{ $without } is led by { $country } with { $share }; Canada’s share is { $canada }.
fig-producers-title-canada = Canada leads world output{ $without } with { $share }.
fig-producers-title-none = World output{ $without } is led by { $country } with { $share }; Canada is not named.
fig-producers-caption = { $commodity }, { $stage }, { $year }: shares of the published, rounded world total{ $without }.
fig-producers-alt = Bar chart of shares of world output of { $commodity } in { $year }: { $list }.
fig-us-sources-title = Canada supplies { $share } of US imports, { $start } to { $end }.
fig-us-sources-title-none = Canada is not named among the sources of US imports, { $start } to { $end }.
fig-us-sources-caption = Shares of US imports over four years together; { $form }.
fig-us-sources-alt = Bar chart of the sources of US imports, { $start } to { $end }: { $list }.

brief-supply = The three largest producers hold { $three } of world output{ $without }. The concentration index is { $index }; supply above { $threshold } counts as highly concentrated.
brief-supply-other = { $commodity } ({ $stage }): { $country } { $tied ->
        [one] holds
       *[other] hold
    } { $share }{ $known ->
        [yes] , Canada { $canada }
       *[no] {""}
    }.
brief-without = {" "}(without { $countries }, whose output is withheld)
brief-reserves = Canada’s reserves are { $quantity }{ $known ->
        [yes] , { $share } of the world’s
       *[no] {""}
    } ({ $year }).
brief-reliance = The United States covered { $reliance } of what it used with net imports in { $year }.
brief-reliance-more = The United States covered more than { $reliance } of what it used with net imports in { $year }; the publisher gives only this bound.
brief-reliance-less = The United States covered less than { $reliance } of what it used with net imports in { $year }; the publisher gives only this bound.
brief-reliance-exporter = The United States was a net exporter in { $year }.

brief-awards =
    { $count ->
        [one] One federal award with a published amount names it: { $total }.
       *[other] { $count } federal awards with published amounts name it, { $total } together
    }{ $count ->
        [one] {""}
       *[other] { $shared ->
            [0] .
            [all] ; all of them also name other minerals and stand in full.
            [one] ; one of them also names other minerals and stands in full.
           *[other] ; { $shared } of them also name other minerals and stand in full.
        }
    }
# $count (Number) - from 2: the largest are told of where there are more
tbl-brief-awards-title = { $more ->
        [0] Federal awards that name it.
       *[other] Largest of the { $count } federal awards that name it.
    }
tbl-brief-awards-caption = Amounts as announced; not all are paid.
tbl-brief-sites-title = { $more ->
        [0] Mines, mills and projects that name it.
       *[other] Mines, mills and projects: { $shown } of { $count }.
    }
tbl-brief-sites-caption = Those that list it first stand on top, then those in operation.
tbl-brief-agreements-title = Agreements and offtakes that name it.
tbl-brief-agreements-caption = Where a partnership names no mineral it is not listed here.
brief-tax = Named in a tax measure: { $list }.

# What is not in the tables of this report, minerals
gap-uses = No document read says what it is used for.
gap-output = Output in Canada is not in the tables of this report.
gap-output-canada = Canada is not named among the producers; that does not say that its output is nil.
gap-world = World production by country is not in the tables of this report.
gap-reserves-canada = Reserves in Canada are not in the tables of this report.
gap-trade = Exports and imports cannot be compared: its tariff codes are shared with other goods, or not all were read in both directions.
gap-destinations = Exports by destination are not in the tables read.
gap-reliance = The U.S. Geological Survey gives no net import reliance for it.
gap-us-sources = The sources of US imports are not published.
gap-sites = No mine or project on record names it.
gap-awards = No federal award with a published amount names it.
gap-agreements = No agreement or offtake names it.
gap-withheld =
    { $count ->
        [one] The output of { $places } is withheld.
       *[other] The output of { $count } producers is withheld: { $places }.
    }
gap-consumption = Canadian consumption is not in the tables of this report.

# The partner
brief-partner-standing =
    { $bilateral ->
        [0] No bilateral arrangement with Canada on record
        [one] One bilateral arrangement with Canada on record
       *[other] { $bilateral } bilateral arrangements with Canada on record
    }; { $groups ->
        [0] no shared group.
        [one] one shared group.
       *[other] { $groups } shared groups.
    }
brief-alliance-standing = Form: { $kind }. Status: { $status }. { $known ->
        [yes] Since { $date }.
       *[no] Date not published.
    }
brief-card-bilateral =
    { $count ->
        [one] bilateral arrangement that is not over
       *[other] bilateral arrangements that are not over
    }
brief-card-groups =
    { $count ->
        [one] group with several countries, shared with Canada
       *[other] groups with several countries, shared with Canada
    }
brief-card-members =
    { $count ->
        [one] country or bloc named beside Canada
       *[other] countries and blocs named beside Canada
    }
brief-card-members-stated =
    { $count ->
        [one] member, as stated
       *[other] members, as stated
    }
brief-card-tops =
    { $count ->
        [one] mineral of Canada’s list of which it is among the three largest producers
       *[other] minerals of Canada’s list of which it is among the three largest producers
    }
brief-card-goods = Canada’s exports to it in { $year }, of { $read ->
    [one] the one commodity
   *[other] the { $read } commodities
} read by destination
brief-card-contribution = Canada’s contribution
tbl-brief-arrangements-title = Arrangements with Canada.
tbl-brief-arrangements-caption = Newest first. Dates are those of signing or launch, where they are published.
tbl-brief-commitments-title = What its members say they will work on.
tbl-brief-commitments-caption = In our words, in the order of the source.
fig-roles-title = It produces { $share } of the world’s { $mineral }.
fig-roles-title-alliance = Its members beside Canada produce { $share } of the world’s { $mineral }.
fig-roles-caption = Shares of published world totals, newest year, one stage for each mineral of Canada’s list; the eight largest.
fig-roles-alt = Bar chart of shares of world output by mineral: { $list }.
fig-goods-title = Canada’s leading export to it: { $commodity }.
fig-goods-caption = Domestic exports (no re-exports) in { $year } of the { $read } { $read ->
    [one] commodity
   *[other] commodities
} read by destination.
fig-goods-alt = Bar chart of domestic exports by commodity in { $year }: { $list }.
fig-supplied-title = Canada supplies { $share } of its imports of { $mineral }.
fig-supplied-caption = Canada’s share of US imports, { $start } to { $end } together, main form of each mineral; the eight largest.
fig-supplied-alt = Bar chart of Canada’s share of US imports by mineral: { $list }.
brief-role-tops = It is among the three largest producers of { $minerals }.
brief-role-china = For comparison: China is the largest producer of { $count } of the { $all } { $all ->
    [one] mineral
   *[other] minerals
} of Canada’s list with figures by country.
brief-strategy = Its strategy in early 2020, as Canada’s task force described it: { $strategy }. Aim: { $aim }.
brief-areas = Areas of work: { $list }.
brief-round = { $round }, { $date }: { $measures } { $measures ->
    [one] measure
   *[other] measures
} for projects worth { $amount }, which is not public money.
brief-joint-money = { $recipient } receives { $amount } from the { $programme }.
brief-next-item = { $name } ({ $status }{ $known ->
        [yes] , { $date })
       *[no] )
    }
brief-next = Announced, launched or negotiated, with results still to come: { $list }.
brief-members-list = Beside Canada: { $places }.
brief-members-later = Joined later: { $places }.
brief-minerals-named = Minerals that they name: { $minerals }.

gap-partner-bilateral = No bilateral arrangement on critical minerals was found.
gap-partner-dates =
    { $count ->
        [one] One arrangement has no published date.
       *[other] { $count } arrangements have no published date.
    }
gap-partner-binding = No source says whether { $count ->
        [one] its arrangement binds
       *[other] any of its arrangements binds
    } in law.
gap-partner-minerals = No arrangement names the minerals it covers.
gap-partner-exports = Canada’s exports to it of critical minerals are not in the tables read.
gap-partner-imports = Canada’s imports from it by mineral are not in the tables read.
gap-partner-role = It is not named among the producers in the tables read.
gap-partner-money = No jointly funded project with a published amount was found.
gap-partner-next = No dated next step was found.
gap-partner-members = Its members are not named in the sources read.
gap-partner-commitments = No list of its commitments was found.

# The index
index-title = Briefs on critical minerals
index-subtitle = Two pages each on minerals of Canada’s list and on partners, on screen and for print
index-search = Search
index-search-hint = Name or symbol
index-found =
    { $count ->
        [one] { $count } brief shown
       *[other] { $count } briefs shown
    }
index-minerals = Minerals
index-countries = Partner countries and blocs
index-alliances = Alliances and forums
index-pdf = PDF
index-chart-both = Largest producer { $top }, Canada { $canada }
index-chart-top = Largest producer { $top }, no figure for Canada
index-chart-none = World production by country is not in the tables of this report
index-chart-partner =
    { $count ->
        [one] { $count } arrangement or group
       *[other] { $count } arrangements and groups
    }
index-legend = Bars: shares of world output, the largest producer’s above Canada’s.
index-other-language = Version française
index-all = All briefs
index-print = For print (PDF)
