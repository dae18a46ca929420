"""One language's edition: how names, words, numbers and cells read in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import label
from critical_minerals.language.naming import inside
from critical_minerals.language.quantities import Money, Precision, write_date, write_number
from critical_minerals.language.stated import sortable
from critical_minerals.parameters import Currency, Language
from critical_minerals.tables.descriptors import Column
from critical_minerals.vocabulary import Vocabulary

MISSING = "–"


@dataclass(frozen=True)
class Edition:
    """A language with the vocabulary and the currency in which amounts are shown.

    `rate` is Canadian dollars for one unit of `currency`. What is drawn `narrow` is for a phone.
    """

    language: Language
    vocabulary: Vocabulary
    currency: Currency = "CAD"
    rate: float = 1.0
    narrow: bool = False

    def name(self, of: str, identifier: str, *, short: bool = False) -> str:
        """Return the name of an id, such as a mineral's."""
        return self.vocabulary.name(of, identifier, self.language, short=short)

    def label(self, key: str) -> str:
        """Return a text of the catalogue that needs no facts (axis titles, legends)."""
        return label(key, self.language)

    def named(self, column: pd.Series, of: str, *, short: bool = False) -> pd.Series:
        """Turn a column of ids into names; missing ids stay missing."""
        return column.map(
            lambda identifier: self.name(of, identifier, short=short), na_action="ignore"
        )

    def labelled(self, column: pd.Series, prefix: str) -> pd.Series:
        """Turn a column of codes into words: code `mine`, prefix `stage` is text `stage-mine`."""
        return column.map(lambda code: self.label(_key(prefix, code)), na_action="ignore")

    def money(self, amount_cad: float, precision: Precision = "exact") -> Money:
        """Return an amount in the currency shown."""
        return Money(amount_cad / self.rate, self.currency, precision)

    def shown(self, amounts_cad: pd.Series) -> pd.Series:
        """Return amounts in Canadian dollars in the currency shown."""
        return amounts_cad / self.rate

    def cells(self, frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
        """Write a frame for readers: names, words and numbers of this language under its labels."""
        return pd.DataFrame(
            {self.header(c): self._column(self._told(frame, c.name), c) for c in columns}
        )

    def spoken(self, name: str) -> str:
        """Return the column that holds a text in this language: `name_en`'s twin is `name_fr`."""
        return f"{name.removesuffix('_en')}_{self.language}" if name.endswith("_en") else name

    def _told(self, frame: pd.DataFrame, name: str) -> pd.Series:
        """Take a column in this language; a twin that is not always filled goes first."""
        values, twin = frame[self.spoken(name)], f"{name}_{self.language}"
        return frame[twin].fillna(values) if twin in frame else values

    def header(self, column: Column) -> str:
        """Return the label of a column, as its descriptor says.

        Raises `UsageError` where it has none in this language.
        """
        if self.language not in column.labels:
            msg = (
                f"Column {column.name} has no label in {self.language!r}, and readers are to see "
                "it. Write it into the descriptor of its table, under x-labels."
            )
            raise UsageError(msg)
        return column.labels[self.language]

    def _column(self, values: pd.Series, column: Column) -> list[str]:
        return [MISSING if pd.isna(value) else self.cell(value, column) for value in values]

    def cell(self, value: object, column: Column) -> str:
        """Write one value of a column for readers: a name, a word or a number."""
        if of := self._list(column):
            return self._listed(of, column.parts(str(value)), column)
        if column.texts:
            return self.label(_key(column.texts, value))
        return self._plain(value, column)

    def _list(self, column: Column) -> str | None:
        """Return the list that a column's ids are from, if they have names."""
        return self.vocabulary.by_table[column.reference.resource] if column.reference else None

    def _listed(self, of: str, identifiers: Sequence[str], column: Column) -> str:
        """Write names as one cell, by their alphabet unless their order says something."""
        names = [self.name(of, each) for each in identifiers]
        ordered = names if column.ranked else sorted(names, key=sortable)
        if self.vocabulary.common(of):
            ordered[1:] = [inside(name) for name in ordered[1:]]
        return ", ".join(ordered)

    def _plain(self, value: Any, column: Column) -> str:
        """Write a cell that is no id and no code."""
        match column.kind:
            case "number" | "integer" if column.unit != "year":
                return write_number(float(value), self.language, column.decimals)
            case "boolean":
                return self.label("yes" if value else "no")
            case "partial_date":
                return write_date(value, self.language)
            case "date":
                return write_date(pd.Timestamp(value).date().isoformat(), self.language)
            case _:
                return str(value)


def _key(prefix: str, code: object) -> str:
    return f"{prefix}-{code}".replace("_", "-")
