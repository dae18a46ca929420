"""The raw figures of funding as they stand: relations hold and nothing counts twice."""

from __future__ import annotations

import datetime as dt

import pytest

from critical_minerals.raw.store import RawStore
from critical_minerals.workspace import find_workspace

LATEST = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def store():
    return RawStore(find_workspace())


def test_every_relation_names_an_envelope(store):
    rows = store.read("funding/envelopes", LATEST)
    known = set(rows["programme"] + ":" + rows["measure"])
    for column in ("part_of", "same_as", "absorbs"):
        assert set(rows[column].dropna()) <= known


def test_only_one_total_for_each_programme(store):
    rows = store.read("funding/envelopes", LATEST)
    totals = rows[rows["role"] == "total"]
    assert not totals["programme"].duplicated().any()


def test_statements_of_one_award_agree_on_who_pays_or_do_not_say(store):
    rows = store.read("funding/awards", LATEST)
    payers = rows[rows["jurisdiction"] != "not_stated"].groupby("award_id")["jurisdiction"]
    assert (payers.nunique() <= 1).all()


def test_foreign_money_is_not_federal(store):
    rows = store.read("funding/awards", LATEST)
    abroad = rows[rows["programme"] == "us_dpa"]
    assert abroad["jurisdiction"].tolist() == ["foreign"]


def test_all_eleven_projects_of_the_partnerships_page(store):
    rows = store.read("funding/awards", LATEST)
    page = rows[(rows["source_id"] == "NRCAN_GPI") & (rows["jurisdiction"] == "federal")]
    assert len(page) == 11


def test_nothing_is_seen_before_it_was_public(store):
    day = dt.date(2023, 6, 30)
    for table in ("envelopes", "results", "awards"):
        assert (store.read(f"funding/{table}", day)["as_of"].dt.date <= day).all()
