"""A raw table's own rules, on a table small enough to see whole."""

import datetime as dt

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import NAMED, FiguresError, Problem, number_of
from critical_minerals.raw.schema import ORIGIN, check, convert, raise_if_any
from critical_minerals.raw.store import select_as_of
from critical_minerals.readers.sheets import ROW
from critical_minerals.tables.descriptors import Table

FILE = "data/raw/t.csv"
KNOWN = {
    "vocabulary/minerals": {"lithium": ("Lithium", "lithium"), "nickel": ("Nickel", "nickel")},
    "vocabulary/places": {
        "CN": ("China", "Chine"),
        "CH": ("Switzerland", "Suisse"),
        "CL": ("Chile", "Chili"),
    },
    "sources": {"NRCAN_GPI": (), "BOC_FX": ()},
}
CONTENT = yaml.safe_load(r"""
$schema: https://datapackage.org/profiles/2.0/tableschema.json
name: t
description: A table.
fields:
  - {name: mineral, description: Mineral., constraints: {required: true}}
  - {name: countries, type: list, delimiter: ;, description: Countries.}
  - {name: year, type: year, description: Year., constraints: {required: true}}
  - {name: rank, type: integer, description: Rank.}
  - {name: share, type: number, description: Share., constraints: {minimum: 0, maximum: 100}}
  - {name: exact, type: boolean, trueValues: ["yes"], falseValues: ["no"], description: Exact.}
  - {name: start, x-kind: partial_date, description: Start.}
  - {name: kind, description: Kind., constraints: {enum: [mine, refinery]}}
  - {name: slug, x-kind: slug, description: Slug.}
  - {name: code, description: Code., constraints: {pattern: 'TOTAL|\d{4}(\d\d){0,3}'}}
  - {name: label, description: Label., constraints: {maxLength: 40}}
  - {name: unit, description: Unit of the share.}
  - {name: as_of, type: date, description: Day., constraints: {required: true}}
  - {name: source_id, description: Source., constraints: {required: true}}
  - {name: place, description: Place., constraints: {required: true}}
  - {name: note, description: Note.}
primaryKey: [mineral, year, as_of]
foreignKeys:
  - {fields: [mineral], reference: {resource: vocabulary/minerals, fields: [mineral]}}
  - {fields: [countries], reference: {resource: vocabulary/places, fields: [place_id]}}
  - {fields: [source_id], reference: {resource: sources, fields: [source_id]}}
""")
TABLE = Table.model_validate(CONTENT)
SOUND = {
    "mineral": "lithium",
    "countries": "CN;CL",
    "year": "2024",
    "rank": "3",
    "share": "12.5",
    "exact": "yes",
    "start": "2026-02",
    "kind": "mine",
    "slug": "a_b2",
    "code": "2601",
    "label": "Lithium",
    "unit": None,
    "as_of": "2025-01-31",
    "source_id": "NRCAN_GPI",
    "place": "page 3",
    "note": None,
}


def cells(*rows: dict) -> pd.DataFrame:
    frame = pd.DataFrame([SOUND | row for row in rows], dtype="string")
    return frame.assign(**{ROW: range(2, len(frame) + 2)})


def problems(*rows: dict) -> list[Problem]:
    return check(TABLE, cells(*rows), KNOWN, FILE)


def one(column: str, value: str | None) -> Problem:
    (problem,) = problems({}, {"year": "2023", column: value})
    assert (problem.file, problem.row) == (FILE, 3)
    assert (problem.column, problem.value) == (column, value)
    return problem


def test_a_sound_table_has_no_fault():
    assert problems({}, {"year": "2023", "countries": None, "share": None}) == []


