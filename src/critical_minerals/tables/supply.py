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
QUANTITY_T: Final = Column("quantity_t", "Quantity in tonnes.", "number", decimals=1, minimum=0)
VOLUME_M3: Final = Column("volume_m3", "Volume in cubic metres.", "number", minimum=0)
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

TABLES: Final = (
    WORLD_PRODUCTION,
    RESERVES,
    SUPPLY_CONCENTRATION,
    CHINA_SHARES,
    US_IMPORT_RELIANCE,
    US_IMPORT_SOURCES,
    US_RELIANCE_AND_CANADA,
)
