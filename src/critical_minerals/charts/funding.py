"""Charts of funding: envelopes, awards over time, by mineral and province, results."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import Any, Final

import altair as alt
import pandas as pd

from critical_minerals.charts import theme
from critical_minerals.charts.blank import nothing_public
from critical_minerals.charts.labels import (
    ABOVE,
    DOWN,
    Layers,
    above,
    below,
    paired,
    spread,
    tips,
    unnamed,
    words,
)
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import (
    Precision,
    prefix,
    shortest,
    sign,
    write,
    write_number,
)
from critical_minerals.publish.edition import Edition
from critical_minerals.tables.precision import of_sum, readable

_MILLION: Final = 1e6
_BILLION: Final = 1e9
_LARGE_ENVELOPE_CAD: Final = 400e6
"""Envelopes from this amount on get a scale of their own: small ones would vanish beside them."""
_FULL_WIDTH: Final = 742
"""Width of charts whose labels stand inside the plotting area."""
_ENVELOPE_COLUMNS: Final = ["name", "envelope", "committed", "stated", "first", "second"]
_NARROW_ROWS: Final = (theme.NARROW, 68, 22)
"""Width of a chart on a phone, height of its rows, and how far below their middle bars lie: two
lines of a programme's name and one of what is said of it stand above."""
_LINE_OF_NAME: Final = 46
"""Letters of a name that a phone has room for in one line."""
_COUNT_ROOM: Final = 40
"""Room to the right of the longest row of squares for its count."""
_FORM_ORDER: Final = ("loan", "equity", "contribution", "not_stated")
"""Order of the bars: what is paid back or keeps a value first, what the sources leave open last."""
_CONDITIONAL: Final = "#dba617"
"""Colour of what hangs on conditions; no group of programmes has it."""
_GROUP_COLOURS: Final = {
    "lenders": "#0b5d66",
    "sif_srf": "#e9b872",
    "cgf": "#6b4e9b",
    "cmif": "#8fc1c5",
    "pdac_2026": "#b4511b",
    "cmpa": "#f0d3b5",
    "other": "#7a8b99",
}
"""Dark and light by turns, so that neighbouring bands also differ in black and white."""


def envelopes(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw each programme's envelope as a broad bar, what is known to be committed as a narrow one.

    `frame`: programme_funding. Large and small envelopes stand on separate scales.
    """
    if frame.empty:
        return nothing_public(edition)
    rows = _envelope_rows(frame, edition)
    # Split by the base currency, so that a report in another one has the same panels.
    large = rows["envelope_cad"] >= _LARGE_ENVELOPE_CAD
    panels = [(rows[large], "chart-envelopes-large"), (rows[~large], "chart-envelopes-small")]
    panel_charts = [_envelope_panel(part, key, edition) for part, key in panels if len(part)]
    return alt.vconcat(*panel_charts, spacing=18)


def _envelope_rows(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    ordered = frame.sort_values(["envelope_cad", "programme"], ascending=[False, True])
    rows = ordered.assign(
        name=edition.named(ordered["programme"], "programme"),
        envelope=edition.amounts(ordered, "envelope_cad") / _MILLION,
        committed=edition.amounts(ordered, "committed_cad") / _MILLION,
        stated=[_envelope_text(record, edition) for record in ordered.to_dict("records")],
    )
    return _in_two_lines(rows) if edition.narrow else rows


def _in_two_lines(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what a phone has room for of each `name` in its first line, and the rest (`second`)."""
    lines = [textwrap.wrap(name, _LINE_OF_NAME) for name in rows["name"]]
    return rows.assign(
        first=[line[0] for line in lines], second=[" ".join(line[1:]) for line in lines]
    )


def _envelope_text(record: dict[Any, Any], edition: Edition) -> str:
    """Describe a programme's envelope and commitments in a sentence."""
    envelope = _money(record[edition.column("envelope_cad")], record["envelope_precision"], edition)
    if pd.isna(record["committed_cad"]):
        return say("chart-envelopes-unknown", envelope=envelope)(edition.language)
    committed = _money(
        record[edition.column("committed_cad")], record["committed_precision"], edition
    )
    facts = {"envelope": envelope, "committed": committed}
    return say("chart-envelopes-known", **facts)(edition.language)


def _envelope_panel(rows: pd.DataFrame, key: str, edition: Edition) -> Layers:
    names = rows["name"].tolist()
    # A little lower than other rows: in print the list that follows has room below both panels.
    wide = (_FULL_WIDTH, ABOVE - 2, DOWN)
    width, row, down = _NARROW_ROWS if edition.narrow else wide
    base = alt.Chart().encode(
        y=alt.Y("name:N", sort=names, axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)),
        tooltip=tips(edition, name="column-programme", stated="chart-envelopes-money"),
    )
    x = alt.X(
        "envelope:Q",
        title=_money_axis(edition),
        axis=alt.Axis(tickCount=6, format=",.0f", grid=False),
    )
    bars = base.mark_bar(height=13, yOffset=down, color=theme.ACCENT_LIGHT).encode(x=x)
    committed_bars = base.mark_bar(height=6, yOffset=down, color=theme.INK).encode(
        x=alt.X("committed:Q")
    )
    labels = (
        _narrow_labels(base, "stated") if edition.narrow else above(base, width, "name", "stated")
    )
    return alt.layer(
        bars,
        committed_bars.transform_filter("isValid(datum.committed)"),
        *labels,
        data=rows[rows.columns.intersection(_ENVELOPE_COLUMNS)],
        width=width,
        height=len(rows) * row,
        title=edition.label(key),
    )


