"""Corrections of what a source prints wrongly: made before checks, never in silence."""

import datetime as dt
import re
from collections import Counter
from copy import deepcopy

import pytest
import yaml

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.raw.store import RawStore
from critical_minerals.tables.check_results import problems_of
from critical_minerals.tables.lineage import file_of
from critical_minerals.workspace.paths import Workspace

TODAY = dt.date(2026, 9, 30)
AWARDS = "data/raw/funding/awards.csv"
BHP = {
    "table": "funding/awards",
    "key": {"award_id": "bhp_potash", "source_id": "GTA_SUB"},
    "as_of": "2022-07-13",
    "action": "set",
    "column": "announced",
    "was": "2022-07-13",
    "value": "2022-06-13",
    "reason": "It was in June.",
    "reason_fr": "C’était en juin.",
    "evidence": {"source_id": "REUTERS_BHP22", "place": "dateline"},
}


def write(workspace: Workspace, *entries: object) -> None:
    # Copies: the same entry twice would be written as an alias.
    text = yaml.safe_dump([deepcopy(entry) for entry in entries], allow_unicode=True)
    (workspace.raw / "corrections.yml").write_text(text, "utf-8")


def problems(workspace: Workspace) -> list[Problem]:
    store = RawStore(workspace)
    told = [*store.corrections.problems, *problems_of(store.results("funding/awards"))]
    return [problem for problem in told if problem.file.startswith("data/raw/corrections.yml")]


def bhp(store: RawStore) -> list[str]:
    rows = store.read("funding/awards", TODAY)
    chosen = (rows["award_id"] == "bhp_potash") & (rows["source_id"] == "GTA_SUB")
    return rows.loc[chosen, "announced"].tolist()


def row_of(raw, source: str) -> int:
    rows = raw.rows("funding/awards")
    at = rows[0].index("source_id")
    found = [n for n, row in enumerate(rows, 1) if row[0] == "bhp_potash" and row[at] == source]
    return found[0]


def test_the_projects_own_corrections_are_made_and_say_where(workspace: Workspace):
    store = RawStore(workspace)
    assert bhp(store) == ["2022-06-13"]
    world = store.read("supply/world_production", TODAY)
    ilmenite = world[(world["commodity"] == "ilmenite") & (world["form"] == "oxide_equivalent")]
    assert set(ilmenite["unit"]) == {"kt"}
    made = store.corrections_made("supply/world_production")
    by_file = Counter(file_of(origin.rpartition(":")[0]) for origin in made)
    folder = "data/raw/usgs"
    assert by_file == {f"{folder}/MCS2025_World_Data.csv": 48, f"{folder}/mcs2023.zip": 16}
    assert {one.value for ones in made.values() for one in ones} == {"kt"}
    evidence = {one.evidence.source_id for ones in made.values() for one in ones}
    assert evidence == {"USGS_MCS2023", "USGS_MCS2026"}


def test_a_report_as_of_a_day_before_the_evidence_is_not_rewritten(workspace: Workspace):
    write(workspace, BHP | {"known_since": "2023-01-30"})
    store = RawStore(workspace)

    def announced(day: dt.date) -> list[str]:
        rows = store.read("funding/awards", day)
        return rows.loc[rows["source_id"].eq("GTA_SUB") & rows["award_id"].eq("bhp_potash")][
            "announced"
        ].tolist()

    assert announced(dt.date(2023, 1, 29)) == ["2022-07-13"]
    assert announced(dt.date(2023, 1, 30)) == ["2022-06-13"]
    assert store.corrections_made("funding/awards", dt.date(2023, 1, 29)) == {}
    assert len(store.corrections_made("funding/awards", TODAY)) == 1


def test_what_only_a_later_correction_makes_readable_is_told_and_does_not_stop_the_program(
    workspace: Workspace, raw
):
    raw.set("funding/awards", row_of(raw, "GTA_SUB"), "announced", "July")
    write(workspace, BHP | {"was": "July", "known_since": "2023-01-30"})
    store = RawStore(workspace)
    assert bhp(store) == ["2022-06-13"]
    with pytest.raises(FiguresError, match="July"):
        store.read("funding/awards", dt.date(2022, 12, 31))


def test_without_the_file_nothing_is_corrected(workspace: Workspace):
    (workspace.raw / "corrections.yml").unlink()
    store = RawStore(workspace)
    assert bhp(store) == ["2022-07-13"]
    assert store.corrections_made("funding/awards") == {}
    units = {problem.column for problem in store.check()}
    assert units == {"unit"}  # what the corrections mend is found at once


def test_a_corrected_figure_is_what_is_checked(workspace: Workspace, raw):
    write(workspace, BHP | {"column": "amount", "was": "100000000", "value": "a lot"})
    told = [str(p) for p in RawStore(workspace).check() if p.file == AWARDS]
    assert len(told) == 1
    assert f"row {row_of(raw, 'GTA_SUB')}, column amount: found 'a lot'" in told[0]


