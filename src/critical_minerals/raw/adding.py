"""Add a file to the raw figures: an official file as it is, or rows that an analyst keeps.

Nothing is written before everything is known: what the file is, which files would be written, and
what each table would hold then, found on a copy of the raw figures. No row of a table is changed or
taken out, so that a figure is revised by a row of a later day, and an older edition of an official
file stays an older edition.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from critical_minerals.errors import FiguresError, UsageError, hint
from critical_minerals.parameters import today_here
from critical_minerals.raw import official, schema
from critical_minerals.raw.official import OfficialFile, card_text, official_files
from critical_minerals.raw.own import Own, mapping_of, read_mapping, read_own
from critical_minerals.raw.store import RawStore
from critical_minerals.raw.supplied import READ
from critical_minerals.readers.grants import cut
from critical_minerals.readers.known import recognised
from critical_minerals.readers.large import OnProgress, content_of
from critical_minerals.readers.provincial_awards import is_ontario, refused
from critical_minerals.readers.seen import Seen
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.tables.descriptors import REVISED, Table
from critical_minerals.workspace import Workspace, link_whole, write_whole

_SOURCES: Final = "sources"
_PROGRAMMES: Final = "vocabulary/programmes"
_LISTED: Final = 5
"""How many revised figures of a table are told one by one."""
_ASIDE: Final = frozenset({ROW, FILE})
_PROVENANCE: Final = frozenset({REVISED, "source_id", "place", "note"})
Key = tuple[str, ...]


@dataclass(frozen=True)
class AddOptions:
    """What a person says of the file that it does not say itself; all of it may be blank."""

    source: str = ""
    table: str = ""
    mapping: Path | None = None
    retrieved: str = ""
    published: str = ""
    address: str = ""


@dataclass(frozen=True)
class TableChange:
    """What becomes of a table: rows added, revised and unchanged, and some revisions in words.

    An `added` row is of a new figure, a `revised` one of a figure that is there with an earlier (or
    later) day, an `unchanged` one says what a row says already.
    """

    table: str
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    told: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether the table would hold anything else."""
        return bool(self.added or self.revised)


