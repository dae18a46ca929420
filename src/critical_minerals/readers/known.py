"""Recognise official files by their content, whatever their names.

Each reader checks a file and returns its format, period and edition; the first reader that
recognises it decides. A file that no reader recognises has none of the formats that can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import pandas as pd

from critical_minerals.readers import (
    comtrade,
    grants,
    historical_statistics,
    merchandise_trade,
    mineral_outlooks,
    nrcan,
    nrcan_production,
    price_sheets,
    statcan,
    statcan_service,
    summaries,
    summaries_files,
    summaries_wide,
    world_minerals,
)
from critical_minerals.readers.archives import as_file_errors
from critical_minerals.readers.large import OnProgress
from critical_minerals.readers.seen import RecognisedFile

_RECOGNISERS: Final[tuple[Callable[[Path], RecognisedFile | None], ...]] = (
    summaries.recognise,
    summaries_wide.recognise,
    summaries_files.recognise,
    historical_statistics.recognise,
    statcan.recognise,
    statcan_service.recognise,
    merchandise_trade.recognise,
    grants.recognise,
    comtrade.recognise,
    nrcan.recognise,
    nrcan_production.recognise,
    world_minerals.recognise,
    price_sheets.recognise,
    mineral_outlooks.recognise,
)

TIDY: Final[Mapping[str, Callable[[Path, str], pd.DataFrame]]] = {
    "usgs_historical": historical_statistics.read_historical,
    "statcan_table": statcan.read_table,
    "statcan_points": statcan_service.read_points,
    "statcan_cimt_monthly": merchandise_trade.read_monthly,
    "open_canada_grants": grants.read_grants,
    "un_comtrade": comtrade.read_flows,
    "nrcan_inventory": nrcan.read_inventory,
    "nrcan_major_projects": nrcan.read_major_projects,
    "nrcan_referrals": nrcan.read_referrals,
    "nrcan_production": nrcan_production.read_production,
    "bgs_world_minerals": world_minerals.read_world_minerals,
    "world_bank_prices": price_sheets.read_prices,
    "iea_mineral_supply": mineral_outlooks.read_supply,
}
"""Readers that return one record a figure, by the format that they read: any of them can feed a
table by a mapping alone."""


TRADE: Final = (
    "statcan_cimt_imports",
    "statcan_cimt_domestic_exports",
    "statcan_cimt_total_exports",
)
"""Formats of goods by month, of which whole years are summed (`merchandise_trade.read_years`)."""
CUT: Final[Mapping[str, Callable[[Path, Sequence[str], Path, OnProgress], bytes]]] = {
    "open_canada_grants": grants.cut,
}
"""What extracts the rows with some names from a file that is larger than a project stores."""


def recognised(path: Path) -> RecognisedFile | None:
    """Return what official file this is; None for one that no reader recognises.

    Raises `FiguresError` for a damaged one.
    """
    with as_file_errors(path.name, "a readable file", "Download it again from its publisher."):
        for recognise in _RECOGNISERS:
            if seen := recognise(path):
                return seen
    return None
