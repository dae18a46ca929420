"""A chart that names a field which its data lack is refused where it is published."""

import altair as alt
import pandas as pd
import pytest

from critical_minerals.errors import UsageError
from critical_minerals.publish.fields import check_fields

ROWS = pd.DataFrame({"mineral": ["tin", "zinc"], "year": [2024, 2025], "amount": [1.0, 2.0]})
BARS = alt.Chart(ROWS).mark_bar()


def spec(chart: alt.TopLevelMixin) -> dict:
    return chart.to_dict()


@pytest.mark.parametrize(
    "chart",
    [
        BARS.encode(x="amuont:Q", y="mineral:N"),
        BARS.encode(x="sum(amuont):Q"),
        BARS.encode(y=alt.Y("mineral:N", sort=alt.EncodingSortField("amuont"))),
        BARS.encode(
            color=alt.when(alt.datum.year > 1).then("amuont:Q").otherwise(alt.value("red"))
        ),
        BARS.encode(tooltip=["mineral:N", "amuont:Q"]),
        BARS.transform_aggregate(total="sum(amuont)", groupby=["mineral"]).encode(x="total:Q"),
        BARS.transform_fold(["year", "amuont"]).encode(x="value:Q"),
        BARS.encode(x="amount:Q").facet("amuont:N"),
        alt.layer(BARS.encode(x="amount:Q"), BARS.encode(y="amuont:Q")),
        alt.hconcat(BARS, BARS.encode(y="amuont:Q")),
        alt.layer(BARS, alt.Chart(ROWS[["year"]]).mark_rule()).encode(x="amuont:Q"),
        BARS.encode(x=alt.X(alt.repeat("column"), type="quantitative")).repeat(column=["amuont"]),
    ],
)
def test_a_field_that_the_data_lack_is_named_with_those_that_there_are(chart):
    with pytest.raises(UsageError) as caught:
        check_fields(spec(chart), "fig-a")
    told = str(caught.value)
    assert told.startswith("fig-a names the field 'amuont', which its data lack. ")
    assert told.endswith(("Fields: amount, mineral, year.", "Fields: year."))


def test_what_an_aggregate_leaves_out_is_lacking():
    chart = BARS.transform_aggregate(total="sum(amount)", groupby=["mineral"])
    with pytest.raises(UsageError, match=r"'year', .* Fields: mineral, total\."):
        check_fields(spec(chart.encode(x="year:O", y="total:Q")), "fig-a")


def test_what_transforms_make_may_be_named():
    other = pd.DataFrame({"mineral": ["tin"], "symbol": ["Sn"]})
    charts = [
        BARS.transform_calculate(half="datum.amount / 2").encode(x="half:Q"),
        BARS.transform_joinaggregate(all="sum(amount)").encode(x="all:Q", y="mineral:N"),
        BARS.transform_fold(["year", "amount"]).encode(x="key:N", y="value:Q", color="mineral:N"),
        BARS.transform_window(rank="rank()", sort=[alt.SortField("amount")]).encode(x="rank:O"),
        BARS.transform_bin("binned", field="amount").encode(x="binned:Q", x2="binned_end:Q"),
        BARS.transform_stack(["a", "b"], "amount", groupby=["mineral"]).encode(x="a:Q", x2="b:Q"),
        BARS.transform_lookup("mineral", alt.LookupData(other, "mineral", ["symbol"])).encode(
            text="symbol:N"
        ),
        BARS.transform_density("amount", as_=["at", "how"]).encode(x="at:Q", y="how:Q"),
        BARS.transform_pivot("mineral", value="amount").encode(x="tin:Q"),
        BARS.transform_filter(alt.FieldOneOfPredicate("year", [2024])).encode(x="count():Q"),
        BARS.encode(x="amount:Q", color=alt.Color("year:O", scale=alt.Scale(domain=[1]))),
        alt.Chart(ROWS.iloc[:0]).mark_bar().encode(x="anything:Q"),
        alt.Chart("far.csv").mark_bar().encode(x="anything:Q"),
        alt.layer(BARS, alt.Chart(other).mark_text().encode(text="symbol:N")).encode(y="mineral:N"),
    ]
    for chart in charts:
        check_fields(spec(chart), "fig-a")


def test_a_path_into_a_value_begins_with_its_field():
    land = {"values": [{"type": "Feature", "properties": {"name": "x"}}]}
    shape = {"mark": "geoshape", "data": land}
    check_fields({**shape, "encoding": {"color": {"field": "properties.name"}}}, "fig-a")
    dotted = {"mark": "bar", "data": {"values": [{"a.b": 1}]}}
    check_fields({**dotted, "encoding": {"x": {"field": r"a\.b"}}}, "fig-a")


MANY = pd.DataFrame({"origin": [f"a.csv:{row}" for row in range(301)], "amount": 1.0})


@pytest.mark.parametrize(
    ("chart", "told"),
    [
        (
            alt.Chart(MANY).mark_bar().encode(x="amount:Q", y="origin:N"),
            "301 values of 'origin' (y)",
        ),
        (
            alt.Chart(MANY).mark_bar().encode(x="amount:Q", color="origin:N"),
            "301 values of 'origin' (color)",
        ),
        (
            alt.Chart(MANY[:61]).mark_bar().encode(x="amount:Q", row="origin:N"),
            "61 panels of 'origin' (row)",
        ),
        (alt.Chart(MANY[:61]).mark_bar().facet("origin:N"), "61 panels of 'origin' (facet)"),
        (
            alt.layer(alt.Chart().mark_bar().encode(x="origin:O"), data=MANY),
            "301 values of 'origin' (x)",
        ),
    ],
)
def test_a_whole_table_drawn_by_mistake_is_refused_before_it_is_drawn(chart, told):
    with pytest.raises(UsageError) as caught:
        check_fields(spec(chart), "fig-a")
    assert f"fig-a would have {told}" in str(caught.value)


def test_what_takes_no_room_of_its_own_may_have_any_number_of_values():
    dots = alt.Chart(MANY).mark_point().encode(x="amount:Q", tooltip="origin:N", detail="origin:N")
    check_fields(spec(dots), "fig-a")
    check_fields(spec(alt.Chart(MANY[:300]).mark_bar().encode(y="origin:N")), "fig-a")
