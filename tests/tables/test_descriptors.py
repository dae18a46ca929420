"""Tables are data: descriptors keep to the standard, and tables of any project to theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from critical_minerals.errors import Problem
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
DESCRIPTORS = sorted((PROJECT / "data").rglob("*.schema.yaml"))
# https://datapackage.org/standard/table-schema/
OF_TABLE = {
    "$schema",
    "name",
    "title",
    "description",
    "fields",
    "missingValues",
    "primaryKey",
    "uniqueKeys",
    "foreignKeys",
}
OF_FIELD = {
    "name",
    "type",
    "format",
    "title",
    "description",
    "example",
    "constraints",
    "missingValues",
    "delimiter",
    "trueValues",
    "falseValues",
}
TYPES = {"string", "number", "integer", "boolean", "date", "year", "list"}
CONSTRAINTS = {"required", "unique", "enum", "minimum", "maximum", "maxLength", "pattern"}

STATIONS = """
$schema: https://datapackage.org/profiles/2.0/tableschema.json
description: Where it rains.
fields:
  - {name: station, type: string, x-kind: slug, description: Id., constraints: {required: true}}
  - {name: opened, type: date, description: First day.}
  - {name: closed, type: date, description: Last day.}
  - {name: east, type: number, x-unit: degrees, description: Longitude.}
  - {name: north, type: number, x-unit: degrees, description: Latitude.}
  - {name: mast, type: string, description: Mast it stands on.}
  - {name: roof, type: string, description: Roof it stands on.}
primaryKey: [station]
x-timeless: true
x-rules:
  - {rule: ordered, fields: [opened, closed]}
  - {rule: together, fields: [east, north]}
  - {rule: not_both, fields: [mast, roof]}
  - {rule: any_of, fields: [mast, roof]}
"""
RAIN = """
$schema: https://datapackage.org/profiles/2.0/tableschema.json
description: How much hail fell.
fields:
  - {name: station, type: string, x-kind: slug, description: Where., constraints: {required: true}}
  - {name: year, type: integer, x-unit: year, description: When., constraints: {required: true}}
  - {name: hail_t, type: number, x-unit: t, description: Hail., constraints: {minimum: 0}}
primaryKey: [station, year]
foreignKeys:
  - fields: [station]
    reference: {resource: weather/stations, fields: [station]}
x-timeless: true
"""
SOUND = {
    "stations": "station,opened,closed,east,north,mast,roof\na,2001-01-01,,,,m,\nb,,,1,2,,r\n",
    "rain": "station,year,hail_t\na,2001,5\nb,2001,\n",
}


def parts(descriptor: Path) -> Iterator[tuple[set[str], set[str]]]:
    """Give the properties of each part, with those that the standard knows."""
    table = yaml.safe_load(descriptor.read_text("utf-8"))
    yield {*table}, OF_TABLE
    for field in table["fields"]:
        yield {*field}, OF_FIELD
        yield {field["type"]}, TYPES
        yield {*field.get("constraints", {})}, CONSTRAINTS
    for key in table.get("foreignKeys", []):
        yield {*key}, {"fields", "reference"}
        yield {*key["reference"]}, {"resource", "fields"}


@pytest.mark.parametrize("descriptor", DESCRIPTORS, ids=lambda path: path.stem)
def test_a_descriptor_keeps_to_the_standard_and_marks_what_is_our_own(descriptor: Path):
    for properties, standard in parts(descriptor):
        assert {name for name in properties - standard if not name.startswith("x-")} == set()


@pytest.fixture
def weather(tmp_path: Path) -> Workspace:
    """A project of two tables that has nothing to do with minerals."""
    folder = tmp_path / "data" / "raw" / "weather"
    folder.mkdir(parents=True)
    (tmp_path / "pyproject.toml").touch()
    for name, descriptor in (("stations", STATIONS), ("rain", RAIN)):
        (folder / f"{name}.schema.yaml").write_text(descriptor, "utf-8")
        (folder / f"{name}.csv").write_text(SOUND[name], "utf-8")
    return Workspace(tmp_path)


def checked(workspace: Workspace, name: str, text: str) -> list[Problem]:
    (workspace.raw / "weather" / f"{name}.csv").write_text(text, "utf-8")
    return RawStore(workspace).check()


def test_tables_of_another_project_are_checked_by_their_own_descriptors(weather: Workspace):
    assert RawStore(weather).check() == []


@pytest.mark.parametrize(
    ("name", "row", "fault", "place"),
    [
        ("rain", "c,2001,5", "'c'", (4, "station")),
        ("rain", "a,2001,7", "", (4, "station")),
        ("rain", "a,2002,-1", "'-1'", (4, "hail_t")),
        ("rain", "a,,1", "", (4, "year")),
        ("rain", "a,2002,much", "'much'", (4, "hail_t")),
        ("stations", "c,2001-02-01,2001-01-01,,,m,", "", (4, "closed")),
        ("stations", "c,,,1,,m,", "", (4, "north")),
        ("stations", "c,,,,,m,r", "", (4, "roof")),
        ("stations", "c,,,,,,", "", (4, "mast")),
    ],
)
def test_a_planted_fault_of_every_kind_is_found_in_its_place(
    weather: Workspace, name: str, row: str, fault: str, place: tuple[int, str]
):
    found = checked(weather, name, f"{SOUND[name]}{row}\n")
    told = [(problem.row, problem.column) for problem in found]
    assert [where for where, _ in told] == [place[0]], told
    assert fault in str(found[0])
    assert found[0].file == f"data/raw/weather/{name}.csv"
    assert found[0].expected
    assert found[0].remedy


def test_a_name_that_promises_a_unit_needs_it_in_the_descriptor(weather: Workspace):
    file = weather.raw / "weather" / "rain.schema.yaml"
    text = file.read_text("utf-8").replace("x-unit: t, ", "").replace("x-unit: year, ", "")
    file.write_text(text.replace("hail_t", "hail_pct"), "utf-8")
    found = checked(weather, "rain", SOUND["rain"].replace("hail_t", "hail_pct"))
    assert [problem.column for problem in found] == ["hail_pct"]
