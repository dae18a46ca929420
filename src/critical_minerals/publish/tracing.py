"""Name places of the way of a number: processed rows, notebook cells, raw rows.

On a page they are links to what lies beside the report: `data/` and `notebooks/`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypedDict

from critical_minerals.language.catalogue import say
from critical_minerals.language.ranges import ranges
from critical_minerals.parameters import Language
from critical_minerals.tables.lineage import file_of

LINEAGE_FILE: Final = "data/lineage.json"
"""Where the whole record lies beside the report."""
_RAW: Final = "data/raw/"
_MEMBERS: Final = 3
"""As many places in one archive are named one by one."""
_ALL: Final = "/…"
_NAMED: Final = 8
"""As many rows, or runs of rows, are named one by one."""


class Place(TypedDict):
    """A place by its name, and where it lies beside the page."""

    text: str
    href: str


def only_official(origins: Sequence[str], rows: Mapping[str, Mapping[str, Any]]) -> bool:
    """Tell whether raw rows were all read from official files, and none of them was typed.

    >>> rows = {o: {"table": "a/b"} for o in ("data/raw/c/x.csv:3", "data/raw/a/b.csv:3")}
    >>> only_official(["data/raw/c/x.csv:3"], rows), only_official([*rows], rows)
    (True, False)
    """
    return bool(origins) and not any(
        origin.startswith(f"{_RAW}{rows[origin]['table']}.") for origin in origins
    )


def by_file(origins: Iterable[str]) -> dict[str, list[int]]:
    """Gather raw rows by where they stand, named from the folder of raw figures.

    Where more than a few members of one archive hold them, they are gathered as `archive/…`: the
    row of each stands in the record.

    >>> by_file(["data/raw/a/b.csv:3", "data/raw/a/b.csv:2"])
    {'a/b.csv': [2, 3]}
    >>> by_file(f"data/raw/a.zip/{member}.csv#Prod_t:2" for member in "bcdef")
    {'a.zip/…': [2, 2, 2, 2, 2]}
    """
    found: dict[str, list[int]] = {}
    for origin in origins:
        file, _, row = origin.rpartition(":")
        found.setdefault(file.removeprefix(_RAW), []).append(int(row))
    inside = Counter(file_of(file) for file in found if file_of(file) != file.partition("#")[0])
    told: dict[str, list[int]] = {}
    for file in sorted(found):
        many = inside[file_of(file)] > _MEMBERS
        told.setdefault(f"{file_of(file)}{_ALL}" if many else file, []).extend(found[file])
    return {file: sorted(rows) for file, rows in told.items()}


def rows_place(rows: Sequence[int], language: Language) -> str:
    """Name rows; where they lie too scattered to be named, count them.

    >>> rows_place([4], "en"), rows_place([4, 5, 6], "fr")
    ('row 4', 'lignes 4–6')
    >>> rows_place(range(2, 40, 2), "en")
    '19 rows between 2 and 38'
    """
    named = ranges(rows)
    if named.count(",") < _NAMED:
        return say("lineage-rows", count=len(rows), rows=named)(language)
    between = {"first": str(min(rows)), "last": str(max(rows))}
    return say("lineage-rows-many", count=len(rows), **between)(language)


def file_rows(file: str, rows: Sequence[int], language: Language) -> str:
    """Name rows of a raw file; of many members of an archive, count them."""
    if file.endswith(_ALL):
        return say("lineage-rows-inside", count=len(rows))(language)
    return rows_place(rows, language)


def file_place(file: str, rows: Sequence[int], language: Language) -> str:
    """Name a raw file and rows of it."""
    return f"{file}, {file_rows(file, rows, language)}"


def table_place(table: str, rows: Sequence[int], language: Language) -> str:
    """Name rows of a processed table."""
    return f"{table}.csv, {rows_place(rows, language)}"


def cell_place(notebook: str, cell: str, language: Language) -> str:
    """Name a notebook's cell."""
    return say("lineage-cell", notebook=notebook, cell=cell)(language)


def table_links(tables: Mapping[str, Sequence[int]], language: Language) -> list[Place]:
    """Name each table with its rows, and where it lies; the first row stands in the address."""
    return [
        {"text": table_place(table, rows, language), "href": f"data/{table}.csv#row={min(rows)}"}
        for table, rows in tables.items()
        if rows
    ]


def cell_link(notebook: str, cell: str, language: Language) -> Place:
    """Name a cell, and where it stands among the executed notebooks."""
    href = f"notebooks/{notebook}.html#{cell_anchor(cell)}"
    return {"text": cell_place(notebook, cell, language), "href": href}


def cell_anchor(cell: str) -> str:
    """Return the id of a cell on its notebook's page."""
    return f"cell-{cell}"
