"""Add a file to the raw figures: an official file as it is, or rows of an analyst.

Nothing is written before the plan is complete: what the file is, which files would be written, and
what each table would then hold, computed on a copy of the raw figures. No existing row is changed
or removed: a figure is revised by a row with a later day, and an older edition of an official file
remains an older edition.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pandas as pd

from critical_minerals.errors import FiguresError, UsageError, hint
from critical_minerals.raw import official, schema
from critical_minerals.raw.cache import READ
from critical_minerals.raw.official import OfficialFile, card_text, official_files
from critical_minerals.raw.own import OwnRows, find_mapping, read_mapping, read_own
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.known import CUT, recognised
from critical_minerals.readers.large import OnProgress, content_of
from critical_minerals.readers.seen import RecognisedFile, read_header
from critical_minerals.readers.sheets import FILE, ROW
from critical_minerals.tables.descriptors import REVISED, Table
from critical_minerals.workspace.declaration import Namesake
from critical_minerals.workspace.parameters import LANGUAGES, today_here
from critical_minerals.workspace.paths import Workspace, link_whole, write_whole

_SOURCES: Final = "sources"
_MOST_LISTED: Final = 5
"""How many revised figures of a table are listed one by one."""
_LOCATION: Final = frozenset({ROW, FILE})
Key = tuple[str, ...]


@dataclass(frozen=True)
class AddOptions:
    """What the user states about a file that the file does not state; each field may be blank."""

    source: str = ""
    table: str = ""
    mapping: Path | None = None
    retrieved: str = ""
    published: str = ""
    address: str = ""


@dataclass(frozen=True)
class TableChange:
    """The effect on a table: rows added, revised and unchanged, and some revisions as text.

    An `added` row has a key that the table lacks. A `revised` row has the key of an existing row,
    with other cells and another day. An `unchanged` row repeats an existing one.
    """

    table: str
    added: int = 0
    revised: int = 0
    unchanged: int = 0
    revisions: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether the content of the table would change."""
        return bool(self.added or self.revised)


@dataclass(frozen=True)
class Addition:
    """The plan for adding a file.

    `description` holds lines on the file. `files` are the contents to write, by their path in the
    project; there are none where the file or all of its rows are in the project already.
    """

    path: Path
    description: tuple[str, ...]
    tables: tuple[TableChange, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)

    def write(self, workspace: Workspace) -> None:
        """Write the files in order, each before those that refer to it: a file before its card."""
        for name, content in self.files.items():
            write_whole(workspace.root / name, content)


def addition(
    workspace: Workspace,
    path: Path,
    options: AddOptions,
    on_progress: OnProgress = lambda _done, _of: None,
) -> Addition:
    """Plan what adding a file would change; write nothing.

    `on_progress` is called while a very large file is read, with what is done and the total.
    Raises `UsageError` where there is no such file, `FiguresError` with everything that keeps the
    file from being read.
    """
    if path.is_dir():
        msg = f"{path} is a folder. Name the files in it that are to be added, such as {path}/*.csv"
        raise UsageError(msg)
    if not path.is_file():
        msg = f"There is no file {path}."
        raise UsageError(msg)
    if options.mapping and not options.mapping.is_file():
        msg = f"--mapping: there is no file {options.mapping}."
        raise UsageError(msg)
    for name in ("retrieved", "published"):
        _require_day(name, getattr(options, name))
    # Whoever names a table or a mapping wants the rows in it, whatever the file looks like.
    if options.mapping is None and not options.table:
        if metadata := recognised(path):
            return _plan_official(workspace, path, metadata, options, on_progress)
        # Nothing in its rows says what they are: without a mapping they would be the other's.
        if namesake := _find_namesake(workspace, path):
            raise _namesake_error(namesake, path.name)
    return _plan_own_rows(workspace, path, options)


def _require_day(name: str, day: str) -> None:
    try:
        # A blank option is allowed: any day that exists stands for it here.
        dt.date.fromisoformat(day or "2026-01-01")
    except ValueError:
        msg = f"--{name}: {day!r} is not a day. Write it such as 2026-02-27."
        raise UsageError(msg) from None


# Official files


