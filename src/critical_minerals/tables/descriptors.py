"""Tables as data: what each holds stands in a Table Schema descriptor, not in code.

A descriptor is a file `<table>.schema.yaml` that follows the Table Schema of the Data Package
standard, version 2 (Frictionless). What the standard lacks begins with `x-`:

    of a field   x-kind        what a string is: slug, partial_date (2026, 2026-02, 2026-02-27)
                 x-unit        the unit of all its figures
                 x-year        the columns that say in which year, or span, an amount was stated
                 x-dimensions  what the units in it may measure, such as mass
                 x-labels      its heading for readers, by language
                 x-texts       the catalogue's prefix that turns its codes into words
                 x-decimals    how many decimals readers see
                 x-ranked      the order of a list says something
                 x-ahead       days or years that may lie far ahead, such as the end of a plan
    of a foreign key's reference
                 x-where       the kinds of row that are meant, such as {kind: [province]}
    of a table   x-rules       rules across fields (`rules.py`)
                 x-timeless    it holds names, which are read on any day
                 x-lookup      it serves to read others: its rows need not go into a processed table

Frictionless' own library was weighed: it reads descriptors, but tells faults without a remedy,
knows no revision of a figure by its `as_of` day, and would bring eleven packages.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.settings import read_settings
from critical_minerals.workspace import DESCRIPTOR

REVISED: Final = "as_of"
"""A column of this name in the key says: the same figure may stand again with a later day."""
LINEAGE: Final = ("source_id", "origin")
"""The last two columns of every processed table: its source documents and its raw rows."""
Type = Literal["string", "number", "integer", "boolean", "date", "year", "list"]


class _Part(BaseModel):
    """A part of a descriptor; a property that nobody knows, such as a misspelt one, is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Constraints(_Part):
    """What the cells of a column must be."""

    required: bool = False
    enum: tuple[str, ...] = ()
    minimum: float | int | None = None
    maximum: float | int | None = None
    max_length: int | None = Field(default=None, alias="maxLength")
    pattern: str | None = None


class Reference(_Part):
    """The table and the column of it that a foreign key leads to; `where`, which rows of it."""

    resource: str
    fields: tuple[str]
    where: Mapping[str, tuple[str, ...]] = Field(default={}, alias="x-where")

    @property
    def name(self) -> str:
        """What its ids are: those of a list, or of some kinds in it: `places (province)`."""
        kinds = ", ".join(kind for some in self.where.values() for kind in some)
        return f"{self.resource} ({kinds})" if kinds else self.resource


class Column(_Part):
    """One field of a table."""

    name: str
    type: Type = "string"
    format: Literal["default", "uri"] = "default"
    title: str | None = None
    description: str
    delimiter: str | None = None
    true_values: tuple[str, ...] = Field(default=("true",), alias="trueValues")
    false_values: tuple[str, ...] = Field(default=("false",), alias="falseValues")
    constraints: Constraints = Constraints()
    string_kind: Literal["slug", "partial_date"] | None = Field(default=None, alias="x-kind")
    unit: str | None = Field(default=None, alias="x-unit")
    year: tuple[str, ...] = Field(default=(), alias="x-year")
    dimensions: tuple[str, ...] = Field(default=(), alias="x-dimensions")
    labels: Mapping[str, str] = Field(default={}, alias="x-labels")
    texts: str | None = Field(default=None, alias="x-texts")
    decimals: int = Field(default=0, alias="x-decimals")
    ranked: bool = Field(default=False, alias="x-ranked")
    ahead: bool = Field(default=False, alias="x-ahead")
    _reference: Reference | None = PrivateAttr(default=None)

    @property
    def reference(self) -> Reference | None:
        """Where its values come from, as a foreign key of the table says."""
        return self._reference

    @property
    def kind(self) -> str:
        """What a cell is: its type, or what kind of string."""
        if self.string_kind or self.format == "uri":
            return self.string_kind or self.format
        return "string" if self.type == "list" else self.type

    @property
    def many(self) -> bool:
        """Whether a cell holds several values."""
        return self.type == "list"

    @property
    def bounded(self) -> bool:
        """Whether values must lie within bounds."""
        return self.constraints.minimum is not None or self.constraints.maximum is not None

    @property
    def mark(self) -> str:
        """What parts the values of a list."""
        return self.delimiter or ","

    def parts(self, cell: str) -> list[str]:
        """Return the values of a cell."""
        return cell.split(self.mark) if self.many else [cell]


class ForeignKey(_Part):
    """A column whose values, in a list each of them, stand in a column of another table."""

    fields: tuple[str]
    reference: Reference


