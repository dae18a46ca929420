"""How minerals and commodities are named within a sentence."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from critical_minerals.language.catalogue import label
from critical_minerals.language.naming import LocalizedText, code_named, inside
from critical_minerals.language.stated import and_list
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.workspace.parameters import Language


def minerals_named(identifiers: Iterable[str], vocabulary: Vocabulary) -> LocalizedText:
    """Name minerals as a list within a sentence; none is the catalogue's `list-none`."""
    minerals = list(identifiers)
    return lambda language: _join_names(vocabulary.names("mineral", minerals, language), language)


def commodities_named(rows: pd.DataFrame, *, stage: bool = False) -> LocalizedText:
    """Name the `commodity` of each row, with its `stage` in brackets if asked for."""
    pairs = list(zip(rows["commodity"], rows["stage"], strict=True))
    return lambda language: _join_names(
        [
            _commodity_name(commodity, row_stage if stage else None, language)
            for commodity, row_stage in pairs
        ],
        language,
    )


def _commodity_name(commodity: str, stage: str | None, language: Language) -> str:
    name = code_named("commodity", commodity)(language)
    if stage is None:
        return name
    return f"{name} ({code_named('short-stage', stage)(language)})"


def _join_names(names: Iterable[str], language: Language) -> str:
    # An empty list would leave a hole in the sentence.
    return and_list([inside(name) for name in names], language) or label("list-none", language)
