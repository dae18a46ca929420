# Words that every part of the report shares.

yes = yes
no = no
words = { $text }
as-of = Figures as of { $date }
year-old = { $year } (latest figure found)
figure-data = Data of this figure
figure-download = Download these rows (CSV)
table-workbook = All tables ({ $format })
figure-sources =
    { $count ->
        [one] Source:
       *[other] Sources:
    }
figure-sources-more =
    { $count ->
        [one] and one other publisher.
       *[other] and { $count } other publishers.
    }
# $count (Number) - from 2: where there are more than one
figure-sources-all = All { $count } sources
source-read-at = { $publisher }, read at { $place }
source-undated = undated

# How exact a published figure is.
precision-exact = exact
precision-rounded = rounded
precision-about = about
precision-nearly = nearly
precision-more-than = more than
precision-up-to = up to
precision-less-than = less than

# What keeps a statistical figure from being plain.
qualifier-withheld = withheld
qualifier-suppressed = suppressed for confidentiality
qualifier-not-available = not available
qualifier-net-exporter = net exporter
qualifier-more-than = more than
qualifier-less-than = less than
qualifier-range = range
qualifier-estimated = estimated
qualifier-preliminary = preliminary
qualifier-zero = zero

# Stages of the supply chain.
stage-mine = mine production
stage-smelter = smelter production
stage-refinery = refinery production
stage-plant = plant production
stage-primary = primary production
stage-all = all stages

# Labels of columns that several tables share.
column-mineral = Mineral
column-minerals = Minerals
column-country = Country
column-province = Province or territory
column-programme = Program
column-year = Year
column-share-pct = Share (%)

# The list of sources.
tier-official = official
tier-republished = official, read in a copy
tier-reported = reported
tier-secondary = to be confirmed
tier-own = this report’s own
tbl-sources-title = Documents that this report rests on.
tbl-sources-caption = { $count } { $count ->
    [one] document with its standing
   *[other] documents with their standing
}: official, official but read in a copy, reported by others, to be confirmed, or this report’s own.

# The glossary.
glossary-term = Term
glossary-symbol = Symbol or acronym
glossary-other-language = In French
glossary-meaning = What it is
glossary-group-base-metals = base metal
glossary-group-battery-metals = battery mineral
glossary-group-energy-minerals = energy mineral
glossary-group-gases = gas
glossary-group-industrial-minerals = industrial mineral
glossary-group-light-metals = light metal
glossary-group-precious-metals = precious metal
glossary-group-rare-earths = rare earths
glossary-group-specialty-metals = specialty metal
glossary-group-steel-metals = metal for steel
glossary-unit-currency = currency
glossary-unit-mass = unit of mass
glossary-unit-mass-rate = rate of mass
glossary-unit-volume = unit of volume
glossary-kind-body = organization, place or forum
glossary-kind-concept = measure or concept
glossary-kind-code = code or file format
glossary-kind-programme = program or lender
tbl-glossary-title = Words of this report.
tbl-glossary-caption = The { $minerals } { $minerals ->
    [one] mineral
   *[other] minerals
} of the Canadian list, { $units } { $units ->
    [one] unit of measure
   *[other] units of measure
} and { $acronyms } { $acronyms ->
    [one] acronym
   *[other] acronyms
}.

points = { $number } { $number ->
    [one] point
   *[other] points
}

# The workbooks of the tables.
workbook-cover = Cover
workbook-contents = Contents
workbook-notes = Notes
workbook-sources = Sources
workbook-about = Tables of the annex, each on a sheet of its own. The list of contents leads to them.
workbook-licence = Figures keep their publishers’ terms, which the sheet “Sources” lists.
workbook-note-empty = “–” means that the source gives no figure.
workbook-note-numbers = Numbers are not rounded beyond what the source states; cells may show fewer decimals than they hold. Words such as “about”, “up to” or “withheld” stand where a source states no plain number.
workbook-note-trail = Where each number is from, to the row of the raw table, is told by the annex and by lineage.json, beside this file.
workbook-column-sheet = Sheet
workbook-column-title = Title
workbook-column-publisher = Publisher
workbook-column-published = Published
workbook-column-tier = Standing
workbook-column-terms = Terms
workbook-column-address = Address

# The pages of the annex
contents-checks = Checks of the figures
contents-changes = Every change since the last release
contents-caption = Figures and tables of this annex, each with its page.
contents-name = Figure or table
contents-title = Shows
contents-page = Page
contents-fig = Figure { $number }
contents-tbl = Table { $number }