@dataclass(frozen=True)
class Addition:
    """What adding a file would do.

    `what` says in lines what the file is; `files` are the contents to be written, by their path in
    the project; without any, the file is there already.
    """

    path: Path
    what: tuple[str, ...]
    tables: tuple[TableChange, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def write(self, workspace: Workspace) -> None:
        """Write the files, the one that others lean on first: a file before its card."""
        for name, content in self.files.items():
            write_whole(workspace.root / name, content)


def addition(
    workspace: Workspace,
    path: Path,
    options: AddOptions,
    on_progress: OnProgress = lambda _done, _of: None,
) -> Addition:
    """Find what adding a file would do; write nothing.

    `on_progress` is called with how far the reading of a very large one is.
    Raises `UsageError` where there is no such file, `FiguresError` with all that is missing for the
    file to be read.
    """
    if not path.is_file():
        msg = f"There is no file {path}."
        raise UsageError(msg)
    for name in ("retrieved", "published"):
        _refuse_no_day(name, getattr(options, name))
    if options.mapping is None and not options.table and (seen := recognised(path)) is not None:
        return _official(workspace, path, seen, options, on_progress)
    return _own(workspace, path, options)


def _refuse_no_day(name: str, day: str) -> None:
    try:
        dt.date.fromisoformat(day or "2026-01-01")
    except ValueError:
        msg = f"--{name}: {day!r} is not a day. Write it such as 2026-02-27."
        raise UsageError(msg) from None


# Official files


def _official(
    workspace: Workspace, path: Path, seen: Seen, options: AddOptions, on_progress: OnProgress
) -> Addition:
    whole = ""
    if seen.whole:
        whole = content_of(path, workspace.state / READ)
        path, seen = _cut(workspace, path, on_progress)
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    what = [f"{seen.title}, {seen.publisher}: {seen.rows:,} records, {seen.period}"]
    filed = official_files(workspace)
    same = next((one for one in filed if one.sha256 == sha256), None)
    if same is not None:
        what.append(f"It is filed already, byte for byte: {workspace.relative(same.path)}")
        return Addition(path, tuple(what))
    earlier = [
        one for one in filed if one.format == seen.format and one.path.name.startswith(seen.product)
    ]
    store = RawStore(workspace)
    source, sources = _source(workspace, store, seen, options, earlier)
    published, how = _published(seen, options, source)
    edition = f"Edition {seen.edition}, counted" if seen.edition else "Counted"
    what.append(f"{edition} as public from {published} ({how})")
    target = _free_name(workspace, seen, path, published)
    replaces = max(earlier, key=lambda one: one.published, default=None)
    if replaces is not None:
        what.append(_told_beside(replaces, published, workspace))
    card = card_text(
        {
            "file": target.name,
            "source_id": source["source_id"],
            "format": seen.format,
            "sha256": sha256,
            "cut_from": whole,
            "address": options.address or seen.address,
            "published": published,
            "retrieved": _retrieved(options),
            "terms": seen.terms,
            "replaces": replaces.path.name if replaces and published > replaces.published else "",
        }
    )
    card_file = target.with_name(f"{target.stem}{official.SUFFIX}")
    files = {workspace.relative(target): data, workspace.relative(card_file): card.encode()}
    new = f", a new source: {source['title']}" if sources else ""
    what.append(f"Goes to {workspace.relative(target)} as {source['source_id']}{new}")
    files |= sources
    changes = _changes_on_a_copy(workspace, store, files)
    if not any(change.any for change in changes):
        what.append(
            "No table takes rows from it yet; a mapping <table>.official.yml says which it could"
            if not changes
            else "No row of any table changes"
        )
    return Addition(path, tuple(what), tuple(changes), files)


def _cut(workspace: Workspace, path: Path, on_progress: OnProgress) -> tuple[Path, Seen]:
    """Cut out of a file that is too large to be kept the rows of the programmes that are known.

    The card of what is cut bears the hash of the whole, in `cut_from`.
    """
    programmes = RawStore(workspace).cells(_PROGRAMMES)
    names = {name for column in ("name_en", "name_fr") for name in programmes[column].dropna()}
    folder = workspace.state / READ
    part = folder / path.name
    write_whole(part, cut(path, sorted(names), folder, on_progress))
    seen = recognised(part)
    if seen is None or seen.whole:
        expected = "rows of the project's programmes that are fewer than the whole"
        remedy = "See that the names in data/raw/vocabulary/programmes.csv are those of programmes."
        raise FiguresError.of(path.name, expected, remedy)
    return part, seen


def _told_beside(other: OfficialFile, published: str, workspace: Workspace) -> str:
    """Say what becomes of the edition that is there."""
    name = workspace.relative(other.path)
    if published > other.published:
        return (
            f"The publisher has replaced {name} (public from {other.published}): that one stays "
            "for earlier days"
        )
    return (
        f"An older edition than {name} (public from {other.published}): that one stays the newest"
    )


def _source(
    workspace: Workspace,
    store: RawStore,
    seen: Seen,
    options: AddOptions,
    earlier: Sequence[OfficialFile],
) -> tuple[Mapping[str, str], dict[str, bytes]]:
    """Return the source of an official file, and the list of sources if it has to be added."""
    known = {row["source_id"]: row for row in _rows(store.cells(_SOURCES))}
    asked = options.source or (earlier[-1].source_id if earlier else seen.source_id)
    if asked in known:
        return known[asked], {}
    if options.source:
        msg = f"--source: there is no source {asked!r}. {hint(asked, [*known])}"
        raise UsageError(msg)
    row = {
        "source_id": seen.source_id,
        "title": seen.title,
        "title_language": "en",
        "publisher": seen.publisher,
        "publisher_fr": seen.publisher_fr,
        "url": options.address or seen.address,
        "published": options.published or seen.published or seen.edition or _retrieved(options),
        "terms": seen.terms,
        "terms_fr": seen.terms_fr,
        "tier": "official",
        "note": f"The file itself lies in data/raw/{seen.folder}/.",
    }
    return row, _appended(workspace, store, _SOURCES, [row])


def _published(seen: Seen, options: AddOptions, source: Mapping[str, str]) -> tuple[str, str]:
    """Say from which day a file counts as public, and how that is known."""
    if options.published:
        return options.published, "as --published says"
    if seen.published:
        return seen.published, "as the file says"
    listed = source.get("published", "")
    # A month or a year alone does not tell from which day on.
    if len(listed) == len("2026-02-06"):
        return listed, "as the list of sources says"
    if seen.released_in not in ("", _retrieved(options)[:4]):
        msg = (
            f"{seen.title} is of {seen.released_in} and does not say of which day, and today it "
            f"cannot be. Say it: --published {seen.released_in}-MM-DD"
        )
        raise UsageError(msg)
    return _retrieved(
        options
    ), "the day of retrieval, since the file names no other; --published DATE corrects it"


def _retrieved(options: AddOptions) -> str:
    return options.retrieved or today_here().isoformat()


def _free_name(workspace: Workspace, seen: Seen, path: Path, published: str) -> Path:
    """Name the file as its publisher did; another edition of that name gets its day."""
    folder = workspace.raw / seen.folder
    name = path.name if path.name.startswith(seen.product) else f"{seen.product}-{path.name}"
    target = folder / name
    if not target.exists():
        return target
    return folder / f"{target.stem}.{published}{target.suffix}"


# An analyst's own rows


def _own(workspace: Workspace, path: Path, options: AddOptions) -> Addition:
    store = RawStore(workspace)
    mapping = read_mapping(options.mapping) if options.mapping else mapping_of(path)
    given = {"source_id": options.source} if options.source else {}
    mapping = mapping.model_copy(
        update={
            "table": options.table or mapping.table,
            "constants": {**given, **mapping.constants},
        }
    )
    own = read_own(path, store.tables, store.known, mapping)
    table = store.tables[own.table]
    _refuse_namesake(store, path, own)
    what = [f"{own.form}: {len(own.cells):,} rows for the table {own.table}"]
    new, change = _merged(store, table, own, path.name)
    if not len(new):
        what.append("Every row of it is in the table already")
        return Addition(path, tuple(what), (change,))
    files = _appended(workspace, store, own.table, _rows(new))
    _changes_on_a_copy(workspace, store, files)  # the whole must be sound, not these rows alone
    return Addition(path, tuple(what), (change,), files)


def _refuse_namesake(store: RawStore, path: Path, own: Own) -> None:
    """Refuse a province's awards under a federal programme: funds of both bear one name."""
    if "programme" not in own.cells or not is_ontario(path):
        return
    federal = {
        row["programme"]
        for row in _rows(store.cells(_PROGRAMMES))
        if row["jurisdiction"] == "federal"
    }
    if federal & {*own.cells["programme"].dropna()}:
        raise refused(path.name)


def _merged(store: RawStore, table: Table, own: Own, name: str) -> tuple[pd.DataFrame, TableChange]:
    """Return the rows that a table lacks. Raises `FiguresError` with all that is wrong in them."""
    there = store.cells(table.name)
    columns = table.columns
    before = _rows(there)
    known = {_cells(row, columns) for row in before}
    fresh = [_cells(row, columns) not in known for row in _rows(own.cells)]
    new = own.cells[pd.Series(fresh, index=own.cells.index)] if fresh else own.cells
    both = pd.concat([there, new], ignore_index=True)
    vocabularies = store.known(table)
    problems = [*own.problems]
    told = {(problem.row, problem.column) for problem in problems}
    problems += [
        problem
        for problem in schema.check(table, both, vocabularies, name)
        if problem.file == name and (problem.row, problem.column) not in told
    ]
    schema.raise_if_any(problems)
    change = _change(table, before, _rows(new))
    unchanged = len(own.cells) - len(new)
    return new, TableChange(table.name, change.added, change.revised, unchanged, change.told)


def _appended(
    workspace: Workspace, store: RawStore, name: str, rows: Sequence[Mapping[str, str]]
) -> dict[str, bytes]:
    """Return a table's file with rows added at its end; every byte that is there stays."""
    path = store.path(name)
    if path.suffix != ".csv":
        remedy = f"Copy the rows into {path.name}, or save it as CSV UTF-8 and delete the workbook."
        expected = "a CSV file to add rows to; this table is a workbook"
        raise FiguresError.of(file=workspace.relative(path), expected=expected, remedy=remedy)
    data = path.read_bytes()
    end = "\r\n" if b"\r\n" in data else "\n"
    header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator=end)
    writer.writerows([row.get(column.strip(), "") for column in header] for row in rows)
    gap = b"" if data.endswith((b"\n", b"\r")) else end.encode()
    return {workspace.relative(path): data + gap + written.getvalue().encode()}