def _narrow_labels(base: alt.Chart, column: str) -> list[alt.Chart]:
    """Write a programme's name in one line or two, and what a column says of it below."""
    left: dict[str, Any] = {"align": "left", "x": 0}
    name: dict[str, Any] = {**left, "fontWeight": 600, "fontSize": 13}
    second = base.transform_filter("datum.second != ''")
    return [
        words(base.transform_filter("datum.second == ''"), "first", **name, dy=-12),
        words(second, "first", **name, dy=-27),
        words(second, "second", **name, dy=-12),
        words(base, column, **left, dy=5, color=theme.MUTED),
    ]


def awards_over_time(
    frame: pd.DataFrame, edition: Edition, until: pd.Timestamp
) -> alt.TopLevelMixin:
    """Draw what has come together by day, stacked by group, each band named at its end.

    `frame`: funding_over_time; the bands go on to the day `until`.
    """
    if frame.empty:
        return nothing_public(edition)
    order = _order_by_total(frame)
    grid = _daily_grid(frame, order, edition.column("cumulative_cad"), until)
    grid = grid.assign(
        amount=grid["cumulative"] / _MILLION,
        group=edition.labelled(grid["funding_group"], "funding-group"),
        rank=grid["funding_group"].map(order.index),
    )
    if edition.narrow:
        return _bands(grid, order, edition).properties(width=theme.NARROW - 58, height=240)
    # The band ends at the newest total; its precision is that of the last day.
    precisions = frame.sort_values("known_since").groupby("funding_group")["precision"].last()
    layers = (_bands(grid, order, edition), _band_names(grid, precisions, edition))
    return alt.layer(*layers, width=460, height=270)


def _order_by_total(frame: pd.DataFrame) -> list[str]:
    """List the groups by their total, the rest (`other`) last."""
    totals = frame.groupby("funding_group")["amount_cad"].sum()
    ranked = totals.sort_values(ascending=False, kind="stable").index.tolist()
    return [group for group in ranked if group != "other"] + ["other"] * ("other" in ranked)


def _daily_grid(
    frame: pd.DataFrame, order: list[str], amounts: str, until: pd.Timestamp
) -> pd.DataFrame:
    """Give every group a value on every day, so that the bands lie on each other."""
    wide = frame.pivot_table(
        index="known_since", columns="funding_group", values=amounts, aggfunc="max"
    )
    # A month of nothing first, so that the first award is seen as a step and not as the edge of the
    # chart.
    start = wide.index.min() - pd.Timedelta(days=30)
    days = wide.index.union([start, until])
    # A total stays what it was until the next award, and is zero before the first.
    daily = wide.reindex(days).sort_index().ffill().fillna(0.0)
    long = daily[order].reset_index(names="known_since")
    return long.melt("known_since", var_name="funding_group", value_name="cumulative")


