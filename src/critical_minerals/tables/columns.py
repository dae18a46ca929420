"""Columns of the processed tables: one name, one meaning, one unit, wherever it stands.

Columns that several topics share are constants here; a topic describes its own beside its tables.
Readers see a column under its label in the catalogue, key `column-<name with hyphens>`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "date", "integer", "number", "flag", "day"]
"""A date is a year, month or day in ISO text; a day is always a day."""
Unit = Literal[
    "CAD",
    "million CAD",
    "USD",
    "GBP",
    "t",
    "m3",
    "percent",
    "points",
    "index",
    "year",
    "rank",
    "degrees",
]


@dataclass(frozen=True)
class Column:
    """One entry of the dictionary.

    `names` says which vocabulary turns its ids into names; `texts` says which catalogue prefix
    turns its codes into words; `decimals` is how many a reader sees. A `ranked` cell with `many`
    names keeps their order; others are shown by their alphabet.
    """

    name: str
    description: str
    kind: Kind = "text"
    unit: Unit | None = None
    names: Literal["mineral", "place", "programme", "unit", "source"] | None = None
    many: bool = False
    ranked: bool = False
    texts: str | None = None
    decimals: int = 0
    minimum: float | None = None
    maximum: float | None = None

    @property
    def bounded(self) -> bool:
        """Whether values must lie within bounds."""
        return self.minimum is not None or self.maximum is not None


def unit_said(name: str) -> Unit | None:
    """Return the unit that a column's name says, if any.

    >>> unit_said("cost_million_cad"), unit_said("share_pct"), unit_said("projects")
    ('million CAD', 'percent', None)
    """
    return next((unit for ending, unit in _ENDINGS.items() if name.endswith(ending)), None)


def unit_fault(column: Column, *, beside: bool) -> str | None:
    """Say what a column's unit should be, where its name and its description do not agree.

    A number without a unit needs one `beside` it, in a column of units or currencies.
    """
    said = unit_said(column.name)
    if said != column.unit and (said or column.unit not in _UNNAMED):
        return f"the unit {said}, as its name says" if said else "a name that says its unit"
    if column.kind == "number" and column.unit is None and not beside:
        return "one unit, or a column of units beside it"
    return None


_UNNAMED: Final = (None, "year", "index", "degrees")
"""What a name says by itself: a year, an index, a latitude, or that something is counted."""
_ENDINGS: Final[Mapping[str, Unit]] = {
    "_cad_million": "million CAD",
    "_million_cad": "million CAD",
    "_cad": "CAD",
    "_usd": "USD",
    "_gbp": "GBP",
    "_t": "t",
    "_m3": "m3",
    "_pct": "percent",
    "_points": "points",
    "_rank": "rank",
}


def text(
    name: str,
    description: str,
    names: Literal["mineral", "place", "programme", "unit", "source"] | None = None,
    *,
    texts: str | None = None,
    many: bool = False,
    ranked: bool = False,
) -> Column:
    """Describe a column of words or ids."""
    return Column(name, description, names=names, texts=texts, many=many, ranked=ranked)


def share(name: str, description: str, decimals: int = 1) -> Column:
    """Describe a share in per cent of a whole."""
    return Column(name, description, "number", "percent", decimals=decimals, minimum=0, maximum=100)


def amount(
    name: str, description: str, unit: Literal["CAD", "million CAD", "USD", "GBP"] = "CAD"
) -> Column:
    """Describe an amount of money."""
    return Column(name, description, "number", unit, minimum=0)


MINERAL: Final = text("mineral", "Mineral.", "mineral")
MINERALS: Final = text(
    "minerals", "Minerals, parted by semicolons.", "mineral", many=True, ranked=True
)
COUNTRY: Final = text("country", "Country.", "place")
PARTNER: Final = text("partner", "Partner country.", "place")
PROVINCE: Final = text("province", "Province or territory.", "place")
PROVINCES: Final = text("provinces", "Provinces, parted by semicolons.", "place", many=True)
PROGRAMME: Final = text("programme", "Funding programme.", "programme")
UNIT: Final = text("unit", "Unit of the figure beside it.", "unit")
PRECISION: Final = text("precision", "How exact the figure is.", texts="precision")
QUALIFIER: Final = text("qualifier", "What keeps a figure from being plain.", texts="qualifier")
STAGE: Final = text("stage", "Stage of the supply chain.", texts="stage")
SOURCE_ID: Final = text("source_id", "Source documents, parted by blanks.")
ORIGIN: Final = text("origin", "Raw rows behind this one, as file:row, parted by blanks.")
YEAR: Final = Column("year", "Year.", "integer", "year", minimum=1900, maximum=2100)
AS_OF: Final = Column("as_of", "Day from which the figure was public.", "day")
ESTIMATED: Final = Column("estimated", "Whether the publisher calls it an estimate.", "flag")
AMOUNT_CAD: Final = amount("amount_cad", "Amount in Canadian dollars.")
SHARE_PCT: Final = share("share_pct", "Share of the whole, in per cent.")
VALUE: Final = Column("value", "Figure in the unit beside it.", "number", decimals=1)
LINEAGE: Final = (SOURCE_ID, ORIGIN)
"""The last two columns of every processed table."""
