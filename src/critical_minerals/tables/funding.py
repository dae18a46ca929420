"""Processed tables of funding."""

from __future__ import annotations

from typing import Final

from critical_minerals.tables import columns
from critical_minerals.tables.columns import Column, amount, share, text
from critical_minerals.tables.schema import Table

FIGURE: Final = text("figure", "Short name of the figure within its programme.")
JURISDICTION: Final = text("jurisdiction", "Which government pays.", texts="jurisdiction")
ROLE: Final = text("envelope_role", "What the envelope is to its programme.", texts="envelope-role")
SHARING: Final = text(
    "sharing", "Whether the award names this entry alone or with others.", texts="sharing"
)
AWARD_COUNT: Final = Column("awards", "Number of awards.", "integer", minimum=0)
_COVERS: Final = (
    Column("covers_from", "First day that the figure covers.", "day"),
    Column("covers_to", "Last day that the figure covers.", "day"),
)
_ENVELOPE: Final = (
    text("envelope_en", "What the money is, in English."),
    text("envelope_fr", "What the money is, in French."),
)
_RESULT: Final = (
    text("result_en", "What the figure is, in English."),
    text("result_fr", "What the figure is, in French."),
)
_REPORTED: Final = Column("reported_value", "Figure in the unit beside it.", "number", minimum=0)
_PROJECT: Final = (
    text("project_en", "What the money is for, in English."),
    text("project_fr", "What the money is for, in French."),
)
_DEPARTMENT: Final = (
    text("department_en", "Responsible organization, in English."),
    text("department_fr", "Responsible organization, in French."),
)

