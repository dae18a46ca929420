"""Read Grants and Contributions, the proactive disclosure of open.canada.ca.

Built from the published schema (38 columns); not yet tried on a real file.

Its traps, each with its test: docs/traps.md#grants
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.large import OnProgress, query_file
from critical_minerals.readers.opened import dict_rows
from critical_minerals.readers.seen import RecognisedFile, read_header
from critical_minerals.readers.sheets import ROW
from critical_minerals.workspace.paths import write_whole

_NEEDED: Final = (
    "ref_number",
    "amendment_number",
    "recipient_legal_name",
    "prog_name_en",
    "prog_name_fr",
    "agreement_value",
    "agreement_start_date",
    "owner_org",
)
# Stems, in lower case: the field is free text in either language (terminated, résiliation).
_TERMINATION_WORDS: Final = ("terminat", "résili")
_MAX_EXTRACT_BYTES: Final = 50_000_000
"""A larger file is the whole disclosure (2.3 GB), of which a project stores only its programmes."""
# Normalises names as `_normalise_programme` does: the two have to change together.
_PROGRAMME_ROWS_SQL: Final = (
    "SELECT * FROM {rows} "
    "WHERE replace(lower(trim(prog_name_en)), '’', '''') IN (SELECT unnest(?)) "
    "OR replace(lower(trim(prog_name_fr)), '’', '''') IN (SELECT unnest(?)) ORDER BY row_number"
)
_ADDRESS: Final = "https://open.canada.ca/data/en/dataset/432527ab-7aac-45b5-81d6-7597107a7013"


def read_grants(path: Path, name: str) -> pd.DataFrame:
    """Read agreements in their latest state, one record each.

    Columns: `row_number`, `reference`, `amendment`, `amended_on`, `type`, `recipient_en`,
    `recipient_fr`, `province`, `programme_en`, `programme_fr`, `title_en`, `title_fr`, `value_cad`,
    `starts_on`, `ends_on`, `terminated`, `department`. Raises `FiguresError` for any other file and
    for an amendment number or a value that is not a number, and a row that is cut off.
    """
    if not _is_grants(path):
        remedy = "Download grants.csv anew."
        expected = f"the columns {', '.join(_NEEDED)}"
        raise FiguresError.of(name, expected, remedy, row=1)
    latest: dict[str, dict[str, Any]] = {}
    for number, row in dict_rows(path, name):
        agreement = _build_agreement(number, row, name)
        # An amendment states the new total of its agreement, not a change: adding the rows up
        # would count the agreement several times. The highest number counts in any order.
        previous = latest.get(agreement["reference"])
        if previous is None or agreement["amendment"] >= previous["amendment"]:
            latest[agreement["reference"]] = agreement
    return pd.DataFrame([latest[reference] for reference in sorted(latest)])


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise the disclosure by its columns; a file of gigabytes is not read for that."""
    if not _is_grants(path):
        return None
    if path.stat().st_size > _MAX_EXTRACT_BYTES:
        return _describe_file("", "", rows=0, cut_by="programme")
    agreements = read_grants(path, path.name)
    days = sorted(day for day in agreements["starts_on"] if day)
    period = f"{days[0]}–{days[-1]}" if days else ""
    return _describe_file(period, max(agreements["amended_on"], default=""), rows=len(agreements))


def cut(
    path: Path,
    programmes: Collection[str],
    folder: Path,
    on_progress: OnProgress = lambda _done, _of: None,
) -> bytes:
    """Extract the rows of some programmes from the whole disclosure, with its header, as CSV.

    Every cell stays as it is; `ref_number` and `amendment_number` identify the rows in the whole.
    The extract is cached in `folder`, so that the same file is not read again. Raises
    `FiguresError` for any other file, and where no row is of any of the programmes.
    """
    names = sorted({_normalise_programme(programme) for programme in programmes})
    answer = query_file(
        path, _PROGRAMME_ROWS_SQL, [names, names], folder, name=path.name, on_progress=on_progress
    )
    # The answer is named by a hash of the file and the query, so the CSV next to it is never stale.
    csv_path = answer.with_suffix(".csv")
    if csv_path.is_file():
        return csv_path.read_bytes()
    rows = pd.read_parquet(answer).drop(columns=["row_number"])
    if rows.empty:
        expected = "rows of the programmes of data/raw/vocabulary/programmes.csv, by either name"
        remedy = "Correct the names there to those that the file has."
        raise FiguresError.of(path.name, expected, remedy)
    write_whole(csv_path, rows.to_csv(index=False, lineterminator="\n"))
    return csv_path.read_bytes()


def _normalise_programme(programme: str) -> str:
    return programme.strip().lower().replace("’", "'")


def _describe_file(period: str, edition: str, *, rows: int, cut_by: str = "") -> RecognisedFile:
    return RecognisedFile(
        format="open_canada_grants",
        folder="open_canada",
        title="Grants and Contributions, proactive disclosure (not yet tried on a real file)",
        publisher="Treasury Board of Canada Secretariat",
        publisher_fr="Secrétariat du Conseil du Trésor du Canada",
        period=period,
        edition=edition,
        source_id="OPEN_CANADA_GRANTS",
        product="grants",
        address=_ADDRESS,
        terms="Open Government Licence - Canada",
        terms_fr="Licence du gouvernement ouvert – Canada",
        rows=rows,
        cut_by=cut_by,
    )


def _is_grants(path: Path) -> bool:
    return {*_NEEDED} <= {*read_header(path)}


def _build_agreement(row_number: int, row: Mapping[str, str], name: str) -> dict[str, Any]:
    recipient_en, recipient_fr = _split_languages(row["recipient_legal_name"])
    additional = " ".join(
        row.get(f"additional_information_{language}") or "" for language in ("en", "fr")
    )
    return {
        ROW: row_number,
        # Blanks within references vary (`01-2019-2020-Q4- 16727281`); amendments must still meet.
        "reference": "".join(row["ref_number"].split()),
        "amendment": int(_parse_number(row, "amendment_number", row_number, name) or 0),
        "amended_on": row.get("amendment_date") or "",
        "type": row.get("agreement_type") or "",
        "recipient_en": recipient_en,
        "recipient_fr": recipient_fr,
        "province": row.get("recipient_province") or "",
        "programme_en": row["prog_name_en"].strip(),
        "programme_fr": row["prog_name_fr"].strip(),
        "title_en": row.get("agreement_title_en") or "",
        "title_fr": row.get("agreement_title_fr") or "",
        "value_cad": _parse_number(row, "agreement_value", row_number, name),
        "starts_on": row["agreement_start_date"],
        "ends_on": row.get("agreement_end_date") or "",
        "terminated": any(word in additional.casefold() for word in _TERMINATION_WORDS),
        "department": row["owner_org"],
    }


def _split_languages(cell: str) -> tuple[str, str]:
    """Split a cell of the form `English|French`; a cell without a bar counts for both languages."""
    english, separator, french = (part.strip() for part in cell.partition("|"))
    return (english, french) if separator else (english, english)


def _parse_number(row: Mapping[str, str], column: str, row_number: int, name: str) -> float | None:
    cell = (row[column] or "").strip().replace(",", "").replace("$", "")
    try:
        return float(cell) if cell else None
    except ValueError:
        raise FiguresError.of(
            file=name,
            row=row_number,
            column=column,
            value=row[column],
            expected="a number",
            remedy="Correct nothing in the file: tell its publisher, and leave the row out.",
        ) from None
