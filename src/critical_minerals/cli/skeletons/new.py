"""Write the skeleton of a topic, a figure or a source, each part in its place, in both languages.

What is a person's to say is marked `FILL IN`, and no run begins before that is replaced
(`placeholders.py`). Files that are there are added to, and nothing in them is replaced.
"""

from __future__ import annotations

import ast
import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import nbformat
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from critical_minerals.cli.skeletons.placeholders import MARK
from critical_minerals.errors import UsageError, hint
from critical_minerals.execution.fingerprints import tables_of
from critical_minerals.tables.descriptors import Column, Table, Tables
from critical_minerals.workspace.notebook_file import read_notebook
from critical_minerals.workspace.parameters import LANGUAGES, Language
from critical_minerals.workspace.paths import DESCRIPTOR, Workspace, read_text, write_whole

_FOLDER: Final = Path(__file__).parent
_TOPIC: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_FIGURE: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_SOURCE: Final = re.compile(r"[A-Za-z0-9]+([_-][A-Za-z0-9]+)*")
_NOTEBOOK_LIST: Final = re.compile(r"^NOTEBOOKS = \(\n(?:    \"[^\"\n]+\",\n)*", re.MULTILINE)
_CHARTS: Final = re.compile(r"^(\w+) = nb\.charts\(\"(\w+)\"\)", re.MULTILINE)
_CELL: Final = re.compile(r"^# %% (?P<kind>markdown|code) (?P<id>[\w-]+)\n", re.MULTILINE)
_HEADING: Final = "## "
_METADATA: Final[Mapping[str, Any]] = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}
_COLUMNS_TO_FILL: Final = ("title", "publisher", "url", "published", "terms", "tier")


@dataclass(frozen=True)
class Skeleton:
    """Whole files to write, by path. Nothing is written before all of it is known."""

    workspace: Workspace
    files: dict[Path, str] = field(default_factory=dict[Path, str])

    def text(self, path: Path) -> str:
        """Return a file as it will be, or as it is; empty for a missing file."""
        if path in self.files:
            return self.files[path]
        return path.read_text("utf-8") if path.is_file() else ""

    def create(self, path: Path, text: str) -> None:
        """Add a file. Raises `UsageError` where one of its name is there."""
        # Checked as the skeleton is put together, before any file is written.
        if path.exists():
            msg = f"{self.workspace.relative(path)} is there already. Choose another name."
            raise UsageError(msg)
        self.files[path] = text

    def append(self, path: Path, text: str) -> None:
        """Add to the end of a file, which may be new."""
        before = self.text(path)
        with_newline = before if not before or before.endswith("\n") else f"{before}\n"
        self.files[path] = with_newline + text

    def write(self) -> list[str]:
        """Write everything; name the files."""
        for path, text in self.files.items():
            write_whole(path, text)
        return [self.workspace.relative(path) for path in self.files]


def new_source(workspace: Workspace, name: str) -> Skeleton:
    """Add a row to the list of sources. Raises `UsageError` for an id that is taken or cannot be.

    The columns of it that every source needs are to be filled in.
    """
    _check_name(name, _SOURCE, "WORLD_REPORT_2027")
    skeleton, file = Skeleton(workspace), workspace.raw / "sources.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines)
        columns = [*(table.fieldnames or ())]
        if name in {row.get("source_id") for row in table}:
            msg = f"There is a source {name} already, in {workspace.relative(file)}."
            raise UsageError(msg)
    known = Tables(workspace.raw)["sources"]
    row = {
        each: f"{MARK}: {_column_hint(known, each)}" for each in _COLUMNS_TO_FILL if each in columns
    }
    out = io.StringIO()
    csv.DictWriter(out, columns, lineterminator="\n").writerow({"source_id": name, **row})
    skeleton.append(file, out.getvalue())
    return skeleton


