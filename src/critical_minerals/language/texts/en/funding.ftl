# Funding: texts of figures, tables and values.

### No counts: $day (String), $total (String), $first (String), $second (String), $leaders (String), $first-amount (String), $amount (String), $unofficial (String), $inner (String), $outer (String), $committed (String), $unit (String)

column-result = Result
column-sharing = Named
column-money-form = Form
column-awards = Awards
column-known-since = Public since
column-funding-group = Program or body
column-reported-value = Figure

jurisdiction-federal = federal
jurisdiction-provincial = provincial
jurisdiction-international = international
jurisdiction-joint = federal and provincial
jurisdiction-foreign = foreign
jurisdiction-not-stated = not stated
envelope-role-total = whole program
envelope-role-part = part
envelope-role-addition = addition
envelope-role-package = package of programs
sharing-alone = not shared
sharing-shared = shared with others, full amount under each
sharing-conditional = under conditions
sharing-not-named = not named
condition-firm = firm
condition-conditional = under conditions
money-form-loan = loans
money-form-equity = equity
money-form-contribution = contributions and grants
money-form-not-stated = form not stated
committed-basis-published = a published total
committed-basis-awards = the awards listed here
instrument-contribution = contribution
instrument-grant = grant
instrument-loan = loan
instrument-equity = equity
instrument-letter-of-interest = letter of interest
instrument-offtake = offtake
instrument-not-stated = not stated
award-status-announced = announced
award-status-conditional = conditional
award-status-contracted = contracted
award-status-letter-of-interest = letter of interest
award-status-withdrawn = withdrawn
award-status-ended = ended
funding-group-lenders = Federal lenders (CIB, EDC)
funding-group-cgf = Canada Growth Fund
funding-group-sif-srf = Strategic Innovation Fund
funding-group-cmif = Infrastructure Fund
funding-group-pdac-2026 = March 2026 package
funding-group-cmpa = Production Alliance
funding-group-other = All others

axis-millions = Millions { $currency }
chart-envelopes-large = The largest envelopes
chart-envelopes-small = All other envelopes, on a larger scale
chart-envelopes-money = Money
chart-envelopes-known = { $envelope } · { $committed } committed
chart-envelopes-unknown = { $envelope } · commitments not published
chart-no-mineral = No mineral named
chart-no-province = No province named
chart-awards =
    { $count ->
        [one] { $amount } · { $count } award
       *[other] { $amount } · { $count } awards
    }
# $number (Number) - alike: million and billion have no plural behind a number
chart-billion = { $sign }{ $number } billion
# $number (Number) - alike: million and billion have no plural behind a number
chart-million = { $sign }{ $number } million
chart-band = { $name }: { $amount }

fig-envelopes-title =
    { $count ->
        [one] One program has a published envelope, { $amount } ({ $largest }); { $known ->
            [0] what is committed of it is not published.
           *[other] what is committed of it is published too.
        }
       *[other] { $tied ->
            [one] Largest envelope: { $largest }, { $amount }
           *[other] Largest envelope: { $amount } for each of { $tied } programs
        }; commitments are published for { $known ->
            [0] none
           *[other] { $known }
        } of { $count } programs.
    }
fig-envelopes-title-none = By { $day } no program had a published envelope.
fig-envelopes-caption = Broad bars: federal money made available. Narrow bars in them: what is known to be committed, from a published total or the awards in this report, whichever is larger; awards may also draw on money that is not in the envelope. The two panels have different scales. One sum of money stands here once: packages, streams within a fund and second names of the same money are left out. { $overlap }
fig-envelopes-overlap = The First and Last Mile Fund takes in what is left of the Critical Minerals Infrastructure Fund, so these two bars must not be added.
fig-envelopes-alt = Bar chart in two panels, federal programs: { $count }. The largest envelopes: { $top }. The smallest: { $smallest }, { $smallest-amount }. { $known ->
    [0] Commitments are known for none of them.
    [one] Commitments are known for one of them: { $most }, { $most-amount }.
   *[other] Commitments are known for { $known } of them; the largest is { $most }, with { $most-amount }.
}

fig-awards-cumulative-title =
    { $count ->
        [one] One federal award worth { $total } was public by { $day }.
       *[other] { $count } federal awards were public by { $day }, { $total } in all; { $hanging ->
            [0] none of it is under conditions.
           *[other] { $conditional } of it is under conditions.
        }
    }
