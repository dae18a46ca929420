"""The page that lists all briefs: one small chart each, and a search that needs no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.stated import sortable
from critical_minerals.report.pages import Link, page
from critical_minerals.workspace.parameters import OTHER_LANGUAGE, Language
from critical_minerals.workspace.paths import Workspace

WIDTH: Final = 120
"""Width of a small chart."""


@dataclass(frozen=True)
class Entry:
    """One brief: its file without ending, its formats and its published values."""

    stem: str
    formats: Sequence[str]
    values: Mapping[str, Mapping[str, Any]]

    @property
    def title(self) -> str:
        """The name of its subject; the file name where no title was published."""
        return str(self.values["title"]["text"]) if "title" in self.values else self.stem

    def number(self, name: str) -> float | None:
        """Return the bare number of a value, if it was published and is one."""
        return self.values.get(name, {}).get("number")


@dataclass(frozen=True)
class Bar:
    """A rectangle of a small chart; sizes as the page writes them."""

    kind: str
    x: float
    y: int
    width: str
    height: int


@dataclass(frozen=True)
class Card:
    """What the list shows of a brief: the group it is in, a small chart and the same in words.

    A `symbol` stands next to the title and is searched for too. `legend` explains the charts of a
    group.
    """

    group: str
    bars: Sequence[Bar]
    text: str
    symbol: str = ""
    legend: str = ""


DescribeBrief = Callable[[Entry, Language], Card]
"""What a project declares as `briefs_index`."""


def compose_index(
    workspace: Workspace, entries: Sequence[Entry], language: Language, *, other: str
) -> str:
    """Compose the page; `other` is the file of the page in the other language, if any."""
    describe: DescribeBrief = workspace.project.resolved("briefs_index")
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in sorted(entries, key=lambda entry: sortable(entry.title)):
        card = describe(entry, language)
        groups.setdefault(card.group, []).append(_list_entry(entry, card))
    theme = workspace.reports / "briefs" / "theme"
    return page(
        workspace,
        "briefs",
        title=label("index-title", language),
        subtitle=label("index-subtitle", language),
        language=language,
        links=[Link(label("index-other-language", language), other, OTHER_LANGUAGE[language])]
        if other
        else [],
        folder="briefs",
        sheets=[theme / "index.css"],
        scripts=[theme / "index.js"],
        count=len(entries),
        # One text for a single brief and one for several, of which the search script chooses.
        counted=[_count_text(count, language) for count in (1, max(len(entries), 2))],
        # In the order that the project declares; a group without briefs has no heading.
        groups={
            group: groups[group] for group in workspace.project.brief_groups if group in groups
        },
        width=WIDTH,
    )


def _count_text(count: int, language: Language) -> str:
    """Return the text on how many are shown, with `#` where the script puts the number."""
    return say("index-found", count=count)(language).replace(str(count), "#", 1)


def _list_entry(entry: Entry, card: Card) -> dict[str, Any]:
    return {
        **vars(card),
        "stem": entry.stem,
        "formats": entry.formats,
        "title": entry.title,
        "words": f"{entry.title} {card.symbol}".casefold(),
        "height": max((bar.y + bar.height for bar in card.bars), default=0),
    }
