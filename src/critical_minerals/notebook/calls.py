"""Check the calls of a notebook's functions; report mistakes in the words of who wrote the call.

A notebook's session checks a call before anything else: deeper down the same mistake would end as a
missing attribute or key, or in silence as a wrong word in the report.
"""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from inspect import signature
from numbers import Number
from pathlib import Path
from typing import Any, Final, cast, get_args

import pandas as pd

from critical_minerals.errors import UsageError, describe, hint
from critical_minerals.language.catalogue import Text, check_facts
from critical_minerals.language.quantities import Quantity, check_number

_NAME: Final = re.compile(r"[A-Za-z]\w*")
_IDENTIFIER: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EXPECTED: Final[Mapping[type, str]] = {
    str: 'a name in quotes, such as "total"',
    pd.DataFrame: "a table's rows",
    Text: 'a text of the catalogue: say("its-key")',
}


def check_kinds(call: str, **arguments: tuple[object, type]) -> None:
    """Check that arguments are of their kinds; `call` says how the function is called.

    Raises `UsageError` naming the first that is not, and what was given in its place.
    """
    mismatched = {name: pair for name, pair in arguments.items() if not isinstance(*pair)}
    if not mismatched:
        return
    name, (value, kind) = next(iter(mismatched.items()))
    # An argument that fits a neighbour's place was most likely put there by mistake.
    fits = next(
        (
            other
            for other, (_, expected) in arguments.items()
            if other != name and isinstance(value, expected)
        ),
        None,
    )
    swapped = f" It would fit as {fits}: are they swapped?" if fits else ""
    msg = f"{call}: {name} is {describe(value)}; expected {_EXPECTED[kind]}.{swapped}"
    raise UsageError(msg)


def check_notebook(name: str, folder: Path) -> None:
    """Check that the folder has a notebook of this name; one without notebooks is not checked."""
    check_kinds("open_notebook(name, …)", name=(name, str))
    known = sorted(path.stem for path in folder.glob("*.ipynb"))
    if known and name not in known:
        msg = f"There is no notebook {name!r} in {folder.name}/. {hint(name, known)}"
        raise UsageError(msg)


def check_content(name: object, content: object) -> None:
    """Check that a value has a name that documents can refer to, and is a quantity or a text."""
    call = "nb.value(name, content, rows)"
    if not isinstance(content, (*get_args(Quantity), Text)):
        msg = f"{call}: content of {name!r} is {describe(content)}; {_suggest_content(content)}."
        raise UsageError(msg)
    if isinstance(content, Text):
        check_facts(content)
    check_kinds(call, name=(name, str))
    if not _NAME.fullmatch(str(name)):
        msg = f"{call}: {name!r} cannot be a value's name; expected letters, digits and _ alone."
        raise UsageError(msg)


def check_rows(name: str, rows: object) -> Sequence[pd.DataFrame]:
    """Return the frames that a value is based on, given one frame or several."""
    # A text is a sequence too, and a frame is none.
    several = isinstance(rows, Sequence) and not isinstance(rows, str)
    frames: Sequence[Any] = cast("Sequence[Any]", rows) if several else [rows]
    for frame in frames:
        if not isinstance(frame, pd.DataFrame):
            single_row = " A row on its own is frame.iloc[[0]], with two brackets."
            advice = single_row if isinstance(frame, pd.Series) else ""
            msg = f"rows of {name!r} are {describe(frame)}; expected a table's rows.{advice}"
            raise UsageError(msg)
    return frames


def check_identifier(identifier: object, prefix: str) -> None:
    """Check that a figure or table is called `fig-…` or `tbl-…`, as documents refer to it."""
    text = str(identifier)
    name = text.removeprefix(prefix)
    if name == text or not _IDENTIFIER.fullmatch(name):
        # What is merely written another way is corrected in the message.
        slug = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
        suggestion = re.sub(r"^(fig|tbl)-", "", slug)
        msg = f"{text!r} cannot be an identifier; expected small letters behind {prefix!r}: "
        raise UsageError(msg + repr(prefix + suggestion))


def check_texts(identifier: str, **texts: object) -> None:
    """Check that texts are of the catalogue; what they say is checked where it is written."""
    for role, text in texts.items():
        if not isinstance(text, Text):
            msg = (
                f"{role} of {identifier} is {describe(text)}; expected {_EXPECTED[Text]}. "
                "Its words stand in language/texts, in English and in French."
            )
            raise UsageError(msg)


