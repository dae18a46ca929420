"""Raw tables of funding: envelopes, results, limits, tax measures and awards."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import PRECISIONS, Field, RawTable

CURRENCIES: Final = ("CAD", "USD")
ROLES: Final = ("total", "part", "addition", "package")
"""What an envelope row is to its programme.

`total` is the programme's whole money, `part` lies within it, `addition` comes on top of it,
`package` is an announcement that bundles several programmes.
"""
INSTRUMENTS: Final = (
    "contribution",
    "grant",
    "loan",
    "equity",
    "letter_of_interest",
    "offtake",
    "not_stated",
)
STATUSES: Final = ("announced", "conditional", "contracted", "letter_of_interest")
JURISDICTIONS: Final = ("federal", "provincial", "joint", "foreign", "not_stated")

_PROGRAMME: Final = Field("programme", "Funding programme.", "slug", vocabulary="programmes")
_MEASURE: Final = Field("measure", "Short name of the figure within its programme.", "slug")
_LABELS: Final = (
    Field("label_en", "What the figure is, in English."),
    Field("label_fr", "What the figure is, in French."),
)
_AMOUNT: Final = (
    Field("amount", "Amount of money.", "number", minimum=0),
    Field("currency", "Currency of the amount.", choices=CURRENCIES),
)
_VALUE: Final = (
    Field("value", "Figure.", "number", minimum=0),
    Field("unit", "Unit of the figure.", vocabulary="units"),
)
_PRECISION: Final = Field("precision", "How exact the source is.", choices=PRECISIONS)
_PERIOD: Final = (
    Field("period_start", "First day covered.", "day", required=False),
    Field("period_end", "Last day covered.", "day", required=False),
)
_MINERALS: Final = Field(
    "minerals", "Minerals named by the source.", required=False, vocabulary="minerals", many=True
)
_KEY: Final = ("programme", "measure")

ENVELOPES: Final = RawTable(
    "funding/envelopes",
    "Money made available, programme by programme.",
    (
        _PROGRAMME,
        _MEASURE,
        *_LABELS,
        *_AMOUNT,
        _PRECISION,
        Field("role", "What the row is to its programme.", choices=ROLES),
        Field("part_of", "Envelope that holds this money (programme:measure).", required=False),
        Field("same_as", "Envelope that is this money by another name.", required=False),
        Field("absorbs", "Envelope whose remainder this one takes in.", required=False),
        *_PERIOD,
    ),
    key=_KEY,
)
RESULTS: Final = RawTable(
    "funding/results",
    "What programmes have done: counts, and amounts (measures `committed...`).",
    (_PROGRAMME, _MEASURE, *_LABELS, *_VALUE, _PRECISION, *_PERIOD),
    key=_KEY,
)
LIMITS: Final = RawTable(
    "funding/limits",
    "Ceilings that a programme sets.",
    (_PROGRAMME, _MEASURE, *_LABELS, *_VALUE, _PRECISION),
    key=_KEY,
)
TAX_MEASURES: Final = RawTable(
    "funding/tax_measures",
    "Tax credits: rates, thresholds, coverage.",
    (
        _PROGRAMME,
        _MEASURE,
        *_LABELS,
        *_VALUE,
        _PRECISION,
        Field("effective_from", "First day on which it holds.", "day", required=False),
        Field("effective_to", "Last day on which it holds.", "day", required=False),
        _MINERALS,
    ),
    key=_KEY,
)
AWARDS: Final = RawTable(
    "funding/awards",
    "Funded projects: one row per published statement, statements of one award share its id.",
    (
        Field("award_id", "Id of the award.", "slug"),
        Field("recipient", "Who receives the money, as the source writes it."),
        Field("recipient_fr", "The recipient's French name, if it has one.", required=False),
        _PROGRAMME,
        *_AMOUNT,
        _PRECISION,
        Field("announced", "Day, month or year of the announcement.", "date", required=False),
        Field(
            "provinces",
            "Provinces and territories of the project.",
            required=False,
            vocabulary="places",
            many=True,
        ),
        _MINERALS,
        Field("project_en", "What the money is for, in English.", required=False),
        Field("project_fr", "What the money is for, in French.", required=False),
        Field("instrument", "Form of the money.", choices=INSTRUMENTS),
        Field("status", "How firm the award is.", choices=STATUSES),
        Field("jurisdiction", "Which government pays.", choices=JURISDICTIONS),
    ),
    key=("award_id", "source_id"),
)

TABLES: Final = (ENVELOPES, RESULTS, LIMITS, TAX_MEASURES, AWARDS)
