"""Write the pages of `docs/reference` from what they tell of: `python docs/reference.py`.

Tables are told by their descriptors, commands by the command line's own help, and a notebook's
functions by their docstrings. With `--check` nothing is written: the exit code says whether a page
is stale.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, Final

from typer.main import get_command

from critical_minerals import cleaning
from critical_minerals.cli.commands import command_line
from critical_minerals.language import naming, quantities, stated
from critical_minerals.language.catalogue import label, say
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.notebook.session import Notebook, open_notebook
from critical_minerals.project import wording
from critical_minerals.tables.descriptors import Column, Table, Tables
from critical_minerals.workspace.paths import Workspace, find_workspace, write_whole

FOLDER: Final = Path(__file__).parent / "reference"
_NOTE: Final = (
    "<!-- Made by `python docs/reference.py`, from {source}: edit that, not this page. -->"
)
_ANNOTATED: Final = re.compile(r"(: |-> )'([^']*)'")
"""An annotation as `inspect` writes it: in quotation marks."""
_QUANTITIES: Final = (
    quantities.Count,
    quantities.Money,
    quantities.Percent,
    quantities.Measure,
    quantities.Year,
    quantities.Date,
)
_WORDS: Final = (
    say,
    label,
    naming.worded,
    naming.name_of,
    naming.places_named,
    wording.minerals_named,
    wording.commodities_named,
    stated.in_words,
    stated.and_list,
)


def pages(workspace: Workspace) -> dict[str, str]:
    """Return the text of every page by its name."""
    return {
        "raw-tables.md": _raw_tables(workspace),
        "processed-tables.md": _processed_tables(workspace),
        "commands.md": _commands(workspace),
        "notebook.md": _notebook(),
        "cleaning.md": _cleaning(),
    }


def _raw_tables(workspace: Workspace) -> str:
    told = (
        "The tables that people edit, or that official files supply: `data/raw/<table>.csv`, each "
        "with its descriptor beside it. A column in bold has to be filled in every row; the key "
        "tells one row from another."
    )
    return _tables("Raw tables", told, Tables(workspace.raw), "data/raw", _raw_row)


def _processed_tables(workspace: Workspace) -> str:
    told = (
        "The tidy tables that the notebooks write: `data/processed/<table>.parquet` and `.csv`. A "
        "column in bold is filled in every row. Units stand in the names of columns; labels are "
        "those that readers see, in English and French."
    )
    return _tables("Processed tables", told, Tables(workspace.schemas), "data/schemas", _row)


def _tables(title: str, told: str, tables: Tables, folder: str, row: Any) -> str:
    source = f"the descriptors in {folder}"
    lines = [f"# {title}", "", _NOTE.format(source=source), "", told, ""]
    for name, table in sorted(tables.items()):
        lines += [*_head_of(name, table), *row(table), ""]
    return "\n".join(lines)


def _head_of(name: str, table: Table) -> Iterator[str]:
    yield f"## `{name}`"
    yield ""
    yield _prose(table.description)
    yield ""
    yield f"Key: {', '.join(f'`{column}`' for column in table.primary_key)}."
    for rule in table.rules:
        where = "".join(f", where `{k}` is {' or '.join(v)}" for k, v in rule.where.items())
        by = f" by {_coded(rule.by)}" if rule.by else ""
        yield f"Rule `{rule.rule}`: {_coded(rule.fields)}{by}{where}."
    yield ""


def _raw_row(table: Table) -> Iterator[str]:
    yield "| column | holds | unit | allowed | what it is |"
    yield "|---|---|---|---|---|"
    for column in table.fields:
        cells = (_kind(column), column.unit or "", _allowed(column), _prose(column.description))
        yield _line(_name(column), *cells)


def _row(table: Table) -> Iterator[str]:
    yield "| column | holds | unit | label | what it is |"
    yield "|---|---|---|---|---|"
    for column in table.fields:
        labels = " / ".join(dict.fromkeys(column.labels.values()))
        cells = (_kind(column), column.unit or "", labels, _prose(column.description))
        yield _line(_name(column), *cells)


def _name(column: Column) -> str:
    name = f"`{column.name}`"
    return f"**{name}**" if column.constraints.required else name


def _kind(column: Column) -> str:
    kind = column.kind.replace("_", " ")
    return f"list of {kind}s, parted by `{column.mark}`" if column.many else kind


def _allowed(column: Column) -> str:
    """Say what a cell may hold, beyond its kind."""
    rules, told = column.constraints, list[str]()
    if column.reference:
        told.append(f"ids of {column.reference.name}")
    if rules.enum:
        told.append(", ".join(rules.enum))
    bounds = (("at least", rules.minimum), ("at most", rules.maximum))
    told += [f"{words} {bound:g}" for words, bound in bounds if bound is not None]
    told += [f"up to {rules.max_length} characters"] if rules.max_length else []
    told += [f"`{rules.pattern}`"] if rules.pattern else []
    return "; ".join(told)


def _commands(workspace: Workspace) -> str:
    """Tell every command by the command line's own help."""
    every: Any = get_command(command_line(workspace.project))
    lines = ["# Commands", "", _NOTE.format(source="the command line's own help"), ""]
    lines += ["`python pipeline.py COMMAND`; without a command, `run` is meant.", ""]
    lines += [_prose(_plain(every.epilog)), ""]
    lines += ["With every command:", "", *_options(every), ""]
    for name, command in every.commands.items():
        if not command.hidden:
            lines += _command(name, command)
    return "\n".join(lines)


def _command(name: str, command: Any) -> Iterator[str]:
    about, _, examples = command.help.partition("[bold]Example")
    yield from (f"## `{name}`", "", _prose(about), "")
    lines = [line for line in examples.splitlines() if line.startswith("python ")]
    if lines:
        yield from ("```sh", *lines, "```", "")
    yield from _options(command)
    yield ""


