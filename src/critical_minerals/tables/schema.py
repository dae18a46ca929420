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

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.tables.columns import LINEAGE, Column
from critical_minerals.workspace import Workspace, write_whole

_TYPES: Final[Mapping[str, Any]] = {
    "text": pd.StringDtype(),
    "date": pd.StringDtype(),
    "integer": pd.Int64Dtype(),
    "number": pd.Float64Dtype(),
    "flag": pd.BooleanDtype(),
    "day": "datetime64[s]",
}


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
        missing = [name for name in self.columns if name not in frame]
        if missing:
            raise FiguresError([self._problem(", ".join(missing), "these columns")])
        typed = frame[self.columns].astype({c.name: _TYPES[c.kind] for c in self.fields})
        ordered = typed.sort_values(list(self.key), kind="stable").reset_index(drop=True)
        self._validate(ordered)
        return ordered

    def write(self, workspace: Workspace, frame: pd.DataFrame) -> pd.DataFrame:
        """Validate a frame and write it as `<name>.parquet` and `<name>.csv`."""
        shaped = self.shaped(frame)
        write_whole(self.file(workspace), _parquet(shaped))
        write_whole(workspace.processed / f"{self.name}.csv", to_csv(shaped))
        return shaped

    def read(self, workspace: Workspace) -> pd.DataFrame:
        """Read the table that a notebook wrote."""
        return self.shaped(pd.read_parquet(self.file(workspace)))

    def file(self, workspace: Workspace) -> Path:
        """Return the Parquet file in which the table is kept."""
        return workspace.processed / f"{self.name}.parquet"

    def _validate(self, frame: pd.DataFrame) -> None:
        schema = pa.DataFrameSchema(
            {column.name: self._column(column) for column in self.fields},
            unique=list(self.key),
            checks=list(self.checks),
        )
        try:
            schema.validate(frame, lazy=True)
        except SchemaErrors as error:
            cases = error.failure_cases.to_dict("records")
            raise FiguresError([self._told(frame, case) for case in cases]) from error

    def _column(self, column: Column) -> pa.Column:
        checks = [pa.Check.ge(column.minimum)] if column.minimum is not None else []
        checks += [pa.Check.le(column.maximum)] if column.maximum is not None else []
        return pa.Column(_TYPES[column.kind], checks=checks, nullable=column.name in self.optional)

    def _told(self, frame: pd.DataFrame, case: Mapping[str, Any]) -> Problem:
        """Tell a failure with the row's key, by which a person finds it."""
        index = case["index"]
        known = index is not None and index in frame.index
        record = frame.loc[index] if known else None
        key = ", ".join(f"{k}={record[k]}" for k in self.key) if record is not None else ""
        return Problem(
            file=f"table {self.name} ({key})" if key else f"table {self.name}",
            column=str(case["column"]),
            value=str(case["failure_case"]),
            expected=str(case["check"]),
            remedy="Look at the cleaning step that makes this column.",
        )

    def _problem(self, value: str, expected: str) -> Problem:
        return Problem(
            file=f"table {self.name}", value=value, expected=expected, remedy="Add them."
        )


def _parquet(frame: pd.DataFrame) -> bytes:
    """Write Parquet with options that leave no room for chance."""
    buffer = io.BytesIO()
    content = arrow.Table.from_pandas(frame, preserve_index=False)
    parquet.write_table(content, buffer, compression="zstd", version="2.6")
    return buffer.getvalue()


def to_csv(frame: pd.DataFrame) -> str:
    """Write CSV with line feeds, full precision and days as ISO text."""
    return frame.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d")
