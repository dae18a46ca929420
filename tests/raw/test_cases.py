"""Small inputs that once failed, in the manner of public bug reports, and what each should give."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from unicodedata import normalize

import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.store import RawStore
from critical_minerals.tables.check_results import problems_of
from critical_minerals.workspace.paths import Workspace

Rows = list[list[str]]
Edit = Callable[[Rows], Rows]
RECENT = "trade/merchandise_trade"
AWARDS = "funding/awards"


def cell(column: str, value: str, row: int = 2) -> Edit:
    """Type something else into one cell."""

    def edit(rows: Rows) -> Rows:
        at = rows[0].index(column)
        return [
            [value if (n, place) == (row, at) else old for place, old in enumerate(cells)]
            for n, cells in enumerate(rows, start=1)
        ]

    return edit


def once_more(**cells: str) -> Edit:
    """Write row 2 once more at the end, with some other cells."""

    def edit(rows: Rows) -> Rows:
        twin = dict(zip(rows[0], rows[1], strict=True)) | cells
        return [*rows, [*twin.values()]]

    return edit


def at_end(*cells: str) -> Edit:
    """Write a row of these cells alone at the end."""
    return lambda rows: [*rows, [*cells, *[""] * (len(rows[0]) - len(cells))]]


def beside(count: int) -> Edit:
    """Add empty columns at the right, as Excel writes those that were cleared."""
    return lambda rows: [[*cells, *[""] * count] for cells in rows]


def all_as(column: str, form: Callable[[str], str]) -> Edit:
    """Write every cell of a column in another form."""

    def edit(rows: Rows) -> Rows:
        at = rows[0].index(column)
        return [rows[0], *([*row[:at], form(row[at]), *row[at + 1 :]] for row in rows[1:])]

    return edit


def zero(rows: Rows) -> Rows:
    """Set every quantity of graphite to zero, the total of the world too."""
    quantity, mineral = rows[0].index("quantity"), rows[0].index("mineral")
    return [
        [
            "0" if place == quantity and row[mineral] == "graphite" else c
            for place, c in enumerate(row)
        ]
        for row in rows
    ]


CASES: dict[str, tuple[str, Edit, str, str]] = {
    "control character in a name": (
        "progress/mines",
        cell("name_en", "Rag\vlan"),
        "name_en",
        "U+000B",
    ),
    "HS code with its dot": (RECENT, cell("hs_code", "26.01"), "hs_code", "Write 2601."),
    "HS code as a number": (RECENT, cell("hs_code", "2.5041E+07"), "hs_code", "digits are lost"),
    "year of a revision mistyped": (AWARDS, cell("as_of", "2206-03-04"), "as_of", "2027"),
    "very long label": ("progress/mines", cell("name_en", "a" * 220), "name_en", "60 characters"),
    "a mineral with all zeros": ("supply/reserves", zero, "quantity", "above 0"),
    "old name of a country": ("partnerships/members", cell("member", "Zaire"), "member", "'CD'"),
    "a blank in a list": (AWARDS, cell("minerals", "copper; nickel"), "minerals", "copper;nickel"),
    "an amount below zero": (AWARDS, cell("amount", "-1500"), "amount", "Look it up"),
    "an amount with an exponent": (AWARDS, cell("amount", "1.5E+06"), "amount", "1500000"),
    "a share above a hundred": (
        "supply/china_shares_2020",
        cell("share_pct", "156"),
        "share_pct",
        "Look it up",
    ),
    "a year of two digits": ("progress/exploration", cell("year", "24"), "year", "four digits"),
    "a year as a fraction": ("progress/exploration", cell("year", "2024.0"), "year", "2024"),
    "a footnote beneath": ("trade/mineral_exports", at_end("Source: x"), "", "take the row out"),
    "an end before its beginning": (
        RECENT,
        cell("period_end", "2023-12"),
        "period_end",
        "nothing before period_start",
    ),
    "a country as a province": (AWARDS, cell("provinces", "FR"), "provinces", "province"),
    "one mineral twice": (AWARDS, cell("minerals", "copper;copper"), "minerals", "Write copper."),
    "an amount of sixty digits": (AWARDS, cell("amount", "9" * 60), "amount", "15 digits"),
    "a month as Excel shows it": (
        "progress/indicators",
        cell("period", "Jan-24"),
        "period",
        "2024-01",
    ),
    "one award under two ids": (
        AWARDS,
        once_more(award_id="hydro_2", recipient="B.C. Hydro"),
        "award_id",
        "row 2",
    ),
    "one site under two ids": (
        "progress/mines",
        once_more(site="goldex_2", name_en="Akasaba-West (Goldex)"),
        "site",
        "akasaba_west",
    ),
    "one plan under two ids": (
        "progress/planned_projects",
        once_more(site="crawford_2", name_en="Crawford nickel"),
        "site",
        "crawford",
    ),
    "one arrangement under two ids": (
        "partnerships/agreements",
        once_more(agreement="argentina_2"),
        "agreement",
        "ca_ar_framework",
    ),
    "one document under two ids": (
        "sources",
        once_more(source_id="ACADIA_2"),
        "source_id",
        "ACADIA_PDAC26",
    ),
    "an arrangement that ends before its beginning": (
        "partnerships/agreements",
        cell("ended", "2010-01-01", row=4),
        "ended",
        "nothing before concluded",
    ),
    "per cent as fractions of 1": (
        "supply/china_shares_2020",
        all_as("share_pct", lambda share: f"0.{share}"),
        "share_pct",
        "a fraction of 1",
    ),
    "a rate the other way round": (
        "exchange_rates",
        cell("cad_per_unit", "0.7154"),
        "cad_per_unit",
        "another unit",
    ),
    "a rate of zero": ("exchange_rates", cell("cad_per_unit", "0"), "cad_per_unit", "at least"),
    "tonnes in the place of kilotonnes": (
        "trade/production",
        cell("quantity", "586489000"),
        "quantity",
        "another unit",
    ),
    "a whole that no row is": (
        "funding/envelopes",
        cell("part_of", "package_2032:total", row=3),
        "part_of",
        "Did you mean 'package_2023:total'?",
    ),
    "money that takes in what no row is": (
        "funding/envelopes",
        all_as("absorbs", lambda name: name and "cmif:totl"),
        "absorbs",
        "Did you mean 'cmif:total'?",
    ),
    "a mineral that is a part of itself": (
        "vocabulary/minerals",
        cell("part_of", "aluminum"),
        "part_of",
        "another row",
    ),
    "an error of a spreadsheet": (AWARDS, cell("recipient", "#REF!"), "recipient", "clear the"),
    "an error of LibreOffice": (AWARDS, cell("project_en", "Err:502"), "project_en", "no value"),
    "a formula": (AWARDS, cell("recipient", "=B3"), "recipient", "no value"),
    "a missing value of a program": (AWARDS, cell("recipient", "nan"), "recipient", "no value"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_once_passed_or_misled_is_told_with_what_to_do(workspace: Workspace, raw, case: str):
    table, edit, column, told = CASES[case]
    raw.write(table, edit(raw.rows(table)))
    problems = problems_of(RawStore(workspace, last_year=2027).results(table))
    assert problems
    assert {problem.column or "" for problem in problems} <= {column, ""}
    assert any(told in f"{p.expected} {p.remedy} {p.value}" for p in problems)


def test_empty_columns_at_the_right_are_left_out(workspace: Workspace, raw):
    table = "trade/mineral_exports"
    raw.write(table, beside(2)(raw.rows(table)))
    assert problems_of(RawStore(workspace, last_year=2027).results(table)) == []


def test_a_circle_of_parts_is_told(workspace: Workspace, raw):
    table = "vocabulary/programmes"
    rows = raw.rows(table)
    parent = rows[0].index("parent")
    rows[1][parent], rows[2][parent] = rows[2][0], rows[1][0]
    raw.write(table, rows)
    told = [p.expected for p in problems_of(RawStore(workspace, last_year=2027).results(table))]
    assert told == [
        f"no row within itself ({one} in {other} in {one})"
        for one, other in ((rows[1][0], rows[2][0]), (rows[2][0], rows[1][0]))
    ]


def test_a_name_is_one_name_composed_or_decomposed(workspace: Workspace, raw):
    rows = raw.rows(AWARDS)
    names = [normalize(form, "Société Évangéline") for form in ("NFC", "NFD")]
    for number, name in enumerate(names):
        twin = dict(zip(rows[0], rows[1], strict=True))
        twin |= {"award_id": f"a_{number}", "amount": f"{number + 1}000", "recipient": name}
        rows.append([*twin.values()])
    raw.write(AWARDS, rows)
    assert names[0] != names[1]
    assert {*RawStore(workspace).cells(AWARDS)["recipient"][-2:]} == {names[0]}


def test_a_zero_byte_is_told_with_its_row(workspace: Workspace, raw):
    path = raw.path(AWARDS)
    path.write_bytes(path.read_bytes().replace(b"bhp_potash", b"bhp\0potash", 1))
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).results(AWARDS)
    (problem,) = caught.value.problems
    assert "U+0000" in problem.expected
    assert "bhp<U+0000>potash" in (problem.value or "")
    row = path.read_bytes()[: path.read_bytes().index(b"\0")].count(b"\n") + 1
    assert problem.row == row


def test_ten_thousand_awards_are_checked_in_seconds(workspace: Workspace, raw):
    rows = raw.rows(AWARDS)
    twin = dict(zip(rows[0], rows[1], strict=True))
    # Each alone in its amount, but for some hundreds that are equal but for the name.
    for number in range(10_000):
        name = hashlib.sha256(str(number).encode()).hexdigest()[:24]
        amount = str(max(1000, number * 10 - 3000))
        rows.append(
            [*(twin | {"award_id": f"a_{number}", "amount": amount, "recipient": name}).values()]
        )
    raw.write(AWARDS, rows)
    store = RawStore(workspace, last_year=2027)
    store.cells(AWARDS)
    begun = time.process_time()
    assert problems_of(store.results(AWARDS)) == []
    assert time.process_time() - begun < 8
