"""The cell in which a notebook takes its parameters: the one that is tagged `parameters`.

Papermill puts the values of a run into a cell after it. Where nothing is tagged it puts them at the
top, and the notebook's own values, further down, win in silence; a value under a name that no cell
uses is not heeded either. Both are refused here, since the report would tell of a day that it is
not of.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from critical_minerals.errors import StepError, UsageError, hint
from critical_minerals.workspace.notebook_file import notebook_label, read_cells
from critical_minerals.workspace.parameters import Parameters, parse_parameters

_TAG: Final = "parameters"
_HOW_TO_TAG: Final = "in JupyterLab: Property Inspector > Cell Tags"


def parameter_names(notebook: Path) -> list[str]:
    """Name the parameters that a notebook takes.

    Raises `StepError` unless exactly one code cell is tagged.
    """
    return [*_assignments(_find_parameters_cell(notebook)[1])]


def check_parameters_cell(notebook: Path, given: Iterable[str], kind: type[Parameters]) -> None:
    """Fail unless a notebook takes the parameters given to it.

    Raises `StepError` that names the notebook and the cell.
    """
    place, source = _find_parameters_cell(notebook)
    assignments = _assignments(source)
    if missing := [name for name in given if name not in assignments]:
        msg = (
            f"{place} does not take the parameter {missing[0]!r}. Add the line: {missing[0]} = None"
        )
        raise StepError(msg)
    try:
        # Defaults are parsed as given parameters are, so that a wrong one fails here by name and
        # not somewhere in the notebook.
        defaults = {name: assignments.get(name) for name in kind.names()}
        parse_parameters({n: v for n, v in defaults.items() if v is not None}, kind)
    except UsageError as error:
        msg = f"{place} has a default that cannot be. {error}"
        raise StepError(msg) from error


def check_injected(notebook: Path, injected: str) -> None:
    """Reject parameters that papermill put into a running notebook and that nothing in it uses.

    `injected` is the source of papermill's cell. Raises `UsageError` that names each, with the
    nearest name; `StepError` where no cell is tagged.
    """
    # Nothing is injected where a person runs the notebook.
    if not injected or not notebook.is_file():
        return
    known = parameter_names(notebook)
    unknown = [name for name in _assignments(injected) if name not in known]
    if unknown:
        lines = [
            f"{notebook_label(notebook)} takes no {name!r}. {hint(name, known)}" for name in unknown
        ]
        raise UsageError("\n".join(lines))


def _find_parameters_cell(notebook: Path) -> tuple[str, str]:
    """Return the one tagged cell: how people find it, and its source."""
    code = {
        f"cell {number} ({cell['id']})": cell
        for number, cell in enumerate(read_cells(notebook), start=1)
        if cell["cell_type"] == "code"
    }
    tagged = [place for place, cell in code.items() if _TAG in cell["metadata"].get("tags", [])]
    if not tagged:
        first = next(iter(code), "its first code cell")
        msg = f"{notebook_label(notebook)}: no cell is tagged {_TAG}. Tag {first} {_HOW_TO_TAG}."
        raise StepError(msg)
    # Papermill would put its values after the first one, and the second would undo them.
    if len(tagged) > 1:
        cells = " and ".join(tagged)
        label = notebook_label(notebook)
        msg = f"{label}: {cells} are tagged {_TAG}. Leave the tag to one, {_HOW_TO_TAG}."
        raise StepError(msg)
    place, source = f"{notebook_label(notebook)}, {tagged[0]},", "".join(code[tagged[0]]["source"])
    try:
        ast.parse(source)
    except SyntaxError as error:
        msg = f"{place} is no plain Python: {error}. Keep only lines such as currency = None in it."
        raise StepError(msg) from error
    return place, source


def _assignments(source: str) -> Mapping[str, Any]:
    """Return the names that a cell assigns, with their values.

    A computed value counts as missing: only the kernel can tell what it is.
    """
    assignments: dict[str, Any] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            assignments |= dict.fromkeys(names, _literal(node.value))
    return assignments


def _literal(value: ast.expr | None) -> Any:
    try:
        return None if value is None else ast.literal_eval(value)
    except ValueError:
        return None
