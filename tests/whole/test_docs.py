"""What the README and the pages of `docs/` tell readers to do is done, on a copy of the project.

A block of commands runs as one script, blocks of code as cells of one notebook, and a block with
the name of a file is added to that file. What would run the pipeline is asked what it would run
(`--dry-run`); pages of which it matters are walked in earnest by a slow test.
"""

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import services
import yaml
from orchards import environment, plant

from critical_minerals.cli.commands import command_line
from critical_minerals.errors import UsageError
from critical_minerals.tables.descriptors import Tables
from critical_minerals.workspace.paths import find_workspace

from .conftest import PROJECT, Project

DOCS = PROJECT / "docs"
PAGES = [
    PROJECT / "README.md",
    *sorted(path for path in DOCS.rglob("*.md") if path.parent.name != "reference"),
    DOCS / "reference" / "commands.md",
]
WALKED = ("tutorial.md", "sentence.md", "chart.md")
"""Pages whose runs are made in earnest too."""
BLOCK = re.compile(r"^```(?P<kind>\{[^\n]*\}|\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NAMED = re.compile(r'\{\.\w+ filename="(?P<file>[^"]+)"(?: shortcodes="false")?\}')
AT_TOP = re.compile(r"<!-- (?P<file>\S+) -->\n")
"""Names the file of a block with an include: there Quarto knows no other attribute than one."""
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#\s]+)(?:#[^)]*)?\)")
LONG = re.compile(r"--preview|--all|changes \d{4}-\d\d-\d\d|--as-of \d{4}-\d\d-\d\d$")
"""What runs notebooks or makes many briefs: the slow test does it."""
AWARDS = "data/raw/funding/awards.csv"
PUBLISHERS = "publishers.yml"
"""Publishers on this machine, beside the copy: they stand in where `refresh` asks for news."""
ELSEWHERE = re.compile(r"^(dask|quarto) ")
"""What needs programs that may not be here; `test_the_cluster_of_the_guide` has the first."""
CELLS = """\
import sys
from pathlib import Path

import pandas as pd

from critical_minerals.language.catalogue import label, say
from critical_minerals.language.naming import worded
from critical_minerals.language.quantities import Count, Date, Money, Percent, Year
from critical_minerals.notebook import open_notebook
from critical_minerals.readers.known import recognised

nb = open_notebook("50_progress")
root = Path.cwd()
{cells}
if "steps" in globals():
    from critical_minerals.workspace.paths import Workspace

    for step in steps(Run(Workspace(root), None)):
        step.run()
        assert all(Path(name).is_file() for name in step.outputs)
"""


@dataclass(frozen=True)
class Block:
    kind: str
    text: str

    @property
    def file(self) -> str:
        named = NAMED.fullmatch(self.kind) or AT_TOP.match(self.text)
        return named["file"] if named else ""

    @property
    def content(self) -> str:
        return AT_TOP.sub("", self.text, count=1)


def blocks(page: Path) -> list[Block]:
    return [Block(each["kind"], each["text"]) for each in BLOCK.finditer(page.read_text("utf-8"))]


@dataclass(frozen=True)
class Place:
    """A copy of the finished project under git, and the home folder of somebody at work."""

    root: Path
    home: Path

    def do(self, script: str) -> subprocess.CompletedProcess[str]:
        programs = str(Path(sys.executable).parent)
        own = {
            **os.environ,
            "HOME": str(self.home),
            "PATH": os.pathsep.join([programs, os.environ["PATH"]]),
            "PYTHONPATH": str(self.root / "src"),
            "BROWSER": "true",
            "MAKEFLAGS": "",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script],
            cwd=self.root,
            env=own,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )

    def path(self, name: str) -> Path:
        return self.home / name[2:] if name.startswith("~/") else self.root / name

    @property
    def pristine(self) -> Path:
        return self.root.with_name("pristine")

    def reset(self) -> None:
        """Take back all that a page has done, in the last run and at home too."""
        shutil.rmtree(self.root)
        shutil.copytree(self.pristine, self.root, symlinks=True)
        shutil.rmtree(self.home)
        furnish(self.home)


@pytest.fixture(scope="module")
def publishers() -> Iterator[str]:
    """Publishers on this machine, whose newest files are those that are here."""
    raw = PROJECT / "data" / "raw"
    known = yaml.safe_load((raw / "publishers.yml").read_text("utf-8"))
    summaries, rates = "MCS2026_Commodities_Data.csv", "33100036-eng.zip"
    card = yaml.safe_load((raw / "statcan" / rates.replace(".zip", ".source.yml")).read_text())
    with services.service() as there:
        data = (raw / "usgs" / summaries).read_bytes()
        address = there.on(f"/{summaries}", services.file(data))
        release = services.item(2026, services.offered(data, summaries, address, "2026-02-06"))
        known["usgs"]["address"] = there.on("/items", services.items(release))
        published = str(card["published"])
        services.statcan(there, (raw / "statcan" / rates).read_bytes(), published, published)
        known["statcan"] |= {"address": there.address, "closed": None}
        resource = {"id": known["open_canada"]["resource"], "url": f"{there.address}/grants.csv"}
        package = {"title": "Grants and Contributions", "resources": [resource]}
        content = json.dumps({"success": True, "result": package}).encode()
        known["open_canada"]["address"] = there.on("/package", services.answer(200, content))
        for one in known.values():
            one["hosts"] = ["127.0.0.1"]
        yield yaml.safe_dump(known, sort_keys=False)


@pytest.fixture(scope="module")
def place(project: Project, publishers: str, tmp_path_factory: pytest.TempPathFactory) -> Place:
    made = Place(tmp_path_factory.mktemp("docs") / "project", tmp_path_factory.mktemp("home"))
    shutil.copytree(project.root, made.root, symlinks=True)
    for name in ("Makefile", ".gitignore", ".gitattributes", "README.md"):
        shutil.copy(PROJECT / name, made.root)
    shutil.copytree(PROJECT / ".github", made.root / ".github")
    (made.root.parent / PUBLISHERS).write_text(publishers, "utf-8")
    for lock in PROJECT.glob("requirements*.lock"):
        shutil.copy(lock, made.root)
    shutil.copytree(DOCS, made.root / "docs")
    shutil.copytree(
        PROJECT / "src", made.root / "src", ignore=shutil.ignore_patterns("__pycache__")
    )
    furnish(made.home)
    shutil.copy(made.home / "awards.xlsx", made.root)
    awards = (made.root / AWARDS).read_text("utf-8")
    # Two runs that differ are compared (`changes previous last`): one award is of another amount.
    edited = re.sub(
        r"(?m)^(bc_hydro_transmission,BC Hydro,,pdac_2026,)\d+", r"\g<1>50100000", awards
    )
    assert edited != awards
    (made.root / AWARDS).write_text(edited, "utf-8")
    done = made.do("python pipeline.py run --renderer embedded --language en --to html")
    assert done.returncode == 0, done.stderr
    someone = "git -c user.name=A -c user.email=a@example.org"
    done = made.do(f"git init --quiet && git add --all && {someone} commit --quiet -m Start")
    assert done.returncode == 0, done.stderr
    shutil.copytree(made.root, made.pristine, symlinks=True)
    return made


def furnish(home: Path) -> None:
    """Put into a home folder the files of which the guides tell."""
    (home / "Downloads").mkdir(parents=True, exist_ok=True)
    release = PROJECT / "data" / "raw" / "usgs" / "MCS2026_Commodities_Data.csv"
    shutil.copy(release, home / "Downloads" / "MCS2027_Commodities_Data.csv")
    awards = Tables(PROJECT / "data" / "raw")["funding/awards"]
    book = openpyxl.Workbook()
    book.active.title = "awards"
    row = {
        "award_id": "example_award",
        "programme": "cmif",
        "recipient": "Example Mining Inc.",
        "project_en": "Road to an example",
        "project_fr": "Route vers un exemple",
        "instrument": "contribution",
        "status": "announced",
        "amount": 1500000,
        "currency": "CAD",
        "precision": "up_to",
        "announced": "2026-09-01",
        "as_of": "2026-09-01",
        "jurisdiction": "federal",
        "source_id": "NRCAN_PROGRESS_2026",
        "place": "Example",
    }
    book.active.append(awards.columns)
    book.active.append([row.get(name) for name in awards.columns])
    book.save(home / "awards.xlsx")
    lines = "Année;Montant;Publié;Remarques\n2026;4 200 000 000;2026-09-01;rien\n"
    (home / "exploration.csv").write_text(lines, "utf-8")


def script_of(block: Block, *, earnest: bool, here: Path) -> str:
    """Write the script of a block of commands, cheap where it has to be."""
    lines = [line.partition("   #")[0].rstrip() for line in block.text.splitlines()]
    return "\n".join(line for each in lines for line in told(each, earnest=earnest, here=here))


def run_in(line: str) -> list[str] | None:
    """Return the options of a command that runs the pipeline."""
    found = re.fullmatch(r"python pipeline\.py(?: run)?((?: -.*)?)", line)
    return [] if line == "make report" else shlex.split(found[1]) if found else None


def told(line: str, *, earnest: bool, here: Path) -> Iterator[str]:
    options = run_in(line)
    if ELSEWHERE.match(line) or (LONG.search(line) and options is None):
        return
    if options is not None and earnest:
        given = shlex.join(options)
        yield f"python pipeline.py run --renderer embedded --language en --to html {given}"
    elif options is not None:
        return
    elif line in {"make check", "make doctor"}:
        yield f"python pipeline.py {line.removeprefix('make ')}"
    elif line.startswith("python pipeline.py setup"):
        return  # tests/cli/test_setup.py does it, by stand-ins for what would be downloaded
    elif line.startswith("make "):
        yield line.replace("make ", "make --dry-run ", 1)
    elif line.startswith("python pipeline.py refresh"):
        yield f"cp ../{PUBLISHERS} data/raw/{PUBLISHERS}"
        yield line
        yield f"git checkout --quiet -- data/raw/{PUBLISHERS}"
    elif line == "cd progress-report":
        yield "cd progress-report"
    else:
        yield line.replace("ADDRESS", f"'{here}'")


def would_run(block: Block, place: Place) -> None:
    """Ask what the pipeline would run, in this process: to start one for each takes too long."""
    steps = runpy.run_path(str(place.root / "pipeline.py"), run_name="pipeline")["steps"]
    app = command_line(find_workspace(place.root).project)
    for line in map(str.strip, block.text.partition("   #")[0].splitlines()):
        if (options := run_in(line)) is not None:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(sys, "argv", [str(place.root / "pipeline.py")])
                asked = ["run", *options, "--dry-run"]
                if "--confirm" in options:  # refused, as the page says: no check has failed here
                    with pytest.raises(UsageError, match="No check of the last run asks for it"):
                        app(asked, obj=steps, standalone_mode=False)
                    continue
                code = app(asked, obj=steps, standalone_mode=False)
            assert code == 0, line


def walk(page: Path, place: Place, *, earnest: bool) -> None:
    """Do what a page says, in its order."""
    told_cells = [each.text for each in blocks(page) if each.kind == "python"]
    for block in blocks(page):
        if block.file:
            path = place.path(block.file)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("a", encoding="utf-8") as file:
                file.write(("\n" if path.suffix == ".qmd" else "") + block.content)
        elif block.kind == "sh":
            if page.parent.name == "reference":
                place.reset()  # its blocks are examples of commands, each for itself
            script = script_of(block, earnest=earnest, here=place.root)
            done = place.do(script)
            assert done.returncode == 0, f"{page.name}: {script}\n{done.stdout}{done.stderr}"
            if not earnest:
                would_run(block, place)
        else:
            assert block.kind == "python", f"{page.name}: nobody runs a block of {block.kind}"
    if any(block.file.startswith("data/raw/") for block in blocks(page)):
        done = place.do("python pipeline.py check")
        assert done.returncode == 0, done.stderr
    if told_cells:
        (place.root / "cells.py").write_text(CELLS.format(cells="\n".join(told_cells)), "utf-8")
        done = place.do("python cells.py")
        assert done.returncode == 0, f"{page.name}: {done.stderr}"


@pytest.fixture
def clean(place: Place) -> Iterator[Place]:
    yield place
    place.reset()


@pytest.mark.slow
@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p)], ids=lambda path: path.stem)
def test_what_a_page_says_can_be_done(page: Path, clean: Place):
    walk(page, clean, earnest=False)


