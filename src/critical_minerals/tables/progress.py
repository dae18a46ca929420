"""Processed tables of progress: indicators, exploration, projects, sites, rare-earth chain."""

from __future__ import annotations

from typing import Final

import pandera.pandas as pa

from critical_minerals.tables import columns
from critical_minerals.tables.columns import Column, text
from critical_minerals.tables.schema import Table

INDICATOR: Final = text("indicator", "Id of the indicator.")
INDICATOR_EN: Final = text("indicator_en", "What the figure is, in English.")
INDICATOR_FR: Final = text("indicator_fr", "What the figure is, in French.")
PERIOD: Final = text("period", "Year or span of years that a figure is of, or `undated`.")
COVERAGE: Final = text("coverage", "What part of the economy a figure covers.", texts="coverage")
SPENDING_BASIS: Final = text(
    "spending_basis", "Whether money was spent, estimated or intended.", texts="spending-basis"
)
EXPLORATION_CATEGORY: Final = text(
    "exploration_category", "What was sought.", texts="exploration-category"
)
CHOSEN: Final = Column("chosen", "Whether this is the newest figure for its year.", "flag")
INVENTORY: Final = text("inventory", "Inventory of projects.", texts="inventory")
PROJECT_MEASURE: Final = text("project_measure", "What is counted.", texts="project-measure")
PERIOD_START: Final = Column(
    "period_start", "First year.", "integer", "year", minimum=1900, maximum=2100
)
PERIOD_END: Final = Column(
    "period_end", "Last year.", "integer", "year", minimum=1900, maximum=2100
)
SITE: Final = text("site", "Id of the mine or project.")
SITE_EN: Final = text("site_en", "Name of the site in English.")
SITE_FR: Final = text("site_fr", "Name of the site in French.")
SITE_KIND: Final = text("site_kind", "What kind of site.", texts="site-kind")
SITE_STATUS: Final = text("site_status", "How far the site is.", texts="site-status")
COMPANY: Final = text("company", "Company that runs or proposes the site.")
MAIN_MINERAL: Final = text(
    "main_mineral", "The mineral that the site is shown under; blank for infrastructure.", "mineral"
)
REFERRED: Final = Column("referred", "Day of referral to the Major Projects Office.", "day")
COST_MILLION_CAD: Final = columns.amount(
    "cost_million_cad", "Capital cost in millions of Canadian dollars.", "million CAD"
)
COST_YEAR: Final = Column(
    "cost_year", "Year of the cost estimate.", "integer", "year", minimum=1900, maximum=2100
)
LATITUDE: Final = Column(
    "latitude", "Degrees north.", "number", "degrees", decimals=2, minimum=41, maximum=84
)
LONGITUDE: Final = Column(
    "longitude", "Degrees east.", "number", "degrees", decimals=2, minimum=-142, maximum=-52
)
APPROXIMATE: Final = Column("approximate", "Whether the position is approximate.", "flag")
OUTPUT_EN: Final = text("output_en", "What is planned, in English.")
OUTPUT_FR: Final = text("output_fr", "What is planned, in French.")
STEP: Final = text("step", "Step of the rare-earth value chain.", texts="step")
STEP_ORDER: Final = Column("step_order", "Place of the step in the chain.", "integer", minimum=1)
CAPABILITY: Final = text("capability", "How far a country can do it.", texts="capability")

INDICATORS: Final = Table(
    "indicators",
    "Headline indicators",
    "Headline figures on the minerals sector and on critical minerals, by year or period.",
    own=(
        INDICATOR,
        INDICATOR_EN,
        INDICATOR_FR,
        PERIOD,
        columns.VALUE,
        columns.UNIT,
        columns.PRECISION,
        COVERAGE,
        columns.AS_OF,
    ),
    key=("indicator", "period"),
)
EXPLORATION: Final = Table(
    "exploration",
    "Exploration spending",
    "Spending on mineral exploration and deposit appraisal in Canada: first estimates, intentions "
    "and final figures, with the newest figure for each year marked as chosen.",
    own=(
        EXPLORATION_CATEGORY,
        columns.YEAR,
        SPENDING_BASIS,
        columns.AMOUNT_CAD,
        columns.SHARE_PCT,
        CHOSEN,
        columns.PRECISION,
        columns.AS_OF,
    ),
    key=("exploration_category", "year", "spending_basis"),
    optional=("share_pct", "precision"),
    checks=(
        pa.Check(
            lambda frame: (
                frame.groupby(["exploration_category", "year"])["chosen"].transform("sum") == 1
            ),
            error="one chosen figure for each category and year",
        ),
    ),
)
MAJOR_PROJECTS: Final = Table(
    "major_projects",
    "Major projects",
    "How many major projects are under way or planned and what they are worth: all natural "
    "resources by year, mining and critical minerals by inventory.",
    own=(
        INVENTORY,
        COVERAGE,
        PROJECT_MEASURE,
        PERIOD_START,
        PERIOD_END,
        columns.VALUE,
        columns.UNIT,
        columns.PRECISION,
        columns.AS_OF,
    ),
    key=("inventory", "coverage", "project_measure", "period_start", "period_end"),
)
SITES: Final = Table(
    "sites",
    "Mines and projects",
    "Mines and mills in operation and projects that are planned or under construction, with their "
    "position where one is known.",
    own=(
        SITE,
        SITE_EN,
        SITE_FR,
        SITE_KIND,
        SITE_STATUS,
        COMPANY,
        columns.PROVINCE,
        columns.MINERALS,
        MAIN_MINERAL,
        REFERRED,
        COST_MILLION_CAD,
        COST_YEAR,
        columns.PRECISION,
        LATITUDE,
        LONGITUDE,
        APPROXIMATE,
        columns.AS_OF,
    ),
    key=("site",),
    optional=(
        "minerals",
        "main_mineral",
        "referred",
        "cost_million_cad",
        "cost_year",
        "precision",
        "latitude",
        "longitude",
        "approximate",
    ),
)
PLANNED_OUTPUT: Final = Table(
    "planned_output",
    "Planned output",
    "What planned projects would yield and for how long, as their proponents state it.",
    own=(
        SITE,
        PROJECT_MEASURE,
        OUTPUT_EN,
        OUTPUT_FR,
        columns.VALUE,
        columns.UNIT,
        columns.PRECISION,
        columns.AS_OF,
    ),
    key=("site", "project_measure"),
)
RARE_EARTH_CHAIN: Final = Table(
    "rare_earth_chain",
    "Rare-earth value chain",
    "How far each country can do each step from mining rare earths to the finished product.",
    own=(STEP, STEP_ORDER, columns.COUNTRY, CAPABILITY, columns.AS_OF),
    key=("step_order", "country"),
)

TABLES: Final = (
    INDICATORS,
    EXPLORATION,
    MAJOR_PROJECTS,
    SITES,
    PLANNED_OUTPUT,
    RARE_EARTH_CHAIN,
)
