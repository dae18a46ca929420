"""The benchmarks measure in turn, find what they edit, and show what they found."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks"
sys.path.insert(0, str(FOLDER))

import peers  # noqa: E402 - the benchmarks are no package
import project  # noqa: E402
import show  # noqa: E402
from measure import Command, Contender, middle, peaks, side_by_side  # noqa: E402
from project import Copy  # noqa: E402


def python(folder: Path, code: str) -> Command:
    return Command((sys.executable, "-c", code), folder)


def test_contenders_take_turns(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    note = "open('turns.txt', 'a').write('{}')"
    contenders = [Contender(name, [python(tmp_path, note.format(name))]) for name in "ab"]
    seconds = side_by_side(contenders, 3)
    assert (tmp_path / "turns.txt").read_text("utf-8") == "ababab"
    assert {name: len(taken) for name, taken in seconds.items()} == {"a": 3, "b": 3}
    assert "3/3  b" in capsys.readouterr().out


def test_what_makes_ready_is_not_measured(tmp_path: Path):
    slow = Contender("a", [python(tmp_path, "")], lambda: python(tmp_path, _WAIT).run())
    assert side_by_side([slow], 1)["a"][0] < 1.0


_WAIT = "import time; time.sleep(1.0)"


def test_a_command_that_fails_says_what_went_wrong(tmp_path: Path):
    with pytest.raises(RuntimeError, match="no such figure"):
        python(tmp_path, "raise SystemExit('no such figure')").run()


def test_memory_counts_the_processes_that_a_command_starts(tmp_path: Path):
    hold = "import time; held = b'x' * 120_000_000; time.sleep(1.5)"
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold!r}])"
    (peak,) = peaks([Contender("a", [python(tmp_path, nested)])], 1)["a"]
    assert 120 <= peak < 400


@pytest.mark.parametrize(
    "edit", [Copy.edit_figure, Copy.edit_chart, Copy.edit_chart_words, Copy.edit_sentence]
)
def test_each_edit_changes_one_file_and_again_each_time(
    edit: Callable[[Copy], None], tmp_path: Path
):
    for name in ("data/raw", "reports", "src"):
        shutil.copytree(project.PROJECT / name, tmp_path / name, ignore=project.LEFT_OUT)
    copy = Copy(tmp_path, "embedded")
    before = _texts(tmp_path)
    edit(copy)
    between = _texts(tmp_path)
    edit(copy)
    after = _texts(tmp_path)
    (changed,) = (path for path in before if before[path] != between[path])
    assert [path for path in before if between[path] != after[path]] == [changed]


def _texts(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_peers_have_the_same_steps(tmp_path: Path):
    commands = peers.lay_out(tmp_path, ("10_one", "20_two"), tmp_path / "bin")
    assert [*commands] == ["doit", "pytask", "snakemake"]
    for file in ("doit/dodo.py", "pytask/task_all.py", "snakemake/Snakefile"):
        text = (tmp_path / file).read_text("utf-8")
        assert all(f"made/{name}.txt" in text for name in ("check", "20_two", "assemble", "fr-pdf"))


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The page of one made-up result."""
    result = {
        "title": "Nothing to do",
        "note": "A run after a run.",
        "unit": "s",
        "groups": {"": {"this project": [0.3, 0.1, 0.2], "other": [0.1, 0.1, 0.1]}},
        "aims": [
            {"what": "no-op, in seconds", "at_most": 0.3, "found": 0.2, "met": True},
            {"what": "no-op, as a part of other's", "at_most": 0.25, "found": 2, "met": False},
        ],
        "measured": "2026-01-01 00:00 UTC",
        "commit": "abc",
        "edited_since": False,
        "machine": {"processor": "P", "processors": 2, "memory_gb": 8, "system": "Linux 6"},
        "load_before": 0.1,
        "repeats": 3,
        "versions": {"python": "3.13"},
    }
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "noop.json").write_text(json.dumps(result), "utf-8")
    monkeypatch.setattr(show, "FOLDER", tmp_path)
    monkeypatch.setattr(show, "RESULTS", tmp_path / "results")
    show.show()
    return (tmp_path / "README.md").read_text("utf-8")


def test_the_page_tells_medians_ranges_and_ratios_to_ours(page: str):
    assert "| this project | 0.2 | 0.1 to 0.3 |  |" in page
    assert "| other | 0.1 | 0.1 to 0.1 | × 0.50 |" in page


def test_the_page_tells_aims_that_were_missed(page: str):
    assert "| no-op, in seconds | 0.3 | 0.2 | met |" in page
    assert "| no-op, as a part of other's | 0.25 | 2 | **missed** |" in page


def test_the_chart_says_in_words_what_it_shows(page: str):
    alternative = "Bars. this project 0.2 s; other 0.1 s."
    assert f"![{alternative}](results/noop.svg)" in page
    assert alternative in (show.RESULTS / "noop.svg").read_text("utf-8")


def test_the_middle_of_what_was_measured():
    assert middle([3.0, 1.0, 2.0]) == 2.0
