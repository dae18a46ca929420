"""What a report says of itself to the machinery: documents, lists of names, parameters, briefs.

A project names its own in `pyproject.toml`, as `module:name`, and everything that runs on it, in
whatever process, finds it there (`project_of`):

    [tool.report]
    project = "critical_minerals.project:PROJECT"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from pkgutil import resolve_name
from typing import Any

from critical_minerals.errors import UsageError
from critical_minerals.workspace.parameters import Parameters


@dataclass(frozen=True)
class Document:
    """A document of the report.

    `name` is its id, `stems` are its file names by language, without their ending; `formats` are
    those in which it is made (`html`, `pdf`, `docx`), whichever of them a run is asked for.
    """

    name: str
    stems: Mapping[str, str]
    formats: tuple[str, ...]

    def page(self, language: str) -> str:
        """Name its page."""
        return f"{self.stems[language]}.html"


@dataclass(frozen=True)
class NameList:
    """A raw table that gives ids their names.

    `table` is its name, `key` the column of its ids. Their names stand in `name_en` and `name_fr`,
    or in the one column `name`; `short` begins the names of the columns of shorter ones, such as
    acronyms, and `one` those of the columns of what one alone is called. A `common` noun is written
    small within a sentence.
    """

    table: str
    key: str
    name: str = ""
    short: str = ""
    one: str = ""
    common: bool = False

    def name_column(self, language: str) -> str:
        """Name the column of its names in a language."""
        return self.name or f"name_{language}"


@dataclass(frozen=True)
class BriefKind:
    """A kind of brief: a notebook, the parameter that says what it is about, its documents.

    `documents` are paths by language. `subjects` names the function that lists what there can be a
    brief about, given the workspace; `help` says of the command's option what it takes, `example`
    is one.
    """

    notebook: str
    parameter: str
    documents: Mapping[str, str]
    subjects: str
    help: str
    example: str


@dataclass(frozen=True)
class Namesake:
    """A file whose rows could be taken for those of something else, since both share a name.

    Its first line begins with `header`, and no cell of it says what it is about: its rows are added
    by a mapping alone. `of` is a list of names; none of its ids whose rows have the cells of
    `other` can be meant. `shared` is what both are called; `expected` and `remedy` tell people.
    """

    header: tuple[str, ...]
    shared: str
    of: str
    other: Mapping[str, str]
    expected: str
    remedy: str


@dataclass(frozen=True)
class Way:
    """How a number is computed from cells of official files, so that a script can do it again.

    `form` is one of those of `review/reproduce.py`; `across` are the parts of a raw row's key along
    which the cells of one series differ. Of shares, `across` is one part of the key, and `totals`
    are its values in the rows of the whole and of the rest that is no part of its own.
    """

    form: str
    across: tuple[str, ...]
    totals: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Project:
    """All that is particular to one report.

    `name`, `title` and `license` (of SPDX's list) stand in what is handed on; the first of
    `documents` is read first and led back to, the last has what the others leave out. `lists` are
    the lists of names, by what they name. `brief_groups` are the headings under which briefs are
    listed, in their order. `first_sources` are the documents with which the list of sources begins.
    `namesakes` are files that people could add as what they are not. `row_texts` are the columns of
    raw tables, without their language, that say in words what a row is about, the most specific
    first; `row_list` is the list of names whose id is put before it.
    `charts` is the package of the modules that draw, `theme` names the function that makes a chart
    a specification, `glossary` the one that reads what the glossary explains, `briefs_index` the
    one that says what the list of briefs shows of each. `ways` say how values (`name`) and columns
    of processed tables (`table.column`) are computed that are no single cell.
    """

    name: str = "report"
    title: str = "Report"
    license: str = ""
    documents: tuple[Document, ...] = ()
    lists: Mapping[str, NameList] = field(default_factory=dict[str, NameList])
    parameters: type[Parameters] = Parameters
    briefs: tuple[BriefKind, ...] = ()
    brief_groups: tuple[str, ...] = ()
    first_sources: tuple[str, ...] = ()
    namesakes: tuple[Namesake, ...] = ()
    row_texts: tuple[str, ...] = ("label", "measure", "title", "name")
    row_list: str = ""
    charts: str = ""
    theme: str = ""
    glossary: str = ""
    briefs_index: str = ""
    ways: Mapping[str, Way] = field(default_factory=dict[str, Way])
    new_before: str = ""
    """The anchor of the section before which `pipeline.py new` puts what is new."""
    module: str = ""
    """The module that declares it: what it says changes what is made."""

    @property
    def license_page(self) -> str:
        """The page of its licence in SPDX's list; empty where it states none."""
        return self.license and f"https://spdx.org/licenses/{self.license}"

    @property
    def first(self) -> Document:
        """The document that is read first."""
        return self.documents[0]

    @property
    def last(self) -> Document:
        """The document with what the others leave out, such as notes and the list of sources."""
        return self.documents[-1]

    def chart_module(self, name: str) -> str:
        """Return the full name of a module of charts."""
        return f"{self.charts}.{name}" if self.charts else name

    def list_of(self, table: str) -> NameList | None:
        """Return the list of names that a raw table holds, if it holds one."""
        return next((each for each in self.lists.values() if each.table == table), None)

    def resolved(self, name: str) -> Any:
        """Return the function that one of its fields names as `module:function`."""
        return resolve_name(getattr(self, name))


@cache
def project_of(root: Path) -> Project:
    """Return what the project in a folder declares; one that declares nothing is plain.

    Raises `UsageError` where `pyproject.toml` cannot be read or names what is not there.
    """
    file = root / "pyproject.toml"
    try:
        content = tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
        reference = content.get("tool", {}).get("report", {}).get("project")
        return resolve_name(reference) if reference else Project()
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        msg = f"{file.name} cannot be read: {error}"
        raise UsageError(msg) from error
    # What `resolve_name` raises for a wrong module, a wrong name, and a text that is neither.
    except (ImportError, AttributeError, ValueError) as error:
        msg = f"{file.name}: [tool.report] names a project that cannot be loaded: {error}"
        raise UsageError(msg) from error
