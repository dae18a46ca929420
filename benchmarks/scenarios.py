"""What is measured: each scenario returns seconds or megabytes by contender."""

from __future__ import annotations

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles
from typing import Any, Literal
from uuid import uuid4

import large
import peers
import psutil
from farm import Farm
from measure import Command, Contender, middle, peaks, side_by_side
from project import AWARDS, DOCUMENTS, Copy
from watched import PAUSE, Watched

from critical_minerals.report.renderers import RendererName

OURS = "this project"
PLAIN = "papermill one by one"
BY_HAND = "by hand, what it touches"
_SAMPLE = ("lithium", "nickel", "potash")
_GROWTH = (10, 30, 100, 300)
_INTERRUPTED = 50
_EDITS = 30
_WATCHED: Mapping[str, tuple[Callable[[Copy], None], float]] = {
    "a sentence": (Copy.edit_sentence, 0.3),
    "a chart's words": (Copy.edit_chart_words, 1.5),
    "a chart's form": (Copy.edit_chart, 1.5),
    "a raw figure": (Copy.edit_figure, 3.0),
}
"""Edits while somebody watches, with the seconds in which they are to be seen."""
_EDITED = {"one raw figure": 0.4, "one sentence": 1.0, "one sentence, HTML only": 1.0}
"""How long an edit may take, as a part of what it takes by hand."""
_GRANTS = 2318
"""Megabytes of the disclosure by October 2026."""
_MILLIONS = (2, 20)
_ONE_PAGE = ("--language", "en", "--to", "html")
_AT_ONCE = 5.0
"""Seconds after which nothing of an interrupted run may be left."""

Values = dict[str, list[float]]


@dataclass(frozen=True)
class Aim:
    """What a figure was to be, what it is, and whether that will do."""

    what: str
    at_most: float
    found: float

    @property
    def met(self) -> bool:
        """Whether the figure is small enough."""
        return self.found <= self.at_most


@dataclass
class Result:
    """What one scenario measured: values by group and contender, `OURS` among them."""

    title: str
    note: str
    groups: dict[str, Values]
    unit: Literal["s", "MB", "processes"] = "s"
    aims: list[Aim] = field(default_factory=list[Aim])
    versions: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Bench:
    """Where the measuring happens and how often."""

    folder: Path
    repeats: int
    renderer: RendererName
    _copies: dict[str, Copy] = field(default_factory=dict[str, Copy])
    _programs: Path | None = None

    def copy(self, name: str) -> Copy:
        """Return a copy of the project with nothing made in it."""
        if name not in self._copies:
            self._copies[name] = Copy.made(self.folder / name, self.renderer)
        self._copies[name].clean()
        return self._copies[name]

    def programs(self) -> Path:
        """Return the folder of the peers' programs; install them the first time."""
        if self._programs is None:
            self._programs = peers.install(self.folder / "peers")
        return self._programs


def cold(bench: Bench) -> Result:
    """Make the whole report where nothing was made before."""
    values = side_by_side(_cold(bench), bench.repeats)
    return Result(
        "Full cold run",
        "Both editions as HTML and PDF, from a folder in which nothing was made before. Ours also "
        "checks the raw figures and makes the pages and files beside the report. The other way "
        "starts one process after the other: papermill for each notebook with an ordinary kernel, "
        "one that joins what they published, and the same renderer once for each document.",
        {"": values},
        aims=[Aim("cold run, as a part of plain papermill's", 0.3, _part(values, PLAIN))],
    )


def _cold(bench: Bench) -> list[Contender]:
    ours, plain = bench.copy("ours"), bench.copy("plain")
    return [
        Contender(OURS, [ours.pipeline()], ours.clean),
        Contender(PLAIN, plain.plain(), plain.clean),
    ]


