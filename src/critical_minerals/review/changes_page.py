"""A page that tells every change between two snapshots: one file, no network, in one language."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from typing import Final

from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Percent, write_date
from critical_minerals.parameters import Language
from critical_minerals.publish.addresses import html_link
from critical_minerals.publish.edition import MISSING
from critical_minerals.report.pages import Link, page
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
from critical_minerals.workspace import CHANGES, DOCUMENTS, Workspace, write_whole

"""The page beside the report, by language."""
_TOP: Final = 12
_LISTED: Final = 40
"""Rows of one table that the page shows; the JSON holds all of them."""
_STYLE: Final = """
.changes th[scope=row] { min-width: 13rem; border-bottom: 1px solid var(--rule); font-weight: 400; }
.changes th[scope=row], .changes td { vertical-align: top; }
.changes code { font-size: .8125rem; color: var(--muted); overflow-wrap: anywhere; }
.changes td:last-child:not(.num) { min-width: 10rem; }
"""


def write_changes_pages(
    workspace: Workspace, comparison: Comparison | None, languages: Iterable[Language]
) -> None:
    """Write the pages beside the report: what `with_last_release` found, in each language.

    Without a release of an earlier day they say that there is nothing to compare with.
    """
    editions: list[Language] = [*languages]
    for language in editions:
        links = [_link(other) for other in editions if other != language]
        text = (
            changes_page(workspace, comparison, language, links)
            if comparison
            else _empty(workspace, language, links)
        )
        write_whole(workspace.output / CHANGES[language], text)


def changes_page(
    workspace: Workspace, comparison: Comparison, language: Language, links: Sequence[Link] = ()
) -> str:
    """Compose the page of one comparison; `links` stand in its header."""
    told = _Page(Words(workspace, comparison, language))
    sections = [(anchor, title, body) for anchor, title, body in told.sections() if body]
    words = told.words
    sides = {"before": words.side(comparison.before), "after": words.side(comparison.after)}
    return page(
        workspace,
        title=label("changes-title", language),
        subtitle=words.say("changes-subtitle", **sides),
        body="\n".join(_section(*section) for section in sections),
        language=language,
        links=links,
        contents=[Link(title, f"#{anchor}") for anchor, title, _ in sections],
        style=_STYLE,
    )


def _empty(workspace: Workspace, language: Language, links: Sequence[Link]) -> str:
    body = f"<p>{html.escape(label('changes-none-before', language))}</p>"
    title = label("changes-title", language)
    return page(workspace, title=title, body=body, language=language, links=links)


def _link(language: Language) -> Link:
    """Link to the page in another language."""
    return Link(label("changes-title", language), CHANGES[language], language)


class _Page:
    """The sections of the page."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.language: Language = words.language
        self._comparison = words.comparison

    def sections(self) -> Iterable[tuple[str, str, str]]:
        """Yield each section's anchor, title and body; an empty body is left out."""
        bodies = {
            "summary": self._summary(),
            "largest": self._largest(),
            "values": self._list(Kind.VALUE),
            "claims": self._list(Kind.CLAIM),
            "charts": self._charts(),
            "rows": self._rows(),
            "sources": self._sources(),
            "reading": self._reading(),
        }
        for name, body in bodies.items():
            yield name, label(f"changes-section-{name}", self.language), body

    def _summary(self) -> str:
        """Count the changes by kind, what happened and size."""
        if not self._comparison.changes:
            return f"<p>{self._say('changes-same')}</p>"
        heads = [*(f"what-{what}" for what in What), *(f"tier-{tier}" for tier in Tier)]
        headers = [
            self._say("changes-column-kind"),
            *(self._say(f"changes-{one}").capitalize() for one in heads),
        ]
        lines = [self._counts(kind) for kind in Kind if self._comparison.of(kind)]
        return self._parameters() + _table(
            headers, lines, self._say("changes-section-summary"), (1, 2, 3, 4, 5, 6)
        )

    def _counts(self, kind: Kind) -> list[str]:
        changes = self._comparison.of(kind)
        counts = [
            *(sum(one.what is what for one in changes) for what in What),
            *(sum(one.tier is tier for one in changes) for tier in Tier),
        ]
        numbers = [self.words.say("changes-number", count=count) for count in counts]
        return [self._say(f"changes-kind-{kind}"), *numbers]

    def _parameters(self) -> str:
        """Say which parameters differ, except for the as-of day, which the subtitle tells."""
        differing = {n: pair for n, pair in self._comparison.parameters.items() if n != "as_of"}
        if not differing:
            return ""
        told = "; ".join(f"{name} {old} → {new}" for name, (old, new) in differing.items())
        return f"<p>{html.escape(self.words.say('changes-parameters', list=told))}</p>"

    def _largest(self) -> str:
        """Tell the largest changes of figures that the text states, or of any."""
        figures = self._comparison.of(Kind.VALUE)
        stated = [
            one for one in figures if one.name in self.words.stated and one.what is not What.ADDED
        ]
        chosen = stated[:_TOP] or self._comparison.top(_TOP)
        return self._figures(
            [one for one in chosen if one.kind in _TOLD],
            label("changes-section-largest", self.language),
        )

    def _rows(self) -> str:
        """Tell the rows of each table, folded."""
        rows = self._comparison.of(Kind.ROW)
        tables = dict.fromkeys(change.name for change in rows)
        return "\n".join(
            self._rows_of(name, [c for c in rows if c.name == name]) for name in tables
        )

    def _rows_of(self, name: str, changes: Sequence[Change]) -> str:
        counts = {what.value: sum(one.what is what for one in changes) for what in What}
        named, told = self.words.table(name), self.words.say("changes-table-counts", **counts)
        summary = html.escape(f"{named} ({told})")
        shown = self._figures(changes[:_LISTED], named, in_table=True)
        more = len(changes) - _LISTED
        rest = self.words.say("changes-list-more", count=more) if more > 0 else ""
        return _folded(summary, shown + (f"<p>{html.escape(rest)}</p>" if rest else ""))

    def _list(self, kind: Kind) -> str:
        """Tell the changes of a kind by what happened; the changed ones are open."""
        changes, named = self._comparison.of(kind), label(f"changes-kind-{kind}", self.language)
        parts: list[str] = []
        for what in What:
            some = [change for change in changes if change.what is what]
            if some:
                summary = self.words.say(f"changes-list-{what}", count=len(some))
                body = self._figures(some, f"{named}: {summary}")
                opened = what is What.REVISED
                parts.append(_folded(html.escape(summary), body, opened=opened))
        return "\n".join(parts)

    def _figures(self, changes: Sequence[Change], caption: str, *, in_table: bool = False) -> str:
        """Write changes as a table, the largest first; `in_table` names rows without theirs."""
        if not changes:
            return ""
        names = ("figure", "then", "now", "change", "size", "why")
        headers = [self._say(f"changes-column-{name}") for name in names]
        lines = [self._line(change, in_table=in_table) for change in changes]
        return _table(headers, lines, html.escape(caption), (1, 2, 3))

    def _line(self, change: Change, *, in_table: bool) -> list[str]:
        told = self.words.told(change, in_table=in_table)
        name = html.escape(told.what)
        if told.anchor:
            name = f'<a href="{DOCUMENTS[self.language]}.html#{told.anchor}">{name}</a>'
        if change.kind is Kind.VALUE:
            name += f"{'<br>' if name else ''}<code>{html.escape(change.name)}</code>"
        cells = (html.escape(text) for text in (told.then, told.now, told.moved))
        return [name, *cells, self._size(change), self._why(change)]

    def _why(self, change: Change) -> str:
        """Give the reason, with its document where there is but one."""
        why, document = self.words.why(change), self.words.document(change)
        told = self.words.say("changes-why-source", why=why, source=document) if document else why
        return html.escape(told)

    def _size(self, change: Change) -> str:
        bad = " tag-bad" if change.tier is Tier.LARGE else ""
        return f'<span class="tag{bad}">{self._say(f"changes-tier-{change.tier}")}</span>'

    def _charts(self) -> str:
        """Tell the charts and tables of the report that show something else."""
        changes = [*self._comparison.of(Kind.CHART), *self._comparison.of(Kind.TABLE)]
        if not changes:
            return ""
        names = ("chart", "then", "size", "why")
        headers = [self._say(f"changes-column-{name}") for name in names]
        lines = [self._chart(change) for change in changes]
        return _table(headers, lines, self._say("changes-section-charts"), ())

    def _chart(self, change: Change) -> list[str]:
        then, now = (texts.get(self.language, "") for texts in (change.before, change.after))
        same = self._say("changes-redrawn") if then == now else html.escape(then) or MISSING
        title = html.escape(now) or MISSING
        linked = (
            f'<a href="{DOCUMENTS[self.language]}.html#{change.name}">{title}</a>' if now else title
        )
        return [linked, same, self._size(change), self._why(change)]

    def _sources(self) -> str:
        """List the documents that are new, gone or described otherwise."""
        parts: list[str] = []
        for what in What:
            some = self._comparison.of(Kind.SOURCE, what)
            if some:
                summary = html.escape(self.words.say(f"changes-list-{what}", count=len(some)))
                items = "".join(f"<li>{self._source(change)}</li>" for change in some)
                parts.append(_folded(summary, f"<ul>{items}</ul>", opened=True))
        return "\n".join(parts)

    def _source(self, change: Change) -> str:
        """Write a source: its title, linked, with publisher and day."""
        row = change.row
        title, url = html.escape(row.get("title", change.name)), row.get("url", "")
        linked = html_link(title, url)
        spoken = row.get("title_language", "") or "en"
        said = linked if spoken == self.language else f'<span lang="{spoken}">{linked}</span>'
        day = row.get("published", "")
        published = f" ({html.escape(write_date(day, self.language))})" if day else ""
        return f"{said}, {html.escape(self.words.publisher(row))}{published}"

    def _reading(self) -> str:
        """Explain sizes and reasons."""
        sizes = {"large": Percent(100 * LARGE_FROM), "moderate": Percent(100 * MODERATE_FROM)}
        size = html.escape(self.words.say("changes-reading-size", **sizes))
        whys = [f"changes-reading-why-{str(why).replace(' ', '-')}" for why in Why]
        items = "".join(f"<li>{self._say(key)}</li>" for key in whys)
        return f"<p>{size}</p><ul>{items}</ul><p>{self._say('changes-reading-main')}</p>"

    def _say(self, key: str) -> str:
        return html.escape(label(key, self.language))


