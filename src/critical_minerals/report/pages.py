"""Pages beside the report: checks, changes, executed notebooks, the index of briefs.

Each is one file that carries the theme inside it and asks the network for nothing. What a page says
is computed as plain data; the templates make HTML of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from markupsafe import Markup

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.quantities import write_date
from critical_minerals.parameters import Language
from critical_minerals.report.assets import page_script, policy, style_sheet
from critical_minerals.report.context import read_labels
from critical_minerals.report.fonts import make_fonts
from critical_minerals.report.templates import render
from critical_minerals.workspace import Workspace


@dataclass(frozen=True)
class Link:
    """A link of a page's own furniture; `language` where it leads to another one."""

    text: str
    href: str
    language: Language | None = None


@dataclass(frozen=True)
class Cell:
    """A cell of a table, or an item of a list, with more to it than its text.

    `tag` sets the text in a small box; good and bad are told by its words and by the box. `code` is
    an identifier under the text, `note` goes on after it. `language` is that of the text where it
    is not the page's.
    """

    text: str
    href: str = ""
    tag: Literal["neutral", "good", "bad"] | None = None
    language: Language | None = None
    code: str = ""
    note: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its caption, column labels, and rows whose first cell names them.

    `numeric` are the columns, counted from 0, that stand to the right; one that is not `captioned`
    has its caption read aloud only.
    """

    caption: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell | str]]
    numeric: frozenset[int] = frozenset()
    captioned: bool = True


@dataclass(frozen=True)
class Folded:
    """A part of a section that a reader opens: its summary, then a table or a list."""

    summary: str
    table: Table | None = None
    items: Sequence[Cell] = ()
    rest: str = ""
    open: bool = False


@dataclass(frozen=True)
class Section:
    """A part of a page: its anchor and heading, then what there is of all the rest, in this order.

    `terms` are explained one by one.
    """

    anchor: str
    heading: str
    paragraphs: Sequence[str] = ()
    tables: Sequence[Table] = ()
    terms: Sequence[tuple[str, str]] = ()
    folded: Sequence[Folded] = ()
    items: Sequence[Cell] = ()
    closing: str = ""


def twins(
    title: str, files: Mapping[str, str], language: Language, editions: Iterable[Language]
) -> list[Link]:
    """Link to a page's twins in the other editions, each by its `title` (a label) and its file."""
    return [Link(label(title, each), files[each], each) for each in editions if each != language]


def page(
    workspace: Workspace,
    template: str,
    *,
    title: str,
    language: Language,
    as_of: str = "",
    folder: str = "",
    sheets: Sequence[Path] = (),
    scripts: Sequence[Path] = (),
    **data: Any,
) -> str:
    """Render a self-contained page from a template and its data.

    `as_of` is the ISO day as of which it speaks. `folder` is where the page lies under the finished
    reports (`notebooks`); `sheets` and `scripts` are files that follow the theme's own. Of the
    data, `links` stand in the header after the one back to the report, `contents` beside the text.
    """
    theme = workspace.reports / "theme"
    words = read_labels(theme, language)
    back = Link(words["report"], "../" * bool(folder) + workspace.project.first.page(language))
    run = [page_script(path) for path in (theme / "report.js", *scripts)]
    sheet = style_sheet(theme, make_fonts(workspace.fonts))
    given: dict[str, Any] = {
        "subtitle": "",
        "contents": (),
        **data,
        "links": [back, *data.get("links", ())],
        "policy": policy(run),
        "sheet": Markup("\n".join([sheet, *(each.read_text("utf-8") for each in sheets)])),  # noqa: S704 - the theme's files
        "scripts": [Markup(script) for script in run],  # noqa: S704 - the theme's files
        "words": words,
        "date": say("as-of", date=write_date(as_of, language))(language) if as_of else "",
    }
    return render(template, title=title, language=language, **given)