def test_a_row_can_be_taken_out(workspace: Workspace, raw):
    dropped = {k: v for k, v in BHP.items() if k not in {"column", "was", "value"}}
    write(workspace, dropped | {"action": "drop"})
    store = RawStore(workspace)
    assert bhp(store) == []
    (disposition,) = store.dispositions("funding/awards", TODAY)
    assert disposition.dropped == {row_of(raw, "GTA_SUB")}
    everything = disposition.seen | disposition.later | disposition.superseded | disposition.dropped
    assert everything == set(range(2, len(raw.rows("funding/awards")) + 1))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"table": "funding/award"}, "column table: found 'funding/award'.*'funding/awards'"),
        ({"column": "anounced"}, "found 'anounced'; expected a column of the table.*'announced'"),
        ({"key": {"award": "bhp_potash"}}, "column key: found 'award'.*'award_id'"),
        ({"evidence": {"source_id": "REUTERS", "place": "x"}}, "found 'REUTERS'.*list of sources"),
        ({"was": "2022-07-14"}, r"found '2022-07-13 \(row \d+\)'; expected 1 row .*'2022-07-14'"),
        ({"as_of": "2022-07-15"}, "found '0 rows'; expected 1 row of funding/awards"),
        ({"key": {"award_id": "bhp"}}, "found '0 rows'"),
        ({"rows": "3"}, r"found '1 row'; expected 3 rows of funding/awards"),
        ({"action": "change"}, "column action: found 'change'; expected input should be 'set'"),
        ({"action": "drop"}, "expected to drop a row, leave out column and was and value"),
        ({"value": None}, "column value: found ''|expected to set a value"),
        ({"why": "so"}, "column why: found 'so'; expected extra inputs"),
        ({"reason": ""}, "column reason: found ''"),
        ({"known_since": "2203-01-30"}, "known_since: found '2203-01-30'.*Is a digit mistyped"),
    ],
    ids=lambda value: str(value)[:40] if isinstance(value, dict) else "",
)
def test_what_is_wrong_with_an_entry_names_the_entry(workspace: Workspace, change, told):
    entry = {k: v for k, v in (BHP | change).items() if v is not None}
    write(workspace, entry)
    (problem,) = problems(workspace)
    assert problem.file == "data/raw/corrections.yml, entry 1"
    assert re.search(told, str(problem)), str(problem)


def test_everything_that_is_wrong_comes_at_once(workspace: Workspace):
    without = {k: v for k, v in BHP.items() if k != "evidence"}
    write(workspace, BHP, without, BHP | {"was": "x"}, BHP)
    told = {problem.file.rpartition(" ")[2]: str(problem) for problem in problems(workspace)}
    assert set(told) == {"2", "3", "4"}
    assert "column evidence: expected this entry" in told["2"]
    assert "each cell corrected once; entry 1 has row" in told["4"]


@pytest.mark.parametrize("order", [1, -1], ids=["drop, then set", "set, then drop"])
def test_a_row_that_is_taken_out_has_no_cell_corrected(workspace: Workspace, order: int):
    taken_out = {k: v for k, v in BHP.items() if k not in {"column", "was", "value"}}
    write(workspace, *[taken_out | {"action": "drop"}, BHP][::order])
    (problem,) = problems(workspace)
    assert problem.file == "data/raw/corrections.yml, entry 2"
    assert "each cell corrected once; entry 1 has row" in str(problem)


def test_a_stale_correction_stops_the_reading_of_its_table(workspace: Workspace, raw):
    raw.set("funding/awards", row_of(raw, "GTA_SUB"), "announced", "2022-06-13")
    with pytest.raises(FiguresError, match=r"corrections\.yml, entry 3"):
        RawStore(workspace).read("funding/awards", TODAY)
    assert len(RawStore(workspace).read("funding/envelopes", TODAY)) > 0


@pytest.mark.parametrize(
    "text",
    [
        "table: funding/awards",
        "- [",
        "- \x00",
        "- {table: a, table: b}",
        "- &a {table: a}\n- *a",
        "- a\n---\n- b",
        "- " + "[" * 20_000,
        "\n".join(" " * depth + "-" for depth in range(200)),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_a_file_that_is_no_list_of_corrections_is_told_as_one(workspace: Workspace, text: str):
    (workspace.raw / "corrections.yml").write_text(text, "utf-8")
    (problem,) = problems(workspace)
    assert problem.expected == "a list of corrections in YAML"


@pytest.mark.parametrize("text", ["", "# none\n", "---\n", "''"])
def test_an_empty_file_is_a_damaged_one(workspace: Workspace, text: str):
    (workspace.raw / "corrections.yml").write_text(text, "utf-8")
    (problem,) = problems(workspace)
    assert "write [] into it if there is nothing to correct" in problem.remedy


def test_a_list_without_corrections_corrects_nothing(workspace: Workspace):
    (workspace.raw / "corrections.yml").write_text("[]\n", "utf-8")
    assert problems(workspace) == []
