"""The glossary, made of the vocabulary: minerals of the Canadian list, units and acronyms."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final

import pandas as pd

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.stated import sortable
from critical_minerals.parameters import Language
from critical_minerals.publish.partials import escape, table_partial
from critical_minerals.raw.store import RawStore

_OTHER: Final[dict[Language, Language]] = {"en": "fr", "fr": "en"}
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

    def partial(self, language: Language, sources: str) -> str:
        """Compose the table in one language, above its line of sources."""
        rows = [
            *_explained(self.minerals, "symbol", "group", language),
            *_explained(self.units, f"symbol_{language}", "dimension", language),
            *_explained(self.acronyms, f"acronym_{language}", "kind", language),
        ]
        headers = ("term", "symbol", "other-language", "meaning")
        cells = pd.DataFrame(rows, columns=[label(f"glossary-{h}", language) for h in headers])
        caption = say(
            "tbl-glossary-caption",
            minerals=len(self.minerals),
            units=len(self.units),
            acronyms=len(self.acronyms),
        )(language)
        return table_partial(
            "tbl-glossary",
            cells,
            (False,) * 4,
            _WIDTHS,
            title=say("tbl-glossary-title")(language),
            caption=caption,
            sources=sources,
        )


def read_glossary(store: RawStore, as_of: dt.date) -> Glossary:
    """Read what the glossary explains as it stood on a day."""
    minerals = store.read("vocabulary/minerals", as_of)
    units = store.read("vocabulary/units", as_of)
    programmes = store.read("vocabulary/programmes", as_of)
    named = programmes[programmes["programme"].isin(_PROGRAMMES)].assign(kind="programme")
    return Glossary(
        minerals=minerals[minerals["on_canada_2024"]].assign(
            group=lambda frame: "group-" + frame["group"]
        ),
        units=units[units["dimension"].isin(_DIMENSIONS)].assign(
            dimension=lambda frame: "unit-" + frame["dimension"]
        ),
        acronyms=pd.concat([store.read("vocabulary/acronyms", as_of), named]).assign(
            kind=lambda frame: "kind-" + frame["kind"]
        ),
    )


def _explained(
    frame: pd.DataFrame, symbol: str, meaning: str, language: Language
) -> list[tuple[str, str, str, str]]:
    """Write the rows of one vocabulary by their alphabet."""
    other = _OTHER[language]
    rows = [
        (
            _capital(str(record[f"name_{language}"])),
            "–" if pd.isna(record[symbol]) else _symbol(str(record[symbol])),
            f"[{_capital(str(record[f'name_{other}']))}]{{lang={other}}}",
            label("glossary-" + str(record[meaning]).replace("_", "-"), language),
        )
        for record in frame.to_dict("records")
    ]
    return sorted(rows, key=lambda row: sortable(row[0]))


def _capital(name: str) -> str:
    return escape(name[:1].upper() + name[1:])


def _symbol(symbol: str) -> str:
    """Write a symbol; the digits of a formula stand below the line.

    >>> _symbol("CaF2"), _symbol("G20")
    ('CaF~2~', 'G20')
    """
    return re.sub(r"(?<=[a-z][A-Z])\d+$", r"~\g<0>~", escape(symbol))
