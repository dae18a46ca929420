"""Read releases of the Mineral Commodity Summaries of one file a commodity, as in 2023 and 2024.

The United States Geological Survey published those releases (https://doi.org/10.5066/P9WCYUI6,
https://doi.org/10.5066/P144BA54) as archives of small files: `mcs2023-nicke_world.csv` holds the
output and reserves of countries, `mcs2023-nicke_salient.csv` the figures of the United States. Each
figure becomes a record with the columns of the long form.

Its traps, each with its test: docs/traps.md#summaries-files
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pandas as pd

from critical_minerals.readers.opened import csv_rows
from critical_minerals.readers.seen import RecognisedFile
from critical_minerals.readers.sheets import ROW
from critical_minerals.readers.summaries import (
    RECORD_COLUMNS,
    calls_estimate,
    clean,
    describe_release,
    not_as_published,
    parse_figures,
)

_MEMBER: Final = re.compile(r"mcs(\d{4})-?([a-z-]+)_(world|salient)\.csv", re.IGNORECASE)
_YEAR: Final = re.compile(r"\d{4}")
_STATISTICS: Final = {"prod": "Production", "cap": "Capacity", "reserves": "Reserves"}
_NOTES: Final = re.compile(r"(Prod|Cap|Reserves)_notes?", re.IGNORECASE)
_SALIENT: Final = ("DataSource", "Source", "Commodity", "Year")
# As the headings abbreviate them: `dkg` is dollars a kilogram, `num` a count.
_UNITS: Final = (
    "t|kt|mmt|kg|g|mct|kct|ct|mcm|um|pct|num|mdol|msqft|dt|dkg|dg|dlb|dto|dtoz|dst|dct|df|ctslb|m"
)
# The words to which the two releases glue a unit. Without them no rule tells where a word ends:
# `Reportedt` may end in t or in dt, and the t of `Ingot` is none. After any other word a unit needs
# its underscore, or there is none.
_WORDS_BEFORE_UNITS: Final = (
    "Apparent|Concentrate|ERROR|GaAs|Metal|Mine|Other|Primary|Refined|Reported|Sales|Secondary|"
    "Used|WO3|purity"
)
_SALIENT_UNIT: Final = re.compile(rf"(.+)_({_UNITS})|(.*(?:{_WORDS_BEFORE_UNITS}))({_UNITS})")
# Digits glued to a letter or a bracket: `New Caledonia9`, `World total (rounded)10`.
_FOOTNOTE: Final = re.compile(r"(?<=[^\s\d])\d{1,2}$")
_EXCLUDING: Final = re.compile(
    r",? excluding (?:U\.S\. production|United States)\.?", re.IGNORECASE
)
_ESTIMATE_PREFIX: Final = re.compile(r"e(?=\d)")
_REPORTED: Final = re.compile(r"\breported (?:production |quantity )?in (\d{4})", re.IGNORECASE)
_SHIFTED: Final = "shifted"


def read_files(path: Path, name: str) -> pd.DataFrame:
    """Read an archive of one release into one record a figure, with the columns of the long form.

    `commodity` is the abbreviation in the name of the publisher's file (`nicke`), `section` is
    `world` or `salient`, `detail` the kind of output (of a salient file, the heading), `unit` as it
    stands in the heading, `at` the member and its column. Raises `FiguresError` for anything else.
    """
    members = _find_members(path)
    if not members:
        raise not_as_published(name, "an archive of mcs…_world.csv and mcs…_salient.csv")
    records: list[dict[str, Any]] = []
    with zipfile.ZipFile(path) as archive:
        for member, (_, commodity, kind) in members.items():
            records += _read_member(
                archive.read(member), f"{name}/{member}", member, commodity, kind
            )
    release = parse_figures(pd.DataFrame(records, columns=[*RECORD_COLUMNS]))
    # In some files of 2024 cells have slipped out of their columns: any figure of such a row may
    # belong to another heading, so no table may take one.
    shifted = release["other_note"] == _SHIFTED
    return release.assign(kind=release["kind"].mask(shifted, _SHIFTED))


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise an archive by the names of its members; its release is the year in them."""
    members = _find_members(path)
    if not members:
        return None
    (year,) = {int(year) for year, _, _ in members.values()}
    world = sum(kind == "world" for _, _, kind in members.values())
    content = "world and salient" if 0 < world < len(members) else "world" if world else "salient"
    return describe_release(
        [year - 2, year - 1],
        year,
        format="usgs_mcs_files",
        title=f"Mineral Commodity Summaries {year} data release, {content} ({len(members)} files)",
        product=f"mcs{year}",
        rows=len(read_files(path, path.name)),
    )