class Rule(_Part):
    """A rule across fields; `rules.py` says what each kind means."""

    rule: Literal[
        "ordered",
        "together",
        "any_of",
        "not_both",
        "same_unit",
        "one_true",
        "above_zero",
        "one_id",
        "likely_double",
    ]
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = {}
    _lists: tuple[Column, ...] = PrivateAttr(default=())

    def parts(self, name: str, cell: str) -> list[str]:
        """Return the values of a cell of a column: several, where it is one of lists."""
        lists = {column.name: column for column in self._lists}
        return lists[name].parts(cell) if name in lists else [cell]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column that the rule looks at."""
        return (*self.fields, *self.by, *self.where)


class Table(_Part):
    """One table, raw (`funding/awards`) or processed (`funding_awards`)."""

    name: str
    schema_: str = Field(alias="$schema")
    title: str = ""
    description: str
    fields: Annotated[tuple[Column, ...], Field(min_length=1)]
    missing_values: tuple[str, ...] = Field(default=("",), alias="missingValues")
    primary_key: Annotated[tuple[str, ...], Field(min_length=1)] = Field(alias="primaryKey")
    foreign_keys: tuple[ForeignKey, ...] = Field(default=(), alias="foreignKeys")
    rules: tuple[Rule, ...] = Field(default=(), alias="x-rules")
    timeless: bool = Field(default=False, alias="x-timeless")
    lookup: bool = Field(default=False, alias="x-lookup")

    @model_validator(mode="after")
    def _knows_its_columns(self) -> Self:
        told = [*self.primary_key]
        told += [name for key in self.foreign_keys for name in key.fields]
        told += [name for rule in self.rules for name in rule.columns]
        told += [name for field in self.fields for name in field.year]
        if wrong := next((name for name in told if name not in self.columns), None):
            msg = f"{wrong!r} is named in a key, rule or x-year, and is no field of the table"
            raise ValueError(msg)
        if twice := next((name for name in self.columns if self.columns.count(name) > 1), None):
            msg = f"the field {twice!r} stands twice"
            raise ValueError(msg)
        for key in self.foreign_keys:
            self.field(key.fields[0])._reference = key.reference  # noqa: SLF001 - part of this
        for rule in self.rules:
            rule._lists = tuple(field for field in self.fields if field.many)  # noqa: SLF001
        return self

    @cached_property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [field.name for field in self.fields]

    def with_fields(self, fields: Sequence[Column]) -> Self:
        """Return the same table with other fields; its keys and rules stay."""
        # Not a copy: that would keep the names of the columns which this one has worked out.
        parts: dict[str, Any] = {name: getattr(self, name) for name in type(self).model_fields}
        parts["fields"] = tuple(fields)
        return self.model_construct(None, **parts)

    @property
    def own(self) -> tuple[Column, ...]:
        """The columns of a processed table without its lineage."""
        return tuple(field for field in self.fields if field.name not in LINEAGE)

    def field(self, name: str) -> Column:
        """Return the description of one column."""
        return self.fields[self.columns.index(name)]

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that tell one figure from another, whatever its revision."""
        return tuple(name for name in self.primary_key if name != REVISED)

    @property
    def revised(self) -> bool:
        """Whether a figure may stand again with a later day."""
        return REVISED in self.primary_key

    @property
    def dated(self) -> bool:
        """Whether rows count only from the day on which they were public."""
        return self.revised and not self.timeless

    @property
    def references(self) -> tuple[Reference, ...]:
        """The tables and columns that values come from."""
        return tuple(key.reference for key in self.foreign_keys)


class Tables(Mapping[str, Table]):
    """The tables that the descriptors in a folder describe, each read when it is asked for.

    `data/raw/funding/awards.schema.yaml` describes the table `funding/awards` of `data/raw`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        if name not in self._read:
            self._read[name] = read_table(self.file(name), name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, name: object) -> bool:
        return name in self._files

    def file(self, name: str) -> Path:
        """Return the descriptor of a table. Raises `KeyError` for one that is not described."""
        return self._files[name]

    @cached_property
    def _files(self) -> Mapping[str, Path]:
        paths = sorted(self._folder.rglob(f"*{DESCRIPTOR}"))
        names = [
            path.relative_to(self._folder).as_posix().removesuffix(DESCRIPTOR) for path in paths
        ]
        return dict(zip(names, paths, strict=True))


def read_table(path: Path, name: str) -> Table:
    """Read one descriptor. Raises `FiguresError` with everything that is wrong in it."""
    remedy = "Correct the descriptor; properties of our own begin with x-."
    with told_as(f"{name}{DESCRIPTOR}", "a Table Schema in YAML", remedy):
        return Table.model_validate({**read_settings(path), "name": name})


@contextmanager
def told_as(file: str, what: str, remedy: str) -> Generator[None]:
    """Tell what YAML and pydantic find wrong in a file that people write as its problems.

    `what` is expected of the file where it is no YAML at all, `remedy` stands behind each entry.
    """
    try:
        yield
    except ValidationError as error:
        raise FiguresError(malformed(file, error, remedy)) from None
    except (yaml.YAMLError, TypeError) as error:
        raise FiguresError.of(file, what, f"Correct the file: {one_line(error)}.") from None


def one_line(error: Exception) -> str:
    """Write what a library says of an error on one line."""
    return " ".join(str(error).split())


def malformed(file: str, error: ValidationError, remedy: str) -> list[Problem]:
    """Tell each of pydantic's faults in a file that people write."""
    return [_malformed(file, dict(fault), remedy) for fault in error.errors()]


def _malformed(file: str, fault: Mapping[str, Any], remedy: str) -> Problem:
    place = ".".join(str(part) for part in fault["loc"]) or None
    missing = fault["type"] == "missing"
    text = str(fault["msg"]).removeprefix("Value error, ")
    return Problem(
        file=file,
        column=place,
        value=None if missing or place is None else str(fault["input"]),
        expected="this entry" if missing else text[0].lower() + text[1:],
        remedy=remedy,
    )
