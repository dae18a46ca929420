"""The glossary, made of the vocabulary: minerals of the Canadian list, units and acronyms."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import pandas as pd

from critical_minerals.cleaning.lists import on_newest, with_newest
from critical_minerals.language.catalogue import label, say
from critical_minerals.language.stated import sortable
from critical_minerals.publish.sources import Record, publishers
from critical_minerals.raw.store import RawStore
from critical_minerals.report.markdown import compose
from critical_minerals.workspace.parameters import OTHER_LANGUAGE, Language

_DIMENSIONS: Final = ("currency", "mass", "mass_rate", "volume")
"""What the units of the report measure; counts explain themselves."""
_PROGRAMMES: Final = ("cib", "cmif", "edc")
"""Programmes and lenders that figures call by their acronym."""
_WIDTHS: Final = (34, 12, 34, 20)


@dataclass(frozen=True)
class Glossary:
    """The vocabulary that the glossary explains; every frame keeps where its rows are from."""

    minerals: pd.DataFrame
    units: pd.DataFrame
    acronyms: pd.DataFrame

    @property
    def sources(self) -> list[str]:
        """Name the sources of its rows."""
        frames = (self.minerals, self.units, self.acronyms)
        return sorted({source for frame in frames for source in frame["source_id"]})

    def partial(self, language: Language, records: Mapping[str, Record]) -> str:
        """Compose the table in one language, above its line of sources; `records` are by id."""
        rows = [
            *_glossary_rows(self.minerals, "symbol", "group", language),
            *_glossary_rows(self.units, f"symbol_{language}", "dimension", language),
            *_glossary_rows(self.acronyms, f"acronym_{language}", "kind", language),
        ]
        headers = ("term", "symbol", "other-language", "meaning")
        counts = {
            "minerals": len(self.minerals),
            "units": len(self.units),
            "acronyms": len(self.acronyms),
        }
        return compose(
            "glossary",
            language,
            title=say("tbl-glossary-title")(language),
            caption=say("tbl-glossary-caption", **counts)(language),
            header=[label(f"glossary-{header}", language) for header in headers],
            widths=_WIDTHS,
            rows=rows,
            other=OTHER_LANGUAGE[language],
            named=publishers(self.sources, records, language),
            count=len(self.sources),
        )


def read_glossary(store: RawStore, as_of: dt.date) -> Glossary:
    """Read what the glossary explains as it stood on a day."""
    lists = with_newest(store.read("vocabulary/mineral_lists", as_of))
    minerals = store.read("vocabulary/minerals", as_of)
    units = store.read("vocabulary/units", as_of)
    programmes = store.read("vocabulary/programmes", as_of)
    programmes_by_acronym = programmes[programmes["programme"].isin(_PROGRAMMES)].assign(
        kind="programme"
    )
    return Glossary(
        minerals=minerals[minerals["mineral"].isin(on_newest(lists)["mineral"])].assign(
            group=lambda frame: "group-" + frame["group"]
        ),
        units=units[units["dimension"].isin(_DIMENSIONS)].assign(
            dimension=lambda frame: "unit-" + frame["dimension"]
        ),
        acronyms=pd.concat(
            [store.read("vocabulary/acronyms", as_of), programmes_by_acronym]
        ).assign(kind=lambda frame: "kind-" + frame["kind"]),
    )


def _glossary_rows(
    frame: pd.DataFrame, symbol: str, meaning: str, language: Language
) -> list[dict[str, str]]:
    """Return the rows of one vocabulary in alphabetical order."""
    rows = [
        {
            "term": _capitalize(str(record[f"name_{language}"])),
            **_split_symbol("–" if pd.isna(record[symbol]) else str(record[symbol])),
            "other": _capitalize(str(record[f"name_{OTHER_LANGUAGE[language]}"])),
            "meaning": label("glossary-" + str(record[meaning]).replace("_", "-"), language),
        }
        for record in frame.to_dict("records")
    ]
    return sorted(rows, key=lambda row: sortable(row["term"]))


def _capitalize(name: str) -> str:
    # Not `capitalize`, which would write the rest of an acronym small.
    return name[:1].upper() + name[1:]


def _split_symbol(symbol: str) -> dict[str, str]:
    """Split a symbol from the digits of a formula, which stand below the line.

    >>> _split_symbol("CaF2"), _split_symbol("G20")
    ({'symbol': 'CaF', 'digits': '2'}, {'symbol': 'G20', 'digits': ''})
    """
    # A small letter before the last capital tells a formula (CaF2) from an acronym with a number
    # (G20).
    match = re.fullmatch(r"(?P<symbol>.*[a-z][A-Z])(?P<digits>\d+)", symbol)
    return match.groupdict() if match else {"symbol": symbol, "digits": ""}
