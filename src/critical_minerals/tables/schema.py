"""What a processed table promises, and how it is written and read.

Tables are written as Parquet and CSV with fixed options, so that equal data gives
equal bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
import pyarrow as arrow  # noqa: ICN001 - pa is pandera here
from pandera.errors import SchemaErrors
from pyarrow import parquet

from critical_minerals.checking import Kind, Result, problems_of, some_of
from critical_minerals.errors import FiguresError, Problem
from critical_minerals.tables.columns import LINEAGE, Column, unit_fault
from critical_minerals.workspace import Workspace, write_whole

_TYPES: Final[Mapping[str, Any]] = {
    "text": pd.StringDtype(),
    "date": pd.StringDtype(),
    "integer": pd.Int64Dtype(),
    "number": pd.Float64Dtype(),
    "flag": pd.BooleanDtype(),
    "day": "datetime64[s]",
}
_LEAST, _MOST = "at least ", "at most "
_REPEATED: Final = "multiple_fields_uniqueness"
_REMEDY: Final = "Look at the cleaning step that makes this column."


@dataclass(frozen=True)
class Table:
    """One processed table: `own` lists its columns, to which source and origin are added.

    `key` is unique; `optional` columns may hold missing values; `checks` are further pandera
    checks of the whole frame.
    """

    name: str
    title: str
    description: str
    own: tuple[Column, ...]
    key: tuple[str, ...]
    optional: tuple[str, ...] = ()
    checks: tuple[pa.Check, ...] = ()

    @property
    def fields(self) -> tuple[Column, ...]:
        """Every column in order, lineage last."""
        return (*self.own, *LINEAGE)

    @property
    def columns(self) -> list[str]:
        """The names of every column in order."""
        return [column.name for column in self.fields]

    def field(self, name: str) -> Column:
        """Return the description of one column."""
        return next(column for column in self.fields if column.name == name)

    def shaped(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the frame with the table's columns, types and order of rows.

        Raises `FiguresError` naming every row and column that breaks the table's promise.
        """
        ordered, results = self.examine(frame)
        if problems := problems_of(results):
            raise FiguresError(problems)
        return ordered

    def examine(self, frame: pd.DataFrame) -> tuple[pd.DataFrame, list[Result]]:
        """Shape a frame as `shaped` does; say what each check looked at and what it found.

        Raises `FiguresError` where columns are missing or hold what their type cannot.
        """
        ordered = self._typed(frame).sort_values(list(self.key), kind="stable")
        ordered = ordered.reset_index(drop=True)
        faults = [*self._faults(ordered), *((Kind.UNITS, fault) for fault in self._unit_faults())]
        looked_at = {
            Kind.SCHEMA: len(self.columns),
            Kind.KEYS: len(self.key),
            Kind.RANGES: sum(column.bounded for column in self.fields),
            Kind.UNITS: sum(column.unit is not None for column in self.fields),
        }
        return ordered, [
            Result(
                kind=kind,
                end="processed",
                table=self.name,
                rows=len(ordered),
                columns=columns,
                problems=tuple(fault for of, fault in faults if of is kind),
            )
            for kind, columns in looked_at.items()
            if columns
        ]

    def write(self, workspace: Workspace, frame: pd.DataFrame) -> None:
        """Write a frame that has been shaped as `<name>.parquet` and `<name>.csv`."""
        write_whole(workspace.saved / f"{self.name}.parquet", _parquet(frame))
        write_whole(workspace.saved / f"{self.name}.csv", to_csv(frame))

    def read(self, workspace: Workspace) -> pd.DataFrame:
        """Read the table that a notebook wrote, and checked before it did."""
        return self._typed(pd.read_parquet(self.file(workspace)))

    def file(self, workspace: Workspace) -> Path:
        """Return the Parquet file in which the table is kept; a branch's own comes first."""
        own = workspace.saved / f"{self.name}.parquet"
        return own if own.is_file() else workspace.processed / own.name

    def _typed(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Give every column its type; tell each that is missing or cannot take it."""
        if missing := [name for name in self.columns if name not in frame]:
            raise FiguresError([self._problem(", ".join(missing), "these columns")])
        typed: dict[str, pd.Series] = {}
        problems: list[Problem] = []
        for column in self.fields:
            try:
                typed[column.name] = frame[column.name].astype(_TYPES[column.kind])
            except (TypeError, ValueError) as error:
                problems.append(
                    Problem(
                        file=f"table {self.name}",
                        column=column.name,
                        expected=f"a column of the kind {column.kind} ({error})",
                        remedy=_REMEDY,
                    )
                )
        if problems:
            raise FiguresError(problems)
        return pd.DataFrame(typed, index=frame.index)

    def _faults(self, frame: pd.DataFrame) -> list[tuple[Kind, Problem]]:
        """Find every row that breaks the table's promise, with pandera."""
        schema = pa.DataFrameSchema(
            {column.name: self._column(column) for column in self.fields},
            unique=list(self.key),
            checks=list(self.checks),
        )
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases.to_dict("records")
            # A repeated key is one fault of its row, though pandera tells each column of it.
            told = {
                (case["index"], case["check"] == _REPEATED or case["column"], case["check"]): case
                for case in cases
            }
            return [(_about(case), self._told(frame, case)) for case in told.values()]
        return []

    def _unit_faults(self) -> list[Problem]:
        """Report columns whose name says another unit than the dictionary, or none at all."""
        beside = not {"unit", "currency_stated"}.isdisjoint(self.columns)
        return [
            Problem(
                file=f"table {self.name}",
                column=column.name,
                value=column.unit or "no unit",
                expected=fault,
                remedy="Name the column after its unit, and say the unit in the dictionary.",
            )
            for column in self.fields
            if (fault := unit_fault(column, beside=beside))
        ]

    def _column(self, column: Column) -> pa.Column:
        low, high = column.minimum, column.maximum
        checks = [pa.Check.ge(low, error=f"{_LEAST}{low:g}")] if low is not None else []
        checks += [pa.Check.le(high, error=f"{_MOST}{high:g}")] if high is not None else []
        return pa.Column(_TYPES[column.kind], checks=checks, nullable=column.name in self.optional)

    def _told(self, frame: pd.DataFrame, case: Mapping[str, Any]) -> Problem:
        """Tell a failure with the row's key, by which a person finds it, and its raw rows."""
        index, check = case["index"], str(case["check"])
        record = frame.loc[index] if index is not None and index in frame.index else None
        key = ", ".join(f"{k}={record[k]}" for k in self.key) if record is not None else ""
        origin = f" ({some_of(str(record['origin']))})" if record is not None else ""
        repeated = check == _REPEATED
        return Problem(
            file=f"table {self.name} ({key})" if key else f"table {self.name}",
            column=None if repeated else str(case["column"]),
            value=f"{_cell(case)}{origin}".strip(),
            expected=f"each {' + '.join(self.key)} once" if repeated else _plain(check),
            remedy=_REMEDY,
        )

    def _problem(self, value: str, expected: str) -> Problem:
        return Problem(
            file=f"table {self.name}", value=value, expected=expected, remedy="Add them."
        )


def _cell(case: Mapping[str, Any]) -> str:
    """Say what a cell at fault holds; a repeated key is told by the key itself."""
    words = {"not_nullable": "no value", _REPEATED: ""}
    return words.get(str(case["check"]), str(case["failure_case"]))


def _plain(check: str) -> str:
    """Phrase what pandera expected."""
    return "a value" if check == "not_nullable" else check


def _about(case: Mapping[str, Any]) -> Kind:
    """Say what a failed check was about."""
    check = str(case["check"])
    if check == _REPEATED:
        return Kind.KEYS
    return Kind.RANGES if check.startswith((_LEAST, _MOST)) else Kind.SCHEMA


def _parquet(frame: pd.DataFrame) -> bytes:
    """Write Parquet with options that leave no room for chance."""
    buffer = io.BytesIO()
    content = arrow.Table.from_pandas(frame, preserve_index=False)
    parquet.write_table(content, buffer, compression="zstd", version="2.6")
    return buffer.getvalue()


def to_csv(frame: pd.DataFrame) -> str:
    """Write CSV with line feeds, full precision and days as ISO text."""
    return frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
