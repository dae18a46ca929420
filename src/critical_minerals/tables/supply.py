"""Names of the processed tables of supply; `data/schemas/` describes each."""

from typing import Final

WORLD_PRODUCTION: Final = "world_production"
RESERVES: Final = "reserves"
SUPPLY_CONCENTRATION: Final = "supply_concentration"
CHINA_SHARES: Final = "china_shares"
US_IMPORT_RELIANCE: Final = "us_import_reliance"
US_IMPORT_SOURCES: Final = "us_import_sources"
US_RELIANCE_AND_CANADA: Final = "us_reliance_and_canada"
US_SUPPLY_DEMAND: Final = "us_supply_demand"
