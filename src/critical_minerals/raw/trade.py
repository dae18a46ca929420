"""Raw tables of trade: what Canada exports, imports and produces."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import PRECISIONS, QUALIFIERS, Field, RawTable

EXPORT_CATEGORIES: Final = (
    "merchandise_total",
    "minerals_and_metals",
    "metals",
    "non_metals",
    "coal",
    "other_exports",
    "domestic_minerals_and_metals",
)

_HS_CODE: Final = Field(
    "hs_code", "Code of the Harmonized System: four, six, eight or ten digits, or TOTAL."
)
_MINERAL: Final = Field(
    "mineral",
    "Mineral; blank for totals and for headings that cover several minerals.",
    vocabulary="minerals",
    required=False,
)
_PARTNER: Final = Field("partner", "Partner country; WLD for all countries.", vocabulary="places")
_VALUE: Final = Field("value_cad", "Value in Canadian dollars.", "number", minimum=0)

MINERAL_EXPORTS: Final = RawTable(
    "trade/mineral_exports",
    "Canada's exports of minerals and metals beside all exports, by year.",
    (
        Field("category", "What is counted.", choices=EXPORT_CATEGORIES),
        Field("year", "Calendar year.", "year"),
        _VALUE,
        Field("precision", "How exact the published figure is.", choices=PRECISIONS),
        Field(
            "part_of",
            "Category that this one is a part of.",
            required=False,
            choices=EXPORT_CATEGORIES,
        ),
    ),
    key=("category", "year"),
)
DOMESTIC_EXPORTS: Final = RawTable(
    "trade/domestic_exports",
    "Domestic exports (no re-exports) by commodity and destination, by year.",
    (
        _HS_CODE,
        Field("commodity_en", "Name of the commodity in English."),
        Field("commodity_fr", "Name of the commodity in French."),
        _MINERAL,
        _PARTNER,
        Field("year", "Calendar year.", "year"),
        _VALUE,
    ),
    key=("hs_code", "partner", "year"),
)
MERCHANDISE_TRADE: Final = RawTable(
    "trade/merchandise_trade",
    "Exports and imports by commodity over a span of months, in total.",
    (
        _HS_CODE,
        _MINERAL,
        Field("form_en", "Form of the commodity in English."),
        Field("form_fr", "Form of the commodity in French."),
        Field("flow", "Direction of trade.", choices=("import", "export")),
        _PARTNER,
        Field("period_start", "First month counted.", "date"),
        Field("period_end", "Last month counted.", "date"),
        _VALUE,
    ),
    key=("hs_code", "flow", "partner", "period_start", "period_end"),
)
PRODUCTION: Final = RawTable(
    "trade/production",
    "Production of minerals in Canada and its provinces, from Canadian sources.",
    (
        Field("mineral", "Mineral.", vocabulary="minerals"),
        Field("stage", "Stage of production.", choices=("mine", "smelter", "refinery", "all")),
        Field("form", "What is measured.", "slug"),
        Field("province", "Province or territory; CA for Canada.", vocabulary="places"),
        Field("year", "Calendar year.", "year"),
        Field("quantity", "Quantity in the unit beside it.", "number", required=False, minimum=0),
        Field("unit", "Unit of the quantity.", vocabulary="units", dimensions=("mass", "volume")),
        Field(
            "qualifier",
            "What keeps the figure from being plain.",
            required=False,
            choices=QUALIFIERS,
        ),
        Field("estimated", "Whether the publisher calls the figure an estimate.", "flag"),
    ),
    key=("mineral", "stage", "form", "province", "year"),
    series=("mineral", "stage", "form"),
)

TABLES: Final[tuple[RawTable, ...]] = (
    MINERAL_EXPORTS,
    DOMESTIC_EXPORTS,
    MERCHANDISE_TRADE,
    PRODUCTION,
)
