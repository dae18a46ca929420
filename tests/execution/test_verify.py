"""A report is made once more in a fresh copy; every difference has its cause."""

from pathlib import Path

import pytest
from orchards import plant, run


@pytest.fixture(scope="module")
def orchard(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = plant(tmp_path_factory.mktemp("verified"))
    made = run(root, "--renderer", "embedded", "--to", "html")
    assert made.returncode == 0, made.stdout + made.stderr
    return root


def test_without_a_report_there_is_nothing_to_verify(tmp_path: Path):
    told = run(plant(tmp_path), "verify")
    assert told.returncode == 2
    assert "Make it first: python pipeline.py" in told.stderr


def test_what_was_made_comes_out_byte_for_byte(orchard: Path):
    told = run(orchard, "verify")
    assert (told.returncode, told.stderr) == (0, "")
    assert "all of them the same, byte for byte" in told.stdout
    assert not [*(orchard / ".pipeline").glob("scratch-*")]


def test_what_an_earlier_run_was_held_to_is_no_difference(orchard: Path):
    again = run(orchard, "--renderer", "embedded", "--to", "html", "--force")
    assert again.returncode == 0, again.stderr
    told = run(orchard, "verify")
    assert (told.returncode, told.stderr) == (0, "")


def test_what_earlier_runs_have_delivered_is_verified_too(orchard: Path):
    """The last run has made one edition's page alone; the set has both, and the print."""
    for options in (("--to", "html,pdf"), ("--to", "html", "--language", "en")):
        made = run(orchard, "--renderer", "embedded", *options)
        assert made.returncode == 0, made.stderr
    assert (orchard / "reports" / "_output" / "recolte.pdf").is_file()
    told = run(orchard, "verify")
    assert (told.returncode, told.stderr) == (0, "")


def test_a_set_that_a_killed_run_has_moved_away_is_put_back_first(orchard: Path):
    """As where the system cannot exchange two folders."""
    delivered = orchard / "reports" / "_output"
    delivered.rename(delivered.with_name("._output.old"))
    told = run(orchard, "verify")
    assert (told.returncode, told.stderr) == (0, "")
    assert (delivered / "harvest.html").is_file()


def test_each_difference_is_told_with_its_cause(orchard: Path):
    page = orchard / "reports" / "_output" / "recolte.html"
    page.unlink()  # it shares its content with what the step keeps
    page.write_text("<p>Mine.</p>", "utf-8")
    (orchard / "requirements.lock").write_text("nothing==1.0\n", "utf-8")
    told = run(orchard, "verify")
    assert told.returncode == 3
    assert "differ" in told.stdout
    lines = told.stderr.splitlines()
    assert any("_output/recolte.html: changed from outside" in line for line in lines)

    (orchard / "requirements.lock").unlink()
    figures = orchard / "data" / "raw" / "harvest.csv"
    kept = figures.read_text("utf-8")
    figures.write_text(kept.replace("2024,20,", "2024,21,"), "utf-8")
    assert figures.read_text("utf-8") != kept
    told = run(orchard, "verify")
    figures.write_text(kept, "utf-8")
    assert "harvest.csv: another input (data/raw/harvest.csv)" in told.stderr
    follows = "_output/harvest.html: follows from what differs before"
    assert follows in told.stderr