def _options(command: Any) -> Iterator[str]:
    given = [each for each in command.params if each.name != "help"]
    if given:
        yield from ("| option | | what it does | without it |", "|---|---|---|---|")
    for each in given:
        argument = each.param_type_name == "argument"
        named = each.metavar or each.name.upper() if argument else ", ".join(each.opts)
        takes = "" if argument or each.is_flag else "repeatable" if each.multiple else "value"
        default = "" if each.default in (None, False) or callable(each.default) else each.default
        default = ",".join(default) if isinstance(default, list) else default
        default = "needed" if each.required else f"`{default}`" if default != "" else ""
        yield _line(f"`{named}`", takes, _prose(each.help or ""), default)


def _notebook() -> str:
    """Tell what a notebook can call."""
    title = "What a notebook can call"
    lines = [f"# {title}", "", _NOTE.format(source="the docstrings"), "", "## The session", ""]
    lines += _function(open_notebook, "###", prefix="")
    methods = [value for name, value in vars(Notebook).items() if _shown(name, value)]
    for each in methods:
        lines += _function(each, "###", prefix="nb.")
    lines += ["## Quantities", "", "What a value or a text can hold.", ""]
    for each in _QUANTITIES:
        lines += _function(each, "###", prefix="")
    lines += ["## Words", ""]
    for each in _WORDS:
        lines += _function(each, "###", prefix="")
    lines += ["## The lists of names", "", "`nb.vocabulary` holds the lists of names.", ""]
    for name, each in vars(Vocabulary).items():
        if _shown(name, each):
            lines += _function(each, "###", prefix="nb.vocabulary.")
    return "\n".join(lines)


def _cleaning() -> str:
    """Tell the steps on figures, module by module."""
    lines = ["# Steps on figures", "", _NOTE.format(source="the docstrings"), ""]
    for name in sorted(each.name for each in iter_modules(cleaning.__path__)):
        module = import_module(f"{cleaning.__name__}.{name}")
        lines += [f"## `{name}`", "", *_docstring(module)]
        for each in _public(module):
            lines += _function(each, "###", prefix="")
    return "\n".join(lines)


def _public(module: ModuleType) -> Iterable[Any]:
    """Return the functions and classes that a module itself offers."""
    own = (value for name, value in vars(module).items() if _shown(name, value))
    return [value for value in own if value.__module__ == module.__name__ and value.__doc__]


def _shown(name: str, value: object) -> bool:
    return not name.startswith("_") and (inspect.isfunction(value) or inspect.isclass(value))


def _function(of: Any, level: str, *, prefix: str) -> Iterator[str]:
    yield from (f"{level} `{prefix}{of.__name__}`", "")
    yield from ("```text", f"{prefix}{of.__name__}{_signature(of)}", "```", "")
    yield from _docstring(of)


def _signature(of: Any) -> str:
    """Write a signature; one that is long, a parameter a line."""
    signature = inspect.signature(of)
    given = [each for name, each in signature.parameters.items() if name != "self"]
    signature = signature.replace(parameters=given)
    if inspect.isclass(of):
        signature = signature.replace(return_annotation=inspect.Signature.empty)
    text = _ANNOTATED.sub(r"\1\2", str(signature))
    if len(text) <= 80 or not given:  # noqa: PLR2004 - what fits in a line of the page
        return text
    starred = any(each.kind is inspect.Parameter.KEYWORD_ONLY for each in given)
    variadic = any(each.kind is inspect.Parameter.VAR_POSITIONAL for each in given)
    lines, marked = list[str](), variadic
    for each in given:
        if starred and not marked and each.kind is inspect.Parameter.KEYWORD_ONLY:
            lines.append("*")
            marked = True
        lines.append(_ANNOTATED.sub(r"\1\2", str(each)))
    _, _, result = text.rpartition(") -> ")
    returned = f" -> {result}" if ") -> " in text else ""
    return "(\n" + "".join(f"    {line},\n" for line in lines) + f"){returned}"


def _docstring(of: Any) -> Iterator[str]:
    """Write a docstring: its prose, and its examples as they run in a console."""
    example = False
    for paragraph in inspect.cleandoc(of.__doc__ or "").split("\n\n"):
        if paragraph.startswith(">>>"):
            yield from ("```pycon", paragraph, "```", "")
            example = True
        elif paragraph.startswith(("|", "    ")):
            yield from (paragraph, "")
        else:
            yield from (paragraph if example else _prose(paragraph), "")


def _plain(text: str) -> str:
    return re.sub(r"\[/?[a-z]*\]", "", text)


def _prose(text: str) -> str:
    """Write prose on one line, as plain text of Markdown; what stands in code stays as it is."""
    parts = " ".join(_plain(text).split()).split("`")
    parts[::2] = [part.replace("<", "&lt;").replace("*", r"\*") for part in parts[::2]]
    return "`".join(parts).strip()


def _line(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _coded(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> int:
    """Write the pages, or with `--check` say which are stale."""
    made = pages(find_workspace(Path(__file__).parent))
    old = {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.md")}
    stale = sorted(name for name in {*made, *old} if made.get(name) != old.get(name))
    if "--check" in sys.argv[1:]:
        told = [f"docs/reference/{name} is stale: python docs/reference.py" for name in stale]
        sys.stdout.write("".join(f"{line}\n" for line in told))
        return int(bool(stale))
    for name, text in made.items():
        write_whole(FOLDER / name, text)
    for name in old.keys() - made.keys():
        (FOLDER / name).unlink()
    return 0


if __name__ == "__main__":
    sys.exit(main())
