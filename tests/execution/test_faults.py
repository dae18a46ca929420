"""What goes wrong around a run: it is told in a sentence, and the last good set stays whole.

Each fault is really made, on a small report of its own. `docs/faults.md` lists all of them, these
and those of other tests.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from orchards import contents, environment, pick, plant, program

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="namespaces and limits of Linux"),
]

MAKE = ("--renderer", "embedded", "--to", "html")
NOBODY = 64_999
"""A user that the system has no entry of."""


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report that was made; tests work on copies of it."""
    root = plant(tmp_path_factory.mktemp("good"))
    made = run(root)
    assert made.returncode == 0, made.stdout + made.stderr
    return root


@pytest.fixture
def orchard(good: Path, tmp_path: Path) -> Path:
    root = tmp_path / "orchard"
    shutil.copytree(good, root, symlinks=True)
    return root


def run(
    root: Path,
    *arguments: str,
    variables: Mapping[str, str | None] | None = None,
    before: Callable[[], None] | None = None,
    within: Sequence[str] = (),
) -> subprocess.CompletedProcess[str]:
    """Run the pipeline; a variable that is None is taken away.

    `within` are options of `unshare` and what its shell does first, in a system of its own.
    """
    given = {**environment(root), **(variables or {})}
    command = [sys.executable, "pipeline.py", *(arguments or MAKE)]
    if within:
        *options, script = within
        if subprocess.run(["unshare", *options, "true"], check=False).returncode:
            pytest.skip("this system gives its users no namespaces")
        command = ["unshare", *options, "sh", "-c", script, "sh", *command]
    variables_left = {name: value for name, value in given.items() if value is not None}
    return program(root, *command, env=variables_left, preexec_fn=before)


def delivered(root: Path) -> dict[str, bytes]:
    return contents(root / "reports" / "_output")


def fails(told: subprocess.CompletedProcess[str], *words: str) -> None:
    """It failed, says so in these words, and shows nobody our own code."""
    assert told.returncode not in (0, None), told.stdout
    assert "Traceback" not in told.stdout + told.stderr
    for word in words:
        assert word in told.stderr, told.stderr


def replace_cell(root: Path, source: str) -> None:
    file = root / "notebooks" / "10_harvest.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"][-1]["source"] = f"{source}\n{''.join(notebook['cells'][-1]['source'])}"
    file.write_text(json.dumps(notebook), "utf-8")


def test_a_disk_that_takes_no_more_is_told_and_the_set_stays(orchard: Path):
    before = delivered(orchard)
    pick(orchard, 21)

    def full() -> None:
        # Files end at 30 kB, as on a disk that is full by then.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, 30_000))

    fails(run(orchard, before=full), "too large")
    assert delivered(orchard) == before
    again = run(orchard)
    assert again.returncode == 0, again.stderr
    assert delivered(orchard) != before


@pytest.mark.parametrize(
    ("first", "words"),
    [
        ('mount --bind . . && mount -o remount,ro,bind . && cd "$PWD"', "Read-only file system"),
        # A disk of its own for what steps make, with room for little of it.
        (
            "mount -t tmpfs -o size=500k tmpfs reports/_generated/output",
            "The disk is full: make room",
        ),
    ],
)
def test_a_read_only_project_and_a_full_disk_are_told_and_the_set_stays(
    orchard: Path, first: str, words: str
):
    before = delivered(orchard)
    pick(orchard, 21)
    within = ("--map-root-user", "--mount", f'{first} && exec "$@"')
    fails(run(orchard, within=within), words)
    assert delivered(orchard) == before


def test_a_user_without_an_entry_a_home_or_a_temporary_folder_makes_the_report(orchard: Path):
    before = delivered(orchard)
    variables = {"HOME": None, "USER": None, "LOGNAME": None, "TMPDIR": "/nowhere/at/all"}
    nobody = (f"--map-user={NOBODY}", 'exec "$@"')
    told = run(orchard, *MAKE, "--force", variables=variables, within=nobody)
    assert told.returncode == 0, told.stdout + told.stderr
    assert delivered(orchard) == before


def test_without_shared_memory_the_report_is_made(orchard: Path):
    before = delivered(orchard)
    none = 'mount -t tmpfs -o ro,size=4k tmpfs /dev/shm && exec "$@"'
    within = ("--map-root-user", "--mount", none)
    told = run(orchard, *MAKE, "--force", within=within)
    assert told.returncode == 0, told.stdout + told.stderr
    assert delivered(orchard) == before


