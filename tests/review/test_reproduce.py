"""A printed script reads the publisher's file by itself and arrives at the number."""

import csv
import datetime as dt
import subprocess
import sys
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pytest

from critical_minerals.errors import UsageError
from critical_minerals.raw.schema import ORIGIN
from critical_minerals.raw.store import RawStore
from critical_minerals.review.lineage import _describe_row
from critical_minerals.review.reproduce import Reproducer
from critical_minerals.workspace.paths import Workspace

PRODUCTION = "supply/world_production"
SALIENT = "supply/us_salient"
DAY = dt.date(2026, 9, 30)


def run(workspace: Workspace, script: str) -> list[float]:
    told = subprocess.run(
        [sys.executable, "-I", "-c", script],
        cwd=workspace.root,
        capture_output=True,
        text=True,
        check=True,
    )
    return [float(line) for line in told.stdout.split()]


def published(number: float | None, unit: str | None, rows: pd.DataFrame) -> dict[str, Any]:
    return {
        "number": number,
        "unit": unit,
        "origins": [*rows[ORIGIN]],
        "notebook": "20_trade",
        "cell": "values",
        "text": {"en": "as it is said"},
    }


@pytest.fixture
def store(workspace: Workspace) -> RawStore:
    return RawStore(workspace)


def lineage(store: RawStore, values: dict[str, Any]) -> dict[str, Any]:
    tables = (PRODUCTION, "supply/reserves", "exchange_rates", "trade/production", SALIENT)
    rows = {
        record[ORIGIN]: _describe_row(store.tables[name], record)
        for name in tables
        for record in store.read(name, DAY).to_dict("records")
    }
    return {"published": {"values": values}, "rows": rows}


def production(store: RawStore, **cells: object) -> pd.DataFrame:
    found = store.read(PRODUCTION, DAY)
    for column, cell in cells.items():
        found = found[found[column].isin(cell if isinstance(cell, list) else [cell])]
    return found


def test_values_of_each_layout_are_arrived_at(workspace: Workspace, store: RawStore):
    lithium = production(store, commodity="lithium", country="CA")
    newest = lithium.sort_values(["year", "release"]).drop_duplicates("year", keep="last")
    both = newest[newest["year"].isin([2023, 2025])]
    before, after = both["quantity"]
    values = {
        "production_lithium": published(5600.0, "t", both.tail(1)),
        "production_lithium_change": published((after / before - 1) * 100, "percent", both),
        "production_first_year": published(2023.0, "year", both),
        **{
            f"of_{release}": published(float(row["quantity"].iloc[0]) * 1000, "t", row)
            for release in ("2023", "2024", "2025", "2026")
            if len(
                row := production(store, commodity="chromium", country="WLD", release=int(release))
                .sort_values("year")
                .tail(1)
            )
        },
    }
    reproducer = Reproducer(workspace, lineage(store, values))
    assert reproducer.names() == [*values]
    for name, value in values.items():
        found = reproducer.of(name)
        if found.why_not:  # chromium of 2023 is corrected: its unit was misprinted
            assert name.startswith("of_")
            continue
        assert run(workspace, found.script) == [pytest.approx(value["number"], rel=1e-9)], name
        assert "critical_minerals" not in found.script
    assert sum(bool(reproducer.of(name).script) for name in values) >= 6


def test_a_yearly_mean_is_arrived_at_from_daily_rates(workspace: Workspace, store: RawStore):
    rates = store.read("exchange_rates", DAY)
    rates = rates[rates[ORIGIN].str.contains("statcan")]
    assert {"USD", "EUR", "GBP", "JPY"} <= {*rates["currency"]}
    reproducer = Reproducer(workspace, lineage(store, {}))
    # Days on which the market is closed have a zero of as many decimals as the currency.
    some = rates[(rates["year"] >= 2023) | (rates["year"] == 2019)]
    for origin, rate in zip(some[ORIGIN], some["cad_per_unit"], strict=True):
        assert run(workspace, reproducer.of(origin).script) == [pytest.approx(rate)], origin


