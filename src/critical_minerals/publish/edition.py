"""One language's edition: how names, words, numbers and cells read in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import label, say
from critical_minerals.language.naming import code_named, inside
from critical_minerals.language.quantities import (
    Money,
    Precision,
    counted,
    write_date,
    write_number,
)
from critical_minerals.language.stated import sortable
from critical_minerals.parameters import Language
from critical_minerals.tables.descriptors import Column
from critical_minerals.tables.money import Shown
from critical_minerals.vocabulary import Vocabulary

MISSING = "–"


@dataclass(frozen=True)
class Edition:
    """A language with the vocabulary and the currency in which amounts are shown.

    What is drawn `narrow` is for a phone.
    """

    language: Language
    vocabulary: Vocabulary
    shown: Shown = field(default_factory=Shown)
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

    def word(self, prefix: str, code: object) -> str:
        """Return the word for a code: that of `mine`, of the prefix `stage`, is `stage-mine`."""
        return code_named(prefix, code)(self.language)

    def labelled(self, column: pd.Series, prefix: str) -> pd.Series:
        """Turn a column of codes into words."""
        return column.map(lambda code: self.word(prefix, code), na_action="ignore")

    def column(self, name: str) -> str:
        """Name the column that holds the amounts of another in the currency shown."""
        return self.shown.column(name)

    def amounts(self, frame: pd.DataFrame, name: str) -> pd.Series:
        """Return a column of amounts in the currency shown."""
        return frame[self.column(name)].astype(float)

    def money(self, amount: float, precision: Precision = "exact") -> Money:
        """Return an amount that is in the currency shown."""
        return Money(amount, self.shown.currency, precision)

    def in_currency(self, key: str) -> str:
        """Return a text that names the currency shown, such as the title of an axis.

        It may ask for `currency` (“of Canadian dollars”), or for `dollars`, which is short where
        the currency is that of the country.
        """
        return say(
            key,
            currency=self.label(f"currency-{self.shown.currency.lower()}-of"),
            dollars=counted(self.shown.currency, self.language),
        )(self.language)

    def captioned(self, caption: str, frame: pd.DataFrame, columns: Sequence[Column]) -> str:
        """Say behind a caption in which currency amounts are, if not in that of the tables."""
        shown = self.shown.currency
        if shown == self.shown.base or not any(_is_money(frame, c, shown) for c in columns):
            return caption
        name = self.label(f"currency-{shown.lower()}")
        return f"{caption} {say('currency-converted', currency=name)(self.language)}"

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
            return self.word(column.texts, value)
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
                # A span of years is written with a dash; tables hold it with a hyphen.
                return re.sub(r"^(\d{4})-(\d{4})$", r"\1–\2", str(value))


def _is_money(frame: pd.DataFrame, column: Column, currency: str) -> bool:
    """Say whether a column of a frame has amounts in a currency, by itself or in some rows."""
    if column.name == "unit":
        return bool(frame["unit"].eq(currency).any())
    return column.unit is not None and currency in column.unit.split()