def _plan_official(
    workspace: Workspace,
    path: Path,
    metadata: RecognisedFile,
    options: AddOptions,
    on_progress: OnProgress,
) -> Addition:
    whole_sha256 = ""
    if metadata.cut_by:
        # Hash before cutting: the card has to identify the publisher's file, which is not stored.
        whole_sha256 = content_of(path, workspace.state / READ)
        path, metadata = _cut_by_names(workspace, path, metadata, on_progress)
    data = path.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    lines = [
        f"{metadata.title}, {metadata.publisher}: {metadata.rows:,} records, {metadata.period}"
    ]
    filed_files = official_files(workspace)
    # Compare content and not names: the same file may come again under another name.
    duplicate = next((one for one in filed_files if one.sha256 == sha256), None)
    if duplicate is not None:
        lines.append(f"It is filed already, byte for byte: {workspace.relative(duplicate.path)}")
        return Addition(path, tuple(lines))
    # Names of filed files begin with their product (`_free_name`), which editions share.
    editions = [
        one
        for one in filed_files
        if one.format == metadata.format and one.path.name.startswith(metadata.product)
    ]
    store = RawStore(workspace)
    source, sources = _find_source(workspace, store, metadata, options, editions)
    published, basis = _find_publication_day(metadata, options, source)
    edition = f"Edition {metadata.edition}, counted" if metadata.edition else "Counted"
    lines.append(f"{edition} as public from {published} ({basis})")
    target = _free_name(workspace, metadata, path, published)
    newest = max(editions, key=lambda one: one.published, default=None)
    if newest is not None:
        lines.append(_describe_other_edition(newest, published, workspace))
    card = card_text(
        {
            "file": target.name,
            "source_id": source["source_id"],
            "format": metadata.format,
            "sha256": sha256,
            "cut_from": whole_sha256,
            "address": options.address or metadata.address,
            "published": published,
            "retrieved": _retrieval_day(options),
            "terms": metadata.terms,
            # An older edition that is added late replaces nothing.
            "replaces": newest.path.name if newest and published > newest.published else "",
        }
    )
    card_file = target.with_name(f"{target.stem}{official.SUFFIX}")
    files = {workspace.relative(target): data, workspace.relative(card_file): card.encode()}
    new_source = f", a new source: {source['title']}" if sources else ""
    lines.append(f"Goes to {workspace.relative(target)} as {source['source_id']}{new_source}")
    files |= sources
    changes = _simulate_changes(workspace, store, files)
    # A file without effect is still filed: a mapping that reads it may be written later.
    if not any(change.any for change in changes):
        lines.append(
            "No table takes rows from it yet; a mapping <table>.official.yml says which it could"
            if not changes
            else "No row of any table changes"
        )
    return Addition(path, tuple(lines), tuple(changes), files)


def _cut_by_names(
    workspace: Workspace, path: Path, metadata: RecognisedFile, on_progress: OnProgress
) -> tuple[Path, RecognisedFile]:
    """Cut the rows of the names that a list has out of a file that is too large to store.

    The card of the cut file holds the hash of the whole file, in `cut_from`.
    """
    of = metadata.cut_by
    names = workspace.project.lists.get(of)
    if names is None:
        expected = f"a project with a list of {of}s, by whose names its rows are cut out"
        raise FiguresError.of(path.name, expected, "Declare the list, or add the rows themselves.")
    cells = RawStore(workspace).cells(names.table)
    # A publisher may write a name in either language.
    columns = dict.fromkeys(names.name_column(language) for language in LANGUAGES)
    wanted = {name for column in columns for name in cells[column].dropna()}
    cache = workspace.state / READ
    cut_file = cache / path.name
    write_whole(cut_file, CUT[metadata.format](path, sorted(wanted), cache, on_progress))
    cut_metadata = recognised(cut_file)
    # A cut that is the whole again is no cut: the names in the list match too much.
    if cut_metadata is None or cut_metadata.cut_by:
        expected = f"rows of the project's list of {of}s that are fewer than the whole"
        remedy = f"See that the names in data/raw/{names.table}.csv are those of {of}s."
        raise FiguresError.of(path.name, expected, remedy)
    return cut_file, cut_metadata


