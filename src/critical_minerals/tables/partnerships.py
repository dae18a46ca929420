"""Processed tables of partnerships, engagement and criticism."""

from __future__ import annotations

from typing import Final

from critical_minerals.tables.columns import (
    AMOUNT_CAD,
    COUNTRY,
    MINERALS,
    PRECISION,
    UNIT,
    VALUE,
    YEAR,
    Column,
    text,
)
from critical_minerals.tables.progress import PERIOD
from critical_minerals.tables.schema import Table

AGREEMENT: Final = text("agreement", "Id of the arrangement.")
SCOPE: Final = text("scope", "Who agrees with whom, or about what.", texts="scope")
FORM: Final = text("agreement_kind", "What sort of arrangement.", texts="agreement-kind")
STATUS: Final = text("status", "Where the arrangement stands.", texts="agreement-status")
BINDING: Final = text("binding", "Whether it binds in law.", texts="binding")
CONCLUDED: Final = Column("concluded", "Day, month or year of signing or launch.", "date")
ENDED: Final = text("ended", "Day, month or year of the end, as ISO text.")
STARTS_ON: Final = Column("starts_on", "First day that the date may mean.", "day")
STARTS_BY: Final = Column("starts_by", "Last day that the date may mean.", "day")
PARTNERS: Final = text("partners", "Partners, parted by semicolons.", "place", many=True)
PARTNER_COUNT: Final = Column("partner_count", "Number of partners named.", "integer", minimum=0)
PARTNERS_STATED: Final = Column(
    "partners_stated", "Number of members or partners that the source states.", "integer", minimum=0
)
MEASURES: Final = Column("measures", "Number of measures announced.", "integer", minimum=0)
AMOUNT_GBP: Final = Column("amount_gbp", "Amount in pounds sterling.", "number", "GBP", minimum=0)
MEMBER: Final = text("member", "Country, bloc or organization.", "place")
ROLE: Final = text("role", "Part that the member plays.", texts="role")
FORUM: Final = text("forum", "Arrangement with several countries, or all bilateral ones together.")
STANDING: Final = text("standing", "How the country takes part.", texts="standing")
ARRANGEMENTS: Final = Column("arrangements", "Arrangements behind the cell.", "integer", minimum=1)
COMMITMENT: Final = text("commitment", "Id of the commitment.")
COMMITMENT_KIND: Final = text("commitment_kind", "Commitment or area.", texts="commitment-kind")
ORDER: Final = Column("order", "Place in the source's list.", "integer", minimum=1)
ALLY: Final = text("ally", "Country or bloc.", "place")
AUDIENCE: Final = text("audience", "With whom Canada engages.", texts="audience")
INITIATIVE: Final = text("initiative", "Id of the initiative.")
PLACES: Final = text("places", "Places named, parted by semicolons.", "place", many=True)
STATEMENT: Final = text("statement", "Id of the statement.")
STATEMENT_KIND: Final = text("statement_kind", "What sort of statement.", texts="statement-kind")


def _bilingual(name: str, meaning: str) -> tuple[Column, Column]:
    """Describe a text that stands in an English and a French column."""
    return text(f"{name}_en", f"{meaning}, in English."), text(
        f"{name}_fr", f"{meaning}, in French."
    )


_TITLE: Final = _bilingual("title", "Title in a few words")
_SUMMARY: Final = _bilingual("summary", "What it is, means or counts")

PARTNERSHIPS: Final = Table(
    "partnerships",
    "Partnerships on critical minerals",
    "One row for each agreement, alliance, joint plan or other arrangement.",
    (
        AGREEMENT,
        *_bilingual("name", "Name of the arrangement"),
        *_bilingual("short", "Name short enough for a chart"),
        SCOPE,
        FORM,
        STATUS,
        BINDING,
        CONCLUDED,
        STARTS_ON,
        STARTS_BY,
        YEAR,
        ENDED,
        PARTNERS,
        PARTNER_COUNT,
        PARTNERS_STATED,
        MINERALS,
        MEASURES,
        AMOUNT_CAD,
        AMOUNT_GBP,
        PRECISION,
        *_bilingual("remark", "Remark"),
    ),
    key=("agreement",),
    optional=(
        "concluded",
        "starts_on",
        "starts_by",
        "year",
        "ended",
        "partners",
        "partners_stated",
        "minerals",
        "measures",
        "amount_cad",
        "amount_gbp",
        "precision",
        "remark_en",
        "remark_fr",
    ),
)
MEMBERS: Final = Table(
    "partnership_members",
    "Members of partnerships",
    "One row for each member of each arrangement.",
    (AGREEMENT, MEMBER, ROLE, STANDING, COUNTRY),
    key=("agreement", "member"),
    optional=("country",),
)
MATRIX: Final = Table(
    "partnership_matrix",
    "Countries and the arrangements that they share with Canada",
    "One row for each country in each forum; current bilateral ones stand together.",
    (COUNTRY, FORUM, *_bilingual("forum_name", "Name of the forum"), STANDING, ARRANGEMENTS),
    key=("country", "forum"),
)
COMMITMENTS: Final = Table(
    "partnership_commitments",
    "Commitments and areas of work",
    "One row for each commitment or area of an arrangement.",
    (
        AGREEMENT,
        COMMITMENT,
        COMMITMENT_KIND,
        ORDER,
        *_TITLE,
        *_SUMMARY,
    ),
    key=("agreement", "order"),
    optional=("summary_en", "summary_fr"),
)
ALLY_STRATEGIES: Final = Table(
    "ally_strategies",
    "Allies' strategies",
    "One row for each ally that the 2020 slide deck describes.",
    (
        ALLY,
        *_bilingual("strategy", "Strategy"),
        *_bilingual("aim", "What it aims at"),
        *_bilingual("means", "How it goes about it"),
    ),
    key=("ally",),
)
ENGAGEMENT: Final = Table(
    "engagement",
    "Engagement",
    "One row for each initiative, with its figure where one is published.",
    (
        AUDIENCE,
        INITIATIVE,
        *_TITLE,
        *_SUMMARY,
        VALUE,
        UNIT,
        PRECISION,
        *_bilingual("figure", "Figure in words"),
        PLACES,
    ),
    key=("audience", "initiative"),
    optional=("value", "unit", "precision", "figure_en", "figure_fr", "places"),
)
CRITICISM: Final = Table(
    "criticism",
    "Criticism",
    "One row for each statement of critics, with whose claim it is.",
    (
        STATEMENT,
        STATEMENT_KIND,
        *_bilingual("claimant", "Whose claim it is"),
        *_bilingual("subject", "What it is about"),
        *_bilingual("measure", "What is claimed or counted"),
        VALUE,
        UNIT,
        PRECISION,
        *_bilingual("figure", "Figure in words"),
        PERIOD,
    ),
    key=("statement",),
    optional=("value", "unit", "precision", "figure_en", "figure_fr", "period"),
)

TABLES: Final[tuple[Table, ...]] = (
    PARTNERSHIPS,
    MEMBERS,
    MATRIX,
    COMMITMENTS,
    ALLY_STRATEGIES,
    ENGAGEMENT,
    CRITICISM,
)