def noop(bench: Bench) -> Result:
    """Run again where nothing has changed."""
    contenders = _noop(bench)
    values = side_by_side(contenders, bench.repeats)
    return Result(
        "Nothing to do",
        "A run after a run. The others have as many steps over the same raw figures, and each "
        "step's output is one small file. Ours looks at dates and sizes first; where a date has "
        "changed (second line), contents decide.",
        {"": values},
        aims=[
            Aim("no-op, in seconds", 0.3, middle(values[OURS])),
            Aim("no-op, as a part of pytask's", 0.25, _part(values, "pytask")),
        ],
        versions=peers.versions(bench.programs()),
    )


def _noop(bench: Bench) -> list[Contender]:
    ours = bench.copy("ours")
    ours.pipeline().run()
    run = ours.pipeline()
    again = Contender(OURS, [run])
    touched = Contender(f"{OURS}, a date changed", [run], (ours.root / "pyproject.toml").touch)
    folder = bench.folder / f"peers-{uuid4().hex}"
    commands = peers.lay_out(folder, ours.notebooks(), bench.programs())
    for command in commands.values():
        command.run()
    run.run()
    return [again, *(Contender(name, [command]) for name, command in commands.items()), touched]


def edits(bench: Bench) -> Result:
    """Edit one thing and make the report again."""
    ours, hand = bench.copy("ours"), bench.copy("plain")
    for copy in (ours, hand):
        copy.pipeline().run()
    figure = _by_hand(hand, hand.touched_by(AWARDS))
    chart = _by_hand(hand, ["10_funding"])
    english = DOCUMENTS[0]
    ways: dict[str, tuple[Callable[[Copy], None], list[Command], list[Command]]] = {
        "one raw figure": (Copy.edit_figure, [ours.pipeline()], figure),
        "one chart": (Copy.edit_chart, [ours.pipeline()], chart),
        "one sentence": (Copy.edit_sentence, [ours.pipeline()], [hand.typeset(english)]),
        "one sentence, HTML only": (
            Copy.edit_sentence,
            [ours.pipeline("--to", "html")],
            [hand.typeset(english, "html")],
        ),
    }
    groups: dict[str, Values] = {}
    for group, (edit, here, there) in ways.items():
        print(f" {group}", flush=True)
        contenders = [
            Contender(OURS, here, lambda edit=edit: edit(ours)),
            Contender(BY_HAND, there, lambda edit=edit: edit(hand)),
        ]
        groups[group] = side_by_side(contenders, bench.repeats)
    seconds = middle(groups["one sentence, HTML only"][OURS])
    return Result(
        "One thing edited",
        "From the saved edit to the new report, all that follows from it included. The other way "
        "is that of someone who knows which notebooks read the figure or draw the chart, and which "
        "documents show it; without that knowledge all of the cold run has to be done again.",
        groups,
        aims=[
            *(
                Aim(f"{group}, as a part of by hand", most, _part(groups[group], BY_HAND))
                for group, most in _EDITED.items()
            ),
            Aim("one sentence edited to new HTML, in seconds", 1.0, seconds),
        ],
    )


def watch(bench: Bench) -> Result:
    """Edit one thing after the other while the report is watched in a browser."""
    ours = bench.copy("ours")
    ours.pipeline().run()
    times = _EDITS if bench.repeats > 1 else 2
    groups: dict[str, Values] = {}
    with Watched(ours, f"{DOCUMENTS[0]}.html") as watched:
        for group, (edit, _) in _WATCHED.items():
            print(f" {group}", flush=True)
            groups[group] = {OURS: [watched.shown_after(edit) for _ in range(times)]}
    return Result(
        "Edited, and seen in the browser",
        f"The English page is watched (`make watch`); {times} edits of each kind, "
        f"{PAUSE:.0f} s after the page before was seen. What counts is the time from the saved "
        "file to the page that is served with the edit in it. Nineteen of twenty take no longer "
        "than the aims say.",
        groups,
        aims=[
            Aim(f"{group} edited to the page in the browser, p95 in seconds", most, _p95(values))
            for (group, values), (_, most) in zip(groups.items(), _WATCHED.values(), strict=True)
        ],
    )


