"""What the notebook of a brief needs: processed tables, key figures, gaps, and a publisher.

    from critical_minerals.notebook.brief import open_brief

    brief = open_brief("80_mineral_brief", as_of=as_of, ...)
    producers = brief.processed("world_production")
    ...
    brief.finish()

A brief has figures of its own, apart from the report's: it works on a branch of the workspace. It
is made from the tables of the last run, which have been checked, and does not check them again.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from critical_minerals.language.catalogue import Text, check_words
from critical_minerals.language.naming import LocalizedText, worded
from critical_minerals.language.quantities import Quantity
from critical_minerals.notebook.calls import check_texts
from critical_minerals.notebook.session import Notebook, opened
from critical_minerals.tables.lineage import of_table
from critical_minerals.workspace.parameters import Language, Parameters
from critical_minerals.workspace.paths import Workspace


def open_brief(name: str, root: Path | None = None, **parameters: Any) -> Brief:
    """Open a brief's session on the project around it, as `open_notebook` does."""
    return opened(Brief, name, root, parameters)


class Brief(Notebook):
    """One run of one brief's notebook."""

    unknown = worded("")
    """A value that has nothing to say is empty, so that a document can ask for it in any brief."""
    made_by = "python pipeline.py briefs"

    def __init__(self, name: str, workspace: Workspace, parameters: Parameters) -> None:
        super().__init__(name, workspace, parameters)
        self._cards: list[tuple[str, Text]] = []
        self._gaps: list[Text] = []
        self._absent: list[str] = []
        self._sections: dict[str, bool] = {}

    def processed(self, table: str) -> pd.DataFrame:
        """Return a processed table of the last run, as it was written."""
        self._processed[table] = of_table(pd.read_parquet(self._table_file(table)), table)
        return self._processed[table]

    def title(self, words: LocalizedText, rows: pd.DataFrame) -> str:
        """Name the brief, in each language; `rows` are those that hold the name's owner."""
        return self.value("title", worded(words), rows)

    def card(self, name: str, content: Quantity | Text, counts: Text, rows: pd.DataFrame) -> str:
        """Publish a value as a key figure; `counts` says what it counts."""
        self._check_words(name, counts=counts)
        self._cards.append((name, counts))
        return self.value(name, content, rows)

    def gap(self, says: Text, *slots: str) -> str:
        """Say what the tables do not hold, and which figures or tables are therefore not there."""
        self._check_words("a gap", says=says)
        self._gaps.append(says)
        self.leave_empty(*slots)
        return says(self.parameters.languages[0])

    def leave_empty(self, *slots: str) -> None:
        """Record that this brief lacks some figures or tables."""
        self._absent += slots

    def section(self, name: str, *, filled: bool) -> None:
        """Record whether a section of the document has content (`when-meta="has.<name>"`)."""
        self._sections[name] = filled

    def finish(self) -> None:
        """Publish everything at once, or nothing if anything fails."""
        self._publication.locate(self._processed)
        languages = self.parameters.languages
        content_by_language: Mapping[Language, Any] = {
            language: self._document_data(language) for language in languages
        }
        # No tables are saved and no checks run: the tables come from a run that has checked them.
        self._publication.finish(self._files_read(), [], also={"brief": content_by_language})
        self._print_draft_location()

    def _check_words(self, identifier: str, **texts: Text) -> None:
        check_texts(identifier, **texts)
        for language in self.parameters.languages:
            check_words(identifier, language, texts)

    def _document_data(self, language: Language) -> dict[str, Any]:
        """Return as plain data what the document includes beside figures and tables."""
        sections = dict.fromkeys(self._absent, False) | self._sections
        return {
            "cards": [{"name": name, "says": says(language)} for name, says in self._cards],
            "gaps": [gap(language) for gap in self._gaps],
            "absent": self._absent,
            "has": sections | {"cards": bool(self._cards), "gaps": bool(self._gaps)},
        }
