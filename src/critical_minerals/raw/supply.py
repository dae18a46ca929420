"""Raw tables of supply: who produces, who holds reserves, and on whom the United States relies."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import PRECISIONS, QUALIFIERS, Field, RawTable

STAGES: Final = (
    "mine",
    "smelter",
    "refinery",
    "plant",
    "primary",
    "extraction",
    "not_stated",
)

STATISTICS: Final = (
    "primary_production",
    "secondary_production",
    "imports",
    "exports",
    "stocks",
    "stockpile_release",
    "consumption",
)
"""What the publisher's definition of apparent consumption counts, and its result."""

_MINERAL: Final = Field("mineral", "Mineral.", vocabulary="minerals")
_COMMODITY: Final = Field("commodity", "Commodity as the source divides the mineral.", "slug")
_FORM: Final = Field("form", "What is measured or traded.", "slug")
_COUNTRY: Final = Field(
    "country",
    "Country; WLD for the published world total, OTHER for other countries.",
    vocabulary="places",
)
_PARTNER: Final = Field(
    "partner", "Country of origin; OTHER for other countries.", vocabulary="places"
)
_YEAR: Final = Field("year", "Calendar year.", "year")
_QUANTITY: Final = (
    Field("quantity", "Quantity in the unit beside it.", "number", required=False, minimum=0),
    Field("unit", "Unit of the quantity.", vocabulary="units", dimensions=("mass", "volume")),
)
_QUALIFIER: Final = Field(
    "qualifier", "What keeps the figure from being plain.", required=False, choices=QUALIFIERS
)
_ESTIMATED: Final = Field(
    "estimated", "Whether the publisher calls the figure an estimate.", "flag"
)
_HEADLINE: Final = Field(
    "headline", "Whether this is the one form shown where a mineral has one line.", "flag"
)
_SHARE: Final = Field(
    "share_pct", "Share in per cent.", "number", required=False, minimum=0, maximum=100
)

WORLD_PRODUCTION: Final = RawTable(
    "supply/world_production",
    "World production by commodity, stage, form and country, in every release that gives it.",
    (
        _MINERAL,
        _COMMODITY,
        Field("stage", "Stage of production.", choices=STAGES),
        _FORM,
        _COUNTRY,
        _YEAR,
        Field("release", "Year of the release that gives the figure.", "year"),
        *_QUANTITY,
        _QUALIFIER,
        _ESTIMATED,
    ),
    key=("mineral", "commodity", "stage", "form", "country", "year", "release"),
    series=("mineral", "commodity", "stage", "form"),
)
RESERVES: Final = RawTable(
    "supply/reserves",
    "Reserves by commodity, form and country.",
    (_MINERAL, _COMMODITY, _FORM, _COUNTRY, _YEAR, *_QUANTITY, _QUALIFIER),
    key=("mineral", "commodity", "form", "country", "year"),
    series=("mineral", "commodity", "form"),
)
CHINA_SHARES_2020: Final = RawTable(
    "supply/china_shares_2020",
    "China's shares of world production as a federal presentation of 2020 gave them.",
    (
        _MINERAL,
        _SHARE,
        Field("precision", "How exact the published figure is.", choices=PRECISIONS),
        Field("stage", "Stage of production.", choices=STAGES),
    ),
    key=("mineral", "stage"),
)
US_IMPORT_RELIANCE: Final = RawTable(
    "supply/us_import_reliance",
    "US net import reliance in per cent of consumption, by mineral, form and year.",
    (
        _MINERAL,
        _FORM,
        _YEAR,
        Field(
            "reliance_pct",
            "Net imports in per cent of consumption; the bound where the figure is bounded.",
            "number",
            required=False,
            minimum=0,
            maximum=100,
        ),
        _QUALIFIER,
        _ESTIMATED,
        _HEADLINE,
    ),
    key=("mineral", "form", "year"),
)
US_IMPORT_SOURCES: Final = RawTable(
    "supply/us_import_sources",
    "Shares of named countries in US imports, over four years together.",
    (
        _MINERAL,
        _FORM,
        _PARTNER,
        Field("period_start", "First year counted.", "year"),
        Field("period_end", "Last year counted.", "year"),
        _SHARE,
        _QUALIFIER,
        _HEADLINE,
    ),
    key=("mineral", "form", "partner", "period_start", "period_end"),
)
US_SALIENT: Final = RawTable(
    "supply/us_salient",
    "US production, trade, stocks and consumption: the parts that the publisher's definition of "
    "net import reliance counts, each on its own row; a part without a number is not published.",
    (
        _MINERAL,
        _FORM,
        Field("statistic", "What is measured.", choices=STATISTICS),
        Field("part", "Which part of it.", "slug"),
        _YEAR,
        Field(
            "quantity",
            "Quantity in the unit beside it, of stocks at year-end; a release into stocks is "
            "negative.",
            "number",
            required=False,
        ),
        Field("unit", "Unit of the quantity.", vocabulary="units"),
        Field(
            "rounded_to",
            "Step to which the publisher rounds the quantity; blank where it is exact.",
            "number",
            required=False,
            minimum=0,
        ),
        _QUALIFIER,
        _ESTIMATED,
    ),
    key=("mineral", "form", "statistic", "part", "year"),
)

TABLES: Final[tuple[RawTable, ...]] = (
    WORLD_PRODUCTION,
    RESERVES,
    CHINA_SHARES_2020,
    US_IMPORT_RELIANCE,
    US_IMPORT_SOURCES,
    US_SALIENT,
)
