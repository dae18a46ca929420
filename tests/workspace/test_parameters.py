import datetime as dt
import re
from pathlib import Path

import pytest

from critical_minerals.errors import UsageError
from critical_minerals.project import ReportParameters
from critical_minerals.workspace.parameters import (
    Limits,
    Publication,
    load_limits,
    load_parameters,
    load_publication,
    parse_parameters,
)


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "parameters.toml"
    file.write_text(text, "utf-8")
    return file


def test_the_command_line_overrides_the_file_and_the_file_the_defaults(tmp_path: Path):
    file = written(tmp_path, 'as_of = 2025-03-31\ncurrency = "USD"\n')
    parameters = load_parameters(file, {"currency": "CAD"}, ReportParameters)
    assert parameters.as_of == dt.date(2025, 3, 31)
    assert parameters.currency == "CAD"
    assert parameters.period_start == ReportParameters().period_start


def test_without_a_file_the_defaults_hold(tmp_path: Path):
    assert load_parameters(tmp_path / "none.toml", {}, ReportParameters) == ReportParameters()
    assert load_parameters(None, {}, ReportParameters) == ReportParameters()


def test_the_projects_own_file_is_valid_and_knows_every_parameter():
    file = Path(__file__).parents[2] / "parameters.toml"
    assert load_parameters(file, {}, ReportParameters)
    assert all(
        f"\n{name} = " in "\n" + file.read_text("utf-8") for name in ReportParameters.names()
    )


def test_every_unknown_parameter_is_named_with_the_nearest(tmp_path: Path):
    file = written(tmp_path, 'as_off = 2025-03-31\ncurency = "CAD"\n')
    with pytest.raises(UsageError) as caught:
        load_parameters(file, {}, ReportParameters)
    assert str(caught.value).splitlines() == [
        "There is no parameter 'as_off'. Did you mean 'as_of'?",
        "There is no parameter 'curency'. Did you mean 'currency'?",
    ]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"as_of": "2025"}, "such as 2025-03-31"),
        ({"as_of": 1743379200}, "such as 2025-03-31"),
        ({"as_of": "2025-02-30"}, "'2025-02-30' does not fit"),
        ({"as_of": "31/03/2025"}, "such as 2025-03-31"),
        ({"currency": "CHF"}, "'CAD', 'USD', 'EUR', 'GBP' or 'JPY'"),
        ({"languages": ["de"]}, "'de' does not fit"),
        ({"languages": []}, "Parameter languages"),
        ({"minerals": []}, "Parameter minerals"),
        ({"period_start": "soon"}, "Parameter period_start: 'soon'"),
        ({"period_end": 3000}, "Parameter period_end: 3000"),
        ({"period_start": 2026, "period_end": 2020}, "period_start 2026 is after period_end 2020"),
    ],
)
def test_a_wrong_value_is_refused_in_words(given: dict, said: str):
    with pytest.raises(UsageError) as caught:
        parse_parameters(given, ReportParameters)
    assert said in str(caught.value)
    assert "Value error" not in str(caught.value)


def test_a_day_that_is_yet_to_come_is_refused(tmp_path: Path):
    today = dt.date(2027, 1, 1)
    assert parse_parameters({"as_of": "2027-01-01"}, ReportParameters, today).as_of == today
    file = written(tmp_path, "as_of = 2027-01-02\n")
    with pytest.raises(UsageError, match="as_of: 2027-01-02 is in the future, today is 2027-01-01"):
        load_parameters(file, {}, ReportParameters, today)
    with pytest.raises(UsageError, match="as_of: 9999-12-31 is in the future"):
        parse_parameters({"as_of": "9999-12-31"}, ReportParameters)


def test_all_wrong_values_are_told_at_once():
    with pytest.raises(UsageError) as caught:
        parse_parameters({"currency": "CHF", "as_of": "x", "languages": ["de"]}, ReportParameters)
    assert len(str(caught.value).splitlines()) == 3


