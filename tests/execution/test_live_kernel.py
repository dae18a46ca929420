"""A kernel in which a person works: edits of code and texts reach its next cell."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jupyter_client.manager import start_new_kernel
from orchards import environment, plant, program

from critical_minerals.workspace.paths import RUN

OPENED = """\
from pathlib import Path
from critical_minerals.language import catalogue, entries
from critical_minerals.notebook import open_notebook
from drawings import words
entries.FOLDER = Path("texts").resolve()
nb = open_notebook("10_harvest", as_of="2025-12-31")
say = catalogue.say
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = plant(tmp_path)
    (root / "src" / "drawings.py").write_text("def words():\n    return 'old words'\n", "utf-8")
    for language in ("en", "fr"):
        (root / "notebooks" / "texts" / language).mkdir(parents=True)
        _texts(root, language).write_text(f"title = Old ({language})\n", "utf-8")
    return root


@pytest.fixture
def shown(root: Path) -> Iterator[Callable[[str], str]]:
    """Run a cell in the folder of the notebooks, as JupyterLab does; return what it shows."""
    given = {name: value for name, value in environment(root).items() if name != RUN}
    manager, client = start_new_kernel(cwd=str(root / "notebooks"), env=given)
    told: list[str] = []

    def hear(message: dict) -> None:
        content = message["content"]
        told.append(content.get("text") or content.get("data", {}).get("text/plain", ""))
        told.extend(content.get("traceback", []))

    def run(source: str) -> str:
        told.clear()
        client.execute_interactive(source, output_hook=hear, timeout=60)
        return "\n".join(told)

    yield run
    client.stop_channels()
    manager.shutdown_kernel(now=True)


def _texts(root: Path, language: str) -> Path:
    return root / "notebooks" / "texts" / language / "words.ftl"


def test_edited_code_and_texts_reach_the_next_cell(root: Path, shown: Callable[[str], str]):
    assert shown(OPENED).strip() == ""
    assert "old words" in shown("words()")
    assert "en  Old (en)\nfr  Old (fr)" in shown('say("title")')
    (root / "src" / "drawings.py").write_text("def words():\n    return 'newer words'\n", "utf-8")
    told = shown("words()")
    assert "newer words" in told
    assert "drawings" in told
    _texts(root, "fr").write_text("title = Nouveau\n", "utf-8")
    assert "en  Old (en)\nfr  Nouveau" in shown('say("title")')


@pytest.mark.slow
def test_a_table_that_is_missing_is_made_on_demand_or_it_is_told_why_not(
    root: Path, shown: Callable[[str], str]
):
    figures = root / "data" / "raw" / "harvest.csv"
    good = figures.read_text("utf-8")
    shown(OPENED)
    figures.write_text(good.replace("pear,2024,15", "plum,2024,15"), "utf-8")
    wrong = shown('nb.processed("harvest")')
    assert "StepError" in wrong
    assert "data/raw/harvest.csv, row 4, column fruit: found 'plum'" in wrong
    figures.write_text(good, "utf-8")
    told = shown('nb.processed("harvest")["picked_t"].sum()')
    assert "It is made: python pipeline.py --only harvest" in told
    assert "45" in told
    assert not (root / "reports" / "_output").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "papermill ../notebooks/10_harvest.ipynb run.ipynb -k python3",
        "jupyter-nbconvert --execute --to notebook --output-dir . ../notebooks/10_harvest.ipynb",
        "jupyter-execute ../notebooks/10_harvest.ipynb --output run",
    ],
    ids=lambda command: command.split()[0],
)
def test_other_programs_run_a_notebook_from_any_folder_and_make_a_draft(root: Path, command: str):
    name, *arguments = command.split()
    given = {name: value for name, value in environment(root).items() if name != RUN}
    path = str(Path(sys.executable).parent / name)
    done = program(root, path, *arguments, cwd=root / "data", env=given)
    assert done.returncode == 0, done.stderr
    made = [path for path in (root / "reports").glob("_*") if path.name != "_quarto.yml"]
    draft = root / "reports" / "_drafts" / "10_harvest" / "fr" / "10_harvest.json"
    assert json.loads(draft.read_text("utf-8"))["values"]["total"]["text"] == "45"
    assert sorted(path.name for path in made) == ["_drafts", "_generated"]
    assert [path.name for path in (root / "reports" / "_generated").iterdir()] == ["fonts"]
