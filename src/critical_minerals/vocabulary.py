"""Names of minerals, places, programmes and units, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

import pandas as pd

from critical_minerals.errors import UsageError, hint
from critical_minerals.parameters import Language

List = Literal["mineral", "place", "programme", "unit", "source"]

_KEYS: Final[Mapping[List, str]] = {
    "mineral": "mineral",
    "place": "place_id",
    "programme": "programme",
    "unit": "unit",
    "source": "source_id",
}
LISTS: Final[Mapping[str, List]] = {
    "vocabulary/minerals": "mineral",
    "vocabulary/places": "place",
    "vocabulary/programmes": "programme",
    "vocabulary/units": "unit",
    "sources": "source",
}
"""The list whose names each raw table of names holds."""


@dataclass(frozen=True)
class Vocabulary:
    """The lists of names, as frames with one row an id."""

    frames: Mapping[List, pd.DataFrame]

    def name(self, of: List, identifier: str, language: Language, *, short: bool = False) -> str:
        """Return the name of one id; `short` prefers an acronym where the list has one.

        Raises `UsageError` with the nearest id for an unknown one.
        """
        names = self._short if short else self._names
        try:
            return names[of, language][identifier]
        except KeyError:
            known = sorted(names[of, language])
            msg = f"There is no {of} {identifier!r}. {hint(identifier, known)}"
            raise UsageError(msg) from None

    def names(self, of: List, identifiers: Iterable[str], language: Language) -> list[str]:
        """Return the names of several ids, in their order."""
        return [self.name(of, identifier, language) for identifier in identifiers]

    def minerals(self, *, listed: bool = True) -> list[str]:
        """Return the ids of the minerals on the Canadian list of 2024, or of all minerals."""
        frame = self.frames["mineral"]
        return list(frame.loc[frame["on_canada_2024"] | (not listed), "mineral"])

    def identify(self, of: Literal["mineral", "place"], words: pd.Series) -> pd.Series:
        """Turn names, ids and aliases as sources spell them into ids.

        Raises `UsageError` that lists every word that no list knows.
        """
        ids = words.str.strip().str.casefold().map(self._spellings[of])
        unknown = sorted(words[ids.isna() & words.notna()].unique())
        if unknown:
            msg = f"No {of} is spelt {', '.join(map(repr, unknown))}. Add it to the aliases."
            raise UsageError(msg)
        return ids

    @cached_property
    def _names(self) -> Mapping[tuple[List, Language], Mapping[str, str]]:
        languages: tuple[Language, ...] = ("en", "fr")
        return {
            (of, language): dict(
                zip(frame[_KEYS[of]], frame[_name_column(of, language)], strict=True)
            )
            for of, frame in self.frames.items()
            for language in languages
        }

    @cached_property
    def _short(self) -> Mapping[tuple[List, Language], Mapping[str, str]]:
        return {
            (of, language): {**names, **self._shortened(of, language)}
            for (of, language), names in self._names.items()
        }

    def _shortened(self, of: List, language: Language) -> dict[str, str]:
        column = {"programme": "acronym_", "unit": "symbol_"}.get(of)
        if column is None:
            return {}
        frame = self.frames[of].dropna(subset=[f"{column}{language}"])
        return dict(zip(frame[_KEYS[of]], frame[f"{column}{language}"], strict=True))

    @cached_property
    def _spellings(self) -> Mapping[str, Mapping[str, str]]:
        return {of: _spellings(self.frames[of], _KEYS[of]) for of in ("mineral", "place")}


def _name_column(of: List, language: Language) -> str:
    """Name the column; sources keep the title that they were published under."""
    return "title" if of == "source" else f"name_{language}"


def _spellings(frame: pd.DataFrame, key: str) -> dict[str, str]:
    """Map every spelling of a list, case folded, to its id."""
    spellings: dict[str, str] = {}
    for record in frame.fillna({"aliases": ""}).to_dict("records"):
        words = [record[key], record["name_en"], record["name_fr"], *record["aliases"].split(";")]
        spellings |= {word.strip().casefold(): record[key] for word in words if word}
    return spellings