def test_an_edition_asked_for_twice_is_made_once():
    assert parse_parameters({"languages": ["en", "en"]}, ReportParameters).languages == ("en",)


@pytest.mark.parametrize(
    "text",
    ["as_of = [", f"period_start = {'9' * 5000}", f"minerals = {'[' * 20_000}", "as_of = \udcff"],
    ids=["cut off", "an endless number", "very deep", "no text"],
)
def test_an_unreadable_file_is_a_usage_error(tmp_path: Path, text: str):
    file = tmp_path / "parameters.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(UsageError, match=r"parameters\.toml cannot be read"):
        load_parameters(file, {}, ReportParameters)


def test_a_file_that_begins_with_a_byte_order_mark_is_read(tmp_path: Path):
    file = written(tmp_path, '\ufeffcurrency = "USD"\n')
    assert load_parameters(file, {}, ReportParameters).currency == "USD"


@pytest.mark.parametrize(
    "text",
    [
        "as_of = 2026-09-30T10:00:00",
        "as_of = 10:00:00",
        "as_of = true",
        "period_start = 2017.0",
        "period_start = true",
        "period_start = 20170",
        "languages = 'en'",
        "currency = ['CAD']",
        "currency = {a = 1}",
        "minerals = [1]",
        "minerals = [['lithium']]",
    ],
)
def test_a_value_of_an_odd_type_is_refused_in_words(tmp_path: Path, text: str):
    with pytest.raises(UsageError, match="does not fit"):
        load_parameters(written(tmp_path, text), {}, ReportParameters)


def test_notebooks_get_plain_values_that_lead_back_to_the_same_parameters():
    parameters = parse_parameters({"as_of": "2025-03-31", "currency": "USD"}, ReportParameters)
    plain = parameters.for_papermill()
    assert plain["as_of"] == "2025-03-31"
    assert parse_parameters(plain, ReportParameters) == parameters


def test_who_publishes_stands_beside_the_parameters(tmp_path: Path):
    told = 'currency = "USD"\n[publication]\nmade_by = "A & B"\nnext_update = 2027-03-31\n'
    file = written(tmp_path, told)
    assert load_publication(file) == Publication("A & B", "", "2027-03-31")
    assert load_parameters(file, {}, ReportParameters).currency == "USD"
    assert load_publication(tmp_path / "none.toml") == Publication()
    for wrong, said in (
        ("publication = 5", "publication is a table"),
        ('[publication]\nmadeby = "x"', "There is no 'madeby' in [publication]. Did you mean"),
        ('[publication]\nnext_update = "soon"', "publication.next_update: 'soon' does not fit"),
    ):
        with pytest.raises(UsageError, match=re.escape(said)):
            load_publication(written(tmp_path, wrong))


def test_limits_stand_beside_the_parameters(tmp_path: Path):
    file = tmp_path / "parameters.toml"
    assert load_limits(file) == Limits()
    file.write_text('currency = "USD"\n[limits]\nnotebook_seconds = 5\n', "utf-8")
    assert load_limits(file) == Limits(notebook_seconds=5)
    assert load_parameters(file, {}, ReportParameters).currency == "USD"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("limits = 5", "limits is a table"),
        ("[limits]\nnotebook_secs = 5", "There is no limit 'notebook_secs'. Did you mean"),
        ("[limits]\nnotebook_seconds = 0", "Limit notebook_seconds: 0 does not fit"),
        ("[limits]\nnotebook_seconds = inf", "Limit notebook_seconds: inf does not fit"),
        ("[limits]\nnotebook_gigabytes = true", "Limit notebook_gigabytes: True does not fit"),
    ],
)
def test_a_limit_that_does_not_fit_is_named(tmp_path: Path, text: str, told: str):
    file = tmp_path / "parameters.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=re.escape(told)):
        load_limits(file)
