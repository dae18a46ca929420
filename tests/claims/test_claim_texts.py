"""What readers see of a claim, in both languages."""

import pandas as pd
import pytest

from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.project import ReportParameters
from critical_minerals.raw.store import RawStore
from critical_minerals.review.claim_texts import with_texts
from critical_minerals.workspace.paths import Workspace

N = "\u00a0"
JOINER = "\u2060"


@pytest.fixture
def said(workspace: Workspace):
    store, day = RawStore(workspace), ReportParameters().as_of
    sources = store.read("sources", day)
    vocabulary = Vocabulary({"unit": store.read("vocabulary/units", day)}, REPORT.lists)

    def tell(**cells: object) -> pd.Series:
        value, recomputed = cells["value"], cells.get("recomputed")
        gap = None if recomputed is None else recomputed - value
        record = {
            "unit": "projects",
            "precision": "exact",
            "outcome": "unexplained",
            "claimed_in": "NRCAN_PROGRESS_2026",
            "difference": gap,
            "difference_pct": gap / value * 100 if gap is not None and value else None,
        }
        return with_texts(pd.DataFrame([record | cells]), vocabulary, sources).iloc[0]

    return tell


def test_counts_name_what_they_count_once(said):
    told = said(value=79, recomputed=61)
    assert told["stated_en"] == f"79{N}projects"
    assert told["found_en"] == f"61{N}projects (−18, −22.8%)"
    assert told["found_fr"] == f"61{N}projets (−18, −22,8{N}%)"
    assert told["finding_fr"] == "écart de −18, inexpliqué"


def test_shares_differ_by_points(said):
    told = said(value=75, recomputed=50, unit="percent")
    assert told["found_en"] == "50% (−25\xa0points)"
    assert said(value=-2, recomputed=-1.568, unit="percent")["found_fr"] == (
        f"−1,6{N}% (+0,4{N}point)"
    )


def test_amounts_keep_the_words_of_their_precision(said):
    told = said(value=100_000, recomputed=165_300, unit="CAD", precision="up_to")
    assert told["stated_en"] == "up to $100,000"
    assert told["stated_fr"] == f"jusqu’à 100{N}000{N}$"
    assert told["found_en"] == f"$165,300 (+{JOINER}$65,300, +65.3%)"


def test_no_difference_is_not_mentioned(said):
    told = said(value=33, recomputed=33, outcome="agrees")
    assert (told["found_en"], told["finding_en"]) == (f"33{N}projects", "agrees")


def test_a_revision_says_by_how_much_and_something_else_has_no_difference(said):
    told = said(value=79, recomputed=61, outcome="revised_since")
    assert told["finding_en"] == "revised since, by −18"
    other = said(value=79, recomputed=61, outcome="measures_something_else")
    assert (other["found_fr"], other["finding_fr"]) == (f"61{N}projets", "mesure autre chose")


def test_what_cannot_be_recomputed_has_no_figure(said):
    told = said(value=38, unit="percent", outcome="not_recomputable")
    assert pd.isna(told["found_en"])
    assert told["finding_fr"] == "ne peut être recalculé"


@pytest.mark.parametrize(
    ("source", "english", "french"),
    [
        (
            "NRCAN_PROGRESS_2026",
            "Natural Resources Canada, 2026c",
            "Ressources naturelles Canada, 2026c",
        ),
        (
            "CIMT2025",
            "Statistics Canada, read at GitHub nareshpane/nareshpane.github.io, 2026b",
            "Statistique Canada, document lu sur GitHub nareshpane/nareshpane.github.io, 2026b",
        ),
        (
            "NRCAN_GPI",
            "Natural Resources Canada, undated-a",
            "Ressources naturelles Canada, sans date-a",
        ),
    ],
)
def test_documents_are_named_by_publisher_and_year(said, source: str, english: str, french: str):
    told = said(value=1, recomputed=1, claimed_in=source)
    assert (told["document_en"], told["document_fr"]) == (english, french)
