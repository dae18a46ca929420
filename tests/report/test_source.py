from __future__ import annotations

import datetime as dt
import time

import pytest

from critical_minerals.report.rendering import RenderError
from critical_minerals.report.source import read_source


def test_includes_are_expanded_and_raw_html_is_set_aside(reports):
    source = read_source(reports / "sample.qmd")
    text = "\n".join(source.lines_for("html"))
    assert "<svg" not in text
    assert "**Most of the fund is promised.**" in text
    assert source.with_raw_html("<!--raw:0-->").startswith('<div class="chart"')


def test_lines_know_their_file(reports):
    source = read_source(reports / "sample.qmd")
    assert source.locate("Research; up to") == "published/tbl-programmes.md:6"
    assert source.locate("not there at all") == "sample.qmd"


def test_metadata_holds_the_values_that_the_text_names(document):
    source = read_source(document("{{< meta v.fund >}} and [{{< meta v.gdp >}}]{.card-number}"))
    assert set(source.metadata["v"]) == {"fund", "gdp"}


def test_front_matter(reports):
    source = read_source(reports / "sample.qmd")
    assert source.moment == dt.datetime(2026, 6, 30, 12, tzinfo=dt.UTC)
    assert source.starts_at_level_two


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("Text\n\n{{< video x.mp4 >}}", ":10: documents use the shortcodes include and meta"),
        (
            "{{< meta v.programme >}}",
            "there is no value 'v.programme'. Did you mean 'programmes'?",
        ),
        ("{{< include published/fig-envelope.md >}}", "Did you mean 'fig-envelopes.md'?"),
        ("Text {{< include published/values.yml >}}", "an include stands alone on its line"),
    ],
)
def test_what_is_not_there_is_named_with_its_place(document, body, told):
    path = document(body)
    with pytest.raises(RenderError) as caught:
        read_source(path)
    assert told in str(caught.value)
    assert path.name in str(caught.value)


def test_all_faults_are_told_at_once(document):
    with pytest.raises(RenderError) as caught:
        read_source(document("{{< meta v.a >}}\n\n{{< kbd x >}}\n\n{{< meta v.b >}}"))
    assert len(str(caught.value).splitlines()) == 3


def test_a_file_that_includes_itself_is_refused(reports, document):
    (reports / "loop.md").write_text("{{< include loop.md >}}\n")
    with pytest.raises(RenderError, match=r"loop\.md:1: loop\.md includes itself"):
        read_source(document("{{< include loop.md >}}"))


@pytest.mark.parametrize(
    ("front", "told"),
    [
        ("title: T\ndate: June", "must give a date, a day such as"),
        ("date: 2026-06-30", "has no title"),
        ("title: [\ndate: 2026-06-30", "front matter is not YAML"),
    ],
)
def test_front_matter_is_checked(document, front, told):
    with pytest.raises(RenderError, match=told):
        read_source(document("Text", front=front))


@pytest.fixture
def generated(reports):
    """Write what notebooks have published."""

    def write(name: str, text: str) -> str:
        path = reports / "_generated" / "en" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        return f"{{{{< include _generated/en/{name} >}}}}"

    return write


@pytest.mark.parametrize("end", ["\v", "\f", "\x1c", "\x85", "\u2028", "\u2029"])
def test_a_rare_character_in_a_text_begins_no_line(reports, document, end):
    (reports / "chapter.md").write_text("of a chapter\n", "utf-8")
    body = f"An innocent{end}{{{{< include chapter.md >}}}}{end}name"
    with pytest.raises(RenderError, match="an include stands alone on its line"):
        read_source(document(body))


@pytest.mark.parametrize(
    "shortcode",
    [
        "{{< meta v.gdp >}}",
        "{{< include published/fig-envelopes.md >}}",
        "{{< include _generated/en/../en/lineage-fig-a.md >}}",
    ],
)
def test_what_is_published_holds_no_shortcodes(document, generated, shortcode):
    generated("lineage-fig-a.md", "Line\n")
    include = generated("tbl-hostile.md", f"One\n\n{shortcode}\n")
    with pytest.raises(RenderError, match=r"tbl-hostile\.md:3: what is published holds no"):
        read_source(document(include))


def test_what_is_published_includes_its_line_of_sources(document, generated):
    line = generated("lineage-tbl-own.md", "The line of sources.\n")
    source = read_source(document(generated("tbl-own.md", f"One\n\n{line}\n")))
    assert "The line of sources." in source.lines_for("html")


def test_raw_html_is_content_to_its_end(reports, document, generated):
    (reports / "chapter.md").write_text("of a chapter\n", "utf-8")
    inside = "{{< include chapter.md >}}\n```\n{{< meta v.none >}}\n```{=typst}\n"
    source = read_source(document(generated("fig-raw.md", f"````{{=html}}\n{inside}````\n")))
    assert source.raw_html == (inside.removesuffix("\n"),)


def test_raw_html_that_does_not_end_is_pointed_at(document, generated):
    include = generated("fig-open.md", "One\n\n```{=html}\n<p>\n")
    with pytest.raises(RenderError, match=r"fig-open\.md:3: the raw HTML that begins here"):
        read_source(document(include))


def test_a_shortcode_that_does_not_end_is_read_at_once(document):
    begun = time.process_time()
    read_source(document("{{< meta" + " " * 3000))
    assert time.process_time() - begun < 2


@pytest.mark.parametrize("way", ["dots", "absolute", "link"])
def test_includes_stay_in_the_folder(reports, document, way):
    secret = reports.parent / "secret.md"
    secret.write_text("secret\n", "utf-8")
    link = reports / "link.md"
    link.unlink(missing_ok=True)
    link.symlink_to(secret)
    wanted = {"dots": "theme/../../secret.md", "absolute": str(secret), "link": "link.md"}[way]
    with pytest.raises(RenderError, match="is not in the document's folder"):
        read_source(document(f"{{{{< include {wanted} >}}}}"))