# What would change


def _changes_on_a_copy(
    workspace: Workspace, store: RawStore, files: Mapping[str, bytes]
) -> list[TableChange]:
    """Write files into a copy of the raw figures, and say what each table would hold.

    Raises `FiguresError` with everything that would be wrong there and is not now.
    """
    with TemporaryDirectory(prefix="add-") as scratch:
        copy = Workspace(Path(scratch))
        shutil.copytree(workspace.raw, copy.raw)
        (copy.state / READ).mkdir(parents=True)
        for path in (workspace.state / READ).glob("*.parquet"):  # what was read is not read again
            with suppress(OSError):  # a run beside this one may clear it away
                link_whole(path, copy.state / READ / path.name)
        for name, content in files.items():
            write_whole(copy.root / name, content)
        after = RawStore(copy)
        now = {str(problem) for problem in store.check()}
        schema.raise_if_any([one for one in after.check() if str(one) not in now])
        return [
            _change_of_table(store, after, name, files)
            for name in after.tables
            if name != _SOURCES and {*map(copy.relative, after.files(name))} & {*files}
        ]


def _change_of_table(
    before: RawStore, after: RawStore, name: str, files: Mapping[str, bytes]
) -> TableChange:
    table = after.tables[name]
    found = after.cells(name)
    change = _change(table, _rows(before.cells(name)), _rows(found))
    supplied = sum(count for file, count in after.supplied(name).items() if file in files)
    unchanged = max(supplied - change.added - change.revised, 0)
    return TableChange(name, change.added, change.revised, unchanged, change.told)


