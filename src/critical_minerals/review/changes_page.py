"""A page with every change between two snapshots: one file, no network, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Percent, write_date
from critical_minerals.publish.edition import MISSING
from critical_minerals.publish.sources import publisher_name
from critical_minerals.report.pages import Cell, Folded, Link, Section, Table, language_links, page
from critical_minerals.review.change_texts import ChangeTexts, Lists
from critical_minerals.review.changes import (
    LARGE_FROM,
    MODERATE_FROM,
    Change,
    Comparison,
    Kind,
    Tier,
    What,
    Why,
)
from critical_minerals.tables.cells import address
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import CHANGES, Workspace, write_whole

_TOP: Final = 12
"""Changes in the table of the largest ones."""
_LISTED: Final = 40
"""Rows of one table that the page shows; the JSON holds all of them."""
_TWO_SIDED: Final = (Kind.VALUE, Kind.ROW, Kind.CLAIM)
"""Kinds of change that have an old and a new text."""
_COLUMNS: Final = ("figure", "then", "now", "change", "size", "why")


def write_changes_pages(
    workspace: Workspace, comparison: Comparison | None, languages: Iterable[Language]
) -> None:
    """Write the page of changes in each language, from what `since_release` returned.

    Without a release of an earlier day the pages say that there is nothing to compare with.
    """
    editions: list[Language] = [*languages]
    lists = Lists(workspace)
    for language in editions:
        links = language_links("changes-title", CHANGES, language, editions)
        text = changes_page(workspace, comparison, language, links, lists)
        write_whole(workspace.output / CHANGES[language], text)


def changes_page(
    workspace: Workspace,
    comparison: Comparison | None,
    language: Language,
    links: Sequence[Link] = (),
    lists: Lists | None = None,
) -> str:
    """Compose the page of one comparison; `links` stand in its header."""
    content: dict[str, Any] = {"links": links}
    if comparison is None:
        content["sections"] = [Section("", "", [label("changes-none-before", language)])]
    else:
        texts = ChangeTexts(workspace, comparison, language, lists)
        sides = {"before": texts.side(comparison.before), "after": texts.side(comparison.after)}
        content["subtitle"] = texts.say("changes-subtitle", **sides)
        content["sections"] = _Page(texts).sections()
    title = label("changes-title", language)
    return page(workspace, "changes", title=title, language=language, **content)


class _Page:
    def __init__(self, texts: ChangeTexts) -> None:
        self.texts = texts
        self.language: Language = texts.language
        self._say = texts.say
        self._comparison = texts.comparison

    def sections(self) -> list[Section]:
        """Return the sections in the order of the page, without those that are empty."""
        contents: dict[str, dict[str, Any]] = {
            "summary": self._summary(),
            "largest": {"tables": self._largest()},
            "values": {"folded": self._lists_of_kind(Kind.VALUE)},
            "claims": {"folded": self._lists_of_kind(Kind.CLAIM)},
            "charts": {"tables": self._charts()},
            "rows": {"folded": self._rows()},
            "sources": {"folded": self._sources()},
            "reading": self._reading(),
        }
        return [
            Section(anchor, self._say(f"changes-section-{anchor}"), **content)
            for anchor, content in contents.items()
            if any(content.values())
        ]

    def _summary(self) -> dict[str, Any]:
        """Count the changes by kind, what happened and size; say which parameters differ."""
        if not self._comparison.changes:
            return {"paragraphs": [self._say("changes-same")]}
        columns = [*(f"what-{what}" for what in What), *(f"tier-{tier}" for tier in Tier)]
        header = [self._say("changes-column-kind")]
        header += [self._say(f"changes-{name}").capitalize() for name in columns]
        rows: list[list[str]] = []
        count = self._comparison.count
        for kind in filter(count, Kind):
            counts = [count(kind, sort) for sort in (*What, *Tier)]
            numbers = [self._say("changes-number", count=number) for number in counts]
            rows.append([self._say(f"changes-kind-{kind}"), *numbers])
        numeric = frozenset(range(1, len(header)))
        table = Table(self._say("changes-section-summary"), header, rows, numeric, captioned=False)
        # The subtitle names the as-of day already.
        differing = {
            name: pair for name, pair in self._comparison.parameters.items() if name != "as_of"
        }
        differences = "; ".join(f"{name} {old} → {new}" for name, (old, new) in differing.items())
        paragraphs = [self._say("changes-parameters", list=differences)] if differing else []
        return {"paragraphs": paragraphs, "tables": [table]}

    def _largest(self) -> list[Table]:
        """List the largest changes of values that the documents state, else of anything."""
        values, stated = self._comparison.of(Kind.VALUE), self.texts.stated
        # New values have no earlier figure and would fill the table with dashes.
        stated_changes = [
            change for change in values if change.name in stated and change.what is not What.ADDED
        ]
        candidates = stated_changes[:_TOP] or self._comparison.top(_TOP)
        listed = [change for change in candidates if change.kind in _TWO_SIDED]
        return [self._change_table(listed, self._say("changes-section-largest"))] if listed else []

    def _rows(self) -> list[Folded]:
        """List the changed rows, table by table."""
        by_table: dict[str, list[Change]] = {}
        for change in self._comparison.of(Kind.ROW):
            by_table.setdefault(change.name, []).append(change)
        return [self._table_changes(name, changes) for name, changes in by_table.items()]

    def _table_changes(self, name: str, changes: Sequence[Change]) -> Folded:
        counts = {what.value: sum(change.what is what for change in changes) for what in What}
        table_name = self.texts.table(name)
        counts_text = self._say("changes-table-counts", **counts)
        more = len(changes) - _LISTED
        return Folded(
            f"{table_name} ({counts_text})",
            self._change_table(changes[:_LISTED], table_name, in_table=True),
            rest=self._say("changes-list-more", count=more) if more > 0 else "",
        )

    def _lists_of_kind(self, kind: Kind) -> list[Folded]:
        """List the changes of a kind by what happened; the list of revised ones is open."""
        kind_name = self._say(f"changes-kind-{kind}")
        return [
            Folded(
                summary,
                self._change_table(
                    changes, self._say("changes-table-title", kind=kind_name, counted=summary)
                ),
                open=what is What.REVISED,
            )
            for what, summary, changes in self._by_what(kind)
        ]

    def _by_what(self, kind: Kind) -> Iterator[tuple[What, str, list[Change]]]:
        """Yield the changes of a kind by what happened, with a heading that counts them."""
        for what in What:
            if changes := self._comparison.of(kind, what):
                yield what, self._say(f"changes-list-{what}", count=len(changes)), changes

    def _change_table(
        self, changes: Sequence[Change], caption: str, *, in_table: bool = False
    ) -> Table:
        """Write changes as a table, the largest first; `in_table` omits the table in row names."""
        rows: list[list[Cell | str]] = []
        for change in changes:
            texts = self.texts.describe(change, in_table=in_table)
            code = change.name if change.kind is Kind.VALUE else ""
            name = Cell(texts.what, self._report_link(texts.anchor), code=code)
            rows.append([name, texts.then, texts.now, texts.moved, *self._size_and_why(change)])
        return Table(caption, self._header(*_COLUMNS), rows, frozenset({1, 2, 3}), captioned=False)

    def _header(self, *names: str) -> list[str]:
        return [self._say(f"changes-column-{name}") for name in names]

    def _report_link(self, anchor: str) -> str:
        return self.texts.references.link(anchor, CHANGES[self.language]) if anchor else ""

    def _size_and_why(self, change: Change) -> tuple[Cell, str]:
        """Return size and reason, with the document where there is exactly one."""
        tag = "bad" if change.tier is Tier.LARGE else "neutral"
        why, document = self.texts.why(change), self.texts.document(change)
        reason = self._say("changes-why-source", why=why, source=document) if document else why
        return Cell(self._say(f"changes-tier-{change.tier}"), tag=tag), reason

    def _charts(self) -> list[Table]:
        """List the charts and tables of the report that show something else."""
        rows: list[list[Cell | str]] = []
        for change in (*self._comparison.of(Kind.CHART), *self._comparison.of(Kind.TABLE)):
            then, now = (texts.get(self.language, "") for texts in (change.before, change.after))
            # With the same title the figures differ, which no text can show here.
            old_title = self._say("changes-redrawn") if then == now else then or MISSING
            title = Cell(now or MISSING, self._report_link(change.name if now else ""))
            rows.append([title, old_title, *self._size_and_why(change)])
        caption, header = self._say("changes-section-charts"), ("chart", "then", "size", "why")
        return [Table(caption, self._header(*header), rows, captioned=False)] if rows else []

    def _sources(self) -> list[Folded]:
        """List the documents that are new, removed or described differently."""
        return [
            Folded(summary, items=[self._source_cell(change) for change in changes], open=True)
            for _, summary, changes in self._by_what(Kind.SOURCE)
        ]

    def _source_cell(self, change: Change) -> Cell:
        """Write a source: its title, linked where its address is one, with publisher and day."""
        row = change.row
        url, day = row.get("url", ""), row.get("published", "")
        # An address that is no safe link stays readable as text.
        place = f" ({url})" if url and not address(url) else ""
        published = f" ({write_date(day, self.language)})" if day else ""
        # Marked only where it differs from the language of the page.
        title_language: Any = row.get("title_language", "") or "en"
        return Cell(
            row.get("title", change.name),
            address(url),
            language=None if title_language == self.language else title_language,
            note=f"{place}, {publisher_name(row, self.language)}{published}",
        )

    def _reading(self) -> dict[str, Any]:
        sizes = {"large": Percent(100 * LARGE_FROM), "moderate": Percent(100 * MODERATE_FROM)}
        whys = [self._say(f"changes-reading-why-{str(why).replace(' ', '-')}") for why in Why]
        return {
            "paragraphs": [self._say("changes-reading-size", **sizes)],
            "items": [Cell(why) for why in whys],
            "closing": self._say("changes-reading-main"),
        }
