"""A page that tells every change between two snapshots: one file, no network, in one language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Percent, write_date
from critical_minerals.parameters import Language
from critical_minerals.publish.edition import MISSING
from critical_minerals.report.pages import Cell, Folded, Link, Section, Table, page, twins
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
from critical_minerals.review.changes_words import Words
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
    for language in editions:
        links = twins("changes-title", CHANGES, language, editions)
        text = changes_page(workspace, comparison, language, links)
        write_whole(workspace.output / CHANGES[language], text)


def changes_page(
    workspace: Workspace,
    comparison: Comparison | None,
    language: Language,
    links: Sequence[Link] = (),
) -> str:
    """Compose the page of one comparison; `links` stand in its header."""
    told: dict[str, Any] = {"links": links}
    if comparison is None:
        told["sections"] = [Section("", "", [label("changes-none-before", language)])]
    else:
        words = Words(workspace, comparison, language)
        sides = {"before": words.side(comparison.before), "after": words.side(comparison.after)}
        sections = [one for one in _Page(words).sections() if _says_something(one)]
        told["subtitle"] = words.say("changes-subtitle", **sides)
        told["sections"] = sections
        told["contents"] = [Link(one.heading, f"#{one.anchor}") for one in sections]
    title = label("changes-title", language)
    return page(workspace, "changes", title=title, language=language, **told)


def _says_something(section: Section) -> bool:
    return any((section.paragraphs, section.tables, section.folded, section.items))


class _Page:
    """The sections of the page."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.language: Language = words.language
        self._comparison = words.comparison

    def sections(self) -> Iterator[Section]:
        """Tell everything, in the order of the page; a section may have nothing to say."""
        yield self._summary()
        yield self._section("largest", tables=self._largest())
        yield self._section("values", folded=self._list(Kind.VALUE))
        yield self._section("claims", folded=self._list(Kind.CLAIM))
        yield self._section("charts", tables=self._charts())
        yield self._section("rows", folded=self._rows())
        yield self._section("sources", folded=self._sources())
        yield self._reading()

    def _section(self, anchor: str, **parts: Any) -> Section:
        return Section(anchor, self._say(f"changes-section-{anchor}"), **parts)

    def _summary(self) -> Section:
        """Count the changes by kind, what happened and size."""
        if not self._comparison.changes:
            return self._section("summary", paragraphs=[self._say("changes-same")])
        heads = [*(f"what-{what}" for what in What), *(f"tier-{tier}" for tier in Tier)]
        headers = [
            self._say("changes-column-kind"),
            *(self._say(f"changes-{one}").capitalize() for one in heads),
        ]
        rows = [self._counts(kind) for kind in Kind if self._comparison.of(kind)]
        numeric = frozenset(range(1, len(headers)))
        table = Table(self._say("changes-section-summary"), headers, rows, numeric, captioned=False)
        return self._section("summary", paragraphs=self._parameters(), tables=[table])

    def _counts(self, kind: Kind) -> list[str]:
        changes = self._comparison.of(kind)
        counts = [
            *(sum(one.what is what for one in changes) for what in What),
            *(sum(one.tier is tier for one in changes) for tier in Tier),
        ]
        numbers = [self._say("changes-number", count=count) for count in counts]
        return [self._say(f"changes-kind-{kind}"), *numbers]

    def _parameters(self) -> list[str]:
        """Say which parameters differ, except for the as-of day, which the subtitle tells."""
        differing = {n: pair for n, pair in self._comparison.parameters.items() if n != "as_of"}
        told = "; ".join(f"{name} {old} → {new}" for name, (old, new) in differing.items())
        return [self._say("changes-parameters", list=told)] if differing else []

    def _largest(self) -> list[Table]:
        """Tell the largest changes of figures that the text states, or of any."""
        figures = self._comparison.of(Kind.VALUE)
        stated = [
            one for one in figures if one.name in self.words.stated and one.what is not What.ADDED
        ]
        chosen = stated[:_TOP] or self._comparison.top(_TOP)
        shown = [one for one in chosen if one.kind in _TOLD]
        return [self._figures(shown, self._say("changes-section-largest"))] if shown else []

    def _rows(self) -> list[Folded]:
        """Tell the rows of each table."""
        rows = self._comparison.of(Kind.ROW)
        tables = dict.fromkeys(change.name for change in rows)
        return [self._rows_of(name, [c for c in rows if c.name == name]) for name in tables]

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
        headers = [self._say(f"changes-column-{name}") for name in _COLUMNS]
        rows = [self._line(change, in_table=in_table) for change in changes]
        return Table(caption, headers, rows, frozenset({1, 2, 3}), captioned=False)

    def _line(self, change: Change, *, in_table: bool) -> list[Cell | str]:
        told = self.words.told(change, in_table=in_table)
        code = change.name if change.kind is Kind.VALUE else ""
        name = Cell(told.what, self._in_report(told.anchor), code=code)
        return [name, told.then, told.now, told.moved, self._size(change), self._why(change)]

    def _in_report(self, anchor: str) -> str:
        return self.words.uses.link(anchor, CHANGES[self.language]) if anchor else ""

    def _why(self, change: Change) -> str:
        """Give the reason, with its document where there is but one."""
        why, document = self.words.why(change), self.words.document(change)
        return self._say("changes-why-source", why=why, source=document) if document else why

    def _size(self, change: Change) -> Cell:
        tag = "bad" if change.tier is Tier.LARGE else "neutral"
        return Cell(self._say(f"changes-tier-{change.tier}"), tag=tag)

    def _charts(self) -> list[Table]:
        """Tell the charts and tables of the report that show something else."""
        changes = [*self._comparison.of(Kind.CHART), *self._comparison.of(Kind.TABLE)]
        names = ("chart", "then", "size", "why")
        headers = [self._say(f"changes-column-{name}") for name in names]
        rows = [self._chart(change) for change in changes]
        caption = self._say("changes-section-charts")
        return [Table(caption, headers, rows, captioned=False)] if rows else []

    def _chart(self, change: Change) -> list[Cell | str]:
        then, now = (texts.get(self.language, "") for texts in (change.before, change.after))
        same = self._say("changes-redrawn") if then == now else then or MISSING
        title = Cell(now or MISSING, self._in_report(change.name if now else ""))
        return [title, same, self._size(change), self._why(change)]

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

    def _reading(self) -> Section:
        """Explain sizes and reasons."""
        sizes = {"large": Percent(100 * LARGE_FROM), "moderate": Percent(100 * MODERATE_FROM)}
        whys = [f"changes-reading-why-{str(why).replace(' ', '-')}" for why in Why]
        return self._section(
            "reading",
            paragraphs=[self._say("changes-reading-size", **sizes)],
            items=[Cell(self._say(key)) for key in whys],
            closing=self._say("changes-reading-main"),
        )

    def _say(self, key: str, **facts: Any) -> str:
        return self.words.say(key, **facts)
