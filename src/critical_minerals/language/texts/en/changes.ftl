# What changed: page, section of the report, names of figures and tables.

### No counts: $file (String)

changes-title = What changed
changes-subtitle = From { $before } to { $after }
changes-side-release = the release { $name } (figures of { $day })
changes-side-run = the run of { $name } (figures of { $day })
changes-side-day = the figures of { $day }
changes-table-title = { $kind }: { $counted }
changes-same = No figure changed.
changes-parameters = The two were made with other parameters: { $list }.

changes-section-summary = In short
changes-section-largest = The largest changes
changes-section-values = Published figures
changes-section-rows = Rows of the tables
changes-section-claims = Published claims
changes-section-charts = Charts and tables of the report
changes-section-sources = Sources
changes-section-reading = How to read this page

changes-kind-value = Published figures
changes-kind-row = Rows of tables
changes-kind-claim = Published claims
changes-kind-chart = Charts
changes-kind-table = Tables of the report
changes-kind-source = Sources
changes-what-revised = Changed
changes-what-removed = Gone
changes-what-added = New
changes-tier-large = large
changes-tier-moderate = moderate
changes-tier-small = small
changes-why-correction = correction
changes-why-revision = revision
changes-why-edited-in-place = edited in place
changes-why-new-source = new source
changes-why-new-row = new figure
changes-why-row-removed = figure gone
changes-why-method = method

changes-reading-size = A change is large from { $large } of the earlier figure, moderate from { $moderate }, and small below. What is new or gone is large. Words have no size and count as moderate; years and dates as small.
changes-reading-why-revision = Revision: a figure that was known before was published anew.
changes-reading-why-edited-in-place = Edited in place: a figure was typed over, without a row and a day of its own. Reports of earlier days change too; other rows may still state the figure of before.
changes-reading-why-new-source = New source: the figure rests on a document that was not used before.
changes-reading-why-new-row = New figure: a document that was used before now gives it.
changes-reading-why-row-removed = Figure gone: it is no longer published, or no longer used.
changes-reading-why-correction = Correction: an error of a source was put right here, with evidence.
changes-reading-why-method = Method: the same figures, but another computation, choice or parameter.
changes-reading-main = Where several reasons apply, the most frequent is given.

changes-column-kind = Kind
changes-column-figure = Figure
changes-column-then = Before
changes-column-now = Now
changes-column-change = Change
changes-column-why = Why
changes-column-size = Size
changes-column-chart = Title now
changes-new = new
changes-gone = gone
changes-section-of = A figure in “{ $heading }”
changes-cell = { $row }: { $column }
changes-why-source = { $why }: { $source }
changes-why-sources = { $why } ({ $count } { $count ->
    [one] document
   *[other] documents
})
changes-why-still = { $why }; the figure of before still stands in { $rows }
changes-still-row = { $file } row { $row } ({ $value })
changes-source-named = { $publisher }, { $year }
changes-list-revised =
    { $count ->
        [one] One changed
       *[other] { $count } changed
    }
changes-list-removed =
    { $count ->
        [one] One is gone
       *[other] { $count } are gone
    }
changes-list-added =
    { $count ->
        [one] One is new
       *[other] { $count } are new
    }
changes-list-more =
    { $count ->
        [one] One more row is not shown here.
       *[other] { $count } more rows are not shown here.
    }
# $revised (Number) - alike: no noun, $added (Number) - alike: no noun, $removed (Number) - alike: no noun
changes-table-counts = { $revised } changed, { $added } new, { $removed } gone
changes-number = { $count }
changes-redrawn = same title, other data

changes-none-before = This is the first release: there are no figures of an earlier day to compare with.
changes-none = Nothing has changed since the release that holds the figures of { $day }.
changes-intro = The last release holds the figures that were public on { $day }. { $used ->
        [one] Of the { $used } figure or name that the text of this report states
       *[other] Of the { $used } figures and names that the text of this report states
    }, { $revised ->
        [0] none has
        [one] one has
       *[other] { $revised } have
    } changed since, and { $added ->
        [0] none is new
        [one] one is new
       *[other] { $added } are new
    }. In the tables behind them, { $rowsadded ->
        [0] no row is
        [one] one row is
       *[other] { $rowsadded } rows are
    } new, { $rowsrevised ->
        [0] none was
        [one] one was
       *[other] { $rowsrevised } were
    } changed and { $rowsremoved ->
        [0] none is
        [one] one is
       *[other] { $rowsremoved } are
    } gone. { $sources ->
        [0] No source document is new.
        [one] One source document is new.
       *[other] There are { $sources } new source documents.
    }
changes-all = All changes, with their reasons
tbl-changes-title = What changed most since { $day }.
tbl-changes-caption = Figures of the text, the largest changes first; those that are new come last. The change is relative to the earlier figure; that of a percentage is in points.
tbl-changes-caption-rows = Figures of the text, the largest changes first, then rows of the tables. The change is relative to the earlier figure; that of a percentage is in points.

