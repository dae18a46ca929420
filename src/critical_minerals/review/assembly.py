"""What follows the notebooks: the lineage record, the parts of the editions, the pages beside them.

Each function is the work of one step, on what the notebooks have left.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from critical_minerals.parameters import LANGUAGES, Language, Parameters, load_publication
from critical_minerals.publish.assemble import assemble_edition, written
from critical_minerals.publish.workbooks import workbooks
from critical_minerals.review.browse import write_browse_pages
from critical_minerals.review.changes import since_release, write_changes
from critical_minerals.review.changes_page import write_changes_pages
from critical_minerals.review.changes_section import since_last_update
from critical_minerals.review.checks_report import write_checks
from critical_minerals.review.lineage import gather, read_lineage, write_lineage
from critical_minerals.tables.package import describe, export
from critical_minerals.workspace import Workspace, write_whole


def trace(
    workspace: Workspace,
    notebooks: Sequence[str],
    parameters: Parameters,
    code: Mapping[str, str],
) -> None:
    """Describe the processed tables; record where everything is from, and what changed of it."""
    lineage = gather(workspace, notebooks, parameters, code)
    tables = written(workspace, parameters.languages[0], notebooks)
    describe(workspace, tables, lineage["sources"])
    write_lineage(workspace.record, lineage)
    write_changes(workspace)


def assemble(
    workspace: Workspace, language: Language, notebooks: Sequence[str], parameters: Parameters
) -> None:
    """Write what the documents of one edition include: values, figures, tables, notes, changes."""
    lineage, comparison = read_lineage(workspace.record), since_release(workspace)
    publication = load_publication(workspace.root / "parameters.toml")
    section = since_last_update(workspace, comparison, language)
    told = (section.values, section.revised, {"tbl-changes.md": section.partial}, publication)
    assemble_edition(workspace, language, notebooks, parameters, lineage, *told)


def write_attachments(workspace: Workspace, notebooks: Sequence[str], language: Language) -> None:
    """Write the data which the notes lead to: tables, workbooks, lineage."""
    lineage = read_lineage(workspace.record)
    publication = load_publication(workspace.root / "parameters.toml")
    books: dict[str, bytes] = {}
    for each in LANGUAGES:
        books |= workbooks(workspace, each, lineage, publication)
    deliver_data(workspace, written(workspace, language, notebooks), books)


def changes(workspace: Workspace, languages: Sequence[Language]) -> None:
    """Write the pages that tell every change since the last release."""
    write_changes_pages(workspace, since_release(workspace), languages)


def browse(workspace: Workspace, languages: Sequence[Language]) -> None:
    """Write the pages on which every figure and its history can be searched."""
    write_browse_pages(workspace, since_release(workspace), languages)


def checks(workspace: Workspace, languages: Sequence[Language], notebooks: Sequence[str]) -> None:
    """Write the report on checks, of a run in which every step went well."""
    write_checks(workspace, notebooks, languages)


def deliver_data(
    workspace: Workspace, tables: Iterable[str], books: Mapping[str, bytes] | None = None
) -> list[Path]:
    """Write processed tables, their description, the lineage and the workflow into `data/`.

    `books` are the workbooks that lie there too, by file name. Whatever else lies there, file or
    folder, is removed.
    """
    folder = workspace.output / "data"
    record, workflow = workspace.record, workspace.root / "pipeline.py"
    content = {file.name: file.read_bytes() for file in (record, workflow) if file.is_file()}
    content |= books or {}
    for name, written_there in content.items():
        write_whole(folder / name, written_there)
    targets = [*export(workspace, tables, folder), *(folder / name for name in content)]
    for old in folder.glob("*"):
        if old.is_dir() and not old.is_symlink():
            shutil.rmtree(old)
        elif old not in targets:
            old.unlink()
    return targets
