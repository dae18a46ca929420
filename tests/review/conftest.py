"""The real notebooks on a workspace's own figures, run in this process and without drawing."""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from critical_minerals.notebook.session import Notebook
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
Run = Callable[..., None]


@pytest.fixture
def run_notebook(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return what runs one of the project's notebooks; `edits` replace words in its cells."""
    monkeypatch.setattr(Notebook, "figure", lambda *_, **__: None)
    monkeypatch.chdir(workspace.notebooks)

    def run(name: str, *edits: tuple[str, str], **parameters: object) -> None:
        sources = list(_cells(name))
        for old, new in edits:
            assert sum(old in source for source in sources) == 1, old
            sources = [source.replace(old, new) for source in sources]
        space = {"__name__": name}
        for source in sources:
            exec(compile(source, name, "exec"), space)  # noqa: S102 - the project's own cells
            if source.startswith("as_of ="):
                space |= {"languages": ["en"]} | parameters

    return run


def _cells(name: str) -> Iterator[str]:
    notebook = json.loads((PROJECT / "notebooks" / f"{name}.ipynb").read_text("utf-8"))
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            yield "".join(cell["source"])


@pytest.fixture(autouse=True)
def _no_shell() -> Iterator[None]:
    """Keep a shell of IPython that another test has left from naming cells."""
    shell = sys.modules.pop("IPython", None)
    yield
    if shell:
        sys.modules["IPython"] = shell
