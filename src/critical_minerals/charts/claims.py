"""Chart of published claims: one mark a claim, by topic and outcome."""

from __future__ import annotations

from typing import Any, Final

import altair as alt
import pandas as pd

from critical_minerals.charts import theme
from critical_minerals.charts.blank import nothing_public
from critical_minerals.charts.labels import above, below, paired, tips, unnamed, words
from critical_minerals.cleaning.claim_topics import TOPICS
from critical_minerals.publish.edition import Edition

OUTCOMES: Final = (
    "agrees",
    "agrees_after_rounding",
    "revised_since",
    "measures_something_else",
    "unexplained",
    "not_recomputable",
)
"""Outcomes as they stand in a row, from left to right."""
_COLOURS: Final = (
    theme.ACCENT,
    theme.ACCENT_LIGHT,
    theme.CATEGORIES[1],
    theme.CATEGORIES[4],
    theme.COPPER,
    theme.MUTED,
)
_SHAPES: Final = ("circle", "diamond", "triangle-right", "square", "triangle-up", "cross")
_ROW: Final = 34
_LABEL_WIDTH: Final = 150
"""Width that the names of topics take, in pixels."""


def claims_by_outcome(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
    """Draw one mark a claim in a row a topic, in the order of outcomes.

    `frame` is the table `claims`.
    """
    if frame.empty:
        return nothing_public(edition)
    data = _mark_rows(frame, edition)
    rows = [edition.label(f"claim-topic-{topic}") for topic in TOPICS]
    y = alt.Y(
        "topic:N", title=None, sort=[r for r in rows if r in set(data["topic"])], **unnamed(edition)
    )
    down = below(edition)
    # Three places more than the longest row: its count stands there.
    scale = alt.Scale(domain=[0.5, float(data["place"].max()) + 3.5], nice=False)
    base = alt.Chart(data)
    size = 50 if edition.narrow else 105
    marks = base.mark_point(size=size, filled=True, opacity=1, strokeWidth=1.5, **down).encode(
        x=alt.X("place:Q", axis=None, scale=scale),
        y=y,
        color=alt.Color("outcome:N", **_by_outcome(_COLOURS, edition)),
        shape=alt.Shape("outcome:N", **_by_outcome(_SHAPES, edition)),
        tooltip=tips(
            edition,
            claimed="column-claimed",
            stated="column-stated",
            found="column-found",
            outcome="column-outcome",
        ),
    )
    ends = data.groupby("topic", as_index=False)["place"].max()
    counts = alt.Chart(ends.assign(count=ends["place"].astype(str)))
    at_ends = counts.encode(x=alt.X("place:Q", axis=None, scale=scale), y=y)
    text = words(at_ends, "count", align="left", dx=12, color=theme.MUTED, **down)
    names = above(counts.encode(y=y), theme.NARROW, "topic") if edition.narrow else []
    width = theme.NARROW if edition.narrow else theme.WIDTH - _LABEL_WIDTH
    return alt.layer(marks, text, *names, width=width, height=_ROW * data["topic"].nunique())


def _mark_rows(frame: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """Give each claim its place in the row of its topic."""
    order = frame["outcome"].map(OUTCOMES.index)
    ranked = frame.assign(order=order).sort_values(["claim_topic", "order", "claim"])
    return pd.DataFrame(
        {
            "topic": edition.labelled(ranked["claim_topic"], "claim-topic"),
            "place": ranked.groupby("claim_topic").cumcount() + 1,
            "outcome": edition.labelled(ranked["outcome"], "outcome"),
            "claimed": ranked[edition.localized_column("claimed_en")],
            "stated": ranked[edition.localized_column("stated_en")],
            "found": ranked[edition.localized_column("found_en")].fillna("–"),
        }
    )


def _by_outcome(values: tuple[str, ...], edition: Edition) -> dict[str, Any]:
    """Return the scale and legend of outcomes; colour and shape share one legend."""
    domain = [edition.word("outcome", code) for code in OUTCOMES]
    # Vega-Lite joins two legends only where title and domain agree.
    return {
        "title": None,
        "scale": paired(domain, values),
        "legend": alt.Legend(
            orient="top", offset=10, symbolSize=105, columns=1 if edition.narrow else 3
        ),
    }
