"""An `.xls` workbook is read as it shows, and what it hides is told."""

import struct
from collections.abc import Iterable
from pathlib import Path

import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.readers.grids import read_grid

SECTOR = 512
CUTOFF = 4096
GENERAL, PERCENT, OWN = 0, 9, 164
"""Numbers of formats: as it comes, `0%`, and one of the file's own."""


def record(kind: int, form: str, *cells: object) -> bytes:
    data = b"".join(
        struct.pack(f"<{part}", cell) if part != "s" else bytes(cell)  # type: ignore[arg-type]
        for part, cell in zip(form, cells, strict=True)
    )
    return struct.pack("<2H", kind, len(data)) + data


def bof(kind: int, version: int = 0x0600) -> bytes:
    return record(0x0809, "HHHHII", version, kind, 0, 1997, 0, 6)


END = struct.pack("<2H", 0x000A, 0)


def text(row: int, column: int, words: str) -> bytes:
    return record(0x0204, "HHHHBs", row, column, 0, len(words), 0, words.encode("latin-1"))


def number(row: int, column: int, figure: float, style: int = 0) -> bytes:
    return record(0x0203, "HHHd", row, column, style, figure)


def row_of(at: int, *, hidden: bool) -> bytes:
    return record(0x0208, "HHHHHHHH", at, 0, 4, 255, 0, 0, 0x20 if hidden else 0, 0)


SHEET = (
    text(0, 0, "mineral"),
    text(0, 1, "share"),
    text(1, 0, "Nickel"),
    number(1, 1, 0.36, 1),
    text(2, 0, "Cobalt"),
    number(2, 1, 5, 2),
)


def stream(cells: Iterable[bytes], version: int = 0x0600, more: bytes = b"") -> bytes:
    code = '0 "kt"'
    formats = record(0x041E, "HHBs", OWN, len(code), 0, code.encode())
    styles = b"".join(
        record(0x00E0, "HHs", 0, format_, bytes(16)) for format_ in (GENERAL, PERCENT, OWN)
    )
    head = bof(0x0005, version) + more + formats + styles
    named = record(0x0085, "IBBBBs", 0, 0, 0, 4, 0, b"mine")
    start = len(head) + len(named) + len(END)
    named = record(0x0085, "IBBBBs", start, 0, 0, 4, 0, b"mine")
    dimensions = record(0x0200, "IIHHH", 0, 3, 0, 2, 0)
    return head + named + END + bof(0x0010, version) + dimensions + b"".join(cells) + END


def compound(path: Path, content: bytes, *, small: bool = True) -> Path:
    """Put a workbook into a compound file; a small one into its stream of small sectors."""
    content = content if small else content.ljust(CUTOFF, b"\0")
    name = "Workbook".encode("utf-16-le")
    sectors = -(-max(len(content), 1) // SECTOR)
    links = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, sectors + 2), 0xFFFFFFFE]
    minis = b""
    if small:
        count = -(-len(content) // 64)
        links.append(0xFFFFFFFE)
        minis = struct.pack(f"<{count}I", *range(1, count), 0xFFFFFFFE).ljust(SECTOR, b"\xff")
    table = struct.pack(f"<{len(links)}I", *links).ljust(SECTOR, b"\xff")

    def entry(name: bytes, kind: int, start: int, size: int, child: int) -> bytes:
        head = name.ljust(64, b"\0") + struct.pack("<HBB", len(name) + 2, kind, 1)
        head += struct.pack("<3I", 0xFFFFFFFF, 0xFFFFFFFF, child)
        return head.ljust(116, b"\0") + struct.pack("<3I", start, size, 0)

    root = "Root Entry".encode("utf-16-le")
    entries = entry(root, 5, 2 if small else 0xFFFFFFFE, len(content) if small else 0, 1)
    entries += entry(name, 2, 0 if small else 2, len(content), 0xFFFFFFFF)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(24, b"\0")
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6).ljust(20, b"\0")
    header += struct.pack("<2I", 1, 1) + bytes(4)
    header += struct.pack("<3I", CUTOFF, sectors + 2 if small else 0xFFFFFFFE, small)
    header += struct.pack("<2I", 0xFFFFFFFE, 0)
    header += struct.pack("<109I", 0, *[0xFFFFFFFF] * 108)
    body = content.ljust(sectors * SECTOR, b"\0")
    path.write_bytes(header + table + entries.ljust(SECTOR, b"\0") + body + minis)
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "mine.xls"


@pytest.mark.parametrize("small", [False, True])
def test_figures_are_read_as_they_show(path: Path, small: bool):  # noqa: FBT001
    grid = read_grid(compound(path, stream(SHEET), small=small), path.name)
    assert (grid.form, grid.sheet, grid.traps) == ("Excel workbook", "mine", [])
    assert [*grid.rows] == [
        (1, ["mineral", "share"]),
        (2, ["Nickel", "36%"]),
        (3, ["Cobalt", "5 kt"]),
    ]


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ([row_of(1, hidden=True)], (2, None, "hidden")),
        ([row_of(1, hidden=True), record(0x009B, "")], (2, None, "filtered out")),
        ([record(0x007D, "HHHHHH", 1, 1, 2560, 0, 1, 0)], (1, "B", "hidden")),
        ([record(0x00E5, "HHHHH", 1, 1, 2, 0, 0)], (2, "A", "A2:A3 are merged")),
        ([record(0x0205, "HHHBB", 3, 1, 0, 42, 1)], (4, "B", "a value")),
    ],
)
def test_what_nobody_sees_is_told(path: Path, more: list[bytes], told: tuple[int, str | None, str]):
    cells = [*more, *SHEET] if more[0][:2] != b"\x05\x02" else [*SHEET, *more]
    grid = read_grid(compound(path, stream(cells)), path.name)
    row, column, words = told
    trap = grid.traps[0]
    assert (trap.row, trap.column) == (row, column)
    assert words in trap.expected


def test_rows_that_show_are_no_trap(path: Path):
    cells = [row_of(1, hidden=False), record(0x007D, "HHHHHH", 1, 1, 2560, 0, 0, 0), *SHEET]
    assert read_grid(compound(path, stream(cells)), path.name).traps == []


@pytest.mark.parametrize(
    "data",
    [
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"\xd0\xcf\x11\xe0",
    ],
)
def test_a_damaged_workbook_is_refused(path: Path, data: bytes):
    path.write_bytes(data)
    with pytest.raises(FiguresError, match="a readable workbook"):
        read_grid(path, path.name)


def test_a_workbook_that_is_locked_or_older_is_refused(path: Path):
    for content in (stream(SHEET, more=record(0x002F, "H", 0)), stream(SHEET, version=0x0500)):
        compound(path, content)
        with pytest.raises(FiguresError, match="a readable workbook"):
            read_grid(path, path.name)
