"""Write what changed in the figures as a comment, from the file of `pipeline.py changes --json`.

It needs nothing but Python, and what a cell holds stays text: it mentions nobody and links nowhere.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

_LISTED: Final = 20
_KINDS: Final = {
    "value": "values in the text",
    "row": "rows of tables",
    "claim": "claims",
    "chart": "charts",
    "table": "tables of the report",
    "source": "sources",
}
_MARKS: Final = str.maketrans(
    {mark: f"&#{ord(mark)};" for mark in r"\`*_{}[]()<>#+|!@&~:/"} | {"\n": " ", "\r": " "}
)


def comment(content: Mapping[str, Any]) -> str:
    """Return the comment: counts by kind, then the largest changes of what the text says."""
    return "\n".join(_lines(content)) + "\n"


def _lines(content: Mapping[str, Any]) -> Iterator[str]:
    yield "## What this changes in the figures"
    yield ""
    changes = content["changes"]
    if not changes:
        yield "No figure changed."
        return
    yield "| | revised | removed | added |"
    yield "|---|--:|--:|--:|"
    for kind, named in _KINDS.items():
        counts = content["counts"][kind]
        if any(counts.values()):
            yield f"| {named} | {counts['revised']} | {counts['removed']} | {counts['added']} |"
    told = [each for each in changes if each["kind"] == "value"]
    if told:
        yield ""
        yield "| value | before | after | why |"
        yield "|---|---|---|---|"
        for each in told[:_LISTED]:
            cells = (each["name"], _said(each["before"]), _said(each["after"]), _why(each))
            yield f"| {' | '.join(cell.translate(_MARKS) for cell in cells)} |"
    if len(told) > _LISTED:
        yield ""
        yield f"And {len(told) - _LISTED} more values."
    yield ""
    yield "The report of this change, with every change in it, is among the files of this run."


def _said(texts: Mapping[str, str]) -> str:
    return texts.get("en") or "–"


def _why(change: Mapping[str, Any]) -> str:
    """Give the reason, and the first raw row that speaks for it."""
    rows = change["raw"]
    return f"{change['why']} ({rows[0]['origin']})" if rows else str(change["why"])


if __name__ == "__main__":
    sys.stdout.write(comment(json.loads(Path(sys.argv[1]).read_text("utf-8"))))