def _rows(cells: pd.DataFrame) -> list[Mapping[str, str]]:
    return [
        {str(name): "" if pd.isna(cell) else str(cell) for name, cell in row.items()}
        for row in cells.drop(columns=[*_ASIDE], errors="ignore").to_dict("records")
    ]


def _cells(row: Mapping[str, str], columns: Sequence[str]) -> Key:
    return tuple(row.get(column, "") for column in columns)


def _change(
    table: Table, before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]
) -> TableChange:
    """Tell rows that are new, and those that revise a figure that is there."""
    there = {_cells(row, table.columns) for row in before}
    by_key: dict[Key, Mapping[str, str]] = {}
    # Of several states of a figure the latest is the one that is revised.
    for row in sorted(before, key=lambda row: row.get(REVISED, "")):
        by_key[_cells(row, table.key)] = row
    new = [row for row in after if _cells(row, table.columns) not in there]
    revised = [(by_key[key], row) for row in new if (key := _cells(row, table.key)) in by_key]
    steps = sorted((_step(table, old, row) for old, row in revised), key=lambda one: -one[0])
    told = tuple(text for _, text in steps if text)[:_LISTED]
    return TableChange(table.name, len(new) - len(revised), len(revised), told=told)


def _step(table: Table, old: Mapping[str, str], new: Mapping[str, str]) -> tuple[float, str]:
    """Say how far a figure moves, and in words what becomes of it."""
    changed = [
        column
        for column in table.columns
        if column not in _PROVENANCE and old.get(column, "") != new.get(column, "")
    ]
    key = ", ".join(new[name] for name in table.key if new.get(name))
    told = "; ".join(f"{c} {old.get(c) or 'blank'} → {new.get(c) or 'blank'}" for c in changed)
    sizes = [
        # Of a zero there is no part: the new figure itself is the size of the step.
        abs(float(new[c]) - float(old[c])) / (abs(float(old[c])) or 1)
        for c in changed
        if table.field(c).type == "number" and old.get(c) and new.get(c)
    ]
    days = f" ({old.get(REVISED, '')} → {new.get(REVISED, '')})" if table.revised else ""
    return max(sizes, default=0.0), f"{key}: {told}{days}" if told else ""
