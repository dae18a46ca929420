"""What a notebook needs: its parameters, the raw figures, a place for tables, and a publisher.

    from critical_minerals.notebook import open_notebook

    nb = open_notebook("10_funding", as_of=as_of, ...)
    awards = nb.raw("funding/awards")
    ...
    nb.finish()

Nothing is written to the report until `finish`: a notebook that fails leaves the last good state.
What is wrong with the figures is gathered on the way and told there, all of it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import pandas as pd

from critical_minerals.errors import StepError, UsageError, hint
from critical_minerals.language.ages import dated
from critical_minerals.language.catalogue import Text, label, say
from critical_minerals.language.quantities import Money, Precision, Quantity, check_number, show_in
from critical_minerals.language.ranges import ranges
from critical_minerals.language.stated import quantity
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.notebook.calls import (
    Names,
    check_columns,
    check_content,
    check_draw,
    check_first,
    check_has,
    check_identifier,
    check_kinds,
    check_notebook,
    check_rows,
    check_texts,
    check_widths,
)
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.figures import Charts, Draw
from critical_minerals.publish.kernel import injected_source, make_table, running_cell, stay_current
from critical_minerals.publish.publication import Drawing, Publication
from critical_minerals.publish.sources import source_records
from critical_minerals.raw.store import RawStore
from critical_minerals.review.checks import Ledger, failed_rows
from critical_minerals.review.lineage import write_rows
from critical_minerals.review.totals import compare_totals, totals_result
from critical_minerals.tables import processed
from critical_minerals.tables.check_results import Kind
from critical_minerals.tables.descriptors import Column, Table, Tables
from critical_minerals.tables.lineage import of_table
from critical_minerals.tables.money import RATES, DisplayCurrency, approximate, to_currency, years
from critical_minerals.tables.precision import of_sum, readable
from critical_minerals.workspace.file_access import current, loaded_code, read_files
from critical_minerals.workspace.parameters import (
    Language,
    Parameters,
    check_chosen,
    load_parameters,
)
from critical_minerals.workspace.parameters_cell import check_injected
from critical_minerals.workspace.paths import Workspace, workspace_of

Content = Quantity | Text
"""What a value can say."""
Session = TypeVar("Session", bound="Notebook")


def open_notebook(name: str, root: Path | None = None, **parameters: Any) -> Notebook:
    """Open a notebook's session on the project around it, with its papermill parameters.

    One that is None was not given: `parameters.toml` says it, or else the defaults do. Run by hand,
    a notebook publishes a draft.
    """
    return opened(Notebook, name, root, parameters)


def opened(
    kind: type[Session], name: str, root: Path | None, parameters: Mapping[str, Any]
) -> Session:
    """Open a session of some kind. Raises `UsageError` for parameters that nothing would use."""
    workspace = workspace_of(name, root)
    # A person edits texts and modules between two cells, which a running kernel would not notice.
    if workspace.draft:
        stay_current()
    check_notebook(name, workspace.notebooks)
    # Before any figure is read: a misspelt parameter would otherwise make a report of another day
    # than was asked for.
    check_injected(workspace.notebooks / f"{name}.ipynb", injected_source())
    overrides = {each: value for each, value in parameters.items() if value is not None}
    # What a run gives whole is based on nothing else: the file may have been edited since it began.
    parameters_class = workspace.project.parameters
    is_complete = overrides.keys() >= {*parameters_class.names()}
    file = None if is_complete else workspace.root / "parameters.toml"
    return kind(name, workspace, load_parameters(file, overrides, parameters_class))


class Notebook:
    """One run of one notebook."""

    unknown: ClassVar = say("figure-not-public")
    """What a value says before its figure was public."""
    made_by: ClassVar = "make report"
    """The command that makes the official document of such a notebook."""

    def __init__(self, name: str, workspace: Workspace, parameters: Parameters) -> None:
        self.name = name
        self.workspace = workspace
        self.parameters = parameters
        self._store = RawStore(workspace)
        self._descriptors = Tables(workspace.schemas)
        self._currencies = DisplayCurrency(parameters.currency, parameters.base())
        show_in(parameters.currency)
        self._ledger = Ledger(name, workspace, parameters, self._store)
        self._read_files: set[str] = {workspace.relative(self._store.corrections_file)}
        self._raw: dict[str, pd.DataFrame] = {}
        self._processed: dict[str, pd.DataFrame] = {}
        self._tables: dict[str, tuple[Table, pd.DataFrame]] = {}
        self._names = Names()
        self._check_chosen_ids()

    def raw(self, name: str) -> pd.DataFrame:
        """Return a raw table as it stood on the as-of day, typed, with `origin` on every row."""
        check_kinds("nb.raw(name)", name=(name, str))
        self._record_read(*self._store.files(name), self._store.tables.file(name))
        if name not in self._raw:
            self._ledger.reads(name)
            self._raw[name] = self._store.read(name, self.parameters.as_of)
        # A copy, because cells edit frames in place and a cell that is run again has to start from
        # the raw figures.
        return self._raw[name].copy()

    def processed(self, table: str) -> pd.DataFrame:
        """Return a processed table that an earlier notebook wrote."""
        check_kinds("nb.processed(table)", table=(table, str))
        # For its checks: the table is declared as an input, and there.
        self._table_file(table)
        read = processed.read(self._table(table), self.workspace)
        self._processed[table] = of_table(read, table)
        return self._processed[table]

    def file(self, name: str) -> Path:
        """Return the path of a raw file that is no table, such as a map's outlines."""
        path = self.workspace.raw / name
        self._record_read(path)
        return path

    def save(self, table: str, frame: pd.DataFrame) -> pd.DataFrame:
        """Check a tidy table and keep it; `finish` writes it to `data/processed/`."""
        check_kinds("nb.save(table, frame)", table=(table, str), frame=(frame, pd.DataFrame))
        descriptor = self._table(table)
        frame = self._add_currency_twins(descriptor, frame)
        shaped_rows = of_table(self._ledger.shaped(descriptor, frame), table)
        self._tables[table] = (descriptor, shaped_rows)
        return shaped_rows

    def exclude(self, rows: pd.DataFrame, reason: Text) -> str:
        """Exclude raw rows, which go into no saved table, for a stated reason.

        `rows` carry their `origin`. `finish` fails for rows that are neither in a saved table nor
        excluded.
        """
        arguments = {"rows": (rows, pd.DataFrame), "reason": (reason, Text)}
        check_kinds("nb.exclude(rows, reason)", **arguments)
        row_numbers = self._ledger.exclude(rows, reason)
        language = self.parameters.languages[0]
        ranges_by_file = [
            f"{Path(file).name}: {ranges(numbers)}" for file, numbers in row_numbers.items()
        ]
        return f"{reason(language)} {'; '.join(ranges_by_file) or '–'}"

    def check_totals(
        self,
        table: str,
        parts: pd.DataFrame,
        whole: pd.DataFrame,
        value: str,
        *,
        by: Sequence[str],
        rounded_to: float = 0.0,
        within: float = 0.0,
        at_most: bool = False,
    ) -> pd.DataFrame:
        """Check that totals are the sums of their parts, or with `at_most` no less than these.

        `parts` and `whole` are rows of `table`; `by` says which parts belong to which total.
        `rounded_to` is the step to which the source rounds, `within` a difference allowed outright.
        Returns totals and sums side by side; what does not add up is told when the notebook ends.
        A total that its publisher's own parts do not make is no fault of ours: it is a claim.
        """
        check_columns("by of nb.check_totals(…)", by)
        for rows in (parts, whole):
            check_has("nb.check_totals(table, parts, whole, value)", rows, value, *by)
        totals = compare_totals(
            parts, whole, value, by, rounded_to=rounded_to, within=within, at_most=at_most
        )
        self._ledger.add([totals_result(table, by, totals)])
        return totals[[*by, "total", "parts", "count", "difference", "allowed", "good"]]

    def fail_rows(
        self,
        table: str,
        rows: pd.DataFrame,
        expected: str,
        kind: Kind,
        column: str | None = None,
    ) -> None:
        """Report rows that break a rule which no schema can state; no rows, no problem.

        `expected` says what would be right, `column` where the fault is. Problems are told when the
        notebook finishes.
        """
        checked = len(self._tables[table][1]) if table in self._tables else len(rows)
        self._ledger.add([failed_rows(self._table(table), rows, checked, kind, expected, column)])

    def value(
        self,
        name: str,
        content: Content | Callable[[pd.DataFrame], Content],
        rows: pd.DataFrame | Sequence[pd.DataFrame],
    ) -> str:
        """Publish a value under a name; documents write it by the shortcode `meta v.name`.

        `rows` are the rows it is based on (columns `source_id` and `origin`), from tables that the
        notebook saves, before or after. Where `content` is a function of these rows, it is asked
        only where there are any; on a day before the first of them the value says so in words.
        """
        # A text is callable too, with a language; only a plain function is asked for its content.
        if isinstance(content, Text) or not callable(content):
            check_content(name, content)
        frames = check_rows(name, rows)
        if callable(content) and not isinstance(content, Text):
            all_rows = pd.concat(frames) if len(frames) > 1 else frames[0]
            content = content(all_rows) if len(all_rows) else self.unknown
            check_content(name, content)
        if content is self.unknown:  # rows of today say nothing of a figure of tomorrow
            frames = [frame.head(0) for frame in frames]
        with self._publish_once(name):
            return self._publication.value(name, content, frames)

    def figure(
        self,
        identifier: str,
        draw: Draw,
        table: str,
        *,
        show: Sequence[str],
        title: Text,
        caption: Text,
        alt: Text,
        data: pd.DataFrame | None = None,
    ) -> Drawing:
        """Publish a chart of a saved table, or of some of its rows (`data`).

        `draw(frame, edition)` returns the Altair chart; `show` names the columns of the data table
        beneath it; `title` states the finding, `caption` what is seen and its limits, `alt` what
        someone who cannot see the chart would want to know.
        """
        texts = {"title": title, "caption": caption, "alt": alt}
        rows, fields = self._check_and_select(identifier, "fig-", table, show, data, texts)
        check_draw(identifier, draw)
        with self._publish_once(identifier):
            return self._publication.figure(identifier, draw, rows, fields, **texts)

    def charts(self, module: str) -> Charts:
        """Return the functions of a module of charts, to be given to `nb.figure`.

        `charts = nb.charts("funding")`, then `charts.envelopes`: in a run the function is called
        after the notebook, so that an edit of it makes its figures anew, and not the notebook. What
        a cell imports or defines may draw too, and is called in the cell.
        """
        return Charts(self.workspace.project.chart_module(module), check=self.workspace.draft)

    def table(
        self,
        identifier: str,
        table: str,
        *,
        show: Sequence[str],
        title: Text,
        caption: Text,
        widths: Sequence[int],
        data: pd.DataFrame | None = None,
    ) -> pd.DataFrame:
        """Publish a saved table, or some of its rows, as a table of the report.

        `title` says what it holds, `caption` its limits; `widths` are the columns' relative widths.
        """
        texts = {"title": title, "caption": caption}
        rows, fields = self._check_and_select(identifier, "tbl-", table, show, data, texts)
        check_widths(identifier, show, widths)
        with self._publish_once(identifier):
            return self._publication.table(identifier, rows, fields, **texts, widths=widths)

    def preview(self, section: str, language: Language | None = None) -> Any:
        """Show a section of the report as it will be with what was published so far.

        `section` is its anchor, such as `sec-money`; without `language` the first edition is shown.
        Nothing is written. Raises `UsageError` for a section that no document has.
        """
        check_kinds("nb.preview(section)", section=(section, str))
        edition_language = language or self.parameters.languages[0]
        # By name: an edit of what typesets pages is no reason to run notebooks again.
        previewing = import_module("critical_minerals.publish.previewing")
        draft = self._publication.draft(edition_language)
        return previewing.section_with(draft, self.workspace, section, edition_language)

    def finish(self) -> None:
        """Write the processed tables and everything published, whole or not at all.

        Run by hand, all of it is a draft, and where that lies is printed.
        Raises `FiguresError` with everything that the checks found.
        """
        self._ledger.close(self._tables)
        saved = {name: frame for name, (_, frame) in self._tables.items()}
        self._publication.locate(self._processed | saved)
        for table, frame in self._tables.values():
            processed.write(table, self.workspace, frame)
        day = self.parameters.as_of
        write_rows(self.workspace, self.name, self._raw, saved.values(), self._store, day)
        self._publication.finish(self._files_read(), sorted(saved))
        # A branch or a draft must not become what the next run of the report is compared with.
        if not self.workspace.branch:
            self._ledger.keep(table for table, _ in self._tables.values())
        self._print_draft_location()

    def converted(
        self, frame: pd.DataFrame, into: str, *, amount: str, currency: str, year: str
    ) -> pd.DataFrame:
        """Add amounts in the currency of the tables, and in the one shown where that is another.

        `into` names the new column, such as `amount_usd`; `amount` and `currency` are the columns
        of the amounts as stated, `year` one of years or days. What was stated in a currency that is
        wanted stays as stated; everything else takes the average rate of its own year, and is then
        no more than about right (`precision`, where there is one).
        """
        check_has("nb.converted(frame, into)", frame, amount, currency, year)
        of_year = years(frame, [year])
        wanted = {into: self._currencies.base, self.shown(into): self.parameters.currency}
        amounts = {
            name: to_currency(frame[amount], frame[currency], of_year, self.rates, unit)
            for name, unit in wanted.items()
        }
        if "precision" in frame:
            amounts["precision"] = approximate(
                frame["precision"], frame[currency], self._currencies
            )
        return frame.assign(**amounts)

    def in_currency(self, frame: pd.DataFrame, *, year: str, value: str = "value") -> pd.DataFrame:
        """Return rows with figures in units of all kinds as the report shows them.

        Amounts in the currency of the tables (`unit`) become amounts in the one shown, at the
        average rate of the year or day in the column `year`; all others stay as stated.
        """
        check_has("nb.in_currency(frame)", frame, value, "unit", year)
        base, shown_currency = self._currencies.base, self.parameters.currency
        amounts = frame["unit"].eq(base)
        if shown_currency == base or not amounts.any():
            return frame
        rows = frame[amounts]
        converted_values = to_currency(
            rows[value], rows["unit"], years(rows, [year]), self.rates, shown_currency
        )
        # Rounded, since `value` keeps its own type and may be a column of whole numbers.
        figures = converted_values.round().astype(frame[value].dtype).reindex(frame.index)
        units = frame["unit"].mask(amounts, shown_currency)
        return frame.assign(**{value: frame[value].mask(amounts, figures), "unit": units})

    def shown(self, column: str) -> str:
        """Name the twin of a column of amounts (`amount_eur`) in the currency shown."""
        return self._currencies.column(column)

    def currency_name(self, language: Language) -> str:
        """Name the currency in which amounts are shown: “Canadian dollars”."""
        return label(f"currency-{self.parameters.currency.lower()}", language)

    def of_currency(self, language: Language) -> str:
        """Name the currency shown behind a number of millions: “of Canadian dollars”."""
        return label(f"currency-{self.parameters.currency.lower()}-of", language)

    def money(self, amount: float, precision: Precision = "exact") -> Money:
        """Return an amount that is in the currency shown, such as one of `nb.shown(column)`."""
        check_number("nb.money(amount)", amount)
        return self.editions[0].money(float(amount), precision)

    def total(self, rows: pd.DataFrame, column: str | None = None) -> Money:
        """Return the sum of amounts as a reader grasps it; it is as firm as the loosest of them.

        `rows` have the amounts in `column`, usually `amount_` and the currency of the tables, in
        the currency shown in its twin, and their `precision`.
        """
        shown = self.shown(column or self._amount)
        check_has("nb.total(rows, column)", rows, shown, "precision")
        return readable(self.money(rows[shown].sum(), of_sum(rows["precision"])))

    def amount_of(self, rows: pd.DataFrame, column: str | None = None) -> Money:
        """Return the amount of the first row given (`column` as in `total`), with its precision."""
        shown = self.shown(column or self._amount)
        check_first("nb.amount_of(rows, column)", rows, shown)
        row = rows.iloc[0]
        return self.money(row[shown], row.get("precision", "exact"))

    def quantity_of(self, rows: pd.DataFrame, column: str = "value") -> Quantity:
        """Return the figure of the one row given, as its `unit` and `precision` ask."""
        check_first("nb.quantity_of(rows, column)", rows, column, "unit", "precision")
        return self.quantity(*rows[[column, "unit", "precision"]].iloc[0])

    def quantity(self, value: float, unit: str, precision: Precision = "exact") -> Quantity:
        """Return the quantity that a stated figure in a unit is: money, a share or a count.

        An amount stays in its unit; `nb.in_currency` gives rows in the currency shown.
        """
        check_number("nb.quantity(value, unit)", value)
        return quantity(float(value), unit, precision)

    def year_of(self, rows: pd.DataFrame, column: str = "year") -> Quantity | Text:
        """Return the year of the one row given, the newest there is; an old one says so."""
        check_first("nb.year_of(rows, column)", rows, column)
        return dated(int(rows[column].iloc[0]), self.parameters.as_of)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The lists of names that the project declares, such as those of places and units."""
        lists = self.workspace.project.lists
        return Vocabulary({of: self.raw(each.table) for of, each in lists.items()}, lists)

    @cached_property
    def editions(self) -> list[Edition]:
        """The editions to publish."""
        return [
            Edition(language, self.vocabulary, self._currencies)
            for language in self.parameters.languages
        ]

    @cached_property
    def rates(self) -> pd.DataFrame:
        """The stated exchange rates: currency, year, and such as usd_per_unit, of the tables."""
        return self.raw(RATES)

    @property
    def _amount(self) -> str:
        """The name of a column of amounts in the currency of the tables."""
        return f"amount_{self._currencies.base.lower()}"

    @cached_property
    def _publication(self) -> Publication:
        path = self.workspace.notebooks / f"{self.name}.ipynb"
        return Publication(
            self.name,
            self.workspace,
            self.editions,
            self._themed,
            # Functions, not values: which cell runs changes, and sources are read only once
            # something is published.
            lambda: running_cell(path),
            lambda: source_records(self._store.read("sources", self.parameters.as_of)),
            # Briefs have no steps that would make them.
            stores_figures=not self.workspace.branch,
        )

    def _themed(self, *chart: Any, **options: Any) -> dict[str, Any]:
        # Looked up here: the module of the theme counts for a notebook that draws by itself alone.
        return self.workspace.project.resolved("theme")(*chart, **options)

    def _table(self, name: str) -> Table:
        """Return the descriptor of a processed table and record that it is read."""
        if name not in self._descriptors:
            msg = f"There is no processed table {name!r}. {hint(name, [*self._descriptors])}"
            raise UsageError(msg)
        self._record_read(self._descriptors.file(name))
        return self._currencies.table(self._descriptors[name])

    def _add_currency_twins(self, descriptor: Table, frame: pd.DataFrame) -> pd.DataFrame:
        """Add the amounts in the currency shown of rows that say their own year (`x-year`)."""
        amounts = {
            self.shown(field.name): to_currency(
                frame[field.name],
                pd.Series(self._currencies.base, index=frame.index),
                years(frame, field.year),
                self.rates,
                self.parameters.currency,
            )
            for field in descriptor.fields
            if field.year and field.name in frame and self.shown(field.name) not in frame
        }
        return frame.assign(**amounts) if amounts else frame

    def _record_read(self, *paths: Path) -> None:
        """Record that some files are read: where one changes, the notebook runs again."""
        self._read_files |= {self.workspace.relative(path) for path in paths}

    def _files_read(self) -> list[str]:
        """Name the files that were read through this session, and by its process in other ways."""
        read = self._read_files | read_files() | loaded_code()
        return sorted(read)

    def _table_file(self, table: str) -> Path:
        """Return the file of a processed table and record that it is read."""
        path = processed.file_of(self._table(table), self.workspace)
        # Parquet files are opened by PyArrow, which Python's audit hooks do not see.
        if step := current():
            step.check(str(path))
        # A draft makes what it needs by itself; in a run the steps are ordered so that the table is
        # there.
        if not path.is_file() and self.workspace.draft:
            make_table(table, self.workspace)
        if not path.is_file():
            msg = f"There is no table {table} yet. Make the report first: python pipeline.py"
            raise StepError(msg)
        self._record_read(path)
        return path

    def _print_draft_location(self) -> None:
        """Print where a draft lies, so that nobody looks for it in the report."""
        if self.workspace.draft:
            day, place = self.parameters.as_of, self.workspace.relative(self.workspace.generated)
            message = f"A draft, as of {day}, in {place}. Official is what {self.made_by} makes."
            print(message)  # noqa: T201 - to the person at the notebook

    def _publish_once(self, name: str) -> AbstractContextManager[None]:
        """Publish under a name in the running cell; fail if another cell holds the name."""
        return self._names.once(name, self._publication.cell())

    def _check_and_select(
        self,
        identifier: str,
        prefix: str,
        table: str,
        show: Sequence[str],
        data: pd.DataFrame | None,
        texts: Mapping[str, Text],
    ) -> tuple[pd.DataFrame, list[Column]]:
        """Check all that a figure or table was given; return the rows and columns that it shows."""
        check_identifier(identifier, prefix)
        call = "nb.figure(identifier, draw, table, …)" if prefix == "fig-" else "nb.table(…)"
        check_kinds(call, table=(table, str))
        check_columns(f"show of {identifier}", show)
        check_texts(identifier, **texts)
        rows = self._saved_rows(table) if data is None else data
        check_rows(identifier, rows)
        return rows, self._columns_shown(table, show)

    def _saved_rows(self, table: str) -> pd.DataFrame:
        if table not in self._tables:
            msg = f"Save the table {table!r} before publishing from it."
            raise UsageError(msg)
        return self._tables[table][1]

    def _columns_shown(self, table: str, show: Sequence[str]) -> list[Column]:
        known = {column.name: column for column in self._table(table).fields}
        show = [self.shown(name) for name in show]
        unknown = [name for name in show if name not in known]
        if unknown:
            msg = f"Table {table} has no column {unknown[0]!r}. {hint(unknown[0], [*known])}"
            raise UsageError(msg)
        return [known[name] for name in show]

    def _check_chosen_ids(self) -> None:
        """Reject a parameter that chooses an id which its list of names does not know."""
        for choice in self.parameters.choices():
            names = self.workspace.project.lists[choice.of]
            known = sorted(self.raw(names.table)[names.key])
            check_chosen(choice, getattr(self.parameters, choice.name), known)
