"""Names of the processed tables of trade; `data/schemas/` describes each."""

from typing import Final

MINERAL_EXPORTS: Final = "mineral_exports"
DOMESTIC_EXPORTS: Final = "domestic_exports"
MERCHANDISE_TRADE: Final = "merchandise_trade"
TRADE_BY_MINERAL: Final = "trade_by_mineral"
PRODUCTION: Final = "production"
