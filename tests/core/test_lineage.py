import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.lineage import joined, listed, summed


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
