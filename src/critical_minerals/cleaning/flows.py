"""Whether the exports and the imports of a mineral can be held against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

SHARED_DIGITS = 6
"""Digits of the Harmonized System that all countries and both directions of trade share."""


def comparable(trade: pd.DataFrame, needed: Mapping[str, Sequence[str]]) -> list[str]:
    """Name the minerals that are read under the same codes in both directions, all needed ones.

    `trade` has the columns `mineral`, `flow` (export, import) and `hs_code`. At six digits codes
    are the same in both directions; Canada's longer ones are not. A mineral whose ores are read in
    one direction and its metal in the other has no balance: the difference would be one of codes.
    `needed` are the codes, of up to six digits, without which a mineral's trade is not covered.

    >>> rows = [("nickel", "export", "75021000"), ("nickel", "import", "7502100000"),
    ...         ("zinc", "export", "79011100"), ("zinc", "import", "7901110000"),
    ...         ("uranium", "export", "28441010"), ("uranium", "import", "2612100000")]
    >>> trade = pd.DataFrame(rows, columns=["mineral", "flow", "hs_code"])
    >>> comparable(trade, {"zinc": ["2608"]})
    ['nickel']
    >>> comparable(trade, {"zinc": ["7901"]})
    ['nickel', 'zinc']
    """
    codes: dict[str, dict[str, set[str]]] = {}
    for mineral, flow, code in zip(trade["mineral"], trade["flow"], trade["hs_code"], strict=True):
        # Canada adds two digits of its own to codes of exports and four to those of imports.
        codes.setdefault(mineral, {}).setdefault(flow, set()).add(code[:SHARED_DIGITS])
    return sorted(
        mineral
        for mineral, by_flow in codes.items()
        # A mineral of one direction alone has no set to equal the other, so it drops out here as
        # well.
        if by_flow.get("export") == by_flow.get("import")
        # Equal codes are not enough: lithium, say, leaves as a concentrate whose code was not read,
        # and what was read would show a balance of something else. A needed code may be a heading
        # of four digits, hence the prefix.
        and all(
            any(code.startswith(prefix) for code in by_flow["export"])
            for prefix in needed.get(mineral, ())
        )
    )
