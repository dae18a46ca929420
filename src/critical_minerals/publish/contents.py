"""The way through a document of many pages: its pages, and the figures and tables on them."""

from __future__ import annotations

from collections.abc import Mapping

from critical_minerals.language.catalogue import label, say
from critical_minerals.parameters import Language
from critical_minerals.publish.lines import number_of
from critical_minerals.publish.reliability import Lineage
from critical_minerals.report.markdown import compose
from critical_minerals.report.pages import Cell, Link, Table
from critical_minerals.report.references import References

_COLUMNS = ("name", "title", "page")


def contents_partial(
    lineage: Lineage, uses: References, page: str, beside: Mapping[str, str], language: Language
) -> str:
    """Compose the list of the pages of a document, `page`, and of what stands on each.

    `beside` are the titles of pages that belong with it, by their address.
    """
    published = lineage["published"]["figures"] | lineage["published"]["tables"]

    def row(name: str) -> list[str | Cell]:
        chapter = uses.chapters[uses.page(name)]
        number = str(number_of(name, uses))
        # What is made of the report itself, such as its list of sources, is named by its chapter.
        title = published[name]["title"][language] if name in published else chapter.title
        return [
            Cell(say(f"contents-{name[:3]}", number=number)(language), href=f"#{name}"),
            title,
            chapter.title,
        ]

    chapters = [each for file, each in uses.chapters.items() if uses.mains[file] == page]
    return compose(
        "contents",
        language,
        pages=[
            *(Link(each.title, f"#{each.anchor}") for each in chapters),
            *(Link(title, href) for href, title in beside.items()),
        ],
        shown=Table(
            caption=label("contents-caption", language),
            header=[label(f"contents-{name}", language) for name in _COLUMNS],
            rows=[row(name) for name in uses.shown_in(page) if uses.page(name) in uses.chapters],
        ),
    )
