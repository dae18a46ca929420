"""What a notebook can do, from reading to publishing."""

import datetime as dt
import json

import pandas as pd
import pytest

from critical_minerals.errors import FiguresError, UsageError
from critical_minerals.language.catalogue import say
from critical_minerals.language.quantities import Count, Money, Year, write
from critical_minerals.notebook.session import Notebook, open_notebook
from critical_minerals.tables import processed
from critical_minerals.tables.descriptors import Tables
from critical_minerals.workspace.file_access import Declared, enforce
from critical_minerals.workspace.paths import Workspace


def opened(workspace: Workspace, **parameters: object) -> Notebook:
    return open_notebook("10_tiny", workspace.root, **parameters)


def exports(nb: Notebook) -> pd.DataFrame:
    """Return a few rows; the others are left out, with a reason."""
    rows = nb.raw("trade/domestic_exports").rename(columns={"value_cad": "amount_cad"})
    few = rows.dropna(subset=["mineral"]).drop_duplicates(["mineral", "year"])
    nb.exclude(rows.drop(few.index), say("left-out-other-countries"))
    return few


def test_a_notebook_reads_saves_publishes_and_writes_only_at_the_end(workspace: Workspace):
    nb = opened(workspace)
    saved = nb.save("tiny_exports", exports(nb))
    assert list(saved.columns) == ["mineral", "year", "amount_cad", "source_id", "origin"]
    assert nb.value("exports", Count(len(saved)), rows=saved) == str(len(saved))
    shown = nb.table(
        "tbl-tiny",
        "tiny_exports",
        show=["mineral", "amount_cad"],
        title=say("figure-download"),
        caption=say("figure-data"),
        widths=[2, 1],
    )
    assert shown.columns.tolist() == ["Mineral", "Amount (CAD)"]
    assert not workspace.processed.exists()
    assert not workspace.generated.exists()
    nb.finish()
    pd.testing.assert_frame_equal(
        processed.read(Tables(workspace.schemas)["tiny_exports"], workspace), saved
    )
    assert len(pd.read_csv(workspace.processed / "tiny_exports.csv")) == len(saved)
    manifest = json.loads((workspace.published("en") / "10_tiny.json").read_text("utf-8"))
    assert manifest["writes"] == ["tiny_exports"]
    assert "data/raw/trade/domestic_exports.csv" in manifest["reads"]
    assert "data/raw/sources.csv" in manifest["reads"]
    assert manifest["files"] == ["tbl-tiny.json"]


def test_a_raw_file_that_a_notebook_opens_by_itself_counts_as_read(workspace: Workspace):
    """Edited, it must make the notebook run again, as if it had been asked for by `nb.raw`."""
    made = ("reports/**", "data/processed/*")
    read = ("reports/**", "notebooks/*")
    declared = Declared("10_tiny", str(workspace.root), read, ("data/**",), made)
    with enforce(declared):
        nb = opened(workspace)
        nb.save("tiny_exports", exports(nb))
        pd.read_csv(workspace.raw / "funding" / "envelopes.csv")
        nb.finish()
    manifest = json.loads((workspace.published("en") / "10_tiny.json").read_text("utf-8"))
    assert "data/raw/funding/envelopes.csv" in manifest["reads"]


def test_figures_are_read_as_they_stood(workspace: Workspace, raw):
    column = raw.rows("funding/awards")[0].index("as_of")
    days = [row[column] for row in raw.rows("funding/awards")[1:]]
    nb = opened(workspace, as_of="2024-06-30")
    awards = nb.raw("funding/awards")
    assert 0 < len(awards) < len(days)
    assert awards["as_of"].max() <= pd.Timestamp("2024-06-30")
    assert nb.parameters.as_of == dt.date(2024, 6, 30)


def test_a_table_that_breaks_its_promise_is_refused_and_nothing_is_written(workspace: Workspace):
    nb = opened(workspace)
    twice = pd.concat([exports(nb), exports(nb).assign(amount_cad=-1)])
    nb.save("tiny_exports", twice)  # what is wrong is told at the end, with all else that is
    with pytest.raises(FiguresError) as caught:
        nb.finish()
    told = str(caught.value)
    assert "table tiny_exports (mineral=" in told
    assert "expected each mineral + year once" in told
    assert "column amount_cad: found '-1.0 (data/raw/trade/domestic_exports.csv:" in told
    assert not workspace.processed.exists()