def test_a_number_that_a_yearly_mean_is_not_has_no_script(workspace: Workspace, store: RawStore):
    rates = store.read("exchange_rates", DAY)
    dollar = rates[rates[ORIGIN].str.contains("statcan") & (rates["currency"] == "USD")].tail(1)
    year, mean = int(dollar["year"].iloc[0]), float(dollar["cad_per_unit"].iloc[0])
    lithium = production(store, commodity="lithium", country="CA").tail(1)
    values = {
        "rate": published(mean, "CAD", dollar),
        "rates_last_year": published(float(year), "year", dollar),
        "of_both": published(mean, "CAD", pd.concat([dollar, lithium])),
    }
    reproducer = Reproducer(workspace, lineage(store, values))
    assert run(workspace, reproducer.of("rate").script) == [pytest.approx(mean)]
    reason = f"daily rates of USD in {year} alone, whose mean is {mean:.10g} and not {year}"
    assert reason in reproducer.of("rates_last_year").why_not
    assert f"rates_last_year: it is based on {reason}" in reproducer.status_lines()
    assert "among others, the mean of a year and no cell" in reproducer.of("of_both").why_not
    workspace.processed.mkdir(parents=True)
    rows = [{"fee": fee, "origin": dollar[ORIGIN].iloc[0]} for fee in (mean, 7.0)]
    pd.DataFrame(rows).to_csv(workspace.processed / "fees.csv", index=False)
    assert run(workspace, reproducer.of("fees:2").script) == [pytest.approx(mean)]
    assert "and not 7" in reproducer.of("fees:3").why_not


FIGURES = {
    "140,000": 140000.0,
    "-1": -1.0,
    "\u221210": -10.0,
    "?1": -1.0,
    "e20,000": 20000.0,
    "\u2014": 0.0,
    "\xa0 0.5 ": 0.5,
}
NO_FIGURES = {
    "(5)": -5.0,
    "1 234": 1234.0,
    "1.234,5": 1234.5,
    "5 t": 5.0,
    "36 %": 36.0,
    "3\u20135": 3.0,
    ">2000000": 2000000.0,
    "<25": 25.0,
    "e>5": 5.0,
    "Less than \u00bd unit": 0.5,
}


def printing(workspace: Workspace, store: RawStore, printed: str, figure: float) -> Reproducer:
    """Put a figure in the file of a release of one file a commodity, and in its raw row."""
    some = production(store, commodity="lithium", country="CA", release=2025).head(1)
    (origin,) = some[ORIGIN]
    record = lineage(store, {"figure": published(figure, "t", some)})
    row = record["rows"][origin]
    row["cells"] |= {"quantity": f"{figure!r}", "unit": ""}
    file, _, number = origin.rpartition(":")
    path, _, heading = file.partition("#")
    with (workspace.root / path).open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.reader(lines))
    rows[int(number) - 1][[name.strip() for name in rows[0]].index(unquote(heading))] = printed
    with (workspace.root / path).open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)
    return Reproducer(workspace, record)


@pytest.mark.parametrize("printed", FIGURES)
def test_a_script_reads_figures_as_files_print_them(
    workspace: Workspace, store: RawStore, printed: str
):
    found = printing(workspace, store, printed, FIGURES[printed]).of("figure")
    assert found.why_not == ""
    assert run(workspace, found.script) == [FIGURES[printed]]


@pytest.mark.parametrize("printed", NO_FIGURES)
def test_what_is_no_plain_figure_has_no_script(workspace: Workspace, store: RawStore, printed: str):
    found = printing(workspace, store, printed, NO_FIGURES[printed]).of("figure")
    assert found.script == ""
    assert f"prints {printed!r}" in found.why_not


def test_negative_figures_of_a_release_are_negative(workspace: Workspace, store: RawStore):
    salient = store.read(SALIENT, DAY)
    printed = salient[salient[ORIGIN].str.contains("MCS2026")]
    losses = printed[(printed["quantity"] < 0) & (printed["unit"] == "t")]
    assert len(losses) >= 2
    reproducer = Reproducer(workspace, lineage(store, {}))
    for origin, figure in zip(losses[ORIGIN], losses["quantity"], strict=True):
        found = reproducer.of(origin)
        assert run(workspace, found.script) == [found.number] == [figure]


