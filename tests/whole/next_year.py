"""The figures as they may stand a year on: every yearly table one year longer, and what is new."""

import csv
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

DAY = "2027-02-20"
"""The day on which all of it became public."""
SOURCE = "REHEARSAL_2027"
YEARLY: Mapping[str, tuple[str, str]] = {
    "progress/exploration": ("year", "amount_cad"),
    "trade/domestic_exports": ("year", "value_cad"),
    "trade/mineral_exports": ("year", "value_cad"),
    "trade/production": ("year", "quantity"),
    "supply/us_salient": ("year", "quantity"),
    "exchange_rates": ("year", "cad_per_unit"),
    "progress/indicators": ("period", "value"),
    "progress/major_projects": ("period_end", "value"),
}
"""Tables that get another year, each with its column of years and that of its figures."""
GROWTH = 1.25
RELEASE = "MCS2026_Commodities_Data"
NEXT_RELEASE = "MCS2027_Commodities_Data"
Row = dict[str, str]


def edit(path: Path, change: Callable[[list[Row]], list[Row]]) -> None:
    """Change the rows of a CSV."""
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, [*rows[0]], lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))


def a_year_on(root: Path) -> None:
    """Put next year's figures into the raw figures of a project."""
    raw = root / "data" / "raw"
    for table, (year, figure) in YEARLY.items():
        edit(raw / f"{table}.csv", lambda rows, y=year, f=figure: longer(rows, y, f))
    edit(raw / "sources.csv", lambda rows: [*rows, *new_sources(rows)])
    edit(raw / "vocabulary" / "mineral_lists.csv", with_next_list)
    edit(raw / "funding" / "envelopes.csv", with_next_budget)
    release(raw / "usgs")


def longer(rows: list[Row], year: str, figure: str) -> list[Row]:
    """Add a year to what has one in the newest year of its table, a quarter more of everything."""
    years = {row[year] for row in rows if row[year].isdigit()}
    last = max(years)
    if year == "period":  # each indicator has a newest year of its own
        newest = {row["indicator"]: row for row in rows if row[year].isdigit()}
        taken = [*newest.values()]
    elif year == "period_end":  # what is planned to 2034 has no next year
        taken = [row for row in rows if row["inventory"] == "mpi_2024" and row[year] == "2024"]
    else:
        taken = [row for row in rows if row[year] == last]
    kept = [name for name in rows[0] if name not in {*LATER, figure, "precision"}]
    once = {tuple(row[name] for name in kept): row for row in taken}
    return [*rows, *(moved(row, year, figure) for row in once.values())]


LATER = {"as_of", "source_id", "place", "note"}


def moved(row: Row, year: str, figure: str) -> Row:
    """Return a row of the next year."""
    number = row[figure]
    if number and row.get("unit") not in {"percent", "minerals"} and "rates" not in row:
        number = f"{float(number) * GROWTH:.0f}" if float(number) > 1000 else number
    told = {year: str(int(row[year]) + 1), figure: number, "as_of": DAY, "source_id": SOURCE}
    if "period_start" in row and row.get("period_start") == row.get(year):
        told["period_start"] = told[year]
    return row | told


def new_sources(rows: list[Row]) -> list[Row]:
    """Return a document of next year, and the next release of the Summaries."""
    old = next(row for row in rows if row["source_id"] == "USGS_MCS2026")
    release = {"source_id": "USGS_MCS2027", "title": "Mineral Commodity Summaries 2027"}
    other = {"source_id": SOURCE, "title": "What a year may bring", "publisher": "Rehearsal"}
    day = {"published": DAY, "note": ""}
    return [old | release | day, old | other | day | {"publisher_fr": "Répétition"}]


def with_next_list(rows: list[Row]) -> list[Row]:
    """Add a list of Canada's that adds gold and no longer names tellurium."""
    newest = [row for row in rows if (row["list"], row["listed_from"]) == ("canada", "2024-06-30")]
    named = [row["mineral"] for row in newest if row["mineral"] != "tellurium"] + ["gold"]
    day = {"listed_from": DAY, "as_of": DAY, "source_id": SOURCE, "note": ""}
    return [*rows, *(newest[0] | day | {"mineral": mineral} for mineral in named)]


def with_next_budget(rows: list[Row]) -> list[Row]:
    """Add a budget that raises one fund."""
    fund = [row for row in rows if (row["programme"], row["measure"]) == ("cmsf", "total")][-1]
    told = {"amount": "3500000000", "as_of": DAY, "source_id": SOURCE, "note": "Budget 2026"}
    return [*rows, fund | told]


def release(folder: Path) -> None:
    """Write the next release of the Summaries: the newest one with all of its years a year on."""
    with (folder / f"{RELEASE}.csv").open(encoding="cp1252", newline="") as lines:
        rows = list(csv.DictReader(lines))
    path = folder / f"{NEXT_RELEASE}.csv"
    with path.open("w", encoding="cp1252", newline="") as lines:
        writer = csv.DictWriter(lines, [*rows[0]])
        writer.writeheader()
        writer.writerows(a_release_on(row) for row in rows)
    card = (folder / f"{RELEASE}.source.yml").read_text("utf-8").partition("note:")[0]
    lines_of = {
        "file": path.name,
        "source_id": "USGS_MCS2027",
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "published": DAY,
    }
    told = [
        f"{key}: {lines_of.get(key, value.strip())}"
        for key, _, value in (line.partition(":") for line in card.splitlines() if line[:1] != "#")
    ]
    (folder / f"{NEXT_RELEASE}.source.yml").write_text("\n".join(told) + "\n", "utf-8")


def a_release_on(row: Row) -> Row:
    """Move a row of the Summaries by a year; vanadium's reserves are in their right unit."""
    first, dash, end = row["Year"].partition("–")
    year = f"{int(first) + 1}{dash}{int(end) + 1 if end else ''}"
    reserves = row["Commodity"] == "Vanadium" and row["Statistics"] == "Reserves"
    unit = "thousand metric tons" if reserves else row["Unit"]
    return row | {"Year": year, "Unit": unit}
