"""What a notebook hands over, and when it comes into place."""

import base64
import io
import json
import re
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from lxml import etree, html

from critical_minerals.charts.theme import themed
from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import Text, say
from critical_minerals.language.naming import worded
from critical_minerals.language.quantities import Money
from critical_minerals.publish.drawing import draw
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.partials import shown_partials
from critical_minerals.publish.provenance import lineage_line
from critical_minerals.publish.publication import Publication
from critical_minerals.tables.descriptors import Tables
from critical_minerals.workspace.paths import Workspace, find_workspace

from .conftest import chart

SVG = "{http://www.w3.org/2000/svg}"
TRADE = Tables(find_workspace().schemas)["mineral_exports"]
FUNDING = Tables(find_workspace().schemas)["funding_by_mineral"]
SHOW = [FUNDING.field("mineral"), TRADE.field("year"), FUNDING.field("amount_cad")]
RECORDS = {
    name: {"publisher": "Reuters", "published": "2024", "tier": "reported"}
    for name in ("S_ONE", "S_TWO")
}
TRICKY = '7 "of" $5 <b>'
TEXTS = {
    "title": say("figure-data"),
    "caption": say("tbl-sources-caption", count=TRICKY),
    "alt": say("tbl-sources-caption", count=TRICKY),
}
WORDS = {name: TEXTS[name] for name in ("title", "caption")}


def files(place: Workspace) -> list[str]:
    folder = place.published("en")
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def manifest(place: Workspace, language: str = "en") -> dict:
    return json.loads((place.published(language) / "10_tiny.json").read_text("utf-8"))


def published(publication: Publication, rows: pd.DataFrame) -> None:
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.table("tbl-b", rows, SHOW, **WORDS, widths=[30, 10, 20])
    publication.value("amount", Money(2e6, "CAD"), [rows])


def read(place: Workspace, name: str, language: str = "en") -> str:
    return (place.published(language) / name).read_text("utf-8")


def composed(place: Workspace, name: str, language: str = "en") -> str:
    """The partial of a figure or table, its chart drawn as by hand."""
    folder = place.published(language)
    for path in folder.glob("fig-*.json"):
        figure = json.loads(path.read_text("utf-8"))
        svg = draw(figure["spec"], path.stem, figure["title"], figure["alt"])
        path.with_suffix(".svg").write_text(svg, "utf-8")
    return shown_partials(folder, language, live=True)[name]


def drawn(place: Workspace) -> str:
    composed(place, "fig-a.md")
    return read(place, "fig-a.svg")


def test_nothing_is_written_before_the_end(publication, rows, place):
    published(publication, rows)
    assert files(place) == []
    publication.finish(["b", "a"], ["t"])
    assert files(place) == ["10_tiny.json", "fig-a.json", "tbl-b.json"]


def test_the_manifest_says_what_was_read_written_and_published(publication, rows, place):
    published(publication, rows)
    publication.locate({"t": rows})
    publication.finish(["b", "a"], ["t"])
    content = manifest(place)
    assert content["notebook"] == "10_tiny"
    assert content["files"] == ["fig-a.json", "tbl-b.json"]
    assert (content["reads"], content["writes"]) == (["a", "b"], ["t"])
    lineage = {
        "sources": ["S_ONE", "S_THREE", "S_TWO"],
        "origins": ["data/raw/a.csv:2", "data/raw/a.csv:3", "data/raw/b.csv:9"],
        "cell": "",
        "tables": {"t": [2, 3]},
    }
    amount = {"text": "$2\u00a0million", "number": 2e6, "unit": "CAD", **lineage}
    assert content["values"] == {"amount": amount}
    assert content["figures"]["fig-a"] == lineage, "its words are in its own file"
    assert content["tables"]["tbl-b"] == {
        **{name: text("en") for name, text in WORDS.items()},
        **lineage,
    }
    french = manifest(place, "fr")
    assert french["values"]["amount"]["text"] == "2\u00a0millions de dollars"
    assert french["files"] == content["files"]


