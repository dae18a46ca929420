"""Titles of charts say none, one and ties: a count is a number that texts choose by."""

import pytest

from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import Count, Money, Percent, Year

TITLES = {
    "fig-us-reliance-title": (
        {"half": Count(0), "count": Count(1), "year": Year(2025), "leads": Count(0)},
        (
            "Imports met at least half of US needs for none of 1 mineral in 2025; "
            "Canada is the largest source for none."
        ),
    ),
    "fig-china-shares-title": (
        {"up": Count(0), "count": Count(6), "deck": Year(2020)},
        (
            "For none of 6 minerals, China’s newest share is above that in the 2020 presentation, "
            "though stages may differ."
        ),
    ),
    "fig-concentration-title": (
        {"high": Count(1), "count": Count(1), "china": Count(0)},
        (
            "World supply is highly concentrated for 1 of 1 commodity; "
            "China is the largest producer of none."
        ),
    ),
    "fig-mineral-exports-title": (
        {
            "direction": "level",
            "latest": Money(1e9, "CAD"),
            "previous": Money(1e9, "CAD"),
            "year": Year(2023),
        },
        "Mineral and metal exports came to $1 billion in 2023, as in the year before.",
    ),
    "fig-exports-partners-title": (
        {
            "listed": "neither",
            "year": Year(2025),
            "panels": Count(2),
            "us-share": Percent(0),
            "china-share": Percent(0),
        },
        "Exports of 2025 by destination, groups of goods: 2.",
    ),
    "fig-production-title": (
        {
            "first": Year(2023),
            "last": Year(2025),
            "count": Count(1),
            "up": Count(0),
            "down": Count(1),
            "level": Count(0),
        },
        (
            "Between 2023 and 2025, output of the one Canadian product with figures for both years "
            "fell."
        ),
    ),
    "fig-partnership-timeline-title": (
        {
            "dated": Count(0),
            "recent": Count(0),
            "since": Year(2025),
            "recent_bilateral": Count(0),
        },
        "No arrangement on critical minerals with a published date was public on this day.",
    ),
    "fig-ree-chain-title": (
        {
            "age": "new",
            "year": Year(2026),
            "leader": "China and Japan",
            "tied": 2,
            "steps": Count(3),
            "all": Count(7),
            "whole": "no",
            "since": 0,
            "open": 0,
            "made": "",
            "openings": "",
        },
        "China and Japan each cover 3 of 7 steps from rare-earth ore to finished product.",
    ),
    "fig-envelopes-title": (
        {"largest": "X", "amount": Money(2e9, "CAD"), "tied": 2, "known": 0, "count": 3},
        (
            "Largest envelope: $2 billion for each of 2 programs; "
            "commitments are published for none of 3 programs."
        ),
    ),
    "fig-programme-results-title": (
        {"tied": 2, "leader": "X", "number": Count(20), "unit": "projects"},
        "2 programs report the largest number: 20 each.",
    ),
}


@pytest.mark.parametrize("key", TITLES)
def test_a_title_says_none_one_and_ties(key: str):
    facts, expected = TITLES[key]
    assert say(key, **facts)("en").replace("\xa0", " ") == expected
    french = say(key, **facts)("fr")
    assert " 0 " not in french.replace("\xa0", " ")
    assert "  " not in french


def test_a_count_chooses_and_is_written_as_it_was():
    told = say("fig-partnership-timeline-caption", undated=Count(1))
    assert "One more has no published date" in told("en")
    many = say("fig-partnership-timeline-caption", undated=Count(1200))
    assert "1,200 more have" in many("en")
    assert "1\xa0200\xa0ententes" in many("fr")
