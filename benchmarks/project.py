"""A copy of the project to measure on, the edits made to it, and the ways to make its report."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from measure import Command

PROJECT = Path(__file__).parents[1]
LEFT_OUT = shutil.ignore_patterns(
    ".*", "_output", "__pycache__", "*.egg-info", "build", "results", "tests"
)
_MADE = (".pipeline", "reports/_generated", "reports/_output", "data/processed")
_EXECUTED = "executed"

_ASSEMBLE = """
import pipeline
from pathlib import Path
from critical_minerals.execution.charts import draw_charts
from critical_minerals.project import ReportParameters
from critical_minerals.publish.figures import publish_figures
from critical_minerals.publish.partials import write_figure_partials
from critical_minerals.review.publishing import assemble, trace
from critical_minerals.workspace.paths import Workspace
here, notebooks, parameters = Workspace(Path.cwd()), pipeline.NOTEBOOKS, ReportParameters()
stored = (here.generated / "figures").glob("*.pickle")
files = {file: here.published("fr") / f"{file.stem}.json" for file in stored}
new = [
    file.stem for file, made in files.items()
    if not made.is_file() or made.stat().st_mtime < file.stat().st_mtime
]
publish_figures(here, new)
draw_charts(here)
write_figure_partials(here, new)
trace(here, notebooks, parameters, dict.fromkeys(notebooks, ""))
for language in parameters.languages:
    assemble(here, language, notebooks, parameters)
"""
_TYPESET = """
import sys
from pathlib import Path
from critical_minerals.report.renderers import choose
choose(sys.argv[1]).render(Path(sys.argv[2]), tuple(sys.argv[3].split(",")), Path(sys.argv[4]))
"""
_TYPESET_BRIEF = """
import sys
from pathlib import Path
from critical_minerals.report.renderers import choose
from critical_minerals.report.working_copy import working_copy
from critical_minerals.workspace.paths import Workspace
renderer, document, language, branch, name, formats = sys.argv[1:]
workspace = Workspace(Path.cwd()).on(branch)
with working_copy(workspace, Path(document).resolve(), language, name, {"links": []}) as copy:
    choose(renderer).render(copy, tuple(formats.split(",")), workspace.output)