# Names of figures that the text states, where neither their raw row nor its program names them.
named-rates-first-year = First year with an exchange rate
named-rates-last-year = Newest year with an exchange rate
named-currency = Currency of the amounts
named-awards-count = Federal awards with a published amount
named-awards-total = Federal awards with a published amount, in total
named-awards-conditional-count = Federal awards that are conditional
named-awards-ceilings-count = Federal awards that state a ceiling
named-awards-loans-total = Federal awards: loans
named-awards-equity-total = Federal awards: equity
named-awards-forms = Federal awards by form of the money
named-awards-conditional-total = Federal awards under conditions
named-awards-unofficial-total = Federal awards told by the press or to be confirmed
named-awards-unofficial-share = Share of the awarded money told by the press or to be confirmed
named-mpo-projects = Projects of all sectors on the list of the Major Projects Office
named-cmif-envelope = Critical Minerals Infrastructure Fund: whole fund
named-flmf-envelope = First and Last Mile Fund: whole fund
named-cmsf-envelope = Critical Minerals Sovereign Fund: whole fund
named-gpi-listed-count = Global Partnerships Initiative: projects that its page describes
named-gpi-listed-total = Global Partnerships Initiative: worth of the projects that its page describes
named-government-offtakes = Offtake agreements of the federal government
named-mineral-exports-total = Exports of minerals and metals
named-mineral-exports-share = Minerals and metals among all merchandise exports
named-mineral-exports-change = Change in mineral and metal exports, recomputed
named-exports-parted-count = Commodities whose destinations are known
named-exports-to-us-share = Exports of these commodities that go to the United States
named-exports-to-china-share = Exports of these commodities that go to China
named-exports-aluminum-us-share = Aluminum exports that go to the United States
named-exports-potash-us-share = Potash exports that go to the United States
named-exports-copper-ores-top-share = Copper ore exports that go to the largest buyer
named-trade-months = Months over which trade is compared
named-production-count = Canadian products compared
named-production-up-count = Canadian products with a higher output than in the first year
named-production-lithium = Canadian lithium output
named-production-lithium-change = Growth of Canadian lithium output
named-copper-output-first = Canadian copper output, first year of the series
named-copper-output-low = Canadian copper output, lowest year
named-copper-output-last = Canadian copper output, last year
named-partnerships-count = Arrangements listed
named-partnerships-recent = Arrangements of this year and the year before
named-partnerships-bilateral-partners = Partners with a bilateral arrangement
named-production-round-1-measures = Production Alliance, first round: measures
named-production-round-1-amount = Production Alliance, first round: worth
named-production-round-2-measures = Production Alliance, second round: measures
named-production-round-2-amount = Production Alliance, second round: worth
named-rise-amount = Contribution to the RISE Partnership of the World Bank
named-forum-amount = Contribution to the Intergovernmental Forum on mining
named-forum-members = Members of the Intergovernmental Forum on mining
named-ally-strategies-count = Allies whose strategies are recalled
named-alliance-commitments = Points of the Sustainable Critical Minerals Alliance
named-list-added-count = Minerals added to the Canadian list
named-list-shared-with-us = Minerals on both the Canadian and the US list
named-ree-china-steps = Steps of the rare-earth chain that China masters
named-exploration-spending = Exploration spending
named-exploration-spending-first = Exploration spending, first year of the series
named-exploration-first-estimate = Exploration spending, first estimate of a later revised year
named-exploration-revised = Exploration spending, that year as revised
named-criticism-jcap-companies = Companies linked to violence in Latin America, by one study
named-criticism-jcap-deaths = Deaths, by the same study
named-criticism-amazon-nations = Indigenous nations of the Amazon whose organizations made a demand
named-criticism-amazon-protection = Part of the Amazon that they want protected
named-sites-mines = Mines on the map
named-sites-mills = Mills on the map
named-sites-projects = Projects on the map
named-sites-referred = Projects referred to the Major Projects Office
named-claims-count = Published figures put to the test
named-claims-documents = Documents whose figures were put to the test
named-claims-agreeing = Published figures that agree
named-claims-rounded = Published figures that agree after rounding
named-claims-revised = Published figures revised since
named-claims-other-measure = Published figures that measure something else
named-claims-unexplained = Published figures with an unexplained difference
named-claims-not-recomputable = Published figures that cannot be recomputed
named-us-recomputed-published-count = US net import reliance: published rates
named-us-recomputed-count = US net import reliance: rates recomputed
named-us-recomputed-agree-count = US net import reliance: rates that agree
named-us-recomputed-rounded-count = US net import reliance: rates that agree after rounding
named-us-recomputed-differ-count = US net import reliance: rates that differ
named-us-recomputed-not-count = US net import reliance: rates that cannot be recomputed
named-first-estimates-first-year = Years of first estimates of world output: first
named-first-estimates-last-year = Years of first estimates of world output: last
named-first-estimates-world-count = World totals first estimated and revised since
named-first-estimates-world-near-count = World totals whose first estimate was within a twentieth
named-first-estimates-canada-count = Canada’s output: figures first estimated and revised since
named-first-estimates-canada-near-count = Canada’s output: first estimates within a twentieth
named-alliance-launch = Launch of the Sustainable Critical Minerals Alliance
named-alliance-other-members = Members of the Sustainable Critical Minerals Alliance beside Canada
named-domestic-exports-year = Year of the exports by destination
named-government-offtake-minerals = Minerals of the federal government’s offtake agreements
named-list-changes = Changes to the Canadian list
named-partnerships-bilateral-partner-names = Partners with a bilateral arrangement, by name
named-partnerships-recent-kinds = Arrangements of this year and the year before, by kind
named-partnerships-recent-since = First year of the recent arrangements
named-priority-minerals = Minerals to which the Strategy gave first priority
named-production-first-year = Canadian products compared: first year
named-production-last-year = Canadian products compared: last year
named-ree-canada-openings = Steps of the rare-earth chain where sources see potential in Canada
named-ree-canada-since = Steps of the rare-earth chain that Canada has added
named-ree-chain-year = Year of the account of the rare-earth chain
named-trade-deficit-minerals = Minerals of which Canada bought more than it sold
named-us-action-plan-date = Day of the Canada–U.S. Joint Action Plan
named-us-recomputed-differ-minerals = US net import reliance: minerals whose rates differ
named-us-recomputed-first-year = US net import reliance: first year recomputed
named-us-recomputed-year = US net import reliance: last year recomputed
named-claim-cmrdd-federal-projects-stated = Federal research projects: as published
named-claim-cmrdd-federal-projects-found = Federal research projects: recomputed
named-claim-strategy-2022-stated = Support for the Strategy in Budget 2022: as published
named-claim-strategy-2022-found = Support for the Strategy in Budget 2022: recomputed
named-claim-traceability-ceiling-stated = Ceiling of a traceability grant: as published
named-claim-traceability-ceiling-found = Ceiling of a traceability grant: recomputed
named-claim-gpi-projects-stated = Projects of the Global Partnerships Initiative: as published
named-claim-gpi-projects-found = Projects of the Global Partnerships Initiative: recomputed
named-claim-exploration-2021-stated = Exploration spending of 2021: as published
named-claim-exploration-2021-found = Exploration spending of 2021: recomputed
named-claim-exports-change-2023-stated = Change in mineral and metal exports, 2023: as published
named-claim-exports-change-2023-found = Change in mineral and metal exports, 2023: recomputed
named-claim-headquartered-companies-stated = Mining companies with headquarters in Canada: as published
named-claim-headquartered-companies-found = Mining companies with headquarters in Canada: recomputed
named-claim-first-estimate-nickel-stated = Canada’s nickel output in 2024, first estimate: as published
named-claim-first-estimate-nickel-found = Canada’s nickel output in 2024, first estimate: recomputed