def _bands(grid: pd.DataFrame, order: list[str], edition: Edition) -> alt.Chart:
    colours = [_GROUP_COLOURS.get(group, theme.OTHER) for group in order]
    names = [edition.word("funding-group", group) for group in order]
    # Where no name fits beside its band, they are listed as the bands lie: the highest first.
    legend = alt.Legend(title=None, columns=1, values=names[::-1]) if edition.narrow else None
    return (
        alt.Chart(grid[["known_since", "amount", "group", "rank"]])
        .mark_area(interpolate="step-after", stroke="white", strokeWidth=1)
        .encode(
            x=alt.X("known_since:T", title=None, axis=alt.Axis(format="%Y", tickCount="year")),
            y=alt.Y("amount:Q", title=_money_axis(edition), axis=alt.Axis(format=",.0f")),
            color=alt.Color("group:N", legend=legend, scale=paired(names, colours)),
            order=alt.Order("rank:Q"),
            tooltip=[
                alt.Tooltip("group:N", title=edition.label("column-funding-group")),
                alt.Tooltip("known_since:T", title=edition.label("column-known-since")),
                alt.Tooltip("amount:Q", title=_money_axis(edition), format=",.1f"),
            ],
        )
    )


def _band_names(grid: pd.DataFrame, precisions: pd.Series, edition: Edition) -> Layers:
    """Name each band at the right end, moved apart where bands are thin.

    `firmness` says by group how exact its total is.
    """
    ends = grid[grid["known_since"] == grid["known_since"].max()].sort_values("rank")
    top = ends["amount"].cumsum()
    # Vega-Lite stacks the lowest order first, so the first band lies at the bottom.
    middles = (top - ends["amount"] / 2).tolist()
    name_rows = ends.assign(
        middle=middles,
        # A fifteenth of the height of the stack is about one line of text.
        at=spread(middles, gap=float(top.iloc[-1]) * 0.066),
        words=[
            say("chart-band", name=name, amount=_money(amount, precisions[group], edition))(
                edition.language
            )
            for group, name, amount in ends[["funding_group", "group", "cumulative"]].itertuples(
                index=False
            )
        ],
    )
    at_ends = alt.Chart().encode(x=alt.XValue(482), y=alt.Y("at:Q"))
    names = words(at_ends, "words", align="left", fontSize=12.5)
    leaders = (
        alt.Chart()
        .mark_rule(color=theme.MUTED, strokeWidth=0.8)
        .encode(x=alt.XValue(462), x2=alt.X2Value(479), y=alt.Y("middle:Q"), y2=alt.Y2("at:Q"))
    )
    return alt.layer(names, leaders, data=name_rows[["middle", "at", "words"]])


