"""Processed tables of trade: exports, trade by commodity, and production in Canada."""

from __future__ import annotations

from typing import Final

from critical_minerals.tables import columns
from critical_minerals.tables.columns import amount, share, text
from critical_minerals.tables.schema import Table
from critical_minerals.tables.supply import COMMODITY, FORM, QUANTITY_T, SERIES, VOLUME_M3

CATEGORY: Final = text("category", "What is counted.", texts="exports")
IN_CATEGORY: Final = text("in_category", "Category that this one is a part of.", texts="exports")
OF_MERCHANDISE_PCT: Final = share("of_merchandise_pct", "Share of all merchandise exports.")
HS_CODE: Final = text("hs_code", "Code of the Harmonized System, or TOTAL.")
COMMODITY_EN: Final = text("commodity_en", "Name of the commodity in English.")
COMMODITY_FR: Final = text("commodity_fr", "Name of the commodity in French.")
FORM_EN: Final = text("form_en", "Form of the commodity in English.")
FORM_FR: Final = text("form_fr", "Form of the commodity in French.")
FLOW: Final = text("flow", "Direction of trade.", texts="flow")
FIRST_MONTH: Final = text("first_month", "First month counted.")
LAST_MONTH: Final = text("last_month", "Last month counted.")
EXPORTS_CAD: Final = amount("exports_cad", "Exports in Canadian dollars.")
IMPORTS_CAD: Final = amount("imports_cad", "Imports in Canadian dollars.")

MINERAL_EXPORTS: Final = Table(
    "mineral_exports",
    "Mineral and metal exports",
    "Canada's exports of minerals and metals beside all merchandise exports, by year. Totals and "
    "their parts stand side by side: never sum the column.",
    (
        CATEGORY,
        columns.YEAR,
        columns.AMOUNT_CAD,
        columns.PRECISION,
        IN_CATEGORY,
        OF_MERCHANDISE_PCT,
    ),
    key=("category", "year"),
    optional=("in_category", "of_merchandise_pct"),
)
DOMESTIC_EXPORTS: Final = Table(
    "domestic_exports",
    "Domestic exports by commodity and destination",
    "Domestic exports (no re-exports) by code of the Harmonized System and destination. WLD is "
    "the total, OTHER what the named destinations leave of it; six-digit codes are parts of their "
    "four-digit heading.",
    (
        HS_CODE,
        COMMODITY_EN,
        COMMODITY_FR,
        columns.MINERAL,
        columns.PARTNER,
        columns.YEAR,
        columns.AMOUNT_CAD,
        columns.SHARE_PCT,
    ),
    key=("hs_code", "partner", "year"),
    optional=("mineral",),
)
MERCHANDISE_TRADE: Final = Table(
    "merchandise_trade",
    "Trade by commodity over a span of months",
    "Exports and imports by code of the Harmonized System, in total over the months counted.",
    (
        HS_CODE,
        columns.MINERAL,
        FORM_EN,
        FORM_FR,
        FLOW,
        columns.PARTNER,
        FIRST_MONTH,
        LAST_MONTH,
        columns.AMOUNT_CAD,
    ),
    key=("hs_code", "flow", "partner", "first_month", "last_month"),
    optional=("mineral",),
)
TRADE_BY_MINERAL: Final = Table(
    "trade_by_mineral",
    "Exports and imports by mineral over a span of months",
    "Sums of the commodities read for each mineral; commodities that cover several minerals are "
    "left out.",
    (columns.MINERAL, FIRST_MONTH, LAST_MONTH, EXPORTS_CAD, IMPORTS_CAD),
    key=("mineral", "first_month", "last_month"),
)
PRODUCTION: Final = Table(
    "production",
    "Production in Canada",
    "Production of minerals in Canada (CA) and its provinces by year, each year from the newest "
    "release of its series. Provinces do not add up to Canada where some are suppressed.",
    (
        columns.MINERAL,
        COMMODITY,
        columns.STAGE,
        FORM,
        SERIES,
        columns.PROVINCE,
        columns.YEAR,
        QUANTITY_T,
        VOLUME_M3,
        columns.QUALIFIER,
        columns.ESTIMATED,
    ),
    key=("mineral", "commodity", "stage", "form", "series", "province", "year"),
    optional=("quantity_t", "volume_m3", "qualifier"),
)

TABLES: Final = (
    MINERAL_EXPORTS,
    DOMESTIC_EXPORTS,
    MERCHANDISE_TRADE,
    TRADE_BY_MINERAL,
    PRODUCTION,
)