def new_topic(workspace: Workspace, name: str, notebooks: Sequence[str]) -> Skeleton:
    """Add a topic: raw and processed table, notebook, chart, texts, and a section of the annex.

    `notebooks` are those of the report. Raises `UsageError` for a name that is taken or cannot be.
    """
    _check_name(name, _TOPIC, "recycling")
    notebook = f"{_number(workspace, notebooks)}_{name}"
    package = workspace.project.module.partition(".")[0]
    names = {
        "topic": name,
        "slug": name.replace("_", "-"),
        "title": name.replace("_", " ").capitalize(),
        "notebook": notebook,
        "package": package,
        "parameters": workspace.project.parameters.names(),
        "mark": MARK,
    }
    skeleton, code = Skeleton(workspace), workspace.root / "src" / package
    file = _serialize(new_notebook(cells=_cells("topic", names), metadata=_METADATA))
    skeleton.create(workspace.notebooks / f"{notebook}.ipynb", file)
    skeleton.create(workspace.raw / name / f"{name}.csv", _render("topic-raw.csv", names))
    skeleton.create(workspace.raw / name / f"{name}{DESCRIPTOR}", _render("topic-raw.yaml", names))
    skeleton.create(
        workspace.schemas / f"{name}{DESCRIPTOR}", _render("topic-processed.yaml", names)
    )
    skeleton.append(
        workspace.raw / "descriptions.fr.yml", _render("topic-descriptions.fr.yml", names)
    )
    skeleton.create(code / "charts" / f"{name}.py", _render("topic-charts.py", names))
    for language in LANGUAGES:
        texts = code / "language" / "texts" / language / f"{name}.ftl"
        skeleton.create(texts, _render(f"topic-texts.{language}.ftl", names))
        pages = _pages(workspace, language, names["slug"])
        section_names = {**names, "language": language, "pages": pages}
        _insert_section(skeleton, language, _render("topic-section.qmd", section_names))
    _list_notebook(skeleton, notebook)
    return skeleton


def _pages(workspace: Workspace, language: Language, slug: object) -> list[str]:
    """Name the page that a new chapter of the annex becomes, and that of its twin."""
    stems = workspace.project.last.stems
    return [f"{stems[each]}-{slug}" for each in sorted(LANGUAGES, key=lambda e: e != language)]


def new_figure(workspace: Workspace, name: str, notebook: str, table: str) -> Skeleton:
    """Add a figure of a table that a notebook saves: function, cell, texts, and its place.

    Raises `UsageError` for a name that is taken or cannot be, and for a notebook or table that is
    not there.
    """
    _check_name(name, _FIGURE, "exploration-share")
    path = workspace.notebooks / f"{notebook}.ipynb"
    if not path.is_file():
        known = sorted(each.stem for each in workspace.notebooks.glob("*.ipynb"))
        msg = f"--topic: there is no notebook {notebook!r}. {hint(notebook, known)}"
        raise UsageError(msg)
    saved = tables_of(path)[1]
    if table not in saved:
        msg = f"--table: {notebook} saves no table {table!r}. {hint(table, saved)}"
        raise UsageError(msg)
    # Through `whole`, so that cells of older programs have the same ids as in a run.
    content = nbformat.reads(json.dumps(read_notebook(path)), 4)
    source = "\n".join(cell.source for cell in content.cells)
    if not (charts := _CHARTS.search(source)):
        topic = notebook.partition("_")[2] or notebook
        msg = f'{notebook} names no module of charts. Write: charts = nb.charts("{topic}")'
        raise UsageError(msg)
    package = workspace.project.module.partition(".")[0]
    code = workspace.root / "src" / package
    module = code / "charts" / f"{charts[2]}.py"
    function = name.replace("-", "_")
    if re.search(rf"^def {function}\(", module.read_text("utf-8"), re.MULTILINE):
        msg = f"{workspace.relative(module)} has a function {function} already. Choose another."
        raise UsageError(msg)
    names = {
        "slug": name,
        "function": function,
        "charts": charts[1],
        "table": table,
        "mark": MARK,
        **_choose_columns(workspace, Tables(workspace.schemas)[table]),
    }
    skeleton = Skeleton(workspace)
    position = _insert_position(content.cells)
    content.cells[position:position] = _cells("figure", names)
    skeleton.files[path] = _serialize(content)
    skeleton.files[module] = _with_imports(skeleton, module, package)
    skeleton.append(module, _render("figure-charts.py", names))
    topic = notebook.partition("_")[2] or notebook
    for language in LANGUAGES:
        texts = code / "language" / "texts" / language / f"{topic}.ftl"
        skeleton.append(texts, "\n" + _render(f"figure-texts.{language}.ftl", names))
        included = f"{{{{< include _generated/{language}/fig-{name}.md >}}}}\n"
        _insert_section(skeleton, language, included)
    return skeleton