def test_what_is_published_no_longer_is_removed_and_nothing_else(
    publication, rows, place, editions
):
    published(publication, rows)
    publication.finish([], [])
    other = place.published("en") / "fig-of-another-notebook.json"
    other.write_text("other", "utf-8")
    again = Publication("10_tiny", place, editions, themed)
    again.table("tbl-b", rows, SHOW, **WORDS, widths=[30, 10, 20])
    again.finish([], [])
    assert files(place) == ["10_tiny.json", other.name, "tbl-b.json"]
    assert "figures" not in manifest(place)


def test_a_publication_that_breaks_leaves_the_last_good_one(publication, rows, place, editions):
    published(publication, rows)
    publication.finish([], [])
    before = {name: read(place, name) for name in files(place)}
    again = Publication("10_tiny", place, editions, themed)
    again.value("amount", Money(9e9, "CAD"), [rows])
    with pytest.raises(ZeroDivisionError):
        again.figure("fig-a", lambda *_: 1 / 0, rows, SHOW, **TEXTS)
    assert {name: read(place, name) for name in files(place)} == before


def test_equal_figures_give_equal_bytes(publication, rows, place, editions):
    published(publication, rows)
    publication.finish([], [])
    before = {name: read(place, name) for name in files(place)}
    again = Publication("10_tiny", Workspace(place.root), editions, themed)
    published(again, rows)
    again.finish([], [])
    assert {name: read(place, name) for name in files(place)} == before


def test_a_drawing_carries_its_title_and_description_and_is_one_image(publication, rows, place):
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    root = etree.fromstring(drawn(place).encode())
    title, desc = root[0], root[1]
    assert (title.tag, title.text) == (f"{SVG}title", TEXTS["title"]("en"))
    assert (desc.tag, desc.text) == (f"{SVG}desc", TEXTS["alt"]("en"))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "fig-a-title fig-a-desc"
    inner = [name for element in root.iterdescendants() for name in map(str, element.attrib)]
    assert [name for name in inner if name.startswith(("aria-", "role"))] == []


def test_by_hand_a_chart_is_drawn_at_once_and_in_a_run_the_output_names_it(
    publication, rows, place, editions
):
    shown = publication.figure("fig-a", chart, rows, SHOW, **TEXTS)._repr_mimebundle_()
    assert shown == ({"text/plain": TEXTS["alt"]("en")}, {"figure": "fig-a"})
    by_hand = Publication("10_tiny", place.on("drafts/10_tiny"), editions, themed)
    data, _ = by_hand.figure("fig-a", chart, rows, SHOW, **TEXTS)._repr_mimebundle_()
    publication.finish([], [])
    assert data["image/svg+xml"] == drawn(place)


@pytest.fixture
def by_hand(place: Workspace, editions: list[Edition]) -> Publication:
    """A draft in a project with one document in each language."""
    (place.root / "pyproject.toml").write_text(
        '[tool.report]\nproject = "critical_minerals.project:PROJECT"\n', "utf-8"
    )
    include = "{{< include _generated/en/fig-a.md >}}"
    place.reports.mkdir()
    place.document("en").write_text(f"As @fig-a shows.\n\n{include}\n", "utf-8")
    place.document("fr").write_text("Rien.\n", "utf-8")
    draft = place.on("drafts/10_tiny")
    return Publication("10_tiny", draft, editions, themed, records=lambda: RECORDS)


def _shown(publication: Publication, rows: pd.DataFrame, **texts: Text) -> html.HtmlElement:
    drawing = publication.figure("fig-a", chart, rows, SHOW, **{**TEXTS, **texts})
    return html.fromstring(drawing._repr_mimebundle_()[0]["text/html"])


def _missing(shown: html.HtmlElement, language: str) -> list[str]:
    return shown.xpath(f'//details[@lang="{language}"]//*[@class="missing"]/text()')


def test_by_hand_a_figure_shows_in_every_language_what_the_report_will_show(by_hand, rows):
    shown = _shown(by_hand, rows)
    for language in ("en", "fr"):
        (part,) = shown.xpath(f'//details[@lang="{language}"]')
        words = " ".join(part.text_content().split())
        for text in TEXTS.values():
            assert " ".join(text(language).split()) in words
        assert "Reuters" in words
        assert part.xpath(".//svg")
    assert "Report Sans" in shown.xpath("string(.//style)")
    unknown = "S_THREE is no source of sources.csv."
    assert _missing(shown, "en") == [unknown]
    _, include, refer = _missing(shown, "fr")
    assert "{{< include _generated/fr/fig-a.md >}}" in include
    assert "reports/rapport-d-etape.qmd" in include
    assert "@fig-a" in refer


