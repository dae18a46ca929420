"""Remedies for cells that fail a test, as specific as the value allows."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from decimal import Decimal
from typing import Final

from critical_minerals.errors import nearest
from critical_minerals.tables.cells import FIRST_YEAR, LOOK_UP, MOST_DIGITS, NamesById
from critical_minerals.tables.descriptors import Column

_EXPONENT: Final = re.compile(r"-?\d+(\.\d+)?[eE][+-]?\d{1,3}")
_OTHER_SEPARATORS: Final = re.compile(r"\s*[;,/|&]\s*")
_MONTHS: Final = [
    *("jan", "feb", "mar", "apr", "may", "jun"),
    *("jul", "aug", "sep", "oct", "nov", "dec"),
]
_MONTH_AND_YEAR: Final = re.compile(
    rf"(?P<month>{'|'.join(_MONTHS)})-(?P<year>(20)?\d\d)", re.IGNORECASE
)
_DAY_ZERO: Final = dt.date(1899, 12, 30)
"""Day 0 of spreadsheets, for days after February 1900: they count 1 January 1900 as day 1, and a 29
February 1900 that did not exist."""
_MONEY: Final = re.compile(r"(US|CA|C)?[$€£¥](\s?(US|CA|C)\b)?")
_SIGN_IS_NO_DIGIT: Final = " Its currency has a column of its own: see that it says the same."
_WRITE_DAY: Final = "Write year, month and day in this order, with hyphens and all zeros."


def remedy_for_writing(column: Column, value: str) -> str:
    """Return the remedy for a cell that does not have the form that its column requires."""
    match column.kind:
        case "number" | "integer":
            without_sign = _MONEY.sub("", value)
            remedy = _number_remedy(without_sign, whole=column.kind == "integer")
            return f"{remedy}{_SIGN_IS_NO_DIGIT if without_sign != value else ''}"
        case "year":
            return _year_remedy(value)
        case "date" | "partial_date":
            return _day_remedy(value, part=column.kind == "partial_date")
        case _:
            return "Correct the cell."


def remedy_for_id(column: Column, value: str, table: str, names: NamesById) -> str:
    """Return a remedy that suggests the likely id, by its spelling or by one of its names.

    `table` is the vocabulary of the ids; `names` are its ids with their names.
    """
    unknown = next((part for part in column.parts(value) if part not in names), None)
    if unknown is None:
        return LOOK_UP
    # All parts are ids: only the separator is wrong, as in `CA/US`.
    if (
        column.many
        and len(fragments := _OTHER_SEPARATORS.split(value)) > 1
        and {*fragments} <= {*names}
    ):
        return f"Part them by {column.mark} alone: {column.mark.join(fragments)}."
    id_by_name = {
        name: identifier for identifier, names_of_id in names.items() for name in names_of_id
    }
    id_by_name |= {identifier: identifier for identifier in names}
    add_it = f"add it to data/raw/{table}.csv"
    if not (match := nearest(unknown, id_by_name)):
        return f"Correct it, or {add_it}."
    meant = id_by_name[match]
    # Show a name that led to the id unless it is what was typed: a mere likeness may mislead.
    matched_name = (
        "" if match in {meant, unknown} or match.casefold() == unknown.casefold() else f" ({match})"
    )
    return f"Did you mean {meant!r}{matched_name}? Else {add_it}."


def remedy_for_form(pattern: re.Pattern[str], value: str) -> str:
    """Return the remedy for a code that was typed with separators or damaged by a spreadsheet."""
    if _EXPONENT.fullmatch(value):
        return f"A spreadsheet has rounded it, digits are lost. {LOOK_UP} Format the cell as text."
    # A spreadsheet appends `.0` to a code of digits; people group it with blanks, points or
    # hyphens.
    bare = re.sub(r"[\s.\u00a0\u202f-]", "", re.sub(r"\.0+$", "", value))
    for candidate in (bare, value.upper(), value.lower(), bare.upper()):
        if pattern.fullmatch(candidate):
            return f"Write {candidate}."
    if match := _MONTH_AND_YEAR.fullmatch(value):
        return f"A spreadsheet has made a month of it ({_format_month(match)}). {LOOK_UP}"
    return "Correct the cell."


def _number_remedy(value: str, *, whole: bool) -> str:
    """Return the remedy for a number in one of the usual forms in which people write them."""
    bare = re.sub(r"[\s\u00a0\u202f'%]", "", value).replace("\u2212", "-").removeprefix("+")
    plain, pointed = bare.replace(",", ""), bare.replace(",", ".")
    if too_long := _long_number_remedy(value, plain):
        return too_long
    # `1,234`: only its author knows which it is. A whole number has no decimal comma.
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


def _long_number_remedy(value: str, plain: str) -> str:
    """Return the remedy for a number with an exponent or with too many digits; else ''."""
    if max((len(digits) for digits in re.findall(r"[0-9]+", plain)), default=0) > MOST_DIGITS:
        return f"It has more than {MOST_DIGITS} digits on one side of the point. {LOOK_UP}"
    if not _EXPONENT.fullmatch(value):
        return ""
    figure = Decimal(value)
    # Written out it would have too many digits as well.
    if abs(figure.adjusted()) >= MOST_DIGITS:
        return LOOK_UP
    return f"Write it without an exponent, all digits as the source has them: {figure:f}."


def _plain_remedy(bare: str, pointed: str, *, whole: bool) -> str:
    """Return the remedy for a number without thousands separators."""
    if whole and (match := re.fullmatch(r"(-?[0-9]+)\.0+", pointed)):
        return f"Write {match[1]}."
    if whole and bare != bare.replace(",", ".").partition(".")[0]:
        return "Write a whole number."
    if pointed != bare:
        return f"Use a decimal point: {pointed}."
    return f"Write the digits alone: {bare}."


def _year_remedy(value: str) -> str:
    """Return the remedy for a year in another form."""
    if match := re.match(r"((?:19|20)\d\d)(?![0-9])", value):
        return f"Write the year alone: {match[1]}."
    if re.fullmatch(r"'?\d\d", value):
        return "Write all four digits of the year."
    return "Write a whole number."


def _day_remedy(value: str, *, part: bool) -> str:
    """Return the remedy for a day that does not exist, or that is written in another form."""
    if re.fullmatch(r"\d{4}-\d\d(-\d\d)?", value):
        exists = part or len(value) == len("2026-02-27")
        return "No calendar has it; look it up in the source." if exists else _WRITE_DAY
    # Serial numbers of recent days have five digits.
    if re.fullmatch(r"\d{5}", value):
        day = _DAY_ZERO + dt.timedelta(days=int(value))
        return f"A spreadsheet has made a number of the day: {day}, if it counts from 1900."
    if match := re.fullmatch(r"(\d{4})\.0+", value):
        return f"Write {match[1]}."
    if match := _MONTH_AND_YEAR.fullmatch(value):
        return f"A spreadsheet has made a month of it: {_format_month(match)}. {_WRITE_DAY}"
    day_text = _parse_day(value)
    return f"{_WRITE_DAY[:-1]}: {day_text}." if day_text else _WRITE_DAY


def _parse_day(value: str) -> str:
    """Return the only day that a text can mean, or '' where it can mean several or none."""
    match = re.fullmatch(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})([ T]00:00(:00)?)?", value)
    if not match:
        return ""
    one, two, three = (int(number) for number in match.groups()[:3])
    # A year in front is followed by month and day; at the end, day and month come in either order.
    orders = {(one, two, three)} if one >= FIRST_YEAR else {(three, two, one), (three, one, two)}
    days: set[dt.date] = set()
    for order in orders:
        with suppress(ValueError):
            days.add(dt.date(*order))
    return days.pop().isoformat() if len(days) == 1 and min(days).year >= FIRST_YEAR else ""


def _format_month(match: re.Match[str]) -> str:
    """Return a month that a spreadsheet shows as `Jan-24` in the form 2024-01."""
    return f"20{match['year'][-2:]}-{_MONTHS.index(match['month'].casefold()) + 1:02}"
