# US net import reliance, recomputed from its published parts.

reliance-outcome-agrees = agrees
reliance-outcome-agrees-after-rounding = agrees after rounding
reliance-outcome-differs = differs
reliance-outcome-not-recomputable = cannot be recomputed
reliance-basis-parts = all parts
reliance-basis-consumption = published consumption
reliance-basis-none = nothing

tbl-us-reliance-recomputed-title = US net import reliance: published, and recomputed from its parts.
tbl-us-reliance-recomputed-caption = { $year }, estimates of the publisher; minerals of the Canadian list for which reliance can be computed. Net imports are imports less exports plus what was drawn from stocks; consumption is production, scrap included, plus net imports; in tonnes. For { $stand-in } of { $count } { $count ->
    [one] row
   *[other] rows
} one part is not published, and the publisher’s own consumption stands in for it. “Agrees after rounding” means that the rounding of the printed parts allows the published figure. Not shown: what the United States exports on balance, printed E (forms of { $exporters }), and what cannot be computed, since too much is withheld or not published (forms of { $without }).
tbl-us-reliance-recomputed-caption-none = The parts of US net import reliance were not yet public on this day.
