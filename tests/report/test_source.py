from __future__ import annotations

import datetime as dt

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
    assert source.language == "en"
    assert source.date == dt.date(2026, 6, 30)
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
        ("title: T\nlang: en", "must give a date, a day such as"),
        ("title: T\ndate: June", "must give a date, a day such as"),
        ("date: 2026-06-30", "has no title"),
        ("title: [\ndate: 2026-06-30", "front matter is not YAML"),
    ],
)
def test_front_matter_is_checked(document, front, told):
    with pytest.raises(RenderError, match=told):
        read_source(document("Text", front=front))
