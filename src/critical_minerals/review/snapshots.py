"""Snapshots: the figures of one moment, stored so that later ones can be compared with them.

A snapshot is a folder with `lineage.json` (published values, figures and tables, and the raw rows
and sources behind them) and `tables/` (the processed tables as CSV, described by the
`datapackage.json` among them). Releases (`data/releases/<name>/`), stored runs
(`.pipeline/runs/<moment>/`) and days as of which the notebooks were run have this one form; the
workspace itself holds the same files in the places where a run writes them.

Nothing here imports pandas, so that a run that changed nothing ends quickly.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import UsageError
from critical_minerals.tables.exported import read_rows
from critical_minerals.workspace.paths import Workspace

Key = tuple[str, ...]
"""The cells that identify a row of a table, column by column."""

LINEAGE: Final = "lineage.json"
PACKAGE: Final = "datapackage.json"
NOW: Final = "now"
LAST: Final = "last"
PREVIOUS: Final = "previous"
_RESERVED: Final = (NOW, LAST, PREVIOUS)
_MOST_RUNS: Final = 10
"""Runs that are stored: enough to find when a figure moved, too few to fill a disk."""
_TIME_FORMAT: Final = "%Y-%m-%dT%H-%M-%S"
_RUN_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d")
_RELEASE_NAME: Final = re.compile(r"[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9])?")
_UNFINISHED: Final = re.compile(rf"\.{_RELEASE_NAME.pattern}\.[a-z0-9_]{{8}}")
"""A folder that `write_snapshot` left when it was killed."""


@dataclass(frozen=True)
class TableRows:
    """A processed table as text cells, with the types and units of its columns."""

    name: str
    key: Key
    kinds: Mapping[str, str]
    units: Mapping[str, str]
    rows: Sequence[Mapping[str, str]]

    @cached_property
    def by_key(self) -> dict[Key, Mapping[str, str]]:
        """The rows by their key."""
        return {self.key_of(row): row for row in self.rows}

    def key_of(self, row: Mapping[str, str]) -> Key:
        """Return the key of a row."""
        return tuple([row.get(column, "") for column in self.key])

    def row(self, number: int) -> Mapping[str, str] | None:
        """Return the row of a number as spreadsheets count, the first row of data being 2."""
        return self.rows[number - 2] if number - 2 < len(self.rows) else None


@dataclass(frozen=True)
class Snapshot:
    """The figures of one moment: what was published, the tables, and the lineage of both."""

    name: str
    lineage_file: Path
    tables_folder: Path
    made: Mapping[str, Any] | None = field(default=None, repr=False, compare=False)
    """The lineage record, for those who have just made it: it is not read again."""

    @cached_property
    def lineage(self) -> Mapping[str, Any]:
        """The lineage record: what was published, with its raw rows and sources."""
        return json.loads(self.lineage_file.read_bytes()) if self.made is None else self.made

    @property
    def as_of(self) -> str:
        """The as-of day of the figures, in ISO form."""
        return str(self.lineage["as_of"])

    @property
    def moment(self) -> str:
        """The moment of a run by day and time, in UTC; empty for any other snapshot."""
        # The name of a run is its moment, `2026-11-22T04-08-12`; no release may be named so.
        day, separator, time = self.name.partition("T")
        return f"{day} {time[:5].replace('-', ':')}" if separator else ""

    @cached_property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        """The description of each processed table by its name."""
        package = json.loads((self.tables_folder / PACKAGE).read_bytes())
        return {Path(resource["path"]).stem: resource for resource in package["resources"]}

    @cached_property
    def tables(self) -> Mapping[str, TableRows]:
        """The processed tables by name."""
        return {
            name: _read_table(self.tables_folder, resource)
            for name, resource in self.resources.items()
        }

    @property
    def complete(self) -> bool:
        """Whether its files are there."""
        return self.lineage_file.is_file() and (self.tables_folder / PACKAGE).is_file()


def of_workspace(workspace: Workspace, lineage: Mapping[str, Any] | None = None) -> Snapshot:
    """Return the figures of the last run, from the places where it wrote them."""
    return Snapshot(NOW, workspace.generated / LINEAGE, workspace.processed, lineage)


def releases(workspace: Workspace) -> list[Snapshot]:
    """Return every release, the earliest as-of day first."""
    folders = (path for path in sorted(workspace.releases.glob("*")) if path.is_dir())
    # A release that was stopped half-way has a hidden folder, whose name no release can have.
    snapshots = [_snapshot_in(path) for path in folders if _RELEASE_NAME.fullmatch(path.name)]
    return sorted(
        (snapshot for snapshot in snapshots if snapshot.complete),
        key=lambda snapshot: (snapshot.as_of, snapshot.name),
    )


def release_before(workspace: Workspace, as_of: str) -> Snapshot | None:
    """Return the last release of an earlier as-of day, if there is one."""
    earlier = [release for release in releases(workspace) if release.as_of < as_of]
    return earlier[-1] if earlier else None


def stored_runs(workspace: Workspace) -> list[Snapshot]:
    """Return the stored runs, oldest first."""
    folder = _runs_folder(workspace)
    names = sorted(path.name for path in folder.glob("*") if _RUN_NAME.fullmatch(path.name))
    return [_snapshot_in(folder / name) for name in names]


def store_run(workspace: Workspace) -> Snapshot | None:
    """Store the figures of the run that just ended, if they differ from the last stored ones.

    Returns the stored run, or None where nothing is new. Files are copies: through a link an edit
    in place would rewrite the stored run.
    """
    current, runs = of_workspace(workspace), stored_runs(workspace)
    if not current.complete or (runs and _is_same(current, runs[-1])):
        return None
    folder = _runs_folder(workspace) / _new_run_name(runs)
    write_snapshot(current, folder)
    for old in runs[: max(0, len(runs) + 1 - _MOST_RUNS)]:
        # One that cannot be removed now is tried again after the next run.
        shutil.rmtree(old.lineage_file.parent, ignore_errors=True)
    return _snapshot_in(folder)


def write_snapshot(snapshot: Snapshot, folder: Path) -> Snapshot:
    """Write a snapshot to a folder that is not there yet: whole, or not at all."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, so that the last step is a rename, which happens whole or not at all.
    scratch = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    try:
        scratch.chmod(0o755)  # `mkdtemp` makes folders that only their owner can read
        (scratch / "tables").mkdir()
        shutil.copyfile(snapshot.lineage_file, scratch / LINEAGE)
        for name in [PACKAGE, *(f"{table}.csv" for table in snapshot.resources)]:
            shutil.copyfile(snapshot.tables_folder / name, scratch / "tables" / name)
        scratch.replace(folder)
    except BaseException:  # Ctrl-C as well: it must leave no half snapshot
        shutil.rmtree(scratch, ignore_errors=True)
        raise
    return _snapshot_in(folder)


