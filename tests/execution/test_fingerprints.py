"""What counts as a change."""

import ast
import json
import runpy
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.execution import fingerprints
from critical_minerals.execution.steps import Run, Step
from critical_minerals.language import entries
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.file_access import CODE, overlap
from critical_minerals.workspace.parameters import LANGUAGES
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]


def notebook(path: Path, *sources: str, **extra: object) -> Path:
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": []} | extra
        for source in sources
    ]
    path.write_text(json.dumps({"cells": cells, "metadata": {}, "nbformat": 4}), "utf-8")
    return path


def test_a_notebook_changes_with_its_code_not_with_its_outputs(tmp_path: Path):
    plain = fingerprints.of_notebook(notebook(tmp_path / "a.ipynb", "x = 1"))
    ran = notebook(tmp_path / "b.ipynb", "x = 1", execution_count=7, outputs=["text"])
    assert fingerprints.of_notebook(ran) == plain
    assert fingerprints.of_notebook(notebook(tmp_path / "c.ipynb", "x = 2")) != plain
    tagged = notebook(tmp_path / "e.ipynb", "x = 1", metadata={"tags": ["parameters"]})
    assert fingerprints.of_notebook(tagged) != plain
    assert fingerprints.of_notebook(notebook(tmp_path / "d.ipynb", "x =", " 1")) != plain


def test_a_file_counts_by_content_and_its_absence_counts_too(tmp_path: Path):
    one, same, other = (tmp_path / name for name in "abc")
    one.write_text("x")
    same.write_text("x")
    other.write_text("y")
    missing = fingerprints.of_file(tmp_path / "none")
    assert fingerprints.of_file(one) == fingerprints.of_file(same)
    assert len({fingerprints.of_file(one), fingerprints.of_file(other), missing}) == 3


def test_files_count_by_name_and_not_by_the_order_they_come_in(tmp_path: Path):
    paths = [tmp_path / "a", tmp_path / "b"]
    for path in paths:
        path.write_text(path.name)
    before = fingerprints.of_files(paths)
    assert fingerprints.of_files(reversed(paths)) == before
    paths[0].rename(tmp_path / "c")
    assert fingerprints.of_files([tmp_path / "c", paths[1]]) != before


@given(st.lists(st.binary(max_size=3), max_size=4), st.lists(st.binary(max_size=3), max_size=4))
def test_the_borders_between_parts_count(one: list[bytes], other: list[bytes]):
    same = fingerprints.of_bytes(*one) == fingerprints.of_bytes(*other)
    assert same is (one == other)


def parsed(source: str) -> set[str]:
    """Name the modules of the package that a source imports, by parsing all of it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom):
            names |= {str(node.module), *(f"{node.module}.{each.name}" for each in node.names)}
        elif isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
    return {name for name in names if name.split(".")[0] == fingerprints.PACKAGE}


@pytest.mark.parametrize("path", sorted((PROJECT / "src").rglob("*.py")), ids=lambda p: p.stem)
def test_no_import_of_the_package_is_overlooked(path: Path):
    source = path.read_text("utf-8")
    assert parsed(source) <= fingerprints.imported(source)


@pytest.mark.parametrize(
    "source",
    [
        "import critical_minerals.cli.commands, os\n",
        "def f():\n    from critical_minerals.cli.commands import (\n        a,  # (why)\n    )\n",
        "from critical_minerals import cli as other, errors\n",
        "import os\n",
    ],
)
def test_every_way_to_write_an_import_counts(source: str):
    assert fingerprints.imported(source) == parsed(source)


def in_another_process() -> None:
    """Forget what code this process has loaded, as one that starts knows none."""
    for known in (fingerprints._CODE, fingerprints._LOADED, fingerprints._IMPORTS):
        known.clear()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package in the place of ours, of which nothing is loaded."""
    (tmp_path / "__init__.py").touch()
    monkeypatch.setattr(fingerprints, "_SOURCE", tmp_path)
    in_another_process()
    return tmp_path


def test_code_counts_with_all_that_it_imports(package: Path):
    for name, text in {
        "used.py": "from critical_minerals import deeper\n",
        "deeper.py": "x = 1\n",
        "idle.py": "x = 1\n",
    }.items():
        (package / name).write_text(text)
    sources = ["%matplotlib inline\n!ls\nfrom critical_minerals.used import anything\n"]
    before = fingerprints.of_code(sources)
    (package / "idle.py").write_text("x = 2\n")
    in_another_process()
    assert fingerprints.of_code(sources) == before
    (package / "deeper.py").write_text("x = 2\n")
    in_another_process()
    assert fingerprints.of_code(sources) != before


def test_code_counts_as_the_process_that_runs_it_has_loaded_it(package: Path):
    (package / "used.py").write_text("x = 1\n")
    sources = ["import critical_minerals.used\n"]
    before = fingerprints.of_code(sources)
    (package / "used.py").write_text("x = 2\n")
    assert fingerprints.of_code(sources) == before
    with fingerprints.recording() as watched:
        fingerprints.of_code(sources)
    assert str(package / "used.py") in watched


def test_code_that_no_process_has_loaded_is_hashed_anew(package: Path):
    used, other = package / "used.py", package / "other.py"
    used.write_text("x = 1\n")
    other.write_text("x = 1\n")
    sources = ["import critical_minerals.used\nimport critical_minerals.other\n"]
    before = fingerprints.of_code(sources)
    other.write_text("x = 2\n")
    used.write_text("import critical_minerals.added\n")
    (package / "added.py").write_text("x = 1\n")
    fingerprints.forget_code([used])
    after = fingerprints.of_code(sources)
    assert after != before
    other.write_text("x = 1\n")
    in_another_process()
    # The other file counted as it was loaded, not as it has been edited since.
    assert fingerprints.of_code(sources) == after


