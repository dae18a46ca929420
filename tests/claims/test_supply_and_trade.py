"""What the notebooks on trade and supply find, against values worked out by hand from the rows."""

from __future__ import annotations

import pandas as pd
import pytest

from critical_minerals.language.quantities import Money, write
from critical_minerals.review.claims import Outcome
from critical_minerals.tables.precision import readable


def test_a_programme_has_one_figure_of_its_commitments_in_table_chart_and_claims(findings):
    """A floor is rounded down everywhere, and a whole fund is not held against eleven projects."""
    overview = findings.earlier["10_funding"]["overview"].set_index("programme")
    gpi = overview.loc["gpi"]
    assert gpi["committed_cad_million"] == 33.8
    assert write(readable(Money(gpi["committed_cad"], "CAD", "more_than")), "en") == (
        "more than $33.8\xa0million"
    )
    assert findings.checked.loc["gpi_envelope", "outcome"] == Outcome.OPEN
    floors = overview.loc[["cmif", "gpi"], "committed_pct_precision"]
    assert floors.tolist() == ["more_than", "more_than"]


def test_production_is_compared_over_the_same_two_years_everywhere(findings):
    trade = findings.earlier["20_trade"]
    counts = {name: trade["counts"][name].value for name in ("count", "up", "down", "level")}
    assert counts == {"count": 21, "up": 12, "down": 5, "level": 4}
    both = set(trade["ends"].index.get_level_values("commodity"))
    assert {"alumina", "magnesite"} <= both  # which the release of 2025 gives for 2023


def test_shares_and_index_of_a_commodity_have_one_denominator(findings):
    table = findings.earlier["30_supply"]["concentration"].set_index(["commodity", "stage"])
    gallium = table.loc[("gallium", "primary")]
    assert gallium["top_pct"] == pytest.approx(100 * 900 / 909)
    assert gallium["hhi"] == pytest.approx(sum((100 * t / 909) ** 2 for t in (900, 6, 3)))
    assert (gallium["top_most_pct"], gallium["hhi_most"]) == (100, 10_000)
    shares = table[["top_pct", "second_pct", "third_pct"]].astype(float).fillna(0)
    assert ((shares**2).sum(axis=1) <= table["hhi"] + 1e-6).all()
    assert (shares.sum(axis=1) - table["top_three_pct"]).abs().max() < 1e-6


def test_a_total_without_a_country_says_so_and_bounds_the_index_with_it(findings):
    table = findings.earlier["30_supply"]["concentration"].set_index("commodity")
    partial = table[table["excludes"].notna()]
    assert set(partial.index) == {
        "lithium",
        "magnesite",
        "ferrosilicon",
        "silicon_metal",
        "tellurium",
    }
    assert set(partial["excludes"]) == {"US"}
    assert partial.loc["lithium", "hhi"] == pytest.approx(2024, abs=1)
    assert partial.loc["lithium", "hhi_least"] == pytest.approx(1683, abs=1)
    assert (partial["hhi_most"] == 10_000).all()
    assert pd.isna(table.loc["vanadium", "excludes"])


def test_vanadium_reserves_are_in_thousand_tonnes_and_last_longer_than_a_year(findings):
    supply = findings.earlier["30_supply"]
    held = supply["reserves"]
    vanadium = held[held["mineral"] == "vanadium"].set_index(["country", "year"])["quantity_t"]
    # Three of four releases print the unit wrongly.
    world = [26_000_000, 19_000_000, 18_000_000, 21_000_000]
    assert [vanadium["WLD", year] for year in (2022, 2023, 2024, 2025)] == world
    assert vanadium["CN", 2025] == 5_800_000
    assert supply["doubtful"].empty


def test_rare_earth_reserves_are_those_of_the_reposted_summaries(findings):
    held = findings.earlier["30_supply"]["reserves"]
    held = held[held["year"] == 2025]
    earths = held[held["mineral"] == "rare_earth_elements"].set_index("country")["quantity_t"]
    assert (earths["BR"], earths["WLD"]) == (11_000_000, 75_000_000)
    assert earths["CA"] == 830_000


def test_a_balance_is_drawn_only_where_codes_are_the_same_and_cover_the_mineral(findings):
    """Lithium leaves as spodumene, uranium refined; zinc and cobalt in codes that are not read."""
    balance = findings.earlier["20_trade"]["balance"].set_index("mineral")
    assert set(balance.index) == {"magnesium", "nickel", "potash"}
    more = balance.index[balance["imports_cad"] > balance["exports_cad"]]
    assert list(more) == ["magnesium"]
