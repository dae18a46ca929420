"""Bring together what the notebooks published: named values, glossary and list of sources."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from critical_minerals.errors import StepError
from critical_minerals.language.catalogue import label
from critical_minerals.language.quantities import Date, write, write_date
from critical_minerals.parameters import LANGUAGES, Language, Parameters, Publication
from critical_minerals.publish.bibliography import Taking, source_documents, sources_partial
from critical_minerals.publish.contents import contents_partial
from critical_minerals.publish.lines import lineage_line, trails
from critical_minerals.publish.notes import Notes
from critical_minerals.publish.numbering import Note, number_notes
from critical_minerals.publish.partials import line_name, shown_partials
from critical_minerals.publish.reliability import Lineage
from critical_minerals.publish.sources import LETTER, Record, source_anchor, source_records
from critical_minerals.raw.store import RawStore
from critical_minerals.report.context import day_metadata
from critical_minerals.report.escaping import escape
from critical_minerals.report.references import References, read_references
from critical_minerals.report.yaml_text import dump_yaml
from critical_minerals.workspace import BROWSE, CHANGES, CHECKS, Workspace, write_whole

Manifest = Mapping[str, Any]
_LIST = "sources.csv"


class Glossary(Protocol):
    """The words that a project explains (`Project.glossary`)."""

    @property
    def sources(self) -> Sequence[str]:
        """The sources of its rows."""
        ...

    def partial(self, language: Language, records: Mapping[str, Record]) -> str:
        """Compose its table in one language; `records` of sources are by id."""
        ...


_KINDS = ("values", "figures", "tables")


def assemble_edition(
    workspace: Workspace,
    language: Language,
    notebooks: Sequence[str],
    parameters: Parameters,
    lineage: Lineage,
    also: Mapping[str, str] | None = None,
    revised: Mapping[str, str] | None = None,
    parts: Mapping[str, str] | None = None,
    publication: Publication | None = None,
) -> None:
    """Write what one edition includes: values, figures, tables, sources, notes; remove the rest.

    `lineage` is the record of where everything is from, `also` holds further values of the run by
    name, `revised` the old text of each value that changed since the last release, `parts` further
    partials by file name, `publication` who makes the report.

    Raises `StepError` when two notebooks publish under one name, or one has not published yet.
    """
    folder = workspace.published(language)
    manifests = [_manifest(folder / f"{name}.json") for name in notebooks]
    _refuse_repeated(manifests)
    store = RawStore(workspace)
    glossary = _glossary(workspace, store, parameters.as_of)
    sources = store.read("sources", parameters.as_of)
    not_public = _not_public(lineage, sources, parameters.as_of)
    public = _of_day(lineage, not_public)
    uses = read_references(*workspace.documents(language)).without(not_public)
    annex = workspace.project.last.page(language)
    anchors = {*uses.cited} - {*not_public}
    cited = {source for source in sources["source_id"] if source_anchor(source) in anchors}
    # Also what only saved tables rest on: others read them, and some sources ask to be named.
    known = {*lineage["sources"]} - _only_listed(lineage, not_public)
    known |= {*(glossary.sources if glossary else ()), *cited}
    used = sources[sources["source_id"].isin(known)]
    by_id = source_records(used, among=sources)
    notes = Notes(lineage, _numbered(workspace, lineage), language, revised or {})
    texts = _values(manifests)
    linked = {name: notes.value(name, text) for name, text in texts.items()}
    told = _run_values(manifests, used, language, parameters) | dict(also or {})
    values = linked | {name: escape(text) for name, text in told.items()}
    content = {
        **day_metadata(parameters.as_of.isoformat(), language),
        "not-public": not_public,
        # Links name the document: filters lead them to the page that has the anchor.
        "pages": {name: page for name, page in uses.pages.items() if page in uses.chapters},
        # Links to the list of sources name a work by its year; filters add the letter.
        "letters": {
            source_anchor(one): by_id[one][LETTER] for one in sorted(cited) if by_id[one][LETTER]
        },
        **_publication(publication or Publication(), language),
        "v": dict(sorted(values.items())),
    }
    write_whole(folder / "values.yml", dump_yaml(content))
    explained = frozenset(glossary.sources if glossary else ())
    taking = Taking(lineage, notes.notes, uses, annex, explained, frozenset(cited))
    written = {
        **shown_partials(
            folder, language, live=True, workbook=f"data/{workspace.project.last.stems[language]}"
        ),
        **_lines(public, language),
        **({"tbl-glossary.md": glossary.partial(language, by_id)} if glossary else {}),
        "source-documents.md": source_documents(by_id, workspace.project.first_sources, language),
        "tbl-sources.md": sources_partial(by_id, taking, language),
        "notes.md": notes.partial(uses, annex),
        **_notes_before(workspace, notes, uses, language),
        "trails.md": trails(public, uses, annex, language),
        "contents.md": contents_partial(lineage, uses, annex, _beside(language), language),
        **(parts or {}),
        # Documents include them; there is nothing to show.
        **{f"{name}.md": "" for name in not_public if name.startswith(("fig-", "tbl-"))},
    }
    for name, text in written.items():
        write_whole(folder / name, text)
    for old in folder.glob("*.md"):
        if old.name not in written:
            old.unlink()


def _glossary(workspace: Workspace, store: RawStore, day: dt.date) -> Glossary | None:
    """Read what the glossary explains as it stood on a day, if the project has one."""
    project = workspace.project
    return project.resolved("glossary")(store, day) if project.glossary else None


def _not_public(lineage: Lineage, sources: pd.DataFrame, day: dt.date) -> list[str]:
    """Name what was not yet public on a day: what documents say by it, they do not say.

    These are values, figures and tables that rest on nothing, and sources (by their anchors) that
    were published later; of those that state a month or a year alone, the month or year counts.
    """
    every = [entry for entries in lineage["published"].values() for entry in entries.items()]
    empty = [name for name, entry in every if not entry["origins"]]
    dated = sources.dropna(subset=["published"])
    later = [
        source_anchor(str(name))
        for name, published in zip(dated["source_id"], dated["published"], strict=True)
        if str(published) > day.isoformat()[: len(str(published))]
    ]
    return sorted([*empty, *later])


def _only_listed(lineage: Lineage, not_public: Collection[str]) -> set[str]:
    """Name the sources of later days on which nothing rests: they are listed, no more."""
    rows = lineage["rows"].items()
    behind = {row["source_id"] for origin, row in rows if f"/{_LIST}:" not in origin}
    behind |= {one["source_id"] for _, row in rows for one in row.get("corrections", [])}
    return {
        source
        for source in lineage["sources"]
        if source not in behind and source_anchor(source) in not_public
    }


def _of_day(lineage: Lineage, not_public: Collection[str]) -> Lineage:
    """Leave out of figures and tables the sources that were published after the report's day.

    A fact of an earlier day may have been read in a later document: its note names it. What rests
    on later documents alone stays as it is, and its line of sources is not said.
    """

    def of_day(entry: dict[str, Any]) -> dict[str, Any]:
        then = [one for one in entry["sources"] if source_anchor(one) not in not_public]
        return entry | {"sources": then or entry["sources"]}

    published = {
        kind: {name: of_day(entry) for name, entry in entries.items()}
        for kind, entries in lineage["published"].items()
    }
    return {**lineage, "published": published}


def _publication(publication: Publication, language: Language) -> dict[str, dict[str, str]]:
    """Tell the templates who makes the report, what is unset left out."""
    day = publication.next_update
    told = {
        "made-by": escape(publication.made_by),
        "contact": escape(publication.contact),
        "next-update": escape(write_date(day, language)) if day else "",
    }
    stated = {name: text for name, text in told.items() if text}
    return {"publication": stated} if stated else {}


def _beside(language: Language) -> dict[str, str]:
    """Name the pages that tell of the report itself, by their address."""
    return {
        f"{CHECKS[language]}.html": label("contents-checks", language),
        CHANGES[language]: label("contents-changes", language),
        BROWSE[language]: label("browse-title", language),
    }


def _notes_before(
    workspace: Workspace, notes: Notes, uses: References, language: Language
) -> dict[str, str]:
    """Compose for each document before the annex the notes that its page shows, by file name."""
    return {
        f"notes-{document.name}.md": notes.partial_for(
            read_references(workspace.document(language, document)).stated,
            uses,
            document.page(language),
            uses.page("src") or workspace.project.last.page(language),
        )
        for document in workspace.project.documents[:-1]
    }


def _numbered(workspace: Workspace, lineage: Lineage) -> Sequence[Note]:
    """Give notes the same numbers in all editions: as their documents state the values."""
    stated = [read_references(*workspace.documents(language)).stated for language in LANGUAGES]
    return number_notes([name for names in stated for name in names], lineage)


def _lines(lineage: Lineage, language: Language) -> dict[str, str]:
    """Compose the line of sources and lineage of every figure and table."""
    published = lineage["published"]
    return {
        line_name(name): lineage_line(entry, lineage, language)
        for name, entry in (published["figures"] | published["tables"]).items()
    }


def written(workspace: Workspace, language: Language, notebooks: Sequence[str]) -> list[str]:
    """Name the processed tables that the notebooks wrote."""
    folder = workspace.published(language)
    return [table for name in notebooks for table in _manifest(folder / f"{name}.json")["writes"]]


def _values(manifests: Sequence[Manifest]) -> dict[str, str]:
    """Gather every named value."""
    return {
        name: entry["text"]
        for manifest in manifests
        for name, entry in manifest.get("values", {}).items()
    }


def _manifest(path: Path) -> Manifest:
    """Read what one notebook published."""
    if not path.is_file():
        msg = f"Notebook {path.stem} has not published anything yet. Run it first."
        raise StepError(msg)
    return json.loads(path.read_text("utf-8"))


def _refuse_repeated(manifests: Sequence[Manifest]) -> None:
    """Refuse a name under which two notebooks publish."""
    owners: dict[str, str] = {}
    for manifest in manifests:
        owner = manifest["notebook"]
        for name in [name for kind in _KINDS for name in manifest.get(kind, {})]:
            if owners.setdefault(name, owner) != owner:
                msg = f"{name!r} is published by {owners[name]} and {owner}. Rename one."
                raise StepError(msg)


def _run_values(
    manifests: Sequence[Manifest], used: pd.DataFrame, language: Language, parameters: Parameters
) -> dict[str, str]:
    """Add the values that the run itself knows."""
    counts = {
        f"count_{kind}": str(sum(len(manifest.get(kind, {})) for manifest in manifests))
        for kind in _KINDS
    }
    counts["count_sources"] = str(len(used))
    return counts | {"as_of": write(Date(parameters.as_of.isoformat()), language)}
