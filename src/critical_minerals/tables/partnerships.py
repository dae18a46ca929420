"""Names of the processed tables of partnerships and criticism; `data/schemas/` describes each."""

from typing import Final

PARTNERSHIPS: Final = "partnerships"
MEMBERS: Final = "partnership_members"
MATRIX: Final = "partnership_matrix"
COMMITMENTS: Final = "partnership_commitments"
ALLY_STRATEGIES: Final = "ally_strategies"
ENGAGEMENT: Final = "engagement"
CRITICISM: Final = "criticism"
