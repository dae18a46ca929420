"""Wrong calls that a beginner makes in a notebook are told in a person's words."""

import re
from collections.abc import Callable

import altair as alt
import pandas as pd
import pytest

from critical_minerals.errors import UsageError
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import Count, Date, Measure, Percent, Year
from critical_minerals.notebook.brief import Brief
from critical_minerals.notebook.session import Notebook, open_notebook
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.paths import Workspace

EXPORTS = "tiny_exports"
TEXT = say("figure-data")


@pytest.fixture
def nb(workspace: Workspace) -> Notebook:
    """A notebook that has saved one table."""
    nb = open_notebook("10_tiny", workspace.root)
    rows = nb.raw("trade/domestic_exports").rename(columns={"value_cad": "amount_cad"})
    nb.save(EXPORTS, rows.dropna(subset=["mineral"]).drop_duplicates(["mineral", "year"]))
    return nb


@pytest.fixture
def rows(nb: Notebook) -> pd.DataFrame:
    return nb.raw("trade/domestic_exports").head(3)


def figure(nb: Notebook, identifier: str = "fig-tiny", draw: object = None, **other: object):
    texts = dict.fromkeys(("title", "caption", "alt"), TEXT)
    nb.figure(identifier, draw, EXPORTS, **{"show": ["mineral"], **texts, **other})


def table(nb: Notebook, identifier: str = "tbl-tiny", **other: object):
    given = {"show": ["mineral", "year"], "title": TEXT, "caption": TEXT, "widths": [1, 1]}
    nb.table(identifier, EXPORTS, **given | other)


def refused(call: Callable[[], object], *told: str) -> None:
    with pytest.raises(UsageError, match=".*".join(map(re.escape, told))):
        call()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (33, "the bare number 33; wrap it: Count(33)"),
        (2.5, "the bare number 2.5; wrap it: Count(2.5)"),
        ("much", "the plain text 'much'; expected a text of the catalogue"),
        (pd.Timestamp("2025-03-31"), 'wrap it: Date("2025-03-31")'),
        (None, "None, nothing at all; does the function that made it end with return?"),
    ],
)
def test_a_value_that_is_not_wrapped(nb: Notebook, rows: pd.DataFrame, content: object, told: str):
    refused(lambda: nb.value("x", content, rows), "content of 'x' is", told)


def test_arguments_in_each_others_places(nb: Notebook, rows: pd.DataFrame):
    refused(lambda: nb.value("x", rows, Count(3)), "a DataFrame", "swapped?")
    refused(lambda: nb.value(rows, Count(3), "x"), "name is a DataFrame; expected a name in quotes")
    refused(lambda: nb.save(rows, EXPORTS), "nb.save(table, frame)", "fit as frame: are they swapp")
    refused(lambda: nb.exclude(TEXT, rows), "nb.exclude(rows, reason)", "swapped?")
    refused(lambda: nb.raw(rows), "name is a DataFrame; expected a name in quotes")
    refused(lambda: nb.processed(rows), "table is a DataFrame; expected a name in quotes")


def test_a_row_on_its_own_is_no_table(nb: Notebook, rows: pd.DataFrame):
    refused(lambda: nb.value("x", Count(3), rows.iloc[0]), "rows of 'x' are a Series", "iloc[[0]]")
    refused(lambda: nb.value("x", Count(3), None), "rows of 'x' are None")


@pytest.mark.parametrize("name", ["a b", "a-b", "a.b", ""])
def test_a_name_that_no_document_can_write(nb: Notebook, rows: pd.DataFrame, name: str):
    refused(lambda: nb.value(name, Count(3), rows), f"{name!r} cannot be a value's name")


def test_a_text_that_is_plain(nb: Notebook):
    refused(lambda: table(nb, title="Exports"), "title of tbl-tiny is the plain text 'Exports'")
    refused(lambda: figure(nb, caption=None), "caption of fig-tiny is None", "say(")


def test_a_title_that_is_empty(nb: Notebook):
    empty = say("words", text="")
    refused(lambda: table(nb, title=empty), "title of tbl-tiny is empty (en): text 'words'")


def test_a_chart_instead_of_the_function_that_draws_it(nb: Notebook):
    refused(lambda: figure(nb, draw=alt.Chart()), "draw of fig-tiny is a Chart; expected the func")


def test_a_function_that_returns_nothing(nb: Notebook):
    def envelopes(*_: object) -> None:
        alt.Chart()

    refused(lambda: figure(nb, draw=envelopes), "envelopes, which draws fig-tiny, returned None")
    refused(lambda: figure(nb, draw=lambda *_: 3), "returned the bare number 3; expected a chart.")
    text = say("words", text=envelopes)
    refused(lambda: table(nb, title=text), "envelopes returned nothing where words were expected")


def test_widths_that_are_not_one_for_each_column(nb: Notebook):
    refused(lambda: table(nb, widths=[1, 2, 3]), "tbl-tiny shows 2 columns and has 3 widths")


def test_widths_that_are_no_numbers(nb: Notebook):
    refused(lambda: table(nb, widths="12"), "widths of tbl-tiny are the plain text '12'")
    refused(lambda: table(nb, widths=["1", "2"]), "the plain text '1'; expected a number.")


