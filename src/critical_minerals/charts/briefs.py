"""Small charts of the briefs, two beside each other on a page."""

from __future__ import annotations

import textwrap
from collections.abc import Collection, Sequence
from math import fsum
from typing import Final

import altair as alt
import pandas as pd

from critical_minerals.charts.labels import words
from critical_minerals.charts.theme import ACCENT, ACCENT_LIGHT, COPPER, INK, OTHER
from critical_minerals.cleaning.concentration import OTHERS, WORLD
from critical_minerals.language.quantities import half_up, write_number, write_percent
from critical_minerals.language.short_money import short_money
from critical_minerals.publish.edition import Edition

_WIDTH: Final = 340
_BAR: Final = 18
_BAR_OF_TWO_LINES: Final = 30
_LINE_OF_NAME: Final = 33
"""Characters of a name beside a bar; a longer one goes on in a second line."""
_LINE_END: Final = "|"
_COLUMNS_HEIGHT: Final = 108
_LABEL_ROOM: Final = 1.3
"""How much longer than the longest bar the axis is, so that its label fits behind it."""
_MAX_PLACES: Final = 5
_TWO_DIGITS: Final = 10
_THREE_DIGITS: Final = 100
"""From these values on decimals are dropped: they tell a reader nothing more."""
_CANADA: Final = "CA"
_NO_COUNTRY: Final = frozenset({WORLD, OTHERS})
_SCALES: Final = ((2_000_000.0, 1_000_000.0, "million"), (20_000.0, 1_000.0, "thousand"))
"""From which quantity on numbers are written in millions or thousands, largest first."""


