"""The report's section on what changed since the last release, and the values that it states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Count, Date, write
from critical_minerals.parameters import Language
from critical_minerals.publish.edition import MISSING
from critical_minerals.publish.sources import source_anchor
from critical_minerals.report.markdown import compose
from critical_minerals.review.change_texts import ChangeText, ChangeTexts
from critical_minerals.review.changes import (
    Change,
    Comparison,
    Kind,
    Tier,
    What,
    revised_values,
)
from critical_minerals.workspace import CHANGES, Workspace

_LISTED: Final = 15
_FEW: Final = 8
"""Fewer changed figures than this leave room for rows of the tables."""
_COLUMNS: Final = ("figure", "then", "now", "change", "why")
_WIDTHS: Final = (34, 15, 14, 10, 27)
_TIMES: Final = ("year", "date")


@dataclass(frozen=True)
class Section:
    """What the report says of the changes, in one language.

    `partial` is Markdown for the document, `values` are named texts for it, `revised` holds what
    revised values said before, by name.
    """

    partial: str
    values: Mapping[str, str]
    revised: Mapping[str, str]


def since_last_update(
    workspace: Workspace, comparison: Comparison | None, language: Language
) -> Section:
    """Tell in one language what `since_release` found, also that there is no release yet."""
    if comparison is None:
        text = compose("changes", language, intro=label("changes-none-before", language), rows=[])
        return Section(text, _values(None, 0, 0, language), {})
    words = ChangeTexts(workspace, comparison, language)
    seen = [change for change in comparison.of(Kind.VALUE) if change.name in words.stated]
    revised, added = (
        sum(change.what is what for change in seen) for what in (What.REVISED, What.ADDED)
    )
    old = {name: texts[language] for name, texts in revised_values(comparison).items()}
    partial = _partial(words, seen, revised, added)
    return Section(partial, _values(comparison, revised, added, language), old)


def _partial(words: ChangeTexts, seen: list[Change], revised: int, added: int) -> str:
    """Compose the section: what has changed in numbers, then the table of the largest changes."""
    comparison, language = words.comparison, words.language
    day = Date(comparison.before.as_of)
    if not comparison.changes:
        return compose("changes", language, intro=words.say("changes-none", day=day), rows=[])
    known = comparison.after.lineage["published"]["values"].keys() & words.stated.keys()
    rows = {what.value: len(comparison.of(Kind.ROW, what)) for what in What}
    intro = words.say(
        "changes-intro",
        day=day,
        used=len(known),
        revised=revised,
        added=added,
        sources=len(comparison.of(Kind.SOURCE, What.ADDED)),
        **{f"rows{what}": count for what, count in rows.items()},
    )
    figures = _in_order(words, [change for change in seen if _is_figure(words, change)])
    room = _FEW - len(figures)
    rows_moved = (c for c in comparison.of(Kind.ROW) if c.direct and not c.told)
    moved = [change for change in rows_moved if change.tier is not Tier.SMALL]
    chosen = [*figures[:_LISTED], *moved[: max(0, room)]]
    caption = "tbl-changes-caption-rows" if room > 0 else "tbl-changes-caption"
    return compose(
        "changes",
        language,
        intro=intro,
        rows=[_told(words, words.told(change)) for change in chosen],
        title=words.say("tbl-changes-title", day=day),
        caption=label(caption, language),
        header=[label(f"changes-column-{name}", language) for name in _COLUMNS],
        widths=_WIDTHS,
        page=CHANGES[language],
    )


def _in_order(words: ChangeTexts, changes: list[Change]) -> list[Change]:
    """Put the changed ones first, the largest ahead; new ones follow as the document has them."""
    places = {name: place for place, name in enumerate(words.stated)}

    def place(change: Change) -> tuple[bool, bool, float]:
        if change.what is What.ADDED:
            return True, False, places[change.name]
        return False, change.tier is not Tier.LARGE, -change.step.size

    return sorted(changes, key=place)


def _is_figure(words: ChangeTexts, change: Change) -> bool:
    """Tell a figure from a year, a date or a list of names, whose change a row would not show."""
    sides = words.comparison.after, words.comparison.before
    entries = [side.lineage["published"]["values"].get(change.name) for side in sides]
    units = [entry["unit"] for entry in entries if entry and entry["number"] is not None]
    return bool(units) and units[0] not in _TIMES


def _told(words: ChangeTexts, told: ChangeText) -> dict[str, str]:
    """Tell one line: the figure leads to its section, the reason to its document.

    The annex holds the table, the list of sources, and some of the sections.
    """
    place = words.uses.link(told.anchor, words.last_page) if told.anchor else ""
    source = f"#{source_anchor(told.source)}" if told.source else ""
    return asdict(told) | {"place": place, "source": source}


def _values(
    comparison: Comparison | None, revised: int, added: int, language: Language
) -> dict[str, str]:
    """Name what the section counts, so that sentences elsewhere can state it."""
    counts = {
        "changes_count": revised + added,
        "changes_revised": revised,
        "changes_new": added,
        "changes_new_rows": len(comparison.of(Kind.ROW, What.ADDED)) if comparison else 0,
        "changes_new_sources": len(comparison.of(Kind.SOURCE, What.ADDED)) if comparison else 0,
        "changes_large": comparison.count(Tier.LARGE) if comparison else 0,
    }
    texts = {name: write(Count(count), language) for name, count in counts.items()}
    before = comparison.before if comparison else None
    texts["changes_release"] = before.name if before else MISSING
    texts["changes_release_as_of"] = write(Date(before.as_of), language) if before else MISSING
    return texts