def _find_members(path: Path) -> dict[str, tuple[str, str, str]]:
    """Return the members of an archive that are of a release: year, commodity and kind of each."""
    if not zipfile.is_zipfile(path):
        return {}
    with zipfile.ZipFile(path) as archive:
        matches = {member: _MEMBER.fullmatch(Path(member).name) for member in archive.namelist()}
    members = {
        member: (match[1], match[2].casefold(), match[3].casefold())
        for member, match in sorted(matches.items())
        if match
    }
    # With several releases in one archive, its edition and period could not be stated.
    return members if len({year for year, _, _ in members.values()}) == 1 else {}


def _read_member(
    data: bytes, name: str, member: str, commodity: str, kind: str
) -> Iterator[dict[str, Any]]:
    """Yield a record for each figure of one file."""
    try:
        rows = csv_rows(data)
    except (UnicodeDecodeError, csv.Error) as error:
        raise not_as_published(name, "a table in UTF-8, as the publisher gives it") from error
    header = [clean(cell) for cell in rows[0]] if rows else []
    if "Country" not in header and "Year" not in header:
        raise not_as_published(name, "the column Country or Year")
    # The headings decide, not the name: a world table of the publisher is filed as `_salient`.
    read_row = _read_world_row if "Country" in header else _read_salient_row
    for number, row in enumerate(rows[1:], 2):
        cells = [clean(cell) for cell in row]
        # Up to 35 columns without a heading are part of the header; a cell beyond has no column.
        if len(cells) > len(header):
            raise not_as_published(name, f"{len(header)} cells in every row", number)
        if not any(cells):
            continue
        shifted = any(cell and not heading for heading, cell in zip(header, cells, strict=False))
        for record in read_row(header, cells):
            heading = record["at"]
            yield record | {
                ROW: number,
                "chapter": "",
                "section": kind,
                "commodity": commodity,
                "is_critical": "",
                "other_note": _SHIFTED if shifted else "",
                "where": f"{Path(member).name}, column {heading}",
                "at": f"/{quote(member)}#{quote(heading)}",
            }


def _read_world_row(header: Sequence[str], row: Sequence[str]) -> Iterator[dict[str, Any]]:
    cells = dict(zip(header, row, strict=False))
    columns = {heading: _parse_heading(heading) for heading in cells}
    # `Reserves_kt` has no year: reserves are those of the last year of production in the file.
    last_year = max(
        (year for _, _, _, _, year in filter(None, columns.values()) if year), default=""
    )
    country, exclusion = _parse_country(cells["Country"])
    for heading, column in columns.items():
        if column is None or not cells[heading]:
            continue
        statistic, subseries, unit, is_est_column, year = column
        note = " ".join(filter(None, (_find_note(cells, statistic), exclusion)))
        # In these releases an e before the digits (`e20,000`) marks an estimate.
        printed = _ESTIMATE_PREFIX.sub("", cells[heading])
        yield {
            "country": country,
            "statistic": _STATISTICS[statistic],
            "detail": _series_name(header, cells, statistic, subseries),
            "unit": unit,
            "year": year or last_year,
            "printed": printed,
            "note": note,
            "estimated": printed != cells[heading]
            or _is_estimate(note, year, is_est_column=is_est_column),
            "at": heading,
        }


def _read_salient_row(header: Sequence[str], row: Sequence[str]) -> Iterator[dict[str, Any]]:
    year = row[header.index("Year")]
    for number, (heading, cell) in enumerate(zip(header, row, strict=False)):
        if heading in _SALIENT or not heading or not cell or heading.casefold().endswith("notes"):
            continue
        series, unit = _split_unit(heading)
        # Some files have two columns of one heading, such as `Consump_t`: their number tells which.
        is_repeated = header.count(heading) > 1
        printed = _ESTIMATE_PREFIX.sub("", cell)
        yield {
            "country": "United States",
            "statistic": "Salient",
            "detail": series,
            "unit": unit,
            "year": year,
            "printed": printed,
            "note": "",
            "estimated": printed != cell,
            "at": f"{heading} ({number + 1})" if is_repeated else heading,
        }


