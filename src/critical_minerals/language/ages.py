"""Words that follow the age of a figure: what is old says so where it stands.

A report speaks of its own day. A figure whose year ended long before is still the newest that was
read, but it does not tell how things are: its year says so, and its sentence is in the past.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from critical_minerals.language.catalogue import Text, say
from critical_minerals.language.quantities import Year

OLD_AFTER: Final = 2
"""Years after whose passing a figure is old: most of what is read here appears yearly, some of it a
year late."""


def is_old(year: int, day: dt.date) -> bool:
    """Tell whether more than two years have passed, on a day, since the end of a year.

    >>> is_old(2023, dt.date(2026, 9, 30)), is_old(2024, dt.date(2026, 9, 30))
    (True, False)
    """
    # The second year has to pass whole: through it, a yearly figure that appears a year late is
    # still the newest there is.
    return day > dt.date(year + OLD_AFTER, 12, 31)


def age_of(year: int, day: dt.date) -> str:
    """Return the word by which texts choose their tense: `old` or `new`."""
    return "old" if is_old(year, day) else "new"


def dated(year: int, day: dt.date) -> Year | Text:
    """Return the year of the newest figure there is; an old one says that none newer was read.

    >>> dated(2024, dt.date(2026, 9, 30))
    Year(value=2024)
    >>> print(dated(2022, dt.date(2026, 9, 30))("en"))
    2022 (latest figure found)
    """
    return say("year-old", year=Year(year)) if is_old(year, day) else Year(year)