def freeze(workspace: Workspace, snapshot: Snapshot, name: str) -> Snapshot:
    """Store a snapshot as a release.

    Leftovers of a release that was killed are removed first. Raises `UsageError` for a name that
    no release may have, or that is taken.
    """
    check_release_name(workspace, name)
    with workspace.lock():  # else it might remove what another release is writing
        for path in workspace.releases.glob(".*"):
            if path.is_dir() and _UNFINISHED.fullmatch(path.name):
                shutil.rmtree(path, ignore_errors=True)
        return write_snapshot(snapshot, workspace.releases / name)


def check_release_name(workspace: Workspace, name: str) -> None:
    """Raise `UsageError` for a name that is taken, has another meaning, or suits no folder."""
    if name in _RESERVED or is_day(name) or _RUN_NAME.fullmatch(name):
        msg = f"{name!r} cannot name a release: it already means a run or an as-of day."
        raise UsageError(msg)
    if not _RELEASE_NAME.fullmatch(name):
        msg = (
            f"{name!r} cannot name a release. Use up to 40 lower-case letters, digits, dots, "
            "hyphens and underscores, such as 2026-03."
        )
        raise UsageError(msg)
    if (workspace.releases / name).exists():
        msg = f"There is a release {name!r} already, and releases stay. Choose another name."
        raise UsageError(msg)


def is_day(text: str) -> bool:
    """Tell whether a text is a day such as 2025-03-31."""
    try:
        # `fromisoformat` also reads 20250331 and 2025-W14-1, which are no days to users.
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def find_snapshot(workspace: Workspace, name: str) -> Snapshot | None:
    """Return the snapshot of a name, or None: `now`, `last`, `previous`, a run, a release.

    Raises `UsageError` where the name means a run that has not been made yet.
    """
    runs = stored_runs(workspace)
    if name == NOW:
        return current_figures(workspace)
    if name in {LAST, PREVIOUS}:
        return _run_from_end(name, runs)
    known = {snapshot.name: snapshot for snapshot in (*runs, *releases(workspace))}
    return known.get(name)


def names(workspace: Workspace) -> list[str]:
    """List the names that `find_snapshot` accepts."""
    stored = [snapshot.name for snapshot in (*releases(workspace), *stored_runs(workspace))]
    return [*stored, *_RESERVED]


def current_figures(workspace: Workspace) -> Snapshot:
    """Return the figures of the last run. Raises `UsageError` where there has been none."""
    current = of_workspace(workspace)
    if current.complete:
        return current
    msg = "There are no figures yet. Run the pipeline first: python pipeline.py"
    raise UsageError(msg)


def _run_from_end(name: str, runs: Sequence[Snapshot]) -> Snapshot:
    """Return the last stored run, or the one before."""
    position = 1 if name == LAST else 2
    if len(runs) < position:
        msg = f"There is no {name} run to compare with: {len(runs)} have been kept so far."
        raise UsageError(msg)
    return runs[-position]


def _runs_folder(workspace: Workspace) -> Path:
    return workspace.state / "runs"


def _new_run_name(runs: Sequence[Snapshot]) -> str:
    """Name a run by its moment in UTC, later than any stored one."""
    now = dt.datetime.now(dt.UTC)
    if runs:
        last = dt.datetime.strptime(runs[-1].name, _TIME_FORMAT).replace(tzinfo=dt.UTC)
        # Two runs may end in one second, or a clock may be set back: names are sorted by age.
        now = max(now, last + dt.timedelta(seconds=1))
    return now.strftime(_TIME_FORMAT)


def _snapshot_in(folder: Path) -> Snapshot:
    return Snapshot(folder.name, folder / LINEAGE, folder / "tables")


def _is_same(one: Snapshot, other: Snapshot) -> bool:
    """Tell whether two snapshots are equal: the package has the hash of every table."""
    pairs = [
        (one.lineage_file, other.lineage_file),
        (one.tables_folder / PACKAGE, other.tables_folder / PACKAGE),
    ]
    return other.complete and all(
        first.read_bytes() == second.read_bytes() for first, second in pairs
    )


def _read_table(folder: Path, resource: Mapping[str, Any]) -> TableRows:
    """Read one table with its types and units from the package."""
    fields = resource["schema"]["fields"]
    return TableRows(
        Path(resource["path"]).stem,
        tuple(resource["schema"]["primaryKey"]),
        {field["name"]: field["type"] for field in fields},
        {field["name"]: field["unit"] for field in fields if "unit" in field},
        read_rows(folder / resource["path"]),
    )
