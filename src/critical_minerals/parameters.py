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

_LIMITS: Final = "limits"
"""The table of a parameters file that limits how notebooks run: no figure depends on it."""
_PUBLICATION: Final = "publication"
"""The table of a parameters file that says who publishes the report: no figure depends on it."""
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


class _UnfitError(ValueError):
    """A value that does not fit, and why."""

    def __init__(self, value: object, why: str) -> None:
        super().__init__(why)
        self.value = value


def _day(given: Any) -> dt.date:
    """Read a day; refuse what would be read as seconds since 1970."""
    if isinstance(given, dt.date) and not isinstance(given, dt.datetime):
        return given
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(given)):
        raise _UnfitError(given, "a day is written such as 2025-03-31")
    try:
        return dt.date.fromisoformat(str(given))
    except ValueError as error:
        raise _UnfitError(given, str(error)) from error


def _year(given: Any) -> int:
    if (
        not re.fullmatch(r"\d{4}", str(given), re.ASCII)
        or not _FIRST_YEAR <= int(given) <= _LAST_YEAR
    ):
        raise _UnfitError(given, f"a year lies between {_FIRST_YEAR} and {_LAST_YEAR}")
    return int(given)


def _one_of(*known: str) -> Callable[[Any], str]:
    """Return what reads one of some words."""
    *most, last = map(repr, known)
    words = f"{', '.join(most)} or {last}" if most else last

    def read(given: Any) -> str:
        if given not in known:
            raise _UnfitError(given, f"it is {words}")
        return given

    return read


def _some(read: Callable[[Any], str]) -> Callable[[Any], tuple[str, ...]]:
    """Return what reads a list of at least one word, naming each once however often it is there."""

    def read_all(given: Any) -> tuple[str, ...]:
        if not isinstance(given, list | tuple) or not given:
            raise _UnfitError(given, "it is a list of at least one")
        return tuple(dict.fromkeys(read(one) for one in given))

    return read_all


def _word(given: Any) -> str:
    if not isinstance(given, str):
        raise _UnfitError(given, "it is a word")
    return given


@dataclass(frozen=True)
class Parameters:
    """What a run of any report can be asked for; every notebook takes the same parameters.

    A report adds its own, each a choice of ids (`chosen`).
    """

    as_of: dt.date = dt.date(2026, 9, 30)
    period_start: int = 2017
    period_end: int = 2026
    languages: tuple[Language, ...] = LANGUAGES
    currency: str = shown_in("CAD", "USD")

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


def check_chosen(choice: Choice, given: Sequence[str], known: Sequence[str]) -> None:
    """Refuse an id that the list of names does not know. Raises `UsageError` with the nearest."""
    for identifier in given:
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


_READ: Final[Mapping[str, tuple[Callable[[Any], Any], str]]] = {
    "as_of": (_day, "Report the figures that were public on this day."),
    "period_start": (_year, "First year shown in charts over time."),
    "period_end": (_year, "Last year shown in charts over time."),
    "languages": (_some(_one_of(*LANGUAGES)), "Editions to publish: en, fr."),
}
"""How each parameter that all reports have is read, and what it means."""


def _reading(each: Field[Any]) -> tuple[Callable[[Any], Any], str]:
    """Return how a parameter is read, and what it means."""
    if "of" in each.metadata:
        return _some(_word), each.metadata["help"]
    if "currencies" in each.metadata:
        return _one_of(*each.metadata["currencies"]), "Currency in which amounts are shown."
    return _READ[each.name]


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
    given, known = _from_file(file).get(_LIMITS, {}), [*asdict(Limits())]
    if not isinstance(given, Mapping):
        msg = f"{file.name}: limits is a table: [limits], then a line such as {known[0]} = 600"
        raise UsageError(msg)
    faults = [
        f"There is no limit {name!r}. {hint(name, known)}" for name in given if name not in known
    ]
    faults += [
        f"Limit {name}: {value!r} does not fit: it is a number above zero."
        for name, value in given.items()
        if name in known and not (type(value) in {int, float} and 0 < value < math.inf)
    ]
    if faults:
        raise UsageError("\n".join(f"{file.name}: {fault}" for fault in faults))
    return Limits(**given)


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
    given, known = _from_file(file).get(_PUBLICATION, {}), [*asdict(Publication())]
    if not isinstance(given, Mapping):
        msg = f'{file.name}: publication is a table: [publication], then {known[0]} = "..."'
        raise UsageError(msg)
    faults, read = list[str](), dict[str, str]()
    for name, value in given.items():
        if name not in known:
            faults.append(f"There is no {name!r} in [publication]. {hint(name, known)}")
            continue
        try:
            reads = _word if name != "next_update" or value == "" else _day
            read[name] = str(reads(value))
        except _UnfitError as error:
            faults.append(f"publication.{name}: {error.value!r} does not fit: {error}.")
    if faults:
        raise UsageError("\n".join(f"{file.name}: {fault}" for fault in faults))
    return Publication(**read)


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
    lasting = _from_file(file) if file else {}
    for table in (_LIMITS, _PUBLICATION):
        lasting.pop(table, None)
    return parse_parameters({**lasting, **given}, kind, today)


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
    if unknown:
        lines = [f"There is no parameter {name!r}. {hint(name, [*known])}" for name in unknown]
        raise UsageError("\n".join(lines))
    read, faults = dict[str, Any](), list[str]()
    for name, value in given.items():
        reads, meaning = _reading(known[name])
        try:
            read[name] = reads(value)
        except _UnfitError as error:
            faults.append(f"Parameter {name}: {error.value!r} does not fit: {error}. {meaning}")
    if faults:
        raise UsageError("\n".join(faults))
    parameters = kind(**read)
    _refuse_the_future(parameters.as_of, today or today_here())
    _refuse_no_period(parameters)
    return parameters


def today_here() -> dt.date:
    """Return the day that this computer's clock says."""
    return dt.datetime.now().astimezone().date()


def _refuse_the_future(as_of: dt.date, today: dt.date) -> None:
    """Refuse a day that is yet to come: nobody knows what will be public then."""
    if as_of > today:
        msg = (
            f"Parameter as_of: {as_of} is in the future, today is {today}. "
            "Give today or a day before it."
        )
        raise UsageError(msg)


def _refuse_no_period(parameters: Parameters) -> None:
    """Refuse a period that ends before it starts."""
    first, last = parameters.period_start, parameters.period_end
    if first > last:
        msg = f"period_start {first} is after period_end {last}."
        raise UsageError(msg)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _from_file(file: Path) -> dict[str, Any]:
    """Read a parameters file; a file that is not there gives nothing."""
    if not file.is_file():
        return {}
    try:
        # Windows' own editor begins a file with a byte-order mark, which TOML does not know.
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # no TOML, no UTF-8, a number without end
        msg = f"{file.name} cannot be read: {error}"
        raise UsageError(msg) from error