def makeup(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw federal awards by form of the money: firm ones, and those that hang on conditions.

    `frame`: funding_makeup.
    """
    if frame.empty:
        return nothing_public(edition)
    rows = frame.assign(
        entry=edition.labelled(frame["money_form"], "money-form"),
        place=frame["money_form"].map(_FORM_ORDER.index),
        kind="firm",
    )
    kinds = {"firm": theme.ACCENT, "conditional": _CONDITIONAL}
    return _split_bars(rows, kinds, "condition", "column-money-form", edition)


def by_mineral(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw federal awards by mineral: those for it alone, and those that it shares.

    `frame`: funding_by_mineral.
    """
    names = edition.named(frame["mineral"], "mineral").fillna(edition.label("chart-no-mineral"))
    return _by_entry(frame.assign(entry=names), "mineral", edition)


def by_province(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw federal awards by province: those for it alone, and those that it shares.

    `frame`: funding_by_province.
    """
    names = edition.named(frame["province"], "place").fillna(edition.label("chart-no-province"))
    return _by_entry(frame.assign(entry=names), "province", edition)


def _by_entry(frame: pd.DataFrame, column: str, edition: Edition) -> alt.TopLevelMixin:
    """Draw sums by entry: for it alone, shared with others, and those that hang on conditions."""
    if frame.empty:
        return nothing_public(edition)
    rows = frame.assign(place=frame[column].isna().astype("int64"), kind=frame["sharing"])
    kinds = {
        "alone": theme.ACCENT,
        "shared": theme.ACCENT_LIGHT,
        "conditional": _CONDITIONAL,
        "not_named": theme.OTHER,
    }
    return _split_bars(rows, kinds, "sharing", f"column-{column}", edition)


def _split_bars(
    frame: pd.DataFrame, kinds: Mapping[str, str], texts: str, heading: str, edition: Edition
) -> alt.TopLevelMixin:
    """Draw one bar an entry, split by `kind`, with its sum and the number of awards behind it.

    `frame` has `entry`, `place` (entries of a lower place first, then by their sums), `kind`,
    `amount_cad`, the part `conditional_cad`, `precision` and `awards`; `kinds` gives each kind its
    colour, `texts` the words for it, `heading` what an entry is. What hangs on conditions is a kind
    of its own.
    """
    amounts = edition.amounts(frame, "amount_cad")
    conditional = edition.amounts(frame, "conditional_cad")
    totals = _entry_totals(frame.assign(amount=amounts), edition)
    # The conditional part is within the amount: it is taken out before it is drawn again in its own
    # colour.
    firm_rows = frame.assign(amount=amounts - conditional)
    conditional_rows = frame.assign(amount=conditional, kind="conditional")
    frame = pd.concat([firm_rows, conditional_rows[conditional > 0]], ignore_index=True)
    rows = frame.assign(
        amount=frame["amount"] / _MILLION,
        share=edition.labelled(frame["kind"], texts),
    )
    order = totals["entry"].tolist()
    y = alt.Y("entry:N", sort=order, title=None, **unnamed(edition))
    kinds_drawn = [kind for kind in kinds if kind in set(frame["kind"])]
    colours_by_label = {edition.word(texts, kind): kinds[kind] for kind in kinds_drawn}
    legend_entries = [edition.word(texts, kind) for kind in kinds_drawn if kind != "not_named"]
    bars = _entry_bars(rows, y, heading, colours_by_label, legend_entries, edition)
    if edition.narrow:
        entry_labels = above(alt.Chart(totals).encode(y=y), theme.NARROW, "entry", "words")
        return alt.layer(bars, *entry_labels, width=theme.NARROW, height=len(order) * ABOVE)
    ends = alt.Chart(totals).encode(x=alt.X("amount:Q"), y=y)
    entry_labels = words(ends, "words", align="left", dx=6, color=theme.MUTED)
    return alt.layer(bars, entry_labels, width=486, height=len(order) * 20)


def _entry_totals(rows: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Sum up each entry, the largest first, what names none last."""
    totals = rows.groupby(["entry", "place"], as_index=False).agg(
        amount=("amount", "sum"), awards=("awards", "sum"), precision=("precision", of_sum)
    )
    ordered = totals.sort_values(["place", "amount", "entry"], ascending=[True, False, True])
    return ordered.assign(
        amount=ordered["amount"] / _MILLION,
        words=[
            say("chart-awards", amount=_money(amount, precision, edition), count=int(count))(
                edition.language
            )
            for amount, precision, count in ordered[["amount", "precision", "awards"]].itertuples(
                index=False
            )
        ],
    )


def _entry_bars(
    rows: pd.DataFrame,
    y: alt.Y,
    heading: str,
    colours_by_label: Mapping[str, str],
    legend_entries: Sequence[str],
    edition: Edition,
) -> alt.Chart:
    scale = paired([*colours_by_label], [*colours_by_label.values()])
    layout: dict[str, Any] = (
        {"columns": 1, "labelLimit": 300} if edition.narrow else {"labelLimit": 420}
    )
    legend = alt.Legend(values=[*legend_entries], **layout)
    ranked = rows[["entry", "share", "amount", "awards"]]
    ranked = ranked.assign(rank=rows["share"].map([*colours_by_label].index))
    return (
        alt.Chart(ranked)
        .mark_bar(height=13, **below(edition))
        .encode(
            x=alt.X(
                "amount:Q",
                title=_money_axis(edition),
                axis=alt.Axis(format=",.0f", tickCount=5, grid=False),
            ),
            y=y,
            color=alt.Color("share:N", title=None, scale=scale, legend=legend),
            order=alt.Order("rank:Q"),
            tooltip=[
                *tips(edition, entry=heading, share="column-sharing"),
                alt.Tooltip("amount:Q", title=_money_axis(edition), format=",.1f"),
                alt.Tooltip("awards:Q", title=edition.label("column-awards")),
            ],
        )
    )


def results(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw each reported count as a row of squares, one for each project or initiative.

    `frame`: rows of programme_results that count projects or initiatives.
    """
    if frame.empty:
        return nothing_public(edition)
    rows = _result_rows(frame, edition)
    y = alt.Y("row:N", sort=rows["row"].tolist(), axis=None)
    width, row, down = _NARROW_ROWS if edition.narrow else (_FULL_WIDTH, ABOVE, DOWN)
    if edition.narrow:
        texts = _in_two_lines(rows)[["row", "first", "second", "words"]]
        labels = _narrow_labels(alt.Chart(texts).encode(y=y), "words")
    else:
        base = alt.Chart(rows[["row", "name", "words"]]).encode(y=y)
        labels = above(base, width, "words", "name")
    layers = (_squares(rows, y, width, down, edition), *labels)
    return alt.layer(*layers, width=width, height=len(rows) * row)


def _result_rows(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    ordered = frame.sort_values(["reported_value", "programme"], ascending=[False, True])
    return ordered.assign(
        row=ordered["programme"] + ":" + ordered["figure"],
        name=edition.named(ordered["programme"], "programme"),
        words=ordered[f"result_{edition.language}"],
        count=ordered["reported_value"].astype(int),
    )


def _squares(rows: pd.DataFrame, y: alt.Y, width: float, down: float, edition: Edition) -> Layers:
    """Draw as many squares as a row counts, and the count behind the last of them."""
    # As large as the longest row allows, and the same in every row, so that rows can be compared.
    step = min((width - _COUNT_ROOM) / int(rows["count"].max()), 11.0)
    single = rows.loc[rows.index.repeat(rows["count"])]
    single = single.assign(square=single.groupby("row").cumcount() * step + step / 2)
    x = alt.X("square:Q", scale=alt.Scale(domain=[0, width], nice=False), axis=None)
    ends = rows.assign(square=rows["count"] * step + 5)
    squares = (
        alt.Chart(single[["row", "square", "name", "words", "count"]])
        .mark_square(
            size=(step - min(2, step / 3)) ** 2, yOffset=down, color=theme.ACCENT, opacity=1
        )
        .encode(
            x=x,
            y=y,
            tooltip=[
                *tips(edition, name="column-programme", words="column-result"),
                alt.Tooltip("count:Q", title=edition.label("column-reported-value")),
            ],
        )
    )
    counts = (
        alt.Chart(ends[["row", "square", "count"]])
        .mark_text(align="left", yOffset=down, fontWeight=700, fontSize=15)
        .encode(x=x, y=y, text=alt.Text("count:Q", format=","))
    )
    return alt.layer(squares, counts)


def _money_axis(edition: Edition) -> str:
    return edition.in_currency("axis-millions")


def _money(amount: float, precision: Precision, edition: Edition) -> str:
    """Write an amount as short as a chart's label needs it, its precision included."""
    money = readable(edition.money(float(amount), precision))
    # Below a million the amount in full is as short as any other form.
    if money.amount < _MILLION:
        return write(money, edition.language)
    size, unit = ("billion", _BILLION) if money.amount >= _BILLION else ("million", _MILLION)
    scaled = money.amount / unit
    number = write_number(scaled, edition.language, shortest(scaled, 2))
    mark = sign(money.currency, edition.language)
    short = say(f"chart-{size}", number=number, sign=mark)(edition.language)
    return prefix(precision, edition.language) + short
