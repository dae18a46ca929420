# Trade: exports, imports and production in Canada.

### No counts: $last (String), $previous (String), $year (String)

chart-nothing-public = No figure of this chart was public on this day.
figure-not-public = not yet public
figure-caption-none = Nothing of this was public on this day.
figure-alt-none = No chart: no figure was public on this day.

exports-merchandise-total = All merchandise
exports-minerals-and-metals = Minerals and metals
exports-metals = Metals
exports-non-metals = Non-metals
exports-coal = Coal
exports-other-exports = Other goods
exports-domestic-minerals-and-metals = All minerals and metals (parts not given)

flow-export = Exports
flow-import = Imports
series-national = Canadian statistics
series-usgs = U.S. Geological Survey
series-industry = Industry association

axis-trade-billions = Exports, billions { $currency }
axis-trade-millions-log = Millions { $currency }, each grid line ten times the one before
trade-panel-no-destinations = Without destinations in the table read

tooltip-trade-year = Year
tooltip-trade-category = Category
tooltip-trade-amount = Value, billions { $dollars }
tooltip-trade-millions = Value, millions { $dollars }
tooltip-trade-destination = Destination
tooltip-trade-mineral = Mineral
tooltip-trade-flow = Flow
tooltip-trade-quantity = Quantity

column-commodity = Commodity
column-series = Series

fig-mineral-exports-title =
    { $direction ->
        [down] Mineral and metal exports slipped to { $latest } in { $year }, from { $previous } a year before.
        [up] Mineral and metal exports rose to { $latest } in { $year }, from { $previous } a year before.
        [level] Mineral and metal exports came to { $latest } in { $year }, as in the year before.
       *[none] Mineral and metal exports came to { $latest } in { $year }.
    }
fig-mineral-exports-title-none = Exports of minerals and metals by part were not yet public on this day.
fig-mineral-exports-caption = Canada’s exports of minerals and metals at all stages, from ores to semi-fabricated goods, in billions { $currency }, at current prices. The publisher rounds to one decimal. The grey bar is a year for which only the total of domestic exports was read, without its parts. Gold and other minerals that are not on the critical list are included.
fig-mineral-exports-alt = Stacked bar chart with one bar a year, { $bars } { $bars ->
    [one] year
   *[other] years
} in all. In { $year }: metals { $metals }, non-metals { $non-metals } and coal { $coal }, together { $latest }, which is { $share } of all merchandise exports.

fig-exports-partners-title =
    { $listed ->
        [uschina] The United States took { $us-share }, and China { $china-share }, of the exports shown by destination in { $year }.
        [us] The United States took { $us-share } of the exports shown by destination in { $year }.
        [china] China took { $china-share } of the exports shown by destination in { $year }.
       *[neither] Exports of { $year } by destination, groups of goods: { $panels }.
    }
fig-exports-partners-title-none = Domestic exports by destination were not yet public on this day.
fig-exports-partners-caption = Domestic exports (no re-exports) in billions { $currency }, at current prices, with each destination’s share of its commodity in brackets. Five largest destinations; all others together in grey. Radioactive elements include medical isotopes, not only uranium; iron ore is not split by purity. The panel without destinations holds headings for which the table read gives totals only.
fig-exports-partners-alt = Small bar charts of the five largest destinations, commodities: { $panels }. The largest is { $first } with { $first-value }; main destination: { $first-partner }, { $first-share }. The United States leads in { $us-leads ->
    [0] none
   *[other] { $us-leads }
} of them, China in { $china-leads ->
    [0] none
   *[other] { $china-leads }
}.

fig-trade-balance-title = { $count ->
    [one] Of the one mineral
   *[other] Of the { $count } minerals
} that can be compared, Canada imports more than it exports of { $deficits ->
    [0] none
   *[other] { $list }
}.
fig-trade-balance-title-none = Trade by mineral was not yet public on this day.
fig-trade-balance-caption = Total exports, re-exports included, and imports, added up over { $months } { $months ->
    [one] month
   *[other] months
}, { $first } to { $last }: not a year. The scale is logarithmic. A mineral is compared where both directions were read under the same six-digit codes and these cover what is traded of it. Read in part, and left out: { $left }.
fig-trade-balance-alt = Dot chart on a logarithmic scale with exports as circles and imports as squares for { $count } { $count ->
    [one] mineral
   *[other] minerals
}. Exports are largest for { $largest }, at { $largest-value }; imports are largest for { $largest-import }, at { $largest-import-value }. Imports exceed exports for { $deficits ->
    [0] none
   *[other] { $list }
}.

fig-production-title =
    { $count ->
        [one] Between { $first } and { $last }, output of the one Canadian product with figures for both years { $up ->
            [one] rose.
           *[other] { $down ->
                [one] fell.
               *[other] stayed level.
            }
        }
       *[other] Between { $first } and { $last }, output rose for { $up ->
            [0] none
           *[other] { $up }
        } of the { $count } Canadian products with figures for both years and fell for { $down ->
            [0] none
           *[other] { $down }
        }.
    }
fig-production-title-none = Production by mineral was not yet public on this day.
fig-production-caption = Small charts: production in Canada as the U.S. Geological Survey gives it, each year from the newest release; outlined bars are the publisher’s estimates, and each chart has its own scale. The line, where shown, is Canadian statistics of recoverable copper, which count differently from the Survey’s. Minerals of interest come first; commodities with no output are left out, and the title compares only those with figures for both years.
fig-production-alt = Small bar charts for { $first } to { $last }, commodities: { $shown }. Of the { $count } with figures for both years, output rose for { $up }, fell for { $down } and stayed level for { $level }.{ $changes }
fig-production-alt-change = {" "}From { $first } to { $last } tonnes: { $name }.
