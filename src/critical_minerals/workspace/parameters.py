"""The parameters of a run: defaults, then `parameters.toml`, then the command line.

They are read in every run, also one that has nothing to do but typeset a sentence: hence the plain
dataclass, which costs a tenth of a second less to load than a pydantic model.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import Field, asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Literal, TypeVar, get_args

from critical_minerals.errors import UsageError, hint

Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
"""The editions that there can be."""
OTHER_LANGUAGE: Final[Mapping[Language, Language]] = {"en": "fr", "fr": "en"}
LOCALES: Final[Mapping[Language, str]] = {"en": "en_CA", "fr": "fr_CA"}
"""The locale by which each language is written, as Babel and Fluent name it."""
NO_CURRENCY: Final = "XXX"
"""What ISO 4217 writes where there is no currency: a report that declares none has no amounts."""

_LIMITS: Final = "limits"
"""The table of a parameters file that limits how notebooks run: no figure depends on it."""
_PUBLICATION: Final = "publication"
"""The table of a parameters file that says who publishes the report: no figure depends on it."""
# Wide enough for any figure, narrow enough to catch a slip of the keyboard such as 1017.
_FIRST_YEAR: Final = 1900
_LAST_YEAR: Final = 2100


Kind = TypeVar("Kind", bound="Parameters")
"""The parameters of some project."""


def shown_in(base: str, *others: str) -> Any:
    """Declare the currencies in which a report can be shown, by their ISO codes.

    `base` is the one in which its tables hold amounts, and the one that is shown unless asked
    otherwise. What each is called and its sign are texts: `currency-usd`, `currency-usd-sign`.
    """
    return field(default=base, metadata={"currencies": (base, *others)})


class _InvalidValueError(ValueError):
    """A value that a parameter cannot take, with the reason."""

    def __init__(self, value: object, reason: str) -> None:
        super().__init__(reason)
        self.value = value


def _day(value: Any) -> dt.date:
    """Read a day; reject a number, which would be read as seconds since 1970."""
    # A time of day is a `date` to Python as well; TOML has both.
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        raise _InvalidValueError(value, "a day is written such as 2025-03-31")
    try:
        return dt.date.fromisoformat(str(value))
    except ValueError as error:
        raise _InvalidValueError(value, str(error)) from error


def _year(value: Any) -> int:
    if (
        # ASCII digits: `\d` alone also takes those of other scripts.
        not re.fullmatch(r"\d{4}", str(value), re.ASCII)
        or not _FIRST_YEAR <= int(value) <= _LAST_YEAR
    ):
        raise _InvalidValueError(value, f"a year lies between {_FIRST_YEAR} and {_LAST_YEAR}")
    return int(value)


def _one_of(*known: str) -> Callable[[Any], str]:
    """Return a function that reads one of some words."""
    *most, last = map(repr, known)
    choices = f"{', '.join(most)} or {last}" if most else last

    def read(value: Any) -> str:
        if value not in known:
            raise _InvalidValueError(value, f"it is {choices}")
        return value

    return read


def _list_of(read: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    """Return a function that reads a list of at least one word, each word once."""

    def read_all(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not value:
            raise _InvalidValueError(value, "it is a list of at least one")
        # `--language en --language en` asks for one edition; two of them would write the same
        # files.
        return tuple(dict.fromkeys(read(item) for item in value))

    return read_all


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise _InvalidValueError(value, "it is a word")
    return value


@dataclass(frozen=True)
class Parameters:
    """What a run of any report can be asked for; every notebook takes the same parameters.

    A report adds its own, each a choice of ids (`chosen`).
    """

    as_of: dt.date = dt.date(2026, 9, 30)
    period_start: int = 2017
    period_end: int = 2026
    languages: tuple[Language, ...] = LANGUAGES
    currency: str = shown_in(NO_CURRENCY)

    @classmethod
    def base(cls) -> str:
        """Name the currency in which tables hold amounts."""
        return str(cls.__dataclass_fields__["currency"].default)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Name the parameters, in their order."""
        return tuple(each.name for each in fields(cls))

    @classmethod
    def choices(cls) -> list[Choice]:
        """Describe the parameters of this report that choose some ids."""
        return [
            Choice(each.name, *(each.metadata[part] for part in ("of", "help", "listed")))
            for each in fields(cls)
            if "of" in each.metadata
        ]

    def for_papermill(self) -> dict[str, Any]:
        """Write the parameters as plain values that a notebook's parameter cell can hold."""
        return {name: _plain(getattr(self, name)) for name in self.names()}


