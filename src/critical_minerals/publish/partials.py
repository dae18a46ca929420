"""The Markdown and HTML that the documents include for one figure, table or value."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label, say
from critical_minerals.parameters import Language

_TIERS = ("official", "republished", "reported", "secondary")
# Markup wherever it stands. Quotes, dashes and dots stay: Pandoc makes them typographic, no more.
_SPECIAL: Final = re.compile(r"[\\`*_{}\[\]<>#|$~^@&:!]")
# Markup at the start of a line: bullets, rules, title blocks and the numbers of lists.
_OPENING: Final = re.compile(r"^(?=[-+=%(])|^\w{1,9}(?=[.)](?: |$))")
# Whatever ends a line in some program, and what else is not to be seen. A cell is one line.
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Characters for private use mean nothing to readers, and mark places for the renderer.
_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff\ufffe\uffff]")


Published = Mapping[str, Any]
"""A figure or table as a notebook published it, in one language."""


def shown_partials(folder: Path, language: Language, *, live: bool) -> dict[str, str]:
    """Compose the partial of every figure and table that is published in a folder, by file name.

    Charts answer to the reader of the page where they are `live`, else drawings stay.

    Raises `StepError` naming a figure that is not drawn yet.
    """
    made: dict[str, str] = {}
    for path in sorted(folder.glob("fig-*.json")):
        drawing = path.with_suffix(".svg")
        if not drawing.is_file():
            msg = f"{path.stem} is not drawn yet. Draw it first: python pipeline.py --only charts"
            raise StepError(msg)
        svg = drawing.read_text("utf-8")
        text = figure_partial(path.stem, _read(path), svg, language, live=live)
        made[f"{path.stem}.md"] = text
    for path in sorted(folder.glob("tbl-*.json")):
        made[f"{path.stem}.md"] = published_table(path.stem, _read(path), language)
    return made


def _read(path: Path) -> Published:
    return json.loads(path.read_text("utf-8"))


def figure_partial(
    identifier: str, figure: Published, svg: str, language: Language, *, live: bool
) -> str:
    """Compose a figure: interactive chart over static SVG in HTML, an image elsewhere."""
    chart, image = f"chart-{identifier}", f"{_folder(language)}/{identifier}"
    alt = attribute(figure["alt"])
    return "\n".join(
        [
            f"::::: {{#{identifier}}}",
            "",
            ':::: {.content-visible when-format="html"}',
            raw_html(_chart(chart, figure, svg, live=live)),
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
            line_include(identifier, language),
            f"**{escape(figure['title'])}** {escape(figure['caption'])}",
            "",
            ":::::",
            "",
            ':::: {.content-visible when-format="html"}',
            raw_html(_details(identifier, figure, language)),
            "::::",
            "",
        ]
    )


def _chart(chart: str, figure: Published, svg: str, *, live: bool) -> str:
    """Put the specification beside the static drawing that it takes the place of."""
    still = (
        f'<div class="chart" id="{chart}" tabindex="0" role="group" '
        f'aria-label="{html.escape(figure["title"], quote=True)}">{svg}</div>\n'
    )
    if not live:
        return still
    spec = spec_json({**figure["spec"], "description": one_line(figure["alt"])})
    return (
        f'{still}<script type="application/json" class="vega-lite" data-chart="{chart}">'
        f"{_script_json(spec)}</script>"
    )


def published_table(identifier: str, table: Published, language: Language) -> str:
    """Compose a published table above its line of sources."""
    return table_partial(
        identifier,
        pd.DataFrame(table["cells"], columns=table["header"]).map(escape),
        table["numeric"],
        table["widths"],
        title=table["title"],
        caption=table["caption"],
        sources=line_include(identifier, language),
    )


def table_partial(
    identifier: str,
    cells: pd.DataFrame,
    numeric: Sequence[bool],
    widths: Sequence[int],
    *,
    title: str,
    caption: str,
    sources: str,
) -> str:
    """Compose a table with its title; `widths` are the columns' relative widths."""
    header = "| " + " | ".join(escape(str(column)) for column in cells.columns) + " |"
    rule = "|" + "|".join(_rule(*pair) for pair in zip(widths, numeric, strict=True)) + "|"
    rows = ["| " + " | ".join(record) + " |" for record in cells.itertuples(index=False)]
    body = [header, rule, *rows]
    opening = f"::::: {{#{identifier}}}"
    words = f"**{escape(title)}** {escape(caption)}"
    return "\n".join([opening, "", *body, "", sources, words, "", ":::::", ""])


def _rule(width: int, numeric: bool) -> str:  # noqa: FBT001
    """Draw the dashes under a header cell; numbers stand to the right."""
    return "-" * max(width - 1, 2) + (":" if numeric else "-")


def _details(identifier: str, figure: Published, language: Language) -> str:
    """Compose the data table under a chart and the download of its rows."""
    name = html.escape(f"{identifier}.csv")
    data = base64.b64encode(("\ufeff" + figure["csv"]).encode()).decode()
    summary = html.escape(say("figure-data")(language))
    download = html.escape(say("figure-download")(language))
    table = html_table(figure)
    return (
        f'<details class="data"><summary>{summary}</summary>'
        f'<div class="table-scroll" tabindex="0" role="region" '
        f'aria-label="{html.escape(figure["title"], quote=True)}">{table}</div>'
        f'<p><a class="download" download="{name}" href="data:text/csv;base64,{data}">'
        f"{download}</a></p></details>"
    )