def check_columns(argument: str, names: object) -> None:
    """Check that columns are asked for as a list of names."""
    # A string is a sequence too: of a single column it would be read letter by letter.
    if isinstance(names, str) or not isinstance(names, Sequence):
        msg = f"{argument} is {describe(names)}; expected a list of columns: [{names!r}]."
        raise UsageError(msg)


def check_has(call: str, rows: pd.DataFrame, *columns: str) -> None:
    """Check that rows are a table's and have some columns; `call` says how they are given."""
    check_kinds(call, rows=(rows, pd.DataFrame))
    for column in columns:
        if column not in rows:
            msg = f"{call}: the rows have no column {column!r}. {hint(column, [*rows.columns])}"
            raise UsageError(msg)


def check_first(call: str, rows: pd.DataFrame, *columns: str) -> None:
    """Check that there is a first row, with some columns."""
    check_has(call, rows, *columns)
    if rows.empty:
        msg = (
            f"{call}: there are no rows. Give a function that takes them, which is asked where "
            "there are any: nb.value(name, nb.amount_of, rows)."
        )
        raise UsageError(msg)


def check_widths(identifier: str, show: Sequence[str], widths: object) -> None:
    """Check that each column has one width."""
    if isinstance(widths, str) or not isinstance(widths, Sequence):
        msg = f"widths of {identifier} are {describe(widths)}; expected a number for each column."
        raise UsageError(msg)
    for width in widths:
        check_number(f"widths of {identifier}", width)
    if len(widths) != len(show):
        msg = f"{identifier} shows {len(show)} columns and has {len(widths)} widths: one for each."
        raise UsageError(msg)


def check_draw(identifier: str, draw: object) -> None:
    """Check that a figure is given the function that draws it, and not what this returns."""
    if not callable(draw):
        msg = (
            f"draw of {identifier} is {describe(draw)}; expected the function that draws, which "
            "is called once for each language: charts.envelopes, without brackets."
        )
        raise UsageError(msg)
    with suppress(ValueError):  # what is built in may not say what it takes
        _check_takes_two(identifier, draw)


class Names:
    """The names under which a notebook has published, each used once.

    A cell that a person runs again replaces what it published; under papermill, or where another
    cell holds the name, the second use would take the first one's place in silence.
    """

    def __init__(self) -> None:
        self._used: dict[str, tuple[str, int]] = {}

    @contextmanager
    def once(self, name: str, cell: str) -> Generator[None]:
        """Publish under a name within a cell (its id, empty where the cell is not saved).

        A call that fails takes no name: it is corrected and made again.
        """
        previous, current = self._used.get(name), (cell, _execution_count())
        if previous is not None:
            # The counter of executions tells a second run of one cell from a second use within it;
            # without a saved id (a new cell) either may be the same one.
            is_rerun = previous[1] != current[1] and (
                not cell or not previous[0] or cell == previous[0]
            )
            if not is_rerun:
                place = f" by cell {previous[0]}" if previous[0] else ""
                msg = f"{name!r} is published already{place}. Give one of the two another name."
                raise UsageError(msg)
        yield
        self._used[name] = current


def _check_takes_two(identifier: str, draw: Callable[..., object]) -> None:
    """Check that a function can be called with the rows and the edition."""
    parameters = signature(draw)
    try:
        parameters.bind(None, None)
    except TypeError:
        name = getattr(draw, "__name__", "it")
        msg = (
            f"draw of {identifier} takes {name}{parameters}; it is called with two arguments: the "
            "rows, and the edition, which knows the language."
        )
        raise UsageError(msg) from None


def _execution_count() -> int:
    """Return the number of the cell's execution; 0 outside a notebook."""
    # Not imported: outside a notebook it is not loaded, and loading it takes time.
    ipython = sys.modules.get("IPython")
    return getattr(ipython and ipython.get_ipython(), "execution_count", 0)


def _suggest_content(content: object) -> str:
    """Suggest how plain Python content becomes something that can be published."""
    match content:
        case None:
            return "does the function that made it end with return?"
        case str():
            return f"expected {_EXPECTED[Text]}"
        case dt.date():
            return f'wrap it: Date("{content:%Y-%m-%d}")'
        case Number():
            return f"wrap it: Count({content}), or Money, Percent, Measure, Year"
        case _:
            return "expected a quantity such as Count(33), or a text: are the arguments swapped?"
