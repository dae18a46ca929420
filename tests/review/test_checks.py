"""What a notebook's checks gather, tell and keep."""

import json

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.language.catalogue import say
from critical_minerals.notebook.session import Notebook, open_notebook
from critical_minerals.review.checks import check_raw
from critical_minerals.review.findings import (
    AppliedCorrection,
    ExcludedRows,
    Findings,
    RowReconciliation,
    findings_file,
    forget_findings,
    read_findings,
    write_findings,
)
from critical_minerals.tables import processed
from critical_minerals.tables.check_results import Kind, Result
from critical_minerals.tables.descriptors import Table, Tables
from critical_minerals.tables.validation import unit_fault
from critical_minerals.workspace.paths import Workspace, find_workspace

PROJECT = find_workspace()

GONE = Problem(file="data/raw/a.csv", row=3, expected="this", remedy="Do that.")


def opened(workspace: Workspace, **parameters: object) -> Notebook:
    return open_notebook("10_tiny", workspace.root, **parameters)


def kept(workspace: Workspace) -> Findings:
    findings = read_findings(workspace, "10_tiny")
    assert findings is not None
    return findings


def whole(nb: Notebook) -> pd.DataFrame:
    rows = nb.raw("trade/domestic_exports").rename(columns={"value_cad": "amount_cad"})
    return rows.groupby(["mineral", "year"], as_index=False, dropna=False).agg(
        amount_cad=("amount_cad", "sum"),
        source_id=("source_id", "first"),
        origin=("origin", " ".join),
    )


def test_everything_wrong_in_a_notebook_is_told_at_its_end(workspace: Workspace):
    nb = opened(workspace)
    frame = whole(nb)
    saved = nb.save("tiny_exports", frame.assign(amount_cad=frame["amount_cad"] * -1))
    nb.check_totals(
        "tiny_exports", saved, saved.assign(amount_cad=1.0), "amount_cad", by=["mineral", "year"]
    )
    nb.fail_rows("tiny_exports", saved.head(1), "something else", Kind.RANGES, "year")
    nb.raw("trade/production")
    with pytest.raises(FiguresError) as caught:
        nb.finish()
    told = [problem.expected for problem in caught.value.problems]
    assert "at least 0" in told
    assert "something else" in told
    assert any("the sum of its 1 part" in text for text in told)
    assert any(text.startswith("every row that is read") for text in told)
    assert kept(workspace).problems == [*caught.value.problems]
    assert kept(workspace).complete
    assert not workspace.processed.exists()


def test_a_good_notebook_keeps_what_it_checked_and_every_row_is_accounted_for(workspace: Workspace):
    nb = opened(workspace, as_of="2026-09-30")
    saved = nb.save("tiny_exports", whole(nb))
    both = nb.check_totals("tiny_exports", saved, saved, "amount_cad", by=["mineral", "year"])
    assert both["good"].all()
    nb.finish()
    findings = kept(workspace)
    assert findings.as_of == "2026-09-30"
    assert {result.kind for result in findings.results} >= {
        Kind.SCHEMA,
        Kind.KEYS,
        Kind.RANGES,
        Kind.UNITS,
        Kind.SUMS,
        Kind.ROWS,
    }
    (account,) = findings.reconciliations  # lists that are looked up are not accounted for
    assert account.file == "data/raw/trade/domestic_exports.csv"
    assert account.rows == account.read == account.used > 0
    again = opened(workspace)
    again.save("tiny_exports", whole(again))
    again.finish()
    kinds = {result.kind for result in kept(workspace).results if result.against_last}
    assert kinds == {Kind.COVERAGE, Kind.MAGNITUDE}


def test_rows_of_another_day_and_revised_rows_are_counted_apart(workspace: Workspace):
    nb = opened(workspace, as_of="2024-06-30")
    rows = nb.raw("progress/exploration")
    said = nb.exclude(rows, say("left-out-older-release"))
    nb.finish()
    (account,) = kept(workspace).reconciliations
    assert account.later > 0
    assert account.superseded == 0
    assert account.rows == account.later + account.superseded + account.read
    assert account.read == len(rows) == len(account.excluded[0].rows)
    assert account.excluded[0].reason["fr"].startswith("Remplacées")
    assert "exploration.csv: " in said
    later = opened(workspace, as_of="2026-09-30")
    later.exclude(later.raw("progress/exploration"), say("left-out-older-release"))
    later.finish()
    assert kept(workspace).reconciliations[0].superseded == 1


def test_faults_are_kept_even_when_what_follows_from_them_breaks_the_notebook(workspace: Workspace):
    nb = opened(workspace)
    frame = whole(nb)
    nb.save("tiny_exports", frame.assign(amount_cad=-1.0))
    # no finish: a later cell has failed
    assert not kept(workspace).complete
    assert "at least 0" in {problem.expected for problem in kept(workspace).problems}


def test_raw_figures_at_fault_stop_the_notebook_and_are_kept(workspace: Workspace, raw):
    raw.set("trade/production", 2, "year", "2O24")
    nb = opened(workspace)
    with pytest.raises(FiguresError, match=r"production\.csv, row 2, column year"):
        nb.raw("trade/production")
    assert not kept(workspace).complete
    assert [problem.row for problem in kept(workspace).problems] == [2]