@pytest.mark.parametrize(
    ("column", "value", "expected", "remedy"),
    [
        ("share", "abc", "a number in plain digits", "Write the number alone"),
        ("share", "up to 5", "a number in plain digits", "column precision"),
        ("share", "W", "a number in plain digits", "column qualifier"),
        ("share", "1,234,567", "a number", "Write it without separators: 1234567."),
        ("share", "1 234.5", "a number", "Write the digits alone: 1234.5."),
        ("share", "1\u202f234", "a number", "Write the digits alone: 1234."),
        ("share", "12,5", "a number", "Use a decimal point: 12.5."),
        ("share", "0,125", "a number", "Use a decimal point: 0.125."),
        ("share", "1,234", "a number", "1234 if the comma parts thousands, 1.234 if"),
        ("share", "$12", "a number", "Write the digits alone: 12."),
        ("share", "12%", "a number", "Write the digits alone: 12."),
        ("share", "\u22125", "a number", "Write the digits alone: -5."),
        ("share", "1e3", "a number", "Write it without an exponent, all digits"),
        ("share", "1.5E+06", "a number", "as the source has them: 1500000."),
        ("share", "1e400", "a number", "Look it up in the source."),
        ("share", "9" * 16, "a number", "more than 15 digits on one side of the point"),
        ("share", f"0.{'0' * 15}1", "a number", "more than 15 digits on one side of the point"),
        ("share", "١٢", "a number", "Write the number alone"),
        ("share", "-1", "between 0 and 100", "Look it up in the source."),
        ("share", "100.5", "between 0 and 100", "Look it up in the source."),
        ("rank", "2.5", "a whole number", "Write a whole number."),
        ("rank", "33.0", "a whole number", "Write 33."),
        ("rank", "1,234", "a whole number", "Write it without separators: 1234."),
        ("year", "24", "a year, such as 2024", "Write all four digits of the year."),
        ("year", "2024.0", "a year, such as 2024", "Write the year alone: 2024."),
        ("year", "2024-25", "a year, such as 2024", "Write the year alone: 2024."),
        ("year", "2O24", "a year, such as 2024", "Write a whole number."),
        ("as_of", "2026-02-30", "a day that exists", "No calendar has it"),
        ("as_of", "27/02/2026", "a day that exists", "Write year, month and day in this order"),
        ("as_of", "27/02/2026", "a day that exists", "with hyphens and all zeros: 2026-02-27."),
        ("as_of", "03/02/2026", "a day that exists", "with hyphens and all zeros."),
        ("as_of", "2026-02-27 00:00:00", "a day that exists", "all zeros: 2026-02-27."),
        ("as_of", "46080", "a day that exists", "made a number of the day: 2026-02-27"),
        ("as_of", "2026-02", "a day that exists", "Write year, month and day"),
        ("start", "2026.0", "a year, month or day that exists", "Write 2026."),
        ("start", "Jan-24", "a year, month or day that exists", "a month of it: 2024-01."),
        ("start", "2026-13", "a year, month or day that exists", "No calendar has it"),
        ("exact", "TRUE", "yes or no", ""),
        ("kind", "mines", "one of mine, refinery", "Did you mean 'mine'?"),
        ("slug", "A b", "lower-case letters", ""),
        ("mineral", "lithum", "list of minerals", "Did you mean 'lithium'?"),
        ("mineral", "Nickel", "list of minerals", "Did you mean 'nickel'?"),
        ("mineral", "unobtainium", "list of minerals", "data/raw/vocabulary/minerals.csv"),
        ("countries", "CN;Chili", "list of places", "Did you mean 'CL'?"),
        ("countries", "CN,CL", "list of places", "Part them by ; alone: CN;CL."),
        ("countries", "CN; CL", "without blanks", "Write CN;CL."),
        ("countries", "CN\u00a0;CL", "without blanks", "Write CN;CL."),
        ("countries", ";CN;;CL", "without blanks", "Write CN;CL."),
        ("countries", "CN;CL;CN", "each of them once", "Write CN;CL."),
        ("countries", "CN;Swizerland", "list of places", "Did you mean 'CH' (Switzerland)?"),
        ("code", "26.01", "text of the form", "Write 2601."),
        ("code", "2504.10.00 00", "text of the form", "Write 2504100000."),
        ("code", "25041000.0", "text of the form", "Write 25041000."),
        ("code", "total", "text of the form", "Write TOTAL."),
        ("code", "2.5041E+07", "text of the form", "digits are lost. Look it up in the source."),
        ("code", "Jan-24", "text of the form", "made a month of it (2024-01)"),
        ("code", "250", "text of the form", "Correct the cell."),
        ("label", "x" * 41, "at most 40 characters", "Shorten it: it has 41"),
        ("source_id", "NRCAN_GPY", "list of sources", "Did you mean 'NRCAN_GPI'?"),
        ("source_id", "nrcan_gpi", "list of sources", "Did you mean 'NRCAN_GPI'?"),
        ("source_id", "XXX", "list of sources", "data/raw/sources.csv"),
    ],
)
def test_a_bad_cell_is_told_with_what_was_expected_and_what_to_do(
    column: str, value: str, expected: str, remedy: str
):
    problem = one(column, value)
    assert expected in problem.expected
    assert remedy in problem.remedy


