"""The report on checks, as a reader gets it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import html

from critical_minerals.errors import FiguresError
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import Count
from critical_minerals.notebook import open_notebook
from critical_minerals.review.checks import check_raw
from critical_minerals.review.checks_report import write_checks
from critical_minerals.workspace.paths import CHECKS, Workspace

PROJECT = Path(__file__).parents[2]
NOTEBOOKS = ("10_tiny", "20_never_run")


@pytest.fixture
def checked(workspace: Workspace, raw) -> Workspace:
    """A workspace in which the raw figures have failed and a notebook has not."""
    shutil.copytree(PROJECT / "reports" / "theme", workspace.reports / "theme")
    nb = open_notebook("10_tiny", workspace.root)
    nb.exclude(nb.raw("progress/exploration"), say("left-out-older-release"))
    nb.raw("funding/awards")
    nb.exclude(nb.raw("funding/awards"), say("left-out-other-countries"))
    nb.finish()
    raw.set("funding/awards", 5, "amount", "1,5 million")
    with pytest.raises(FiguresError):
        check_raw(workspace, 2027)
    return workspace


def text(workspace: Workspace, language: str) -> str:
    return (workspace.output / f"{CHECKS[language]}.txt").read_text("utf-8")


def page(workspace: Workspace, language: str) -> html.HtmlElement:
    return html.fromstring((workspace.output / f"{CHECKS[language]}.html").read_text("utf-8"))


def test_it_says_what_failed_where_and_what_to_do(checked: Workspace):
    write_checks(checked, NOTEBOOKS, ("en", "fr"))
    for language, words in (("en", "One fault was found"), ("fr", "1 erreur relevée par")):
        told = " ".join(text(checked, language).split())
        assert words in told
        assert re.search(r"data/raw/funding/awards\.csv +5 +amount +1,5 million", told)
        table = page(checked, language).xpath("//h2[@id='failures']/following::table")[0]
        assert table.xpath("string(.//tbody//th)") == "data/raw/funding/awards.csv"
        assert table.xpath(".//td")[2].text_content() == "1,5 million"


def test_it_tells_of_values_that_no_document_states(workspace: Workspace):
    shutil.copytree(PROJECT / "reports" / "theme", workspace.reports / "theme")
    nb = open_notebook("10_tiny", workspace.root)
    exports = nb.raw("trade/domestic_exports").rename(columns={"value_cad": "amount_cad"})
    few = exports.dropna(subset=["mineral"]).drop_duplicates(["mineral", "year"])
    nb.exclude(exports.drop(few.index), say("left-out-other-countries"))
    saved = nb.save("tiny_exports", few)
    for name in ("read", *"abcdef"):
        nb.value(name, Count(len(saved)), saved)
    nb.finish()
    workspace.document("fr").write_text("Il y en a {{< meta v.read >}}.", "utf-8")
    write_checks(workspace, NOTEBOOKS, ("en", "fr"))
    told = " ".join(text(workspace, "en").split())
    assert "6 published values stand in no document" in told
    assert "reads them: a, b, c, d, e, …." in told
    assert "6\u00a0valeurs publiées ne figurent dans aucun document" in text(workspace, "fr")
    every = "".join(f"{{{{< meta v.{name} >}}}}" for name in "abcdef")
    workspace.document("en").write_text(every, "utf-8")
    write_checks(workspace, NOTEBOOKS, ("en",))
    assert "in no document" not in text(workspace, "en")


def test_both_languages_tell_the_same_with_the_same_structure(checked: Workspace):
    write_checks(checked, NOTEBOOKS, ("en", "fr"))
    english, french = (page(checked, language) for language in ("en", "fr"))
    for path in ("//h2/@id", "//table", "//tr", "//td", "//th", "//dt"):
        assert len(english.xpath(path)) == len(french.xpath(path)), path
    assert english.xpath("//h2/@id") == french.xpath("//h2/@id")
    assert french.get("lang") == "fr"
    links = french.xpath("//a[@hreflang='en']/@href")
    assert links == ["checks.html"]


def test_what_stays_english_says_so_in_the_french_page(checked: Workspace):
    write_checks(checked, NOTEBOOKS, ("en", "fr"))
    said = page(checked, "fr").xpath("//td/span[@lang='en']/text()")
    assert any(words.startswith("a number in plain digits") for words in said)
    assert page(checked, "en").xpath("//td/span[@lang]") == []


def test_rows_corrections_and_steps_that_have_not_run_are_told(checked: Workspace):
    write_checks(checked, NOTEBOOKS, ("en",))
    told = " ".join(text(checked, "en").split())
    assert "it has not run yet: 20_never_run." in told
    assert re.search(r"data/raw/progress/exploration\.csv 10_tiny 15 0 1 0 14 0 14", told)
    assert "Superseded by a newer release" in told
    assert "2022-07-13 2022-06-13" in told
    assert not (checked.output / "verifications.html").exists()


def test_a_step_that_was_held_back_does_not_tell_of_an_earlier_run(checked: Workspace):
    write_checks(checked, NOTEBOOKS, ("en",), skipped=["10_tiny"])
    told = text(checked, "en")
    assert "Notebook 10_tiny" not in told
    assert "10_tiny, 20_never_run" in told


def test_where_nothing_was_checked_yet_nothing_is_told(workspace: Workspace):
    write_checks(workspace, NOTEBOOKS, ("en",))
    assert not workspace.output.exists()


def test_the_page_asks_the_network_for_nothing_and_its_regions_have_names_of_their_own(checked):
    write_checks(checked, NOTEBOOKS, ("en",))
    tree = page(checked, "en")
    assert tree.xpath("//script/@src | //link/@href | //img/@src") == []
    names = tree.xpath("//div[@role='region']/@aria-label")
    assert len(names) == len(set(names)) >= 4
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    anchors = [href[1:] for href in tree.xpath("//nav//a/@href")]
    assert set(anchors) <= set(ids)


def test_the_same_findings_make_the_same_bytes(checked: Workspace):
    write_checks(checked, NOTEBOOKS, ("en", "fr"))
    before = {path.name: path.read_bytes() for path in checked.output.iterdir()}
    write_checks(checked, NOTEBOOKS, ("en", "fr"))
    assert {path.name: path.read_bytes() for path in checked.output.iterdir()} == before
    assert set(before) == {f"{n}.{e}" for n in CHECKS.values() for e in ("html", "txt")}


def test_it_loads_nothing_heavy():
    code = "import sys, critical_minerals.review.checks_report; print('pandas' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
