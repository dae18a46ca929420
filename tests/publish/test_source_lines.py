"""Naming sources beneath a figure, and escaping."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.publish.partials import source_line
from critical_minerals.publish.sources import describe_source, publishers, source_records
from critical_minerals.report.escaping import escape


def record(publisher: str, published: str = "2024", tier: str = "official") -> dict[str, str]:
    return {"publisher": publisher, "published": published, "tier": tier}


def test_official_sources_come_first_and_years_of_a_publisher_together():
    records = {
        "A": record("Alpha", "2020", "secondary"),
        "Z1": record("Zeta", "2021-05-01"),
        "Z2": record("Zeta", ""),
        "R": record("Rho", "2023", "reported") | {"read_at": "Sigma", "read_at_fr": "Sigma.fr"},
    }
    line = source_line(["A", "R", "Z1", "Z2"], records, "en")
    named = "Rho, read at Sigma ([2023](#src-r)); Alpha"
    assert f"Zeta ([undated](#src-z2), [2021](#src-z1)); {named}" in line
    assert "Rho, document lu sur Sigma.fr (" in source_line(["R"], records, "fr")
    assert line.startswith("::: {.source-line}\nSources\\:")
    assert source_line(["A"], records, "en").startswith("::: {.source-line}\nSource\\:")
    assert source_line([], records, "en") == ""


def test_works_of_one_publisher_and_year_have_letters_by_their_days():
    titles = {"late": "2026-05-01", "early": "2026-02", "other": "2025", "n1": "", "n2": ""}
    rows = [
        {"source_id": name, "title": name, **record("Alpha", day)} for name, day in titles.items()
    ]
    every = pd.DataFrame([*rows, {"source_id": "b", "title": "b", **record("Beta", "2026")}])
    records = source_records(every[every["source_id"] != "early"], among=every)
    assert {name: one["letter"] for name, one in records.items()} == {
        "late": "b",
        "other": "",
        "n1": "a",
        "n2": "b",
        "b": "",
    }
    (alpha,) = publishers(["late", "n2", "other"], records, "fr")
    assert [year["text"] for year in alpha["years"]] == ["sans date-b", "2025", "2026b"]
    assert (
        describe_source("late", {**records["late"], "terms": "", "url": ""}, "en")["published"]
        == "May\u00a01, 2026 (2026b)"
    )


def test_a_publisher_is_named_in_french_where_it_has_a_french_name():
    records = {
        "A": record("Natural Resources Canada") | {"publisher_fr": "Ressources naturelles Canada"},
        "B": record("Reuters") | {"publisher_fr": ""},
    }
    french = source_line(["A", "B"], records, "fr")
    assert "Ressources naturelles Canada ([2024](#src-a)); Reuters ([2024](#src-b))." in french
    assert "Natural Resources Canada ([2024]" in source_line(["A", "B"], records, "en")


@given(st.text("ab\\`*_{}[]<>#|$~^@&:!-+(1. \n\u2028", max_size=12))
def test_escaping_loses_nothing_and_leaves_no_markup(text: str):
    escaped = escape(text)
    plain, marks = [], iter(escaped)
    for mark in marks:
        plain.append(next(marks) if mark == "\\" else mark)
        assert mark == "\\" or mark not in "`*_{}[]<>#|$~^@&:!\n\u2028"
    assert "".join(plain) == text.replace("\n", " ").replace("\u2028", " ").strip(" ")
