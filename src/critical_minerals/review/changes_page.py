"""A page that tells every change between two snapshots: one file, no network, in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Percent, write_date
from critical_minerals.parameters import Language
from critical_minerals.publish.edition import MISSING
from critical_minerals.report.pages import Cell, Folded, Link, Section, Table, page, twins
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
from critical_minerals.workspace import CHANGES, Workspace, write_whole

_TOP: Final = 12
_LISTED: Final = 40
"""Rows of one table that the page shows; the JSON holds all of them."""
_TOLD: Final = (Kind.VALUE, Kind.ROW, Kind.CLAIM)
"""Kinds of which a line can say what stood there and what stands there."""
_COLUMNS: Final = ("figure", "then", "now", "change", "size", "why")


def write_changes_pages(
    workspace: Workspace, comparison: Comparison | None, languages: Iterable[Language]
) -> None:
    """Write the pages beside the report: what `since_release` found, in each language.

    Without a release of an earlier day they say that there is nothing to compare with.
    """
    editions: list[Language] = [*languages]
    lists = Lists(workspace)
    for language in editions:
        links = twins("changes-title", CHANGES, language, editions)
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
    told: dict[str, Any] = {"links": links}
    if comparison is None:
        told["sections"] = [Section("", "", [label("changes-none-before", language)])]
    else:
        words = ChangeTexts(workspace, comparison, language, lists)
        sides = {"before": words.side(comparison.before), "after": words.side(comparison.after)}
        told["subtitle"] = words.say("changes-subtitle", **sides)
        told["sections"] = sections = _Page(words).sections()
        told["contents"] = [Link(one.heading, f"#{one.anchor}") for one in sections]
    title = label("changes-title", language)
    return page(workspace, "changes", title=title, language=language, **told)


class _Page:
    """The sections of the page."""

    def __init__(self, words: ChangeTexts) -> None:
        self.words = words
        self.language: Language = words.language
        self._say = words.say
        self._comparison = words.comparison

    def sections(self) -> list[Section]:
        """Tell everything, in the order of the page; what has nothing to say is left out."""
        parts: dict[str, dict[str, Any]] = {
            "summary": self._summary(),
            "largest": {"tables": self._largest()},
            "values": {"folded": self._list(Kind.VALUE)},
            "claims": {"folded": self._list(Kind.CLAIM)},
            "charts": {"tables": self._charts()},
            "rows": {"folded": self._rows()},
            "sources": {"folded": self._sources()},
            "reading": self._reading(),
        }
        return [
            Section(anchor, self._say(f"changes-section-{anchor}"), **told)
            for anchor, told in parts.items()
            if any(told.values())
        ]

    def _summary(self) -> dict[str, Any]:
        """Count the changes by kind, what happened and size; say which parameters differ."""
        if not self._comparison.changes:
            return {"paragraphs": [self._say("changes-same")]}
        heads = [*(f"what-{what}" for what in What), *(f"tier-{tier}" for tier in Tier)]
        header = [self._say("changes-column-kind")]
        header += [self._say(f"changes-{one}").capitalize() for one in heads]
        rows: list[list[str]] = []
        for kind in Kind:
            if changes := self._comparison.of(kind):
                counts = Counter(word for one in changes for word in (one.what, one.tier))
                numbers = [self._say("changes-number", count=counts[w]) for w in (*What, *Tier)]
                rows.append([self._say(f"changes-kind-{kind}"), *numbers])
        numeric = frozenset(range(1, len(header)))
        table = Table(self._say("changes-section-summary"), header, rows, numeric, captioned=False)
        # The subtitle tells of the as-of day.
        differing = {n: pair for n, pair in self._comparison.parameters.items() if n != "as_of"}
        told = "; ".join(f"{name} {old} → {new}" for name, (old, new) in differing.items())
        said = [self._say("changes-parameters", list=told)] if differing else []
        return {"paragraphs": said, "tables": [table]}

    def _largest(self) -> list[Table]:
        """Tell the largest changes of figures that the text states, or of any."""
        figures, stated = self._comparison.of(Kind.VALUE), self.words.stated
        chosen = [one for one in figures if one.name in stated and one.what is not What.ADDED]
        some = chosen[:_TOP] or self._comparison.top(_TOP)
        shown = [one for one in some if one.kind in _TOLD]
        return [self._figures(shown, self._say("changes-section-largest"))] if shown else []

    def _rows(self) -> list[Folded]:
        """Tell the rows of each table."""
        by_table: dict[str, list[Change]] = {}
        for change in self._comparison.of(Kind.ROW):
            by_table.setdefault(change.name, []).append(change)
        return [self._rows_of(name, changes) for name, changes in by_table.items()]

    def _rows_of(self, name: str, changes: Sequence[Change]) -> Folded:
        counts = {what.value: sum(one.what is what for one in changes) for what in What}
        named, told = self.words.table(name), self._say("changes-table-counts", **counts)
        more = len(changes) - _LISTED
        return Folded(
            f"{named} ({told})",
            self._figures(changes[:_LISTED], named, in_table=True),
            rest=self._say("changes-list-more", count=more) if more > 0 else "",
        )

    def _list(self, kind: Kind) -> list[Folded]:
        """Tell the changes of a kind by what happened; the changed ones are open."""
        named = self._say(f"changes-kind-{kind}")
        return [
            Folded(summary, self._figures(some, f"{named}: {summary}"), open=what is What.REVISED)
            for what, summary, some in self._by_what(kind)
        ]

    def _by_what(self, kind: Kind) -> Iterator[tuple[What, str, list[Change]]]:
        """Yield the changes of a kind by what happened, with a heading that counts them."""
        for what in What:
            if some := self._comparison.of(kind, what):
                yield what, self._say(f"changes-list-{what}", count=len(some)), some

    def _figures(self, changes: Sequence[Change], caption: str, *, in_table: bool = False) -> Table:
        """Write changes as a table, the largest first; `in_table` names rows without theirs."""
        rows: list[list[Cell | str]] = []
        for change in changes:
            told = self.words.told(change, in_table=in_table)
            code = change.name if change.kind is Kind.VALUE else ""
            name = Cell(told.what, self._in_report(told.anchor), code=code)
            rows.append([name, told.then, told.now, told.moved, *self._size_and_why(change)])
        return Table(caption, self._header(*_COLUMNS), rows, frozenset({1, 2, 3}), captioned=False)

    def _header(self, *names: str) -> list[str]:
        return [self._say(f"changes-column-{name}") for name in names]

    def _in_report(self, anchor: str) -> str:
        return self.words.uses.link(anchor, CHANGES[self.language]) if anchor else ""

    def _size_and_why(self, change: Change) -> tuple[Cell, str]:
        """Give size and reason, with its document where there is but one."""
        tag = "bad" if change.tier is Tier.LARGE else "neutral"
        why, document = self.words.why(change), self.words.document(change)
        told = self._say("changes-why-source", why=why, source=document) if document else why
        return Cell(self._say(f"changes-tier-{change.tier}"), tag=tag), told

    def _charts(self) -> list[Table]:
        """Tell the charts and tables of the report that show something else."""
        rows: list[list[Cell | str]] = []
        for change in (*self._comparison.of(Kind.CHART), *self._comparison.of(Kind.TABLE)):
            then, now = (texts.get(self.language, "") for texts in (change.before, change.after))
            same = self._say("changes-redrawn") if then == now else then or MISSING
            title = Cell(now or MISSING, self._in_report(change.name if now else ""))
            rows.append([title, same, *self._size_and_why(change)])
        caption, header = self._say("changes-section-charts"), ("chart", "then", "size", "why")
        return [Table(caption, self._header(*header), rows, captioned=False)] if rows else []

    def _sources(self) -> list[Folded]:
        """List the documents that are new, gone or described otherwise."""
        return [
            Folded(summary, items=[self._source(change) for change in some], open=True)
            for _, summary, some in self._by_what(Kind.SOURCE)
        ]

    def _source(self, change: Change) -> Cell:
        """Write a source: its title, linked where its address is one, with publisher and day."""
        row = change.row
        url, day = row.get("url", ""), row.get("published", "")
        place = f" ({url})" if url and not address(url) else ""
        published = f" ({write_date(day, self.language)})" if day else ""
        # Of the two languages that a title can be in, the page's own goes without saying.
        spoken: Any = row.get("title_language", "") or "en"
        return Cell(
            row.get("title", change.name),
            address(url),
            language=None if spoken == self.language else spoken,
            note=f"{place}, {self.words.publisher(row)}{published}",
        )

    def _reading(self) -> dict[str, Any]:
        """Explain sizes and reasons."""
        sizes = {"large": Percent(100 * LARGE_FROM), "moderate": Percent(100 * MODERATE_FROM)}
        whys = [self._say(f"changes-reading-why-{str(why).replace(' ', '-')}") for why in Why]
        return {
            "paragraphs": [self._say("changes-reading-size", **sizes)],
            "items": [Cell(why) for why in whys],
            "closing": self._say("changes-reading-main"),
        }
