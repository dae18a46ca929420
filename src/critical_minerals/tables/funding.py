"""Names of the processed tables of funding; `data/schemas/` describes each."""

from typing import Final

ENVELOPES: Final = "funding_envelopes"
PROGRAMME_FUNDING: Final = "programme_funding"
AWARDS: Final = "funding_awards"
AWARDS_OVER_TIME: Final = "funding_over_time"
MAKEUP: Final = "funding_makeup"
BY_MINERAL: Final = "funding_by_mineral"
BY_PROVINCE: Final = "funding_by_province"
RESULTS: Final = "programme_results"
LIMITS: Final = "funding_limits"
TAX_MEASURES: Final = "tax_measures"
