"""The page that lists all briefs: one small chart each, and a search that needs no network."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_percent
from critical_minerals.language.stated import sortable
from critical_minerals.parameters import Language
from critical_minerals.report.pages import Link, page, safe_script
from critical_minerals.workspace import Workspace

_WIDTH: Final = 120
_MOST: Final = 12
"""Arrangements that fill the chart of a partner."""


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
    def group(self) -> str:
        """Under which heading it stands."""
        if "arrangement_count" not in self.values:
            return "minerals"
        return "countries" if "card_bilateral" in self.values else "alliances"

    def number(self, name: str) -> float | None:
        """Return the bare number of a value, if it was published and is one."""
        return self.values.get(name, {}).get("number")


def compose_index(
    workspace: Workspace, entries: Sequence[Entry], language: Language, *, other: str
) -> str:
    """Compose the page; `other` is the file of the page in the other language, if any."""
    groups = {
        group: sorted(
            (entry for entry in entries if entry.group == group),
            key=lambda entry: sortable(entry.title),
        )
        for group in ("minerals", "countries", "alliances")
    }
    sections = [_section(group, some, language) for group, some in groups.items() if some]
    facing: Language = "fr" if language == "en" else "en"
    links = [Link(label("index-other-language", language), other, facing)] if other else []
    theme = workspace.reports / "briefs" / "theme"
    script = f"<script>\n{safe_script((theme / 'index.js').read_text('utf-8'))}</script>"
    return page(
        workspace,
        title=label("index-title", language),
        subtitle=label("index-subtitle", language),
        body="\n".join([_search(entries, language), *sections, script]),
        language=language,
        links=links,
        folder="briefs",
        style=(theme / "index.css").read_text("utf-8"),
    )


def _search(entries: Sequence[Entry], language: Language) -> str:
    """Compose the search, which the script shows: without it all briefs are listed."""
    said = html.escape(label("index-search", language))
    hint = html.escape(label("index-search-hint", language))
    found = html.escape(say("index-found", count=len(entries))(language))
    one, other = (_counted(count, language) for count in (1, max(len(entries), 2)))
    return (
        f'<form class="finder" role="search" data-one="{one}" data-other="{other}" hidden>'
        f'<label for="finder">{said}</label>'
        f'<input id="finder" type="search" autocomplete="off" placeholder="{hint}">'
        f'<output for="finder" aria-live="polite">{found}</output></form>\n'
    )


def _counted(count: int, language: Language) -> str:
    """Say how many are shown, with a mark where the script puts the number."""
    words = say("index-found", count=count)(language)
    return html.escape(words.replace(str(count), "#", 1), quote=True)


def _section(group: str, entries: Sequence[Entry], language: Language) -> str:
    heading = html.escape(label(f"index-{group}", language))
    legend = html.escape(label("index-legend", language))
    told = f'<p class="source-line">{legend}</p>' if group == "minerals" else ""
    items = "\n".join(_item(entry, language) for entry in entries)
    return (
        f'<section aria-labelledby="{group}"><h2 id="{group}">{heading}</h2>{told}'
        f'<ul class="briefs">\n{items}\n</ul></section>'
    )


def _item(entry: Entry, language: Language) -> str:
    name, stem = html.escape(entry.title), html.escape(entry.stem)
    symbol = str(entry.values.get("symbol", {}).get("text", ""))
    sign = f' <span class="symbol">{html.escape(symbol)}</span>' if symbol else ""
    words = html.escape(f"{entry.title} {symbol}".casefold(), quote=True)
    title = f'<a href="{stem}.html">{name}</a>' if "html" in entry.formats else name
    printed = ""
    if "pdf" in entry.formats:
        said = html.escape(label("index-pdf", language))
        whose = f'<span class="visually-hidden"> – {name}</span>'
        printed = f'<a class="print" href="{stem}.pdf">{said}{whose}</a>'
    chart = (
        _partner_chart(entry, language) if entry.group != "minerals" else _chart(entry, language)
    )
    return f'<li data-words="{words}"><h3>{title}{sign}</h3>{chart}{printed}</li>'


def _chart(entry: Entry, language: Language) -> str:
    """Draw the largest producer's share above Canada's."""
    top, canada = entry.number("card_top"), entry.number("canada_share")
    if top is None:
        return _told(label("index-chart-none", language))
    told = {"top": write_percent(top, language)}
    if canada is None:
        words = say("index-chart-top", **told)(language)
    else:
        words = say("index-chart-both", canada=write_percent(canada, language), **told)(language)
    return _bars([(top, "top"), (canada or 0.0, "canada")]) + _told(words)


def _partner_chart(entry: Entry, language: Language) -> str:
    """Draw one mark for each arrangement or group."""
    count = int(entry.number("arrangement_count") or 0)
    words = say("index-chart-partner", count=count)(language)
    step = _WIDTH / _MOST
    marks = "".join(
        f'<rect class="top" x="{n * step:g}" y="0" width="{step - 2:g}" height="10"/>'
        for n in range(min(count, _MOST))
    )
    return _picture(marks, 10) + _told(words)


def _bars(bars: Sequence[tuple[float, str]]) -> str:
    marks = "".join(
        f'<rect class="whole" x="0" y="{n * 9}" width="{_WIDTH}" height="7"/>'
        f'<rect class="{kind}" x="0" y="{n * 9}" width="{share * _WIDTH / 100:.1f}" height="7"/>'
        for n, (share, kind) in enumerate(bars)
    )
    return _picture(marks, 16)


def _picture(marks: str, height: int) -> str:
    """Draw what the words beside it say."""
    size = f'viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" height="{height}"'
    return f'<svg class="spark" {size} aria-hidden="true">{marks}</svg>'


def _told(words: str) -> str:
    return f'<p class="told">{html.escape(words)}</p>'
