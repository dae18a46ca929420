# Claims: published figures put to the test.

claims-not-yet = The figures to recompute it with were not public on the report’s day
claims-found = { $figure } ({ $difference })
claims-found-relative = { $figure } ({ $difference }, { $relative })
claims-finding-agrees = agrees
claims-finding-agrees-after-rounding = agrees after rounding
claims-finding-revised-since = revised since, by { $difference }
claims-finding-measures-something-else = measures something else
claims-finding-unexplained = differs by { $difference }, unexplained
claims-finding-not-recomputable = cannot be recomputed
claims-document = { $publisher }, { $year }

outcome-agrees = Agrees
outcome-agrees-after-rounding = Agrees after rounding
outcome-revised-since = Revised since
outcome-measures-something-else = Measures something else
outcome-unexplained = Unexplained
outcome-not-recomputable = Cannot be recomputed

claim-topic-funding = Funding
claim-topic-projects = Projects
claim-topic-economy = Economy
claim-topic-exploration = Exploration
claim-topic-trade = Trade
claim-topic-supply = Supply
claim-topic-partnerships = Partnerships

# Figure: outcomes by topic
fig-claims-title = Of { $count } { $count ->
    [one] published claim
   *[other] published claims
}, { $agreeing ->
    [one] { $agreeing } agrees
   *[other] { $agreeing } agree
} with the figures behind { $count ->
    [one] it
   *[other] them
}; { $unexplained } { $unexplained ->
    [one] difference is
   *[other] differences are
} unexplained.
fig-claims-title-none = No claim that can be put to the test was public on the report’s day.
fig-claims-caption = One mark a claim, by topic. A claim agrees after rounding where its own rounding, or that of the figures it was held against, accounts for the gap. “About” allows 5% on either side, “nearly” 10% below, “up to” 5% below, “more than” anything above. “Revised since” means that a later state of the same figure is another; “measures something else”, that only another year, a part or another definition could be found to hold the claim against, which neither confirms nor contradicts it. A claim cannot be recomputed where the documents read here lack its parts, which may exist elsewhere.
fig-claims-alt = Rows of marks, one mark a claim and one row a topic, one shape an outcome. { $rows } In all: agreeing, { $agrees }; after rounding, { $rounded }; revised since, { $revised }; measuring something else, { $other }; unexplained, { $unexplained }; not recomputable, { $open }.
# $open (Number) - alike: no noun; $unexplained (Number) - alike: likewise
fig-claims-alt-row = { $topic }: { $count } in all, { $unexplained } unexplained, { $open } not recomputable.
fig-claims-alt-none = An empty chart: no claim was public on the report’s day.

# Tables
tbl-claims-differ-title = Published figures that do not agree with what could be held against them, and what explains it.
tbl-claims-differ-caption = Unexplained differences first, then revisions, then what measures something else. Differences are recomputed less published, and in brackets their part of the published figure; between figures of different things there is none. What explains a difference is this report’s reading, and no difference proves an error.
tbl-claims-missing-title = Published figures that cannot be recomputed, and what that would take.
tbl-claims-missing-caption = “Missing” means missing from the documents that this report has read.
tbl-claims-title = Every published claim that was checked.
tbl-claims-caption = { $count } { $count ->
    [one] claim in the words of this report, with the document that makes it
   *[other] claims in the words of this report, each with the document that makes it
}. The notebook on claims shows every recomputation.
tbl-claims-caption-none = No claim was public on the report’s day.

# Columns

column-claimed = Statement
column-outcome = Outcome
column-stated = Published
column-found = Recomputed (difference)