@dataclass(frozen=True)
class Choice:
    """A parameter that chooses some ids of a list of names (`of`), such as minerals.

    `listed` is a raw table of those that the report is about, in a column named as `of` is.
    """

    name: str
    of: str
    help: str
    listed: str = ""


def chosen(
    default: tuple[str, ...],
    *,
    of: str,
    help: str,  # noqa: A002 - as typer's
    listed: str = "",
) -> Any:
    """Declare a parameter that chooses ids of a list of names, by what the list names (`of`)."""
    return field(default=default, metadata={"of": of, "help": help, "listed": listed})


def check_chosen(choice: Choice, identifiers: Sequence[str], known: Sequence[str]) -> None:
    """Reject an id that the list of names does not know. Raises `UsageError` with the nearest."""
    for identifier in identifiers:
        if identifier not in known:
            msg = (
                f"Parameter {choice.name}: there is no {choice.of} {identifier!r}. "
                f"{hint(identifier, known)}"
            )
            raise UsageError(msg)


def last_year_of(as_of: dt.date) -> int:
    """Return the last year of which a figure can be in a report as of some day: the next one.

    A report of an earlier day leaves the later figures out; it does not take them for mistyped.
    """
    return max(as_of, Parameters().as_of).year + 1


_READERS: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = {
    "as_of": (_day, "Report the figures that were public on this day."),
    "period_start": (_year, "First year shown in charts over time."),
    "period_end": (_year, "Last year shown in charts over time."),
    "languages": (_list_of(_one_of(*LANGUAGES)), "Editions to publish: en, fr."),
}
"""The reader and the meaning of each parameter that all reports have."""


def _reader_of(parameter: Field[Any]) -> tuple[Callable[[Any], Any], str]:
    """Return the function that reads a parameter, and what the parameter means."""
    if "of" in parameter.metadata:
        return _list_of(_string), parameter.metadata["help"]
    if "currencies" in parameter.metadata:
        return _one_of(*parameter.metadata["currencies"]), "Currency in which amounts are shown."
    return _READERS[parameter.name]


@dataclass(frozen=True)
class Limits:
    """What one notebook may use before it is ended."""

    notebook_seconds: float = 600
    notebook_gigabytes: float = 4
    """Memory of its own, beside what it shares with the parent of all kernels."""


def load_limits(file: Path) -> Limits:
    """Read the table `[limits]` of a parameters file; what it does not say is as usual.

    Raises `UsageError` that names every wrong or unknown limit.
    """
    values, known = _from_file(file).get(_LIMITS, {}), [*asdict(Limits())]
    if not isinstance(values, Mapping):
        msg = f"{file.name}: limits is a table: [limits], then a line such as {known[0]} = 600"
        raise UsageError(msg)
    errors = [
        f"There is no limit {name!r}. {hint(name, known)}" for name in values if name not in known
    ]
    errors += [
        f"Limit {name}: {value!r} does not fit: it is a number above zero."
        for name, value in values.items()
        # `type`, not `isinstance`: `true` is a number to Python.
        if name in known and not (type(value) in {int, float} and 0 < value < math.inf)
    ]
    if errors:
        raise UsageError("\n".join(f"{file.name}: {error}" for error in errors))
    return Limits(**values)


