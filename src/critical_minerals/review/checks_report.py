"""The report on checks: what was checked, what failed, the disposition of every row. HTML and text.

It is written after every run, successful or not, from the findings that each step has stored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from critical_minerals.errors import Problem, number_of
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import write_number
from critical_minerals.language.ranges import ranges
from critical_minerals.report.pages import Cell, Section, Table, language_links, page, text_of
from critical_minerals.report.references import read_references
from critical_minerals.review.findings import (
    AppliedCorrection,
    ExcludedRows,
    Findings,
    RowReconciliation,
    read_findings,
)
from critical_minerals.tables.check_results import Kind, Result
from critical_minerals.workspace.parameters import LANGUAGES, Language
from critical_minerals.workspace.paths import CHECKS, Workspace, write_whole
from critical_minerals.workspace.state_files import read_stored

Row = Sequence[Cell | str]
_CHECK: Final = "check"
_NONE: Final = "–"
_NAMED_VALUES: Final = 5
"""Unused values to name; more are counted."""
_ROWS_LENGTH: Final = 60
"""Characters to which the numbers of excluded rows are cut."""
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
"""The kinds of check with a column in a step's table; rows have a section of their own."""


def write_checks(
    workspace: Workspace,
    notebooks: Iterable[str],
    languages: Sequence[Language],
    skipped: Collection[str] = (),
) -> None:
    """Write the report on checks next to the report: `checks`, `verifications`, .html and .txt.

    It covers the raw figures and the report's `notebooks`. Steps that were `skipped` after a
    failure have no findings: those in their files are of an earlier run.
    """
    steps = [_CHECK, *notebooks]
    findings_by_step = {
        step: None if step in skipped else read_findings(workspace, step) for step in steps
    }
    if not any(findings_by_step.values()):
        return  # no step got as far as checking anything
    unused = _find_unused(
        workspace, [name for name, findings in findings_by_step.items() if findings]
    )
    for language in languages:
        report = _ChecksReport(language, findings_by_step, unused)
        title, sections = report.say("checks-title"), report.sections()
        pages = {edition: f"{file}.html" for edition, file in CHECKS.items()}
        html_page = page(
            workspace,
            "checks",
            title=title,
            subtitle=report.say("checks-subtitle"),
            as_of=report.as_of,
            sections=sections,
            language=language,
            links=language_links("checks-other-language", pages, language, languages),
        )
        write_whole(workspace.output / pages[language], html_page)
        write_whole(workspace.output / f"{CHECKS[language]}.txt", text_of(title, sections))


def _find_unused(workspace: Workspace, steps: Iterable[str]) -> list[str]:
    """Return the values that steps published and no document states."""
    manifests = [
        workspace.published(language) / f"{step}.json" for step in steps for language in LANGUAGES
    ]
    published = {
        name
        for path in manifests
        for name in read_stored(path, {"values": dict}, {"values": {}})["values"]
    }
    stated = [read_references(*workspace.documents(language)).stated for language in LANGUAGES]
    return sorted(published.difference(*stated))