def test_the_name_of_a_country_leads_to_its_code_not_to_a_code_that_looks_like_it():
    assert "'CN'" in one("countries", "China").remedy


def test_a_required_cell_must_be_filled():
    (problem,) = problems({"mineral": None})
    assert (problem.row, problem.column, problem.value) == (2, "mineral", None)
    assert problem.remedy == "Fill the cell."


def test_all_faults_of_a_table_come_at_once_in_the_order_of_the_file():
    found = problems(
        {"share": "x", "year": "20"}, {"source_id": "?"}, {"mineral": "zinc", "as_of": "soon"}
    )
    assert [(problem.row, problem.column) for problem in found] == [
        (2, "share"),
        (2, "year"),
        (3, "source_id"),
        (4, "as_of"),
        (4, "mineral"),
    ]


def test_a_key_that_stands_twice_names_both_rows():
    (problem,) = problems({}, {"year": "2023"}, {"share": "1"})
    assert (problem.row, problem.column) == (4, None)
    assert problem.value == "mineral=lithium, year=2024, as_of=2025-01-31"
    assert problem.expected == "each mineral + year + as_of once; row 2 holds it already"
    assert "as_of" in problem.remedy


def test_a_key_with_a_blank_in_it_stands_twice_as_well():
    blank = {"as_of": None}
    found = problems(blank, {}, {"year": "2023"}, blank)
    (repeated,) = [problem for problem in found if problem.column is None]
    assert (repeated.row, repeated.value) == (5, "mineral=lithium, year=2024")
    assert repeated.expected.endswith("row 2 holds it already")


def test_a_table_pasted_twice_names_the_first_rows_of_each_kind_and_counts_the_others():
    # As the checks write it: 3,000 rows, each again below, and a bad cell in a third of them.
    once = [{"slug": None, "place": f"page {n}", "year": str(2000 + n % 50)} for n in range(3000)]
    keyed = [
        row | {"as_of": str(dt.date(2001, 1, 1) + dt.timedelta(n))} for n, row in enumerate(once)
    ]
    bad = [row | ({"share": "12,5"} if n % 3 == 0 else {}) for n, row in enumerate(keyed)]
    found = problems(*bad, *bad)
    repeated = [problem for problem in found if problem.column is None]
    shares = [problem for problem in found if problem.column == "share"]
    assert len(found) == len(repeated) + len(shares) == 2 * (NAMED + 1)
    assert [(p.row, p.expected.partition("; ")[2]) for p in repeated[:-1]] == [
        (3002 + n, f"row {2 + n} holds it already") for n in range(NAMED)
    ]
    assert [p.row for p in shares[:-1]] == [2 + 3 * n for n in range(NAMED)]
    assert [p.value for p in (repeated[-1], shares[-1])] == [
        "2980 more of the same kind",
        "1980 more of the same kind",
    ]
    assert number_of(found) == 3000 + 2000


def test_up_to_twenty_of_a_kind_are_all_named():
    found = problems(*({"year": str(1990 + n), "share": "x"} for n in range(NAMED)))
    assert [problem.row for problem in found] == [2 + n for n in range(NAMED)]


UNSEEN = {
    "U+0009": "an invisible character",
    "U+000B": "an invisible character",
    "U+000A": "a line break inside the cell",
    "U+000D": "a line break inside the cell",
    "U+0085": "an invisible character",
    "U+00AD": "an invisible character",
    "U+200B": "an invisible character",
    "U+200D": "an invisible character",
    "U+2028": "an invisible character",
    "U+2029": "an invisible character",
    **{f"U+{code:04X}": "an invisible character" for code in range(0x202A, 0x202F)},
    **{f"U+{code:04X}": "an invisible character" for code in range(0x2066, 0x206A)},
    "U+FEFF": "an invisible character",
    "U+FFFF": "an invisible character",
}


