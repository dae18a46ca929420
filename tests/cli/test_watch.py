"""`pipeline.py watch`, as a browser and a person who edits meet it."""

import http.client
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from orchards import environment, plant

from critical_minerals.cli.watch.server import Server
from critical_minerals.errors import UsageError


class Reader:
    """A browser without a face."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.host, self.port = str(parts.hostname), int(parts.port or 0)

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Ask for exactly this path; return the status and the text."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=60)
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")

    def events(self, *pages: str) -> Iterator[dict]:
        """Listen as a page does; begins with how things are."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=120)
        connection.request("GET", "/_events?" + "&".join(f"page={page}" for page in pages))
        answer = connection.getresponse()
        assert answer.status == 200
        while line := answer.readline():
            if line.startswith(b"data: "):
                yield json.loads(line.removeprefix(b"data: "))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "output"
    (made / "data").mkdir(parents=True)
    (tmp_path / "secret.html").write_text("secret")
    (made / "page.html").write_text('<script>"</body>"</script><body><main>One</main></body>')
    (made / "data" / "table.csv").write_text("a,b\n")
    (made / ".hidden.html").write_text("half")
    (made / "link.html").symlink_to(tmp_path / "secret.html")
    return made


@pytest.fixture
def reader(folder: Path) -> Iterator[Reader]:
    rows = [["page.html", "seite.html"]]
    with Server(folder, 0, "A report", rows) as server:
        yield Reader(server.address)


def test_it_serves_the_folder_to_this_machine_under_its_own_name_alone(reader: Reader):
    assert reader.host == "127.0.0.1"
    assert reader.get("/page.html")[0] == 200
    assert reader.get("/data/table.csv") == (200, "a,b\n")
    assert reader.get("/page.html", Host=f"localhost:{reader.port}")[0] == 200
    for path in ("/", "/page.html", "/_events?page=page.html"):
        assert reader.get(path, Host="report.example")[0] == 403
        assert reader.get(path, Host=f"report.example:{reader.port}")[0] == 403
        assert reader.get(path, Origin="https://report.example")[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.html",
        "/%2e%2e/secret.html",
        "/data/../../secret.html",
        "//etc/passwd",
        "/%2Fetc/passwd",
        "/link.html",
        "/.hidden.html",
    ],
)
def test_nothing_outside_the_folder_is_served_nor_what_is_not_finished(reader: Reader, path: str):
    status, text = reader.get(path)
    assert status == 403
    assert "secret" not in text


def test_the_front_page_puts_editions_side_by_side(reader: Reader):
    assert '<a href="/?page=page.html&amp;page=seite.html">' in reader.get("/")[1]
    shown = reader.get("/?page=page.html&page=print.pdf")[1]
    assert '<iframe title="page.html" src="/page.html">' in shown
    assert '<iframe title="print.pdf" data-print="/print.pdf">' in shown


def test_a_page_that_is_not_made_yet_waits_for_it(folder: Path):
    with Server(folder, 0) as server:
        reader = Reader(server.address)
        status, text = reader.get("/later.html")
        assert (status, "There is no such page yet" in text) == (404, True)
        assert 'data-version=""' in text
        told = reader.events("later.html")
        assert next(told)["version"] == ""
        (folder / "later.html").write_text("<body></body>")
        server.started("later", "Typeset later")
        assert next(told)["running"] == ["Typeset later"]
        server.ended("later")
        assert next(told)["version"]


def test_a_page_is_loaded_again_when_it_alone_has_changed_and_is_told_of_errors(folder: Path):
    with Server(folder, 0) as server:
        reader = Reader(server.address)
        page = reader.get("/page.html")[1]
        assert page.count('id="watch"') == 1
        assert page.endswith("</body>")
        told = reader.events("page.html")
        version = next(told)["version"]
        assert f'data-version="{version}"' in page
        assert server.opened == ["page.html"]
        server.tell("awards.csv, row 4: what is this?")
        assert next(told) == {
            "version": version,
            "running": [],
            "error": "awards.csv, row 4: what is this?",
        }
        (folder / "page.html").write_text("<body>Two</body>")
        server.tell("")
        now = next(told)
        assert now["version"] != version
        assert now["error"] == ""


def test_a_port_that_is_taken_is_told(folder: Path):
    with Server(folder, 0) as first, pytest.raises(UsageError, match=r"--port: \d+ cannot be used"):
        Server(folder, first.port).__enter__()