def _p95(values: Values) -> float:
    return round(quantiles(values[OURS], n=20, method="inclusive")[-1], 3)


def _by_hand(copy: Copy, notebooks: list[str]) -> list[Command]:
    runs = [copy.papermill(name) for name in notebooks]
    return [*runs, copy.assemble(), *(copy.typeset(name) for name in DOCUMENTS)]


def briefs(bench: Bench) -> Result:
    """Make the briefs of all minerals and partners in both languages and formats."""
    ours, plain = bench.copy("ours"), bench.copy("plain")
    for copy in (ours, plain):
        copy.pipeline().run()
    sample = [command for mineral in _SAMPLE for command in plain.plain_brief(mineral)]
    contenders = [
        Contender(OURS, [ours.briefs("--all")], ours.forget_briefs),
        Contender(PLAIN, sample, plain.forget_briefs),
    ]
    seconds = side_by_side(contenders, bench.repeats)
    made = (ours.root / "reports" / "_output" / "briefs").glob("*.html")
    count = sum(1 for path in made if not path.stem.startswith("index")) // 2
    per_brief = {
        OURS: [round(total / count, 3) for total in seconds[OURS]],
        PLAIN: [round(total / len(_SAMPLE), 3) for total in seconds[PLAIN]],
    }
    return Result(
        "A brief for every mineral and partner",
        f"{count} briefs, each in two languages as HTML and PDF. Plain: papermill in an ordinary "
        f"kernel for each brief, then the renderer once for each document; only {len(_SAMPLE)} "
        f"briefs ({', '.join(_SAMPLE)}) were made in this way, and the time of all is scaled.",
        {
            "one brief": per_brief,
            f"all {count}": {
                OURS: seconds[OURS],
                f"{PLAIN} (scaled)": [round(one * count, 1) for one in per_brief[PLAIN]],
            },
        },
        aims=[Aim("one brief, as a part of plain papermill's", 0.1, _part(per_brief, PLAIN))],
    )


def growth(bench: Bench) -> Result:
    """Make ever more briefs, and see whether one takes longer for it."""
    ours = bench.copy("ours")
    ours.pipeline().run()
    contenders = list[Contender]()
    for count in _GROWTH:
        (ours.root / f"grid-{count}.yml").write_text(_grid(ours, count), "utf-8")
        run = ours.briefs("--grid", f"grid-{count}.yml", *_ONE_PAGE)
        contenders.append(Contender(f"{count} briefs", [run], ours.forget_briefs))
    seconds = side_by_side(contenders, bench.repeats)
    groups: dict[str, Values] = {
        f"{count} briefs": {OURS: [round(one / count, 3) for one in seconds[f"{count} briefs"]]}
        for count in _GROWTH
    }
    first, last = (middle(groups[f"{count} briefs"][OURS]) for count in (_GROWTH[0], _GROWTH[-1]))
    return Result(
        "From ten briefs to hundreds",
        "Seconds for one brief (English page) when so many are made at once: every mineral for as "
        "many periods as it takes.",
        groups,
        aims=[Aim("one of 300 briefs, as a part of one of 10", 1.1, round(last / first, 2))],
    )