@pytest.mark.parametrize(
    ("text", "sign", "remedy"),
    [
        ("Soci\u00c3\u00a9t\u00c3\u00a9", "Ã©", "Write 'Société'"),
        ("voil\u00c3\u00a0 tout", "Ã\u00a0", "Write 'voilà tout'"),
        ("Jansen â€“ mine", "â€“", "Write 'Jansen – mine'"),
        ("lâ€™or", "â€™", "Write 'l’or'"),
        ("â‚¬ 5", "â‚¬", "Write '€ 5'"),
        ("5 Â°C", "Â°", "Write '5 °C'"),
        ("SociÃ©tÃ© – mine", "Ã©", "Copy the text anew"),
        ("Qu√©bec", "√©", "Copy the text anew"),
        ("Jansen ‚Äì mine", "‚Äì", "Copy the text anew"),
        ("Qu├®bec", "├®", "Copy the text anew"),
        ("QuŽbec", "Ž", "Copy the text anew"),
        ("Qu\ufffdbec", "\ufffd", "Copy the text anew"),
        ("Qu\ue012bec", "\ue012", "Copy the text anew"),
        ("Qu?bec", "Qu?bec", "Copy the text anew"),
        ("Qu&eacute;bec", "&eacute;", "Copy the text anew"),
        ("Qu&#233;bec", "&#233;", "Copy the text anew"),
    ],
)
@pytest.mark.parametrize("column", ["note", "place", "label"])
def test_text_that_was_decoded_wrongly_is_told_with_what_was_meant(column, text, sign, remedy):
    (problem,) = problems({}, {"year": "2023", column: text})
    assert (problem.row, problem.column, problem.value) == (3, column, text)
    assert problem.expected == f"text that was decoded rightly, without {sign!r}"
    assert remedy in problem.remedy


@pytest.mark.parametrize(
    "text",
    [
        "« la clé\u00a0»",
        "« à\u00a0»",
        "L’É…",
        "Ça, çà et là : œuvre",
        "ÂME",
        "São Tomé",
        "Is it so? yes",
        "page.aspx?lang=fr&id=5",
        "R&D; and more",
        "AT&T",
        "μ, ≥ 5 €, ½, CO₂, 12 °C, ŽIRI, Škoda",
        "日本",
    ],
)
def test_text_that_is_only_unusual_stays(text: str):
    assert problems({"note": text}) == []


def test_a_very_long_cell_is_told_by_its_beginning():
    (problem,) = problems({"share": "9" * 400})
    assert problem.value == f"{'9' * 120}… (400 characters)"


@pytest.mark.parametrize(("point", "named"), UNSEEN.items())
@pytest.mark.parametrize("column", ["note", "place", "mineral", "share"])
def test_what_nobody_sees_in_a_cell_is_named_by_its_code_point(column: str, point: str, named: str):
    mark = chr(int(point.removeprefix("U+"), 16))
    (problem,) = problems({}, {"year": "2023", column: f"lith{mark}ium"})
    assert (problem.row, problem.column) == (3, column)
    assert problem.value == f"lith<{point}>ium"
    assert problem.expected == f"text without {named} ({point})"
    assert mark not in str(problem)


def test_a_header_with_an_unseen_character_shows_it():
    missing, unknown = check(TABLE, cells({}).rename(columns={"share": "sha\u200bre"}), KNOWN, FILE)
    assert (missing.column, unknown.column) == ("share", "sha<U+200B>re")


def test_what_people_write_in_both_languages_is_no_invisible_character():
    assert (
        problems({"note": "12\u00a0000\u202ft, «\u00a0Québec\u00a0» — l’an dernier… ½ µ ₂ 中国"})
        == []
    )


def test_a_revision_is_the_same_key_with_a_day_of_its_own():
    assert problems({}, {"as_of": "2025-06-30", "share": "13"}) == []