def _describe_other_edition(other: OfficialFile, published: str, workspace: Workspace) -> str:
    """Describe the effect on the newest edition that is filed already."""
    name = workspace.relative(other.path)
    if published > other.published:
        return (
            f"The publisher has replaced {name} (public from {other.published}): that one stays "
            "for earlier days"
        )
    if published == other.published:
        return (
            f"Of the same day as {name}, and of other content: that one stays. If the publisher "
            "has replaced it since, say when: --published DATE"
        )
    return (
        f"An older edition than {name} (public from {other.published}): that one stays the newest"
    )


def _find_source(
    workspace: Workspace,
    store: RawStore,
    metadata: RecognisedFile,
    options: AddOptions,
    editions: Sequence[OfficialFile],
) -> tuple[Mapping[str, str], dict[str, bytes]]:
    """Return the source of an official file, and the changed list of sources if it is new."""
    sources_by_id = {row["source_id"]: row for row in _to_records(store.cells(_SOURCES))}
    # Editions of one product share a source, whatever id the reader would propose.
    source_id = options.source or (editions[-1].source_id if editions else metadata.source_id)
    if source_id in sources_by_id:
        return sources_by_id[source_id], {}
    if options.source:
        msg = f"--source: there is no source {source_id!r}. {hint(source_id, [*sources_by_id])}"
        raise UsageError(msg)
    row = {
        "source_id": metadata.source_id,
        "title": metadata.title,
        "title_language": "en",
        "publisher": metadata.publisher,
        "publisher_fr": metadata.publisher_fr,
        "url": options.address or metadata.address,
        "published": options.published
        or metadata.published
        or metadata.edition
        or _retrieval_day(options),
        "terms": metadata.terms,
        "terms_fr": metadata.terms_fr,
        "tier": "official",
        "note": f"The file itself lies in data/raw/{metadata.folder}/.",
    }
    return row, _append_rows(workspace, store, _SOURCES, [row])


def _find_publication_day(
    metadata: RecognisedFile, options: AddOptions, source: Mapping[str, str]
) -> tuple[str, str]:
    """Return the day from which a file counts as public, and a text on how that is known."""
    if options.published:
        return options.published, "as --published says"
    if metadata.published:
        return metadata.published, "as the file says"
    listed_day = source.get("published", "")
    # A month or a year alone does not tell from which day on.
    if len(listed_day) == len("2026-02-06"):
        return listed_day, "as the list of sources says"
    # Dated with the day of retrieval, an older release would replace a newer one.
    year = metadata.released_in
    if year not in ("", _retrieval_day(options)[:4]):
        msg = (
            f"{metadata.title} is of {year} and does not say of which day, and today it "
            f"cannot be. Say it: --published {year}-MM-DD"
        )
        raise UsageError(msg)
    return _retrieval_day(
        options
    ), "the day of retrieval, since the file names no other; --published DATE corrects it"


def _retrieval_day(options: AddOptions) -> str:
    return options.retrieved or today_here().isoformat()


def _free_name(workspace: Workspace, metadata: RecognisedFile, path: Path, published: str) -> Path:
    """Keep the publisher's file name; add the day where another edition has that name."""
    folder = workspace.raw / metadata.folder
    name = (
        path.name if path.name.startswith(metadata.product) else f"{metadata.product}-{path.name}"
    )
    target = folder / name
    # Never overwrite: a report as of an earlier day still reads the earlier edition.
    if not target.exists():
        return target
    return folder / f"{target.stem}.{published}{target.suffix}"


# An analyst's own rows


def _plan_own_rows(workspace: Workspace, path: Path, options: AddOptions) -> Addition:
    store = RawStore(workspace)
    mapping = read_mapping(options.mapping) if options.mapping else find_mapping(path)
    constants = {"source_id": options.source} if options.source else {}
    mapping = mapping.model_copy(
        update={
            "table": options.table or mapping.table,
            "constants": {**constants, **mapping.constants},
        }
    )
    own = read_own(path, store.tables, store.known, mapping)
    table = store.tables[own.table]
    _reject_namesake(workspace, store, path, own)
    lines = [f"{own.form}: {len(own.cells):,} rows for the table {own.table}"]
    new_rows, change = _select_new_rows(store, table, own, path.name)
    if not len(new_rows):
        lines.append("Every row of it is in the table already")
        return Addition(path, tuple(lines), (change,))
    files = _append_rows(workspace, store, own.table, _to_records(new_rows))
    _simulate_changes(workspace, store, files)  # the whole must be valid, not these rows alone
    return Addition(path, tuple(lines), (change,), files)