def test_a_path_with_spaces_accents_and_much_length_makes_the_same_report(
    good: Path, tmp_path: Path
):
    root = tmp_path / "un dossier à part" / "données minérales" / ("long" * 35)
    root.mkdir(parents=True)
    made = run(plant(root))
    assert made.returncode == 0, made.stdout + made.stderr
    assert delivered(root) == delivered(good)


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"\xff{",
        lambda _: b"[]",
        lambda _: b'{"a": {"of another version": 1}}',
        # The names that there are, with something else under each; lists of something else.
        lambda content: json.dumps(dict.fromkeys(content, 5)).encode(),
        lambda content: json.dumps({name: [5] for name in content}).encode(),
    ],
    ids=["no text", "a list", "another version", "numbers", "lists"],
)
def test_damaged_and_foreign_state_is_made_anew(
    orchard: Path, damage: Callable[[Mapping[str, object]], bytes]
):
    before = delivered(orchard)
    state, generated = orchard / ".pipeline", orchard / "reports" / "_generated"
    files = {
        *(state / f"{name}.json" for name in ("state", "hashes", "quick-check")),
        *state.glob("last/*/*/run.json"),
        *generated.glob("checks/*.json"),
        *generated.glob("*/10_*.json"),
        *generated.glob("cache/*.json"),
        generated / "lineage.json",
    }
    assert len(files) > 8
    for file in files:
        assert file.is_file(), file
        file.write_bytes(damage(json.loads(file.read_text("utf-8"))))
    made = run(orchard)
    assert made.returncode == 0, made.stdout + made.stderr
    assert delivered(orchard) == before


def test_what_was_made_and_is_gone_is_made_again(orchard: Path):
    before = delivered(orchard)
    generated = orchard / "reports" / "_generated"
    fonts, drawings = [*generated.glob("fonts/*.ttf")], [*generated.glob("*/fig-*.svg")]
    assert fonts
    assert drawings
    for path in (*fonts, *drawings, orchard / "reports" / "_output" / "harvest.html"):
        path.unlink()
    made = run(orchard)
    assert made.returncode == 0, made.stdout + made.stderr
    assert delivered(orchard) == before
    assert all(path.is_file() for path in (*fonts, *drawings))


def test_a_clock_that_was_set_back_hides_no_edit(orchard: Path):
    file = orchard / "data" / "raw" / "harvest.csv"
    pick(orchard, 21)
    os.utime(file, (0, 0))  # it seems to be of 1970
    assert "harvest.html" in run(orchard, *MAKE, "--explain").stdout
    assert b"46" in delivered(orchard)["harvest.html"]


@pytest.mark.parametrize(
    ("limit", "source", "words"),
    [
        ("notebook_seconds = 4", "import time; time.sleep(90)", "not finished after 4 s"),
        (
            "notebook_gigabytes = 0.6",
            "print(len(bytes(700_000_000)))",
            "MemoryError",
        ),
    ],
)
def test_a_notebook_that_hangs_or_takes_too_much_is_ended_and_named(
    orchard: Path, limit: str, source: str, words: str
):
    before = delivered(orchard)
    (orchard / "parameters.toml").write_text(f"[limits]\n{limit}\n", "utf-8")
    replace_cell(orchard, source)
    fails(run(orchard), "notebooks/10_harvest.ipynb, cell 2", words)
    assert delivered(orchard) == before


def test_a_notebook_that_floods_its_output_runs_to_its_end(orchard: Path):
    replace_cell(orchard, 'for _ in range(200): print("x" * 100_000)')
    made = run(orchard)
    assert made.returncode == 0, made.stdout + made.stderr


@pytest.mark.parametrize("closed", [(1,), (2,), (0, 1, 2)])
def test_a_run_whose_streams_are_closed_is_made(orchard: Path, closed: tuple[int, ...]):
    made = run(
        orchard, "--only", "10_harvest", "--force", before=lambda: [*map(os.close, closed)] and None
    )
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Traceback" not in made.stderr


def test_what_a_terminal_cannot_show_is_printed_escaped(orchard: Path):
    told = run(orchard, "doctor", variables={"PYTHONIOENCODING": "ascii"})
    assert told.returncode == 0, told.stderr
    assert "\\u2713" in told.stdout


def test_a_run_of_some_steps_alone_does_not_say_that_no_figure_changed(orchard: Path):
    pick(orchard, 25)
    made = run(orchard, "--only", "10_harvest")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "the same as in the run" not in made.stdout
    assert "Figures: not compared with the last run" in made.stdout
    whole = run(orchard)
    assert "Since the run of" in whole.stdout


@pytest.mark.parametrize("again", [1, 2])
def test_ctrl_c_once_or_twice_ends_a_run_in_order(orchard: Path, again: int):
    before = delivered(orchard)
    replace_cell(orchard, "import time; time.sleep(60)")
    process = subprocess.Popen(
        [sys.executable, "pipeline.py", *MAKE],
        cwd=orchard,
        env=environment(orchard),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "start  10_harvest" in line:
            break
    for _ in range(again):
        process.send_signal(signal.SIGINT)
        time.sleep(0.2)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130, told
    assert "Stopped." in told
    assert "Traceback" not in told
    assert delivered(orchard) == before


def test_a_chart_label_of_220_characters_is_drawn_within_the_page(orchard: Path):
    names = orchard / "data" / "raw" / "fruits.csv"
    names.write_text(names.read_text("utf-8").replace("Apple", f"Apple {'of the valley ' * 15}"))
    made = run(orchard)
    assert made.returncode == 0, made.stdout + made.stderr
    (svg,) = (orchard / "reports" / "_generated" / "en").glob("fig-harvest.svg")
    width = float(svg.read_text("utf-8").partition('viewBox="0 0 ')[2].split()[0])
    assert width < 1200
