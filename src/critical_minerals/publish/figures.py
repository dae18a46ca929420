"""A figure as a notebook publishes it, and the file that is made of it in each language.

The notebooks of the report store their figures, and a step for each makes its files: an edit of a
chart's code, or of the words around it, then does not run the notebook again. Drafts and briefs
make them at once, by the same functions.
"""

from __future__ import annotations

import json
import pickle
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import altair as alt
import pandas as pd
from altair.utils.schemapi import debug_mode

from critical_minerals.errors import StepError, UsageError, describe, hint
from critical_minerals.language.catalogue import Text, check_words
from critical_minerals.language.quantities import show_in
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.publish.drawing import drawable
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.fields import check_fields
from critical_minerals.tables.descriptors import Column
from critical_minerals.tables.lineage import marks
from critical_minerals.tables.processed import to_csv
from critical_minerals.workspace.notebook_file import read_cells
from critical_minerals.workspace.parameters import Language
from critical_minerals.workspace.paths import Workspace, write_whole

Draw = Callable[[pd.DataFrame, Edition], alt.TopLevelMixin]
Theme = Callable[..., dict[str, Any]]
"""Makes a specification of a chart in a language, as `charts.theme.themed` does."""
Specs = Mapping[str, dict[str, Any]]
"""Specifications of a figure in one language: `spec`, and `narrow` where a phone has another."""
_NOTEBOOK: Final = b"__main__"
"""The module of what a notebook's cells define, as it is stored."""
_MACHINERY: Final = frozenset({"publish", "language"})
"""Packages whose lines only pass on to the code of a chart, or complain of what it asks for."""


@dataclass(frozen=True)
class ChartFunction:
    """A function that draws, by its module and name: the module is imported where it draws."""

    module: str
    name: str

    def __call__(self, *arguments: Any, **options: Any) -> alt.TopLevelMixin:
        """Draw. Raises `UsageError` with the nearest name where there is no such function."""
        module = import_module(self.module)
        if not hasattr(module, self.name):
            raise _no_function(module, self.name)
        return getattr(module, self.name)(*arguments, **options)

    @property
    def __name__(self) -> str:
        return self.name


class Charts:
    """The functions of a module that draw, each as a `ChartFunction`."""

    def __init__(self, module: str, *, check: bool) -> None:
        self._module, self._check = module, check

    def __getattr__(self, name: str) -> ChartFunction:
        # Python itself asks for names such as `__deepcopy__`.
        if name.startswith("_"):
            raise AttributeError(name)
        # Not in a run: there the notebook does not depend on the module, nor on what it has.
        if self._check and not callable(getattr(import_module(self._module), name, None)):
            raise AttributeError(str(_no_function(import_module(self._module), name)))
        return ChartFunction(self._module, name)

    def __dir__(self) -> list[str]:
        """List its functions, for completion at the keyboard."""
        return _functions(import_module(self._module))


@dataclass(frozen=True)
class Figure:
    """A figure as a notebook publishes it: how it is drawn, of which rows, and its words.

    `drawn` are its specifications by language, where the notebook has drawn it already. `notebook`
    and `cell` say where it is published.
    """

    identifier: str
    draw: Draw | None
    data: pd.DataFrame
    show: Sequence[Column]
    texts: Mapping[str, Text]
    notebook: str = ""
    cell: str = ""
    drawn: Mapping[Language, Specs] | None = None

    def make(self, edition: Edition, theme: Theme, *, validate: bool) -> dict[str, Any]:
        """Return what its file holds in one language.

        A chart that is different on a phone (`Edition.narrow`) is there in both forms. One that
        is based on no raw row is not `public` yet.
        """
        check_words(self.identifier, edition.language, self.texts)
        texts = {name: text(edition.language) for name, text in self.texts.items()}
        texts["caption"] = edition.captioned(texts["caption"], self.data, self.show)
        columns = self.data[[edition.localized_column(column.name) for column in self.show]]
        # Computed data would show the noise of floating point to those who download them.
        csv = to_csv(columns, rounded=True)
        content = {**texts, **format_cells(edition, self.data, self.show), "csv": csv}
        if not any(marks(self.data["origin"])):
            content["public"] = False
        return {**content, **self.specs(edition, theme, validate=validate)}

    def specs(self, edition: Edition, theme: Theme, *, validate: bool) -> Specs:
        """Draw it in one language, unless the notebook has done so.

        Altair validates the specification against the schema of Vega-Lite, unless `validate` is
        false: editions differ in words, so that a chart that is valid in the first is in all.
        """
        if self.drawn is not None:
            return self.drawn[edition.language]
        forms = {"spec": edition, "narrow": replace(edition, narrow=True)}
        specs = {form: self._spec(each, theme, validate=validate) for form, each in forms.items()}
        # The same on a phone: it is stored, drawn and embedded once.
        if specs["narrow"] == specs["spec"]:
            del specs["narrow"]
        return specs

    def stored(self, editions: Sequence[Edition], theme: Theme) -> bytes:
        """Return it with the editions as bytes, so that `publish_figures` can make its files.

        What a cell itself draws, by a function of its own, is drawn now: elsewhere there is no such
        function. Words of such functions are written now, too.
        """
        languages: list[Language] = [edition.language for edition in editions]
        figure = replace(
            self, texts={name: text.settled(languages) for name, text in self.texts.items()}
        )
        if not _can_be_called_later(self.draw):
            drawn = {
                edition.language: self.specs(edition, theme, validate=edition is editions[0])
                for edition in editions
            }
            figure = replace(figure, draw=None, drawn=drawn)
        # Without what the vocabulary has worked out meanwhile.
        fresh = [
            replace(each, vocabulary=Vocabulary(each.vocabulary.frames, each.vocabulary.lists))
            for each in editions
        ]
        return pickle.dumps((figure, fresh))

    def _spec(self, edition: Edition, theme: Theme, *, validate: bool) -> dict[str, Any]:
        assert self.draw is not None  # noqa: S101 - else it is drawn already
        # Altair also validates while a chart is built: once suffices there, too.
        with debug_mode(validate):
            chart = self._draw_checked(self.draw, edition)
        spec = drawable(theme(chart, edition.language, validate=validate))
        check_fields(spec, self.identifier)
        return spec

    def _draw_checked(self, draw: Callable[..., object], edition: Edition) -> alt.TopLevelMixin:
        chart = draw(self.data, edition)
        if not isinstance(chart, alt.TopLevelMixin):
            raise _no_chart(self.identifier, draw, chart)
        return chart


