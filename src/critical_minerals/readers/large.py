"""Query delimited files that are larger than memory, and cache the answers as Parquet.

The engine is DuckDB: it reads in parallel, holds no more than `_MEMORY`, and is given every cell as
text, so that no code loses its zeros. An answer is in the order that its query names, and money is
added as whole numbers: it is the same to the byte whatever the number of threads. The cache is in
Parquet, which any program reads; DuckDB's own files belong to one version of it.

Its traps, each with its test: docs/traps.md#large
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile

import duckdb

from critical_minerals.errors import FiguresError
from critical_minerals.workspace.paths import write_whole
from critical_minerals.workspace.state_files import read_entries

OnProgress = Callable[[int, int | None], None]
"""Called with the number of bytes done, and the total where that is known."""
_MEMORY: Final = "256MB"
_MAX_LINE_BYTES: Final = 1_000_000
_POLL_SECONDS: Final = 0.2
"""Seconds between two reports of progress."""
_HASH_INDEX: Final = "hashes.json"


def query_file(
    path: Path,
    select: str,
    values: Sequence[object],
    folder: Path,
    *,
    name: str,
    member: str = "",
    max_line_bytes: int = _MAX_LINE_BYTES,
    threads: int | None = None,
    on_progress: OnProgress = lambda _done, _of: None,
) -> Path:
    """Return the Parquet file that answers a query of a file, or of a member of a zip.

    `select` is a SELECT from `{table}`, the file's own columns as text, or from `{rows}`, which
    also has `row_number`, by which to keep the file's order, and takes longer. It has an ORDER BY
    that leaves no ties, and a `?` for each of `values`. No line has more than `max_line_bytes`: the
    engine holds several buffers of sixteen such lines. Raises `FiguresError` where the file is no
    such table; `name` is the one by which people know it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # The key holds all that the answer depends on. Another version of the engine may write other
    # bytes for the same rows, so its answers are made anew.
    request = json.dumps([select, [*values], member, duckdb.__version__], default=list)
    key = hashlib.sha256(f"{content_of(path, folder)}{request}".encode()).hexdigest()
    answer = folder / f"{path.stem}-{key[:32]}.parquet"
    if answer.is_file():
        return answer
    # In the same folder, so that the finished answer takes its name in one step: a run that is
    # stopped at any moment leaves no half of it.
    scratch = Path(tempfile.mkdtemp(dir=folder, prefix=".reading-"))
    try:
        source = _extract_member(path, member, scratch) if member else path
        scratch_answer = scratch / "answer.parquet"
        sql = select.format(
            rows=_numbered_rows_sql(source, max_line_bytes),
            table=_table_sql(source, max_line_bytes),
        )
        settings = {
            "memory_limit": _MEMORY,
            "threads": threads or os.cpu_count() or 1,
            "temp_directory": str(scratch / "aside"),
            # Rows are counted in the file's order; any other answer has the order that it names.
            "preserve_insertion_order": "{rows}" in select,
        }
        copy = f"COPY ({sql}) TO {_quote_literal(scratch_answer)} (FORMAT parquet)"
        _run(copy, values, settings, source.stat().st_size, on_progress, name)
        scratch_answer.replace(answer)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return answer


def content_of(path: Path, folder: Path) -> str:
    """Return the hash of a file's content, cached until the file is touched.

    Hashing gigabytes takes seconds: size, time of change and inode tell whether it is needed.
    """
    index, stat = folder / _HASH_INDEX, path.stat()
    state = [stat.st_size, stat.st_mtime_ns, stat.st_ino]
    # An index that is missing or damaged only costs a hash.
    hashes = read_entries(index, (int, int, int, str))
    key = str(path.resolve())
    if (entry := hashes.get(key)) and entry[:-1] == state:
        return entry[-1]
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    write_whole(index, json.dumps({**hashes, key: [*state, digest]}))
    return digest


def _extract_member(path: Path, member: str, scratch: Path) -> Path:
    target = scratch / "member.csv"
    with ZipFile(path) as archive, archive.open(member) as source, target.open("wb") as file:
        shutil.copyfileobj(source, file, 1 << 20)
    return target


def _run(
    copy: str,
    values: Sequence[object],
    settings: dict[str, Any],
    size: int,
    on_progress: OnProgress,
    name: str,
) -> None:
    with duckdb.connect(config=settings) as engine:
        # The query runs in a thread of its own, so that this one can report progress, and interrupt
        # the engine on Ctrl-C.
        errors: list[BaseException] = []

        def execute() -> None:
            try:
                engine.execute(copy, [*values])
            except BaseException as error:  # noqa: BLE001 - raised again where it is reported
                errors.append(error)

        thread = threading.Thread(target=execute)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(_POLL_SECONDS)
                # The engine answers -1 as long as it knows nothing of its progress.
                percent = max(float(engine.query_progress()), 0.0) if thread.is_alive() else 100.0
                on_progress(int(size * percent / 100), size)
        except BaseException:
            engine.interrupt()
            thread.join()
            raise
        if errors:
            raise _translate_error(errors[0], name) from errors[0]


def _numbered_rows_sql(source: Path, max_line_bytes: int) -> str:
    # The header is row 1. The engine passes over blank lines, so that after one a row has a lower
    # number than in a spreadsheet: it is for ordering, and no place to name to people.
    select = "SELECT row_number() OVER () + 1 AS row_number, *"
    return f"({select} FROM {_table_sql(source, max_line_bytes)})"


def _table_sql(source: Path, max_line_bytes: int) -> str:
    # All cells are text, since a type that is guessed would drop the zeros of codes. Not strict:
    # the header may end CRLF and the rows LF. No padding: a row that is too short is damage.
    return (
        f"read_csv({_quote_literal(source)}, all_varchar = true, header = true, delim = ',', "
        "quote = '\"', escape = '\"', nullstr = '', strict_mode = false, null_padding = false, "
        f"max_line_size = {max_line_bytes})"
    )


def _translate_error(error: BaseException, name: str) -> BaseException:
    if not isinstance(error, duckdb.Error) or isinstance(error, duckdb.OutOfMemoryException):
        return error  # too little memory, or a fault of this program: none of the file
    reason = " ".join(str(error).split("\n", 1)[0].split())
    remedy = "Download it again from its publisher, and leave it as it is."
    expected = f"a table that can be read ({reason})"
    return FiguresError.of(name, expected, remedy)


def quote_identifier(heading: str) -> str:
    """Quote a heading as an identifier of SQL.

    >>> quote_identifier('Value or "Valeur" in $')
    '"Value or ""Valeur"" in $"'
    """
    return '"' + heading.replace('"', '""') + '"'


def _quote_literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