@dataclass(frozen=True)
class Publication:
    """Who made the report, whom to ask, and the day of the next one; what is unset is left out."""

    made_by: str = ""
    contact: str = ""
    next_update: str = ""


def load_publication(file: Path) -> Publication:
    """Read the table `[publication]` of a parameters file.

    Raises `UsageError` that names what is unknown, no text, or no day.
    """
    values, known = _from_file(file).get(_PUBLICATION, {}), [*asdict(Publication())]
    if not isinstance(values, Mapping):
        msg = f'{file.name}: publication is a table: [publication], then {known[0]} = "..."'
        raise UsageError(msg)
    errors, parsed = list[str](), dict[str, str]()
    for name, value in values.items():
        if name not in known:
            errors.append(f"There is no {name!r} in [publication]. {hint(name, known)}")
            continue
        try:
            read = _string if name != "next_update" or value == "" else _day
            parsed[name] = str(read(value))
        except _InvalidValueError as error:
            errors.append(f"publication.{name}: {error.value!r} does not fit: {error}.")
    if errors:
        raise UsageError("\n".join(f"{file.name}: {message}" for message in errors))
    return Publication(**parsed)


def load_parameters(
    file: Path | None,
    given: Mapping[str, Any],
    kind: type[Kind],
    today: dt.date | None = None,
) -> Kind:
    """Combine the defaults, a parameters file and what was given by hand.

    `kind` are the parameters that the project declares. Raises `UsageError` that names every wrong
    or unknown parameter.
    """
    file_values = _from_file(file) if file else {}
    # They limit or sign a run and change no figure, so that no notebook takes them.
    for table in (_LIMITS, _PUBLICATION):
        file_values.pop(table, None)
    return parse_parameters({**file_values, **given}, kind, today)


def parse_parameters(
    given: Mapping[str, Any], kind: type[Kind], today: dt.date | None = None
) -> Kind:
    """Check parameters that are already in one mapping; `today` is what the clock says.

    Raises `UsageError` that names every wrong or unknown parameter.

    >>> parse_parameters({"as_of": "2025-03-31"}, Parameters).as_of
    datetime.date(2025, 3, 31)
    """
    known = {each.name: each for each in fields(kind)}
    unknown = [name for name in given if name not in known]
    # Names before values: nobody knows how the value of an unknown parameter is to be read.
    if unknown:
        lines = [f"There is no parameter {name!r}. {hint(name, [*known])}" for name in unknown]
        raise UsageError("\n".join(lines))
    parsed, errors = dict[str, Any](), list[str]()
    for name, value in given.items():
        read, meaning = _reader_of(known[name])
        try:
            parsed[name] = read(value)
        except _InvalidValueError as error:
            errors.append(f"Parameter {name}: {error.value!r} does not fit: {error}. {meaning}")
    if errors:
        raise UsageError("\n".join(errors))
    parameters = kind(**parsed)
    _check_not_future(parameters.as_of, today or today_here())
    _check_period(parameters)
    return parameters


def today_here() -> dt.date:
    """Return the day that this computer's clock says."""
    return dt.datetime.now().astimezone().date()


def _check_not_future(as_of: dt.date, today: dt.date) -> None:
    """Reject a day that is yet to come: nobody knows what will be public then."""
    if as_of > today:
        msg = (
            f"Parameter as_of: {as_of} is in the future, today is {today}. "
            "Give today or a day before it."
        )
        raise UsageError(msg)


def _check_period(parameters: Parameters) -> None:
    """Reject a period that ends before it starts."""
    first, last = parameters.period_start, parameters.period_end
    if first > last:
        msg = f"period_start {first} is after period_end {last}."
        raise UsageError(msg)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _from_file(file: Path) -> dict[str, Any]:
    """Read a parameters file; a missing file gives no values."""
    if not file.is_file():
        return {}
    try:
        # Windows' own editor begins a file with a byte-order mark, which TOML does not know.
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, a number without end
        msg = f"{file.name} cannot be read: {error}"
        raise UsageError(msg) from error
