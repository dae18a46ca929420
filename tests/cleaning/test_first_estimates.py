"""First estimates are held against what the next release says of the same figure."""

import pandas as pd
import pytest

from critical_minerals.cleaning.vintages import first_estimates


def rows(*told: tuple[int, int, float | None, str | None]) -> pd.DataFrame:
    frame = pd.DataFrame(told, columns=["year", "release", "t", "qualifier"])
    return frame.assign(
        metal="tin",
        t=frame["t"].astype("Float64"),
        source_id=frame["release"].map("MCS{}".format),
        origin=[f"a.csv:{at}" for at in range(2, len(frame) + 2)],
    )


def test_each_year_is_compared_between_the_two_releases_that_follow_it():
    found = first_estimates(
        rows((2021, 2023, 9, None), (2022, 2023, 40, None), (2022, 2024, 50, None)), ["metal"], "t"
    )
    assert found[["year", "first", "revised", "change_pct"]].to_numpy().tolist() == [
        [2022, 40, 50, 25]
    ]
    assert [*found["source_id"]] == ["MCS2023 MCS2024"]
    assert [*found["origin"]] == ["a.csv:3 a.csv:4"]


@pytest.mark.parametrize(
    ("first", "later"),
    [
        ((0.0, "zero"), (5.0, None)),
        ((None, "withheld"), (5.0, None)),
        ((5.0, None), (None, "not_available")),
        ((5.0, "more_than"), (6.0, None)),
        ((5.0, None), (6.0, "less_than")),
    ],
)
def test_without_two_plain_numbers_there_is_nothing_to_compare(
    first: tuple[float | None, str | None], later: tuple[float | None, str | None]
):
    assert first_estimates(rows((2022, 2023, *first), (2022, 2024, *later)), ["metal"], "t").empty


def test_a_figure_that_no_later_release_gives_is_not_judged():
    assert first_estimates(rows((2022, 2023, 40, None)), ["metal"], "t").empty
    assert first_estimates(rows(), ["metal"], "t").empty