# Names of the processed tables.
table-named-mineral-lists = Minerals and lists
table-named-exchange-rates = Exchange rates
table-named-sources = Source documents
table-named-funding-envelopes = Money made available
table-named-programme-funding = Programs and their money
table-named-funding-awards = Funded projects
table-named-funding-makeup = What federal awards consist of
table-named-bills = Changes to Acts
table-named-funding-over-time = Federal awards over time
table-named-funding-by-mineral = Federal awards by mineral
table-named-funding-by-province = Federal awards by province and territory
table-named-programme-results = Results of programs
table-named-funding-limits = Ceilings of programs
table-named-tax-measures = Tax measures
table-named-mineral-exports = Mineral and metal exports
table-named-domestic-exports = Domestic exports
table-named-merchandise-trade = Trade by commodity
table-named-trade-by-mineral = Trade by mineral
table-named-production = Production in Canada
table-named-world-production = World production
table-named-first-estimates = First estimates of production and their revision
table-named-reserves = Reserves
table-named-supply-concentration = Concentration of world supply
table-named-china-shares = China’s shares
table-named-us-import-reliance = US net import reliance
table-named-us-import-sources = Sources of US imports
table-named-us-reliance-and-canada = US reliance and Canadian supply
table-named-us-supply-demand = US supply and demand
table-named-partnerships = Partnerships
table-named-partnership-members = Members of partnerships
table-named-partnership-matrix = Shared arrangements by country
table-named-partnership-commitments = Commitments
table-named-ally-strategies = Allies’ strategies
table-named-engagement = Engagement
table-named-criticism = Criticism
table-named-indicators = Headline indicators
table-named-exploration = Exploration spending
table-named-major-projects = Major projects
table-named-sites = Mines and projects
table-named-planned-output = Planned output
table-named-rare-earth-chain = Rare-earth value chain
table-named-claims = Published claims, checked
table-named-mineral-uses = Uses of minerals
