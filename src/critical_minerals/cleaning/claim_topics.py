"""The topics of published claims, in the order in which readers meet them."""

from typing import Final

TOPICS: Final = (
    "funding",
    "projects",
    "economy",
    "exploration",
    "trade",
    "supply",
    "partnerships",
)
