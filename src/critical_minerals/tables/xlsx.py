"""Write an Excel workbook, the same bytes every time: what a spreadsheet program needs, no more.

Office Open XML (ECMA-376), with inline strings. No library is needed to write what holds no
formula and no drawing, and none that exists promises the same bytes for the same content.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from critical_minerals.readers.workbooks import letters

_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATED: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPES: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The day that every part of the archive bears: the earliest that a zip can hold."""
_TEXT: Final = 49
"""Number of the built-in format `@`: what is typed stays as it is typed."""
_DATE: Final = 164
_LAST_ROW: Final = 5000
"""Validations and formats hold down to this row."""
_MOST_PROMPT: Final = 255
_MOST_TITLE: Final = 32

PLAIN: Final = 0
HEADER: Final = 1
TEXT: Final = 2
DATE: Final = 3
WRAPPED: Final = 4
"""How cells look: as they are, as a header, as text, as a day, as text in several lines."""


@dataclass(frozen=True)
class Validation:
    """What a column of an entry sheet may hold, below its header.

    `kind` is that of Excel (`list`, `decimal`, `whole`, `date`), or empty where anything goes and
    only the prompt is shown; `first` and `second` are formulas, the bounds of a figure.
    """

    title: str
    prompt: str
    kind: str = ""
    first: str = ""
    second: str = ""
    required: bool = False


@dataclass(frozen=True)
class Column:
    """A column: how wide it is, how its cells look, and what they may hold."""

    width: int = 20
    style: int = PLAIN
    validation: Validation | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: texts by row and column; the first row of one that is `entry` stays in view."""

    name: str
    rows: Sequence[Sequence[str]]
    columns: Sequence[Column] = ()
    headers: frozenset[int] = frozenset({0})
    """Rows that look like headers, from 0."""
    entry: bool = False


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of a workbook."""
    parts = {
        "[Content_Types].xml": _content_types(len(sheets)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _index(sheets),
        "xl/_rels/workbook.xml.rels": _relations(
            [
                *(("worksheet", f"worksheets/sheet{n}.xml") for n in _numbers(sheets)),
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _styles(),
        **{f"xl/worksheets/sheet{n}.xml": _sheet(s) for n, s in enumerate(sheets, 1)},
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else it says on which system it was made
            archive.writestr(entry, _XML + text)
    return made.getvalue()


def _numbers(sheets: Sequence[Sheet]) -> range:
    return range(1, len(sheets) + 1)


def _content_types(count: int) -> str:
    parts = [
        ("/xl/workbook.xml", "sheet.main"),
        *((f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in range(1, count + 1)),
        ("/xl/styles.xml", "styles"),
    ]
    told = "".join(
        f'<Override PartName="{name}" ContentType="{_TYPES}.{kind}+xml"/>' for name, kind in parts
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    defaults = f'<Default Extension="rels" ContentType="{rels}"/>'
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{defaults}{xml}{told}</Types>'


def _relations(targets: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{_RELATED}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{told}</Relationships>'


def _index(sheets: Sequence[Sheet]) -> str:
    told = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{n}" r:id="rId{n}"/>'
        for n, sheet in enumerate(sheets, 1)
    )
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATED}"><sheets>{told}</sheets></workbook>'


def _styles() -> str:
    """Write the few looks that cells have; `cellXfs` stand in the order of their constants."""
    looks = [
        _look_of(0),
        _look_of(_TEXT, font=1, fill=2),
        _look_of(_TEXT),
        _look_of(_DATE),
        _look_of(_TEXT, inside='<alignment vertical="top" wrapText="1"/>'),
    ]
    font = '<sz val="11"/><name val="Calibri"/>'
    solid = '<patternFill patternType="solid"><fgColor rgb="FFDCE6F1"/></patternFill>'
    return (
        f'<styleSheet xmlns="{_MAIN}">'
        f'<numFmts count="1"><numFmt numFmtId="{_DATE}" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="3"><fill><patternFill patternType="none"/></fill>'
        f'<fill><patternFill patternType="gray125"/></fill><fill>{solid}</fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
        "</cellStyleXfs>"
        f'<cellXfs count="{len(looks)}">{"".join(looks)}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    )


def _look_of(number_format: int, font: int = 0, fill: int = 0, inside: str = "") -> str:
    return (
        f'<xf numFmtId="{number_format}" fontId="{font}" fillId="{fill}" borderId="0" xfId="0" '
        f'applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1">{inside}</xf>'
    )


def _sheet(sheet: Sheet) -> str:
    frozen = (
        '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        if sheet.entry
        else ""
    )
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{column.width}" style="{column.style}" customWidth="1"/>'
        for n, column in enumerate(sheet.columns, 1)
    )
    rows = "".join(
        f'<row r="{number}">{"".join(_cells(sheet, number, row))}</row>'
        for number, row in enumerate(sheet.rows, 1)
    )
    return (
        f'<worksheet xmlns="{_MAIN}">{frozen}'
        f"{f'<cols>{columns}</cols>' if columns else ''}"
        f"<sheetData>{rows}</sheetData>{_validations(sheet)}</worksheet>"
    )


def _cells(sheet: Sheet, number: int, row: Sequence[str]) -> list[str]:
    return [
        f'<c r="{letters(index)}{number}" t="inlineStr" s="{_look(sheet, number - 1, index)}">'
        f'<is><t xml:space="preserve">{escape(cell)}</t></is></c>'
        for index, cell in enumerate(row)
        if cell
    ]


def _look(sheet: Sheet, row: int, column: int) -> int:
    if row in sheet.headers:
        return HEADER
    if len(sheet.rows[row]) == 1:
        return PLAIN  # a line of text runs over its empty neighbours
    return sheet.columns[column].style if column < len(sheet.columns) else TEXT


def _validations(sheet: Sheet) -> str:
    told = [
        _validation(column.validation, letters(index))
        for index, column in enumerate(sheet.columns)
        if column.validation is not None
    ]
    if not told:
        return ""
    return f'<dataValidations count="{len(told)}">{"".join(told)}</dataValidations>'


def _validation(one: Validation, column: str) -> str:
    kind = f'type="{one.kind}" ' if one.kind else ""
    between = 'operator="between" ' if one.second else 'operator="greaterThanOrEqual" '
    first = f"<formula1>{escape(one.first)}</formula1>" if one.first else ""
    second = f"<formula2>{escape(one.second)}</formula2>" if one.second else ""
    return (
        f"<dataValidation {kind}{between if one.kind not in {'', 'list'} else ''}"
        f'allowBlank="{0 if one.required else 1}" showInputMessage="1" showErrorMessage="1" '
        f"promptTitle={quoteattr(_cut(one.title, _MOST_TITLE))} "
        f"prompt={quoteattr(_cut(one.prompt, _MOST_PROMPT))} "
        f'sqref="{column}2:{column}{_LAST_ROW}">{first}{second}</dataValidation>'
    )


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