@dataclass
class Watching:
    """A report that is watched, as one who has its page open meets it."""

    process: subprocess.Popen[str]
    address: str
    reader: Reader
    told: Iterator[dict]

    def shown(self, text: str) -> None:
        """Wait for a version of the page that says something, then until nothing runs."""
        page = self.reader.get("/harvest.html")[1]
        while text not in page:
            state = next(self.told)
            assert not state["error"]
            page = self.reader.get("/harvest.html")[1] if state["version"] else ""
        while next(self.told)["running"]:
            pass

    def refused(self, text: str) -> None:
        """Wait for an error that says something."""
        while text not in next(self.told)["error"]:
            pass

    def mended(self) -> None:
        """Wait until there is no error any more."""
        while next(self.told)["error"]:
            pass


@contextmanager
def watching(root: Path) -> Iterator[Watching]:
    process = subprocess.Popen(
        [sys.executable, "pipeline.py", "watch", "--port", "0"],
        cwd=root,
        env=environment(root) | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        address = re.search(r"http://\S+", process.stdout.readline())
        assert address
        reader = Reader(address[0])
        yield Watching(process, address[0], reader, reader.events("harvest.html"))
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0
    finally:
        process.kill()
        process.wait()


@pytest.mark.slow
def test_an_edit_is_shown_and_a_mistake_over_the_last_good_page(tmp_path: Path):
    root = plant(tmp_path)
    left = _kill_while_confirming(root)
    with watching(root) as report:
        report.shown("45")
        _edit(root / "reports" / "harvest.qmd", "@fig-harvest ·", "as @fig-harvest shows ·")
        report.shown("as <a")
        assert not left.exists()
        figures = root / "data" / "raw" / "harvest.csv"
        _edit(figures, "pear,2024,15", "plum,2024,15")
        report.refused("data/raw/harvest.csv, row 4, column fruit: found 'plum'")
        assert "as <a" in report.reader.get("/harvest.html")[1]
        _edit(figures, "plum,2024,15", "pear,2024,25")
        report.mended()
        report.shown("55")

        declared = root / "src" / "orchard.py"
        _edit(declared, 'title="Orchard Report"', 'title="Orchard Report')
        report.refused("orchard.py, line")
        assert "<h1>Orchard Report</h1>" in report.reader.get("/")[1]
        _edit(declared, 'title="Orchard Report', 'title="Our Orchards"')
        for _ in report.told:  # until that process is replaced
            pass
        for line in report.process.stdout or ():
            if "served on" in line:
                assert report.address in line
                break
        assert "<h1>Our Orchards</h1>" in report.reader.get("/")[1]


@pytest.mark.slow
def test_an_edited_chart_is_shown_by_the_server_that_goes_on(tmp_path: Path):
    root = plant(tmp_path)
    _draw_elsewhere(root)
    baskets = root / "src" / "baskets.py"
    # A process that began anew would end the connection, and `told` with it.
    with watching(root) as report:
        report.shown("45")
        _edit(baskets, "mark_bar()", 'mark_bar(color="#abcdef")')
        report.shown("#abcdef")
        _edit(baskets, 'mark_bar(color="#abcdef")', "mark_bar(")
        report.refused("baskets.py, line")
        assert "#abcdef" in report.reader.get("/harvest.html")[1]
        _edit(baskets, "mark_bar(", "mark_brush()")
        report.refused("baskets.py, line 7 (draw)")
        _edit(baskets, "mark_brush()", 'mark_bar(color="#fedcba")')
        report.mended()
        report.shown("#fedcba")


def _draw_elsewhere(root: Path) -> None:
    """Draw the figure by a module of its own, which the notebook names."""
    notebook = root / "notebooks" / "10_harvest.ipynb"
    cells = json.loads(notebook.read_text("utf-8"))
    source = "".join(cells["cells"][1]["source"])
    function = source[source.index("def draw(") : source.index("nb.figure(")]
    (root / "src" / "baskets.py").write_text(f"import altair as alt\n\n\n{function}", "utf-8")
    source = source.replace(function, "").replace(", draw,", ', nb.charts("baskets").draw,')
    cells["cells"][1]["source"] = source
    notebook.write_text(json.dumps(cells), "utf-8")


def _kill_while_confirming(root: Path) -> Path:
    """Leave what a run leaves that is killed, and so cannot withdraw a confirmation."""
    path = root / ".pipeline" / "confirmed.json"
    path.parent.mkdir()
    path.write_text('["harvest"]', "utf-8")
    return path


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")
