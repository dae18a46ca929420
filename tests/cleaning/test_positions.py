"""Positions are held to the province that their row names."""

from pathlib import Path

import pandas as pd
import pytest

from critical_minerals.cleaning.positions import load_outlines, outside_of

OUTLINES = load_outlines(Path(__file__).parents[2] / "data/raw/vocabulary/provinces.geojson")
SITES = {
    "timmins": ("CA-ON", 48.48, -81.33),
    "flin_flon": ("CA-MB", 54.77, -101.88),  # on the border with Saskatchewan
    "ekati": ("CA-NT", 64.72, -110.62),
    "voiseys_bay": ("CA-NL", 56.33, -62.1),
}


def outside(**changes: tuple[str, float | None, float | None]) -> list[str]:
    rows = [(name, *cells) for name, cells in (SITES | changes).items()]
    sites = pd.DataFrame(rows, columns=["site", "province", "latitude", "longitude"])
    return [*outside_of(sites, "province", OUTLINES, tolerance_km=25)["site"]]


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (("CA-ON", 48.48, -81.33), False),
        (("CA-QC", 48.48, -81.33), True),
        (("CA-SK", 54.77, -101.88), False),  # beside a border it may lie on either side
        (("CA-ON", 48.48, 81.33), True),
        (("CA-QC", None, None), False),
        (("CA-XX", 48.48, -81.33), False),  # no place: a fault of its own
    ],
)
def test_a_site_in_another_province_is_found(cells: tuple[str, float, float], *, told: bool):
    assert outside(other=cells) == ["other"] * told


def test_no_sites_are_none():
    assert outside_of(
        pd.DataFrame(columns=["province", "latitude", "longitude"]),
        "province",
        OUTLINES,
        tolerance_km=25,
    ).empty
