"""Publish what the notebooks made: the lineage record, what editions include, pages and data.

Each function is the work of one step, on the files that the notebooks have written.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from critical_minerals.publish.assemble import assemble_edition, written_tables
from critical_minerals.publish.workbooks import workbooks
from critical_minerals.review.browse import write_browse_pages
from critical_minerals.review.changes import since_release, write_changes
from critical_minerals.review.changes_page import write_changes_pages
from critical_minerals.review.changes_section import since_last_update
from critical_minerals.review.checks_report import write_checks
from critical_minerals.review.lineage import gather, read_lineage, write_lineage
from critical_minerals.tables.package import describe, export
from critical_minerals.workspace.parameters import LANGUAGES, Language, Parameters, load_publication
from critical_minerals.workspace.paths import Workspace, write_whole


def trace(
    workspace: Workspace,
    notebooks: Sequence[str],
    parameters: Parameters,
    code: Mapping[str, str],
) -> None:
    """Describe the processed tables; write the lineage record and the changes since the release."""
    lineage = gather(workspace, notebooks, parameters, code)
    # A notebook writes the same tables in each language: the manifests of one are enough.
    tables = written_tables(workspace, parameters.languages[0], notebooks)
    describe(workspace, tables, lineage["sources"])
    write_lineage(workspace.record, lineage)
    # Last, since the comparison reads the description of the tables from disk.
    write_changes(workspace, lineage)


def assemble(
    workspace: Workspace, language: Language, notebooks: Sequence[str], parameters: Parameters
) -> None:
    """Write what the documents of one edition include: values, tables, notes, changes."""
    comparison = since_release(workspace)
    # Read once: the comparison holds the same record.
    lineage = comparison.after.lineage if comparison else read_lineage(workspace.record)
    publication = load_publication(workspace.root / "parameters.toml")
    changes = since_last_update(workspace, comparison, language)
    assemble_edition(workspace, language, notebooks, parameters, lineage, changes, publication)


def write_attachments(workspace: Workspace, notebooks: Sequence[str], language: Language) -> None:
    """Write the data files that the source notes link to: tables, workbooks, lineage."""
    lineage = read_lineage(workspace.record)
    publication = load_publication(workspace.root / "parameters.toml")
    books: dict[str, bytes] = {}
    for edition in LANGUAGES:
        books |= workbooks(workspace, edition, lineage, publication)
    deliver_data(workspace, written_tables(workspace, language, notebooks), books)


def changes(workspace: Workspace, languages: Sequence[Language]) -> None:
    """Write the pages that list every change since the last release."""
    write_changes_pages(workspace, since_release(workspace), languages)


def browse(workspace: Workspace, languages: Sequence[Language]) -> None:
    """Write the pages on which every figure and its history can be searched."""
    write_browse_pages(workspace, since_release(workspace), languages)


def checks(workspace: Workspace, languages: Sequence[Language], notebooks: Sequence[str]) -> None:
    """Write the report on checks of a run in which every step succeeded."""
    write_checks(workspace, notebooks, languages)


def deliver_data(
    workspace: Workspace, tables: Iterable[str], books: Mapping[str, bytes] | None = None
) -> list[Path]:
    """Write processed tables, their description, the lineage and the workflow into `data/`.

    `books` holds the content of the workbooks by file name. Every other file or folder in `data/`
    is removed. Returns the paths of all files written.
    """
    folder = workspace.output / "data"
    record, workflow = workspace.record, workspace.root / "pipeline.py"
    content = {file.name: file.read_bytes() for file in (record, workflow) if file.is_file()}
    content |= books or {}
    for name, data in content.items():
        write_whole(folder / name, data)
    targets = [*export(workspace, tables, folder), *(folder / name for name in content)]
    for entry in folder.glob("*"):
        # A link to a folder is unlinked: `rmtree` raises for it, and its target must stay.
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry not in targets:
            entry.unlink()
    return targets