def test_a_frame_that_cannot_be_the_table_is_refused_at_once(workspace: Workspace):
    nb = opened(workspace)
    with pytest.raises(FiguresError, match="found 'amount_cad'; expected these columns"):
        nb.save("tiny_exports", exports(nb).drop(columns="amount_cad"))
    with pytest.raises(FiguresError, match="column amount_cad: expected a column of the kind"):
        nb.save("tiny_exports", exports(nb).assign(amount_cad="many"))
    assert not workspace.processed.exists()


def test_what_was_not_public_yet_says_so(workspace: Workspace):
    def told(day: str) -> str:
        nb = opened(workspace, as_of=day)
        return nb.value("awards", lambda rows: Count(len(rows)), nb.raw("funding/awards"))

    assert told("2019-01-01") == "not yet public"
    assert int(told("2026-09-30")) > 0


def test_amounts_and_figures_are_as_firm_as_what_is_stated(workspace: Workspace):
    nb = opened(workspace)
    rows = pd.DataFrame({"amount_cad": [1_000_000, 2_340_000], "precision": ["exact", "up_to"]})
    assert nb.total(rows) == Money(3_400_000, "CAD", "up_to")
    assert nb.quantity(5, "CAD", "about") == Money(5.0, "CAD", "about")
    assert nb.quantity(5, "projects", "nearly") == Count(5.0, "nearly")
    assert nb.amount_of(rows.tail(1)) == Money(2_340_000, "CAD", "up_to")
    assert nb.amount_of(rows[["amount_cad"]]) == Money(1_000_000, "CAD")
    stated = pd.DataFrame({"value": [5], "unit": ["projects"], "precision": ["about"]})
    assert nb.quantity_of(stated) == Count(5.0, "about")


def test_an_unknown_mineral_or_parameter_is_refused_with_the_nearest(workspace: Workspace):
    with pytest.raises(UsageError, match=r"no mineral 'lithum'. Did you mean 'lithium'\?"):
        opened(workspace, minerals=["lithum"])
    with pytest.raises(UsageError, match="Did you mean 'as_of'"):
        opened(workspace, as_off="2025-03-31")


def test_a_list_of_minerals_at_fault_is_told_as_a_fault_of_the_figures(workspace: Workspace, raw):
    raw.path("vocabulary/minerals").write_bytes(b"")
    with pytest.raises(FiguresError, match=r"vocabulary/minerals\.csv"):
        opened(workspace)


def test_names_that_do_not_exist_are_refused_with_the_nearest(workspace: Workspace):
    nb = opened(workspace)
    texts = {"title": say("figure-download"), "caption": say("figure-data")}
    with pytest.raises(UsageError, match="Did you mean 'funding/awards'"):
        nb.raw("funding/award")
    with pytest.raises(UsageError, match="Save the table 'tiny_exports' before"):
        nb.table("tbl-x", "tiny_exports", show=["year"], **texts, widths=[1])
    nb.save("tiny_exports", exports(nb))
    with pytest.raises(UsageError, match=r"no column 'amount'\. Did you mean 'amount_cad'"):
        nb.table("tbl-x", "tiny_exports", show=["amount"], **texts, widths=[1])


STATED = pd.DataFrame(
    {
        "amount": [3.5e9, 40e9, None, 1e6],
        "currency": ["USD", "CAD", None, "GBP"],
        "year": [2023, 2023, 2023, 2030],
        "precision": ["exact", "rounded", "exact", "exact"],
    }
)


def converted(workspace: Workspace, currency: str) -> pd.DataFrame:
    nb = opened(workspace, currency=currency)
    told = {"amount": "amount", "currency": "currency", "year": "year"}
    return nb.converted(STATED, "amount_cad", **told)


