"""Processed tables of supply: world production, concentration, and US import reliance."""

from __future__ import annotations

from typing import Final

from critical_minerals.tables import columns
from critical_minerals.tables.columns import Column, share, text
from critical_minerals.tables.schema import Table

COMMODITY: Final = text(
    "commodity", "Commodity as the source divides the mineral.", texts="commodity"
)
FORM: Final = text("form", "What is measured or traded.", texts="form")
RELEASE: Final = Column(
    "release", "Year of the release that gives the figure.", "integer", "year", minimum=1900
)
QUANTITY_T: Final = Column(
    "quantity_t", "Quantity in tonnes.", "number", "t", decimals=1, minimum=0
)
VOLUME_M3: Final = Column("volume_m3", "Volume in cubic metres.", "number", "m3", minimum=0)
SERIES: Final = text("series", "Whose series the figure belongs to.", texts="series")
HEADLINE: Final = Column(
    "headline", "Whether this form stands for its mineral where each has one line.", "flag"
)
RELIANCE_PCT: Final = share(
    "reliance_pct", "Net imports in per cent of consumption; the bound where bounded.", decimals=0
)
RELIANCE_SHOWN: Final = text(
    "reliance_shown", "Net import reliance as published: a number, a bound, or E (net exporter)."
)
PUBLISHED_SHOWN: Final = text(
    "published_shown", "Net import reliance as published, beside the recomputed one."
)
TOP_COUNTRY: Final = text("top_country", "Country with the largest share.", "place")
TOP_COUNTRIES: Final = text(
    "top_countries", "The three countries with the largest shares.", "place", many=True, ranked=True
)
TOP_PCT: Final = share("top_pct", "Share of the largest producer.")
SECOND_PCT: Final = share("second_pct", "Share of the second producer.")
THIRD_PCT: Final = share("third_pct", "Share of the third producer.")
TOP_THREE_PCT: Final = share("top_three_pct", "Share of the three largest producers together.")
NAMED_PCT: Final = share("named_pct", "Share of all producers that are named with a quantity.")
CHINA_PCT: Final = share("china_pct", "China's share.")
CANADA_PCT: Final = share("canada_pct", "Canada's share.")
LEADING_PARTNER: Final = text("leading_partner", "Largest named source of US imports.", "place")
LEADING_PCT: Final = share("leading_pct", "Share of the largest named source.", decimals=0)
CANADA_IMPORT_PCT: Final = share("canada_import_pct", "Canada's share of US imports.", decimals=0)
CANADA_RANK: Final = Column(
    "canada_rank", "Canada's rank among the named sources.", "integer", "rank", minimum=1
)
HHI: Final = Column(
    "hhi",
    "Herfindahl-Hirschman index of the named producers: its lowest possible value.",
    "number",
    "index",
    minimum=0,
    maximum=10000,
)
HHI_MOST: Final = Column(
    "hhi_most",
    "Highest possible index: all that is not named comes from one more producer.",
    "number",
    "index",
    minimum=0,
    maximum=10000.001,
)
PRIMARY_PRODUCTION: Final = Column(
    "primary_production", "Primary production, in the unit of the row.", "number", minimum=0
)
SECONDARY_PRODUCTION: Final = Column(
    "secondary_production", "Production from scrap, in the unit of the row.", "number", minimum=0
)
IMPORTS: Final = Column("imports", "Imports, in the unit of the row.", "number", minimum=0)
EXPORTS: Final = Column("exports", "Exports, in the unit of the row.", "number", minimum=0)
STOCKS_DRAWN: Final = Column(
    "stocks_drawn",
    "Fall in stocks over the year (a rise is negative), in the unit of the row.",
    "number",
)
NET_IMPORTS: Final = Column(
    "net_imports",
    "Imports less exports plus what was drawn from stocks, in the unit of the row.",
    "number",
)
CONSUMPTION: Final = Column(
    "consumption",
    "Apparent consumption, production plus net imports, in the unit of the row.",
    "number",
)
PUBLISHED_CONSUMPTION: Final = Column(
    "published_consumption",
    "Consumption as the publisher gives it, in the unit of the row.",
    "number",
    minimum=0,
)
CONSUMPTION_OUTCOME: Final = text(
    "consumption_outcome",
    "How the published consumption compares with the sum of its published parts.",
    texts="reliance-outcome",
)
COMPUTED_PCT: Final = share(
    "computed_pct", "Net imports in per cent of consumption, computed; none for a net exporter."
)
COMPUTED_SHOWN: Final = text(
    "computed_shown", "Computed reliance as the publisher would write it: whole per cent, or E."
)
LOW_PCT: Final = share(
    "low_pct", "Lowest reliance that rounding and unpublished parts allow; 0 is a net exporter."
)
HIGH_PCT: Final = share("high_pct", "Highest reliance that rounding and unpublished parts allow.")
DIFFERENCE_POINTS: Final = Column(
    "difference_points",
    "Computed less published reliance, in percentage points; none where published as a bound.",
    "number",
    "points",
    decimals=1,
)
BASIS: Final = text(
    "reliance_basis",
    "What reliance is computed from: all parts, or consumption as published where one lacks.",
    texts="reliance-basis",
)
PARTS_LACKING: Final = text(
    "parts_lacking", "Statistics that the definition counts and the publisher does not give."
)
RELIANCE_OUTCOME: Final = text(
    "reliance_outcome",
    "How published reliance compares with the computed one.",
    texts="reliance-outcome",
)
FIRST_YEAR: Final = Column("first_year", "First year counted.", "integer", "year")
LAST_YEAR: Final = Column("last_year", "Last year counted.", "integer", "year")

