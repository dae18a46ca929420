"""Which rows speak for a mineral or a partner."""

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.cleaning.briefs import (
    largest,
    longest_series,
    main_series,
    naming,
    of_series,
    sizes,
    trend,
)

COMMODITIES = ["lithium", "brine", "spodumene"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["lithium", "nickel", "titanium"]),
        st.sampled_from([*COMMODITIES, "nickel", "rutile"]),
        st.sampled_from(["mine", "refinery"]),
        st.none() | st.floats(0, 100),
    ),
    max_size=12,
    unique_by=lambda row: row[:3],
)


def concentration(rows) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["mineral", "commodity", "stage", "canada_pct"])
    return frame.assign(form="contained").astype({"canada_pct": "Float64"})


def test_the_commodity_of_the_mineral_s_name_comes_first_then_canada_s_larger_share():
    chosen = main_series(
        concentration(
            [
                ("copper", "copper", "refinery", 1.1),
                ("copper", "copper", "mine", 2.2),
                ("titanium", "rutile", "mine", None),
                ("titanium", "ilmenite", "mine", 3.8),
                ("silicon", "ferrosilicon", "plant", 9.0),
                ("silicon", "silicon", "plant", None),
            ]
        )
    )
    pairs = list(zip(chosen["mineral"], chosen["commodity"], chosen["stage"], strict=True))
    assert pairs == [
        ("copper", "copper", "mine"),
        ("silicon", "silicon", "plant"),
        ("titanium", "ilmenite", "mine"),
    ]


@given(ROWS)
def test_each_mineral_has_one_series_and_rows_keep_their_place(rows):
    frame = concentration(rows)
    chosen = main_series(frame)
    assert list(chosen["mineral"]) == sorted(set(frame["mineral"]))
    assert chosen.equals(frame.loc[chosen.index])
    named = set(frame.loc[frame["commodity"] == frame["mineral"], "mineral"])
    assert named == set(chosen.loc[chosen["commodity"] == chosen["mineral"], "mineral"])


def test_only_the_newest_year_of_the_series_counts():
    main = concentration([("copper", "copper", "mine", 2.0)])
    world = pd.DataFrame(
        {
            "mineral": "copper",
            "commodity": "copper",
            "stage": ["mine", "mine", "refinery"],
            "form": "contained",
            "year": [2024, 2025, 2025],
        }
    )
    assert list(of_series(world, main).index) == [1]
    assert of_series(world, main.head(0)).empty


def test_a_list_names_whole_ids_only():
    frame = pd.DataFrame({"minerals": ["tin;zinc", "titanium", None, "tin"]}, dtype="string")
    assert list(naming(frame, "minerals", ["tin"]).index) == [0, 3]
    assert naming(frame, "minerals", []).empty


def test_nothing_public_keeps_the_columns():
    nothing = pd.DataFrame({"minerals": pd.array([], "string"), "status": []})
    assert list(naming(nothing, "minerals", ["tin"]).columns) == ["minerals", "status"]
    assert main_series(concentration([])).empty


def production(series: dict[str, list[float | None]]) -> pd.DataFrame:
    rows = [
        {"series": name, "year": 2020 + n, "quantity_t": quantity, "volume_m3": None}
        for name, quantities in series.items()
        for n, quantity in enumerate(quantities)
    ]
    return pd.DataFrame(rows).astype({"quantity_t": "Float64", "volume_m3": "Float64"})


def test_the_publisher_that_tells_of_most_years_is_shown_and_never_mixed_with_another():
    chosen = longest_series(production({"usgs": [1.0, 2.0, 3.0], "national": [1.0, 2.0, 3.0, 4.0]}))
    assert set(chosen["series"]) == {"national"}
    assert list(chosen["year"]) == [2020, 2021, 2022, 2023]


def test_a_year_without_a_quantity_does_not_count():
    chosen = longest_series(production({"usgs": [None, 2.0, 3.0], "national": [1.0, None, None]}))
    assert list(chosen["year"]) == [2021, 2022]
    assert longest_series(production({"usgs": [None]})).empty


def test_the_largest_come_first():
    frame = pd.DataFrame({"amount": [1, 3, 3, 2]})
    assert list(largest(frame, "amount", 3).index) == [1, 2, 3]


def test_output_has_a_size_and_a_trend_whatever_its_unit():
    gas = pd.DataFrame({"quantity_t": [None, None], "volume_m3": [3.0, 2.0]}, dtype="Float64")
    assert sizes(gas).tolist() == [3.0, 2.0]
    assert (trend(gas), trend(gas.iloc[::-1]), trend(gas.head(1))) == ("down", "up", "level")
