"""A printed script reads the publisher's file by itself and arrives at the number."""

import datetime as dt
import subprocess
import sys
from typing import Any

import pandas as pd
import pytest

from critical_minerals.errors import UsageError
from critical_minerals.raw.schema import ORIGIN
from critical_minerals.raw.store import RawStore
from critical_minerals.review.lineage import _describe_row
from critical_minerals.review.reproduce import Reproducer
from critical_minerals.workspace import Workspace

PRODUCTION = "supply/world_production"
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
    tables = (PRODUCTION, "supply/reserves", "exchange_rates", "trade/production")
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
    some = rates[rates["year"] >= 2023]
    for origin, rate in zip(some[ORIGIN], some["cad_per_unit"], strict=True):
        assert run(workspace, reproducer.of(origin).script) == [pytest.approx(rate)]


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
    assert why["resting_on_nothing"] == "it rests on no raw row"


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
