"""The page that lists all briefs: one small chart each, and a search that needs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_percent
from critical_minerals.language.stated import sortable
from critical_minerals.parameters import Language
from critical_minerals.report.pages import Link, page
from critical_minerals.workspace import Workspace

_WIDTH: Final = 120
_MOST: Final = 12
"""Arrangements that fill the chart of a partner."""
_GROUPS: Final = ("minerals", "countries", "alliances")


@dataclass(frozen=True)
class Entry:
    """One brief: its file without ending, its formats and its published values."""

    stem: str
    formats: Sequence[str]
    values: Mapping[str, Mapping[str, Any]]

    @property
    def title(self) -> str:
        """The name of what it is about."""
        return str(self.values["title"]["text"]) if "title" in self.values else self.stem

    @property
    def symbol(self) -> str:
        """The chemical symbol of a mineral that has one."""
        return str(self.values.get("symbol", {}).get("text", ""))

    @property
    def group(self) -> str:
        """Under which heading it stands."""
        if "arrangement_count" not in self.values:
            return "minerals"
        return "countries" if "card_bilateral" in self.values else "alliances"

    def number(self, name: str) -> float | None:
        """Return the bare number of a value, if it was published and is one."""
        return self.values.get(name, {}).get("number")


@dataclass(frozen=True)
class _Bar:
    """A rectangle of a small chart; sizes as the page writes them."""

    kind: str
    x: float
    y: int
    width: str
    height: int


def compose_index(
    workspace: Workspace, entries: Sequence[Entry], language: Language, *, other: str
) -> str:
    """Compose the page; `other` is the file of the page in the other language, if any."""
    ordered = sorted(entries, key=lambda entry: sortable(entry.title))
    groups = {
        group: [_item(entry, language) for entry in ordered if entry.group == group]
        for group in _GROUPS
    }
    facing: Language = "fr" if language == "en" else "en"
    theme = workspace.reports / "briefs" / "theme"
    return page(
        workspace,
        "briefs",
        title=label("index-title", language),
        subtitle=label("index-subtitle", language),
        language=language,
        links=[Link(label("index-other-language", language), other, facing)] if other else [],
        folder="briefs",
        sheets=[theme / "index.css"],
        scripts=[theme / "index.js"],
        count=len(entries),
        counted=[_counted(count, language) for count in (1, max(len(entries), 2))],
        groups={group: items for group, items in groups.items() if items},
        width=_WIDTH,
    )


def _counted(count: int, language: Language) -> str:
    """Say how many are shown, with a mark where the script puts the number."""
    return say("index-found", count=count)(language).replace(str(count), "#", 1)


def _item(entry: Entry, language: Language) -> dict[str, Any]:
    """Describe one brief for the page."""
    bars, said = (_shares if entry.group == "minerals" else _arrangements)(entry, language)
    return {
        "stem": entry.stem,
        "formats": entry.formats,
        "title": entry.title,
        "symbol": entry.symbol,
        "words": f"{entry.title} {entry.symbol}".casefold(),
        "bars": bars,
        "height": max((bar.y + bar.height for bar in bars), default=0),
        "said": said,
    }


def _shares(entry: Entry, language: Language) -> tuple[list[_Bar], str]:
    """Draw the largest producer's share above Canada's, and say both."""
    top, canada = entry.number("card_top"), entry.number("canada_share")
    if top is None:
        return [], label("index-chart-none", language)
    bars = [
        bar
        for y, kind, share in ((0, "top", top), (9, "canada", canada or 0.0))
        for bar in (
            _Bar("whole", 0, y, str(_WIDTH), 7),
            _Bar(kind, 0, y, f"{share * _WIDTH / 100:.1f}", 7),
        )
    ]
    told = {"top": write_percent(top, language)}
    if canada is None:
        return bars, say("index-chart-top", **told)(language)
    return bars, say("index-chart-both", canada=write_percent(canada, language), **told)(language)


def _arrangements(entry: Entry, language: Language) -> tuple[list[_Bar], str]:
    """Draw one mark for each arrangement or group of a partner, and count them."""
    count, step = int(entry.number("arrangement_count") or 0), _WIDTH / _MOST
    bars = [_Bar("top", n * step, 0, f"{step - 2:g}", 10) for n in range(min(count, _MOST))]
    return bars, say("index-chart-partner", count=count)(language)
