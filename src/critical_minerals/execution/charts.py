"""Draw the charts that notebooks have published as specifications, each of them once.

The drawing engine takes half a second to wake, in each process anew: forks of the warm parent wake
it once and draw for all notebooks and languages, and for every brief. What was drawn is kept under
the content it was drawn from, and taken from there for as long as the chart stays as it is.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from importlib.metadata import version
from pathlib import Path
from threading import Lock
from typing import Any, Final

from critical_minerals.errors import StepError
from critical_minerals.execution import fingerprints
from critical_minerals.execution.orphans import end_with_parent
from critical_minerals.execution.warm import POSSIBLE, warm_context
from critical_minerals.publish.drawing import narrow_drawing
from critical_minerals.workspace import Workspace, write_whole

_CODE: Final = ("import critical_minerals.publish.drawing",)
_POOLS: Final[list[ProcessPoolExecutor]] = []
_DRAWING: Final = Lock()
"""Held while charts are drawn: where a process dies, those of one notebook alone are suspected."""
Chart = tuple[dict[str, Any], str, str, str]
"""What `publish.drawing.draw` takes: a specification, identifier, title and description."""


def draw_charts(workspace: Workspace, figures: Sequence[str] = (fingerprints.FIGURES,)) -> None:
    """Draw published charts as `fig-x.svg` beside their `fig-x.json`; remove other drawings.

    The form of a chart for a phone, where it has one, is drawn as `fig-x-narrow.svg`. `figures` are
    patterns of the names of those to draw.

    Raises `StepError` that names the figure which cannot be drawn.
    """
    fonts, kept = workspace.fonts.resolve(), workspace.generated / "charts"
    common = [
        version("vl-convert-python"),
        fingerprints.of_code(_CODE),
        fingerprints.of_files(fonts.glob("*")),
    ]
    published = {path for name in figures for path in workspace.generated.glob(f"*/{name}.json")}
    charts: dict[Path, Chart] = {}
    for path in sorted(published):
        charts |= _charts(path)
    drawings = {
        path: kept / f"{_label(path)}.{fingerprints.of_value([*common, chart])}.svg"
        for path, chart in charts.items()
    }
    wanted = {kept: charts[path] for path, kept in drawings.items() if not kept.is_file()}
    with _DRAWING:
        drawn = _drawn(wanted, fonts)
    for path, svg in drawn.items():
        write_whole(path, svg)
    for path, drawing in drawings.items():
        write_whole(path, drawing.read_bytes())
    # What is drawn for others stays, for as long as it is published.
    others = {*workspace.generated.glob(f"*/{fingerprints.FIGURES}.json")} - published
    theirs = {_label(target) for path in others for target in _targets(path).values()}
    pattern = f"*/{fingerprints.FIGURES}.svg"
    placed = {path: _label(path) for path in workspace.generated.glob(pattern)}
    stored = {path: path.stem.rpartition(".")[0] for path in kept.glob("*.svg")}
    current = {*drawings, *drawings.values()}
    for old, label in (placed | stored).items():
        if label not in theirs and old not in current:
            old.unlink(missing_ok=True)  # what nobody publishes others remove at the same time


def _label(drawing: Path) -> str:
    """Name a drawing with its language: `en.fig-x`."""
    return f"{drawing.parent.name}.{drawing.stem}"


def _targets(path: Path) -> dict[str, Path]:
    """Name the files that a published figure may be drawn in, by its form."""
    return {"spec": path.with_suffix(".svg"), "narrow": narrow_drawing(path)}


def _charts(path: Path) -> dict[Path, Chart]:
    """Say what is drawn of a published figure, by the file that it is drawn in."""
    published = json.loads(path.read_text("utf-8"))
    return {
        target: (published[form], target.stem, published["title"], published["alt"])
        for form, target in _targets(path).items()
        if form in published
    }


def _drawn(wanted: Mapping[Path, Chart], fonts: Path) -> dict[Path, str]:
    """Draw charts side by side; where a process dies of one, find out which."""
    if not wanted:
        return {}
    try:
        futures = {path: _pool(fonts).submit(_draw, chart) for path, chart in wanted.items()}
        return {path: future.result() for path, future in futures.items()}
    except BrokenProcessPool:
        _pool.cache_clear()
    # With one process all that it was to draw is lost. Each alone, only the culprit is.
    return {path: _drawn_alone(chart, fonts) for path, chart in wanted.items()}


def _drawn_alone(chart: Chart, fonts: Path) -> str:
    try:
        return _pool(fonts).submit(_draw, chart).result()
    except BrokenProcessPool:
        _pool.cache_clear()
        msg = f"{chart[1]} cannot be drawn: the drawing engine died of it, twice."
        raise StepError(msg) from None


@cache
def _pool(fonts: Path) -> ProcessPoolExecutor:
    """Start processes that draw, once in this process: many briefs are made one after another."""
    context = warm_context() if POSSIBLE else None
    _POOLS.append(ProcessPoolExecutor(os.cpu_count(), context, _begin, (fonts,)))
    return _POOLS[-1]


def end_drawing() -> None:
    """End the processes that draw; without being asked they end with this one."""
    _pool.cache_clear()
    while _POOLS:
        _POOLS.pop().shutdown()


def _begin(fonts: Path) -> None:
    """Begin as a process that draws; what its engine says when it dies would be no help.

    Axes of time are laid out in the zone of the process: by a hundredth of a pixel otherwise in
    Vancouver than in Greenwich.
    """
    from critical_minerals.publish.drawing import warm_up  # noqa: PLC0415 - not for the main process

    os.environ["TZ"] = "UTC"
    if POSSIBLE:
        end_with_parent()
        time.tzset()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    warm_up(fonts)


def _draw(chart: Chart) -> str:
    from critical_minerals.publish.drawing import draw  # noqa: PLC0415 - not for the main process

    return draw(*chart)
