"""Text of cells stays text: hostile words in every text column, and everything that is made of it.

The whole pipeline runs on them. Beside it stands the run on the figures as they are, which all
tests here share. What hostile words bring in is what the two differ in: an element, an attribute, a
link, a heading, a file.
"""

import csv
import json
import re
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import lxml.html
import pypdf
import pytest
from lxml import etree
from selenium import webdriver
from selenium.webdriver.support.ui import WebDriverWait

from critical_minerals.raw.store import RawStore
from critical_minerals.report.pandoc import Output, Text, convert
from critical_minerals.report.yaml_text import load_yaml
from critical_minerals.workspace.paths import Workspace

from .conftest import EDITIONS, WHOLE, Project, copied
from .hostile import SECRET, UNSEEN, URL_END, hostile, keep_names, spoil, unseen

pytestmark = pytest.mark.slow

BRIEFS = ("briefs", "--renderer", "embedded", "--mineral", "lithium", "--partner", "US")
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
# Comparisons with the last release: to it, every figure with hostile words is another one. The
# index lists all briefs that are there, and other tests may have made more of them.
COMPARED = {"changes.html", "changements.html", "tbl-changes.md", "index.html", "index-fr.html"}
# Runs of words are cut wherever a word is escaped. Which publishers a line names, and which it
# folds away, follows from their names.
CUT = {*(f"{W}{name}" for name in ("r", "t", "rPr", "hyperlink", "rStyle", "vertAlign", "lang"))}
RUNNING = ("Header", "RawInline", "RawBlock", "Code", "CodeBlock", "Math", "Image", "Note", "Cite")
"""What hostile words might be read as in Markdown."""
LISTENED = """
window.heard = [];
window.canary = (...said) => window.heard.push(`canary ${said}`);
for (const asks of ["alert", "confirm", "prompt", "open", "print"])
  window[asks] = (...said) => window.heard.push(`${asks} ${said}`);
document.addEventListener("securitypolicyviolation", (refused) =>
  window.heard.push(`refused ${refused.violatedDirective} ${refused.blockedURI}`));
"""
"""Before anything of a page: a canary to be called, and what its policy refuses."""
POINTED = """
document.querySelectorAll("details").forEach((each) => { each.open = true; });
const done = arguments[0];
const parts = [...document.body.querySelectorAll("*")];
for (const kind of ["pointerover", "mouseover", "mousemove", "focus", "error"])
  parts.forEach((each) => each.dispatchEvent(new MouseEvent(kind, { bubbles: true })));
requestAnimationFrame(() => setTimeout(() => done(window.heard), 50));
"""
"""Unfolds all that is folded, points at everything, and gives what was heard."""
STANDS = """
const { charts } = document.documentElement.dataset;
const live = document.getElementById("chart-engine") && document.querySelector(".chart");
return document.readyState === "complete" && (!live || charts === "ready");
"""
POLICY = "//meta[@http-equiv='Content-Security-Policy']/@content"
REQUESTED = "Network.requestWillBeSent"


