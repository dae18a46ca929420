"""The names of ids, such as those of places and units, in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd
from babel import Locale

from critical_minerals.errors import UsageError, hint
from critical_minerals.workspace.declaration import NameList
from critical_minerals.workspace.parameters import LANGUAGES, Language


@dataclass(frozen=True)
class Vocabulary:
    """The lists of names, as frames with one row an id, by what they name."""

    frames: Mapping[str, pd.DataFrame]
    lists: Mapping[str, NameList]

    def name(self, of: str, identifier: str, language: Language, *, short: bool = False) -> str:
        """Return the name of one id; `short` prefers an acronym where the list has one.

        Raises `UsageError` with the nearest id for an unknown one.
        """
        names = self._short_names if short else self._names
        try:
            return names[of, language][identifier]
        except KeyError:
            known = sorted(names[of, language])
            msg = f"There is no {of} {identifier!r}. {hint(identifier, known)}"
            # Without the KeyError: it would only repeat the id.
            raise UsageError(msg) from None

    def names(self, of: str, identifiers: Iterable[str], language: Language) -> list[str]:
        """Return the names of several ids, in their order."""
        return [self.name(of, identifier, language) for identifier in identifiers]

    def counted(self, of: str, identifier: str, number: float, language: Language) -> str:
        """Return the name of what a number counts, as it stands behind it: 1 tonne, 2 tonnes.

        Both languages' rules of the plural are those of CLDR: French has 0 and 1.5 of one too.
        """
        plural = Locale.parse(language).plural_form(abs(number))
        is_singular = plural == "one" and self.lists[of].one
        return (
            self._singular_names[of, language][identifier]
            if is_singular
            else self.name(of, identifier, language)
        )

    def common(self, of: str) -> bool:
        """Say whether the names of a list are common nouns, small within a sentence."""
        return self.lists[of].common

    @cached_property
    def by_table(self) -> Mapping[str, str]:
        """What each raw table of names gives names to."""
        return {each.table: of for of, each in self.lists.items()}

    @cached_property
    def _names(self) -> Mapping[tuple[str, Language], Mapping[str, str]]:
        return {
            (of, language): self._column(of, self.lists[of].name_column(language))
            for of in self.frames
            for language in LANGUAGES
        }

    @cached_property
    def _singular_names(self) -> Mapping[tuple[str, Language], Mapping[str, str]]:
        return {
            (of, language): self._column(of, f"{one}{language}")
            for of in self.frames
            if (one := self.lists[of].one)
            for language in LANGUAGES
        }

    @cached_property
    def _short_names(self) -> Mapping[tuple[str, Language], Mapping[str, str]]:
        return {
            # A thing without an acronym keeps its full name.
            (of, language): {**names, **(self._column(of, f"{short}{language}") if short else {})}
            for (of, language), names in self._names.items()
            for short in [self.lists[of].short]
        }

    def _column(self, of: str, column: str) -> dict[str, str]:
        """Return the texts of a list's column by their ids, without blanks."""
        frame = self.frames[of].dropna(subset=[column])
        return dict(zip(frame[self.lists[of].key], frame[column], strict=True))
