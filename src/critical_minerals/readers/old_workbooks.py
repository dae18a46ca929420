"""Read number formats of an `.xls` workbook, and find what it hides.

Its values are read by calamine, which returns no format and no hidden row; these are looked up in
the records of the file (BIFF8, in a compound file, as [MS-XLS] and [MS-CFB] describe).

Its traps, each with its test: docs/traps.md#old-workbooks
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from critical_minerals.readers.workbooks import (
    BUILT_IN,
    SheetFormatting,
    Trap,
    letters,
    no_value_trap,
)

_FIRST_SPECIAL_SECTOR: Final = 0xFFFFFFFA
"""Numbers from here on are marks (end of a chain, a free sector), not sectors."""
_BIFF8: Final = 0x0600
# Numbers of records, as [MS-XLS] names them.
_BOF, _EOF, _FILEPASS, _SHEET = 0x0809, 0x000A, 0x002F, 0x0085
_FORMAT, _XF = 0x041E, 0x00E0
_ROW, _COLUMNS, _FILTERED = 0x0208, 0x007D, 0x009B
_NUMBER, _RK, _FORMULA, _BOOLEAN_OR_ERROR = 0x0203, 0x027E, 0x0006, 0x0205
_MULTIPLE_RK = 0x00BD
_ERROR_RESULT: Final = 2
"""Type of the result of a formula where it is an error."""
# Bits of the flags of a row and of a range of columns.
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_ERRORS: Final = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}
Record = tuple[int, bytes]


def read_formatting(path: Path, sheet: str) -> SheetFormatting:
    """Read what the values of a sheet do not tell. Raises `ValueError` for other files."""
    records, start = _read_records(path, sheet)
    codes = _format_codes(records)
    formats: dict[tuple[int, str], str] = {}
    rows: set[int] = set()
    columns: set[str] = set()
    without_value: list[Trap] = []
    filtered = False
    for kind, data in _sheet_records(records, start):
        if trap := _error_cell(kind, data):
            without_value.append(trap)
        if kind in (_NUMBER, _RK, _FORMULA):
            row, column, style = struct.unpack_from("<3H", data)
            formats[row + 1, letters(column)] = codes.get(style, "")
        elif kind == _MULTIPLE_RK:
            row, column = struct.unpack_from("<2H", data)
            # Six bytes a cell, style and value; the last two bytes name the last column.
            for index, offset in enumerate(range(4, len(data) - 2, 6)):
                (style,) = struct.unpack_from("<H", data, offset)
                formats[row + 1, letters(column + index)] = codes.get(style, "")
        elif kind == _ROW and data[12] & _HIDDEN_ROW:
            rows.add(struct.unpack_from("<H", data)[0] + 1)
        elif kind == _COLUMNS and data[8] & _HIDDEN_COLUMN:
            first, last = struct.unpack_from("<2H", data)
            # A sheet of this format has 256 columns; a range may reach past them.
            columns |= {letters(column) for column in range(first, min(last, 255) + 1)}
        elif kind == _FILTERED:
            filtered = True
    used_formats = {place: code for place, code in formats.items() if code}
    return SheetFormatting(
        used_formats, frozenset(rows), frozenset(columns), filtered, without_value
    )


def _error_cell(kind: int, data: bytes) -> Trap | None:
    """Build the trap of a cell that shows an error; None for any other record."""
    # The last byte tells whether the one before it is an error or a truth value.
    if kind == _BOOLEAN_OR_ERROR and data[7]:
        error = data[6]
    # A result that is not a number has these two bytes where a number has its exponent.
    elif kind == _FORMULA and data[12:14] == b"\xff\xff" and data[6] == _ERROR_RESULT:
        error = data[8]
    else:
        return None
    row, column = struct.unpack_from("<2H", data)
    return no_value_trap(row + 1, letters(column), _ERRORS.get(error, "#ERROR"))


def _read_records(path: Path, sheet: str) -> tuple[list[tuple[int, Record]], int]:
    """Return the records of a workbook with their offsets, and where those of a sheet begin."""
    stream = _workbook_stream(path.read_bytes())
    records = [*_iterate_records(stream)]
    if not records or records[0][1][0] != _BOF:
        msg = "it has no records of a workbook"
        raise ValueError(msg)
    if struct.unpack_from("<H", records[0][1][1])[0] != _BIFF8:
        msg = "Excel 95 or earlier has saved it"
        raise ValueError(msg)
    # All that follows this record is encrypted, and would be read as noise.
    if any(kind == _FILEPASS for _, (kind, _) in records):
        msg = "it is locked by a password"
        raise ValueError(msg)
    for _, (kind, data) in records:
        if kind == _SHEET and _decode_text(data[8:], data[6], data[7]) == sheet:
            return records, int(struct.unpack_from("<I", data)[0])
    msg = f"it has no sheet {sheet!r}"
    raise ValueError(msg)


def _iterate_records(stream: bytes) -> Iterator[tuple[int, Record]]:
    offset = 0
    while offset + 4 <= len(stream):
        kind, size = struct.unpack_from("<2H", stream, offset)
        # After the last record zeros fill the sector.
        if not kind and not size:
            return
        yield offset, (kind, stream[offset + 4 : offset + 4 + size])
        offset += 4 + size


def _sheet_records(records: list[tuple[int, Record]], start: int) -> Iterator[Record]:
    """Yield the records of one sheet up to its end, without those of charts embedded in it."""
    depth = 0
    for offset, (kind, data) in records:
        if offset < start:
            continue
        depth += (kind == _BOF) - (kind == _EOF)
        if not depth:
            return
        if depth == 1:
            yield kind, data


def _format_codes(records: list[tuple[int, Record]]) -> dict[int, str]:
    """Return the format code of every style of a workbook, blank where it changes nothing."""
    # Built-in formats have a number and no record; a record of the file takes precedence.
    codes_by_id: dict[int, str] = dict(BUILT_IN)
    styles: list[int] = []
    for _, (kind, data) in records:
        if kind == _FORMAT:
            number, size = struct.unpack_from("<2H", data)
            codes_by_id[number] = _decode_text(data[5:], size, data[4])
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", data, 2)[0])
    codes_by_id = {number: code for number, code in codes_by_id.items() if code != "General"}
    return {style: codes_by_id.get(number, "") for style, number in enumerate(styles)}


def _decode_text(data: bytes, size: int, flags: int) -> str:
    """Decode text of one or two bytes a character."""
    is_wide = flags & 1
    encoded = data[: size * (2 if is_wide else 1)]
    return encoded.decode("utf-16-le" if is_wide else "latin-1")


def _workbook_stream(data: bytes) -> bytes:
    """Return the stream of the workbook from a compound file."""
    try:
        # Fixed offsets in the header: sizes of sectors (as powers of two), the table of sectors,
        # the directory, and the small sectors.
        shift, mini_shift = struct.unpack_from("<2H", data, 30)
        count, directory = (
            struct.unpack_from("<I", data, 44)[0],
            struct.unpack_from("<I", data, 48)[0],
        )
        cutoff, mini_start = struct.unpack_from("<2I", data, 56)
        allocation: list[int] = []
        for sector in _allocation_sectors(data, 1 << shift, count):
            allocation += struct.unpack_from(
                f"<{(1 << shift) // 4}I", data, _sector_offset(sector, shift)
            )
        entries = _read_chain(data, allocation, directory, shift)
        mini_stream = b""
        for offset in range(0, len(entries), 128):
            entry = entries[offset : offset + 128]
            # The size of a name counts the two zero bytes that close it.
            name = entry[: max(struct.unpack_from("<H", entry, 64)[0] - 2, 0)].decode("utf-16-le")
            start, size = struct.unpack_from("<2I", entry, 116)
            if name == "Root Entry":
                mini_stream = _read_chain(data, allocation, start, shift)
            elif name == "Workbook" and size >= cutoff:
                return _read_chain(data, allocation, start, shift)[:size]
            # A stream below the cutoff lies in small sectors, inside the stream of the root. The
            # root is always the first entry, so its stream is known here.
            elif name == "Workbook":
                mini_allocation = _read_chain(data, allocation, mini_start, shift)
                mini_links = [*struct.unpack(f"<{len(mini_allocation) // 4}I", mini_allocation)]
                return _read_chain(mini_stream, mini_links, start, mini_shift, header=0)[:size]
    except (struct.error, UnicodeDecodeError, IndexError) as error:
        msg = "it is damaged"
        raise ValueError(msg) from error
    msg = "it is no workbook of Excel 97 or later"
    raise ValueError(msg)


def _sector_offset(sector: int, shift: int) -> int:
    # The header takes the place of the first sector.
    return (sector + 1) << shift


def _allocation_sectors(data: bytes, size: int, count: int) -> list[int]:
    """Return the sectors that hold the table of sectors: 109 in the header, others in a chain."""
    sectors = [*struct.unpack_from("<109I", data, 76)]
    next_block = struct.unpack_from("<I", data, 68)[0]
    while next_block < _FIRST_SPECIAL_SECTOR and len(sectors) < count:
        block = struct.unpack_from(f"<{size // 4}I", data, (next_block + 1) * size)
        # The last number of a block names the next block.
        sectors += block[:-1]
        next_block = block[-1]
    return sectors[:count]


def _read_chain(
    data: bytes, allocation: list[int], start: int, shift: int, header: int = 1
) -> bytes:
    """Return the content of a chain of sectors; that of small ones has no header before it."""
    sectors: list[bytes] = []
    sector = start
    # No chain is longer than the table: a damaged one may lead back into itself without end.
    while sector < _FIRST_SPECIAL_SECTOR and len(sectors) <= len(allocation):
        offset = (sector + header) << shift
        sectors.append(data[offset : offset + (1 << shift)])
        sector = allocation[sector]
    return b"".join(sectors)