def _grid(copy: Copy, count: int) -> str:
    """Write a grid of as many briefs: some minerals, by the first year that their charts show."""
    list_of_minerals = copy.root / "data" / "raw" / "vocabulary" / "mineral_lists.csv"
    with list_of_minerals.open(encoding="utf-8", newline="") as lines:
        of_canada = [row for row in csv.DictReader(lines) if row["list"] == "canada"]
    newest = max(row["listed_from"] for row in of_canada)
    minerals = [row["mineral"] for row in of_canada if row["listed_from"] == newest]
    years = next(n for n in range(1, count + 1) if count % n == 0 and count // n <= len(minerals))
    parameters = {
        "mineral": minerals[: count // years],
        "period_start": list(range(2008, 2008 + years)),
    }
    return json.dumps([{"notebook": "80_mineral_brief", "parameters": parameters}])


def cluster(bench: Bench) -> Result:
    """Make the whole report on two Dask workers."""
    ours = bench.copy("ours")
    farm = Farm(ours)
    farm.start()
    try:
        contenders = _cluster(ours, farm)
        contenders[1].before()
        contenders[1].commands[0].run()
        values = side_by_side(contenders, bench.repeats)
    finally:
        farm.stop()
    return Result(
        "Two Dask workers on the same machine",
        "The full cold run, with workers that have made the report before and have its raw "
        "figures. Two workers on one machine share its processors: what is measured is the price "
        "of handing work over, not the gain of a second machine.",
        {"": values},
    )


def _cluster(ours: Copy, farm: Farm) -> list[Contender]:
    there = ours.pipeline("--cluster", farm.address)
    return [
        Contender(OURS, [ours.pipeline()], ours.clean),
        Contender(f"{OURS}, two workers", [there], ours.clean, also=farm.pids),
    ]


def memory(bench: Bench) -> Result:
    """Measure the memory of all processes together at its highest."""
    groups = {"full cold run": peaks(_cold(bench), bench.repeats)}
    groups["nothing to do"] = peaks(_noop(bench)[:-1], bench.repeats)
    ours = bench.copy("ours")
    farm = Farm(ours)
    farm.start()
    try:
        # The farm was started from here: what is run without it would count its memory too.
        groups["two Dask workers"] = peaks(_cluster(ours, farm)[1:], bench.repeats)
    finally:
        farm.stop()
    return Result(
        "Peak memory",
        "All processes of a run together, at the moment at which they hold most; what several of "
        "them share counts once. Those of the Dask scheduler and workers are included.",
        groups,
        unit="MB",
    )


def interrupts(bench: Bench) -> Result:
    """Interrupt runs at any moment and count what is left of them."""
    ours = bench.copy("ours")
    begun = time.monotonic()
    ours.pipeline(*_ONE_PAGE).run()
    whole = time.monotonic() - begun
    chance = random.Random(bench.repeats)  # noqa: S311 - moments, not secrets
    left: list[float] = []
    for number in range(_INTERRUPTED if bench.repeats > 1 else 3):
        ours.clean()
        left.append(_interrupted(ours, bench.folder, chance.uniform(0.1, whole)))
        print(f"  {number + 1}: {left[-1]:.0f} left", flush=True)
    return Result(
        "Interrupted runs",
        f"{len(left)} cold runs (English page) stopped by Ctrl-C at moments of chance; what counts "
        f"are processes and sockets still there {_AT_ONCE:.0f} s after the run has ended.",
        {"": {OURS: left}},
        unit="processes",
        aims=[Aim("processes and sockets left", 0, sum(left))],
    )


def _interrupted(copy: Copy, folder: Path, after: float) -> int:
    """Interrupt one run as the keyboard does; count what stays."""
    mark, sockets = uuid4().hex, folder / "sockets"
    sockets.mkdir(exist_ok=True)
    command = copy.pipeline(*_ONE_PAGE)
    marked = {**command.environment, "BENCHMARK": mark, "TMPDIR": str(sockets)}
    run = Command(command.words, command.folder, marked).start(subprocess.DEVNULL)
    try:
        run.wait(after)
    except subprocess.TimeoutExpired:
        os.killpg(run.pid, signal.SIGINT)
    run.wait()
    end = time.monotonic() + _AT_ONCE
    while (left := _left(mark, sockets)) and time.monotonic() < end:
        time.sleep(0.2)
    return left


def _left(mark: str, sockets: Path) -> int:
    count = sum(1 for path in sockets.rglob("*") if path.is_socket())
    for process in psutil.process_iter():
        try:
            count += process.environ().get("BENCHMARK") == mark
        except psutil.Error:
            continue
    return count


def grants(bench: Bench) -> Result:
    """Read the whole of Grants and Contributions for the rows of two programmes."""
    path = bench.folder / "grants.csv"
    large.grants(_GRANTS * _scale(), path)
    ways = [_reading(OURS, "ours", path), _reading("pandas", "pandas", path)]
    _same(ways)
    peak = peaks(ways, bench.repeats)
    seconds = side_by_side(ways, bench.repeats)
    return Result(
        "Grants and Contributions, larger than memory",
        f"A made-up disclosure of {path.stat().st_size / 1e6:,.0f} MB, of which two programmes are "
        "cut out and their agreements added up in the last state of each. pandas reads and groups "
        "it. Both find the same sums. " + _told(seconds),
        {"": peak},
        unit="MB",
        aims=[
            Aim("Grants, peak memory in MB", 1074, middle(peak[OURS])),
            Aim("Grants, memory as a part of pandas'", 0.25, _part(peak, "pandas")),
            Aim("Grants, time as a part of pandas'", 1.0, _part(seconds, "pandas")),
            Aim("Grants read once, in seconds", 0.2, _again(path)),
        ],
    )


def cimt(bench: Bench) -> Result:
    """Add up merchandise trade of two million rows, and of twenty."""
    groups: dict[str, Values] = {}
    speeds: list[str] = []
    again = 0.0
    for millions in _MILLIONS:
        path = bench.folder / f"CIMT-CICM_Imp_20{millions:02d}.zip"
        large.trade(millions * _scale(), path)
        way = _reading(OURS, "ours", path)
        rows = millions * _scale() * 1e6
        seconds = middle(side_by_side([way], bench.repeats)[OURS])
        speeds.append(f"{rows:,.0f} rows in {seconds:.3g} s ({rows / seconds:,.0f} a second)")
        groups[f"{millions} million rows"] = peaks([way], bench.repeats)
        again = _again(path)
    few, many = (middle(one[OURS]) for one in groups.values())
    return Result(
        "Merchandise trade, ever more rows",
        "Made-up imports by HS10 in a zip of the publisher's form, added up by month, code, "
        f"country and unit. {'; '.join(speeds)}.",
        groups,
        unit="MB",
        aims=[
            Aim("CIMT, memory for ten times the rows", 1.2, round(many / few, 2)),
            Aim("CIMT read once, in seconds", 0.2, again),
        ],
    )


def _reading(name: str, way: str, path: Path) -> Contender:
    return Contender(name, [Command((sys.executable, large.__file__, way, str(path)), path.parent)])


def _same(ways: list[Contender]) -> None:
    """Raise `RuntimeError` where two ways find different sums."""
    words = [way.commands[0].words for way in ways]
    found = {subprocess.run(one, check=True, capture_output=True).stdout for one in words}
    if len(found) > 1:
        msg = f"Two ways find different sums: {found}."
        raise RuntimeError(msg)


def _again(path: Path) -> float:
    """Return the seconds in which what was read of a file is found again."""
    words = _reading(OURS, "again", path).commands[0].words
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    return float(told.split()[-1])


def _told(seconds: Values) -> str:
    each = (f"{name} {middle(values):.3g} s" for name, values in seconds.items())
    return f"Time: {', '.join(each)}."


def _scale() -> float:
    """Return which part of the full size is measured: all of it, but for a trial."""
    return float(os.environ.get("BENCH_SCALE", "1"))


def _part(values: Values, other: str) -> float:
    return round(middle(values[OURS]) / middle(values[other]), 3)


SCENARIOS: Mapping[str, Callable[[Bench], Any]] = {
    "cold": cold,
    "noop": noop,
    "edits": edits,
    "watch": watch,
    "briefs": briefs,
    "growth": growth,
    "cluster": cluster,
    "memory": memory,
    "interrupts": interrupts,
    "grants": grants,
    "cimt": cimt,
}
