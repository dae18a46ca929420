"""The Markdown and HTML that the documents include for one figure, table or value."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from critical_minerals.language.catalogue import say
from critical_minerals.parameters import Language

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|$~^@])")


@dataclass(frozen=True, kw_only=True)
class FigureParts:
    """All that a figure's partial is made of, in one language."""

    identifier: str
    folder: str
    title: str
    caption: str
    alt: str
    svg: str
    spec: str
    sources: str
    cells: pd.DataFrame
    numeric: Sequence[bool]
    csv: str


def figure_partial(parts: FigureParts, language: Language) -> str:
    """Compose a figure: interactive chart over static SVG in HTML, an image elsewhere."""
    chart, image = f"chart-{parts.identifier}", f"{parts.folder}/{parts.identifier}"
    alt = parts.alt.replace('"', "”")
    return "\n".join(
        [
            f"::::: {{#{parts.identifier}}}",
            "",
            ':::: {.content-visible when-format="html"}',
            "```{=html}",
            f'<div class="chart" id="{chart}">{parts.svg}</div>',
            f'<script type="application/json" class="vega-lite" data-chart="{chart}">'
            f"{parts.spec}</script>",
            "```",
            "::::",
            "",
            ':::: {.content-visible when-format="typst"}',
            f'![]({image}.svg){{fig-alt="{alt}"}}',
            "::::",
            "",
            ':::: {.content-visible when-format="docx"}',
            f'![]({image}.png){{fig-alt="{alt}"}}',
            "::::",
            "",
            f"**{escape(parts.title)}** {escape(parts.caption)}",
            "",
            ":::::",
            "",
            _source_line(parts.sources),
            ':::: {.content-visible when-format="html"}',
            "```{=html}",
            _details(parts, language),
            "```",
            "::::",
            "",
        ]
    )


def table_partial(
    identifier: str,
    cells: pd.DataFrame,
    numeric: Sequence[bool],
    widths: Sequence[int],
    caption: str,
    sources: str,
) -> str:
    """Compose a table with its caption; `widths` are the columns' relative widths."""
    header = "| " + " | ".join(escape(str(column)) for column in cells.columns) + " |"
    rule = "|" + "|".join(_rule(*pair) for pair in zip(widths, numeric, strict=True)) + "|"
    rows = ["| " + " | ".join(record) + " |" for record in cells.itertuples(index=False)]
    body = [header, rule, *rows]
    opening = f"::: {{#{identifier}}}"
    return "\n".join(
        [opening, "", *body, "", escape(caption), "", ":::", "", _source_line(sources)]
    )


def _rule(width: int, numeric: bool) -> str:  # noqa: FBT001
    """Draw the dashes under a header cell; numbers stand to the right."""
    return "-" * max(width - 1, 2) + (":" if numeric else "-")


def _source_line(sources: str) -> str:
    return f"::: {{.source-line}}\n{sources}\n:::\n" if sources else ""


def _details(parts: FigureParts, language: Language) -> str:
    """Compose the data table under a chart and the download of its rows."""
    name = html.escape(f"{parts.identifier}.csv")
    data = base64.b64encode(("\ufeff" + parts.csv).encode()).decode()
    summary = html.escape(say("figure-data")(language))
    download = html.escape(say("figure-download")(language))
    table = html_table(parts.cells, parts.numeric, parts.title)
    return (
        f'<details class="data"><summary>{summary}</summary>'
        f'<div class="table-scroll" tabindex="0" role="region" '
        f'aria-label="{html.escape(parts.title, quote=True)}">{table}</div>'
        f'<p><a class="download" download="{name}" href="data:text/csv;base64,{data}">'
        f"{download}</a></p></details>"
    )


def html_table(cells: pd.DataFrame, numeric: Sequence[bool], caption: str) -> str:
    """Write a frame of finished texts as an HTML table."""
    kinds = [' class="number"' if number else "" for number in numeric]
    pairs = zip(cells.columns, kinds, strict=True)
    head = "".join(
        f'<th scope="col"{kind}>{html.escape(str(name))}</th>' for name, kind in pairs
    )
    rows = "".join(
        "<tr>" + "".join(_cells(record, kinds)) + "</tr>" for record in cells.itertuples(index=False)
    )
    title = f'<caption class="visually-hidden">{html.escape(caption)}</caption>'
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(record: Sequence[str], kinds: Sequence[str]) -> list[str]:
    first = f'<th scope="row">{html.escape(record[0])}</th>'
    rest = zip(record[1:], kinds[1:], strict=True)
    return [first, *(f"<td{kind}>{html.escape(cell)}</td>" for cell, kind in rest)]


def escape(text: str) -> str:
    """Escape what Markdown would read as markup.

    >>> escape("$40 billion")
    '\\\\$40 billion'
    """
    return _SPECIAL.sub(r"\\\1", text)


def source_line(
    sources: Sequence[str], records: Mapping[str, Mapping[str, str]], language: Language
) -> str:
    """Name sources by publisher and year, each linked to its entry in the list of sources."""
    by_publisher: dict[str, list[str]] = {}
    for source in sorted(sources, key=lambda s: (records[s]["publisher"], records[s]["published"])):
        record = records[source]
        year = (record["published"] or say("source-undated")(language))[:4]
        year = year if year.isdigit() else say("source-undated")(language)
        link = f"[{escape(year)}](#{source_anchor(source)})"
        by_publisher.setdefault(record["publisher"], []).append(link)
    named = [f"{escape(name)} ({', '.join(links)})" for name, links in by_publisher.items()]
    count = len(sources)
    return say("figure-sources", count=count)(language) + " " + "; ".join(named) + "."


def source_anchor(source: str) -> str:
    """Return the id under which a source stands in the list of sources.

    >>> source_anchor("NRCAN_GPI")
    'src-nrcan-gpi'
    """
    return "src-" + source.lower().replace("_", "-")
