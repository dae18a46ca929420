"""Raw tables of progress: indicators, exploration, projects, mines and the rare-earth chain."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import PRECISIONS, Field, RawTable

BASES: Final = ("actual", "preliminary", "intentions")
CAPABILITIES: Final = ("established", "partial", "potential", "none", "not_stated")
STEPS: Final = ("mining", "separation", "metal", "alloy", "magnet", "component", "oem")
"""Steps of the rare-earth value chain, from the ground to the product."""

_LABELS: Final = (
    Field("label_en", "What the figure is, in English."),
    Field("label_fr", "What the figure is, in French."),
)
_NAMES: Final = (
    Field("name_en", "Name of the site in English."),
    Field("name_fr", "Name of the site in French."),
)
_PRECISION: Final = Field("precision", "How exact the figure is.", choices=PRECISIONS)
_UNIT: Final = Field("unit", "Unit of the figure.", vocabulary="units")
_VALUE: Final = Field("value", "The figure.", "number")
_PROVINCE: Final = Field("province", "Province or territory.", vocabulary="places")
_LATITUDE: Final = Field(
    "latitude", "Degrees north.", "number", required=False, minimum=41, maximum=84
)
_LONGITUDE: Final = Field(
    "longitude",
    "Degrees east (west is negative).",
    "number",
    required=False,
    minimum=-142,
    maximum=-52,
)

_APPROXIMATE: Final = Field(
    "approximate",
    "Whether the position is only that of the area; blank where there is none.",
    "flag",
    required=False,
)

INDICATORS: Final = RawTable(
    "progress/indicators",
    "Headline figures on the sector, by year or period.",
    (
        Field("indicator", "Id of the indicator.", "slug"),
        *_LABELS,
        _VALUE,
        _UNIT,
        Field("period", "Year or span of years that the figure is of, or `undated`."),
        Field("scope", "What part of the economy the figure covers.", "slug"),
        _PRECISION,
    ),
    key=("indicator", "period"),
)
EXPLORATION: Final = RawTable(
    "progress/exploration",
    "Spending on mineral exploration and deposit appraisal.",
    (
        Field("category", "What was sought.", choices=("total", "base_metals", "precious_metals")),
        *_LABELS,
        Field("year", "Calendar year.", "year"),
        Field("basis", "Whether the money was spent, estimated or intended.", choices=BASES),
        Field("amount_cad", "Amount in Canadian dollars.", "number", minimum=0),
        Field(
            "share_pct",
            "Published share of all exploration spending.",
            "number",
            required=False,
            minimum=0,
            maximum=100,
        ),
        _PRECISION,
    ),
    key=("category", "year", "basis"),
)
MAJOR_PROJECTS: Final = RawTable(
    "progress/major_projects",
    "Counts and values of major projects, by inventory.",
    (
        Field("inventory", "Which inventory.", "slug"),
        Field(
            "scope",
            "What the figure covers.",
            choices=("all_natural_resources", "mining", "critical_minerals"),
        ),
        Field("measure", "What is counted.", "slug"),
        *_LABELS,
        Field("period_start", "First year.", "year"),
        Field("period_end", "Last year.", "year"),
        _VALUE,
        _UNIT,
        _PRECISION,
    ),
    key=("inventory", "scope", "measure", "period_start", "period_end"),
)
MINES: Final = RawTable(
    "progress/mines",
    "Mines and mills in operation, with coordinates.",
    (
        Field("site", "Id of the site.", "slug"),
        *_NAMES,
        Field("kind", "What it is.", choices=("mine", "mill")),
        Field("operator", "Company that runs it."),
        _PROVINCE,
        Field("minerals", "What it yields.", vocabulary="minerals", many=True),
        _LATITUDE,
        _LONGITUDE,
        _APPROXIMATE,
        Field("status", "What state it is in.", choices=("operating",)),
    ),
    key=("site",),
)
PLANNED_PROJECTS: Final = RawTable(
    "progress/planned_projects",
    "Projects planned, proposed or under construction.",
    (
        Field("site", "Id of the project.", "slug"),
        *_NAMES,
        Field("proponent", "Who proposes it."),
        Field("kind", "What it is.", choices=("mine", "processing", "infrastructure")),
        _PROVINCE,
        Field("minerals", "What it would yield.", required=False, vocabulary="minerals", many=True),
        Field("stage", "How far it is.", choices=("referred", "under_construction")),
        Field("stage_en", "How far it is, in English."),
        Field("stage_fr", "How far it is, in French."),
        Field("referred", "Day of referral to the Major Projects Office.", "day", required=False),
        Field("cost", "Capital cost.", "number", required=False, minimum=0),
        Field("currency", "Currency of the cost.", required=False, choices=("CAD", "USD")),
        Field("cost_year", "Year of the cost estimate.", "year", required=False),
        Field("precision", "How exact the cost is.", required=False, choices=PRECISIONS),
        _LATITUDE,
        _LONGITUDE,
        _APPROXIMATE,
    ),
    key=("site",),
)
PLANNED_OUTPUT: Final = RawTable(
    "progress/planned_output",
    "What planned projects would yield, and for how long.",
    (
        Field("site", "Id of the project.", "slug"),
        Field("measure", "What is measured.", "slug"),
        *_LABELS,
        _VALUE,
        _UNIT,
        _PRECISION,
    ),
    key=("site", "measure"),
)
RARE_EARTH_CHAIN: Final = RawTable(
    "progress/rare_earth_chain",
    "Who can do what along the rare-earth value chain.",
    (
        Field("step", "Step of the chain.", choices=STEPS),
        Field("order", "Place of the step in the chain, from 1.", "integer", minimum=1, maximum=7),
        Field("step_en", "The step in English."),
        Field("step_fr", "The step in French."),
        Field("country", "Country or bloc.", vocabulary="places"),
        Field("capability", "How far the country can do it.", choices=CAPABILITIES),
    ),
    key=("step", "country"),
)

TABLES: Final[tuple[RawTable, ...]] = (
    INDICATORS,
    EXPLORATION,
    MAJOR_PROJECTS,
    MINES,
    PLANNED_PROJECTS,
    PLANNED_OUTPUT,
    RARE_EARTH_CHAIN,
)
