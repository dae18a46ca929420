"""Editions and a publication with two minerals."""

from pathlib import Path

import altair as alt
import pandas as pd
import pytest

from critical_minerals.charts.theme import themed
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.publish import showing
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.publication import Publication
from critical_minerals.tables.lineage import of_table
from critical_minerals.workspace.paths import Workspace


def chart(frame: pd.DataFrame, edition: Edition) -> alt.Chart:
    shown = frame.assign(mineral=edition.named(frame["mineral"], "mineral"))
    clipped = alt.Chart(shown[["mineral", "amount_cad"]].astype({"amount_cad": float}))
    return clipped.mark_bar(clip=True).encode(x="amount_cad:Q", y="mineral:N")


@pytest.fixture
def rows() -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "mineral": pd.array(["nickel", "lithium"], dtype="string"),
            "year": pd.array([2024, 2025], dtype="Int64"),
            "amount_cad": pd.array([1234567.0, None], dtype="Float64"),
            "source_id": pd.array(["S_ONE S_THREE", "S_TWO"], dtype="string"),
            "origin": pd.array(["data/raw/a.csv:3 data/raw/a.csv:2", "data/raw/b.csv:9"]),
        }
    )
    return of_table(frame, "t")


@pytest.fixture
def editions() -> list[Edition]:
    minerals = pd.DataFrame(
        {
            "mineral": ["nickel", "lithium"],
            "name_en": ["Nickel <1|2>", "Lithium"],
            "name_fr": ["Nickel <1|2>", "Lithium (fr)"],
        }
    )
    vocabulary = Vocabulary({"mineral": minerals}, REPORT.lists)
    return [Edition("en", vocabulary), Edition("fr", vocabulary)]


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Workspace:
    """A workspace whose charts are drawn with whatever fonts there are: cutting ours is slow."""
    monkeypatch.setattr(showing, "make_fonts", lambda _: tmp_path)
    (tmp_path / "ReportSans-roman.woff2").write_bytes(b"a font")
    return Workspace(tmp_path)


@pytest.fixture
def publication(place: Workspace, editions: list[Edition]) -> Publication:
    return Publication("10_tiny", place, editions, themed)
