import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import UsageError
from critical_minerals.tables.lineage import SavedRows, joined, listed, of_table, summed


def test_marks_are_joined_once_and_rows_in_the_order_of_their_numbers():
    marks = ["a.csv:10", "a.csv:9 b.csv:2", pd.NA, "a.csv:10", None]
    assert joined(marks) == "a.csv:9 a.csv:10 b.csv:2"


@given(st.lists(st.sampled_from(["a:1", "a:2", "b:1", "a:1 b:1", "a:2 b:10"])))
def test_joining_twice_is_joining_once_and_loses_no_mark(marks: list[str]):
    once = joined(marks)
    assert joined([once]) == once
    assert set(once.split()) == {mark for entry in marks for mark in entry.split()}


def frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "mineral": pd.array(["nickel", "lithium", "nickel", None, "cobalt"], dtype="string"),
            "amount": pd.array([1.5, 2.0, 3.0, 4.0, None], dtype="Float64"),
            "source_id": ["S1", "S2", "S3", "S1", "S1"],
            "origin": ["a:2", "a:3", "a:4", "a:5", "a:6"],
        }
    )


def test_sums_keep_their_sources_rows_and_missing_groups():
    result = summed(frame(), ["mineral"], ["amount"])
    assert result["mineral"].fillna("none").tolist() == ["cobalt", "lithium", "nickel", "none"]
    assert result["amount"].tolist()[1:] == [2.0, 4.5, 4.0]
    nickel = result[result["mineral"] == "nickel"].iloc[0]
    assert (nickel["source_id"], nickel["origin"]) == ("S1 S3", "a:2 a:4")


def test_a_group_without_any_value_is_not_summed_to_zero():
    result = summed(frame(), ["mineral"], ["amount"])
    assert result.loc[result["mineral"] == "cobalt", "amount"].isna().all()


def test_each_entry_of_a_list_gets_a_row_and_a_blank_list_keeps_one():
    lists = pd.DataFrame(
        {"minerals": pd.array(["nickel;cobalt", None], dtype="string"), "id": [1, 2]}
    )
    long = listed(lists, "minerals")
    assert long["minerals"].fillna("none").tolist() == ["nickel", "cobalt", "none"]
    assert long["id"].tolist() == [1, 1, 2]
    assert long["minerals"].dtype == "string"


def tables() -> dict[str, pd.DataFrame]:
    awards = frame().assign(year=2024)
    saved = {"awards": awards, "by_mineral": summed(frame(), ["mineral"], ["amount"])}
    return {name: of_table(table, name) for name, table in saved.items()}


def test_a_frame_cut_from_a_table_is_found_there_row_by_row_as_a_spreadsheet_counts():
    saved = tables()
    nickel = saved["awards"].query("mineral == 'nickel'").sort_values("amount", ascending=False)
    assert SavedRows(saved).of([nickel]) == {"awards": [2, 4]}
    assert SavedRows(saved).of([saved["by_mineral"].tail(1), nickel]) == {
        "awards": [2, 4],
        "by_mineral": [5],
    }


@pytest.mark.parametrize(
    "frame",
    [
        pd.DataFrame({"source_id": ["S1 S3"], "origin": ["a:2 a:4"]}, index=[9]),
        tables()["awards"].tail(2).set_axis([0, 1]),
        tables()["awards"].set_index("mineral"),
    ],
    ids=["regrouped", "numbered anew", "named anew"],
)
def test_rows_that_are_no_longer_those_of_a_table_are_refused(frame: pd.DataFrame):
    with pytest.raises(UsageError, match=r"a:\d.*stand in no table.*Publish rows of what nb"):
        SavedRows(tables()).of([frame])


def test_nothing_rests_on_no_rows_and_a_raw_row_in_no_table_is_refused():
    assert SavedRows(tables()).of([frame().head(0)]) == {}
    lost = pd.DataFrame({"source_id": ["S9"], "origin": ["a:99"]})
    with pytest.raises(UsageError, match=r"a:99: these rows.* in no table that is saved"):
        SavedRows(tables()).of([lost])


def test_of_two_tables_with_the_same_rows_the_one_that_a_frame_is_cut_from_is_named():
    twins = {name: of_table(frame(), name) for name in ("awards", "payments")}
    assert SavedRows(twins).of([twins["payments"].tail(1)]) == {"payments": [6]}
    assert SavedRows(twins).of([twins["awards"][["origin"]].head(1)]) == {"awards": [2]}


@given(st.lists(st.integers(0, 4), unique=True))
def test_what_is_cut_from_a_table_is_found_whole(labels: list[int]):
    cut = tables()["awards"].loc[labels]
    found = SavedRows(tables()).of([cut])
    assert found == ({"awards": sorted(label + 2 for label in labels)} if labels else {})
