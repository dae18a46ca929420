"""Draw the charts that notebooks have published as specifications, each of them once.

The drawing engine takes half a second to start in each process: forks of the warm parent start it
once and draw for all notebooks and languages, and for every brief. Drawings are cached under a hash
of what they are drawn from, and reused for as long as the chart does not change.
"""

from __future__ import annotations

import json
import logging
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
from critical_minerals.workspace.paths import Workspace, write_whole

_LOG: Final = logging.getLogger(__name__)
_CODE: Final = ("import critical_minerals.publish.drawing",)
_POOLS: Final[list[ProcessPoolExecutor]] = []
_DRAWING_LOCK: Final = Lock()
"""Held while charts are drawn: if a process dies, only the charts of one step can be the cause."""
Chart = tuple[dict[str, Any], str, str, str]
"""Arguments of `publish.drawing.draw`: specification, identifier, title and description."""


def draw_charts(workspace: Workspace, figures: Sequence[str] = (fingerprints.FIGURES,)) -> None:
    """Draw published charts as `fig-x.svg` next to their `fig-x.json`; remove stale drawings.

    A chart's form for phones, where it has one, is drawn as `fig-x-narrow.svg`. `figures` are
    patterns of the names of charts to draw.

    Raises `StepError` that names the figure which cannot be drawn.
    """
    fonts, cache_folder = workspace.fonts.resolve(), workspace.generated / "charts"
    # What every drawing depends on besides its own specification.
    common = [
        version("vl-convert-python"),
        fingerprints.of_code(_CODE),
        fingerprints.of_files(fonts.glob("*")),
    ]
    published = {path for name in figures for path in workspace.generated.glob(f"*/{name}.json")}
    charts: dict[Path, Chart] = {}
    for path in sorted(published):
        charts |= _charts_of(path)
    drawings = {
        path: cache_folder / f"{_label(path)}.{fingerprints.of_value([*common, chart])}.svg"
        for path, chart in charts.items()
    }
    missing = {file: charts[path] for path, file in drawings.items() if not file.is_file()}
    _LOG.debug(
        "%d of %d drawings of %s are cached.", len(drawings) - len(missing), len(drawings), figures
    )
    with _DRAWING_LOCK:
        svgs = _draw_all(missing, fonts)
    for path, svg in svgs.items():
        write_whole(path, svg)
    for path, drawing in drawings.items():
        write_whole(path, drawing.read_bytes())
    # Drawings of other figures stay, for as long as those are published: their step may be drawing
    # at this moment.
    others = {*workspace.generated.glob(f"*/{fingerprints.FIGURES}.json")} - published
    other_labels = {_label(target) for path in others for target in _targets(path).values()}
    pattern = f"*/{fingerprints.FIGURES}.svg"
    placed = {path: _label(path) for path in workspace.generated.glob(pattern)}
    cached = {path: path.stem.rpartition(".")[0] for path in cache_folder.glob("*.svg")}
    current = {*drawings, *drawings.values()}
    for old, label in (placed | cached).items():
        if label not in other_labels and old not in current:
            old.unlink(missing_ok=True)  # another step may have just removed it


def _label(drawing: Path) -> str:
    """Name a drawing with its language: `en.fig-x`."""
    return f"{drawing.parent.name}.{drawing.stem}"


def _targets(path: Path) -> dict[str, Path]:
    """Name the files that a published figure may be drawn in, by its form."""
    return {"spec": path.with_suffix(".svg"), "narrow": narrow_drawing(path)}


def _charts_of(path: Path) -> dict[Path, Chart]:
    """Return the charts to draw of a published figure, by the file that each is drawn in."""
    published = json.loads(path.read_text("utf-8"))
    return {
        target: (published[form], target.stem, published["title"], published["alt"])
        for form, target in _targets(path).items()
        if form in published
    }


def _draw_all(charts: Mapping[Path, Chart], fonts: Path) -> dict[Path, str]:
    """Draw charts in parallel; if a process dies of one, find out which."""
    if not charts:
        return {}
    try:
        futures = {path: _pool(fonts).submit(_draw, chart) for path, chart in charts.items()}
        return {path: future.result() for path, future in futures.items()}
    except BrokenProcessPool:
        _pool.cache_clear()  # a broken pool takes no more work
    # When one process dies, the pool fails every chart that was still waiting. Drawn one at a
    # time, only the chart that kills its process fails.
    return {path: _draw_alone(chart, fonts) for path, chart in charts.items()}


def _draw_alone(chart: Chart, fonts: Path) -> str:
    try:
        return _pool(fonts).submit(_draw, chart).result()
    except BrokenProcessPool:
        _pool.cache_clear()
        msg = f"{chart[1]} cannot be drawn: the drawing engine died of it, twice."
        raise StepError(msg) from None


@cache
def _pool(fonts: Path) -> ProcessPoolExecutor:
    """Start the pool of drawing processes; cached, since many briefs are made one after another."""
    context = warm_context() if POSSIBLE else None
    _POOLS.append(ProcessPoolExecutor(os.cpu_count(), context, _initialize_process, (fonts,)))
    return _POOLS[-1]


def end_drawing() -> None:
    """End the drawing processes, before this process is replaced; otherwise they end with it."""
    _pool.cache_clear()
    while _POOLS:
        _POOLS.pop().shutdown()


def _initialize_process(fonts: Path) -> None:
    """Initialize a drawing process."""
    from critical_minerals.publish.drawing import warm_up  # noqa: PLC0415 - not for the main process

    # Time axes are laid out in the zone of the process: without this, positions in Vancouver and
    # in Greenwich differ by a hundredth of a pixel, and drawings are not the same bytes.
    os.environ["TZ"] = "UTC"
    if POSSIBLE:
        end_with_parent()
        time.tzset()
    # What the engine prints when it dies would be of no help to a reader of the error.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    warm_up(fonts)


def _draw(chart: Chart) -> str:
    from critical_minerals.publish.drawing import draw  # noqa: PLC0415 - not for the main process

    return draw(*chart)
