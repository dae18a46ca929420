"""The list of sources: who published and where it was read are two things."""

import re
from pathlib import Path

import pytest

from critical_minerals.project import ReportParameters
from critical_minerals.publish.sources import source_records
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
PUBLISHERS = ("publisher", "publisher_fr")
COPY = re.compile(
    r"\(|@|GitHub|\bcop(?:y|ie)\b|republi(?:shed|é)|tabulated| via |, par |^CNW", re.IGNORECASE
)
"""Words that tell where something was read, and have no place in a publisher's name."""


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, str]]:
    return source_records(RawStore(Workspace(PROJECT)).read("sources", ReportParameters().as_of))


def test_a_publisher_is_named_without_the_place_of_reading(records: dict[str, dict[str, str]]):
    names = [(key, record[name]) for key, record in records.items() for name in PUBLISHERS]
    assert [(key, name) for key, name in names if COPY.search(name)] == []


def test_a_copy_says_where_it_was_read(records: dict[str, dict[str, str]]):
    copies = [key for key, one in records.items() if one["tier"] == "republished"]
    assert {key for key in copies if not records[key]["read_at"]} <= {"USGS_LIST22"}


def test_the_main_sources_have_an_address(records: dict[str, dict[str, str]]):
    for source in ("NRCAN_PROGRESS_2026", "NRCAN_GPI", "NRCAN_TASKFORCE_2020"):
        assert records[source]["url"].startswith("https://")
