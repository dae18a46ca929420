"""What tests of charts share: tables, lists of names, and the drawing engine."""

import altair as alt
import pandas as pd
import vl_convert

from critical_minerals.charts.theme import themed
from critical_minerals.tables.descriptors import Tables
from critical_minerals.tables.money import DisplayCurrency
from critical_minerals.workspace.paths import find_workspace

TABLES = Tables(find_workspace().schemas)
DOLLARS = DisplayCurrency("CAD", "CAD")
LINEAGE = {"source_id": "A", "origin": "a.csv:2"}


def names(key: str, *ids: str) -> pd.DataFrame:
    """Make a list of names, by the ids in a column."""
    return pd.DataFrame({key: ids, "name_en": [f"the {i}" for i in ids], "name_fr": ids})


def drawn(chart: alt.TopLevelMixin) -> str:
    """Draw a chart as the English edition does."""
    return vl_convert.vegalite_to_svg(themed(chart, "en"), allowed_base_urls=[])
