"""In another currency every amount of the report is in it, or names its own; none is bare."""

import csv
import json
import re
from pathlib import Path

import lxml.html
import pytest

from .conftest import PROJECT, Project, copied

pytestmark = pytest.mark.long

RUNS = {"USD": "en", "EUR": "fr"}
BARE = {
    "en": re.compile(r"(?<!US)(?<!CA)\$|(?<!US )(?<!Canadian )\bdollars\b|\bCAD\b"),
    "fr": re.compile(r"\$(?!\u00a0(?:CA|US))|\bdollars\b(?! canadiens| américains)|\bCAD\b"),
}
"""An amount that does not say in which dollars it is, or is in those of the tables."""
GLOSSARY = {"tbl-glossary", "tbl-sources", "tbl-exchange-rates"}
"""Tables that explain words or name documents."""


@pytest.fixture(scope="module", params=RUNS)
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    """A run in another currency: the project, the currency and the language."""
    currency, language = request.param, RUNS[request.param]
    project = copied(tmp_path_factory.mktemp(currency))
    options = ("--renderer", "embedded", "--to", "html", "--language", language)
    done = project.run(*options, "--currency", currency)
    assert done.returncode == 0, done.stdout + done.stderr
    return project, currency, language


def read(path: Path) -> str:
    """The text of a page for its readers, without the titles of the documents that it cites."""
    page = lxml.html.parse(path).getroot()
    for element in page.xpath("//script|//style|//template|//*[@id='tbl-glossary']"):
        element.drop_tree()
    text = re.sub(r"[ \t\r\n]+", " ", page.text_content())
    with (PROJECT / "data/raw/sources.csv").open(encoding="utf-8", newline="") as lines:
        titles = {
            row["title"] for row in csv.DictReader(lines) if re.search(r"\$|dollar", row["title"])
        }
        titles |= {title.replace("'", "’") for title in titles}
    for title in sorted(titles, key=len, reverse=True):
        text = text.replace(re.sub(r"\s+", " ", title), "")
    return text


def test_no_amount_is_bare(shown: tuple[Project, str, str]):
    project, _, language = shown
    for path in (project.output("html", language), project.annex("html", language)):
        text = read(path)
        bare = [
            text[max(at.start() - 60, 0) : at.end() + 20] for at in BARE[language].finditer(text)
        ]
        assert bare == [], path.name


def test_every_value_is_in_the_currency_or_a_claim_in_its_own(shown: tuple[Project, str, str]):
    project, currency, language = shown
    units = {name: each["unit"] for name, each in project.values(language).items()}
    money = {name: unit for name, unit in units.items() if unit and unit in {"CAD", *RUNS}}
    assert len(money) > 20
    strangers = {name for name, unit in money.items() if unit != currency}
    assert {name for name in strangers if not name.startswith("claim_")} == set()


def test_gdp_takes_the_rate_of_its_year(shown: tuple[Project, str, str]):
    project, currency, language = shown
    gdp = project.values(language)["gdp_contribution"]["number"]
    assert gdp / 1e9 == pytest.approx({"USD": 29.64, "EUR": 27.40}[currency], abs=0.005)


def test_figures_and_tables_are_headed_and_captioned_in_it(shown: tuple[Project, str, str]):
    project, currency, language = shown
    name = {"USD": "US dollars", "EUR": "euros"}[currency]
    told = 0
    for path in sorted(project.published_in(language).glob("*-*.json")):
        published = json.loads(path.read_text("utf-8"))
        if path.stem in GLOSSARY or "header" not in published:
            continue
        head = " ".join(published["header"])
        assert not re.search(r"\bCAD\b|\$\u00a0CA", head), path.stem
        if re.search({"USD": r"\bUSD\b", "EUR": "€"}[currency], head):
            assert name in published["caption"], path.stem
            told += 1
    assert told >= 10


def test_methods_say_which_rates(shown: tuple[Project, str, str]):
    project, currency, language = shown
    name = {"USD": "US dollars", "EUR": "euros"}[currency]
    values = project.values(language)
    assert values["currency"]["text"] == name
    assert values["rates_last_year"]["text"] == {"USD": "2025", "EUR": "2024"}[currency]
    rates = json.loads((project.published_in(language) / "tbl-exchange-rates.json").read_text())
    assert {row[0] for row in rates["cells"]} >= {name}
