"""Tables as data: a Table Schema descriptor defines each table, not code.

A descriptor is a file `<table>.schema.yaml` that follows the Table Schema of the Data Package
standard, version 2 (Frictionless). Extensions to the standard begin with `x-`:

    of a field   x-kind        kind of a string: slug, partial_date (2026, 2026-02, 2026-02-27)
                 x-unit        the unit of all its figures
                 x-year        the columns with the year, or span, in which an amount was stated
                 x-dimensions  the dimensions that its units may have, such as mass
                 x-labels      its heading for readers, by language
                 x-texts       the prefix of its codes in the catalogue of texts
                 x-decimals    how many decimals readers see
                 x-ranked      the order of its list matters
                 x-ahead       its days or years may be far in the future, such as the end of a plan
    of a foreign key's reference
                 x-where       the rows that it may refer to, such as {kind: [province]}
    of a table   x-rules       rules across fields (`rules.py`)
                 x-timeless    it holds names, which are valid on any day
                 x-lookup      it serves to read other tables: its rows need no processed table

Frictionless' own library was considered: it reads descriptors, but reports faults without a remedy,
has no revisions of a figure by an `as_of` day, and would add eleven dependencies.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

import yaml
from pydantic import Field, PrivateAttr, ValidationError, model_validator

from critical_minerals.errors import FiguresError, Problem
from critical_minerals.readers.settings import Settings, decoded, load_settings
from critical_minerals.workspace.paths import DESCRIPTOR

REVISED: Final = "as_of"
"""A column of this name in the key: a figure may have several rows, each of another day."""
LINEAGE: Final = ("source_id", "origin")
"""The last two columns of every processed table: its source documents and its raw rows."""
Type = Literal["string", "number", "integer", "boolean", "date", "year", "list"]


class _DescriptorPart(Settings):
    """A part of a descriptor."""

    def __getstate__(self) -> dict[Any, Any]:
        """Return what a figure that is stored keeps of it: the same bytes in every run."""
        # Pydantic notes which properties were given, in a set: its order differs from run to run.
        return super().__getstate__() | {"__pydantic_fields_set__": set[str]()}


class Constraints(_DescriptorPart):
    """Constraints on the cells of a column."""

    required: bool = False
    enum: tuple[str, ...] = ()
    minimum: float | int | None = None
    maximum: float | int | None = None
    max_length: int | None = Field(default=None, alias="maxLength")
    pattern: str | None = None


class Reference(_DescriptorPart):
    """The table and column that a foreign key refers to; `where` restricts the rows."""

    resource: str
    fields: tuple[str]
    where: Mapping[str, tuple[str, ...]] = Field(default={}, alias="x-where")

    @property
    def name(self) -> str:
        """The name of its set of ids: the table, with its kinds if any: `places (province)`."""
        kinds = ", ".join(kind for some in self.where.values() for kind in some)
        return f"{self.resource} ({kinds})" if kinds else self.resource


class Column(_DescriptorPart):
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
        """The target of the foreign key on this column, if the table has one."""
        return self._reference

    @property
    def kind(self) -> str:
        """The kind of its cells: the type, or for some strings a narrower kind."""
        if self.string_kind or self.format == "uri":
            return self.string_kind or self.format
        return "string" if self.type == "list" else self.type

    @property
    def many(self) -> bool:
        """Whether a cell holds several values."""
        return self.type == "list"

    @property
    def bounded(self) -> bool:
        """Whether it has a minimum or a maximum."""
        return self.constraints.minimum is not None or self.constraints.maximum is not None

    @property
    def mark(self) -> str:
        """The separator between the values of a list cell."""
        return self.delimiter or ","

    def parts(self, cell: str) -> list[str]:
        """Return the values of a cell."""
        return cell.split(self.mark) if self.many else [cell]


class ForeignKey(_DescriptorPart):
    """A column whose values (of a list, each) have to be in a column of another table."""

    fields: tuple[str]
    reference: Reference


class Rule(_DescriptorPart):
    """A rule across fields; `rules.py` defines each kind."""

    rule: Literal[
        "ordered",
        "together",
        "any_of",
        "not_both",
        "same_unit",
        "one_true",
        "above_zero",
        "same_size",
        "refers",
        "no_circle",
        "one_id",
        "likely_double",
    ]
    fields: Annotated[tuple[str, ...], Field(min_length=1)]
    by: tuple[str, ...] = ()
    where: Mapping[str, tuple[str, ...]] = {}
    factor: float = Field(default=math.inf, gt=1)
    _lists: tuple[Column, ...] = PrivateAttr(default=())

    def parts(self, name: str, cell: str) -> list[str]:
        """Return the values of a cell of a column: several where the column is a list."""
        lists = {column.name: column for column in self._lists}
        return lists[name].parts(cell) if name in lists else [cell]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that the rule reads."""
        return (*self.fields, *self.by, *self.where)


