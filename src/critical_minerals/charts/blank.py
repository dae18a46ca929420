"""What stands where a chart would, on a day on which none of its figures was public."""

from __future__ import annotations

import altair as alt
import pandas as pd

from critical_minerals.charts.theme import MUTED
from critical_minerals.publish.edition import Edition


def nothing_public(edition: Edition) -> alt.Chart:
    """Draw one line of text that says that nothing was public yet."""
    note = pd.DataFrame({"text": [edition.label("chart-nothing-public")]})
    mark = alt.Chart(note).mark_text(align="left", fontSize=14, color=MUTED)
    left = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    return (
        mark.encode(text=alt.Text("text:N"), x=left)
        .transform_calculate(x="0")
        .properties(height=40)
    )
