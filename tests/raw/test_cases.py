"""Small inputs that once failed, in the manner of public bug reports, and what each should give."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from critical_minerals.checking import problems_of
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace import Workspace

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
