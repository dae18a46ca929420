"""Names of the processed table of published claims; `data/schemas/` describes each."""

from typing import Final

CLAIMS: Final = "claims"
