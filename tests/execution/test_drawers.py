"""Charts drawn by warm processes are the same, byte for byte, and faults come back."""

import json
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Client
from pathlib import Path
from threading import Barrier

import psutil
import pytest

from critical_minerals.errors import StepError
from critical_minerals.execution.drawers import drawing_service
from critical_minerals.execution.warm import POSSIBLE
from critical_minerals.publish import drawing
from critical_minerals.publish.drawing import SERVICE, draw
from critical_minerals.workspace import Workspace

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system has no fork server")


def bars(*heights: float) -> dict:
    data = {"values": [{"x": number, "y": height} for number, height in enumerate(heights)]}
    encoding = {"x": {"field": "x", "type": "ordinal"}, "y": {"field": "y", "type": "quantitative"}}
    return {"mark": {"type": "bar", "clip": True}, "data": data, "encoding": encoding}


@pytest.fixture
def place(tmp_path: Path, monkeypatch) -> Workspace:
    monkeypatch.setattr(drawing, "make_fonts", lambda _: tmp_path)
    return Workspace(tmp_path)


def drawn(place: Workspace, number: int) -> str:
    return draw(bars(number, 2, float("nan")), f"fig-{number}", "Title", "Text", place)


def test_drawings_are_the_same_from_wherever_they_come(place: Workspace, monkeypatch):
    monkeypatch.delenv(SERVICE, raising=False)
    here = [drawn(place, number) for number in range(4)]
    monkeypatch.setenv(SERVICE, drawing_service(place.root))
    assert [drawn(place, number) for number in range(4)] == here
    assert len({*here}) == 4
    assert "fig-1-title" in here[1]


def test_several_kernels_may_ask_at_once(place: Workspace):
    address = drawing_service(place.root)

    def asked(number: int) -> bytes:
        with Client(address, family="AF_UNIX") as caller:
            caller.send_bytes(json.dumps(bars(number)).encode())
            return caller.recv_bytes()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(asked, [1, 2, 3, 1]))
    assert all(answer.startswith(b"<svg") for answer in answers)


def test_notebooks_that_begin_at_once_share_one_service(tmp_path: Path):
    def asked(_: int) -> str:
        together.wait()
        return drawing_service(tmp_path / "own")

    together = Barrier(4)
    with ThreadPoolExecutor(4) as pool:
        assert len({*pool.map(asked, range(4))}) == 1


def test_a_specification_that_cannot_be_drawn_is_told(place: Workspace, monkeypatch):
    for address in ("", drawing_service(place.root)):
        monkeypatch.setenv(SERVICE, address)
        with pytest.raises(StepError, match="fig-x cannot be drawn: "):
            draw({"mark": "none-such"}, "fig-x", "Title", "Text", place)
        assert "<svg" in drawn(place, 3)


def test_a_drawing_process_that_is_killed_is_replaced(
    tmp_path: Path, place: Workspace, monkeypatch
):
    before = forks()
    monkeypatch.setenv(SERVICE, drawing_service(tmp_path / "killed"))
    drawn(place, 1)
    for process in forks() - before:
        process.kill()
    assert "<svg" in drawn(place, 2)


def forks() -> set[psutil.Process]:
    return {p for p in psutil.Process().children(recursive=True) if not p.children()}
