"""Charts of trade: what they draw, and that they draw on a day without figures."""

from __future__ import annotations

import pandas as pd
import pytest

from critical_minerals.charts import trade as charts
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish.edition import Edition
from critical_minerals.tables.money import DisplayCurrency
from critical_minerals.tables.processed import shaped

from .drawing import DOLLARS, LINEAGE, TABLES, drawn, names


@pytest.fixture
def edition():
    units = names("unit", "t", "kt", "Mm3").assign(symbol_en=["t", "kt", "Mm³"], symbol_fr="t")
    frames = {
        "place": names("place_id", "US", "CN", "JP", "OTHER", "WLD", "CA"),
        "mineral": names("mineral", "copper", "lithium", "helium", "potash"),
        "unit": units,
    }
    return Edition("en", Vocabulary(frames, REPORT.lists), DOLLARS)


def exports():
    rows = [
        ("domestic_minerals_and_metals", 2017, 97.5e9, None),
        ("minerals_and_metals", 2023, 150.7e9, "merchandise_total"),
        ("metals", 2023, 115.5e9, "minerals_and_metals"),
        ("non_metals", 2023, 22.4e9, "minerals_and_metals"),
        ("coal", 2023, 12.8e9, "minerals_and_metals"),
    ]
    frame = pd.DataFrame(rows, columns=["category", "year", "amount_cad", "in_category"])
    frame = frame.assign(precision="rounded", of_merchandise_pct=None, **LINEAGE)
    return shaped(TABLES["mineral_exports"], frame)


def partners():
    rows = [
        ("2603", "WLD", 10e9),
        ("2603", "US", 1e9),
        ("2603", "CN", 6e9),
        ("2603", "OTHER", 3e9),
        ("7403", "WLD", 2e9),
    ]
    frame = pd.DataFrame(rows, columns=["hs_code", "partner", "amount_cad"])
    text = {"commodity_en": "Copper ores", "commodity_fr": "Minerais de cuivre"}
    frame = frame.assign(mineral="copper", year=2025, share_pct=10.0, **text, **LINEAGE)
    return shaped(TABLES["domestic_exports"], frame)


def balance():
    rows = [("potash", 20e9, 19e6), ("lithium", 1.5e6, 31e6), ("helium", 0.0, 4e6)]
    frame = pd.DataFrame(rows, columns=["mineral", "exports_cad", "imports_cad"])
    frame = frame.assign(first_month="2024-01", last_month="2026-04", **LINEAGE)
    return shaped(TABLES["trade_by_mineral"], frame)


def production():
    rows = [
        ("copper", "mine", "national", 2024, 440e3, None),
        ("copper", "mine", "national", 2025, 500e3, None),
        ("lithium", "mine", "usgs", 2024, 4820.0, None),
        ("lithium", "mine", "usgs", 2025, 5600.0, None),
        ("helium", "extraction", "usgs", 2025, None, 6e6),
    ]
    names = ["commodity", "stage", "series", "year", "quantity_t", "volume_m3"]
    frame = pd.DataFrame(rows, columns=names)
    frame = frame.assign(
        mineral=frame["commodity"],
        form="contained",
        province="CA",
        qualifier=None,
        estimated=frame["year"] == 2025,
        **LINEAGE,
    )
    return shaped(TABLES["production"], frame)


CHARTS = {
    "exports": (charts.mineral_exports, exports),
    "partners": (charts.exports_by_partner, partners),
    "balance": (charts.trade_balance, balance),
    "production": (charts.production, production),
}


@pytest.mark.parametrize("name", CHARTS)
def test_chart_draws_its_table(name, edition):
    build, table = CHARTS[name]
    assert "<svg" in drawn(build(table(), edition))


@pytest.mark.parametrize("name", CHARTS)
def test_chart_without_figures_says_so(name, edition):
    build, table = CHARTS[name]
    assert edition.label("chart-nothing-public") in drawn(build(table().head(0), edition))


@pytest.mark.parametrize("at", range(5))
def test_production_of_one_year_is_drawn(edition, at: int):
    rows = production().iloc[[at]]
    shown = drawn(charts.production(rows, edition))
    assert "<text" in shown
    assert edition.label("chart-nothing-public") not in shown


def test_output_that_has_ended_is_drawn_as_none(edition):
    rows = production().assign(quantity_t=0.0, volume_m3=None)
    assert ">0<" in drawn(charts.production(rows.iloc[2:4], edition))


def test_year_without_parts_is_one_piece(edition):
    svg = drawn(charts.mineral_exports(exports(), edition))
    assert edition.label("exports-domestic-minerals-and-metals") in svg
    assert "150.7" in svg


def test_destinations_add_up_to_the_heading(edition):
    svg = drawn(charts.exports_by_partner(partners(), edition))
    assert "6.00 (60%)" in svg
    assert "3.00 (30%)" in svg
    assert edition.label("trade-panel-no-destinations") in svg


def test_amounts_follow_the_currency_shown(edition):
    dollars = Edition("en", edition.vocabulary, DisplayCurrency("USD", "CAD"))
    rows = partners().assign(amount_usd=lambda rows: rows["amount_cad"] / 2)
    assert "3.00 (60%)" in drawn(charts.exports_by_partner(rows, dollars))
