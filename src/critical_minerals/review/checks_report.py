"""The report on checks: what was checked, what failed, what became of every row. HTML and text.

It is written after every run, whether that went well or not, from what each step kept.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from critical_minerals.checking import Kind, Result
from critical_minerals.errors import Problem, number_of
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import write_number
from critical_minerals.language.ranges import ranges
from critical_minerals.parameters import LANGUAGES, Language
from critical_minerals.report.pages import Cell, Link, Section, Table, page, twins
from critical_minerals.report.references import read_references
from critical_minerals.review.findings import (
    AppliedCorrection,
    ExcludedRows,
    Findings,
    RowReconciliation,
    read_findings,
)
from critical_minerals.review.plain_text import text_of
from critical_minerals.workspace import CHECKS, Workspace, write_whole

Row = Sequence[Cell | str]
_CHECK: Final = "check"
_NONE: Final = "–"
_SHOWN: Final = 5
"""Unused values that are named; the others are counted."""
_SHOWN_LENGTH: Final = 60
"""Characters to which the numbers of rows that were left out are cut."""
_MATRIX: Final = (
    Kind.SCHEMA,
    Kind.KEYS,
    Kind.RANGES,
    Kind.UNITS,
    Kind.SUMS,
    Kind.CORRECTIONS,
    Kind.COVERAGE,
    Kind.MAGNITUDE,
)
"""The kinds of check that a step's table has a column for, in their order."""


def write_checks(
    workspace: Workspace,
    notebooks: Iterable[str],
    languages: Sequence[Language],
    skipped: Collection[str] = (),
) -> None:
    """Write the report on checks beside the report: `checks`, `verifications`, .html and .txt.

    It tells of the raw figures and of the report's `notebooks`. Steps that were `skipped` by a
    failure have nothing to say: what they found before is of an earlier run.
    """
    steps = [_CHECK, *notebooks]
    found = {step: None if step in skipped else read_findings(workspace, step) for step in steps}
    if not any(found.values()):
        return  # no step got as far as checking anything
    unused = _unused(workspace, [name for name, one in found.items() if one])
    for language in languages:
        told = _Telling(language, found, unused)
        title, sections = told.say("checks-title"), told.sections()
        pages = {one: f"{file}.html" for one, file in CHECKS.items()}
        html_page = page(
            workspace,
            "checks",
            title=title,
            subtitle=told.say("checks-subtitle"),
            as_of=told.as_of,
            sections=sections,
            language=language,
            links=twins("checks-other-language", pages, language, languages),
            contents=[Link(section.heading, f"#{section.anchor}") for section in sections],
        )
        write_whole(workspace.output / pages[language], html_page)
        write_whole(workspace.output / f"{CHECKS[language]}.txt", text_of(title, sections))


def _unused(workspace: Workspace, steps: Iterable[str]) -> list[str]:
    """Name the values that steps published and no document states: work that nobody reads."""
    manifests = [
        workspace.published(language) / f"{step}.json" for step in steps for language in LANGUAGES
    ]
    published = {
        name
        for path in manifests
        if path.is_file()
        for name in json.loads(path.read_text("utf-8")).get("values", {})
    }
    stated = [read_references(*workspace.documents(language)).stated for language in LANGUAGES]
    return sorted(published.difference(*stated))