def _find_namesake(workspace: Workspace, path: Path) -> Namesake | None:
    """Return what a file could be mistaken for by a name, as the project declares it."""
    header = tuple(cell.strip() for cell in read_header(path))
    known = workspace.project.namesakes
    return next((one for one in known if header[: len(one.header)] == one.header), None)


def _reject_namesake(workspace: Workspace, store: RawStore, path: Path, own: OwnRows) -> None:
    """Reject rows under the ids of what only shares their name."""
    namesake = _find_namesake(workspace, path)
    if namesake is None:
        return
    names = workspace.project.lists[namesake.of]
    others = {
        row[names.key]
        for row in _to_records(store.cells(names.table))
        if namesake.other.items() <= row.items()
    }
    if names.key in own.cells and others & {*own.cells[names.key].dropna()}:
        raise _namesake_error(namesake, path.name)


def _namesake_error(namesake: Namesake, file: str) -> FiguresError:
    return FiguresError.of(
        file=file, value=namesake.shared, expected=namesake.expected, remedy=namesake.remedy
    )


def _select_new_rows(
    store: RawStore, table: Table, own: OwnRows, name: str
) -> tuple[pd.DataFrame, TableChange]:
    """Return the rows that are not in a table yet. Raises `FiguresError` with all their faults."""
    existing = store.cells(table.name)
    columns = table.columns
    existing_rows = _to_records(existing)
    existing_cells = {_select_cells(row, columns) for row in existing_rows}
    # Skip rows that are in the table already: a file may be added again after it has grown.
    is_new = [_select_cells(row, columns) not in existing_cells for row in _to_records(own.cells)]
    new_rows = own.cells[pd.Series(is_new, index=own.cells.index)] if is_new else own.cells
    combined = pd.concat([existing, new_rows], ignore_index=True)
    vocabularies = store.known(table)
    problems = [*own.problems]
    # A cell that cannot be read also fails the check of its column: report it once.
    reported = {(problem.row, problem.column) for problem in problems}
    problems += [
        problem
        # Check old and new rows together, so that a key that both have is found; faults of old rows
        # are no reason to reject the file, and are reported by the check of the project.
        for problem in schema.check(table, combined, vocabularies, name)
        if problem.file == name and (problem.row, problem.column) not in reported
    ]
    schema.raise_if_any(problems)
    change = _compare_rows(table, existing_rows, _to_records(new_rows))
    return new_rows, replace(change, unchanged=len(own.cells) - len(new_rows))


def _append_rows(
    workspace: Workspace, store: RawStore, name: str, rows: Sequence[Mapping[str, str]]
) -> dict[str, bytes]:
    """Return the content of a table's file with rows appended; existing bytes stay as they are."""
    path = store.path(name)
    if path.suffix != ".csv":
        remedy = f"Copy the rows into {path.name}, or save it as CSV UTF-8 and delete the workbook."
        expected = "a CSV file to add rows to; this table is a workbook"
        raise FiguresError.of(file=workspace.relative(path), expected=expected, remedy=remedy)
    data = path.read_bytes()
    line_end = "\r\n" if b"\r\n" in data else "\n"
    # Use the header of the file: its columns may be in another order than the descriptor's.
    header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator=line_end)
    writer.writerows([row.get(column.strip(), "") for column in header] for row in rows)
    # Without a line end the first new row would continue the last old one.
    missing_end = b"" if data.endswith((b"\n", b"\r")) else line_end.encode()
    return {workspace.relative(path): data + missing_end + buffer.getvalue().encode()}


# What would change


