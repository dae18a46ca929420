"""The notebooks as they are committed: without outputs, with typed parameters, telling a story."""

import ast
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from critical_minerals.project import ReportParameters

BRIEFS = {"80_mineral_brief": "mineral", "81_partner_brief": "partner"}
"""Notebooks of briefs, each with a parameter of its own."""
ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request: pytest.FixtureRequest) -> dict:
    return {**json.loads(request.param.read_text("utf-8")), "stem": request.param.stem}


def test_each_is_run_by_the_pipeline_or_makes_briefs():
    listed = runpy.run_path(str(ROOT / "pipeline.py"), run_name="pipeline")["NOTEBOOKS"]
    assert [path.stem for path in NOTEBOOKS] == sorted([*listed, *BRIEFS])


def test_it_is_committed_without_outputs(notebook: dict):
    """As git has it: in the folder it may well carry them, for git leaves them out."""
    path = f"notebooks/{notebook['stem']}.ipynb"
    known = subprocess.run(["git", "show", f":{path}"], cwd=ROOT, capture_output=True, check=False)
    cells = json.loads(known.stdout)["cells"] if known.returncode == 0 else notebook["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    found = [c["id"] for c in code if c["outputs"] or c["execution_count"] is not None]
    assert not found, (
        f"{path} carries outputs, such as those of {found[0]}. Let git leave them out: make setup, "
        f"then git add --renormalize {path}"
    )


def test_its_defaults_are_left_to_the_parameters_file(notebook: dict):
    tagged = [c for c in notebook["cells"] if "parameters" in c["metadata"].get("tags", [])]
    assert len(tagged) == 1
    tree = ast.parse("".join(tagged[0]["source"]))
    given = {
        node.targets[0].id: ast.literal_eval(node.value)
        for node in tree.body
        if isinstance(node, ast.Assign)
    }
    own = set(given) - set(ReportParameters.names())
    assert own == {name for stem, name in BRIEFS.items() if stem == notebook["stem"]}
    assert {name: given[name] for name in ReportParameters.names()} == dict.fromkeys(
        ReportParameters.names()
    )


def test_words_come_before_code_and_the_last_cell_finishes(notebook: dict):
    cells = notebook["cells"]
    assert cells[0]["cell_type"] == "markdown"
    assert "".join(cells[0]["source"]).startswith("# ")
    words = [c for c in cells if c["cell_type"] == "markdown"]
    assert len(words) >= 5
    assert "nb.finish()" in "".join(cells[-1]["source"])


def test_its_cells_have_ids_of_their_own(notebook: dict):
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(ids) == len(set(ids))


def names_in(cell: str) -> tuple[set[str], set[str]]:
    """Return the names that a cell binds, and those that it reads before it binds them."""
    bound: set[str] = set()
    read: set[str] = set()
    for statement in ast.parse(cell).body:
        inner = [n for n in ast.walk(statement) if isinstance(n, ast.FunctionDef | ast.Lambda)]
        own = {arg.arg for f in inner for arg in ast.walk(f.args) if isinstance(arg, ast.arg)}
        comprehended = [n.target for n in ast.walk(statement) if isinstance(n, ast.comprehension)]
        hidden = {
            id(n)
            for scope in (*inner, *comprehended)
            for n in ast.walk(scope)
            if scope is not statement
        }
        names = [n for n in ast.walk(statement) if isinstance(n, ast.Name)]
        own |= {n.id for target in comprehended for n in ast.walk(target) if hasattr(n, "id")}
        stored = {n.id for n in names if isinstance(n.ctx, ast.Store) and id(n) not in hidden}
        loaded = {n.id for n in names if isinstance(n.ctx, ast.Load)} - own
        if isinstance(statement, ast.FunctionDef):
            loaded -= stored
            stored = {statement.name}
        elif isinstance(statement, ast.If | ast.For):
            loaded -= stored
        read |= loaded - bound
        bound |= stored
    return bound, read


def test_a_cell_that_is_run_again_reads_what_it_read_before(notebook: dict):
    """No cell reads a name of another cell that a third one binds anew, or a later one.

    Parameters apart, which the cell that opens the notebook completes.
    """
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    begun = next(n for n, c in enumerate(cells) if "parameters" in c["metadata"].get("tags", []))
    names = [names_in("".join(cell["source"])) for cell in cells[begun + 2 :]]
    unsure = [
        (cells[begun + 2 + n]["id"], name)
        for n, (_, read) in enumerate(names)
        for name in sorted(read)
        if len([at for at, (bound, _) in enumerate(names) if name in bound and at != n]) > 1
        or any(name in bound for bound, _ in names[n:])
    ]
    assert unsure == []


UNKNOWN = ("reportArgumentType", "reportAttributeAccessIssue", "reportPossiblyUnboundVariable")
"""Rules that say more of the stubs of pandas than of a notebook, whose cells follow each other."""


def test_names_and_calls_are_those_that_the_type_checker_knows(tmp_path: Path):
    for path in NOTEBOOKS:
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        (tmp_path / f"notebook_{path.stem}.py").write_text("\n\n".join(code), "utf-8")
    settings = {
        "typeCheckingMode": "standard",
        "extraPaths": [str(ROOT / "src")],
        **dict.fromkeys(UNKNOWN, "none"),
    }
    (tmp_path / "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False)
    told = json.loads(done.stdout)
    assert told["summary"]["filesAnalyzed"] == len(NOTEBOOKS)
    errors = [each for each in told["generalDiagnostics"] if each["severity"] == "error"]
    assert not errors, "\n".join(
        f"{Path(each['file']).stem}, line {each['range']['start']['line'] + 1} of its code: "
        f"{each['message']}"
        for each in errors
    )