@pytest.mark.long
@pytest.mark.parametrize("page", [p for p in PAGES if p.name in WALKED], ids=lambda path: path.stem)
def test_what_a_page_says_ends_in_a_report(page: Path, clean: Place):
    walk(page, clean, earnest=True)
    if page.name == "tutorial.md":
        values = (clean.root / "reports" / "_generated" / "en" / "values.yml").read_text("utf-8")
        assert "22" in yaml.safe_load(values)["v"]["cbmi_partners"]


@pytest.mark.long
def test_commands_that_take_long_run_too(clean: Place):
    every = (line for page in PAGES for block in blocks(page) for line in block.text.splitlines())
    lines = {line.strip() for line in every if line.startswith("python ") and LONG.search(line)}
    for line in sorted(lines - {one for one in lines if re.search(r"py (run )?--", one)}):
        done = clean.do(line.replace("--all", "--all --to html"))
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        clean.reset()


@pytest.mark.cluster
def test_the_cluster_of_the_guide_works(tmp_path: Path):
    """The three lines of the guide, on the smallest report there is."""
    pytest.importorskip("distributed")
    (block,) = (each for each in blocks(DOCS / "guides" / "cluster.md") if each.kind == "sh")
    lines = "\n".join(
        f"{line} --renderer embedded --to html" if line.startswith("python ") else line
        for line in block.text.splitlines()
    )
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    done = subprocess.run(
        ["bash", "-c", f"trap 'kill $(jobs -p)' EXIT\nset -e\n{lines}"],
        cwd=plant(tmp_path / "orchard"),
        env=environment(tmp_path / "orchard") | {"PATH": programs, "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "orchard" / "reports" / "_output" / "harvest.html").is_file()


def test_pages_of_reference_are_not_stale():
    done = subprocess.run(
        [sys.executable, "docs/reference.py", "--check"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_page_stands_in_the_contents_of_the_site():
    contents = yaml.safe_load((DOCS / "_quarto.yml").read_text("utf-8"))["website"]["sidebar"]
    listed = [
        name
        for part in contents["contents"]
        for name in ([part] if isinstance(part, str) else part["contents"])
    ]
    there = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]
    assert sorted(listed) == sorted(there)


@pytest.mark.parametrize("page", [PROJECT / "README.md", *sorted(DOCS.rglob("*.md"))])
def test_links_between_pages_lead_somewhere(page: Path):
    leads = LINK.findall(page.read_text("utf-8"))
    assert [link for link in leads if not (page.parent / link).exists()] == []


def test_files_and_folders_that_pages_name_are_there():
    """Of names in code: what is made by a run, or stands for another name, is no file here."""
    named = re.compile(r"`((?:src|data|reports|notebooks|tests|docs|\.ci|\.github)/[^`\s…<>*]+)`")
    made = re.compile(
        r"^(reports/_|data/processed/|(data/raw|data/schemas)/(recycling|progress/permits)|docs/_site)"
    )
    wrong = {
        f"{page.name}: {name}"
        for page in [PROJECT / "README.md", *DOCS.rglob("*.md")]
        for name in named.findall(page.read_text("utf-8"))
        if not made.match(name) and not (PROJECT / name.partition("::")[0].rstrip("/")).exists()
    }
    assert wrong == set()
    modules = re.compile(r"`((?:cleaning|execution|raw|readers|review|tables)/\w+\.py)`")
    package = PROJECT / "src" / "critical_minerals"
    named = {
        name for page in DOCS.glob("*.md") for name in modules.findall(page.read_text("utf-8"))
    }
    assert [name for name in sorted(named) if not (package / name).is_file()] == []