ENVELOPES: Final = Table(
    "funding_envelopes",
    "Money made available",
    "Envelopes of the programmes, with how each relates to the others. Never sum over roles: parts "
    "lie within totals, packages bundle totals, and `same_as` rows are one sum of money.",
    (
        columns.PROGRAMME,
        FIGURE,
        *_ENVELOPE,
        JURISDICTION,
        ROLE,
        columns.AMOUNT_CAD,
        columns.PRECISION,
        text("part_of", "Envelope that holds this money (programme:figure)."),
        text("same_as", "Envelope that is this money by another name."),
        text("absorbs", "Envelope whose remainder this one takes in."),
        *_COVERS,
        columns.AS_OF,
    ),
    key=("programme", "figure"),
    optional=("part_of", "same_as", "absorbs", "covers_from", "covers_to"),
)
PROGRAMME_FUNDING: Final = Table(
    "programme_funding",
    "Programmes, their money and what is known to be committed",
    "One row per programme. Money stands in one row only, except where `within` or `overlaps` "
    "names the other programme: never sum such rows.",
    (
        columns.PROGRAMME,
        *_DEPARTMENT,
        JURISDICTION,
        amount("envelope_cad", "Whole envelope in Canadian dollars."),
        text("envelope_precision", "How exact the envelope is.", texts="precision"),
        amount("committed_cad", "Known commitments in Canadian dollars."),
        text("committed_precision", "How exact the commitments are.", texts="precision"),
        text("committed_basis", "What the commitments rest on.", texts="committed-basis"),
        share("committed_pct", "Known commitments in per cent of the envelope."),
        text("within", "Programme whose money holds this programme's.", "programme"),
        text("overlaps", "Programme whose remaining money stands in both rows.", "programme"),
        Column("projects", "Projects and initiatives reported.", "integer", minimum=0),
        Column(
            "envelope_cad_million",
            "Envelope in millions.",
            "number",
            "million CAD",
            decimals=1,
            minimum=0,
        ),
        Column(
            "committed_cad_million",
            "Commitments in millions.",
            "number",
            "million CAD",
            decimals=1,
            minimum=0,
        ),
    ),
    key=("programme",),
    optional=(
        "envelope_cad",
        "envelope_precision",
        "envelope_cad_million",
        "within",
        "projects",
        "committed_cad",
        "committed_precision",
        "committed_basis",
        "committed_pct",
        "overlaps",
        "committed_cad_million",
    ),
)
AWARDS: Final = Table(
    "funding_awards",
    "Funded projects",
    "One row per award. `counted` marks the federal awards that totals take; letters of interest "
    "and other governments' money are kept but not counted.",
    (
        text("award_id", "Id of the award."),
        text("recipient", "Who receives the money, as the source writes it."),
        text("recipient_fr", "The recipient's French name, if it has one."),
        columns.PROGRAMME,
        columns.AMOUNT_CAD,
        Column("amount_stated", "Amount in the currency stated.", "number", minimum=0),
        text("currency_stated", "Currency of the statement."),
        columns.PRECISION,
        Column("known_since", "Day of the announcement, or first day known.", "day"),
        text("announced", "Day, month or year of the announcement, as stated."),
        columns.PROVINCES,
        columns.MINERALS,
        *_PROJECT,
        text("instrument", "Form of the money.", texts="instrument"),
        text("award_status", "How firm the award is.", texts="award-status"),
        JURISDICTION,
        text("source_tier", "Tier of the statement that counts.", texts="tier"),
        Column("statements", "Number of statements behind the row.", "integer", minimum=1),
        Column("counted", "Whether federal totals count it.", "flag"),
        text("funding_group", "Group of programmes in charts.", texts="funding-group"),
    ),
    key=("award_id",),
    optional=("recipient_fr", "announced", "provinces", "minerals", "project_en", "project_fr"),
)
AWARDS_OVER_TIME: Final = Table(
    "funding_over_time",
    "Federal awards over time",
    "Counted awards by group and day; `cumulative_cad` adds all earlier days of the group.",
    (
        text("funding_group", "Group of programmes in charts.", texts="funding-group"),
        Column("known_since", "Day of the announcement, or first day known.", "day"),
        columns.AMOUNT_CAD,
        amount("cumulative_cad", "All awards of the group up to that day."),
        AWARD_COUNT,
    ),
    key=("funding_group", "known_since"),
)
BY_MINERAL: Final = Table(
    "funding_by_mineral",
    "Federal awards by mineral",
    "Counted awards under each mineral that they name; an award that names several stands in full "
    "under each, as `shared`. No mineral: the sources name none.",
    (columns.MINERAL, SHARING, columns.AMOUNT_CAD, AWARD_COUNT),
    key=("mineral", "sharing"),
    optional=("mineral",),
)
BY_PROVINCE: Final = Table(
    "funding_by_province",
    "Federal awards by province and territory",
    "Counted awards under each province that they name; an award that names several stands in full "
    "under each, as `shared`. No province: the sources name none.",
    (columns.PROVINCE, SHARING, columns.AMOUNT_CAD, AWARD_COUNT),
    key=("province", "sharing"),
    optional=("province",),
)
RESULTS: Final = Table(
    "programme_results",
    "Results of programmes",
    "What programmes report to have done; `of which` rows lie within the row that they belong to.",
    (
        columns.PROGRAMME,
        FIGURE,
        *_RESULT,
        _REPORTED,
        columns.UNIT,
        columns.PRECISION,
        *_COVERS,
        columns.AS_OF,
    ),
    key=("programme", "figure"),
    optional=("covers_from", "covers_to"),
)
LIMITS: Final = Table(
    "funding_limits",
    "Ceilings of programmes",
    "The most that a programme gives to one project.",
    (columns.PROGRAMME, FIGURE, *_RESULT, _REPORTED, columns.UNIT, columns.PRECISION),
    key=("programme", "figure"),
)
TAX_MEASURES: Final = Table(
    "tax_measures",
    "Tax measures",
    "Rates, thresholds and coverage of the tax credits for critical minerals.",
    (
        columns.PROGRAMME,
        FIGURE,
        *_RESULT,
        _REPORTED,
        columns.UNIT,
        columns.PRECISION,
        *_COVERS,
        columns.MINERALS,
    ),
    key=("programme", "figure"),
    optional=("covers_from", "covers_to", "minerals"),
)

TABLES: Final = (
    ENVELOPES,
    PROGRAMME_FUNDING,
    AWARDS,
    AWARDS_OVER_TIME,
    BY_MINERAL,
    BY_PROVINCE,
    RESULTS,
    LIMITS,
    TAX_MEASURES,
)