_GROUP: Final = (columns.MINERAL, COMMODITY, columns.STAGE, FORM)
_GROUP_KEY: Final = ("mineral", "commodity", "stage", "form")

WORLD_PRODUCTION: Final = Table(
    "world_production",
    "World production",
    "Production by commodity, stage, form, country and year, each year from the newest release "
    "that gives it, with shares of the published world total (WLD). OTHER is other countries.",
    (
        *_GROUP,
        columns.COUNTRY,
        columns.YEAR,
        RELEASE,
        QUANTITY_T,
        VOLUME_M3,
        columns.SHARE_PCT,
        columns.QUALIFIER,
        columns.ESTIMATED,
    ),
    key=(*_GROUP_KEY, "country", "year"),
    optional=("quantity_t", "volume_m3", "share_pct", "qualifier"),
)
RESERVES: Final = Table(
    "reserves",
    "Reserves",
    "Reserves by commodity, form and country, newest year; WLD is the published world total.",
    (
        columns.MINERAL,
        COMMODITY,
        FORM,
        columns.COUNTRY,
        columns.YEAR,
        QUANTITY_T,
        VOLUME_M3,
        columns.QUALIFIER,
    ),
    key=("mineral", "commodity", "form", "country", "year"),
    optional=("quantity_t", "volume_m3", "qualifier"),
)
SUPPLY_CONCENTRATION: Final = Table(
    "supply_concentration",
    "Concentration of world supply",
    "Largest producers, top-three share and Herfindahl-Hirschman index by commodity and stage, "
    "newest year, minerals of the Canadian list.",
    (
        *_GROUP,
        columns.YEAR,
        TOP_COUNTRY,
        TOP_COUNTRIES,
        TOP_PCT,
        SECOND_PCT,
        THIRD_PCT,
        TOP_THREE_PCT,
        HHI,
        HHI_MOST,
        NAMED_PCT,
        CHINA_PCT,
        CANADA_PCT,
    ),
    key=_GROUP_KEY,
    optional=("second_pct", "third_pct", "china_pct", "canada_pct"),
)
CHINA_SHARES: Final = Table(
    "china_shares",
    "China's shares, 2020 presentation and newest release",
    "China's share of world supply of six minerals: as a federal presentation of 2020 gave it "
    "(stage not stated) and as computed from the newest release (stage named).",
    (columns.MINERAL, SERIES, columns.STAGE, columns.YEAR, columns.SHARE_PCT),
    key=("mineral", "series"),
    optional=("year",),
)
US_IMPORT_RELIANCE: Final = Table(
    "us_import_reliance",
    "US net import reliance",
    "Net imports in per cent of US consumption by mineral, form and year; bounds keep their "
    "qualifier, a net exporter has no number. Canada's share and the largest source are of US "
    "imports of the same form over four years together.",
    (
        columns.MINERAL,
        FORM,
        columns.YEAR,
        RELIANCE_PCT,
        RELIANCE_SHOWN,
        columns.QUALIFIER,
        columns.ESTIMATED,
        HEADLINE,
        CANADA_IMPORT_PCT,
        LEADING_PARTNER,
    ),
    key=("mineral", "form", "year"),
    optional=("reliance_pct", "qualifier", "canada_import_pct", "leading_partner"),
)
US_IMPORT_SOURCES: Final = Table(
    "us_import_sources",
    "Sources of US imports",
    "Shares of named countries in US imports by mineral and form, over four years together.",
    (
        columns.MINERAL,
        FORM,
        columns.PARTNER,
        FIRST_YEAR,
        LAST_YEAR,
        columns.SHARE_PCT,
        columns.QUALIFIER,
        HEADLINE,
    ),
    key=("mineral", "form", "partner"),
    optional=("share_pct", "qualifier"),
)
US_RELIANCE_AND_CANADA: Final = Table(
    "us_reliance_and_canada",
    "US reliance beside Canadian supply",
    "US net import reliance in the newest year, Canada's share of US imports and the largest "
    "source, by mineral and form.",
    (
        columns.MINERAL,
        FORM,
        columns.YEAR,
        RELIANCE_PCT,
        RELIANCE_SHOWN,
        CANADA_IMPORT_PCT,
        CANADA_RANK,
        LEADING_PARTNER,
        LEADING_PCT,
        HEADLINE,
    ),
    key=("mineral", "form"),
    optional=(
        "reliance_pct",
        "canada_import_pct",
        "canada_rank",
        "leading_partner",
        "leading_pct",
    ),
)
US_SUPPLY_DEMAND: Final = Table(
    "us_supply_demand",
    "US supply and demand, and reliance recomputed",
    "US production, trade, stocks and consumption by mineral, form and year, with net import "
    "reliance as published and as its parts give it. Quantities in tonnes, of gas in cubic metres "
    "(unit). A part that is not published stays without a number.",
    (
        columns.MINERAL,
        FORM,
        columns.YEAR,
        columns.UNIT,
        PRIMARY_PRODUCTION,
        SECONDARY_PRODUCTION,
        IMPORTS,
        EXPORTS,
        STOCKS_DRAWN,
        NET_IMPORTS,
        CONSUMPTION,
        PUBLISHED_CONSUMPTION,
        CONSUMPTION_OUTCOME,
        RELIANCE_PCT,
        PUBLISHED_SHOWN,
        columns.QUALIFIER,
        COMPUTED_PCT,
        COMPUTED_SHOWN,
        LOW_PCT,
        HIGH_PCT,
        DIFFERENCE_POINTS,
        BASIS,
        PARTS_LACKING,
        RELIANCE_OUTCOME,
        columns.ESTIMATED,
        HEADLINE,
    ),
    key=("mineral", "form", "year"),
    optional=(
        "unit",
        "primary_production",
        "secondary_production",
        "imports",
        "exports",
        "stocks_drawn",
        "net_imports",
        "consumption",
        "published_consumption",
        "reliance_pct",
        "qualifier",
        "computed_pct",
        "computed_shown",
        "difference_points",
        "parts_lacking",
    ),
)

TABLES: Final = (
    WORLD_PRODUCTION,
    RESERVES,
    SUPPLY_CONCENTRATION,
    CHINA_SHARES,
    US_IMPORT_RELIANCE,
    US_IMPORT_SOURCES,
    US_RELIANCE_AND_CANADA,
    US_SUPPLY_DEMAND,
)
