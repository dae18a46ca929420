"""What is particular to this report, in one place: the machinery is given it (`declaration`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from critical_minerals.workspace.declaration import (
    BriefKind,
    Document,
    NameList,
    Namesake,
    Project,
    Way,
)
from critical_minerals.workspace.parameters import Parameters, chosen, shown_in

_BRIEFS: Final = "reports/briefs"


@dataclass(frozen=True)
class ReportParameters(Parameters):
    """What a run can be asked for; every notebook takes the same parameters."""

    currency: str = shown_in("CAD", "USD", "EUR", "GBP", "JPY")
    minerals: tuple[str, ...] = chosen(
        ("lithium", "graphite", "nickel", "cobalt", "copper", "rare_earth_elements"),
        of="mineral",
        listed="vocabulary/mineral_lists",
        help="Minerals of interest, shown where a chart cannot show all.",
    )


# Ontario's list names neither its province nor its fund, and CMIF is the federal fund here.
#
# Its traps, each with its test: docs/traps.md#provincial-awards
_ONTARIO_AWARDS: Final = Namesake(
    header=("CMIF Intake", "Company Name", "Project Name", "Approved Funding Amount ($)"),
    shared="CMIF",
    of="programme",
    other={"jurisdiction": "federal"},
    expected="a programme of Ontario: these are awards of its Critical Minerals Innovation Fund, "
    "whose letters are those of the federal Critical Minerals Infrastructure Fund",
    remedy="Name its programme of the province in the vocabulary of programmes, and map the "
    "columns in a mapping file: programme, announced and source_id as constants.",
)

_ACROSS_YEARS: Final = ("year", "release")
_ACROSS_RELEASES: Final = ("release",)
_SHARES: Final = ("country",), ("WLD", "OTHER")

PROJECT: Final = Project(
    module=__name__,
    name="critical-minerals-progress",
    title="Critical Minerals Progress Report",
    license="MIT",
    documents=(
        Document(
            "update", {"en": "progress-update", "fr": "rapport-d-etape"}, ("html", "pdf", "docx")
        ),
        Document("annex", {"en": "annex", "fr": "annexe"}, ("html", "pdf")),
    ),
    lists={
        "mineral": NameList("vocabulary/minerals", "mineral", common=True),
        "place": NameList("vocabulary/places", "place_id"),
        "programme": NameList("vocabulary/programmes", "programme", short="acronym_"),
        "unit": NameList("vocabulary/units", "unit", short="symbol_", one="one_"),
        # Sources keep the title that they were published under.
        "source": NameList("sources", "source_id", name="title"),
    },
    parameters=ReportParameters,
    briefs=(
        BriefKind(
            "80_mineral_brief",
            "mineral",
            {"en": f"{_BRIEFS}/mineral-brief.qmd", "fr": f"{_BRIEFS}/fiche-minerale.qmd"},
            subjects="critical_minerals.project.subjects:listed_minerals",
            help="Mineral, by its id; may be repeated.",
            example="lithium",
        ),
        BriefKind(
            "81_partner_brief",
            "partner",
            {"en": f"{_BRIEFS}/partner-brief.qmd", "fr": f"{_BRIEFS}/fiche-partenaire.qmd"},
            subjects="critical_minerals.project.subjects:partners",
            help="Country (DE), bloc or arrangement, by its id; may be repeated.",
            example="DE",
        ),
    ),
    brief_groups=("minerals", "countries", "alliances"),
    # These documents announced what the report follows; the other sources were added later.
    first_sources=(
        "NRCAN_PROGRESS_2026",
        "NRCAN_PARTNERSHIPS",
        "NRCAN_GPI",
        "NRCAN_TASKFORCE_2020",
        "NEWS_SCMA_2022",
    ),
    namesakes=(_ONTARIO_AWARDS,),
    row_texts=("label", "measure", "commodity", "title", "project", "name", "strategy", "form"),
    row_list="programme",
    new_before="sec-claims",
    charts="critical_minerals.charts",
    theme="critical_minerals.charts.theme:themed",
    glossary="critical_minerals.project.glossary:read_glossary",
    briefs_index="critical_minerals.charts.brief_cards:card",
    ways={
        "production_count": Way("series", _ACROSS_YEARS),
        "production_up_count": Way("rising", _ACROSS_YEARS),
        "production_first_year": Way("first_year", _ACROSS_YEARS),
        "production_last_year": Way("last_year", _ACROSS_YEARS),
        "production_lithium_change": Way("change", _ACROSS_YEARS),
        "first_estimates_canada_count": Way("series", _ACROSS_RELEASES),
        "first_estimates_canada_near_count": Way("steady", _ACROSS_RELEASES),
        "first_estimates_world_count": Way("series", _ACROSS_RELEASES),
        "first_estimates_world_near_count": Way("steady", _ACROSS_RELEASES),
        "first_estimates_first_year": Way("first_year", _ACROSS_RELEASES),
        "first_estimates_last_year": Way("last_year", _ACROSS_RELEASES),
        "first_estimates.change_pct": Way("change", _ACROSS_RELEASES),
        "supply_concentration.top_pct": Way("largest", *_SHARES),
        "supply_concentration.second_pct": Way("second", *_SHARES),
        "supply_concentration.third_pct": Way("third", *_SHARES),
        "supply_concentration.top_three_pct": Way("three", *_SHARES),
        "supply_concentration.hhi": Way("index", *_SHARES),
    },
)