def test_each_amount_takes_the_rate_of_its_own_year_from_the_currency_stated(workspace: Workspace):
    rates = opened(workspace).rates.set_index(["currency", "year"])["cad_per_unit"]
    pounds = rates["GBP"].sort_index().iloc[-1]  # of the newest year: 2030 has none yet
    dollars = converted(workspace, "USD")
    assert dollars["amount_usd"].iloc[0] == 3.5e9  # as stated, not to Canadian dollars and back
    assert dollars["amount_usd"].iloc[1] == pytest.approx(40e9 / rates["USD", 2023])
    assert dollars["amount_usd"].isna().tolist() == [False, False, True, False]
    assert dollars["amount_cad"].tolist()[3] == pytest.approx(1e6 * pounds)
    assert [*converted(workspace, "CAD").columns] == [*STATED.columns, "amount_cad"]


def test_what_was_converted_is_about_right_but_for_the_whole_report(workspace: Workspace):
    assert [*converted(workspace, "CAD")["precision"]] == ["about", "rounded", "exact", "about"]
    assert [*converted(workspace, "USD")["precision"]] == ["exact", "rounded", "exact", "about"]


def test_amounts_are_shown_in_the_currency_asked_for(workspace: Workspace):
    nb = opened(workspace, currency="USD")
    rows = pd.DataFrame({"amount_cad": [2e6], "amount_usd": [1.5e6], "precision": ["up_to"]})
    assert nb.amount_of(rows) == nb.total(rows) == Money(1_500_000, "USD", "up_to")
    stated = pd.DataFrame(
        {
            "value": [40e9, 5.0],
            "unit": ["CAD", "percent"],
            "precision": "exact",
            "year": [2023, 2023],
        }
    )
    shown = nb.in_currency(stated, year="year")
    assert [*shown["unit"]] == ["USD", "percent"]
    assert nb.quantity_of(shown).amount == pytest.approx(29.64e9, rel=1e-3)
    assert opened(workspace).in_currency(stated, year="year").equals(stated)


def test_a_saved_table_has_its_amounts_in_both_currencies(workspace: Workspace):
    described = workspace.schemas / "tiny_exports.schema.yaml"
    dated = "x-unit: CAD\n    x-year: [year]\n"
    described.write_text(described.read_text("utf-8").replace("x-unit: CAD\n", dated), "utf-8")
    nb = opened(workspace, currency="USD")
    saved = nb.save("tiny_exports", exports(nb))
    rates = nb.rates[nb.rates["currency"] == "USD"].set_index("year")["cad_per_unit"]
    expected = saved["amount_cad"] / saved["year"].map(rates).fillna(rates.sort_index().iloc[0])
    assert saved["amount_usd"].tolist() == pytest.approx(expected.tolist())


def test_a_bare_sign_means_the_currency_of_the_report(workspace: Workspace):
    claim = opened(workspace, currency="USD").quantity(3.8e9, "CAD")
    assert (write(claim, "en"), write(claim, "fr")) == (
        "CA$3.8\u00a0billion",
        "3,8\u00a0milliards de dollars canadiens",
    )
    opened(workspace)
    assert write(claim, "en") == "$3.8\u00a0billion"


def test_outside_a_project_there_is_no_notebook(tmp_path):
    with pytest.raises(UsageError, match="not inside a project"):
        open_notebook("10_tiny", tmp_path)


def test_a_currency_without_a_rate_on_that_day_is_refused(workspace: Workspace):
    nb = opened(workspace, currency="USD", as_of="2001-01-01")
    told = {"amount": "amount", "currency": "currency", "year": "year"}
    with pytest.raises(UsageError, match="No exchange rate for USD was public on this day"):
        nb.converted(STATED, "amount_cad", **told)


def test_the_year_of_the_newest_figure_says_when_it_is_old(workspace: Workspace):
    nb = opened(workspace)
    recent, old = (pd.DataFrame({"year": [year]}) for year in (2025, 2022))
    assert nb.year_of(recent) == Year(2025)
    assert nb.year_of(old)("en") == "2022 (latest figure found)"
    earlier = opened(workspace, as_of="2023-12-31")
    assert earlier.year_of(old) == Year(2022)
