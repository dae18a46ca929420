"""Compose the contents of a document of many pages: its pages, with their figures and tables."""

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
    lineage: Lineage,
    references: References,
    page: str,
    related_pages: Mapping[str, str],
    language: Language,
) -> str:
    """Compose the list of the pages of a document, `page`, and of the figures and tables on each.

    `related_pages` are the titles of pages that belong with it, by their address.
    """
    published = lineage["published"]["figures"] | lineage["published"]["tables"]

    def row(name: str) -> list[str | Cell]:
        chapter = references.chapters[references.page(name)]
        number = str(number_of(name, references))
        # What is made of the report itself, such as its list of sources, is named by its chapter.
        title = published[name]["title"][language] if name in published else chapter.title
        return [
            Cell(say(f"contents-{name[:3]}", number=number)(language), href=f"#{name}"),
            title,
            chapter.title,
        ]

    chapters = [
        chapter for file, chapter in references.chapters.items() if references.mains[file] == page
    ]
    return compose(
        "contents",
        language,
        pages=[
            *(Link(chapter.title, f"#{chapter.anchor}") for chapter in chapters),
            *(Link(title, href) for href, title in related_pages.items()),
        ],
        shown=Table(
            caption=label("contents-caption", language),
            header=[label(f"contents-{name}", language) for name in _COLUMNS],
            rows=[
                row(name)
                for name in references.shown_in(page)
                if references.page(name) in references.chapters
            ],
        ),
    )
