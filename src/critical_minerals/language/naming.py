"""Names within a sentence: one thing of the vocabulary, or several."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from critical_minerals.language.catalogue import Text, label, say
from critical_minerals.language.quantities import Quantity, write, write_percent
from critical_minerals.language.stated import place_list
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.workspace.parameters import Language

LocalizedText = Callable[[Language], str]
"""Words for a language: what `say` takes for a fact."""


def inside(name: str) -> str:
    """Write a name as it stands within a sentence: its first letter small.

    >>> inside("Rare earth elements")
    'rare earth elements'
    """
    return name[:1].lower() + name[1:]


def worded(words: LocalizedText | str) -> Text:
    """Make a text of names, or of other words that stand on their own."""
    return say("words", text=words)


def name_of(kind: str, identifier: str, vocabulary: Vocabulary) -> LocalizedText:
    """Name one thing of the vocabulary, such as a `programme` or `place`.

    The first letter of a common noun is small, as within a sentence.
    """
    case = inside if vocabulary.common(kind) else str
    return lambda language: case(vocabulary.name(kind, identifier, language))


def code_named(kind: str, code: object) -> LocalizedText:
    """Name a code of the figures, such as the stage `mine`: its label is `stage-mine`."""
    return lambda language: label(f"{kind}-{code}".replace("_", "-"), language)


def of_each(share: Quantity | LocalizedText, count: int) -> LocalizedText:
    """Write a share that one has, or each of several, or those who have it: `12% each`."""
    return say("share-of-each", share=share, tied=count)


def with_shares(
    kind: str, identifiers: Iterable[str], shares: Iterable[float], vocabulary: Vocabulary
) -> LocalizedText:
    """List things of the vocabulary with a share in per cent each: `Chile 23.4%, Peru 10%`."""
    pairs = list(zip(identifiers, shares, strict=True))
    return lambda language: ", ".join(
        f"{vocabulary.name(kind, identifier, language)} {write_percent(float(share), language)}"
        for identifier, share in pairs
    )


def with_quantities(
    names: Iterable[LocalizedText], quantities: Iterable[Quantity]
) -> LocalizedText:
    """List names with a quantity each: `Nickel ($2 million); Copper ($1 million)`."""
    pairs = list(zip(names, quantities, strict=True))
    return lambda language: "; ".join(
        f"{name(language)} ({write(quantity, language)})" for name, quantity in pairs
    )


def places_named(identifiers: Iterable[str], vocabulary: Vocabulary) -> LocalizedText:
    """Name places as a list within a sentence, with the articles that they need."""
    places = list(identifiers)
    return lambda language: place_list(places, vocabulary, language)