@dataclass(frozen=True)
class _Telling:
    """What the steps found, told in one language; `unused` values stand in no document."""

    language: Language
    found: Mapping[str, Findings | None]
    unused: Sequence[str] = ()

    def say(self, key: str, **facts: object) -> str:
        """Say a text of the catalogue."""
        return say(key, **facts)(self.language)

    @property
    def as_of(self) -> str:
        """The day as of which the notebooks read the figures."""
        return max((one.as_of for one in self._findings), default="")

    def sections(self) -> list[Section]:
        """Tell everything, what failed first."""
        return [
            self._summary(),
            self._failures(),
            *self._kinds(),
            self._rows(),
            self._corrections(),
            self._deviations(),
            self._meanings(),
        ]

    @property
    def _findings(self) -> list[Findings]:
        return [one for one in self.found.values() if one]

    @property
    def _results(self) -> list[Result]:
        return [result for one in self._findings for result in _told(one)]

    def _number(self, value: int) -> str:
        return write_number(value, self.language)

    def _table(
        self, caption: str, columns: Sequence[str], rows: Iterable[Row], numeric: Iterable[int] = ()
    ) -> list[Table]:
        """Make a table, whose columns have labels in the catalogue; of no rows there is none."""
        header, told = [self.say(f"checks-{name}") for name in columns], [*rows]
        return [Table(caption, header, told, frozenset(numeric))] if told else []

    def _summary(self) -> Section:
        """Tell in a few lines how it went."""
        results, failures = self._results, sum(number_of(one.problems) for one in self._findings)
        verdict = "checks-verdict-bad" if failures else "checks-verdict-good"
        silent = [name for name, one in self.found.items() if one is None]
        stopped = [one.step for one in self._findings if not one.complete]
        lines = [
            self.say(verdict, failures=failures, count=len(results), steps=len(self._findings)),
            self.say("checks-rows-told", **self._row_counts()),
        ]
        for key, steps in (("checks-silent", silent), ("checks-stopped", stopped)):
            if steps:
                lines.append(self.say(key, steps=", ".join(steps), count=len(steps)))
        if self.unused:
            more = ", …" if len(self.unused) > _SHOWN else ""
            names = ", ".join(self.unused[:_SHOWN]) + more
            lines.append(self.say("checks-unused", count=len(self.unused), names=names))
        return Section("summary", self.say("checks-summary"), lines)

    def _row_counts(self) -> dict[str, int]:
        reconciliations = [account for one in self._findings for account in one.reconciliations]
        excluded = sum(len(part.rows) for account in reconciliations for part in account.excluded)
        return {
            "read": sum(account.read for account in reconciliations),
            "used": sum(account.used for account in reconciliations),
            "left": excluded,
        }

    def _failures(self) -> Section:
        """List every fault by step, as the terminal does."""
        tables = [
            table
            for one in self._findings
            for table in self._problem_table(self._step(one.step), one.problems)
        ]
        said = [] if tables else [self.say("checks-failures-none")]
        return Section("failures", self.say("checks-failures"), said, tables)

    def _problem_table(self, caption: str, problems: Iterable[Problem]) -> list[Table]:
        columns = ("place", "row", "column", "value", "expected", "remedy")
        rows = (
            (
                problem.file,
                str(problem.row or _NONE),
                problem.column or _NONE,
                problem.value or _NONE,
                self._english(problem.expected),
                self._english(problem.remedy),
            )
            for problem in problems
        )
        return self._table(caption, columns, rows, {1})

    def _english(self, text: str) -> Cell:
        """Mark what is told as the terminal tells it, in English, in any other language."""
        return Cell(text, language=None if self.language == "en" else "en")

    def _kinds(self) -> list[Section]:
        """Tell of each step which tables were checked for what."""
        return [
            Section(f"step-{one.step}", self._step(one.step), tables=self._matrix(one))
            for one in self._findings
        ]

    def _matrix(self, findings: Findings) -> list[Table]:
        """Set the tables of a step against the kinds of check."""
        by_table: dict[tuple[bool, str, str], dict[Kind, list[Result]]] = {}
        for result in _told(findings):
            row = by_table.setdefault((result.end != "raw", result.table, result.end), {})
            row.setdefault(result.kind, []).append(result)
        kinds = [kind for kind in _MATRIX if any(kind in row for row in by_table.values())]
        rows = (
            (
                table,
                self.say(f"checks-end-{end}"),
                self._number(max(one.rows for of in row.values() for one in of)),
                *(self._did(row.get(kind, [])) for kind in kinds),
            )
            for (_, table, end), row in sorted(by_table.items())
        )
        columns = ("table", "end", "rows", *(f"head-{kind}" for kind in kinds))
        caption = self.say("checks-matrix", step=self._step(findings.step))
        return self._table(caption, columns, rows, range(2, 3 + len(kinds)))

    def _did(self, results: Sequence[Result]) -> Cell | str:
        """Say what checks of one kind looked at in one table, and how that went."""
        if not results:
            return _NONE
        faults = sum(number_of(result.problems) for result in results)
        meant = sum(len(result.confirmed) for result in results)
        if faults:
            return Cell(self.say("checks-faults", count=faults), tag="bad")
        if meant:
            return Cell(self.say("checks-confirmed-count", count=meant), tag="good")
        by_rows = results[0].kind in {Kind.COVERAGE, Kind.CORRECTIONS}
        return self._number(sum(one.rows if by_rows else one.columns for one in results))

    def _rows(self) -> Section:
        """Reconcile the rows of every raw table; list those that were left out, and why."""
        pairs = [(one.step, account) for one in self._findings for account in one.reconciliations]
        counts = ("in-file", "later", "superseded", "dropped", "read", "used", "left")
        rows = [(one.file, step, *map(self._number, _counts(one))) for step, one in pairs]
        excluded = [
            (one.file, step, part.reason[self.language], self._number(len(part.rows)), _few(part))
            for step, one in pairs
            for part in one.excluded
            if part.rows
        ]
        reasons = ("table", "step", "reason", "left", "row")
        header = [self.say(f"checks-{name}") for name in ("table", "step", *counts)]
        return Section(
            "rows",
            self.say("checks-kind-rows"),
            [self.say("checks-about-rows")],
            [
                Table(self.say("checks-rows-caption"), header, rows, frozenset(range(2, 9))),
                *self._table(self.say("checks-reasons"), reasons, excluded, {3}),
            ],
        )

    def _corrections(self) -> Section:
        """List the corrections that were made, with their evidence."""
        made = [one for findings in self._findings for one in findings.corrections]
        each = {(one.file, one.rows, one.column): one for one in made}
        columns = ("table", "row", "column", "was", "now", "reason", "evidence")
        rows = map(self._applied, each.values())
        said = self.say("checks-about-corrections" if made else "checks-corrections-none")
        tables = self._table(self.say("checks-corrections-caption"), columns, rows)
        return Section("corrections", self.say("checks-kind-corrections"), [said], tables)

    def _applied(self, one: AppliedCorrection) -> tuple[str, ...]:
        return (
            one.file,
            ranges(one.rows),
            one.column or _NONE,
            one.was or _NONE,
            one.value or self.say("checks-dropped"),
            one.reason[self.language],
            f"{one.source_id}, {one.place}",
        )

    def _deviations(self) -> Section:
        """Tell what differed so much from the last good run that it had to be confirmed."""
        confirmed = [p for result in self._results for p in result.confirmed]
        tables = self._problem_table(self.say("checks-confirmed-caption"), confirmed)
        lines = [self.say("checks-about-last-run")]
        return Section("last-run", self.say("checks-last-run"), lines, tables)

    def _meanings(self) -> Section:
        """Explain what each kind of check looks at."""
        terms = [(self.say(f"checks-kind-{k}"), self.say(f"checks-about-{k}")) for k in Kind]
        return Section("kinds", self.say("checks-kinds"), terms=terms)

    def _step(self, step: str) -> str:
        """Name a step."""
        if step == _CHECK:
            return self.say("checks-step-raw")
        return self.say("checks-step-notebook", name=step)


def _told(findings: Findings) -> list[Result]:
    """Return the checks that are told of: the same ones, whichever runs there were before.

    That there was a run to compare with, and nothing found, would make other files each time.
    """
    return [
        one for one in findings.results if not one.against_last or one.problems or one.confirmed
    ]


def _counts(account: RowReconciliation) -> tuple[int, ...]:
    left = sum(len(part.rows) for part in account.excluded)
    counts = (account.rows, account.later, account.superseded, account.dropped)
    return (*counts, account.read, account.used, left)


def _few(part: ExcludedRows) -> str:
    """Name rows, cut short where there are many runs of them."""
    told = ranges(part.rows)
    return told if len(told) <= _SHOWN_LENGTH else f"{told[:_SHOWN_LENGTH].rpartition(',')[0]}, …"
