"""Recognise lists of provincial awards whose fund has the same acronym as a federal one.

Ontario's Critical Minerals Innovation Fund and the federal Critical Minerals Infrastructure Fund
are both called CMIF. Ontario's list names neither province nor fund.

Its traps, each with its test: docs/traps.md#provincial-awards
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from critical_minerals.errors import FiguresError
from critical_minerals.readers.seen import RecognisedFile, read_header

_ONTARIO_COLUMNS: Final = [
    "CMIF Intake",
    "Company Name",
    "Project Name",
    "Approved Funding Amount ($)",
]
_MAPPING_REMEDY: Final = (
    "Name its programme of the province in the vocabulary of programmes, and map the columns in a "
    "mapping file: programme, announced and source_id as constants."
)


def is_ontario(path: Path) -> bool:
    """Tell whether a file is Ontario's list of awards, whatever its mapping says."""
    return [cell.strip() for cell in read_header(path)[: len(_ONTARIO_COLUMNS)]] == _ONTARIO_COLUMNS


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise Ontario's list. Raises `FiguresError` with what a mapping file has to state."""
    # Nothing in a row says that it is Ontario's, and CMIF is the federal fund in the vocabulary of
    # programmes: without a mapping its awards could be filed under that.
    if is_ontario(path):
        raise ontario_list_error(path.name)
    return None


def ontario_list_error(name: str) -> FiguresError:
    """Build the error that a list is Ontario's, and what it lacks."""
    expected = (
        "a programme of Ontario: these are awards of its Critical Minerals Innovation Fund, whose "
        "letters are those of the federal Critical Minerals Infrastructure Fund"
    )
    return FiguresError.of(file=name, value="CMIF", expected=expected, remedy=_MAPPING_REMEDY)
