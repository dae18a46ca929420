"""Names of the processed tables of progress; `data/schemas/` describes each."""

from typing import Final

INDICATORS: Final = "indicators"
EXPLORATION: Final = "exploration"
MAJOR_PROJECTS: Final = "major_projects"
SITES: Final = "sites"
PLANNED_OUTPUT: Final = "planned_output"
BILLS: Final = "bills"
RARE_EARTH_CHAIN: Final = "rare_earth_chain"