def _with_imports(skeleton: Skeleton, module: Path, package: str) -> str:
    """Return a module of charts with the imports that the function of a new figure needs."""
    text = skeleton.text(module)
    wanted = {
        "theme": f"{package}.charts",
        "nothing_public": f"{package}.charts.blank",
        "Edition": f"{package}.publish.edition",
    }
    for name, source in wanted.items():
        try:
            statements = ast.parse(text).body
        except SyntaxError as error:
            file = skeleton.workspace.relative(module)
            msg = f"{file} cannot be read as Python, line {error.lineno}: {error.msg}."
            raise UsageError(msg) from None
        imports = [each for each in statements if isinstance(each, ast.ImportFrom)]
        if any(name == (alias.asname or alias.name) for each in imports for alias in each.names):
            continue
        # In the order of names, as the linter has it.
        following = (
            each.lineno - 1
            for each in imports
            if (each.module or "").startswith(f"{package}.") and (each.module or "") > source
        )
        position = next(following, max((each.end_lineno or 0 for each in imports), default=0))
        lines = text.splitlines(keepends=True)
        lines.insert(position, f"from {source} import {name}\n")
        text = "".join(lines)
    return text


def _check_name(name: str, pattern: re.Pattern[str], example: str) -> None:
    if not pattern.fullmatch(name):
        msg = f"{name!r} cannot be its name. One that can is {example}."
        raise UsageError(msg)


def _number(workspace: Workspace, notebooks: Sequence[str]) -> int:
    """Return the number of a new notebook: the next ten that is free, or else the next number."""
    stems = [path.stem for path in workspace.notebooks.glob("*.ipynb")]
    taken = {int(match[0]) for each in stems if (match := re.match(r"\d+", each))}
    listed = [int(match[0]) for each in notebooks if (match := re.match(r"\d+", each))]
    last = max(listed, default=0)
    # Up to the next number that is taken: notebooks behind the report, such as those of the briefs,
    # keep their place at the end.
    ahead = min((number for number in taken if number > last), default=last + 11)
    free = [number for number in range(last + 1, ahead) if number not in taken]
    # Tens leave room for notebooks between two chapters.
    return next((number for number in free if number % 10 == 0), free[0] if free else last + 1)


def _list_notebook(skeleton: Skeleton, notebook: str) -> None:
    """Name a notebook in `pipeline.py`. Raises `UsageError` where its list cannot be found."""
    path = skeleton.workspace.root / "pipeline.py"
    text = skeleton.text(path)
    if not (match := _NOTEBOOK_LIST.search(text)):
        msg = 'pipeline.py has no list NOTEBOOKS = (\n    "10_…",\n…), to which a topic is added.'
        raise UsageError(msg)
    skeleton.files[path] = f'{text[: match.end()]}    "{notebook}",\n{text[match.end() :]}'