@pytest.fixture(scope="module")
def plain(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The figures as they are, with two briefs; other tests find none of them."""
    root = tmp_path_factory.mktemp("plain") / "project"
    shutil.copytree(project.root, root, symlinks=True)
    return with_briefs(Project(root))


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project with hostile words in all text columns; it has run, and made two briefs."""
    made = copied(tmp_path_factory.mktemp("hostile") / "project")
    (made.root / "secret.md").write_text(SECRET, "utf-8")
    keep_names(made.root / "data" / "raw")
    spoil(made.root / "data" / "raw", hostile)
    run(made, *WHOLE)
    return with_briefs(made)


def with_briefs(project: Project) -> Project:
    run(project, *BRIEFS)
    return project


def run(project: Project, *arguments: str) -> None:
    done = project.run(*arguments)
    assert done.returncode == 0, done.stdout + done.stderr


def made(project: Project, pattern: str) -> dict[str, Path]:
    """What lies beside the report, by name."""
    output = project.root / "reports" / "_output"
    names = sorted(path.relative_to(output) for path in output.rglob(pattern))
    return {str(name): output / name for name in names}


def pairs(plain: Project, spoilt: Project, pattern: str) -> Iterator[tuple[str, Path, Path]]:
    """Everything of a kind that was made of plain words and of hostile ones."""
    one, other = made(plain, pattern), made(spoilt, pattern)
    assert one
    # The shared project may have more briefs.
    assert {*other} <= {*one}
    yield from ((name, one[name], other[name]) for name in other)


def test_what_nobody_sees_is_refused_in_every_column(tmp_path: Path):
    project = copied(tmp_path / "project")
    spoil(project.root / "data" / "raw", unseen)
    store = RawStore(Workspace(project.root))
    told = {
        (problem.file, problem.row, problem.column)
        for result in store.all_results()
        for problem in result.problems
    }
    for name, table in store.tables.items():
        with store.path(name).open(encoding="utf-8", newline="") as lines:
            rows = min(1 + len(UNSEEN), sum(1 for _ in csv.reader(lines)))
        wanted = product([f"data/raw/{name}.csv"], range(2, rows + 1), table.columns)
        assert {*wanted} <= told


def test_pages_have_the_elements_attributes_and_links_of_plain_words(
    plain: Project, spoilt: Project
):
    pages = [lxml.html.parse(path).getroot() for path in made(plain, "*.html").values()]
    known = {kind for page in pages for kind in _kinds(page)}
    linked = {link for page in pages for link in _links(page)}
    # A long word may take two lines in one chart, as others do elsewhere.
    drawn = {kind for page in pages for kind in _drawn(page)}
    for name, path, hostile_path in pairs(plain, spoilt, "*.html"):
        one, other = (lxml.html.parse(each).getroot() for each in (path, hostile_path))
        if Path(name).name not in COMPARED:
            assert _kinds(other) == _kinds(one), name
            assert _links(other) == _links(one), name
        assert {*_kinds(other)} <= known
        # A change leads to the section of a document that it is in.
        assert {link for link in _links(other) if "#" not in link} <= linked
        assert {*_drawn(other)} <= drawn, name
        assert [each for each in _running(other) if "canary()" in each] == []
        assert SECRET not in hostile_path.read_text("utf-8")


@pytest.mark.browser
def test_the_canary_is_silent_on_every_page_and_every_page_has_its_policy(
    spoilt: Project, browser: webdriver.Chrome
):
    browser.execute_cdp_cmd("Page.enable", {})
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTENED})
    browser.get_log("performance")
    for name, path in made(spoilt, "*.html").items():
        (policy,) = lxml.html.parse(path).xpath(POLICY)
        assert policy.startswith("default-src 'none'"), name
        assert not re.search(r"script-src[^;]*unsafe|https?:", policy), name
        browser.get(path.as_uri() + "#charts=all")
        WebDriverWait(browser, 120).until(lambda shown: shown.execute_script(STANDS))
        assert browser.execute_async_script(POINTED) == [], name
        assert browser.execute_script("return location.href").startswith(path.as_uri()), name
        assert [entry["message"] for entry in browser.get_log("browser")] == [], name
    told = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    asked = [each["params"]["request"]["url"] for each in told if each["method"] == REQUESTED]
    assert asked
    assert [url[:80] for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    read = {unquote(urlsplit(url).path) for url in asked if url.startswith("file:")}
    assert read <= {str(path) for path in made(spoilt, "*.html").values()}


def test_print_has_the_links_headings_and_files_of_plain_words(plain: Project, spoilt: Project):
    for name, path, hostile_path in pairs(plain, spoilt, "*.pdf"):
        one, other = pypdf.PdfReader(path), pypdf.PdfReader(hostile_path)
        assert _addresses(other) == _addresses(one), name
        assert _headings(other.outline) == _headings(one.outline), name
        assert {*other.trailer["/Root"]} == {*one.trailer["/Root"]}, name
        assert not other.attachments
        assert SECRET not in "".join(page.extract_text() for page in other.pages)


def test_word_has_the_parts_links_and_elements_of_plain_words(plain: Project, spoilt: Project):
    for name, path, hostile_path in pairs(plain, spoilt, "*.docx"):
        one, other = _parts(path), _parts(hostile_path)
        assert other.keys() == one.keys(), name
        assert _targets(other) == _targets(one), name
        assert _counted(other) == _counted(one), name
        assert not any(SECRET.encode() in content for content in other.values())


@pytest.mark.parametrize("language", EDITIONS)
def test_markdown_of_what_is_published_is_read_as_that_of_plain_words(
    plain: Project, spoilt: Project, language: str
):
    one, other = (_read(each.published_in(language)) for each in (plain, spoilt))
    assert other.keys() == one.keys()
    for name in other.keys() - COMPARED:
        assert _marked(other[name]) == _marked(one[name]), name
        assert {*_linked(other[name])} == {*_linked(one[name])}, name


def _read(folder: Path) -> dict[str, Any]:
    """Let Pandoc read every partial, and every value, as the documents do."""
    lines = {path.name: [path.read_text("utf-8")] for path in sorted(folder.glob("*.md"))}
    values = load_yaml((folder / "values.yml").read_text("utf-8"))["v"]
    texts = [Text(folder, told) for told in lines.values()] + [Text(folder, [], {"v": values})]
    read = [json.loads(convert(text, [Output("json")])[0]) for text in texts]
    return dict(zip([*lines, "values"], read, strict=True))


def _marked(part: Any) -> Counter[str]:
    """Count what is more than words in a document of Pandoc's."""
    return Counter(each["t"] for each in _each(part) if each["t"] in RUNNING)


def _linked(part: Any) -> Iterator[str]:
    return (_address(each["c"][2][0]) for each in _each(part) if each["t"] in ("Link", "Image"))


def _each(part: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(part, dict):
        if "t" in part:
            yield part
        part = [*part.values()]
    if isinstance(part, list):
        for inside in part:
            yield from _each(inside)


def _kinds(page: lxml.html.HtmlElement) -> Counter[tuple[str, tuple[str, ...]]]:
    """Count elements by their attributes, without drawings.

    Which publishers a line names, and which it folds away, follows from their names; and from the
    words of a place, how many parts of it are a title that stays English.
    """
    found = Counter(_kind(part) for part in page.iter() if not _in_drawing(part))
    told = {("a", ("href",)), ("span", ("lang",))}
    return Counter({kind: n for kind, n in found.items() if kind not in told})


def _in_drawing(part: etree._Element) -> bool:
    return any(True for _ in part.iterancestors("svg"))


def _kind(part: etree._Element) -> tuple[str, tuple[str, ...]]:
    return str(part.tag), tuple(sorted(map(str, part.attrib)))


def _drawn(page: lxml.html.HtmlElement) -> set[tuple[str, tuple[str, ...]]]:
    return {_kind(part) for drawing in page.iter("svg") for part in drawing.iter()}


def _links(page: lxml.html.HtmlElement) -> set[str]:
    """Name all that a page leads to or brings in; what stands in it, is of its own words."""
    return {_address(re.sub("base64,.*", "", str(link))) for _, _, link, _ in page.iterlinks()}


def _running(page: lxml.html.HtmlElement) -> Iterator[str]:
    """Give what a browser would run: scripts, without the data in some, and event handlers."""
    for part in page.iter("script", "style"):
        if part.get("type") != "application/json":
            yield str(part.text)
    for part in page.iter():
        yield from (str(part.get(name)) for name in part.attrib if str(name).startswith("on"))


def _address(link: str) -> str:
    """Name where a link leads, but for what follows from words and their number.

    These are the sources that a line names and does not fold, and the numbers of pictures in Word.
    """
    led = re.sub(r"(annexe?\.html)?#src-.*", "#src-", link.replace(URL_END, ""))
    return re.sub(r"media/rId\d+", "media/picture", led)


def _addresses(pdf: pypdf.PdfReader) -> set[str]:
    notes = [note.get_object() for page in pdf.pages for note in page.get("/Annots", ())]
    actions = [note.get("/A", {}) for note in notes]
    return {_address(str(action.get("/URI", action.get("/S")))) for action in actions}


def _headings(outline: Any) -> list[Any]:
    return [_headings(each) if isinstance(each, list) else each.title for each in outline]


def _parts(docx: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(docx) as file:
        # Pictures are called by a number that counts the links before them, too.
        pictures = [name for name in file.namelist() if name.startswith("word/media/rId")]
        called = {name: f"word/media/{place}" for place, name in enumerate(pictures)}
        return {called.get(name, name): file.read(name) for name in file.namelist()}


def _targets(parts: Mapping[str, bytes]) -> set[str]:
    links = etree.fromstring(parts["word/_rels/document.xml.rels"])
    return {_address(str(each.get("Target"))) for each in links}


def _counted(parts: Mapping[str, bytes]) -> Counter[str]:
    """Count elements; runs that follow one another and look alike count as one."""
    root = etree.fromstring(parts["word/document.xml"])
    for run in [*root.iter(f"{W}r")]:
        before = run.getprevious()
        if before is not None and before.tag == run.tag and _looks(before) == _looks(run):
            for look in run.findall(f"{W}rPr"):
                run.remove(look)
                run.set("looks", _looks(before))
    return Counter(str(part.tag) for part in root.iter() if part.tag not in CUT)


def _looks(run: etree._Element) -> str:
    found = run.find(f"{W}rPr")
    return run.get("looks", "") if found is None else etree.tostring(found).decode()
