"""Names within a sentence: one or several minerals, commodities or places."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pandas as pd

from critical_minerals.language.catalogue import Text, label, say
from critical_minerals.language.quantities import Quantity, write, write_percent
from critical_minerals.language.stated import and_list, place_list
from critical_minerals.parameters import Language
from critical_minerals.vocabulary import List, Vocabulary

Said = Callable[[Language], str]
"""Words for a language: what `say` takes for a fact."""


def inside(name: str) -> str:
    """Write a name as it stands within a sentence: its first letter small.

    >>> inside("Rare earth elements")
    'rare earth elements'
    """
    return name[:1].lower() + name[1:]


def worded(words: Said | str) -> Text:
    """Make a text of names, or of other words that stand on their own."""
    return say("words", text=words)


def name_of(kind: List, identifier: str, vocabulary: Vocabulary) -> Said:
    """Name one thing of the vocabulary: a `programme`, `place`, `unit` or `mineral`.

    A mineral is a common noun: its first letter is small, as within a sentence.
    """
    spoken = inside if kind == "mineral" else str
    return lambda language: spoken(vocabulary.name(kind, identifier, language))


def code_named(kind: str, code: str) -> Said:
    """Name a code of the figures, such as the stage `mine`: its label is `stage-mine`."""
    return lambda language: label(f"{kind}-{code}".replace("_", "-"), language)


def with_shares(
    kind: List, identifiers: Iterable[str], shares: Iterable[float], vocabulary: Vocabulary
) -> Said:
    """List things of the vocabulary with a share in per cent each: `Chile 23.4%, Peru 10%`."""
    pairs = list(zip(identifiers, shares, strict=True))
    return lambda language: ", ".join(
        f"{vocabulary.name(kind, identifier, language)} {write_percent(float(share), language)}"
        for identifier, share in pairs
    )


def with_quantities(names: Iterable[Said], quantities: Iterable[Quantity]) -> Said:
    """List names with a quantity each: `Nickel ($2 million); Copper ($1 million)`."""
    pairs = list(zip(names, quantities, strict=True))
    return lambda language: "; ".join(
        f"{name(language)} ({write(quantity, language)})" for name, quantity in pairs
    )


def minerals_named(identifiers: Iterable[str], vocabulary: Vocabulary) -> Said:
    """Name minerals as a list within a sentence; none is the catalogue's `list-none`."""
    minerals = list(identifiers)
    return lambda language: _listed(vocabulary.names("mineral", minerals, language), language)


def places_named(identifiers: Iterable[str], vocabulary: Vocabulary) -> Said:
    """Name places as a list within a sentence, with the articles that they need."""
    places = list(identifiers)
    return lambda language: place_list(places, vocabulary, language)


def commodities_named(rows: pd.DataFrame, *, stage: bool = False) -> Said:
    """Name the `commodity` of each row, with its `stage` in brackets if asked for."""
    pairs = list(zip(rows["commodity"], rows["stage"], strict=True))
    return lambda language: _listed(
        [_commodity(commodity, how if stage else None, language) for commodity, how in pairs],
        language,
    )


def _commodity(commodity: str, stage: str | None, language: Language) -> str:
    name = label(f"commodity-{commodity}".replace("_", "-"), language)
    if stage is None:
        return name
    return f"{name} ({label(f'short-stage-{stage}'.replace('_', '-'), language)})"


def _listed(names: Iterable[str], language: Language) -> str:
    return and_list([inside(name) for name in names], language) or label("list-none", language)