def test_by_hand_the_sources_are_named_as_in_the_line_of_the_report(by_hand, rows):
    shown = _shown(by_hand, rows)
    lineage = {"rows": {}, "sources": RECORDS}
    entry = {"sources": [*RECORDS], "origins": [], "tables": {}, "notebook": "", "cell": ""}
    for language in ("en", "fr"):
        # Two documents of one publisher and one year: the line names one.
        line = lineage_line(entry, lineage, language).splitlines()[1]
        words = line.replace("\\", "").replace("[2024](#src-s-one)", "2024")
        (part,) = shown.xpath(f'//details[@lang="{language}"]')
        assert words in part.text_content()
        assert words.startswith(("Source:", "Source\u00a0:"))


def test_by_hand_words_of_the_second_language_may_come_later_but_not_for_the_report(
    by_hand, publication, rows
):
    def english(language: str) -> str:
        if language == "fr":
            msg = "The fr catalogue has no text 'new-title'."
            raise UsageError(msg)
        return "A new title"

    new = worded(english)
    assert _missing(_shown(by_hand, rows, title=new), "fr") == [
        "The fr catalogue has no text 'new-title'."
    ]
    told = by_hand.value("word", new, [rows])
    assert told == "A new title"
    assert "fr  missing: The fr catalogue" in told._repr_mimebundle_()["text/plain"]
    with pytest.raises(UsageError, match="no text 'new-title'"):
        publication.figure("fig-a", chart, rows, SHOW, **{**TEXTS, "title": new})
    with pytest.raises(UsageError, match="no text 'new-title'"):
        publication.value("word", new, [rows])


def test_a_value_is_shown_in_every_language_by_hand(by_hand, publication, rows):
    shown = by_hand.value("amount", Money(2e6, "CAD"), [rows])
    assert shown == publication.value("amount", Money(2e6, "CAD"), [rows]) == "$2\u00a0million"
    plain = shown._repr_mimebundle_()["text/plain"]
    assert plain == "en  $2\u00a0million\nfr  2\u00a0millions de dollars"