def test_the_check_of_raw_figures_keeps_its_findings_whether_good_or_bad(workspace, raw):
    check_raw(workspace, 2027)
    good = read_findings(workspace, "check")
    assert good.problems == []
    assert {result.table for result in good.results} == {*Tables(workspace.raw)}
    corrected = {"supply/world_production", "supply/reserves", "funding/awards"}
    assert {one.table for one in good.corrections} == corrected
    raw.set("funding/awards", 2, "amount", "x")
    with pytest.raises(FiguresError):
        check_raw(workspace, 2027)
    assert len(read_findings(workspace, "check").problems) == 1


def test_a_description_without_french_is_a_fault_of_its_raw_table(workspace: Workspace):
    file = workspace.raw / "descriptions.fr.yml"
    whole_text = file.read_text("utf-8")
    file.write_text(whole_text.replace("Amount of money.: ", "Amount: "), "utf-8")
    with pytest.raises(FiguresError) as told:
        check_raw(workspace, 2027)
    assert (
        "data/raw/descriptions.fr.yml: found 'Amount of money.'; expected the French of this "
        "description of the table funding/awards. Add it: the English words, a colon, the French "
        "ones."
    ) in {str(problem) for problem in told.value.problems}
    assert "funding/awards" in {
        result.table for result in read_findings(workspace, "check").results if not result.good
    }
    file.write_text("a: [b", "utf-8")
    with pytest.raises(FiguresError, match=r"descriptions\.fr\.yml"):
        check_raw(workspace, 2027)


def test_findings_come_back_as_they_were_written(workspace: Workspace):
    findings = Findings(
        step="10_tiny",
        complete=True,
        as_of="2026-09-30",
        results=(
            Result(kind=Kind.COVERAGE, end="processed", table="t", rows=3, against_last=True),
            Result(kind=Kind.KEYS, end="raw", table="a/b", rows=3, columns=2, problems=(GONE,)),
        ),
        reconciliations=(
            RowReconciliation(
                table="a/b",
                file="data/raw/a/b.csv",
                rows=9,
                later=1,
                superseded=1,
                dropped=1,
                used=4,
                excluded=(ExcludedRows((4, 5), {"en": "Old.", "fr": "Vieux."}),),
            ),
        ),
        corrections=(
            AppliedCorrection(
                table="a/b",
                file="data/raw/a/b.csv",
                rows=(4,),
                column="c",
                was="1",
                value="2",
                reason={"en": "So.", "fr": "Ainsi."},
                source_id="S",
                place="p. 1",
            ),
        ),
    )
    write_findings(workspace, findings)
    again = kept(workspace)
    assert again == findings.in_order()
    assert again.results == tuple(reversed(findings.results))  # what was read comes first
    assert again.reconciliations == findings.reconciliations
    assert again.corrections == findings.corrections
    forget_findings(workspace, "10_tiny")
    assert read_findings(workspace, "10_tiny") is None


def test_what_is_kept_is_sorted_and_the_same_for_the_same_figures(workspace: Workspace):
    texts = []
    for _ in range(2):
        check_raw(workspace, 2027)
        texts.append(findings_file(workspace, "check").read_bytes())
    assert texts[0] == texts[1]
    results = json.loads(texts[0])["results"]
    places = [(one["end"] != "raw", one["table"], one["kind"]) for one in results]
    assert places == sorted(places)


@pytest.mark.parametrize("folder", [PROJECT.raw, PROJECT.schemas], ids=lambda path: path.name)
def test_every_column_of_the_project_has_one_unit_and_says_it(folder):
    tables = Tables(folder).values()
    wrong = [(t.name, c.name) for t in tables for c in t.fields if unit_fault(t, c)]
    assert wrong == []


def test_a_column_means_the_same_unit_wherever_it_stands():
    units: dict[str, set] = {}
    for table in Tables(PROJECT.schemas).values():
        for column in table.fields:
            units.setdefault(column.name, set()).add(column.unit)
    assert {name: told for name, told in units.items() if len(told) > 1} == {}


def tiny(*names: str, **column: object) -> Table:
    """A table of one column and some others."""
    plain = [{"name": name, "type": "string", "description": "."} for name in names]
    fields = [column | {"description": "."}, *plain]
    return Table.model_validate(
        {"name": "tiny", "$schema": "", "description": ".", "fields": fields}
        | {"primaryKey": [column["name"]]}
    )


@pytest.mark.parametrize(
    ("name", "type_", "unit", "beside", "says"),
    [
        ("amount_cad", "number", "CAD", False, None),
        ("amount_cad", "number", "USD", False, "the unit CAD"),
        ("amount_cad", "number", None, True, "the unit CAD"),
        ("cost_million_cad", "number", "CAD", False, "the unit million CAD"),
        ("amount", "number", "CAD", False, "a name that says its unit"),
        ("value", "number", None, False, "a column of units beside it"),
        ("value", "number", None, True, None),
        ("projects", "integer", None, False, None),
        ("latitude", "number", "degrees", False, None),
    ],
)
def test_a_name_and_a_unit_that_do_not_agree_are_a_fault(name, type_, unit, beside, says):
    table = tiny(*(["unit"] if beside else []), name=name, type=type_, **{"x-unit": unit})
    fault = unit_fault(table, table.fields[0])
    assert fault is None if says is None else says in str(fault)


def test_a_column_without_a_unit_of_its_own_fails_its_table():
    wrong = tiny("source_id", "origin", name="amount_cad", type="number", **{"x-unit": "t"})
    frame = pd.DataFrame({"amount_cad": [1.0], "source_id": ["S"], "origin": ["a.csv:2"]})
    _, results = processed.examine(wrong, frame)
    (problem,) = [p for result in results for p in result.problems]
    assert str(problem).startswith(
        "table tiny, column amount_cad: found 't'; expected the unit CAD"
    )
