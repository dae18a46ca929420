"""The same number of steps in pytask, doit and Snakemake, with nothing to do."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from measure import Command
from project import PROJECT

_DOCUMENTS = ("en-html", "en-pdf", "fr-html", "fr-pdf")
_LAST = ("changes", "attachments", *_DOCUMENTS)
PEERS = ("doit", "pytask", "snakemake")


@dataclass(frozen=True)
class Task:
    """One step: a file it makes, from files that are there and files of other steps."""

    name: str
    needs: tuple[str, ...]

    @property
    def output(self) -> str:
        """Name the file that the step makes."""
        return f"made/{self.name}.txt"


def install(folder: Path) -> Path:
    """Install the peers into an environment of their own; return its programs' folder."""
    print("  installing doit, pytask and Snakemake into an environment of their own", flush=True)
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    programs = folder / ("Scripts" if sys.platform == "win32" else "bin")
    wanted = (PROJECT / "benchmarks" / "peers.txt").read_text("utf-8").split()
    command = [str(programs / "python"), "-m", "pip", "install", "--quiet", *wanted]
    subprocess.run(command, check=True, capture_output=True)
    return programs


def versions(programs: Path) -> dict[str, str]:
    """Return the version of each peer."""
    site = next((programs.parent).glob("lib*/python*/site-packages"), programs.parent / "Lib")
    found = {dist.name.lower(): dist.version for dist in metadata.distributions(path=[str(site)])}
    return {name: found[name] for name in PEERS}


def tasks(notebooks: tuple[str, ...], figures: list[str]) -> list[Task]:
    """Lay out as many steps as this project has, in the same order."""
    check, fonts = Task("check", tuple(figures)), Task("fonts", ())
    theme = Task("theme", (fonts.output,))
    told = [Task(n, (f"{n}.ipynb", check.output, fonts.output)) for n in notebooks]
    joined = [Task(name, tuple(task.output for task in told)) for name in ("charts", "trace")]
    both = tuple(task.output for task in joined)
    after = [Task(name, both) for name in ("assemble", "changes", "attachments")]
    before = (after[0].output, theme.output)
    documents = [Task(name, (f"{name[:2]}.qmd", *before)) for name in _DOCUMENTS]
    return [check, fonts, *told, theme, *joined, *after, *documents]


def lay_out(folder: Path, notebooks: tuple[str, ...], programs: Path) -> dict[str, Command]:
    """Write the same steps for each peer, each in a folder; return the commands that run them."""
    raw = [path for path in (PROJECT / "data" / "raw").rglob("*") if path.is_file()]
    figures = {f"figure-{number}.csv": path.read_bytes() for number, path in enumerate(raw)}
    steps = tasks(notebooks, [*figures])
    needed = {need for step in steps for need in step.needs if not need.startswith("made/")}
    files = {name: name.encode() for name in needed} | figures
    ways = {
        "doit": ("dodo.py", _for_doit, ()),
        "pytask": ("task_all.py", _for_pytask, ("build",)),
        "snakemake": ("Snakefile", _for_snakemake, ("--cores", "2")),
    }
    commands: dict[str, Command] = {}
    for name, (file, write, words) in ways.items():
        place = folder / name
        (place / "made").mkdir(parents=True)
        for path, content in {**files, file: write(steps).encode()}.items():
            (place / path).write_bytes(content)
        commands[name] = Command((str(programs / name), *words), place)
    return commands


def _for_doit(steps: list[Task]) -> str:
    listed = [(step.name, list(step.needs), step.output) for step in steps]
    return f'''"""The steps for doit."""
from pathlib import Path

STEPS = {listed!r}


def make(output):
    Path(output).write_text(output)


def task_step():
    for name, needs, output in STEPS:
        yield {{
            "name": name,
            "actions": [(make, [output])],
            "file_dep": needs,
            "targets": [output],
            "uptodate": [True],
        }}
'''


def _for_pytask(steps: list[Task]) -> str:
    listed = [(step.name, list(step.needs), step.output) for step in steps]
    return f'''"""The steps for pytask."""
from pathlib import Path
from typing import Annotated

from pytask import Product, task

HERE = Path(__file__).parent
STEPS = {listed!r}

for name, needs, output in STEPS:

    @task(id=name)
    def task_step(
        needs: list[Path] = [HERE / need for need in needs],
        output: Annotated[Path, Product] = HERE / output,
    ) -> None:
        output.write_text(output.name)
'''


def _for_snakemake(steps: list[Task]) -> str:
    last = [step.output for step in steps if step.name in _LAST]
    rules = [f"rule all:\n    input: {last!r}\n"]
    for step in steps:
        name = "step_" + step.name.replace("-", "_")
        inputs = f"    input: {list(step.needs)!r}\n" if step.needs else ""
        rules.append(
            f"rule {name}:\n{inputs}    output: {step.output!r}\n"
            f"    run:\n        open(output[0], 'w').write(output[0])\n"
        )
    return "\n".join(rules)
