"""The report's section on what changed since the last release, and the values that it states."""

from __future__ import annotations

from dataclasses import asdict
from itertools import islice
from typing import Final

from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Count, Date, write
from critical_minerals.publish.assemble import Changes
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
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import CHANGES, Workspace

_LISTED: Final = 15
"""Changed figures that the table lists; the page of changes has all of them."""
_MOST_ROWS: Final = 8
"""Changed rows of tables that it lists at most, where few figures have changed."""
_COLUMNS: Final = ("figure", "then", "now", "change", "why")
_WIDTHS: Final = (34, 15, 14, 10, 27)
_TIME_UNITS: Final = ("year", "date")


def since_last_update(
    workspace: Workspace, comparison: Comparison | None, language: Language
) -> Changes:
    """Write the section from what `since_release` returned; without a release it says so."""
    if comparison is None:
        text = compose("changes", language, intro=label("changes-none-before", language), rows=[])
        return Changes(text, _section_values(None, 0, 0, language))
    texts = ChangeTexts(workspace, comparison, language)
    stated = [change for change in comparison.of(Kind.VALUE) if change.name in texts.stated]
    revised, added = (
        sum(change.what is what for change in stated) for what in (What.REVISED, What.ADDED)
    )
    former_texts = {
        name: by_language[language] for name, by_language in revised_values(comparison).items()
    }
    partial = _compose_partial(texts, stated, revised, added)
    return Changes(partial, _section_values(comparison, revised, added, language), former_texts)


def _compose_partial(texts: ChangeTexts, stated: list[Change], revised: int, added: int) -> str:
    """Compose the section: the numbers of changes, then the table of the largest ones."""
    comparison, language = texts.comparison, texts.language
    day = Date(comparison.before.as_of)
    if not comparison.changes:
        return compose("changes", language, intro=texts.say("changes-none", day=day), rows=[])
    # Documents also state values that no notebook publishes, such as the counts of this section.
    stated_values = comparison.after.lineage["published"]["values"].keys() & texts.stated.keys()
    rows = {what.value: comparison.count(Kind.ROW, what) for what in What}
    intro = texts.say(
        "changes-intro",
        day=day,
        used=len(stated_values),
        revised=revised,
        added=added,
        sources=comparison.count(Kind.SOURCE, What.ADDED),
        **{f"rows{what}": count for what, count in rows.items()},
    )
    figures = _sort_changes(texts, [change for change in stated if _is_figure(texts, change)])
    # Where few figures have changed, rows of tables fill the list.
    room = max(0, _MOST_ROWS - len(figures))
    chosen = [*figures[:_LISTED], *islice(comparison.reportable_rows, room)]
    caption = "tbl-changes-caption-rows" if room else "tbl-changes-caption"
    return compose(
        "changes",
        language,
        intro=intro,
        rows=[_table_row(texts, texts.describe(change)) for change in chosen],
        title=texts.say("tbl-changes-title", day=day),
        caption=label(caption, language),
        header=[label(f"changes-column-{name}", language) for name in _COLUMNS],
        widths=_WIDTHS,
        page=CHANGES[language],
    )


def _sort_changes(texts: ChangeTexts, changes: list[Change]) -> list[Change]:
    """Sort revised values first, by size; new ones follow in the order of the document."""
    positions = {name: position for position, name in enumerate(texts.stated)}

    def sort_key(change: Change) -> tuple[bool, bool, float]:
        if change.what is What.ADDED:
            return True, False, positions[change.name]
        return False, change.tier is not Tier.LARGE, -change.step.size

    return sorted(changes, key=sort_key)


def _is_figure(texts: ChangeTexts, change: Change) -> bool:
    """Tell a figure from a year, a date or a list of names: those have no size to show."""
    sides = texts.comparison.after, texts.comparison.before
    entries = [side.lineage["published"]["values"].get(change.name) for side in sides]
    units = [entry["unit"] for entry in entries if entry and entry["number"] is not None]
    return bool(units) and units[0] not in _TIME_UNITS


def _table_row(texts: ChangeTexts, text: ChangeText) -> dict[str, str]:
    """Return a row of the table, with links to the figure's section and the reason's document.

    The annex holds the table, the list of sources, and some of the sections.
    """
    place = texts.references.link(text.anchor, texts.last_page) if text.anchor else ""
    source = f"#{source_anchor(text.source)}" if text.source else ""
    return asdict(text) | {"place": place, "source": source}


def _section_values(
    comparison: Comparison | None, revised: int, added: int, language: Language
) -> dict[str, str]:
    """Return the counts of the section as named values, for sentences elsewhere."""
    # Also without a release: documents state these values, and would lack them.
    counts = {
        "changes_count": revised + added,
        "changes_revised": revised,
        "changes_new": added,
        "changes_new_rows": comparison.count(Kind.ROW, What.ADDED) if comparison else 0,
        "changes_new_sources": comparison.count(Kind.SOURCE, What.ADDED) if comparison else 0,
        "changes_large": comparison.count(Tier.LARGE) if comparison else 0,
    }
    texts = {name: write(Count(count), language) for name, count in counts.items()}
    before = comparison.before if comparison else None
    texts["changes_release"] = before.name if before else MISSING
    texts["changes_release_as_of"] = write(Date(before.as_of), language) if before else MISSING
    return texts
