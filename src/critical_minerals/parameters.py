"""The parameters of a run: defaults, then `parameters.toml`, then the command line."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from critical_minerals.errors import UsageError, hint

Language = Literal["en", "fr"]
Currency = Literal["CAD", "USD"]


class Parameters(BaseModel):
    """What a run can be asked for; every notebook takes the same parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    as_of: dt.date = Field(
        default=dt.date(2026, 9, 30), description="Report the figures that were public on this day."
    )
    period_start: int = Field(
        default=2017, ge=1900, le=2100, description="First year shown in charts over time."
    )
    period_end: int = Field(
        default=2026, ge=1900, le=2100, description="Last year shown in charts over time."
    )
    languages: tuple[Language, ...] = Field(
        default=("en", "fr"), min_length=1, description="Editions to publish: en, fr."
    )
    currency: Currency = Field(default="CAD", description="Currency in which amounts are shown.")
    minerals: tuple[str, ...] = Field(
        default=("lithium", "graphite", "nickel", "cobalt", "copper", "rare_earth_elements"),
        min_length=1,
        description="Minerals of interest, shown where a chart cannot show all.",
    )

    @field_validator("as_of", mode="before")
    @classmethod
    def _day_in_full(cls, given: object) -> object:
        """Refuse what would be read as seconds since 1970."""
        if isinstance(given, dt.date) or re.fullmatch(r"\d{4}-\d\d-\d\d", str(given)):
            return given
        msg = "a day is written such as 2025-03-31"
        raise ValueError(msg)

    @field_validator("languages", "minerals")
    @classmethod
    def _each_once(cls, given: tuple[str, ...]) -> tuple[str, ...]:
        """Name nothing twice: an edition is made once, however often it is asked for."""
        return tuple(dict.fromkeys(given))

    @model_validator(mode="after")
    def _period_in_order(self) -> Self:
        if self.period_start > self.period_end:
            msg = f"period_start {self.period_start} is after period_end {self.period_end}"
            raise ValueError(msg)
        return self

    def for_papermill(self) -> dict[str, Any]:
        """Write the parameters as plain values that a notebook's parameter cell can hold."""
        return self.model_dump(mode="json")


NAMES: Final = tuple(Parameters.model_fields)


def load_parameters(file: Path | None, given: Mapping[str, Any]) -> Parameters:
    """Combine the defaults, a parameters file and what was given by hand.

    Raises `UsageError` that names every wrong or unknown parameter.
    """
    return parse_parameters({**(_from_file(file) if file else {}), **given})


def parse_parameters(given: Mapping[str, Any]) -> Parameters:
    """Check parameters that are already in one mapping.

    Raises `UsageError` that names every wrong or unknown parameter.

    >>> parse_parameters({"as_of": "2025-03-31"}).as_of
    datetime.date(2025, 3, 31)
    """
    unknown = [name for name in given if name not in NAMES]
    if unknown:
        lines = [f"There is no parameter {name!r}. {hint(name, NAMES)}" for name in unknown]
        raise UsageError("\n".join(lines))
    try:
        return Parameters.model_validate(dict(given))
    except ValidationError as error:
        # A list whose entries are wrong is not also too short.
        faults = [f for f in error.errors() if f["type"] != "too_short" or not f["input"]]
        raise UsageError("\n".join(_told(dict(fault)) for fault in faults)) from error


def _from_file(file: Path) -> dict[str, Any]:
    """Read a parameters file; a file that is not there gives nothing."""
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{file.name} cannot be read: {error}"
        raise UsageError(msg) from error


def _told(fault: Mapping[str, Any]) -> str:
    """Tell one of pydantic's faults with the parameter's own description."""
    place = [str(part) for part in fault["loc"]]
    if not place:
        return str(fault["msg"]).removeprefix("Value error, ") + "."
    meaning = Parameters.model_fields[place[0]].description
    reason = str(fault["msg"]).removeprefix("Value error, ")
    return f"Parameter {place[0]}: {fault['input']!r} does not fit: {reason}. {meaning}"