def test_a_row_without_a_figure_says_so(workspace: Workspace, store: RawStore):
    withheld = production(store, qualifier="withheld").head(1)
    found = Reproducer(workspace, lineage(store, {})).of(withheld[ORIGIN].iloc[0])
    assert found.why_not == "the file prints no figure there"


def test_a_file_that_a_script_cannot_read_says_so(workspace: Workspace, store: RawStore):
    some = production(store, commodity="lithium", country="CA", release=2025).head(1)
    record = lineage(store, {"figure": published(1.0, "t", some)})
    path = some[ORIGIN].iloc[0].partition("#")[0]
    (workspace.root / path).write_bytes(b"PK\x03\x04\xff")
    found = Reproducer(workspace, record).of("figure")
    assert "a script would end with UnicodeDecodeError" in found.why_not


def test_shares_of_a_processed_row_are_those_of_the_worlds_total(
    workspace: Workspace, store: RawStore
):
    cobalt = production(store, commodity="cobalt", stage="mine", year=2025)
    is_total = cobalt["country"] == "WLD"
    # The published total is rounded: the countries make more than it.
    world = float(
        max(cobalt.loc[is_total, "quantity"].sum(), cobalt.loc[~is_total, "quantity"].sum())
    )
    parts = cobalt[~cobalt["country"].isin(["WLD", "OTHER"]) & (cobalt["quantity"] > 0)]
    shares = parts["quantity"].astype(float).sort_values() / world * 100
    row = {"top_pct": shares.iloc[-1], "hhi": (shares**2).sum(), "origin": " ".join(parts[ORIGIN])}
    workspace.processed.mkdir(parents=True)
    table = workspace.processed / "supply_concentration.csv"
    pd.DataFrame([row]).to_csv(table, index=False)
    found = Reproducer(workspace, lineage(store, {})).of("supply_concentration:2")
    assert found.why_not == ""
    wanted = [pytest.approx(row[column]) for column in ("top_pct", "hhi")]
    assert run(workspace, found.script) == wanted


def test_what_cannot_be_reproduced_says_why(workspace: Workspace, store: RawStore):
    some = production(store, country="CA", year=2025).head(3)
    typed = store.read("trade/production", DAY).head(2)
    half = production(store, qualifier="less_than").head(1)
    values = {
        "a_text": published(None, None, some),
        "undeclared": published(3.0, "count", some),
        "typed": published(1.0, "t", pd.concat([some, typed])),
        "production_count": published(99.0, "count", some),
        "less_than_half": published(0.5, "t", half),
        "resting_on_nothing": published(1.0, "t", some[:0]),
    }
    reproducer = Reproducer(workspace, lineage(store, values))
    why = {name: reproducer.of(name).why_not for name in values}
    assert why["a_text"] == "it is a text and no number: as it is said"
    assert "how it is computed from 3 cells of official files is not declared" in why["undeclared"]
    assert "of its raw rows (5) 2 stand in tables that people type" in why["typed"]
    assert "data/raw/trade/production.csv" in why["typed"]
    assert "is 3 and not 99" in why["production_count"]
    assert why["less_than_half"]
    assert why["resting_on_nothing"] == "it is based on no raw row"


def test_a_cell_that_was_corrected_says_so(workspace: Workspace, store: RawStore):
    some = production(store, country="CA", year=2025).head(1)
    record = lineage(store, {"corrected": published(1.0, "t", some)})
    row = record["rows"][some[ORIGIN].iloc[0]]
    row["cells"]["quantity"] = "1"
    row["corrections"] = [{}]
    found = Reproducer(workspace, record).of("corrected").why_not
    assert "which is taken for 1 (data/raw/corrections.yml)" in found


def test_a_name_of_nothing_is_told(workspace: Workspace, store: RawStore):
    values = {"production_lithium": published(1.0, "t", production(store).head(1))}
    with pytest.raises(UsageError, match="Did you mean 'production_lithium'"):
        Reproducer(workspace, lineage(store, values)).of("production_litium")