class Table(_DescriptorPart):
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
    def _check_columns(self) -> Self:
        named = [*self.primary_key]
        named += [name for key in self.foreign_keys for name in key.fields]
        named += [name for rule in self.rules for name in rule.columns]
        named += [name for field in self.fields for name in field.year]
        if unknown := next((name for name in named if name not in self.columns), None):
            msg = f"{unknown!r} is named in a key, rule or x-year, and is no field of the table"
            raise ValueError(msg)
        if twice := next((name for name in self.columns if self.columns.count(name) > 1), None):
            msg = f"the field {twice!r} stands twice"
            raise ValueError(msg)
        for key in self.foreign_keys:
            # Foreign keys belong to the table in the standard; a check of one cell needs its own.
            self.field(key.fields[0])._reference = key.reference  # noqa: SLF001 - part of this
        for rule in self.rules:
            # Rules see frames and no descriptors: they need to know which cells hold several
            # values.
            rule._lists = tuple(field for field in self.fields if field.many)  # noqa: SLF001
        return self

    @cached_property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return [field.name for field in self.fields]

    def with_fields(self, fields: Sequence[Column]) -> Self:
        """Return this table with other fields, and the same keys and rules."""
        # Not `model_copy`: it would copy the cached `columns` of the old fields.
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
        """Whether a figure may have revisions: rows with the same key and another day."""
        return REVISED in self.primary_key

    @property
    def dated(self) -> bool:
        """Whether rows are used only from the day on which they became public."""
        return self.revised and not self.timeless

    @property
    def references(self) -> tuple[Reference, ...]:
        """The targets of all foreign keys."""
        return tuple(key.reference for key in self.foreign_keys)


class Tables(Mapping[str, Table]):
    """The tables that are described in a folder; a descriptor is read on first access.

    `data/raw/funding/awards.schema.yaml` describes the table `funding/awards` of `data/raw`.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cache: dict[str, Table] = {}

    def __getitem__(self, name: str) -> Table:
        if name not in self._cache:
            self._cache[name] = read_table(self.file(name), name)
        return self._cache[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    # Without this, Mapping would read a descriptor to answer, and fail on a damaged one.
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
    """Read one descriptor. Raises `FiguresError` with all faults in it."""
    remedy = "Correct the descriptor; properties of our own begin with x-."
    with convert_errors(f"{name}{DESCRIPTOR}", "a Table Schema in YAML", remedy):
        return _parse_table(name, path.read_bytes())


@lru_cache(maxsize=512)
def _parse_table(name: str, content: bytes) -> Table:
    """Parse a descriptor, once for each content: each process of a run needs most of them."""
    return Table.model_validate({**load_settings(decoded(content)), "name": name})


@contextmanager
def convert_errors(file: str, expected: str, remedy: str) -> Generator[None]:
    """Convert errors of YAML and pydantic about a file into a `FiguresError` with its problems.

    `expected` describes a file that can be read as YAML; `remedy` is that of an invalid entry.
    """
    try:
        yield
    except ValidationError as error:
        raise FiguresError(entry_problems(file, error, remedy)) from None
    # TypeError: the file is valid YAML but no mapping, and cannot be unpacked.
    except (yaml.YAMLError, TypeError) as error:
        raise FiguresError.of(file, expected, f"Correct the file: {one_line(error)}.") from None


def one_line(error: Exception) -> str:
    """Return the message of an error on one line."""
    return " ".join(str(error).split())


def entry_problems(file: str, error: ValidationError, remedy: str) -> list[Problem]:
    """Return a problem for each error of pydantic about a file."""
    return [_entry_problem(file, dict(fault), remedy) for fault in error.errors()]


def _entry_problem(file: str, fault: Mapping[str, Any], remedy: str) -> Problem:
    location = ".".join(str(part) for part in fault["loc"]) or None
    missing = fault["type"] == "missing"
    # Pydantic puts this before messages of the validators above.
    message = str(fault["msg"]).removeprefix("Value error, ")
    return Problem(
        file=file,
        column=location,
        # A missing entry has the input of its parent: a whole mapping, which says nothing.
        value=None if missing or location is None else str(fault["input"]),
        expected="this entry" if missing else message[0].lower() + message[1:],
        remedy=remedy,
    )