def publish_figures(workspace: Workspace, names: Iterable[str]) -> None:
    """Make the files of stored figures, `fig-x.json`, in every language; `names` may be patterns.

    Raises `StepError` that names the notebook's cell, and what is wrong.
    """
    theme = workspace.project.resolved("theme")
    for name in names:
        pattern = workspace.stored_figure(name)
        for path in sorted(pattern.parent.glob(pattern.name)):
            figure, editions = _load(path)
            show_in(editions[0].shown.currency)
            for edition in editions:
                try:
                    content = figure.make(edition, theme, validate=edition is editions[0])
                except Exception as error:
                    raise _failure(workspace, figure, error) from error
                target = workspace.published(edition.language) / f"{figure.identifier}.json"
                write_whole(target, as_json(content))


def _load(file: Path) -> tuple[Figure, Sequence[Edition]]:
    try:
        return pickle.loads(file.read_bytes())  # noqa: S301 - a notebook's own
    # It names classes and functions by their modules, which may have been renamed since.
    except (pickle.UnpicklingError, ImportError, AttributeError, EOFError) as error:
        msg = f"{file.stem}, as its notebook has stored it, cannot be read: {error}. Run it again."
        raise StepError(msg) from error


def as_json(content: Mapping[str, Any]) -> str:
    """Write what a file of a figure or table holds."""
    # NaN is no JSON; `drawable` has replaced it in charts.
    return json.dumps(content, ensure_ascii=False, allow_nan=False) + "\n"


def format_cells(edition: Edition, data: pd.DataFrame, show: Sequence[Column]) -> dict[str, Any]:
    """Return header and cells of a table for readers, and which columns are numeric."""
    cells = edition.cells(data, show)
    return {
        "header": [*cells.columns],
        "cells": cells.to_numpy().tolist(),
        # A year is no quantity.
        "numeric": [
            column.kind in {"number", "integer"} and column.unit != "year" for column in show
        ],
    }


def _can_be_called_later(draw: Draw | None) -> bool:
    """Check that a function and what it is given beforehand are there in another process too."""
    if not isinstance(_innermost(draw), ChartFunction):
        return False
    try:
        return _NOTEBOOK not in pickle.dumps(draw)
    except Exception:  # noqa: BLE001 - whatever an object raises that cannot be stored
        return False


def _innermost(draw: Callable[..., object] | None) -> Callable[..., object] | None:
    """Return the function that draws, without the arguments it is given beforehand."""
    while isinstance(draw, partial):
        draw = draw.func
    return draw


def _no_chart(identifier: str, draw: Callable[..., object], returned: object) -> UsageError:
    name = getattr(_innermost(draw), "__name__", "draw")
    msg = f"{name}, which draws {identifier}, returned {describe(returned)}; expected a chart."
    return UsageError(f"{msg} Does it end with return?" if returned is None else msg)


def _no_function(module: ModuleType, name: str) -> UsageError:
    functions = _functions(module)
    return UsageError(f"{module.__name__} has no function {name!r}. {hint(name, functions)}")


def _functions(module: ModuleType) -> list[str]:
    """Name what a module offers for drawing: its own functions, not those that it imports."""
    public = {name: each for name, each in vars(module).items() if not name.startswith("_")}
    return [
        name for name, each in public.items() if getattr(each, "__module__", "") == module.__name__
    ]


def _failure(workspace: Workspace, figure: Figure, error: Exception) -> StepError:
    """Describe a figure that could not be made: its cell, what is wrong, and the line of code."""
    frames = traceback.extract_tb(error.__traceback__)
    root = workspace.root.resolve()
    # The innermost line of the project's own charts; what follows is often that of a library.
    own = [
        f"in {path.relative_to(root).as_posix()}, line {frame.lineno} ({frame.name})"
        for frame in frames
        if (path := Path(frame.filename).resolve()).is_relative_to(root / "src")
        and path.parent.name not in _MACHINERY
    ]
    place = _cell_place(workspace, figure)
    kind = type(error).__name__
    return StepError("\n  ".join([f"{place}: {figure.identifier}: {kind}: {error}", *own[-1:]]))


def _cell_place(workspace: Workspace, figure: Figure) -> str:
    """Name the cell that published a figure, by its number and id."""
    notebook = workspace.notebooks / f"{figure.notebook}.ipynb"
    place = workspace.relative(notebook)
    ids = [cell["id"] for cell in read_cells(notebook)] if notebook.is_file() else []
    if figure.cell not in ids:
        return place
    return f"{place}, cell {ids.index(figure.cell) + 1} ({figure.cell})"
