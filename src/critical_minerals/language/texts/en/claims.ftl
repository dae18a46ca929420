# Claims: published figures put to the test.

claims-not-yet = The figures to recompute it with were not public on the report’s day
claims-found = { $figure } ({ $difference })
claims-found-relative = { $figure } ({ $difference }, { $relative })
claims-finding-agrees = agrees
claims-finding-agrees-after-rounding = agrees after rounding
claims-finding-differs = differs by { $difference }
claims-finding-not-recomputable = cannot be recomputed
claims-points = { $number } points
claims-document = { $publisher }, { $year }

outcome-agrees = Agrees
outcome-agrees-after-rounding = Agrees after rounding
outcome-differs = Differs
outcome-not-recomputable = Cannot be recomputed

claim-topic-funding = Funding
claim-topic-projects = Projects
claim-topic-economy = Economy
claim-topic-exploration = Exploration
claim-topic-trade = Trade
claim-topic-supply = Supply
claim-topic-partnerships = Partnerships

# Figure: outcomes by topic
fig-claims-title = Of { $count } published claims, { $agreeing } agree with the figures behind them, { $differ } differ and { $open } cannot be recomputed.
fig-claims-title-none = No claim that can be put to the test was public on the report’s day.
fig-claims-caption = One mark a claim, by topic. A claim agrees after rounding where its own rounding, or that of the figures it was held against, accounts for the gap. “About” allows 5% on either side, “nearly” 10% below, “up to” 5% below, “more than” anything above. A claim cannot be recomputed where the documents read here lack its parts, which may exist elsewhere.
fig-claims-alt = Rows of marks, one mark a claim and one row a topic, in four kinds. { $rows } In all, { $agrees } agree, { $rounded } agree after rounding, { $differ } differ and { $open } cannot be recomputed.
fig-claims-alt-row = { $topic }: { $count } in all, { $differ } differing, { $open } not recomputable.
fig-claims-alt-none = An empty chart: no claim was public on the report’s day.

# Tables
tbl-claims-differ-title = Published figures that differ from what other public figures make of them.
tbl-claims-differ-caption = Differences are recomputed less published, and in brackets their part of the published figure. A difference is no proof of an error: the reasons are this report’s reading, and later states, other definitions or missing parts explain most.
tbl-claims-missing-title = Published figures that cannot be recomputed, and what that would take.
tbl-claims-missing-caption = “Missing” means missing from the documents that this report has read.
tbl-claims-title = Every published claim that was checked.
tbl-claims-caption = { $count } claims in the words of this report, each with the document that makes it. The notebook on claims shows every recomputation.
tbl-claims-caption-none = No claim was public on the report’s day.

# Columns

column-claimed = Statement
column-outcome = Outcome
column-stated = Published
column-found = Recomputed (difference)
