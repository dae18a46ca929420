"""Every row that comes in goes out, or is named with a reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.language.ranges import ranges
from critical_minerals.raw.store import RowDisposition
from critical_minerals.review.findings import ExcludedRows
from critical_minerals.review.reconciliation import merge_by_file, reconcile
from critical_minerals.tables.lineage import rows_by_file

FILE = "data/raw/t.csv"
OLD = {"en": "Older.", "fr": "Plus vieux."}
rows = st.frozensets(st.integers(2, 40))


def disposition(seen: frozenset[int]) -> RowDisposition:
    none = frozenset[int]()
    return RowDisposition(FILE, seen, none, none, none)


@given(rows, rows, rows)
def test_rows_add_up_exactly_where_there_is_no_fault(seen, used, named):
    excluded = [ExcludedRows(tuple(sorted(named)), OLD)]
    told, result = reconcile("t", disposition(seen), used, excluded)
    lost, contradicted = seen - used - named, used & named
    assert result.good == (not lost and not contradicted)
    if result.good:
        assert told.read == told.used + len(named & seen)


@pytest.mark.parametrize(
    ("lost", "place"),
    [({7}, "data/raw/t.csv, row 7"), ({4, 5, 6, 9}, "data/raw/t.csv")],
)
def test_lost_rows_are_named(lost, place):
    _, result = reconcile("t", disposition(frozenset(range(2, 12))), set(range(2, 12)) - lost, [])
    (problem,) = result.problems
    assert problem.place == place
    assert len(lost) == 1 or problem.value == "rows 4–6, 9 (4 rows)"
    assert "nb.exclude" in problem.remedy


def test_what_is_left_out_and_used_all_the_same_is_a_contradiction():
    excluded = [ExcludedRows((3, 4), OLD)]
    _, result = reconcile("t", disposition(frozenset({2, 3, 4})), {2, 4}, excluded)
    (problem,) = result.problems
    assert (problem.row, problem.expected) == (
        4,
        "excluded rows in no saved table",
    )


@given(rows)
def test_ranges_can_be_read_back(chosen):
    told = ranges(chosen)
    parts = [part.split("–") for part in told.split(", ") if part]
    assert {n for part in parts for n in range(int(part[0]), int(part[-1]) + 1)} == chosen


def test_rows_of_one_file_are_found_among_origins():
    origins = ["data/raw/t.csv:3", "data/raw/tt.csv:4", "data/raw/t.csv:12"]
    assert rows_by_file(origins)[FILE] == {3, 12}


def test_places_of_one_file_make_one_account_and_its_faults_stay_named():
    none = frozenset[int]()
    first, second = (f"data/raw/t.zip/{name}.csv#Prod" for name in ("a", "b"))
    pairs = [
        reconcile(
            "t",
            RowDisposition(first, frozenset({2, 3}), none, none, none),
            {2},
            [ExcludedRows((3,), OLD)],
        ),
        reconcile("t", RowDisposition(second, frozenset({2, 4}), none, none, none), {4}, []),
    ]
    ((told, result),) = merge_by_file(pairs)
    assert (told.file, told.rows, told.used) == ("data/raw/t.zip", 4, 2)
    assert [(part.rows, part.reason) for part in told.excluded] == [((3,), OLD)]
    assert result.rows == 4
    assert [problem.place for problem in result.problems] == [f"{second}, row 2"]
