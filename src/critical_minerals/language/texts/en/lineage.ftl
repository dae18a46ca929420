# Where every number is from: source notes, lines under figures, marks.

### No counts: $value (String)

# Marks of numbers: a word or two for those who hear the page.
mark-reported = not official
mark-estimated = with estimates or bounds
mark-revised = revised, was { $old }
reliability-republished-all = From official figures that were read in a copy.
reliability-republished-part = In part from official figures that were read in a copy ({ $count } of { $rows } { $rows ->
    [one] row
   *[other] rows
}).
reliability-reported-all = From reported sources.
reliability-reported-part = In part from reported sources ({ $count } of { $rows } { $rows ->
    [one] row
   *[other] rows
}).
reliability-secondary-all = From sources still to be confirmed.
reliability-secondary-part = In part from sources still to be confirmed ({ $count } of { $rows } { $rows ->
    [one] row
   *[other] rows
}).
reliability-includes = Includes { $kinds }.
reliability-estimated = estimates
reliability-preliminary = preliminary figures
reliability-bounded = bounds (such as “up to” or “about”)
reliability-withheld = withheld figures
reliability-corrected =
    { $count ->
        [one] One row corrected on the evidence of another document.
       *[other] { $count } rows corrected on the evidence of another document.
    }
reliability-revised = Revised: { $now }; the last release had { $old }.

# Where rows stand.
lineage-rows-many = { $count } { $count ->
    [one] row
   *[other] rows
} between { $first } and { $last }
lineage-rows-inside =
    { $count ->
        [one] one row of its files
       *[other] { $count } rows of its files
    }
lineage-rows =
    { $count ->
        [one] row { $rows }
       *[other] rows { $rows }
    }
lineage-cell = notebook { $notebook }, cell { $cell }
lineage-public = public since { $date }
lineage-public-span = public since { $first } to { $last }
lineage-files =
    { $count ->
        [one] Raw rows:
       *[other] { $count } raw rows:
    }
lineage-tables = Data:
lineage-notebook = Made in:
lineage-sources =
    { $count ->
        [one] Source:
       *[other] Sources:
    }
lineage-in-fig = Figure
lineage-in-tbl = Table
lineage-in-update-fig = Figure { $number } of the update
lineage-in-update-tbl = Table { $number } of the update
lineage-more = Where it is from: files, notebook and raw rows

# Notes.
note-of = Where { $value } is from
note-numbered = Note { $number }
note-described =
    { $count ->
        [one] Source note { $number }: { $publisher }, { $year }
       *[other] Source note { $number }: { $publisher }, { $year }, and others
    }
note-in-annex = Note { $number } in the annex
note-close = Close
note-source =
    { $count ->
        [one] Source
       *[other] Sources
    }
# $count (Number) - from 2: where there are more than one
note-all-sources = All { $count } sources
note-place = place in the source
note-raw =
    { $count ->
        [one] Raw figure
       *[other] Raw figures
    }
note-table = Table
note-notebook = Notebook
note-script = Script that arrives at it
note-marks = Marks
note-remark = remark
note-used = Back to:
note-record = each row with its place, in lineage.json
note-listed = in the list of sources

# What was taken from each source.
sources-column-document = Document
sources-column-from = Publisher and date
sources-column-reliability = Standing and terms
sources-column-taken = What was taken
taken-figures =
    { $count ->
        [one] Figure
       *[other] Figures
    }
taken-tables =
    { $count ->
        [one] Table
       *[other] Tables
    }
taken-figures-update =
    { $count ->
        [one] Figure
       *[other] Figures
    }
taken-tables-update =
    { $count ->
        [one] Table
       *[other] Tables
    }
taken-notes =
    { $count ->
        [one] note
       *[other] notes
    }
taken-rows =
    { $count ->
        [one] one row
       *[other] { $count } rows
    }
taken-of-update = of the update
taken-words = words of the glossary
taken-cited = cited in the text

# Executed notebooks as pages.
notebook-title = Notebook { $name }
notebook-previous = Previous: { $name }
notebook-next = Next: { $name }
notebook-other-edition = Rapport en français
notebook-parameters = Parameters of this run
notebook-cell = Cell { $cell }
notebook-published = Published:
notebook-output = Output of cell { $cell }
