"""Names of the processed tables that briefs need besides; `data/schemas/` describes each."""

from typing import Final

USES: Final = "mineral_uses"