def html_table(table: Published) -> str:
    """Write a published table in HTML."""
    kinds = [' class="num"' if number else "" for number in table["numeric"]]
    pairs = zip(table["header"], kinds, strict=True)
    head = "".join(f'<th scope="col"{kind}>{html.escape(name)}</th>' for name, kind in pairs)
    rows = "".join("<tr>" + "".join(_cells(row, kinds)) + "</tr>" for row in table["cells"])
    title = f'<caption class="visually-hidden">{html.escape(table["title"])}</caption>'
    return f"<table>{title}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _cells(record: Sequence[str], kinds: Sequence[str]) -> list[str]:
    first = f'<th scope="row">{html.escape(record[0])}</th>'
    rest = zip(record[1:], kinds[1:], strict=True)
    return [first, *(f"<td{kind}>{html.escape(cell)}</td>" for cell, kind in rest)]


def escape(text: str) -> str:
    r"""Write a text on one line of Markdown, escaping what would be read as markup.

    >>> print(escape("$40 billion"), escape("1. {{< include x >}}"), escape("a\n\n# b"))
    \$40 billion 1\. \{\{\< include x \>\}\} a  \# b
    """
    line = _SPECIAL.sub(r"\\\g<0>", one_line(text).strip(" "))
    return _OPENING.sub(r"\g<0>\\", line)


def attribute(text: str) -> str:
    r"""Write a text between the quotes of an attribute in Markdown.

    >>> print(attribute('the "list"'))
    the \"list\"
    """
    return escape(text).replace('"', r"\"")


def raw_html(content: str) -> str:
    """Wrap HTML for Markdown in a fence that no line of it can close."""
    runs = re.findall("`+", content)
    fence = "`" * max([3, *(len(run) + 1 for run in runs)])
    return f"{fence}{{=html}}\n{content}\n{fence}"


def one_line(text: str) -> str:
    """Let blanks take the place of line ends and other controls, and `�` that of our own marks."""
    return _PRIVATE.sub("\ufffd", _CONTROLS.sub(" ", text))


def line_name(identifier: str) -> str:
    """Name the partial with the line of sources under a figure or table."""
    return f"lineage-{identifier}.md"


def line_include(identifier: str, language: Language) -> str:
    """Write the include of that partial."""
    return f"{{{{< include {_folder(language)}/{line_name(identifier)} >}}}}\n"


def _folder(language: Language) -> str:
    """Name the folder of what is published as the documents know it."""
    return f"_generated/{language}"


def spec_json(spec: Published) -> str:
    """Write a specification compactly and always in the same way, safe inside a script element."""
    text = json.dumps(spec, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("</", "<\\/").replace("<!--", "<\\u0021--")


def _script_json(spec: str) -> str:
    r"""Write JSON so that nothing in its strings ends a script element or is a shortcode.

    >>> print(_script_json('["</script>"]'))
    ["\u003c/script>"]
    """
    return spec.replace("<", r"\u003c").replace("\u2028", r"\u2028").replace("\u2029", r"\u2029")


def source_records(sources: pd.DataFrame) -> dict[str, dict[str, str]]:
    """Return the records of sources by id, as text; a blank cell is an empty one."""
    return {
        str(record["source_id"]): {str(name): str(cell) for name, cell in record.items()}
        for record in sources.fillna("").to_dict("records")
    }


def source_line(
    sources: Sequence[str], records: Mapping[str, Mapping[str, str]], language: Language
) -> str:
    """Name sources by publisher and year, each linked to its entry in the list of sources."""
    if not sources:
        return ""
    named = publishers(sources, records, language)
    opening = say("figure-sources", count=len(sources))(language)
    return source_text(f"{opening} {'; '.join(named)}.")


def publishers(
    sources: Sequence[str], records: Mapping[str, Mapping[str, str]], language: Language
) -> list[str]:
    """Name each publisher and place of reading with the linked years of documents.

    Those closest to the origin come first.
    """
    years: dict[str, list[str]] = {}
    for source in sorted(sources, key=lambda name: _standing(records[name], language)):
        record = records[source]
        year = record["published"][:4] or label("source-undated", language)
        name = named(record, language)
        years.setdefault(name, []).append(f"[{escape(year)}](#{source_anchor(source)})")
    return [f"{escape(name)} ({', '.join(links)})" for name, links in years.items()]


def named(record: Mapping[str, str], language: Language) -> str:
    """Name who published a source and, where it was not read there, where it was.

    >>> named({"publisher": "Reuters", "read_at": "Nasdaq.com"}, "en")
    'Reuters, read at Nasdaq.com'
    """
    publisher = in_language(record, "publisher", language)
    place = in_language(record, "read_at", language)
    if not place:
        return publisher
    return say("source-read-at", publisher=publisher, place=place)(language)


def _standing(record: Mapping[str, str], language: Language) -> tuple[int, str, str]:
    """Order official sources before others, then by publisher and date."""
    publisher = named(record, language)
    return _TIERS.index(record["tier"]), publisher, record["published"]


def in_language(record: Mapping[str, str], name: str, language: Language) -> str:
    """Return a source's text, in French where it has a French twin.

    >>> in_language({"publisher": "Reuters", "publisher_fr": ""}, "publisher", "fr")
    'Reuters'
    """
    return record.get(f"{name}_{language}") or record.get(name, "")


def source_text(text: str) -> str:
    """Set a text as the small line under a figure or table."""
    return f"::: {{.source-line}}\n{text}\n:::\n"


def visible(condition: str, content: str) -> str:
    """Show content on the page only (`when`), or everywhere else (`unless`)."""
    return f':::: {{.content-visible {condition}-format="html"}}\n{content}\n::::\n\n'


def source_anchor(source: str) -> str:
    """Return the id under which a source stands in the list of sources.

    >>> source_anchor("NRCAN_GPI")
    'src-nrcan-gpi'
    """
    return "src-" + re.sub(r"[^a-z0-9]", "-", source.lower())