fig-awards-cumulative-caption = Each award stands on the day of its announcement or, where only a month, a year or no date is stated ({ $undated } { $undated ->
    [one] award
   *[other] awards
}), on the first day on which it was public. Loans and equity of federal lenders and investors are included; letters of interest, provincial money, foreign money and packages shared with a province are not. Amounts stated as ceilings account for { $ceilings } of the total. What was stated in another currency is converted at the annual average rate.
fig-awards-cumulative-alt = Stacked step chart of federal awards from { $start } to { $day }, rising to { $total }. By then: { $parts }.
fig-awards-makeup-title = Federal awards come to { $total } in all; { $tied ->
    [one] the largest part:
   *[other] the largest parts:
} { $largest }.
fig-awards-makeup-caption = Loans are to be paid back and equity keeps a value; contributions and grants are spent. An award under conditions may never be paid. Of all this money, { $unofficial } is known from the press or from sources still to be confirmed, { $share } of the total.
fig-awards-makeup-alt = Bar chart of federal awards by form of the money: { $forms }. Under conditions, of all of them: { $conditional }.
fig-awards-cumulative-none = No federal award was public by { $day }.

fig-funding-minerals-title = Among firm and confirmed federal awards, { $first } leads with { $first-amount }; { $second } follows with { $second-amount }.
fig-funding-minerals-title-tied = Among firm and confirmed federal awards, { $leaders } lead with { $amount } each.
fig-funding-minerals-title-one = Among firm and confirmed federal awards, { $first } alone is named, with { $amount }.
fig-funding-minerals-title-none = By { $day } no firm and confirmed federal award named a mineral.
fig-funding-minerals-caption = Federal awards by the minerals that their sources name. An award for several minerals cannot be divided: it stands in full under each, so bars must not be added. Awards under conditions have a colour of their own; the title leaves them out, and with them what only a source to be confirmed tells. Single large loans weigh heavily.
fig-funding-minerals-alt = Bar chart of federal awards by mineral, minerals named: { $count }. The largest: { $top }. Awards whose sources name no mineral come to { $unnamed }.

fig-funding-provinces-title = { $first } { $leaders ->
    [one] leads with { $first-amount }
   *[other] lead with { $first-amount } each
 } in firm and confirmed federal awards; { $nothing ->
    [yes] every award names its province.
   *[no] of all awards, sources name no province for { $unnamed }.
 }
fig-funding-provinces-title-none = By { $day } no firm and confirmed federal award named a province.
fig-funding-provinces-caption = Federal awards by the place of the project, as far as it is stated. Awards to international organizations name none. An award in two provinces stands in full under each. Awards under conditions have a colour of their own.
fig-funding-provinces-alt = Bar chart of federal awards by place, provinces and territories named: { $count }. In order: { $top }. No province named: { $unnamed }.

fig-programme-results-title =
    { $tied ->
        [one] Largest number that a program reports: { $number } { $unit } ({ $leader }).
       *[other] { $tied } programs report the largest number: { $number } each.
    }
fig-programme-results-title-none = No program had published counts of its projects by { $day }.
fig-programme-results-caption = One square stands for one project, initiative or investment, as the programs report them. Counts are not money: a square may be a grant of some thousands or a plant of hundreds of millions.{ $both ->
    [yes] {" "}The Global Partnerships Initiative reports { $gpi } { $gpi ->
        [one] project
       *[other] projects
    }, its web page describes { $gpi-listed }.
   *[no] {""}
}
fig-programme-results-alt = Rows of squares, one square for each project, for { $count } { $count ->
    [one] count
   *[other] counts
} reported by programs. In order: { $list }.

fig-programme-results-item = { $name }, { $result }: { $number }

tbl-programmes-title = What each program may spend and what is known to be committed.
tbl-programmes-caption = Many envelopes are ceilings, many commitments floors. Rows must not be added where money lies within another row: { $within }.
tbl-programmes-within = { $inner } within { $outer }
tbl-programmes-overlap = what is left of { $outer } within { $inner }
tbl-gpi-projects-title = Projects of the Global Partnerships Initiative.
tbl-gpi-projects-caption =
    { $count ->
        [0] No project of its web page was public yet.
        [one] The project that its web page describes. The page is undated.
       *[other] The { $count } projects that its web page describes, { $total } together. The page is undated.
    }{ $adds ->
        [0] {""}
       *[other] {" "}The United States adds { $us } to the Fortune Minerals project.
    }

tbl-exchange-rates-title = Exchange rates that serve here, yearly averages.
tbl-exchange-rates-caption = An amount takes the rate of the year in which it was stated. A year that has none yet takes that of the newest year before it, and a year before the first that of the first.
