"""An edition in one language: how names, codes, numbers and cells are written in it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
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
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.tables.descriptors import Column
from critical_minerals.tables.money import DisplayCurrency
from critical_minerals.workspace.parameters import Language

MISSING = "–"


@dataclass(frozen=True)
class Edition:
    """A language with the vocabulary and the currency in which amounts are shown.

    A `narrow` edition is for charts on a phone.
    """

    language: Language
    vocabulary: Vocabulary
    shown: DisplayCurrency = field(default_factory=DisplayCurrency)
    narrow: bool = False

    def name(self, list_name: str, identifier: str, *, short: bool = False) -> str:
        """Return the name of an id, such as a mineral's."""
        return self.vocabulary.name(list_name, identifier, self.language, short=short)

    def label(self, key: str) -> str:
        """Return a text of the catalogue without variables (axis titles, legends)."""
        return label(key, self.language)

    def named(self, column: pd.Series, list_name: str, *, short: bool = False) -> pd.Series:
        """Turn a column of ids into names; missing ids stay missing."""
        return _words(column, lambda identifier: self.name(list_name, identifier, short=short))

    def word(self, prefix: str, code: object) -> str:
        """Return the label of a code; that of `mine`, with the prefix `stage`, is `stage-mine`."""
        return code_named(prefix, code)(self.language)

    def labelled(self, column: pd.Series, prefix: str) -> pd.Series:
        """Turn a column of codes into labels."""
        return _words(column, lambda code: self.word(prefix, code))

    def column(self, name: str) -> str:
        """Name the column that has the amounts of another one in the currency shown."""
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
        """Add to a caption in which currency amounts are, unless it is that of the tables."""
        currency = self.shown.currency
        if currency == self.shown.base or not any(
            _is_money(frame, column, currency) for column in columns
        ):
            return caption
        currency_name = self.label(f"currency-{currency.lower()}")
        return f"{caption} {say('currency-converted', currency=currency_name)(self.language)}"

    def cells(self, frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
        """Format a frame for readers: names, labels and numbers in this language."""
        return pd.DataFrame(
            {
                self.header(column): [
                    MISSING if pd.isna(value) else self.cell(value, column)
                    for value in self._localized_column(frame, column.name)
                ]
                for column in columns
            }
        )

    def localized_column(self, name: str) -> str:
        """Return the column that has a text in this language: `name_fr` for `name_en` in French."""
        return f"{name.removesuffix('_en')}_{self.language}" if name.endswith("_en") else name

    def _localized_column(self, frame: pd.DataFrame, name: str) -> pd.Series:
        """Return a column in this language; where `name_fr` is blank, `name` stands in."""
        values, localized = frame[self.localized_column(name)], f"{name}_{self.language}"
        return frame[localized].fillna(values) if localized in frame else values

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

    def cell(self, value: object, column: Column) -> str:
        """Format one value of a column for readers: a name, a label or a number."""
        if column.reference:
            list_name = self.vocabulary.by_table[column.reference.resource]
            return self._format_list(list_name, column.parts(str(value)), column)
        if column.texts:
            return self.word(column.texts, value)
        return self._format_plain(value, column)

    def _format_list(self, list_name: str, identifiers: Sequence[str], column: Column) -> str:
        """Format names as one cell, in alphabetical order unless their order is a ranking."""
        names = [self.name(list_name, identifier) for identifier in identifiers]
        ordered = names if column.ranked else sorted(names, key=sortable)
        # Common nouns: in a list only the first keeps its capital.
        if self.vocabulary.common(list_name):
            ordered[1:] = [inside(name) for name in ordered[1:]]
        return ", ".join(ordered)

    def _format_plain(self, value: Any, column: Column) -> str:
        """Format a cell that is neither an id nor a code."""
        match column.kind:
            # A year is no quantity: it has no mark for thousands.
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


def _words(column: pd.Series, word: Callable[[Any], str]) -> pd.Series:
    """Turn each code of a column into a word; missing ones stay missing."""
    # As text also where all are missing: of such a column `map` makes one that takes no text.
    return column.map(word, na_action="ignore").astype("string")


def _is_money(frame: pd.DataFrame, column: Column, currency: str) -> bool:
    """Say whether a column has amounts in a currency, by its unit or by that of some rows."""
    # A table of mixed measures states the unit of each row in a column of its own.
    if column.name == "unit":
        return bool(frame["unit"].eq(currency).any())
    return column.unit is not None and currency in column.unit.split()