def test_texts_count_one_by_one_without_comments(monkeypatch, tmp_path: Path):
    folder = tmp_path / "language" / "texts"
    for language in ("en", "fr"):
        (folder / language).mkdir(parents=True)
        (folder / language / "a.ftl").write_text("one = One\ntwo =\n    Two\n", "utf-8")
    monkeypatch.setattr(fingerprints, "_SOURCE", tmp_path)
    monkeypatch.setattr(entries, "FOLDER", folder)
    file = folder / "en" / "a.ftl"
    before = dict(fingerprints.single_texts())
    both = {f"texts/{language}#{key}" for language in LANGUAGES for key in ("one", "two")}
    assert {*before} == both
    assert before["texts/en#one"][1] == "texts/en/a"
    file.write_text("# A comment\none = One\ntwo =\n    Three\n", "utf-8")
    after = fingerprints.single_texts()
    assert [name for name in before if before[name] != after[name]] == ["texts/en#two"]
    (folder / "en" / "b.ftl").write_text("one = Once more\n", "utf-8")
    # A catalogue that cannot be read: whatever uses one of its texts runs, and says why.
    assert {*fingerprints.single_texts()} == {"texts/fr#one", "texts/fr#two"}


def test_code_counts_with_the_templates_of_a_package_that_it_imports(package: Path):
    template = package / "used" / "page.html.j2"
    template.parent.mkdir()
    template.write_text("<p>one</p>")
    (template.parent / "__init__.py").touch()
    before = fingerprints.of_code(["from critical_minerals.used import render\n"])
    template.write_text("<p>two</p>")
    in_another_process()
    assert fingerprints.of_code(["from critical_minerals.used import render\n"]) != before


@pytest.mark.parametrize("session", ["session", "brief"])
def test_a_notebook_rests_on_no_template_of_pages(session: str):
    source = f"from critical_minerals.notebook.{session} import anything\n"
    _, files = fingerprints._hash_modules(fingerprints.imported(source), fingerprints._SOURCE)
    assert any(Path(file).name == f"{session}.py" for file in files)
    # One of them a cell shows itself: a text in both languages.
    templates = [Path(file).name for file in files if file.endswith(".j2")]
    assert templates == ["localized.html.j2"]


@pytest.mark.parametrize(
    ("call", "figures"),
    [
        ('nb.figure("fig-a", draw)\nnb.figure(\n    "fig-b",\n    draw)', ["fig-a", "fig-b"]),
        ('for name in ("fig-a", "fig-b"):\n    nb.figure(name, draw)', ["fig-*"]),
        ('nb.figure(f"fig-{name}", draw)', ["fig-*"]),
        ('nb.value("v", 1)', []),
    ],
)
def test_a_notebook_publishes_the_figures_that_its_cells_name(
    tmp_path: Path, call: str, figures: list[str]
):
    path = tmp_path / "10_a.ipynb"
    cell = {"cell_type": "code", "id": "a", "source": call, "metadata": {}, "outputs": []}
    path.write_text(json.dumps({"cells": [cell | {"execution_count": None}], "nbformat": 4}))
    assert fingerprints.figures_of(path) == figures


def test_an_environment_counts_by_its_lock_and_by_the_python_that_runs_it(
    monkeypatch, tmp_path: Path
):
    lock, newer = tmp_path / "a.lock", tmp_path / "b.lock"
    lock.write_text("pandas==3.0\n")
    newer.write_text("pandas==3.1\n")
    before = fingerprints.of_environment(lock)
    assert fingerprints.of_environment(lock) == before
    assert fingerprints.of_environment(newer) != before
    monkeypatch.setattr(sys, "version", sys.version.replace(".", "9.", 1))
    assert fingerprints.of_environment(lock) != before


@pytest.mark.parametrize("value", [{"a": 1, "b": [2]}, {"b": [2], "a": 1}])
def test_parameters_count_whatever_their_order(value: dict):
    assert fingerprints.of_value(value) == fingerprints.of_value({"a": 1, "b": [2]})
    assert fingerprints.of_value(value) != fingerprints.of_value({"a": 1, "b": [3]})


def test_what_differs_is_named():
    assert fingerprints.changed({"a": "1", "b": "1"}, {"b": "2", "c": "1"}) == ["a", "b", "c"]
    assert fingerprints.changed({"a": "1"}, {"a": "1"}) == []


def every_step() -> list[Step]:
    """List the steps of the report, in every format."""
    steps = runpy.run_path(str(PROJECT / "pipeline.py"), run_name="pipeline")["steps"]
    return steps(Run(Workspace(PROJECT), ReportParameters(), ("html", "pdf", "docx"), "embedded"))


@pytest.mark.parametrize("step", every_step(), ids=lambda step: step.name)
def test_what_a_steps_values_rest_on_it_declares_or_no_step_does(step: Step):
    """Where only files were touched that steps declare, others are not decided again (`runner`)."""
    declared = (*step.inputs, *step.optional, *step.consults)
    theirs = [f for each in every_step() for f in (*each.inputs, *each.optional, *each.outputs)]
    theirs = [pattern for pattern in theirs if pattern != CODE]
    with fingerprints.recording() as watched:
        step.values()
    inside = [Path(path) for path in watched if Path(path).is_relative_to(PROJECT)]
    names = [path.relative_to(PROJECT).as_posix() for path in inside if path.is_file()]
    assert names
    for name in names:
        assert "/" not in name or overlap([name], declared) or not overlap([name], theirs), name
