import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.components import residual, share_of_total
from critical_minerals.cleaning.selection import best_of, leading_entry

ORDER = ["actual", "preliminary", "intentions"]


def figures(values, precision="rounded", **columns):
    frame = pd.DataFrame(
        {
            "year": range(len(values)),
            "value": pd.array(values, dtype="Float64"),
            "precision": pd.array([precision] * len(values), dtype="string"),
            "as_of": pd.Timestamp("2024-01-01"),
            "source_id": "A",
            "origin": [f"a.csv:{row}" for row in range(2, len(values) + 2)],
        }
    )
    return frame.assign(**columns)


@given(st.lists(st.tuples(st.integers(2017, 2019), st.sampled_from(ORDER)), min_size=1))
def test_best_of_marks_one_row_of_each_group_and_none_ranks_higher(rows):
    frame = pd.DataFrame(rows, columns=["year", "basis"])
    frame["best"] = best_of(frame, ["year"], "basis", ORDER)
    for _, group in frame.groupby("year"):
        chosen = group.loc[group["best"], "basis"]
        assert len(chosen) == 1
        assert ORDER.index(chosen.iloc[0]) == min(map(ORDER.index, group["basis"]))


def test_best_of_refuses_a_value_that_it_cannot_rank():
    frame = pd.DataFrame({"year": [2020], "basis": ["guess"]})
    with pytest.raises(ValueError, match="guess"):
        best_of(frame, ["year"], "basis", ORDER)


@given(
    st.lists(st.sampled_from("abcdef"), min_size=1, unique=True), st.sets(st.sampled_from("abcdef"))
)
def test_leading_entry_is_of_the_list_and_prefers_the_tier(entries, tier):
    leading = leading_entry(pd.Series([";".join(entries)]), tier).iloc[0]
    assert leading in entries
    assert leading in tier or not tier & set(entries)


def test_leading_entry_keeps_blank_lists_missing():
    assert leading_entry(pd.Series([None, ""], dtype="string"), {"a"}).isna().all()


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=5))
def test_remainder_and_part_make_up_the_whole(parts):
    whole, part = figures([p + 7 for p in parts]), figures(parts)
    left = residual(whole, part, ["year"])
    assert (left["value"] + part["value"] == whole["value"]).all()


def test_remainder_leaves_out_wholes_without_a_part():
    assert residual(figures([1.0, 2.0]), figures([1.0]), ["year"])["year"].tolist() == [0]


def test_remainder_refuses_a_part_larger_than_its_whole():
    with pytest.raises(ValueError, match="larger than its whole"):
        residual(figures([1.0]), figures([2.0]), ["year"])


def test_portion_takes_a_share_and_tells_where_it_comes_from():
    whole = figures([140], precision="nearly")
    shares = figures([50], precision="about", source_id="B", origin="b.csv:9")
    part = share_of_total(whole, shares, ["year"])
    assert part["value"].tolist() == [70]
    assert part["precision"].tolist() == ["about"]
    assert part["source_id"].tolist() == ["A B"]
    assert part["origin"].tolist() == ["a.csv:2 b.csv:9"]


@pytest.mark.parametrize("loose", ["about", "nearly", "more_than", "up_to", "less_than"])
@pytest.mark.parametrize("derived", [share_of_total, residual])
def test_what_is_computed_from_a_loose_figure_is_no_more_than_about_right(derived, loose):
    firm, other = figures([100.0]), figures([10.0], precision=loose)
    assert derived(firm, other, ["year"])["precision"].tolist() == ["about"]
    whole, part = figures([100.0], precision=loose), figures([10.0], precision="exact")
    assert derived(whole, part, ["year"])["precision"].tolist() == ["about"]


def test_what_is_computed_from_firm_figures_is_rounded():
    whole, part = figures([100.0], precision="exact"), figures([10.0])
    assert residual(whole, part, ["year"])["precision"].tolist() == ["rounded"]


def test_the_later_day_of_both_figures_is_kept():
    late = figures([50], as_of=pd.Timestamp("2026-02-27"))
    assert share_of_total(figures([10]), late, ["year"])["as_of"].tolist() == [
        pd.Timestamp("2026-02-27")
    ]
