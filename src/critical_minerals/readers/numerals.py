"""Parse figures as people write them: separators of thousands, marks of decimals, signs, units.

Nothing is guessed: `1,234` may be 1234 or 1.234, and only the other figures of a file can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

UNKNOWN: Final = "?"
"""Stands for the mark of decimals where no figure of a file shows which it is."""
# Not before another digit: `2024 12345` is not one figure with its thousands apart.
_GROUPED: Final = re.compile(r"\d{1,3}(?:[ \u00a0\u202f\u2009'’]\d{3})+(?!\d)")
_FIGURE: Final = re.compile(
    r"(?P<open>\()?(?P<sign>[-−–+])?\s*(?P<before>(?:CA|C|US)?\s?\$|[€£¥])?\s*"
    r"(?P<digits>\d[\d.,]*)"
    r"\s*(?P<after>(?:CA|C|US)?\$(?:\s?(?:US|CA|C)\b)?|[€£¥])?"
    r"\s*(?P<unit>%|[^\d\s()$€£¥.,][^\d()]*)?(?P<close>\))?"
)
_DOLLARS: Final = ("CAD", "USD")
_CURRENCIES: Final = {
    "$": _DOLLARS,
    "US$": ("USD",),
    "$US": ("USD",),
    "CA$": ("CAD",),
    "C$": ("CAD",),
    "$CA": ("CAD",),
    "$C": ("CAD",),
    "€": ("EUR",),
    "£": ("GBP",),
    "¥": ("JPY",),
}
"""Signs of money, with the currencies that each may mean."""
_GROUP_DIGITS: Final = 3
"""How many digits stand between two separators of thousands."""


@dataclass(frozen=True)
class FigureParts:
    """A figure as it is written: its digits with their marks, its sign and its unit.

    `currencies` are those that its sign of money may mean; none where it has no such sign.
    """

    digits: str
    negative: bool = False
    unit: str = ""
    currencies: tuple[str, ...] = ()


def split_figure(text: str) -> FigureParts | None:
    """Split a figure into its digits, sign and unit; None where the text is no figure.

    Blanks and apostrophes separate thousands; a figure in brackets is negative, as in accounts.

    >>> split_figure("1 234,5").digits, split_figure("(5)").negative, split_figure("36 %").unit
    ('1234,5', True, '%')
    >>> split_figure("$5").currencies, split_figure("5 $ US").currencies
    (('CAD', 'USD'), ('USD',))
    """
    ungrouped = _GROUPED.sub(lambda group: re.sub(r"\D", "", group[0]), text)
    match = _FIGURE.fullmatch(ungrouped)
    if match is None or bool(match["open"]) != bool(match["close"]):
        return None
    negative = bool(match["open"]) or match["sign"] not in {None, "+"}
    # A sign on either side, or on both: the more particular one says more.
    signs = (re.sub(r"\s", "", match[side] or "") for side in ("before", "after"))
    currencies = min((_CURRENCIES[sign] for sign in signs if sign), key=len, default=())
    return FigureParts(match["digits"], negative, (match["unit"] or "").strip(), currencies)


def decimal_mark(digits: str, *, whole: bool) -> str:
    """Return the mark of decimals that a figure makes certain; empty where either may be."""
    commas, points = digits.count(","), digits.count(".")
    # With both marks, the last one begins the decimals.
    if commas and points:
        return max(",", ".", key=digits.rindex)
    for mark, other, count in ((",", ".", commas), (".", ",", points)):
        if count > 1:
            return other  # only a separator of thousands occurs twice
        if count == 1:
            head, _, tail = digits.partition(mark)
            # Thousands have three digits behind them, three at most before, and no lone zero.
            if len(tail) != _GROUP_DIGITS or len(head) > _GROUP_DIGITS or head == "0":
                return mark
            # A whole number has no decimals: the mark separates thousands.
            if whole:
                return other
    return ""


def with_decimal_point(digits: str, decimal: str, *, whole: bool) -> str | None:
    """Write digits with a decimal point; None where that is a guess, or they are malformed."""
    if digits.isdigit():
        return digits
    evident_mark = decimal_mark(digits, whole=whole)
    if decimal == UNKNOWN:
        # A point alone is how this project writes decimals itself; a comma alone may be either.
        decimal = evident_mark or ("." if "," not in digits else UNKNOWN)
    if decimal == UNKNOWN or (evident_mark and evident_mark != decimal):
        return None
    # Separators at other places than every third digit are a slip: 1,23,456 may be any figure.
    group = "," if decimal == "." else "."
    head, _, tail = digits.partition(decimal)
    if group in head and not re.fullmatch(rf"\d{{1,3}}(?:\{group}\d{{3}})+", head):
        return None
    if group in tail or not (tail.isdigit() or not tail):
        return None
    return f"{head.replace(group, '')}.{tail}" if tail else head.replace(group, "")
