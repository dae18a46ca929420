"""Read answers of Statistics Canada's Web Data Service: data of vectors, and metadata of a table.

Its traps, each with its test: docs/traps.md#statcan-service
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import read_json
from critical_minerals.readers.seen import RecognisedFile, describe_statcan_file, table_number

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
_MAX_BYTES: Final = 50_000_000
"""No answer of the Service is larger: it returns at most 300 vectors at a time."""


def read_points(path: Path, name: str) -> pd.DataFrame:
    """Read the data points of an answer.

    Columns: `product`, `coordinate`, `vector` (`v` and its number), `period` (its first day),
    `value` as it is printed, `number` in whole units, `status` and `symbol` as the codes of the
    Service, `released`. Raises `FiguresError` for any other answer, and for a failed one.
    """
    records = [
        {
            "product": str(series["productId"]),
            "coordinate": _trim_coordinate(str(series["coordinate"])),
            "vector": f"v{series['vectorId']}",
            "period": point["refPer"],
            "value": "" if point["value"] is None else str(point["value"]),
            "number": _to_whole_units(point),
            "status": point["statusCode"],
            "symbol": point["symbolCode"],
            "released": point["releaseTime"],
        }
        for series in _read_objects(path, name)
        for point in _points(series)
    ]
    if not records:
        raise _invalid_file(name, "an answer with vectorDataPoint")
    return pd.DataFrame(records, columns=[*_COLUMNS])


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise an answer by its fields. Raises `FiguresError` for one that holds no figures."""
    answer = _read_answer(path)
    if answer is None:
        return None
    # `getChangedCubeList` answers one object that holds a list; calls for data answer a list.
    if not isinstance(answer, list) and isinstance(answer.get("object"), list):
        expected = "figures; this is the list of tables that changed on a day, and holds none"
        raise _invalid_file(path.name, expected, "Add the zip of the table that it names.")
    objects = _read_objects(path, path.name)
    first = objects[0]
    pid = str(first["productId"])
    points = [point for series in objects for point in _points(series)]
    days = sorted(str(point["refPer"]) for point in points)
    released = str(first.get("releaseTime") or max((p["releaseTime"] for p in points), default=""))
    # Metadata state the title of the table; points only its number.
    title = first.get("cubeTitleEn", "data of vectors")
    ends = (str(first.get("cubeStartDate", "")), str(first.get("cubeEndDate", "")))
    return describe_statcan_file(
        format="statcan_points" if points else "statcan_metadata",
        title=f"Table {table_number(pid)}, {title} (answer of the Web Data Service)",
        period=f"{days[0]}–{days[-1]}" if days else "–".join(ends),
        edition=released[:10],
        published=released[:10],
        source_id=f"STATCAN_{pid}",
        product=pid,
        address=f"https://www150.statcan.gc.ca/t1/tbl1/en/tv.action?pid={pid}01",
        rows=len(points),
    )


def _read_answer(path: Path) -> list[Any] | dict[str, Any] | None:
    """Return an answer of the Service; None for any other file."""
    content = read_json(path, _MAX_BYTES)
    objects = cast("list[Any]", content) if isinstance(content, list) else [content]
    matches = [
        isinstance(item, dict) and ("productId" in item or {"status", "object"} <= {*item})
        for item in objects
    ]
    return cast("list[Any] | dict[str, Any]", content) if matches and all(matches) else None


def _read_objects(path: Path, name: str) -> Sequence[Mapping[str, Any]]:
    """Return the objects of an answer without their envelopes."""
    answer = _read_answer(path)
    if answer is None:
        raise _invalid_file(name, "an answer of the Web Data Service")
    objects: list[Mapping[str, Any]] = []
    for item in answer if isinstance(answer, list) else [answer]:
        # One failed series fails all: what is left would pass for the whole answer.
        if item.get("status", "SUCCESS") != "SUCCESS":
            expected = "an answer with the status SUCCESS"
            raise _invalid_file(name, expected, "Ask the Service again.", str(item["status"]))
        payload = item.get("object", item)
        objects += payload if isinstance(payload, list) else [payload]
    return objects


def _points(series: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return series.get("vectorDataPoint", ())


def _to_whole_units(point: Mapping[str, Any]) -> float | None:
    value = point["value"]
    return None if value in (None, "") else float(value) * 10.0 ** point["scalarFactorCode"]


def _trim_coordinate(coordinate: str) -> str:
    """Write a coordinate as the tables do, without the zeros up to its ten positions.

    >>> _trim_coordinate("1.10.0.0.0.0.0.0.0.0")
    '1.10'
    """
    return ".".join(part for part in coordinate.split(".") if part != "0")


def _invalid_file(
    name: str,
    expected: str,
    remedy: str = "Ask the Service again, and keep its answer as it is.",
    value: str | None = None,
) -> FiguresError:
    return FiguresError.of(name, expected, remedy, value=value)
