# Why raw rows go into no table.
left-out-other-countries = Other countries; here only Canada counts. The world’s production has a table of its own.
left-out-no-claim = No claim is held against it; the notebook on supply shows it.
left-out-older-release = Superseded by a newer release of the same series, which is taken whole.
left-out-not-described = Referred, but no source describes the project yet: what it is, and where, is not known.

# The report on checks.
checks-title = Checks
checks-subtitle = What was checked at both ends of each step, what failed, and what became of every row
checks-other-language = English version
checks-summary = Summary
checks-passed =
    { $count ->
        [one] One check of { $steps } { $steps ->
                [one] step
               *[other] steps
            }: nothing is wrong.
       *[other] { $count } checks of { $steps } { $steps ->
                [one] step
               *[other] steps
            }: nothing is wrong.
    }
checks-failed =
    { $failures ->
        [one] One fault was found by { $count } { $count ->
                [one] check
               *[other] checks
            } of { $steps } { $steps ->
                [one] step
               *[other] steps
            }. What rests on it was not run; the last good report is untouched.
       *[other] { $failures } faults were found by { $count } { $count ->
                [one] check
               *[other] checks
            } of { $steps } { $steps ->
                [one] step
               *[other] steps
            }. What rests on them was not run; the last good report is untouched.
    }
checks-row-counts = Of { $read } { $read ->
    [one] row
   *[other] rows
} that notebooks read, { $used ->
    [one] { $used } stands in its table
   *[other] { $used } stand in their tables
} and { $left ->
    [one] { $left } is left out
   *[other] { $left } are left out
} for a stated reason.
checks-silent =
    { $count ->
        [one] This step has not been checked, since what comes before it failed or it has not run yet: { $steps }.
       *[other] These steps have not been checked, since what comes before them failed or they have not run yet: { $steps }.
    }
checks-unused =
    { $count ->
        [one] One published value stands in no document, so that nobody reads it: { $names }.
       *[other] { $count } published values stand in no document, so that nobody reads them: { $names }.
    }
checks-stopped =
    { $count ->
        [one] This step stopped before its end, so that not all of it could be checked: { $steps }.
       *[other] These steps stopped before their end, so that not all of them could be checked: { $steps }.
    }
checks-failures = What failed
checks-failures-none = Nothing failed.
checks-step-raw = Raw figures
checks-step-notebook = Notebook { $name }
checks-matrix = { $step }: how much was checked, table by table
checks-place = Place
checks-row = Row
checks-column = Column
checks-value = Found
checks-expected = Expected
checks-remedy = What to do
checks-table = Table
checks-end = End
checks-end-raw = read
checks-end-processed = handed on
checks-rows = Rows
checks-step = Step
checks-in-file = In the file
checks-later = Not yet public
checks-superseded = Revised since
checks-dropped = Taken out
checks-read = Read
checks-used = In tables
checks-left = Left out
checks-reason = Reason
checks-reasons = Rows left out, and why
checks-rows-caption = Rows in, rows out
checks-was = Printed
checks-now = Corrected
checks-evidence = Evidence
checks-corrections-caption = Corrections made
checks-corrections-none = No figure was corrected.
checks-last-run = Against the last good run
checks-about-last-run = Each run holds its tables against those of the last good run of the same day or an earlier one, and of the same choices, where there is one. What differed much and was confirmed stands here.
checks-confirmed-caption = Differences that were confirmed
checks-confirmed-count =
    { $count ->
        [one] 1 confirmed
       *[other] { $count } confirmed
    }
checks-faults =
    { $count ->
        [one] 1 fault
       *[other] { $count } faults
    }
checks-head-schema = Form (columns)
checks-head-keys = Keys (columns)
checks-head-ranges = Ranges (columns)
checks-head-units = Units (columns)
checks-head-sums = Sums (totals)
checks-head-corrections = Corrections
checks-head-coverage = Coverage (rows)
checks-head-magnitude = Magnitude (columns)
checks-kinds = What each check looks at
checks-kind-schema = Form
checks-kind-keys = Keys
checks-kind-ranges = Ranges
checks-kind-units = Units
checks-kind-sums = Sums
checks-kind-rows = Rows accounted for
checks-kind-coverage = Coverage
checks-kind-magnitude = Magnitude
checks-kind-corrections = Corrections
checks-about-schema = Every column is there, holds what it should, and names only what the lists of minerals, places, programs and sources know.
checks-about-keys = No row stands twice; a revision has a day of its own.
checks-about-ranges = Every number lies within the bounds of its column: no negative amount, no share above 100 per cent.
checks-about-units = Every column has one unit, and its name says which; units are known, measure what the column holds, and do not change within a series.
checks-about-sums = Totals equal the sum of their parts, as far as rounding allows; what is only part of something does not exceed it. Where a publisher’s own parts do not make its total, that is told among the published claims.
checks-about-rows = Every row that a notebook reads stands in one of its tables or is left out for a stated reason.
checks-about-coverage = What the last good run had is still there.
checks-about-magnitude = No figure moved by more than a factor of 5 since the last good run, no share by more than 25 points, no place by more than a degree, and no sum of a column by more than a factor of 2, unless that was confirmed.
checks-about-corrections = What a source prints wrongly is corrected in a file of its own, with evidence. A correction that no longer finds what it corrects fails.
