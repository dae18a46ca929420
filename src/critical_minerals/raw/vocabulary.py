"""Raw tables of names: sources, minerals, places, programmes, units, acronyms, rates."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import Field, RawTable

SOURCES: Final = RawTable(
    "sources",
    "Every source document with its publisher, terms of use and tier.",
    (
        Field("source_id", "Short name of the source, used by every figure."),
        Field("title", "Title of the document."),
        Field(
            "title_language",
            "Language of the title; English where it does not say.",
            choices=("en", "fr"),
            required=False,
        ),
        Field("publisher", "Who published it."),
        Field("publisher_fr", "Its French name, if it has one.", required=False),
        Field("url", "Address.", "address", required=False),
        Field("published", "Day, month or year of publication.", "date", required=False),
        Field("terms", "Licence or terms of use."),
        Field("terms_fr", "The terms in French, where they differ.", required=False),
        Field(
            "tier",
            "How close the source is to the figure's origin.",
            choices=("official", "republished", "reported", "secondary"),
        ),
        Field("note", "Short remark.", required=False),
    ),
    key=("source_id",),
    provenance=False,
    looked_up=True,
)

_NAMES: Final = (
    Field("name_en", "English name."),
    Field("name_fr", "French name."),
)
_ALIASES: Final = Field("aliases", "Other spellings met in sources.", required=False, many=True)

MINERALS: Final = RawTable(
    "vocabulary/minerals",
    "Minerals, and which lists of critical minerals they stand on.",
    (
        Field("mineral", "Id of the mineral.", "slug"),
        *_NAMES,
        Field("symbol", "Chemical symbol.", required=False),
        Field("group", "Family of minerals.", required=False),
        Field("part_of", "Mineral that this one is counted in.", "slug", required=False),
        Field("on_canada_2024", "On the Canadian list of 2024.", "flag"),
        Field("on_canada_2021", "On the Canadian list of 2021.", "flag"),
        Field("priority", "One of the six initial priorities of the 2022 Strategy.", "flag"),
        Field("on_us_2025", "On the US list of 2025.", "flag"),
        Field("hs_codes", "Codes of the Harmonized System.", required=False, many=True),
        _ALIASES,
    ),
    key=("mineral",),
    timeless=True,
    looked_up=True,
)
PLACES: Final = RawTable(
    "vocabulary/places",
    "Countries, provinces, blocs and organizations.",
    (
        Field("place_id", "ISO 3166 code, or the short name of an organization."),
        Field(
            "kind",
            "What sort of place.",
            choices=("country", "province", "territory", "bloc", "region", "organization"),
        ),
        Field("iso3", "ISO 3166-1 alpha-3 code.", required=False),
        *_NAMES,
        _ALIASES,
    ),
    key=("place_id",),
    timeless=True,
    looked_up=True,
)
PROGRAMMES: Final = RawTable(
    "vocabulary/programmes",
    "Funding programmes and who runs them.",
    (
        Field("programme", "Id of the programme.", "slug"),
        *_NAMES,
        Field("acronym_en", "English acronym.", required=False),
        Field("acronym_fr", "French acronym.", required=False),
        Field("department_en", "Responsible organization, in English."),
        Field("department_fr", "Responsible organization, in French."),
        Field("jurisdiction", "Who pays.", choices=("federal", "provincial", "international")),
        Field("parent", "Programme that this one belongs to.", "slug", required=False),
    ),
    key=("programme",),
    timeless=True,
    looked_up=True,
)
UNITS: Final = RawTable(
    "vocabulary/units",
    "Units of measure and their factor to the base unit of their dimension.",
    (
        Field("unit", "Id of the unit."),
        Field("dimension", "What it measures."),
        *_NAMES,
        Field("symbol_en", "English symbol.", required=False),
        Field("symbol_fr", "French symbol.", required=False),
        Field(
            "factor_to_base", "Base units in one of this unit.", "number", required=False, minimum=0
        ),
    ),
    key=("unit",),
    timeless=True,
    looked_up=True,
)
ACRONYMS: Final = RawTable(
    "vocabulary/acronyms",
    "Acronyms of the report that are no programme's, spelled out.",
    (
        Field("acronym", "Id of the acronym.", "slug"),
        Field("kind", "What sort of thing.", choices=("body", "concept", "code")),
        *_NAMES,
        Field("acronym_en", "English acronym."),
        Field("acronym_fr", "French acronym."),
    ),
    key=("acronym",),
    timeless=True,
    looked_up=True,
)
EXCHANGE_RATES: Final = RawTable(
    "exchange_rates",
    "Annual average exchange rates.",
    (
        Field("currency", "Foreign currency.", choices=("USD",)),
        Field("year", "Calendar year.", "year"),
        Field("cad_per_unit", "Canadian dollars for one unit.", "number", minimum=0),
    ),
    key=("currency", "year"),
    looked_up=True,
)

TABLES: Final = (SOURCES, MINERALS, PLACES, PROGRAMMES, UNITS, ACRONYMS, EXCHANGE_RATES)
