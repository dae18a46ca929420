"""Assemble what the notebooks published: named values, glossary, notes and list of sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Date, write, write_date
from critical_minerals.publish.lists import (
    SourceUsage,
    contents_partial,
    source_documents,
    sources_partial,
    trails,
)
from critical_minerals.publish.notes import Note, Notes, number_notes
from critical_minerals.publish.partials import line_name, table_partials
from critical_minerals.publish.provenance import lineage_line
from critical_minerals.publish.sources import (
    LETTER,
    Lineage,
    Record,
    source_anchor,
    source_records,
)
from critical_minerals.raw.store import RawStore
from critical_minerals.report.context import day_metadata
from critical_minerals.report.escaping import escape
from critical_minerals.report.references import References, read_references
from critical_minerals.report.yaml_text import dump_yaml
from critical_minerals.workspace.parameters import LANGUAGES, Language, Parameters, Publication
from critical_minerals.workspace.paths import BROWSE, CHANGES, CHECKS, Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored

Manifest = Mapping[str, Any]
_SOURCES_FILE = "sources.csv"


class Glossary(Protocol):
    """The glossary of a project (`Project.glossary`)."""

    @property
    def sources(self) -> Sequence[str]:
        """The sources of its rows."""
        ...

    def partial(self, language: Language, records: Mapping[str, Record]) -> str:
        """Return its table in one language; `records` are those of sources by id."""
        ...


_KINDS = ("values", "figures", "tables")


@dataclass(frozen=True)
class Changes:
    """The report's section on changes since the last release, in one language.

    `partial` is Markdown for the document, `texts` are named values for it, `revised` holds the
    former texts of revised values by name.
    """

    partial: str = ""
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    revised: Mapping[str, str] = field(default_factory=dict[str, str])


def assemble_edition(
    workspace: Workspace,
    language: Language,
    notebooks: Sequence[str],
    parameters: Parameters,
    lineage: Lineage,
    changes: Changes | None = None,
    publication: Publication | None = None,
) -> None:
    """Write what one edition includes: values, tables, sources, notes; remove the rest.

    Figures are composed where they are drawn (`partials.write_figure_partials`).

    `lineage` is the provenance record of everything published, `publication` who makes the report.

    Raises `StepError` when two notebooks publish under one name, or one has not published yet.
    """
    folder = workspace.published(language)
    manifests = [_read_manifest(folder / f"{name}.json") for name in notebooks]
    _check_unique_names(manifests)
    store = RawStore(workspace)
    glossary = _read_glossary(workspace, store, parameters.as_of)
    sources = store.read("sources", parameters.as_of)
    not_public = _not_public(lineage, sources, parameters.as_of)
    public = _restrict_to_day(lineage, not_public)
    changes = changes or Changes()
    # Before there is a release to compare with, the part on changes has no table to refer to.
    absent = [] if "#tbl-changes" in changes.partial else ["tbl-changes"]
    references = read_references(*workspace.documents(language)).without([*not_public, *absent])
    annex = workspace.project.last.page(language)
    anchors = {*references.cited} - {*not_public}
    cited = {source for source in sources["source_id"] if source_anchor(source) in anchors}
    # Also what only saved tables are based on: others read them, and some sources ask to be named.
    source_ids = {*lineage["sources"]} - _listed_only(lineage, not_public)
    glossary_sources = frozenset(glossary.sources if glossary else ())
    source_ids |= glossary_sources | cited
    used_sources = sources[sources["source_id"].isin(source_ids)]
    by_id = source_records(used_sources, among=sources)
    numbered = _number_all_notes(workspace, lineage)
    texts = workspace.project.row_texts
    notes = Notes(lineage, numbered, language, changes.revised, texts)
    linked = {
        name: notes.value(name, entry["text"])
        for manifest in manifests
        for name, entry in manifest.get("values", {}).items()
    }
    run_values = _run_values(manifests, used_sources, language, parameters)
    # `Notes.value` has escaped the others.
    plain = {name: escape(text) for name, text in {**run_values, **changes.texts}.items()}
    content = {
        **day_metadata(parameters.as_of.isoformat(), language),
        "not-public": not_public,
        # Links name the document: filters lead them to the page that has the anchor.
        "pages": {
            name: page for name, page in references.pages.items() if page in references.chapters
        },
        # Links to the list of sources name a work by its year; filters add the letter.
        "letters": {
            source_anchor(source): by_id[source][LETTER]
            for source in sorted(cited)
            if by_id[source][LETTER]
        },
        **_publication_metadata(publication or Publication(), language),
        "v": dict(sorted((linked | plain).items())),
    }
    write_whole(folder / "values.yml", dump_yaml(content))
    source_usage = SourceUsage(
        lineage, notes.notes, references, annex, glossary_sources, frozenset(cited)
    )
    partials = {
        **table_partials(
            folder, language, workbook=f"data/{workspace.project.last.stems[language]}"
        ),
        **_source_lines(public, language),
        **({"tbl-glossary.md": glossary.partial(language, by_id)} if glossary else {}),
        "source-documents.md": source_documents(by_id, workspace.project.first_sources, language),
        "tbl-sources.md": sources_partial(by_id, source_usage, language),
        "notes.md": notes.partial(references, annex),
        **_notes_of_documents(workspace, notes, references, language),
        "trails.md": trails(public, references, annex, language),
        "contents.md": contents_partial(
            lineage, references, annex, _related_pages(language), language
        ),
        "tbl-changes.md": changes.partial,
        # Documents include them; there is nothing to show.
        **{f"{name}.md": "" for name in not_public if name.startswith("tbl-")},
    }
    for name, text in partials.items():
        write_whole(folder / name, text)
    # A partial of a table that is published no longer must not be included unnoticed.
    for old in folder.glob("*.md"):
        if old.name not in partials and not old.name.startswith("fig-"):
            old.unlink()


def _read_glossary(workspace: Workspace, store: RawStore, day: dt.date) -> Glossary | None:
    """Read the glossary as of a day, if the project has one."""
    project = workspace.project
    return project.resolved("glossary")(store, day) if project.glossary else None


def _not_public(lineage: Lineage, sources: pd.DataFrame, day: dt.date) -> list[str]:
    """Name what was not yet public on a day; documents leave out sentences that use it.

    These are values, figures and tables without raw rows, and sources (by their anchors) that were
    published later; of those that state a month or a year alone, the month or year counts.
    """
    named_entries = [
        entry for entries in lineage["published"].values() for entry in entries.items()
    ]
    without_rows = [name for name, entry in named_entries if not entry["origins"]]
    dated = sources.dropna(subset=["published"])
    published_later = [
        source_anchor(str(name))
        for name, published in zip(dated["source_id"], dated["published"], strict=True)
        if str(published) > day.isoformat()[: len(str(published))]
    ]
    return sorted([*without_rows, *published_later])


def _listed_only(lineage: Lineage, not_public: Collection[str]) -> set[str]:
    """Name the sources of later days from which no raw row is: they are only listed as sources."""
    rows = lineage["rows"].items()
    # A row of the list of sources describes a source: no figure is taken from it.
    supporting = {row["source_id"] for origin, row in rows if f"/{_SOURCES_FILE}:" not in origin}
    supporting |= {
        correction["source_id"] for _, row in rows for correction in row.get("corrections", [])
    }
    return {
        source
        for source in lineage["sources"]
        if source not in supporting and source_anchor(source) in not_public
    }


def _restrict_to_day(lineage: Lineage, not_public: Collection[str]) -> Lineage:
    """Exclude from figures and tables the sources that were published after the report's day.

    A fact of an earlier day may have been read in a later document: its note names it. Where all
    sources are later, they stay, and the filter of the document hides the line of sources.
    """

    def restrict(entry: dict[str, Any]) -> dict[str, Any]:
        earlier = [source for source in entry["sources"] if source_anchor(source) not in not_public]
        return entry | {"sources": earlier or entry["sources"]}

    published = {
        kind: {name: restrict(entry) for name, entry in entries.items()}
        for kind, entries in lineage["published"].items()
    }
    return {**lineage, "published": published}


def _publication_metadata(
    publication: Publication, language: Language
) -> dict[str, dict[str, str]]:
    """Return the metadata on who makes the report, without fields that are not set."""
    day = publication.next_update
    texts = {
        "made-by": escape(publication.made_by),
        "contact": escape(publication.contact),
        "next-update": escape(write_date(day, language)) if day else "",
    }
    stated = {name: text for name, text in texts.items() if text}
    return {"publication": stated} if stated else {}


def _related_pages(language: Language) -> dict[str, str]:
    """Return the titles of the pages about the report itself, by their address."""
    return {
        f"{CHECKS[language]}.html": label("contents-checks", language),
        CHANGES[language]: label("contents-changes", language),
        BROWSE[language]: label("browse-title", language),
    }


def _notes_of_documents(
    workspace: Workspace, notes: Notes, references: References, language: Language
) -> dict[str, str]:
    """Compose the notes of each document before the annex, by file name."""
    return {
        f"notes-{document.name}.md": notes.partial(
            references,
            document.page(language),
            annex=references.page("src") or workspace.project.last.page(language),
            stated=read_references(workspace.document(language, document)).stated,
        )
        for document in workspace.project.documents[:-1]
    }


def _number_all_notes(workspace: Workspace, lineage: Lineage) -> Sequence[Note]:
    """Assign numbers to notes, the same in all editions, as documents state the values."""
    # Of all languages: the documents of one edition alone could give other numbers.
    stated = [read_references(*workspace.documents(language)).stated for language in LANGUAGES]
    return number_notes([name for names in stated for name in names], lineage)


def _source_lines(lineage: Lineage, language: Language) -> dict[str, str]:
    """Compose the line of sources and lineage of every figure and table."""
    published = lineage["published"]
    return {
        line_name(name): lineage_line(entry, lineage, language)
        for name, entry in (published["figures"] | published["tables"]).items()
    }


def written_tables(workspace: Workspace, language: Language, notebooks: Sequence[str]) -> list[str]:
    """List the processed tables that the notebooks wrote."""
    folder = workspace.published(language)
    return [
        table for name in notebooks for table in _read_manifest(folder / f"{name}.json")["writes"]
    ]


def _read_manifest(path: Path) -> Manifest:
    """Read the manifest of what one notebook published.

    Raises `StepError` where it has not published yet.
    """
    manifest = read_stored(path, {"files": [str], "writes": [str]})
    if manifest is None:
        msg = f"Notebook {path.stem} has not published anything yet. Run it first."
        raise StepError(msg)
    return manifest


def _check_unique_names(manifests: Sequence[Manifest]) -> None:
    """Raise `StepError` where two notebooks publish under one name."""
    owners: dict[str, str] = {}
    for manifest in manifests:
        owner = manifest["notebook"]
        for name in [name for kind in _KINDS for name in manifest.get(kind, {})]:
            if owners.setdefault(name, owner) != owner:
                msg = f"{name!r} is published by {owners[name]} and {owner}. Rename one."
                raise StepError(msg)


def _run_values(
    manifests: Sequence[Manifest], sources: pd.DataFrame, language: Language, parameters: Parameters
) -> dict[str, str]:
    """Return the values that describe the run itself: its day, and counts of what it published."""
    counts = {
        f"count_{kind}": str(sum(len(manifest.get(kind, {})) for manifest in manifests))
        for kind in _KINDS
    }
    counts["count_sources"] = str(len(sources))
    return counts | {"as_of": write(Date(parameters.as_of.isoformat()), language)}
