"""One run of the whole pipeline on the real figures, shared by all tests of its results."""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import lxml.html
import pypdf
import pytest
from filelock import FileLock

from critical_minerals.report.references import References, read_references

PROJECT = Path(__file__).parents[2]
PARTS = (
    "data/raw",
    "data/schemas",
    "data/releases",
    "notebooks",
    "reports/briefs",
    "reports/theme",
)
FILES = (
    "pipeline.py",
    "pyproject.toml",
    "parameters.toml",
    "requirements.lock",
    "reports/_quarto.yml",
    "reports/progress-update.qmd",
    "reports/rapport-d-etape.qmd",
    "reports/annex.qmd",
    "reports/annexe.qmd",
)
DOCUMENTS: Mapping[str, str] = {"en": "progress-update", "fr": "rapport-d-etape"}
ANNEXES: Mapping[str, str] = {"en": "annex", "fr": "annexe"}
EDITIONS = tuple(DOCUMENTS)
FOOT, TOP = 62.0, 722.0
"""Where the text of a printed page ends and begins, in points from its foot."""
CHARTED = [
    (language, page)
    for language in EDITIONS
    for uses in [
        read_references(*(PROJECT / f"reports/{of[language]}.qmd" for of in (DOCUMENTS, ANNEXES)))
    ]
    for page in dict.fromkeys(map(uses.page, uses.shown))
    if any(name.startswith("fig-") and uses.page(name) == page for name in uses.shown)
]
"""The pages of both documents that have charts."""
WHOLE = (
    *("--renderer", "embedded", "--to", "html,pdf,docx"),
    *(option for language in EDITIONS for option in ("--language", language)),
)
"""Options of a run that makes everything with the renderer that needs nothing else."""


@dataclass(frozen=True)
class Project:
    """A copy of the project and how to run its pipeline."""

    root: Path

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "pipeline.py", *arguments]
        return subprocess.run(
            command, cwd=self.root, capture_output=True, text=True, timeout=600, check=False
        )

    def output(self, suffix: str, language: str = "en") -> Path:
        return self.root / "reports" / "_output" / f"{DOCUMENTS[language]}.{suffix}"

    def annex(self, suffix: str, language: str = "en") -> Path:
        return self.output(suffix, language).with_stem(ANNEXES[language])

    def uses(self, language: str = "en") -> References:
        """What the documents of an edition use, and on which page."""
        first = self.document(language)
        return read_references(first, first.with_stem(ANNEXES[language]))

    def annex_pages(self, language: str = "en") -> list[Path]:
        """The pages of the annex, in their order."""
        names = [f"{ANNEXES[language]}.html", *self.uses(language).chapters]
        return [self.annex("html", language).with_name(name) for name in names]

    def on(self, anchor: str, language: str = "en") -> str:
        """The address at which something of the annex stands."""
        page = self.annex("html", language).with_name(self.uses(language).page(anchor))
        return f"{page.as_uri()}#{anchor}"

    def whole_annex(self, language: str = "en") -> lxml.html.HtmlElement:
        """The pages of the annex as one page, without what leads from one to the next."""
        first, *rest = (lxml.html.parse(path).getroot() for path in self.annex_pages(language))
        main = first.get_element_by_id("main")
        for page in rest:
            main.extend(page.get_element_by_id("main"))
        for each in main.xpath("nav | ol[@hidden] | script[@id='page-anchors']"):
            each.drop_tree()
        names = {path.name for path in self.annex_pages(language)}
        for link in first.iter("a"):
            file, mark, anchor = link.get("href", "").partition("#")
            if mark and file in names:
                link.set("href", f"#{anchor}")
        return first

    def document(self, language: str) -> Path:
        return self.root / "reports" / f"{DOCUMENTS[language]}.qmd"

    def text(self, language: str) -> str:
        """The text of an edition: that of its update, then that of its annex."""
        annex = self.document(language).with_stem(ANNEXES[language])
        return self.document(language).read_text("utf-8") + annex.read_text("utf-8")

    def values(self, language: str) -> dict[str, dict[str, str]]:
        """The named values that the notebooks published in a language."""
        files = sorted(self.published_in(language).glob("[1-9]*.json"))
        manifests = [json.loads(path.read_text("utf-8")) for path in files]
        return {name: each for m in manifests for name, each in m.get("values", {}).items()}

    def published_in(self, language: str) -> Path:
        return self.root / "reports" / "_generated" / language

    @property
    def published(self) -> Path:
        return self.published_in("en")


@dataclass(frozen=True)
class Page:
    """All the text of a printed page; its lines between head and foot, with their height on it."""

    text: str
    lines: list[tuple[float, str]]


@cache
def printed(path: Path) -> list[Page]:
    """The pages of a document; to read them from a whole annex takes seconds: it is done once."""
    return [_read(page) for page in pypdf.PdfReader(path).pages]


def _read(page: pypdf.PageObject) -> Page:
    found: dict[int, list[str]] = {}

    def note(text: str, matrix: list[float], own: list[float], *_: object) -> None:
        y = own[5] * matrix[3] + matrix[5]
        if text.strip() and FOOT <= y <= TOP:
            found.setdefault(round(y), []).append(text.strip())

    text = page.extract_text(visitor_text=note)
    return Page(text, [(y, " ".join(parts)) for y, parts in found.items()])


def copied(root: Path) -> Project:
    for part in PARTS:
        shutil.copytree(PROJECT / part, root / part)
    for file in FILES:
        shutil.copy(PROJECT / file, root / file)
    return Project(root)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Project:
    """A copy in which the pipeline has run once and made both editions.

    Where several processes test, one of them runs it; each works on a copy of its own.
    """
    if worker_id == "master":
        return made(tmp_path_factory.mktemp("project"))
    shared = tmp_path_factory.getbasetemp().parent / "project"
    with FileLock(shared.with_suffix(".lock")):
        if not shared.is_dir():
            made(shared)
    own = tmp_path_factory.mktemp("whole") / "project"
    shutil.copytree(shared, own, symlinks=True)
    return Project(own)


def made(root: Path) -> Project:
    project = copied(root)
    done = project.run(*WHOLE)
    if done.returncode != 0:
        shutil.rmtree(root)
        pytest.fail(done.stdout + done.stderr)
    return project