def _simulate_changes(
    workspace: Workspace, store: RawStore, files: Mapping[str, bytes]
) -> list[TableChange]:
    """Write files into a copy of the raw figures, and compare each table before and after.

    Raises `FiguresError` with every fault of the copy that the project does not have already.
    """
    with TemporaryDirectory(prefix="add-") as scratch:
        copy = Workspace(Path(scratch))
        shutil.copytree(workspace.raw, copy.raw)
        (copy.state / READ).mkdir(parents=True)
        # Take the cached tables along, so that unchanged official files are not read again.
        for path in (workspace.state / READ).glob("*.parquet"):
            with suppress(OSError):  # another run may delete an outdated table meanwhile
                link_whole(path, copy.state / READ / path.name)
        for name, content in files.items():
            write_whole(copy.root / name, content)
        after = RawStore(copy)
        # A fault that is there already must not block a file that has nothing to do with it.
        current_faults = {str(problem) for problem in store.check()}
        schema.raise_if_any([one for one in after.check() if str(one) not in current_faults])
        return [
            _compare_table(store, after, name, files)
            for name in after.tables
            # A new source is announced in the description of the file, not as a change of a table.
            if name != _SOURCES and {*map(copy.relative, after.files(name))} & {*files}
        ]


def _compare_table(
    before: RawStore, after: RawStore, name: str, files: Mapping[str, bytes]
) -> TableChange:
    table = after.tables[name]
    cells = after.cells(name)
    change = _compare_rows(table, _to_records(before.cells(name)), _to_records(cells))
    supplied = sum(count for file, count in after.supplied(name).items() if file in files)
    # A figure that a later file repeats makes no row (`supplied.py`), so unchanged rows cannot be
    # counted in the table: they are the rest of what the file supplies.
    return replace(change, unchanged=max(supplied - change.added - change.revised, 0))


def _to_records(cells: pd.DataFrame) -> list[Mapping[str, str]]:
    return [
        {str(name): "" if pd.isna(cell) else str(cell) for name, cell in row.items()}
        for row in cells.drop(columns=[*_LOCATION], errors="ignore").to_dict("records")
    ]


def _select_cells(row: Mapping[str, str], columns: Sequence[str]) -> Key:
    return tuple(row.get(column, "") for column in columns)


def _compare_rows(
    table: Table, before: Sequence[Mapping[str, str]], after: Sequence[Mapping[str, str]]
) -> TableChange:
    """Count the rows that are new, and those that revise an existing figure."""
    existing = {_select_cells(row, table.columns) for row in before}
    by_key: dict[Key, Mapping[str, str]] = {}
    # A figure may have several vintages; compare with the newest, which comes last here.
    for row in sorted(before, key=lambda row: row.get(REVISED, "")):
        by_key[_select_cells(row, table.key)] = row
    new = [row for row in after if _select_cells(row, table.columns) not in existing]
    revised = [
        (by_key[key], row) for row in new if (key := _select_cells(row, table.key)) in by_key
    ]
    revisions = sorted(
        (_measure_revision(table, old, row) for old, row in revised), key=lambda one: -one[0]
    )
    # Only a few are listed: those with the largest relative change.
    descriptions = tuple(text for _, text in revisions if text)[:_MOST_LISTED]
    return TableChange(table.name, len(new) - len(revised), len(revised), revisions=descriptions)


def _measure_revision(
    table: Table, old: Mapping[str, str], new: Mapping[str, str]
) -> tuple[float, str]:
    """Return the relative size of a revision, and a text that shows the changed cells."""
    changed = [
        column
        for column in table.columns
        # A new document for the same figure is no change of the figure.
        if column not in schema.PROVENANCE and old.get(column, "") != new.get(column, "")
    ]
    key = ", ".join(new[name] for name in table.key if new.get(name))
    description = "; ".join(
        f"{c} {old.get(c) or 'blank'} → {new.get(c) or 'blank'}" for c in changed
    )
    sizes = [
        # Nothing is relative to zero: there the new figure itself is the size.
        abs(float(new[c]) - float(old[c])) / (abs(float(old[c])) or 1)
        for c in changed
        if table.field(c).type == "number" and old.get(c) and new.get(c)
    ]
    days = f" ({old.get(REVISED, '')} → {new.get(REVISED, '')})" if table.revised else ""
    return max(sizes, default=0.0), f"{key}: {description}{days}" if description else ""