_TOLD: Final = (Kind.VALUE, Kind.ROW, Kind.CLAIM)
"""Kinds of which a line can say what stood there and what stands there."""


def _section(anchor: str, title: str, body: str) -> str:
    return f'<h2 id="{anchor}">{html.escape(title)}</h2>\n{body}'


def _folded(summary: str, body: str, *, opened: bool = False) -> str:
    mark = " open" if opened else ""
    return f'<details class="data"{mark}><summary>{summary}</summary>\n{body}\n</details>'


def _table(
    headers: Sequence[str], lines: Iterable[Sequence[str]], caption: str, numeric: Sequence[int]
) -> str:
    """Write a table of finished HTML cells that scrolls by itself where it is too wide."""
    kinds = [' class="num"' if place in numeric else "" for place in range(len(headers))]
    pairs = zip(headers, kinds, strict=True)
    head = "".join(f'<th scope="col"{kind}>{cell}</th>' for cell, kind in pairs)
    rows = "".join(f"<tr>{_row(line, kinds)}</tr>" for line in lines)
    return (
        f'<div class="table-scroll changes" tabindex="0" role="region" aria-label="{caption}">'
        f'<table><caption class="visually-hidden">{caption}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(line: Sequence[str], kinds: Sequence[str]) -> str:
    first = f'<th scope="row">{line[0]}</th>'
    return first + "".join(
        f"<td{kind}>{cell}</td>" for cell, kind in zip(line[1:], kinds[1:], strict=True)
    )
