"""The page that lists all briefs."""

import base64
import hashlib
import re
from pathlib import Path

import lxml.html
import pytest

from critical_minerals.report.briefs_index import Entry, compose_index
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]


def value(text: str, number: float | None = None) -> dict:
    return {"text": text, "number": number, "unit": None}


TIN = Entry(
    "mineral-brief-tin",
    ("html", "pdf"),
    {"title": value("Tin & <co>"), "symbol": value("Sn"), "card_top": value("24%", 24.5)},
)
POTASH = Entry(
    "mineral-brief-potash",
    ("html",),
    {"title": value("Potash"), "card_top": value("31%", 31.0), "canada_share": value("31%", 31.0)},
)
GERMANY = Entry(
    "partner-brief-de",
    ("html", "pdf"),
    {
        "title": value("Germany"),
        "arrangement_count": value("7", 7.0),
        "card_bilateral": value("1", 1.0),
    },
)
ALLIANCE = Entry(
    "partner-brief-a",
    ("html", "pdf"),
    {"title": value("Alliance"), "arrangement_count": value("1", 1.0)},
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> lxml.html.HtmlElement:
    root = tmp_path_factory.mktemp("index")
    (root / "pyproject.toml").symlink_to(PROJECT / "pyproject.toml")
    for folder in ("theme", "briefs"):
        (root / "reports").mkdir(exist_ok=True)
        (root / "reports" / folder).symlink_to(PROJECT / "reports" / folder)
    entries = [TIN, POTASH, GERMANY, ALLIANCE]
    text = compose_index(Workspace(root), entries, "en", other="index-fr.html")
    return lxml.html.fromstring(text)


def test_each_group_stands_under_its_heading_in_the_order_of_names(page: lxml.html.HtmlElement):
    groups = {
        section.findtext("h2"): [item.findtext("h3/a") for item in section.iter("li")]
        for section in page.iter("section")
    }
    assert groups == {
        "Minerals": ["Potash", "Tin & <co>"],
        "Partner countries and blocs": ["Germany"],
        "Alliances and forums": ["Alliance"],
    }


def test_links_lead_to_what_was_made(page: lxml.html.HtmlElement):
    links = [link.get("href") for link in page.xpath("//main//a")]
    assert "mineral-brief-tin.html" in links
    assert "mineral-brief-tin.pdf" in links
    assert "mineral-brief-potash.pdf" not in links
    assert "index-fr.html" in [link.get("href") for link in page.xpath("//header//a")]


def test_each_chart_is_said_in_words_beside_it(page: lxml.html.HtmlElement):
    said = [item.findtext("p").replace("\u00a0", " ") for item in page.xpath("//main//li")]
    assert said == [
        "Largest producer 31%, Canada 31%",
        "Largest producer 24.5%, no figure for Canada",
        "7 arrangements and groups",
        "1 arrangement or group",
    ]
    assert all(
        svg.get("aria-hidden") == "true" for svg in page.xpath("//main//li/*[local-name()='svg']")
    )


def test_the_search_is_hidden_until_a_script_can_serve_it(page: lxml.html.HtmlElement):
    (form,) = page.xpath("//form")
    assert "hidden" in form.attrib
    assert form.get("data-other") == "# briefs shown"
    (tin,) = page.xpath("//li[contains(@data-words, 'tin')]")
    assert tin.get("data-words") == "tin & <co> sn"


def test_it_asks_the_network_for_nothing(page: lxml.html.HtmlElement):
    assert page.xpath("//link[@rel='stylesheet'] | //script[@src] | //img") == []


def test_only_its_own_two_scripts_may_run(page: lxml.html.HtmlElement):
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    digests = [hashlib.sha256(script.text.encode()).digest() for script in page.iter("script")]
    allowed = re.findall(r"'sha256-([^']+)'", policy)
    assert allowed == [base64.b64encode(digest).decode() for digest in digests]
    assert len(allowed) == 2
    assert re.findall(r"https?:|'unsafe-eval'|script-src[^;]*'unsafe-inline'", policy) == []
