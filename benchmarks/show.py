"""Show what was measured: a table and a chart of every scenario in benchmarks/README.md."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import altair as alt
import pandas as pd
from measure import middle
from project import PROJECT
from scenarios import OURS, SCENARIOS

from critical_minerals.charts import theme
from critical_minerals.publish.drawing import draw, warm_up
from critical_minerals.report.fonts import make_fonts
from critical_minerals.workspace.paths import Workspace, write_whole

FOLDER = PROJECT / "benchmarks"
RESULTS = FOLDER / "results"
_ORDER = tuple(SCENARIOS)
_BAR = 22
_SMALL = 10
"""Values from here on need no second decimal."""

_OPENING = """# Benchmarks

`make bench` measures all of this again and writes this page; `make bench ONLY="cold noop"` measures
some of it. What is compared is really run, side by side and in turn: each line is the median of
several runs, with the least and the greatest beside it. Ratios say how many times as long (or as
much) the others take. Where another way is better, it says so.
"""


def show() -> None:
    """Write the page from whatever results there are."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in RESULTS.glob("*.json")}
    known = {name: found[name] for name in _ORDER if name in found}
    parts = [
        _OPENING,
        *_aims(known),
        *(part for name in known for part in _part(name, known[name])),
    ]
    write_whole(FOLDER / "README.md", "\n".join(parts))


def _aims(known: Mapping[str, Any]) -> Iterator[str]:
    """Give a table of what was aimed at."""
    aims = [aim for result in known.values() for aim in result["aims"]]
    if aims:
        yield "| aim | at most | measured | |\n|---|--:|--:|---|"
        for aim in aims:
            met = "met" if aim["met"] else "**missed**"
            yield f"| {aim['what']} | {aim['at_most']:g} | {aim['found']:g} | {met} |"
        yield ""


def _part(name: str, result: Mapping[str, Any]) -> Iterator[str]:
    """Give the section of one scenario."""
    rows = _rows(result)
    yield f"## {result['title']}\n\n{result['note']}\n"
    if rows["value"].max() > 0:
        picture = f"{name}.svg"
        alternative = _alternative(result, rows)
        write_whole(RESULTS / picture, _picture(name, result, rows, alternative))
        yield f"![{alternative}](results/{picture})\n"
    grouped = len(result["groups"]) > 1
    heads = [*(["what"] if grouped else []), "how", f"median, {result['unit']}", "range", "ratio"]
    yield f"| {' | '.join(heads)} |\n|{'---|' * (len(heads) - 3)}--:|--:|--:|"
    for row in rows.to_dict("records"):
        cells = [row["group"]] if grouped else []
        cells += [row["name"], _number(row["value"]), row["range"], row["ratio"]]
        yield f"| {' | '.join(cells)} |"
    yield f"\n{_circumstances(result)}\n"


def _rows(result: Mapping[str, Any]) -> pd.DataFrame:
    """Return group, name, value (the median), range and ratio to ours, as text."""
    rows = [
        {
            "group": group,
            "name": name,
            "value": middle(measured),
            "range": f"{_number(min(measured))} to {_number(max(measured))}",
            "ratio": _ratio(middle(measured), values.get(OURS), name),
        }
        for group, values in result["groups"].items()
        for name, measured in values.items()
    ]
    return pd.DataFrame(rows)


def _ratio(value: float, ours: list[float] | None, name: str) -> str:
    if not ours or name == OURS or not middle(ours):
        return ""
    return f"× {value / middle(ours):.2f}"


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= _SMALL**2 else f"{value:.3g}"


def _picture(name: str, result: Mapping[str, Any], rows: pd.DataFrame, alternative: str) -> str:
    """Draw bars for each group, ours in colour."""
    unit = result["unit"]
    labelled = rows.assign(
        label=rows["value"].map(_number) + f" {unit}", ours=rows["name"].str.startswith(OURS)
    )
    panels = [_panel(part, str(group)) for group, part in labelled.groupby("group", sort=False)]
    spec = theme.themed(alt.vconcat(*panels, spacing=14).resolve_scale(x="independent"), "en")
    spec["config"]["background"] = "white"
    # Wherever this is read, another family may stand in for ours, and be wider.
    spec = {**spec, "padding": {"left": 36, "right": 24, "top": 6, "bottom": 6}}
    warm_up(make_fonts(Workspace(PROJECT).fonts))
    return draw(spec, f"bench-{name}", result["title"], alternative)


def _panel(rows: pd.DataFrame, title: str) -> alt.LayerChart | alt.FacetChart:
    base = alt.Chart(rows).encode(
        y=alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=420)),
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domainMin=0)),
    )
    colour = alt.condition("datum.ours", alt.value(theme.ACCENT), alt.value(theme.OTHER))
    bars = base.mark_bar(height=_BAR - 6).encode(color=colour)
    words = base.mark_text(align="left", dx=4).encode(text="label:N")
    return (bars + words).properties(title=title, height=_BAR * len(rows), width=320)


def _alternative(result: Mapping[str, Any], rows: pd.DataFrame) -> str:
    """Say what the chart shows."""
    told = [
        f"{row['group'] + ': ' if row['group'] else ''}{row['name']} "
        f"{_number(row['value'])} {result['unit']}"
        for row in rows.to_dict("records")
    ]
    return f"Bars. {'; '.join(told)}."


def _circumstances(result: Mapping[str, Any]) -> str:
    """Say on what this was measured."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in result["versions"].items())
    return (
        f"<small>{result['measured']}, commit {result['commit']}"
        f"{' with edits' if result['edited_since'] else ''}; {machine['processors']} × "
        f"{machine['processor']}, {machine['memory_gb']} GB, {machine['system']}; load before "
        f"{result['load_before']:g}; {result['repeats']} repeats; {versions}.</small>"
    )


if __name__ == "__main__":
    show()