def test_a_chart_of_a_field_that_its_data_lack_is_refused(publication, rows):
    def misspelt(frame: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
        return chart(frame, edition).encode(x="amount_cda:Q")

    with pytest.raises(UsageError, match=r"^fig-a names the field 'amount_cda', .* 'amount_cad'\?"):
        publication.figure("fig-a", misspelt, rows, SHOW, **TEXTS)


def test_ids_in_a_drawing_are_its_own_and_references_follow(publication, rows, place):
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    text = drawn(place)
    ids = set(re.findall(r'\bid="([^"]+)"', text))
    references = set(re.findall(r"url\(#([^)]+)\)", text))
    assert references, "the chart has a clipping path"
    assert references <= ids
    assert all(name.startswith("fig-a-") for name in ids)
    assert 'href="#' not in text


def test_a_figure_has_a_part_for_each_format(publication, rows, place):
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    partial = composed(place, "fig-a.md")
    assert partial.startswith("::::: {#fig-a}\n")
    for format_ in ("html", "typst", "docx"):
        assert f':::: {{.content-visible when-format="{format_}"}}' in partial
    alt = r"7 \"of\" \$5 \<b\> documents"
    assert f'![](_generated/en/fig-a.svg){{fig-alt="{alt}' in partial
    assert f'![](_generated/en/fig-a.png){{fig-alt="{alt}' in partial
    assert "**Data of this figure** 7" in partial
    assert r"\$5 \<b\>" in partial
    assert "{{< include _generated/en/lineage-fig-a.md >}}" in partial
    assert "_generated/fr/fig-a.svg" in composed(place, "fig-a.md", "fr")


def test_the_chart_in_the_page_is_the_chart_of_the_drawing(publication, rows, place):
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    partial = composed(place, "fig-a.md")
    (script,) = re.findall(
        r'<script[^>]*data-chart="chart-fig-a" data-form="wide">(.*?)</script>', partial
    )
    spec = json.loads(script)
    assert spec["description"] == TEXTS["alt"]("en")
    assert spec["mark"]["type"] == "bar"
    assert 'id="chart-fig-a"' in partial
    assert "<svg" in partial
    assert not re.search(r'(src|href)="https?:', partial)


def test_a_chart_that_is_drawn_otherwise_for_a_phone_is_published_in_both_forms(
    publication, rows, place
):
    def fitted(data: pd.DataFrame, edition: Edition) -> alt.TopLevelMixin:
        return chart(data, edition).properties(width=300 if edition.narrow else 700)

    publication.figure("fig-a", fitted, rows, SHOW, **TEXTS)
    publication.figure("fig-same", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    specs = dict(
        re.findall(r'<script[^>]*data-form="(.*?)">(.*?)</script>', composed(place, "fig-a.md"))
    )
    assert {form: json.loads(spec)["width"] for form, spec in specs.items()} == {
        "wide": 700,
        "narrow": 300,
    }
    assert composed(place, "fig-same.md").count("data-form=") == 1


def test_a_specification_cannot_close_its_script_element(publication, rows, place, editions):
    names = editions[0].vocabulary.frames["mineral"]
    names["name_en"] = ["</script><!-- x", "Lithium"]
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    (script,) = re.findall(r"<script[^>]*>(.*?)</script>", composed(place, "fig-a.md"), re.DOTALL)
    assert "<!--" not in script
    assert "</script><!-- x" in json.dumps(json.loads(script))


def test_the_rows_can_be_downloaded_as_they_are(publication, rows, place):
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    (data,) = re.findall(
        r'download="fig-a.csv" href="data:text/csv;base64,([^"]+)"', composed(place, "fig-a.md")
    )
    frame = pd.read_csv(io.BytesIO(base64.b64decode(data)), encoding="utf-8-sig")
    assert frame.columns.tolist() == ["mineral", "year", "amount_cad"]
    assert frame["mineral"].tolist() == ["nickel", "lithium"]
    assert frame["amount_cad"].isna().tolist() == [False, True]


def test_the_data_table_is_written_for_readers_and_escaped(publication, rows, place):
    publication.figure("fig-a", chart, rows, SHOW, **TEXTS)
    publication.finish([], [])
    partial = composed(place, "fig-a.md")
    assert '<th scope="col">Mineral</th>' in partial
    assert '<th scope="row">Nickel &lt;1|2&gt;</th><td>2024</td>' in partial
    assert '<td class="num">1,234,567</td>' in partial
    assert '<td class="num">–</td>' in partial
    assert "1\u00a0234\u00a0567" in composed(place, "fig-a.md", "fr")


def test_a_table_escapes_markup_and_sets_numbers_to_the_right(publication, rows, place):
    shown = publication.table("tbl-b", rows, SHOW, **WORDS, widths=[30, 10, 20])
    publication.finish([], [])
    lines = composed(place, "tbl-b.md").splitlines()
    assert lines[0].endswith("::: {#tbl-b}")
    assert lines[2] == "| Mineral | Year | Amount (CAD) |"
    dashes = lines[3].strip("|").split("|")
    assert [len(dash) for dash in dashes] == [30, 10, 20]
    assert [dash.endswith(":") for dash in dashes] == [False, False, True]
    assert lines[4] == r"| Nickel \<1\|2\> | 2024 | 1,234,567 |"
    assert any(line.startswith("**Data of this figure** 7") and r"\$5" in line for line in lines)
    assert shown["Mineral"].tolist() == ["Nickel <1|2>", "Lithium"]


def test_what_does_not_say_where_it_is_from_is_refused(publication, rows):
    with pytest.raises(UsageError, match="missing: origin, source_id"):
        publication.value("amount", Money(1, "CAD"), [rows[["mineral"]]])


def test_a_value_may_be_a_text_and_is_returned_in_the_first_language(publication, rows, place):
    assert publication.value("text", say("figure-data"), [rows]) == "Data of this figure"
    publication.finish([], [])
    assert manifest(place, "fr")["values"]["text"]["text"] != "Data of this figure"


def test_a_value_published_again_takes_the_place_of_the_first(publication, rows, place: Path):
    publication.value("amount", Money(1, "CAD"), [rows])
    publication.value("amount", Money(2, "CAD"), [rows])
    publication.finish([], [])
    assert manifest(place)["values"]["amount"]["text"] == "$2"