"""
DOCUMENTS = ("progress-update", "rapport-d-etape", "annex", "annexe")
FORMATS = "html,pdf"
AWARDS = "data/raw/funding/awards.csv"


@dataclass
class Copy:
    """A copy of the project in a folder of its own; `renderer` typesets all its documents."""

    root: Path
    renderer: str
    edits: int = field(default=0, init=False)

    @classmethod
    def made(cls, root: Path, renderer: str) -> Self:
        """Copy the project into a folder, without what a run makes, and compile its code."""
        shutil.copytree(PROJECT, root, ignore=LEFT_OUT)
        (root / _EXECUTED).mkdir()
        copy = cls(root, renderer)
        copy.clean()
        copy.python("-m", "compileall", "-q", "src").run()
        return copy

    def python(self, *words: str, **environment: str) -> Command:
        """Run Python on the copy's own package."""
        known = [str(self.root / "src"), *filter(None, [os.environ.get("PYTHONPATH")])]
        path = {"PYTHONPATH": os.pathsep.join(known)}
        return Command((sys.executable, *words), self.root, path | environment)

    def clean(self) -> None:
        """Remove everything a run has made."""
        for name in _MADE:
            shutil.rmtree(self.root / name, ignore_errors=True)

    def pipeline(self, *options: str) -> Command:
        """Make the report as this project does."""
        return self.python("pipeline.py", *options, "--renderer", self.renderer)

    def papermill(self, notebook: str, *options: str, **environment: str) -> Command:
        """Run one notebook through papermill's own command line, in an ordinary kernel."""
        quiet = ("--no-progress-bar", "--cwd", "notebooks", "--kernel", "python3")
        files = (f"notebooks/{notebook}.ipynb", f"{_EXECUTED}/{notebook}.ipynb")
        run = {"CRITICAL_MINERALS_RUN": "report"} | environment  # by hand, it would be a draft
        return self.python("-m", "papermill", *files, *quiet, *options, **run)

    def assemble(self) -> Command:
        """Draw and bring together what the notebooks published, in a process of its own."""
        return self.python("-c", _ASSEMBLE)

    def typeset(self, document: str, formats: str = FORMATS) -> Command:
        """Typeset one document by the same renderer, in a process of its own."""
        words = (self.renderer, f"reports/{document}.qmd", formats, "reports/_output")
        return self.python("-c", _TYPESET, *words)

    def plain(self) -> list[Command]:
        """Make the report without this project's own execution: everything, one by one."""
        notebooks = [self.papermill(name) for name in self.notebooks()]
        return [*notebooks, self.assemble(), *(self.typeset(name) for name in DOCUMENTS)]

    def briefs(self, *options: str) -> Command:
        """Make briefs as this project does."""
        return self.python("pipeline.py", "briefs", *options, "--renderer", self.renderer)

    def forget_briefs(self) -> None:
        """Remove all briefs; the report stays."""
        for folder in ("_generated/briefs", "_generated/output/briefs", "_output/briefs"):
            shutil.rmtree(self.root / "reports" / folder, ignore_errors=True)

    def plain_brief(self, mineral: str) -> list[Command]:
        """Make one mineral's brief without this project's own execution."""
        branch = f"briefs/{mineral}"
        run = self.papermill(
            "80_mineral_brief", "-p", "mineral", mineral, CRITICAL_MINERALS_RUN=branch
        )
        documents = {"en": "mineral-brief", "fr": "fiche-minerale"}
        return [
            run,
            *(
                self.python(
                    "-c",
                    _TYPESET_BRIEF,
                    self.renderer,
                    f"reports/briefs/{document}.qmd",
                    language,
                    branch,
                    f"{document}-{mineral}",
                    FORMATS,
                )
                for language, document in documents.items()
            ),
        ]

    def touched_by(self, figures: str) -> list[str]:
        """Name the notebooks that read some raw figures, or tables made by one that does."""
        told = {name: self._manifest(name) for name in self.notebooks()}
        files, found = {figures}, list[str]()
        for name, manifest in told.items():
            if files & {*manifest["reads"]}:
                found.append(name)
                files |= {f"data/processed/{table}.parquet" for table in manifest["writes"]}
        return found

    def _manifest(self, notebook: str) -> dict[str, list[str]]:
        file = self.root / "reports" / "_generated" / "en" / f"{notebook}.json"
        return json.loads(file.read_text("utf-8"))

    def notebooks(self) -> tuple[str, ...]:
        """Name the notebooks in the order in which the report needs them."""
        told = subprocess.run(
            [sys.executable, "-c", "import pipeline; print(*pipeline.NOTEBOOKS)"],
            cwd=self.root,
            env={**os.environ, **self.python().environment},
            capture_output=True,
            encoding="utf-8",
            check=True,
        )
        return tuple(told.stdout.split())

    def edit_figure(self) -> None:
        """Change the amount of one award."""
        self._edit(
            AWARDS,
            r"^(bc_hydro_transmission,BC Hydro,,pdac_2026,)\d+",
            lambda found: f"{found[1]}{50_000_000 + self.edits * 100_000}",
        )

    def edit_chart(self) -> None:
        """Change the width of a chart, to one that it never had."""
        self._edit(
            "src/critical_minerals/charts/funding.py",
            r"^(_FULL_WIDTH: Final = )(\d+)",
            lambda found: f"{found[1]}{int(found[2]) - 1}",
        )

    def edit_chart_words(self) -> None:
        """Add a word to a figure's caption."""
        self._edit(
            "src/critical_minerals/language/texts/en/funding.ftl",
            r"^(fig-envelopes-caption = .*)$",
            lambda found: f"{found[1]} Again.",
        )

    def edit_sentence(self) -> None:
        """Add a word to the first paragraph of the English report."""
        self._edit(
            "reports/progress-update.qmd",
            r"^(\[Canada set out in 2022 .*)$",
            lambda found: f"{found[1]} Again.",
        )

    def _edit(self, file: str, pattern: str, new: Callable[[re.Match[str]], str]) -> None:
        self.edits += 1
        path = self.root / file
        before = path.read_text("utf-8")
        text, count = re.subn(pattern, new, before, count=1, flags=re.MULTILINE)
        if not count or text == before:
            msg = f"{file} has nothing like {pattern!r} to edit: tell benchmarks/project.py what."
            raise LookupError(msg)
        path.write_text(text, "utf-8")
