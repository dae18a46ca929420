"""Three hundred successive runs with random edits: nothing grows, and each ends as a clean build.

`SOAK_RUNS` asks for another number. What grows is found: pipelines are soaked here, too, that leave
more behind with each run, or take more, or make something else than a clean build.
"""

import os
import re
import sys
from pathlib import Path

import pytest
from orchards import environment, plant
from soak import Soak

RUNS = int(os.environ.get("SOAK_RUNS", "300"))


@pytest.mark.long
def test_successive_runs_leave_nothing_and_end_as_clean_builds(tmp_path: Path, capsys):
    soak = Soak(
        plant(tmp_path / "orchard"),
        plant,
        [sys.executable, "pipeline.py", "--renderer", "embedded", "--to", "html"],
        environment,
        {
            "data/raw/harvest.csv": ("apple,2024,20,", "apple,2024,21,", "apple,2024,35,"),
            "data/raw/fruits.csv": ("Apple", "Apples"),
            "reports/harvest.qmd": ("## Harvest", "## The harvest"),
            "reports/theme/report.css": ("\n", "\n/* same */\n"),
            "notebooks/10_harvest.ipynb": ("mark_bar()", "mark_point()"),
        },
    )
    try:
        soak.go(RUNS)
    finally:
        with capsys.disabled():
            print(f"\n{soak.told()}")  # noqa: T201 - the measurement
    soak.flat()


RUN = """\
import os, subprocess, sys, time
from pathlib import Path

kept = Path("kept")
kept.touch()
nth = kept.stat().st_size
with kept.open("ab") as file:
    file.write(b"x")
page = Path("reports/_output/page")
page.parent.mkdir(parents=True, exist_ok=True)
page.write_text(Path("text").read_text() + Path("words").read_text())
held = "held = bytearray(20_000_000 + {more}); import time; time.sleep(0.3)"
more = 0
{leak}
child = subprocess.Popen([sys.executable, "-c", held.replace("{more}", str(more))])
child.wait()
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("leak", "found"),
    [
        ("", None),
        ("mine = bytearray(1_000_000 * nth)", "'own'"),
        ("more = 2_000_000 * nth", "'most'"),
        ("files = [Path('text').open() for _ in range(nth)]", "'handles'"),
        ("Path(f'{nth}').touch()", "'files'"),
        ("Path('cache').write_bytes(bytes(100 * nth))", "'bytes'"),
        ("Path(os.environ['TMPDIR'], 'left').touch()", r"\(0, 1\)"),
        ("nth == 5 and page.write_text('other')", "page"),
    ],
)
def test_what_grows_is_found(tmp_path: Path, leak: str, found: str | None):
    def build(root: Path) -> None:
        root.mkdir(exist_ok=True)
        (root / "pipeline.py").write_text(RUN.replace("{leak}", leak), "utf-8")
        (root / "text").write_text("a", "utf-8")
        (root / "words").write_text("d", "utf-8")

    build(tmp_path / "project")
    edits = {"text": ("a", "b"), "words": ("d", "e")}
    command = [sys.executable, "pipeline.py"]
    soak = Soak(tmp_path / "project", build, command, lambda _: os.environ, edits)
    told = ""
    try:
        soak.go(3)
        soak.flat()
    except AssertionError as error:
        told = str(error)
    assert re.search(found, told) if found else told == "", told
