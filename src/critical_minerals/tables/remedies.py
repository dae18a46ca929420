"""What to do about a cell that fails a test: as exactly as its value and the test allow."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from decimal import Decimal
from typing import Final

from critical_minerals.errors import nearest
from critical_minerals.tables.cells import FIRST_YEAR, LOOK_UP, MOST_DIGITS, Words
from critical_minerals.tables.descriptors import Column

_EXPONENT: Final = re.compile(r"-?\d+(\.\d+)?[eE][+-]?\d{1,3}")
_OTHER_MARKS: Final = re.compile(r"\s*[;,/|&]\s*")
_MONTHS: Final = [
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
]
_MONTH_AND_YEAR: Final = re.compile(
    rf"(?P<month>{'|'.join(_MONTHS)})-(?P<year>(20)?\d\d)", re.IGNORECASE
)
_FIRST_DAY: Final = dt.date(1899, 12, 30)
"""The day before the first that spreadsheets count, and one more for the 29 February 1900 that
there was not and that they count."""
_WHOLE_DAY: Final = "Write year, month and day in this order, with hyphens and all zeros."


def writing(column: Column, value: str) -> str:
    """Say what to do about a cell that is not written as its column demands."""
    match column.kind:
        case "number" | "integer":
            return _number_remedy(value, whole=column.kind == "integer")
        case "year":
            return _year_remedy(value)
        case "date" | "partial_date":
            return _day_remedy(value, part=column.kind == "partial_date")
        case _:
            return "Correct the cell."


def known_as(column: Column, value: str, table: str, words: Words) -> str:
    """Name the id that is meant, by its spelling or by one of the words it is known by.

    `table` is the list that the ids come from, `words` are these.
    """
    wrong = next((part for part in column.parts(value) if part not in words), None)
    if wrong is None:
        return LOOK_UP
    if column.many and len(parted := _OTHER_MARKS.split(value)) > 1 and {*parted} <= {*words}:
        return f"Part them by {column.mark} alone: {column.mark.join(parted)}."
    spellings = {word: identifier for identifier, known in words.items() for word in known}
    spellings |= {identifier: identifier for identifier in words}
    add = f"add it to data/raw/{table}.csv"
    if not (match := nearest(wrong, spellings)):
        return f"Correct it, or {add}."
    meant = spellings[match]
    # A word that is only like one of another id may lead astray: let people see which it was.
    like = "" if match in {meant, wrong} or match.casefold() == wrong.casefold() else f" ({match})"
    return f"Did you mean {meant!r}{like}? Else {add}."


def form(pattern: re.Pattern[str], value: str) -> str:
    """Say how a code is written that a person has set out, or a spreadsheet has damaged."""
    if _EXPONENT.fullmatch(value):
        return f"A spreadsheet has rounded it, digits are lost. {LOOK_UP} Format the cell as text."
    bare = re.sub(r"[\s.\u00a0\u202f-]", "", re.sub(r"\.0+$", "", value))
    for meant in (bare, value.upper(), value.lower(), bare.upper()):
        if pattern.fullmatch(meant):
            return f"Write {meant}."
    if found := _MONTH_AND_YEAR.fullmatch(value):
        return f"A spreadsheet has made a month of it ({_month(found)}). {LOOK_UP}"
    return "Correct the cell."


def _number_remedy(value: str, *, whole: bool) -> str:
    """Recognise the usual ways in which people write numbers."""
    bare = re.sub(r"[\s\u00a0\u202f'$€%]", "", value).replace("\u2212", "-")
    plain, pointed = bare.replace(",", ""), bare.replace(",", ".")
    if too_long := _overlong(value, plain):
        return too_long
    if re.fullmatch(r"-?[1-9][0-9]{0,2},[0-9]{3}", bare) and not whole:
        return f"Write {plain} if the comma parts thousands, {pointed} if it is a decimal comma."
    if re.fullmatch(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]+)?", bare):
        return f"Write it without separators: {plain}."
    if re.fullmatch(r"-?[0-9]+([.,][0-9]+)?", bare):
        return _plain_remedy(bare, pointed, whole=whole)
    if whole:
        return "Write a whole number."
    return (
        "Write the number alone; words such as 'up to' go into the column precision, "
        "signs such as W or x into the column qualifier."
    )


def _overlong(value: str, plain: str) -> str:
    """Say what to do about a number with an exponent, or with more digits than one can have."""
    if max((len(digits) for digits in re.findall(r"[0-9]+", plain)), default=0) > MOST_DIGITS:
        return f"It has more than {MOST_DIGITS} digits on one side of the point. {LOOK_UP}"
    if not _EXPONENT.fullmatch(value):
        return ""
    figure = Decimal(value)
    if abs(figure.adjusted()) >= MOST_DIGITS:
        return LOOK_UP
    return f"Write it without an exponent, all digits as the source has them: {figure:f}."


def _plain_remedy(bare: str, pointed: str, *, whole: bool) -> str:
    """Say how a number without separators is written."""
    if whole and (found := re.fullmatch(r"(-?[0-9]+)\.0+", pointed)):
        return f"Write {found[1]}."
    if whole and bare != bare.replace(",", ".").partition(".")[0]:
        return "Write a whole number."
    if pointed != bare:
        return f"Use a decimal point: {pointed}."
    return f"Write the digits alone: {bare}."


def _year_remedy(value: str) -> str:
    """Say how a year is written that has another form."""
    if found := re.match(r"((?:19|20)\d\d)(?![0-9])", value):
        return f"Write the year alone: {found[1]}."
    if re.fullmatch(r"'?\d\d", value):
        return "Write all four digits of the year."
    return "Write a whole number."


def _day_remedy(value: str, *, part: bool) -> str:
    """Tell a day that no calendar has from one that is only written differently."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        exists = part or len(value) == len("2026-02-27")
        return "No calendar has it; look it up in the source." if exists else _WHOLE_DAY
    if re.fullmatch(r"\d{5}", value):
        day = _FIRST_DAY + dt.timedelta(days=int(value))
        return f"A spreadsheet has made a number of the day: {day}, if it counts from 1900."
    if found := re.fullmatch(r"(\d{4})\.0+", value):
        return f"Write {found[1]}."
    if found := _MONTH_AND_YEAR.fullmatch(value):
        return f"A spreadsheet has made a month of it: {_month(found)}. {_WHOLE_DAY}"
    meant = _day_meant(value)
    return f"{_WHOLE_DAY[:-1]}: {meant}." if meant else _WHOLE_DAY


def _day_meant(value: str) -> str:
    """Return the one day that a text can mean, if there is but one."""
    numbers = re.fullmatch(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})([ T]00:00(:00)?)?", value)
    if not numbers:
        return ""
    one, two, three = (int(number) for number in numbers.groups()[:3])
    orders = {(one, two, three)} if one >= FIRST_YEAR else {(three, two, one), (three, one, two)}
    days: set[dt.date] = set()
    for order in orders:
        with suppress(ValueError):
            days.add(dt.date(*order))
    return days.pop().isoformat() if len(days) == 1 and min(days).year >= FIRST_YEAR else ""


def _month(found: re.Match[str]) -> str:
    """Write a month that a spreadsheet shows as `Jan-24`."""
    return f"20{found['year'][-2:]}-{_MONTHS.index(found['month'].casefold()) + 1:02}"