@dataclass(frozen=True)
class _ChecksReport:
    """The content of the report in one language; `unused` values are stated in no document."""

    language: Language
    findings_by_step: Mapping[str, Findings | None]
    unused: Sequence[str] = ()

    def say(self, key: str, **facts: object) -> str:
        """Return a text of the catalogue in this language."""
        return say(key, **facts)(self.language)

    @property
    def as_of(self) -> str:
        """The day as of which the notebooks read the figures."""
        # The check of raw figures has no such day: it looks at the rows of all days.
        return max((findings.as_of for findings in self._findings), default="")

    def sections(self) -> list[Section]:
        """Return all sections, failures first."""
        return [
            self._summary_section(),
            self._failures_section(),
            *self._step_sections(),
            self._rows_section(),
            self._corrections_section(),
            self._deviations_section(),
            self._kinds_section(),
        ]

    @property
    def _findings(self) -> list[Findings]:
        return [findings for findings in self.findings_by_step.values() if findings]

    @property
    def _results(self) -> list[Result]:
        return [result for findings in self._findings for result in _reported_results(findings)]

    @property
    def _reconciliations(self) -> list[tuple[str, RowReconciliation]]:
        """The reconciliations of all steps, each with the name of its step."""
        return [
            (findings.step, reconciliation)
            for findings in self._findings
            for reconciliation in findings.reconciliations
        ]

    def _format_number(self, value: int) -> str:
        return write_number(value, self.language)

    def _make_tables(
        self, caption: str, columns: Sequence[str], rows: Iterable[Row], numeric: Iterable[int] = ()
    ) -> list[Table]:
        """Make a table with column labels from the catalogue; none where there are no rows."""
        header, cells = [self.say(f"checks-{name}") for name in columns], [*rows]
        return [Table(caption, header, cells, frozenset(numeric))] if cells else []

    def _summary_section(self) -> Section:
        results = self._results
        failures = sum(number_of(findings.problems) for findings in self._findings)
        outcome = "checks-failed" if failures else "checks-passed"
        # Skipped, or ended before it checked anything.
        without_findings = [
            name for name, findings in self.findings_by_step.items() if findings is None
        ]
        stopped = [findings.step for findings in self._findings if not findings.complete]
        lines = [
            self.say(outcome, failures=failures, count=len(results), steps=len(self._findings)),
            self.say("checks-row-counts", **self._row_counts()),
        ]
        for key, steps in (("checks-silent", without_findings), ("checks-stopped", stopped)):
            if steps:
                lines.append(self.say(key, steps=", ".join(steps), count=len(steps)))
        if self.unused:
            more = ", …" if len(self.unused) > _NAMED_VALUES else ""
            names = ", ".join(self.unused[:_NAMED_VALUES]) + more
            lines.append(self.say("checks-unused", count=len(self.unused), names=names))
        return Section("summary", self.say("checks-summary"), lines)

    def _row_counts(self) -> dict[str, int]:
        return {
            count: sum(
                getattr(reconciliation, count) for _, reconciliation in self._reconciliations
            )
            for count in ("read", "used", "left")
        }

    def _failures_section(self) -> Section:
        """List every problem by step, as the terminal does."""
        tables = [
            table
            for findings in self._findings
            for table in self._problem_tables(self._step_name(findings.step), findings.problems)
        ]
        paragraphs = [] if tables else [self.say("checks-failures-none")]
        return Section("failures", self.say("checks-failures"), paragraphs, tables)

    def _problem_tables(self, caption: str, problems: Iterable[Problem]) -> list[Table]:
        columns = ("place", "row", "column", "value", "expected", "remedy")
        rows = (
            (
                problem.file,
                str(problem.row or _NONE),
                problem.column or _NONE,
                problem.value or _NONE,
                self._english_cell(problem.expected),
                self._english_cell(problem.remedy),
            )
            for problem in problems
        )
        return self._make_tables(caption, columns, rows, {1})

    def _english_cell(self, text: str) -> Cell:
        """Mark a message that exists only in English, as the terminal shows it, on other pages."""
        return Cell(text, language=None if self.language == "en" else "en")

    def _step_sections(self) -> list[Section]:
        return [
            Section(
                f"step-{findings.step}",
                self._step_name(findings.step),
                tables=self._matrix(findings),
            )
            for findings in self._findings
        ]

    def _matrix(self, findings: Findings) -> list[Table]:
        """Make the table of a step: its tables by the kinds of check."""
        by_table: dict[tuple[bool, str, str], dict[Kind, list[Result]]] = {}
        for result in _reported_results(findings):
            # Sorts raw tables before processed ones.
            row = by_table.setdefault((result.end != "raw", result.table, result.end), {})
            row.setdefault(result.kind, []).append(result)
        kinds = [kind for kind in _MATRIX if any(kind in row for row in by_table.values())]
        rows = (
            (
                table,
                self.say(f"checks-end-{end}"),
                self._format_number(
                    max(result.rows for results in row.values() for result in results)
                ),
                *(self._check_cell(row.get(kind, [])) for kind in kinds),
            )
            for (_, table, end), row in sorted(by_table.items())
        )
        columns = ("table", "end", "rows", *(f"head-{kind}" for kind in kinds))
        caption = self.say("checks-matrix", step=self._step_name(findings.step))
        return self._make_tables(caption, columns, rows, range(2, 3 + len(kinds)))

    def _check_cell(self, results: Sequence[Result]) -> Cell | str:
        """Return the outcome of one kind of check on one table, or the number of things checked."""
        if not results:
            return _NONE
        failures = sum(number_of(result.problems) for result in results)
        confirmed = sum(len(result.confirmed) for result in results)
        if failures:
            return Cell(self.say("checks-faults", count=failures), tag="bad")
        if confirmed:
            return Cell(self.say("checks-confirmed-count", count=confirmed), tag="good")
        # These two compare rows; the others count columns or, of sums, totals.
        by_rows = results[0].kind in {Kind.COVERAGE, Kind.CORRECTIONS}
        return self._format_number(
            sum(result.rows if by_rows else result.columns for result in results)
        )

    def _rows_section(self) -> Section:
        """Reconcile the rows of every raw table; list those that were excluded, and why."""
        counts = ("rows", "later", "superseded", "dropped", "read", "used", "left")
        rows = [
            (
                reconciliation.file,
                step,
                *(self._format_number(getattr(reconciliation, count)) for count in counts),
            )
            for step, reconciliation in self._reconciliations
        ]
        excluded = [
            (
                reconciliation.file,
                step,
                group.reason[self.language],
                self._format_number(len(group.rows)),
                _shorten_rows(group),
            )
            for step, reconciliation in self._reconciliations
            for group in reconciliation.excluded
            if group.rows
        ]
        reasons = ("table", "step", "reason", "left", "row")
        header = [self.say(f"checks-{name}") for name in ("table", "step", "in-file", *counts[1:])]
        return Section(
            "rows",
            self.say("checks-kind-rows"),
            [self.say("checks-about-rows")],
            [
                Table(self.say("checks-rows-caption"), header, rows, frozenset(range(2, 9))),
                *self._make_tables(self.say("checks-reasons"), reasons, excluded, {3}),
            ],
        )

    def _corrections_section(self) -> Section:
        applied = [correction for findings in self._findings for correction in findings.corrections]
        # The check of raw figures and each notebook that reads the table apply the same ones.
        distinct = {
            (correction.file, correction.rows, correction.column): correction
            for correction in applied
        }
        columns = ("table", "row", "column", "was", "now", "reason", "evidence")
        rows = map(self._correction_row, distinct.values())
        paragraph = self.say("checks-about-corrections" if applied else "checks-corrections-none")
        tables = self._make_tables(self.say("checks-corrections-caption"), columns, rows)
        return Section("corrections", self.say("checks-kind-corrections"), [paragraph], tables)

    def _correction_row(self, correction: AppliedCorrection) -> tuple[str, ...]:
        return (
            correction.file,
            ranges(correction.rows),
            correction.column or _NONE,
            correction.was or _NONE,
            correction.value or self.say("checks-dropped"),
            correction.reason[self.language],
            f"{correction.source_id}, {correction.place}",
        )

    def _deviations_section(self) -> Section:
        """List what differed so much from the last good run that it had to be confirmed."""
        confirmed = [problem for result in self._results for problem in result.confirmed]
        tables = self._problem_tables(self.say("checks-confirmed-caption"), confirmed)
        lines = [self.say("checks-about-last-run")]
        return Section("last-run", self.say("checks-last-run"), lines, tables)

    def _kinds_section(self) -> Section:
        terms = [
            (self.say(f"checks-kind-{kind}"), self.say(f"checks-about-{kind}")) for kind in Kind
        ]
        return Section("kinds", self.say("checks-kinds"), terms=terms)

    def _step_name(self, step: str) -> str:
        if step == _CHECK:
            return self.say("checks-step-raw")
        return self.say("checks-step-notebook", name=step)


def _reported_results(findings: Findings) -> list[Result]:
    """Return the results to report, independent of which runs there were before.

    Comparisons with the last run that found nothing are left out: they are made only where there
    is such a run, and equal figures would give different files.
    """
    return [
        result
        for result in findings.results
        if not result.against_last or result.problems or result.confirmed
    ]


def _shorten_rows(group: ExcludedRows) -> str:
    """Write row numbers, shortened where there are many ranges."""
    text = ranges(group.rows)
    return text if len(text) <= _ROWS_LENGTH else f"{text[:_ROWS_LENGTH].rpartition(',')[0]}, …"