def test_a_function_that_does_not_take_the_rows_and_the_edition(nb: Notebook):
    def envelopes(_frame: pd.DataFrame) -> alt.Chart:
        return alt.Chart()

    refused(lambda: figure(nb, draw=envelopes), "takes envelopes(_frame", "two arguments")


def test_a_whole_table_drawn_by_mistake(nb: Notebook, rows: pd.DataFrame):
    rows = pd.concat([rows] * 333).assign(mineral=[f"m{number}" for number in range(999)])

    def bars(frame: pd.DataFrame, _: object) -> alt.Chart:
        return alt.Chart(frame).mark_bar().encode(y="mineral:N")

    refused(lambda: figure(nb, draw=bars, data=rows), "fig-tiny", "999 values of 'mineral' (y)")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _: Count("3"), "Count(value) is given the plain text '3'; expected a number."),
        (lambda rows: Count(rows["year"]), "a Series; expected a number. Choose one: rows[column]"),
        (lambda _: Percent(None), "Percent(value) is given None, nothing at all"),
        (lambda _: Year("2020"), "Year(value) is given the plain text '2020'"),
        (lambda _: Measure("9", "t"), "Measure(value) is given the plain text '9'"),
        (lambda _: Date("2020-13-01"), "'2020-13-01'; expected a day, a month or a year there is"),
        (lambda _: Date(2020), "Date(iso) is given the bare number 2020"),
    ],
)
def test_a_quantity_of_what_is_no_number(rows: pd.DataFrame, make: Callable, told: str):
    refused(lambda: make(rows), told)


def test_what_a_function_of_rows_is_not_to_be_given(nb: Notebook, rows: pd.DataFrame):
    refused(lambda: nb.money(None), "nb.money(amount) is given None")
    refused(lambda: nb.money(rows["year"]), "nb.money(amount) is given a Series", ".sum()")
    refused(lambda: nb.total(rows, "value_cda"), "no column 'value_cda'. Did you mean 'value_cad'")
    refused(lambda: nb.amount_of(rows["year"], "year"), "rows is a Series; expected a table's rows")
    refused(lambda: nb.amount_of(rows[:0], "value_cad"), "there are no rows. Give a function that")
    refused(lambda: nb.quantity_of(rows, "yaer"), "no column 'yaer'. Did you mean 'year'?")
    refused(lambda: nb.year_of(rows, "yaer"), "no column 'yaer'. Did you mean 'year'?")
    refused(lambda: nb.quantity("3", "t"), "nb.quantity(value, unit) is given the plain text '3'")
    refused(lambda: nb.in_currency(rows, year="yr", value="value_cad"), "no column 'unit'")
    totals = "domestic_exports", rows, rows, "value_cad"
    refused(lambda: nb.check_totals(*totals, by="year"), "by of nb.check_totals", "['year']")
    refused(lambda: nb.check_totals(*totals, by=["yaer"]), "Did you mean 'year'?")


def test_columns_that_are_no_list(nb: Notebook):
    refused(lambda: table(nb, show="mineral"), "expected a list of columns: ['mineral']")


@pytest.mark.parametrize(
    ("given", "meant"),
    [("tiny", "fig-tiny"), ("fig_tiny", "fig-tiny"), ("tbl-Tiny", "fig-tiny")],
)
def test_an_identifier_without_its_prefix(nb: Notebook, given: str, meant: str):
    refused(lambda: figure(nb, given), repr(given), "cannot be an identifier", repr(meant))


def test_a_name_that_is_used_twice(nb: Notebook, rows: pd.DataFrame):
    nb.value("x", Count(3), rows)
    refused(lambda: nb.value("x", Count(4), rows), "'x' is published already")
    table(nb)
    refused(lambda: table(nb), "'tbl-tiny' is published already")


def test_a_precision_that_is_none(nb: Notebook, rows: pd.DataFrame):
    told = "There is no precision 'abuot'. Did you mean 'about'?"
    refused(lambda: nb.value("x", Count(3, "abuot"), rows), told)
    refused(lambda: nb.value("y", nb.money(3, "abuot"), rows), told)


def test_a_name_that_is_no_notebook(workspace: Workspace):
    (workspace.notebooks / "10_funding.ipynb").touch()
    there = "There is no notebook '10_fundng' in notebooks/. Did you mean '10_funding'?"
    refused(lambda: open_notebook("10_fundng", workspace.root), there)


def test_a_fact_that_no_text_uses(nb: Notebook, rows: pd.DataFrame):
    idle = say("left-out-other-countries", count=3)
    refused(lambda: nb.value("x", idle, rows), "no place for the fact 'count'. It asks for none.")
    idle = say("tbl-brief-sites-title", more=1, count=3, shwon=Year(2025))
    refused(lambda: table(nb, title=idle), "for the fact 'shwon'. Did you mean 'shown'?")


def test_a_brief_refuses_what_its_own_functions_are_not_to_be_given(workspace: Workspace):
    brief = Brief("80_mineral_brief", workspace.on("briefs/lithium"), ReportParameters())
    rows = brief.raw("trade/domestic_exports").head(3)
    refused(lambda: brief.card("x", Count(3), "mines", rows), "counts of x is the plain text 'min")
    refused(lambda: brief.gap("no figure"), "is the plain text 'no figure'")