def test_a_missing_column_is_told_and_the_others_are_checked_all_the_same():
    frame = cells({"year": "x"}).drop(columns="share")
    missing, year = check(TABLE, frame, KNOWN, FILE)
    assert (missing.row, missing.column, missing.expected) == (1, "share", "this column")
    assert (year.row, year.column) == (2, "year")


def test_a_renamed_column_is_told_from_both_sides():
    missing, unknown = check(TABLE, cells({}).rename(columns={"share": "shares"}), KNOWN, FILE)
    assert missing.remedy == "Rename the column 'shares' back to 'share'."
    assert (unknown.column, unknown.expected) == ("shares", "no column of this name")
    assert "Did you mean 'share'?" in unknown.remedy


def test_a_missing_key_column_is_no_duplicate():
    found = check(TABLE, cells({}, {}).drop(columns="year"), KNOWN, FILE)
    assert [problem.column for problem in found] == ["year"]


def test_an_unknown_column_is_told():
    (problem,) = check(TABLE, cells({}).assign(extra="1"), KNOWN, FILE)
    assert (problem.row, problem.column) == (1, "extra")


def test_a_vocabulary_that_cannot_be_read_raises_no_other_fault():
    known = {name: ids for name, ids in KNOWN.items() if name != "sources"}
    assert check(TABLE, cells({"source_id": "?"}), known, FILE) == []
    raise_if_any([])


def test_a_sound_table_gets_its_types_and_says_where_each_row_stands():
    typed = convert(TABLE, cells({}, {"year": "2023", "share": None, "exact": "no"}), FILE)
    assert typed["year"].dtype == "Int64"
    assert typed["share"].dtype == "Float64"
    assert typed["exact"].tolist() == [True, False]
    assert typed["as_of"].iloc[0] == pd.Timestamp("2025-01-31")
    assert typed["countries"].iloc[0] == "CN;CL"
    assert typed[ORIGIN].tolist() == [f"{FILE}:2", f"{FILE}:3"]
    assert typed["share"].isna().tolist() == [False, True]


DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2020, 1, 12))
ROWS = st.dictionaries(
    st.tuples(st.sampled_from(["lithium", "nickel"]), st.sampled_from(["2023", "2024"]), DAYS),
    st.integers(0, 100),
    max_size=12,
)


def stood(rows: dict, day: dt.date) -> dict[tuple[str, int], float]:
    made = [
        {"mineral": mineral, "year": year, "as_of": as_of.isoformat(), "share": str(share)}
        for (mineral, year, as_of), share in rows.items()
    ]
    frame = cells(*made) if made else cells({}).iloc[:0]
    raise_if_any(check(TABLE, frame, KNOWN, FILE))
    read = select_as_of(convert(TABLE, frame, FILE), TABLE, day)
    assert not read.duplicated(["mineral", "year"]).any()
    return {(row.mineral, row.year): row.share for row in read.itertuples()}


@given(ROWS, DAYS, DAYS)
def test_a_later_day_loses_no_figure_and_shows_the_newest_that_was_public(
    rows: dict, one_day: dt.date, other_day: dt.date
):
    earlier, later = sorted([one_day, other_day])
    before, after = stood(rows, earlier), stood(rows, later)
    assert before.keys() <= after.keys()
    expected: dict[tuple[str, int], tuple[dt.date, int]] = {}
    for (mineral, year, as_of), share in rows.items():
        if as_of <= later:
            key = (mineral, int(year))
            expected[key] = max(expected.get(key, (dt.date.min, 0)), (as_of, share))
    assert after == {key: share for key, (_, share) in expected.items()}


def test_names_are_read_on_any_day_and_figures_are_not():
    frame = convert(TABLE, cells({}), FILE)
    day = dt.date(2001, 1, 1)
    names = Table.model_validate(CONTENT | {"x-timeless": True})
    assert len(select_as_of(frame, names, day)) == 1
    assert len(select_as_of(frame, TABLE, day)) == 0


def test_nothing_to_tell_is_no_error():
    with pytest.raises(FiguresError):
        raise_if_any([Problem(file="f", expected="e", remedy="r")])
