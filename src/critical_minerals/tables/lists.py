"""Names of the processed tables of minerals and sources; `data/schemas/` describes each."""

from typing import Final

MINERAL_LISTS: Final = "mineral_lists"
SOURCES: Final = "sources"
