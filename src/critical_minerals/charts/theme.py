"""The one look of all charts: sizes, type, palette, and number formats per language.

Colours are those of Okabe and Ito (2008), told apart with every common colour-vision deficiency and
ordered so that neighbours differ in lightness; patterns of marks (direct labels, shapes, dashes)
carry every distinction a second time, so that a chart also reads in black and white.

Builders write channels as objects (`x=alt.X("year:O")`): a plain string means the same, but to find
its class Altair hashes all of its classes, once for each string.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import altair as alt

from critical_minerals.workspace.parameters import Language

FONT: Final = "Report Sans, sans-serif"
"""The family that `report.fonts` makes, for charts as for documents."""
WIDTH: Final = 640
"""Width of a chart's plotting area where nothing else asks for more, in pixels."""

NARROW: Final = 330
"""Width of a whole chart on a phone (`Edition.narrow`), in pixels."""

INK: Final = "#1d2b36"
MUTED: Final = "#5b6b78"
ALWAYS_BLACK: Final = "#000000"
"""Of words on a middle shade: where charts are dark the style sheet leaves them black."""
RULE: Final = "#d5dce2"
TINT: Final = "#eef2f5"
ACCENT: Final = "#0b5d66"
ACCENT_LIGHT: Final = "#8fbcc1"
COPPER: Final = "#b4511b"
CATEGORIES: Final = (
    "#0b5d66",  # deep teal
    "#e69f00",  # orange
    "#56b4e9",  # sky
    "#b4511b",  # copper
    "#6b4e9b",  # violet
    "#009e73",  # green
    "#cc79a7",  # rose
    "#7a7a7a",  # grey
)
SHADES: Final = ("#eef6f6", "#c3dfe0", "#8fc1c5", "#4f979e", "#0b5d66", "#043a40")
"""Light to dark: for heat maps; reads in black and white by itself."""

MINERALS: Final[Mapping[str, str]] = {
    "lithium": "#0b5d66",
    "graphite": "#3d3d3d",
    "nickel": "#6b4e9b",
    "cobalt": "#3b74c4",
    "copper": "#b4511b",
    "rare_earth_elements": "#e69f00",
    "uranium": "#009e73",
    "potash": "#cc79a7",
    "aluminum": "#56b4e9",
    "platinum_group_metals": "#8c6d31",
    "zinc": "#7a8b99",
    "niobium": "#a0522d",
    "iron_ore": "#7d4f50",
    "titanium": "#4d7c8a",
    "tungsten": "#5d576b",
}
"""The same mineral has the same colour in every figure."""

OTHER: Final = "#a9b3bb"
OWN_COLOURS: Final = alt.Resolve(scale=alt.ScaleResolveMap(color="independent"))
"""Each part of a chart has colours of its own. A part is given this as it is made, like its size:
whatever is added to a finished chart makes Altair copy all of it."""

_NUMBER_LOCALES: Final[Mapping[Language, Mapping[str, Any]]] = {
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""]},
    "fr": {
        "decimal": ",",
        "thousands": "\u00a0",
        "grouping": [3],
        "currency": ["", "\u00a0$"],
        "percent": "\u00a0%",
    },
}


def themed(
    chart: alt.TopLevelMixin, language: Language, *, validate: bool = True
) -> dict[str, Any]:
    """Return a chart's Vega-Lite specification with the theme and the language's formats.

    The data are part of the specification, so that it draws without any other file. Altair
    validates it against the schema of Vega-Lite, unless `validate` is false.
    """
    # `max_rows=None`: Altair refuses more than 5,000 rows, meant for interactive notebooks; equal
    # frames are stored once.
    with alt.data_transformers.enable("default", max_rows=None, consolidate_datasets=True):
        spec = chart.to_dict(validate=validate)
    chart_config = spec.get("config", {})
    # `view` is always that of the theme: Altair fills in one of its own, with a fixed size.
    spec["config"] = {**config(language), **{k: v for k, v in chart_config.items() if k != "view"}}
    return spec


def config(language: Language) -> dict[str, Any]:
    """Return the Vega-Lite configuration of the theme."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": INK, "titleColor": MUTED}
    return {
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None, "continuousWidth": WIDTH, "continuousHeight": 320},
        "padding": {"left": 4, "right": 12, "top": 6, "bottom": 6},
        "axis": {
            **text,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "titlePadding": 8,
            "domainColor": RULE,
            "tickColor": RULE,
            "gridColor": RULE,
            "gridDash": [2, 3],
            "labelLimit": 260,
        },
        "axisY": {"domain": False, "ticks": False, "labelPadding": 6},
        "axisBand": {"grid": False},
        "header": {**text, "labelFontSize": 13.5, "labelFontWeight": 600, "labelAnchor": "start"},
        "legend": {
            **text,
            "labelFontSize": 13,
            "titleFontSize": 13,
            "titleFontWeight": "normal",
            "orient": "top",
            "direction": "horizontal",
            "symbolType": "square",
            "labelLimit": 260,
        },
        "title": {"font": FONT, "color": INK, "fontSize": 14, "anchor": "start"},
        "text": {"font": FONT, "fontSize": 12.5, "color": INK},
        "range": {"category": list(CATEGORIES), "heatmap": list(SHADES), "ordinal": list(SHADES)},
        "bar": {"color": ACCENT},
        "line": {"color": ACCENT, "strokeWidth": 2.25},
        "point": {"color": ACCENT, "filled": True, "size": 60},
        "rule": {"color": MUTED},
        "locale": {"number": dict(_NUMBER_LOCALES[language])},
        "customFormatTypes": True,
    }
