"""The description of a run, by the validator of its profiles, without a network."""

import hashlib
import json
from pathlib import Path

import pytest
import requests
from orchards import plant, run
from rocrate_validator import models, services
from rocrate_validator.utils.http import HttpRequester

CONTEXT = Path(__file__).parent / "ro-crate" / "context-1.1.jsonld"
"""What RO-Crate's terms mean: version 1.1.3, in the public domain (CC0 1.0)."""


@pytest.fixture(scope="module")
def crate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = plant(tmp_path_factory.mktemp("crate"))
    (root / "parameters.toml").write_text('[publication]\nmade_by = "The Orchard"\n', "utf-8")
    made = run(root, "--renderer", "embedded", "--to", "html")
    assert made.returncode == 0, made.stdout + made.stderr
    return root / "reports" / "_output"


def entities(crate: Path) -> dict[str, dict]:
    content = json.loads((crate / "ro-crate-metadata.json").read_text("utf-8"))
    return {entity["@id"]: entity for entity in content["@graph"]}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answer for the one address that the validator asks for with the file that lies there."""

    def get(_: HttpRequester, url: str, **__: object) -> requests.Response:
        assert url == "https://w3id.org/ro/crate/1.1/context"
        answer = requests.Response()
        answer.status_code, answer._content = 200, CONTEXT.read_bytes()
        answer.headers["Content-Type"] = "application/ld+json"
        return answer

    monkeypatch.setattr(HttpRequester, "get", get, raising=False)


@pytest.mark.usefixtures("no_network")
def test_it_is_a_workflow_run_crate(crate: Path):
    settings = services.ValidationSettings(
        rocrate_uri=str(crate),
        profile_identifier="workflow-run-crate",
        requirement_severity=models.Severity.REQUIRED,
        offline=True,
    )
    found = services.validate(settings)
    assert [f"{issue.check.identifier}: {issue.message}" for issue in found.get_issues()] == []
    assert found.passed()


def test_it_describes_every_file_that_is_delivered(crate: Path):
    described = entities(crate)
    there = {path.relative_to(crate).as_posix() for path in crate.rglob("*") if path.is_file()}
    parts = {part["@id"] for part in described["./"]["hasPart"]}
    assert parts == there - {"ro-crate-metadata.json"}
    for name in parts:
        content = (crate / name).read_bytes()
        assert described[name]["sha256"] == hashlib.sha256(content).hexdigest(), name
        assert described[name]["contentSize"] == str(len(content))


def test_the_run_names_its_parameters_inputs_and_results(crate: Path):
    described = entities(crate)
    action = described["#run"]
    assert action["instrument"] == {"@id": "data/pipeline.py"}
    assert described[action["agent"]["@id"]]["name"] == "The Orchard"
    given = [described[each["@id"]] for each in action["object"]]
    values = {each["name"]: each["value"] for each in given if each["@type"] == "PropertyValue"}
    assert values["favourites"] == ["apple"]
    assert action["endTime"] == values["as_of"]
    raw = crate.parents[1] / "data" / "raw" / "harvest.csv"
    (read,) = [each for each in given if each["name"] == "data/raw/harvest.csv"]
    assert read["sha256"] == hashlib.sha256(raw.read_bytes()).hexdigest()
    assert {"@id": "harvest.html"} in action["result"]
