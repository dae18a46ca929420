"""Raw tables of partnerships: who agreed on what with whom, and what critics say."""

from __future__ import annotations

from typing import Final

from critical_minerals.raw.schema import PRECISIONS, Field, RawTable

SCOPES: Final = ("bilateral", "multilateral", "investment", "offtake", "domestic")
KINDS: Final = (
    "action_plan",
    "alliance",
    "competition",
    "contribution",
    "declaration_of_intent",
    "dialogue",
    "forum",
    "framework",
    "initiative",
    "investment_round",
    "joint_action_plan",
    "joint_declaration",
    "joint_statement",
    "leaders_commitment",
    "memorandum",
    "offtake",
    "partnership",
    "project",
    "research_collaboration",
    "roadmap",
    "strategic_partnership",
    "working_group",
    "working_party",
)
STATUSES: Final = (
    "in_force",
    "launched",
    "announced",
    "negotiated",
    "reported",
    "listed",
    "fulfilled",
    "ended",
)
ROLES: Final = (
    "party",
    "founding_member",
    "member",
    "lead",
    "chair",
    "partner",
    "donor",
    "host",
    "buyer",
    "seller",
)
AUDIENCES: Final = ("indigenous_peoples", "provinces_territories", "industry", "international")
STATEMENT_KINDS: Final = ("finding", "demand", "warning", "protest", "remark")

_AGREEMENT: Final = Field("agreement", "Id of the arrangement.", "slug")
_PRECISION: Final = Field(
    "precision", "How exact the figure is.", required=False, choices=PRECISIONS
)
_UNIT: Final = Field("unit", "Unit of the figure.", required=False, vocabulary="units")
_VALUE: Final = Field("value", "Figure stated.", "number", required=False, minimum=0)


def _bilingual(name: str, meaning: str, *, required: bool = True) -> tuple[Field, Field]:
    """Describe a text that stands in an English and a French column."""
    return (
        Field(f"{name}_en", f"{meaning}, in English.", required=required),
        Field(f"{name}_fr", f"{meaning}, in French.", required=required),
    )


AGREEMENTS: Final = RawTable(
    "partnerships/agreements",
    "Agreements, alliances, joint plans and other arrangements with partners.",
    (
        _AGREEMENT,
        *_bilingual("name", "Name of the arrangement"),
        *_bilingual("short", "Name short enough for a chart"),
        Field("kind", "What sort of arrangement.", choices=KINDS),
        Field("concluded", "Day, month or year of signing or launch.", "date", required=False),
        Field("ended", "Day, month or year of the end.", "date", required=False),
        Field("status", "Where it stands.", choices=STATUSES),
        Field("binding", "Whether it binds in law.", choices=("yes", "no", "not_stated")),
        Field("scope", "Who agrees with whom, or about what.", choices=SCOPES),
        Field("minerals", "Minerals it names.", required=False, vocabulary="minerals", many=True),
        Field("value", "Amount stated.", "number", required=False, minimum=0),
        Field("currency", "Currency of the amount.", required=False, choices=("CAD", "GBP")),
        _PRECISION,
        Field("measures", "Number of measures announced.", "integer", required=False, minimum=0),
        Field(
            "partners_stated",
            "Number of members or partner countries that the source states.",
            "integer",
            required=False,
            minimum=0,
        ),
        *_bilingual("remark", "Remark for readers", required=False),
    ),
    key=("agreement",),
)
MEMBERS: Final = RawTable(
    "partnerships/members",
    "Who takes part in which arrangement, and as what.",
    (
        _AGREEMENT,
        Field("member", "Country, bloc or organization.", vocabulary="places"),
        Field("role", "Part that it plays.", choices=ROLES),
        Field(
            "country", "Country that the member stands for.", required=False, vocabulary="places"
        ),
    ),
    key=("agreement", "member"),
)
COMMITMENTS: Final = RawTable(
    "partnerships/commitments",
    "What members of an arrangement commit to, or the areas that they work on.",
    (
        _AGREEMENT,
        Field("commitment", "Id of the commitment.", "slug"),
        Field("kind", "Commitment or area of work.", choices=("commitment", "area")),
        Field("order", "Place in the source's list.", "integer", minimum=1),
        *_bilingual("title", "Commitment in a few words"),
        *_bilingual("summary", "What it means", required=False),
    ),
    key=("agreement", "commitment"),
)
ALLY_STRATEGIES: Final = RawTable(
    "partnerships/ally_strategies",
    "Allies' strategies as the 2020 slide deck describes them.",
    (
        Field("ally", "Country or bloc.", vocabulary="places"),
        *_bilingual("strategy", "Strategy"),
        *_bilingual("aim", "What it aims at"),
        *_bilingual("means", "How it goes about it"),
    ),
    key=("ally",),
)
ENGAGEMENT: Final = RawTable(
    "partnerships/engagement",
    "Engagement with Indigenous peoples, provinces and territories, industry and other countries.",
    (
        Field("audience", "With whom.", choices=AUDIENCES),
        Field("initiative", "Id of the initiative.", "slug"),
        *_bilingual("title", "Initiative"),
        *_bilingual("summary", "What it is, or what the figure counts"),
        _VALUE,
        _UNIT,
        _PRECISION,
        Field("places", "Places named.", required=False, vocabulary="places", many=True),
    ),
    key=("initiative",),
)
STATEMENTS: Final = RawTable(
    "criticism/statements",
    "What critics found, asked for or said, each with whose claim it is.",
    (
        Field("statement", "Id of the statement.", "slug"),
        Field("kind", "What sort of statement.", choices=STATEMENT_KINDS),
        *_bilingual("claimant", "Whose claim it is"),
        *_bilingual("subject", "What it is about"),
        *_bilingual("measure", "What is claimed or counted"),
        _VALUE,
        _UNIT,
        _PRECISION,
        Field("period", "Year or years meant.", required=False),
    ),
    key=("statement",),
)

TABLES: Final[tuple[RawTable, ...]] = (
    AGREEMENTS,
    MEMBERS,
    COMMITMENTS,
    ALLY_STRATEGIES,
    ENGAGEMENT,
    STATEMENTS,
)
