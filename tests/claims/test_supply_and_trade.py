"""What the notebooks on trade and supply find, against values worked out by hand from the rows."""

from __future__ import annotations


def test_production_is_compared_over_the_same_two_years_everywhere(findings):
    trade = findings.earlier["20_trade"]
    counts = {name: trade["counts"][name].value for name in ("count", "up", "down", "level")}
    assert counts == {"count": 19, "up": 11, "down": 5, "level": 3}
    both = set(trade["ends"].index.get_level_values("commodity"))
    assert not {"alumina", "magnesite"} & both
