"""Read trade flows of UN Comtrade: CSV with or without descriptions, and answers of the API.

Its traps, each with its test: docs/traps.md#comtrade
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import dict_rows, read_json
from critical_minerals.readers.seen import RecognisedFile, read_header
from critical_minerals.readers.sheets import ROW

_NEEDED: Final = ("period", "reporterCode", "partnerCode", "flowCode", "cmdCode", "primaryValue")
_WORLD: Final = "0"
# Imports are valued with freight and insurance, exports without: the two are never compared as is.
_VALUATIONS: Final = {"M": "cif", "X": "fob"}
_MAX_BYTES: Final = 100_000_000
_PREVIEW_ROWS: Final = 500
"""The most rows that the preview of the API returns."""


def read_flows(path: Path, name: str) -> pd.DataFrame:
    """Read trade flows into one record each.

    Columns: `row_number`, `period`, `reporter` and `partner` (codes) with `reporter_iso`,
    `partner_iso`, `reporter_name` and `partner_name`, `is_world`, `flow` (M or X), `revision`,
    `code`, `value_usd`, `valuation` (cif or fob), `net_kg`, `quantity` and `unit`; what is not
    known is missing. Raises `FiguresError` for any other file.
    """
    rows = _read_rows(path, name)
    if rows is None:
        raise _invalid_file(name, f"trade flows with {', '.join(_NEEDED)}")
    return pd.DataFrame([{ROW: at, **_build_record(row)} for at, row in rows])


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise trade flows by their columns.

    Raises `FiguresError` for an answer of the API that is an error, or that has no flows.
    """
    rows = _read_rows(path, path.name)
    if rows is None:
        return None
    flows = [_build_record(row) for _, row in rows]
    if not flows:
        raise _invalid_file(path.name, "trade flows; the answer has none")
    periods = sorted({flow["period"] for flow in flows})
    codes = sorted({flow["code"] for flow in flows})
    # The preview stops at its limit without a mark; exactly that many rows is the only sign of it.
    truncation_note = ", perhaps cut short" if len(flows) == _PREVIEW_ROWS else ""
    code_list = ", ".join(codes[:3]) + (" and others" if codes[3:] else "")
    return RecognisedFile(
        format="un_comtrade",
        folder="un_comtrade",
        title=f"UN Comtrade, HS {code_list}{truncation_note}",
        publisher="United Nations Statistics Division",
        publisher_fr="Division de statistique des Nations Unies",
        period=f"{periods[0]}–{periods[-1]}",
        edition=periods[-1],
        source_id=f"UN_COMTRADE_{'_'.join(codes[:3])}",
        product=f"comtrade_{'_'.join(codes[:3])}",
        address="https://comtradeplus.un.org/",
        terms="UN Comtrade terms of use: no bulk re-dissemination",
        terms_fr="Conditions d’utilisation de UN Comtrade : pas de rediffusion en bloc",
        rows=len(flows),
    )


def _read_rows(path: Path, name: str) -> list[tuple[int, Mapping[str, Any]]] | None:
    """Return the rows of a file with their numbers; None where it is not from Comtrade."""
    if path.stat().st_size > _MAX_BYTES:
        return None
    if {*_NEEDED} <= {*read_header(path)}:
        return [*dict_rows(path, name)]
    answer = read_json(path, _MAX_BYTES)
    if not isinstance(answer, dict) or not {"count", "data"} <= {*cast("dict[str, Any]", answer)}:
        return None
    envelope = cast("dict[str, Any]", answer)
    # A failed answer (a quota that is used up) has no data: it would pass for a year without trade.
    if envelope.get("error"):
        raise _invalid_file(name, "an answer without an error", str(envelope["error"]))
    data = cast("Iterable[Mapping[str, Any]]", envelope["data"] or ())
    rows = [*enumerate(data, 1)]
    return rows if all({*_NEEDED} <= {*row} for _, row in rows) else None


def _build_record(row: Mapping[str, Any]) -> dict[str, Any]:
    flow = _to_text(row["flowCode"])
    unit, quantity = _to_text(row.get("qtyUnitAbbr")), _to_number(row.get("qty"))
    # Without a unit the file writes 0 or -1 where the quantity is unknown.
    no_unit = _to_text(row.get("qtyUnitCode")) == "-1" or unit == "N/A"
    partner = _to_text(row["partnerCode"])
    return {
        "period": _to_text(row["period"]),
        "reporter": _to_text(row["reporterCode"]),
        "reporter_iso": _to_text(row.get("reporterISO")),
        "reporter_name": _to_text(row.get("reporterDesc")),
        "partner": partner,
        "partner_iso": _to_text(row.get("partnerISO")),
        "partner_name": _to_text(row.get("partnerDesc")),
        # The total stands among the partners: adding it to them would count all trade twice.
        "is_world": partner == _WORLD,
        "flow": flow,
        "revision": _to_text(row.get("classificationCode")),
        "code": _to_text(row["cmdCode"]),
        "value_usd": _to_number(row["primaryValue"]),
        "valuation": _VALUATIONS.get(flow, ""),
        "net_kg": _positive_or_none(_to_number(row.get("netWgt"))),
        "quantity": None if no_unit else _positive_or_none(quantity),
        # The raw API leaves descriptions blank, units among them; code 8 is kilograms.
        "unit": ""
        if no_unit
        else unit or ("kg" if _to_text(row.get("qtyUnitCode")) == "8" else ""),
    }


def _to_text(cell: object) -> str:
    # Spreadsheets and pandas turn codes into numbers: `260400.0` is 260400.
    return "" if cell is None else str(cell).strip().removesuffix(".0")


def _to_number(cell: object) -> float | None:
    return None if cell in (None, "") else float(str(cell))


def _positive_or_none(quantity: float | None) -> float | None:
    """Return a quantity; None for 0 and -1, which the file writes where it is unknown."""
    return quantity if quantity and quantity > 0 else None


def _invalid_file(name: str, expected: str, value: str | None = None) -> FiguresError:
    remedy = "Ask the API again, or download the table anew."
    return FiguresError.of(name, expected, remedy, value=value)