def _split_unit(heading: str) -> tuple[str, str]:
    """Split a heading of a salient file into series and unit; blank where it names none.

    >>> _split_unit("Consump_Reported_t"), _split_unit("Consump_Reportedt")
    (('Consump_Reported', 't'), ('Consump_Reported', 't'))
    >>> _split_unit("Price_Low-puritydkg"), _split_unit("Price_Ingot")
    (('Price_Low-purity', 'dkg'), ('Price_Ingot', ''))
    """
    match = _SALIENT_UNIT.fullmatch(heading)
    if match is None:
        return heading, ""
    return match[1] or match[3], match[2] or match[4]


def _parse_heading(heading: str) -> tuple[str, str, str, bool, str] | None:
    """Split a heading into statistic, subseries, unit, whether it is of estimates, and year.

    >>> _parse_heading("Prod_kt_Est_2022"), _parse_heading("Reserves_ore_K2O_equiv_kt")
    (('prod', '', 'kt', True, '2022'), ('reserves', 'ore_K2O_equiv', 'kt', False, ''))
    >>> _parse_heading("Cap_Sponge_t_2021"), _parse_heading("Prod_notes")
    (('cap', 'Sponge', 't', False, '2021'), None)
    """
    # From the right: year and `Est` are optional, and the subseries may itself have underscores.
    statistic, *parts = heading.split("_")
    if statistic.casefold() not in _STATISTICS or not parts or _NOTES.fullmatch(heading):
        return None
    year = parts.pop() if _YEAR.fullmatch(parts[-1]) else ""
    is_est_column = bool(parts) and parts[-1].casefold() == "est"
    *subseries, unit = parts[: len(parts) - is_est_column] or [""]
    return statistic.casefold(), "_".join(subseries), unit, is_est_column, year


def _series_name(
    header: Sequence[str], cells: Mapping[str, str], statistic: str, subseries: str
) -> str:
    """Return the name of the series of a row: its type, and a subseries that the heading names."""
    series = next((cells[name] for name in ("Type", "Form") if name in cells), None)
    # Where neither column exists, the series may stand under a heading of its own, such as
    # `Mine production, fluorspar`; some files have none at all.
    if series is None:
        fixed = ("Source", "Country")
        others = (
            name
            for name in header
            if name
            and name not in fixed
            and not _parse_heading(name)
            and not _NOTES.fullmatch(name)
        )
        series = cells.get(next(others, ""), "")
    if statistic == "reserves" and subseries:
        return f"Reserves: {subseries}"
    return f"{series}: {subseries}" if subseries else series


def _parse_country(name: str) -> tuple[str, str]:
    """Split a name into the country without its footnote, and a total's note of what it excludes.

    >>> _parse_country("New Caledonia9")
    ('New Caledonia', '')
    >>> _parse_country("World total (rounded), excluding United States")
    ('World total (rounded)', 'Excludes U.S. production.')
    """
    # Footnote marks are raised in print; in the file they follow the name as plain digits.
    without_footnote = _FOOTNOTE.sub("", name)
    place = _EXCLUDING.sub("", without_footnote)
    return place, "Excludes U.S. production." if place != without_footnote else ""


def _find_note(cells: Mapping[str, str], statistic: str) -> str:
    for heading, cell in cells.items():
        match = _NOTES.fullmatch(heading)
        if match and match[1].casefold() == statistic:
            return cell
    return ""


def _is_estimate(note: str, year: str, *, is_est_column: bool) -> bool:
    """Tell whether a figure is an estimate: by its note on the year, or else by its heading."""
    if not year:
        return False
    reported = _REPORTED.search(note)
    # A heading with `Est` holds for the whole column; a note says which country has reported.
    if reported and reported[1] == year:
        return False
    return is_est_column or calls_estimate(note, year)