def _insert_section(skeleton: Skeleton, language: Any, text: str) -> None:
    """Insert text into a document: before the section that the project names, else at its end."""
    workspace = skeleton.workspace
    anchor = f"{{#{workspace.project.new_before}}}"
    documents = workspace.documents(language)
    path = next((each for each in documents if anchor in read_text(each)), documents[-1])
    lines = skeleton.text(path).splitlines(keepends=True)
    headings = [
        position
        for position, line in enumerate(lines)
        if line.startswith(_HEADING) and anchor in line
    ]
    position = headings[0] if headings else len(lines)
    before, after = lines[:position], lines[position:]
    gap = [] if not before or before[-1] == "\n" else ["\n"]
    skeleton.files[path] = "".join([*before, *gap, text, "\n", *after])


def _choose_columns(workspace: Workspace, table: Table) -> Mapping[str, Any]:
    """Choose what the skeleton of a chart shows of a table: a bar for each row of its key."""
    figures = [
        column
        for column in table.fields
        # A year is a number as well, and no figure to draw.
        if column.kind in {"number", "integer"}
        and column.unit != "year"
        and column.name not in table.primary_key
    ]
    if not figures:
        msg = f"--table: {table.name} has no column of figures to draw."
        raise UsageError(msg)
    key_column = table.field(table.primary_key[0])
    figure = figures[0].name
    is_amount = figures[0].unit == workspace.project.parameters.base()
    expression = f'edition.amounts(frame, "{figure}")' if is_amount else f'frame["{figure}"]'
    columns = [*dict.fromkeys([*table.primary_key, figure])]
    return {
        "names": _names_expression(workspace, key_column),
        "figure": expression,
        "columns": columns,
        "show": [name for name in columns if table.field(name).labels],
    }


def _names_expression(workspace: Workspace, column: Column) -> str:
    """Write the expression that turns the values of a column into names."""
    cells = f'frame["{column.name}"]'
    if column.reference and not column.many:
        lists = workspace.project.lists.items()
        list_name = next((k for k, v in lists if v.table == column.reference.resource), "")
        if list_name:
            return f'edition.named({cells}, "{list_name}")'
    return (
        f'edition.labelled({cells}, "{column.texts}")' if column.texts else f"{cells}.astype(str)"
    )


def _column_hint(table: Table, column: str) -> str:
    """Describe what a column wants: its codes, or its description in small letters."""
    known = table.field(column)
    if known.constraints.enum:
        return " or ".join(known.constraints.enum)
    return known.description.rstrip(".").lower()


def _cells(template: str, names: Mapping[str, Any]) -> list[NotebookNode]:
    """Render cells, each below a line `# %% markdown id` or `# %% code id`."""
    text = _render(f"{template}-notebook.py", names)
    starts = [*_CELL.finditer(text)]
    ends = [*(each.start() for each in starts[1:]), len(text)]
    return [
        _cell(each["kind"], each["id"], text[each.end() : end].strip("\n"))
        for each, end in zip(starts, ends, strict=True)
    ]


def _cell(kind: str, identifier: str, source: str) -> NotebookNode:
    if kind == "markdown":
        # A template of a notebook is plain Python: prose stands in it as comments.
        text = re.sub(r"^# ?", "", source, flags=re.MULTILINE)
        return new_markdown_cell(text, id=identifier)
    metadata = {"tags": ["parameters"]} if identifier == "parameters" else {}
    return new_code_cell(source, id=identifier, metadata=metadata)


def _serialize(notebook: NotebookNode) -> str:
    return nbformat.writes(notebook) + "\n"


def _insert_position(cells: Sequence[NotebookNode]) -> int:
    """Find where a cell goes in: before the one that finishes, and the text above that."""
    position = next((n for n, cell in enumerate(cells) if "nb.finish()" in cell.source), len(cells))
    return position - 1 if position and cells[position - 1].cell_type == "markdown" else position


def _render(template: str, names: Mapping[str, Any]) -> str:
    return _environment().get_template(f"{template}.j2").render(names)


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701 - code and prose, by a person's own names; nothing is HTML
        loader=FileSystemLoader(_FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # The ordinary marks belong to the languages that are written here.
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
    )
