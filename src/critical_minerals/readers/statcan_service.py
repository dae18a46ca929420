"""Read answers of Statistics Canada's Web Data Service: data of vectors, and metadata of a table.

| trap | what is done |
|---|---|
| metadata alone, or in a list with `status` and `object` | one and the same |
| `value` null, a number or a string | a number, or none |
| codes are numbers where the tables have letters | kept: the Service's getCodeSets says them |
| `scalarFactorCode` | `number` is the figure in whole units |
| coordinates of ten positions, `1.10.0.0.0.0.0.0.0.0` | shortened as the tables write them |
| products of eight digits as number or text | text |
| `status` FAILED of one of several | told, and none of the answer is used |
| answers in another order than was asked | each point names its vector |
| the list of changed tables, one object with a list | told as what it is: it has no figures |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import json_content
from critical_minerals.readers.seen import Seen, seen_at_statcan, table_number

_COLUMNS: Final = (
    "product",
    "coordinate",
    "vector",
    "period",
    "value",
    "number",
    "status",
    "symbol",
    "released",
)
_LARGEST: Final = 50_000_000
"""No answer of the Service is larger, in bytes: it gives 300 vectors at a time."""


def read_points(path: Path, name: str) -> pd.DataFrame:
    """Read the data points of an answer.

    Columns: `product`, `coordinate`, `vector` (`v` and its number), `period` (its first day),
    `value` as it is printed, `number` in whole units, `status` and `symbol` as the codes of the
    Service, `released`. Raises `FiguresError` for any other answer, and for a failed one.
    """
    records = [
        {
            "product": str(told["productId"]),
            "coordinate": _short(str(told["coordinate"])),
            "vector": f"v{told['vectorId']}",
            "period": point["refPer"],
            "value": "" if point["value"] is None else str(point["value"]),
            "number": _number(point),
            "status": point["statusCode"],
            "symbol": point["symbolCode"],
            "released": point["releaseTime"],
        }
        for told in _objects(path, name)
        for point in _points(told)
    ]
    if not records:
        raise _refused(name, "an answer with vectorDataPoint")
    return pd.DataFrame(records, columns=[*_COLUMNS])


def recognise(path: Path) -> Seen | None:
    """Know an answer by what it says. Raises `FiguresError` for one that holds no figures."""
    answer = _answer(path)
    if answer is None:
        return None
    if not isinstance(answer, list) and isinstance(answer.get("object"), list):
        expected = "figures; this is the list of tables that changed on a day, and holds none"
        raise _refused(path.name, expected, "Add the zip of the table that it names.")
    objects = _objects(path, path.name)
    first = objects[0]
    pid = str(first["productId"])
    points = [point for told in objects for point in _points(told)]
    days = sorted(str(point["refPer"]) for point in points)
    released = str(first.get("releaseTime") or max((p["releaseTime"] for p in points), default=""))
    of = first.get("cubeTitleEn", "data of vectors")
    ends = (str(first.get("cubeStartDate", "")), str(first.get("cubeEndDate", "")))
    return seen_at_statcan(
        format="statcan_points" if points else "statcan_metadata",
        title=f"Table {table_number(pid)}, {of} (answer of the Web Data Service)",
        period=f"{days[0]}–{days[-1]}" if days else "–".join(ends),
        edition=released[:10],
        published=released[:10],
        source_id=f"STATCAN_{pid}",
        product=pid,
        address=f"https://www150.statcan.gc.ca/t1/tbl1/en/tv.action?pid={pid}01",
        rows=len(points),
    )


def _answer(path: Path) -> list[Any] | dict[str, Any] | None:
    """Return an answer of the Service; None for any other file."""
    content = json_content(path, _LARGEST)
    objects = cast("list[Any]", content) if isinstance(content, list) else [content]
    known = [
        isinstance(one, dict) and ("productId" in one or {"status", "object"} <= {*one})
        for one in objects
    ]
    return cast("list[Any] | dict[str, Any]", content) if known and all(known) else None


def _objects(path: Path, name: str) -> Sequence[Mapping[str, Any]]:
    """Return the objects of an answer, out of their envelopes."""
    answer = _answer(path)
    if answer is None:
        raise _refused(name, "an answer of the Web Data Service")
    told: list[Mapping[str, Any]] = []
    for one in answer if isinstance(answer, list) else [answer]:
        if one.get("status", "SUCCESS") != "SUCCESS":
            expected = "an answer with the status SUCCESS"
            raise _refused(name, expected, "Ask the Service again.", str(one["status"]))
        inside = one.get("object", one)
        told += inside if isinstance(inside, list) else [inside]
    return told


def _points(told: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return told.get("vectorDataPoint", ())


def _number(point: Mapping[str, Any]) -> float | None:
    value = point["value"]
    return None if value in (None, "") else float(value) * 10.0 ** point["scalarFactorCode"]


def _short(coordinate: str) -> str:
    """Write a coordinate as the tables do.

    >>> _short("1.10.0.0.0.0.0.0.0.0")
    '1.10'
    """
    return ".".join(part for part in coordinate.split(".") if part != "0")


def _refused(
    name: str,
    expected: str,
    remedy: str = "Ask the Service again, and keep its answer as it is.",
    value: str | None = None,
) -> FiguresError:
    return FiguresError.of(name, expected, remedy, value=value)
