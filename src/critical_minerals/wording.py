"""How minerals and commodities are named within a sentence."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from critical_minerals.language.catalogue import label
from critical_minerals.language.naming import LocalizedText, code_named, inside
from critical_minerals.language.stated import and_list
from critical_minerals.parameters import Language
from critical_minerals.vocabulary import Vocabulary


def minerals_named(identifiers: Iterable[str], vocabulary: Vocabulary) -> LocalizedText:
    """Name minerals as a list within a sentence; none is the catalogue's `list-none`."""
    minerals = list(identifiers)
    return lambda language: _listed(vocabulary.names("mineral", minerals, language), language)


def commodities_named(rows: pd.DataFrame, *, stage: bool = False) -> LocalizedText:
    """Name the `commodity` of each row, with its `stage` in brackets if asked for."""
    pairs = list(zip(rows["commodity"], rows["stage"], strict=True))
    return lambda language: _listed(
        [_commodity(commodity, how if stage else None, language) for commodity, how in pairs],
        language,
    )


def _commodity(commodity: str, stage: str | None, language: Language) -> str:
    name = code_named("commodity", commodity)(language)
    if stage is None:
        return name
    return f"{name} ({code_named('short-stage', stage)(language)})"


def _listed(names: Iterable[str], language: Language) -> str:
    return and_list([inside(name) for name in names], language) or label("list-none", language)
