"""What the list of briefs shows of each: its group, its symbol and a small chart."""

from __future__ import annotations

from typing import Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_percent
from critical_minerals.report.briefs_index import WIDTH, Bar, Card, Entry
from critical_minerals.workspace.parameters import Language

_MAX_MARKS: Final = 12
"""How many arrangements fill the width of a partner's chart; more are counted, not drawn."""


def card(entry: Entry, language: Language) -> Card:
    """Say what is shown of a brief; the groups are named as the page's headings are."""
    if entry.number("arrangement_count") is None:
        # Of a mineral; a chemical symbol has only one that is an element.
        symbol = str(entry.values.get("symbol", {}).get("text", ""))
        return Card("minerals", *_shares(entry, language), symbol, label("index-legend", language))
    group = "countries" if "card_bilateral" in entry.values else "alliances"
    return Card(group, *_arrangements(entry, language))


def _shares(entry: Entry, language: Language) -> tuple[list[Bar], str]:
    """Draw the largest producer's share above Canada's, and describe both."""
    top, canada = entry.number("card_top"), entry.number("canada_share")
    if top is None:
        return [], label("index-chart-none", language)
    bars = [
        bar
        for y, kind, share in ((0, "top", top), (9, "canada", canada or 0.0))
        for bar in (
            Bar("whole", 0, y, str(WIDTH), 7),
            Bar(kind, 0, y, f"{share * WIDTH / 100:.1f}", 7),
        )
    ]
    facts = {"top": write_percent(top, language)}
    if canada is None:
        return bars, say("index-chart-top", **facts)(language)
    return bars, say("index-chart-both", canada=write_percent(canada, language), **facts)(language)


def _arrangements(entry: Entry, language: Language) -> tuple[list[Bar], str]:
    """Draw one mark for each arrangement or group of a partner, and count them."""
    count, step = int(entry.number("arrangement_count") or 0), WIDTH / _MAX_MARKS
    bars = [Bar("top", n * step, 0, f"{step - 2:g}", 10) for n in range(min(count, _MAX_MARKS))]
    return bars, say("index-chart-partner", count=count)(language)