def producers(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw the largest producers' shares of world output, and Canada's wherever it stands.

    `frame` has `country` and `share_pct`, one commodity, stage and year.
    """
    return _shares(frame, "country", edition)


def us_sources(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw the countries from which the United States imports: `partner`, `share_pct`."""
    return _shares(frame, "partner", edition)


def roles(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw some countries' joint share of world output by mineral: `mineral`, `share_pct`."""
    sums = frame.assign(share=frame["share_pct"].astype(float)).groupby("mineral")["share"].sum()
    rows = sums.sort_values(ascending=False, kind="stable").head(8).reset_index()
    return _bars(
        edition.named(rows["mineral"], "mineral"),
        rows["share"],
        [write_percent(share, edition.language) for share in rows["share"]],
        [ACCENT] * len(rows),
    )


def destinations(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw exports by destination: `partner`, `amount_cad`; the rest is one bar."""
    return _amounts(frame, "partner", edition)


def goods(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw exports to one partner by commodity: `commodity_en`, `commodity_fr`, `amount_cad`."""
    rows = frame.sort_values("amount_cad", ascending=False, kind="stable")
    names = list(rows[f"commodity_{edition.language}"])
    return _money_bars(names, edition.amounts(rows, "amount_cad"), edition)


def flows(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw what is exported beside what is imported: one row of `exports_cad`, `imports_cad`."""
    row = frame.iloc[0]
    names = [edition.label("flow-export"), edition.label("flow-import")]
    amounts = [row[edition.column(f"{flow}_cad")] for flow in ("exports", "imports")]
    return _money_bars(names, pd.Series(amounts), edition)


def supplied(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw Canada's share of a partner's imports by mineral: `mineral`, `canada_import_pct`."""
    rows = frame.sort_values("canada_import_pct", ascending=False, kind="stable").head(8)
    shares = rows["canada_import_pct"].astype(float)
    texts = [write_percent(share, edition.language) for share in shares]
    return _bars(edition.named(rows["mineral"], "mineral"), shares, texts, [COPPER] * len(rows))


def output(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw output by year, estimates and first figures lighter.

    `frame` has `year`, `quantity_t` or `volume_m3`, `qualifier` and `estimated`.
    """
    quantities = frame["quantity_t"].fillna(frame["volume_m3"]).astype(float)
    divisor, size = _scale(quantities)
    scaled = quantities / divisor
    decimals = 0 if scaled.max() >= _THREE_DIGITS else 1  # three digits say enough
    # Any qualifier makes a column light: a bound or a first figure is no firmer than an estimate.
    firm = ~frame["estimated"].astype(bool) & frame["qualifier"].isna()
    rows = pd.DataFrame(
        {
            "year": frame["year"].astype(str),
            "quantity": quantities,
            "text": [write_number(value, edition.language, decimals) for value in scaled],
            "colour": [ACCENT if is_firm else ACCENT_LIGHT for is_firm in firm],
        }
    )
    unit = "t" if frame["quantity_t"].notna().any() else "m3"
    base = alt.Chart().encode(
        x=alt.X("year:O", title=edition.label(f"brief-unit-{size}-{unit}"), axis=_YEARS),
        y=alt.Y("quantity:Q", axis=None, scale=alt.Scale(domain=[0, quantities.max() * 1.18 or 1])),
    )
    columns = base.mark_bar(size=min(26, 200 // len(rows))).encode(
        color=alt.Color("colour:N", scale=None)
    )
    labels = words(base, "text", dy=-8, fontSize=12.5, color=INK)
    size = {"width": _WIDTH, "height": _COLUMNS_HEIGHT}
    return alt.layer(columns, labels, data=rows, autosize=_FIT, **size)


def _shares(frame: pd.DataFrame, column: str, edition: Edition) -> alt.TopLevelMixin:
    """Draw the largest named shares, Canada's, and what is left."""
    known_places = frame[~frame[column].isin(_NO_COUNTRY) & frame["share_pct"].notna()]
    ranked = known_places.sort_values("share_pct", ascending=False, kind="stable")
    largest = ranked[column].head(_MAX_PLACES)
    # Canada is shown wherever it ranks: its part is what a brief is about.
    shown_rows = ranked[ranked[column].isin([*largest, _CANADA])]
    shares = shown_rows["share_pct"].astype(float).tolist()
    names = list(edition.named(shown_rows[column], "place"))
    colours = [COPPER if place == _CANADA else ACCENT for place in shown_rows[column]]
    others = 100 - fsum(shares)
    # Less than a point would be a bar too thin to see, and is often only rounding.
    if others >= 1:
        names, shares = [*names, edition.label("brief-others")], [*shares, others]
        colours = [*colours, OTHER]
    texts = [
        # Rounded before it is written: `write_percent` then drops the decimal of a value that
        # rounding has made whole.
        write_percent(float(half_up(share, 0 if share >= _TWO_DIGITS else 1)), edition.language)
        for share in shares
    ]
    return _bars(names, shares, texts, colours)


def _amounts(frame: pd.DataFrame, column: str, edition: Edition) -> alt.TopLevelMixin:
    """Draw the largest amounts by place, and what is left of the total (`WLD`)."""
    known_places = frame[~frame[column].isin(_NO_COUNTRY)]
    shown_rows = known_places.sort_values("amount_cad", ascending=False, kind="stable").head(
        _MAX_PLACES
    )
    amounts = edition.amounts(shown_rows, "amount_cad").tolist()
    names = list(edition.named(shown_rows[column], "place"))
    total = edition.amounts(frame[frame[column] == WORLD], "amount_cad").sum()
    others = total - fsum(amounts)
    # Destinations may be listed in full: then nothing is left, and rounding may even put their sum
    # above the total.
    if others > 0:
        names, amounts = [*names, edition.label("brief-others")], [*amounts, others]
    return _money_bars(names, pd.Series(amounts), edition, others=len(names) > len(shown_rows))


def _money_bars(
    names: Sequence[str], values: pd.Series, edition: Edition, *, others: bool = False
) -> alt.TopLevelMixin:
    amounts = values.astype(float)
    texts = [short_money(edition.money(amount))(edition.language) for amount in amounts]
    colours = [ACCENT] * len(amounts)
    if others:
        colours[-1] = OTHER
    return _bars(names, amounts, texts, colours)


def _bars(
    names: Collection[str],
    values: Collection[float],
    texts: Sequence[str],
    colours: Sequence[str],
) -> alt.TopLevelMixin:
    """Draw bars in the order given, each with its figure behind it."""
    lines = [_LINE_END.join(textwrap.wrap(name, _LINE_OF_NAME)) for name in names]
    rows = pd.DataFrame({"name": lines, "value": list(values), "text": texts})
    rows = rows.assign(colour=colours)
    longest = max(rows["value"], default=0) or 1
    split = f"split(datum.label, '{_LINE_END}')"
    axis = alt.Axis(labelLimit=215, labelFontSize=12, labelLineHeight=12, labelExpr=split)
    base = alt.Chart().encode(
        y=alt.Y("name:N", sort=None, title=None, axis=axis),
        x=alt.X(
            "value:Q", axis=None, scale=alt.Scale(domain=[0, longest * _LABEL_ROOM], nice=False)
        ),
    )
    bars = base.mark_bar(height=12).encode(color=alt.Color("colour:N", scale=None))
    labels = words(base, "text", align="left", dx=5, fontSize=12, color=INK)
    wrapped = any(_LINE_END in name for name in lines)
    height = (_BAR_OF_TWO_LINES if wrapped else _BAR) * len(rows)
    return alt.layer(bars, labels, data=rows, width=_WIDTH, height=height, autosize=_FIT)


def _scale(quantities: pd.Series) -> tuple[float, str]:
    """Choose by what to divide, and the name of that size."""
    largest = quantities.max()
    candidates = ((divisor, size_name) for least, divisor, size_name in _SCALES if largest >= least)
    return next(candidates, (1.0, "plain"))


_FIT: Final = alt.AutoSizeParams(type="fit-x", contains="padding")
_YEARS: Final = alt.Axis(labelAngle=0, ticks=False, domain=True, labelPadding=6)
