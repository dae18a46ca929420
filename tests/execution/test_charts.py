"""Each chart is drawn once, and for as long as it stays as it is never again."""

import json
from pathlib import Path

import psutil
import pytest

from critical_minerals.errors import StepError
from critical_minerals.execution.charts import draw_charts
from critical_minerals.execution.warm import POSSIBLE
from critical_minerals.publish.drawing import draw, warm_up
from critical_minerals.workspace.paths import Workspace, write_whole

pytestmark = pytest.mark.skipif(not POSSIBLE, reason="this system has no fork server")


def bars(*heights: float) -> dict:
    data = {"values": [{"x": number, "y": height} for number, height in enumerate(heights)]}
    encoding = {"x": {"field": "x", "type": "ordinal"}, "y": {"field": "y", "type": "quantitative"}}
    return {"mark": {"type": "bar", "clip": True}, "data": data, "encoding": encoding}


@pytest.fixture
def place(tmp_path: Path) -> Workspace:
    """A workspace with three published figures; it has no fonts of its own."""
    place = Workspace(tmp_path)
    for number in range(3):
        publish(place, f"fig-{number}", bars(number, 2))
    return place


def publish(place: Workspace, name: str, spec: dict, title: str = "Title") -> None:
    figure = {"spec": spec, "title": title, "alt": "Text", "caption": "Seldom"}
    write_whole(place.published("en") / f"{name}.json", json.dumps(figure))


def svg(place: Workspace, name: str) -> str:
    return (place.published("en") / f"{name}.svg").read_text("utf-8")


def kept(place: Workspace) -> dict[str, int]:
    """What is kept from the last time, and since when."""
    return {path.name: path.stat().st_ino for path in (place.generated / "charts").iterdir()}


def test_charts_are_drawn_as_by_hand(place: Workspace):
    draw_charts(place)
    warm_up(place.fonts)
    by_hand = [draw(bars(number, 2), f"fig-{number}", "Title", "Text") for number in range(3)]
    assert [svg(place, f"fig-{number}") for number in range(3)] == by_hand
    assert len({*by_hand}) == 3


def test_an_unchanged_chart_is_never_drawn_again(place: Workspace):
    draw_charts(place)
    before = kept(place)
    path = place.published("en") / "fig-0.svg"
    path.write_text("changed from outside", "utf-8")
    publish(place, "fig-1", bars(7, 8))
    publish(place, "fig-2", bars(2, 2), title="Another")
    draw_charts(place)
    after = kept(place)
    assert len(after) == 3
    assert len(before.items() & after.items()) == 1, "what is not shown any more is dropped"
    assert "<title" in path.read_text("utf-8")
    assert "Another" in svg(place, "fig-2")


def test_a_form_for_a_phone_is_drawn_beside_the_wide_one_for_as_long_as_there_is_one(
    place: Workspace,
):
    path = place.published("en") / "fig-0.json"
    published = json.loads(path.read_text("utf-8"))
    write_whole(path, json.dumps({**published, "narrow": bars(3, 1, 2)}))
    draw_charts(place)
    assert svg(place, "fig-0-narrow") != svg(place, "fig-0")
    assert 'id="fig-0-narrow-title"' in svg(place, "fig-0-narrow")
    write_whole(path, json.dumps(published))
    draw_charts(place)
    assert not (place.published("en") / "fig-0-narrow.svg").exists()


def test_the_drawing_of_a_figure_that_is_gone_goes_too(place: Workspace):
    draw_charts(place)
    (place.published("en") / "fig-0.json").unlink()
    draw_charts(place)
    assert sorted(path.name for path in place.published("en").glob("*.svg")) == [
        "fig-1.svg",
        "fig-2.svg",
    ]
    assert len(kept(place)) == 2


def test_the_charts_of_some_figures_are_drawn_apart_from_those_of_others(place: Workspace):
    draw_charts(place, ["fig-0", "fig-1"])
    assert not (place.published("en") / "fig-2.svg").exists()
    before = kept(place)
    publish(place, "fig-0", bars(7, 8))
    draw_charts(place, ["fig-2"])
    assert before.items() <= kept(place).items(), "another draws these"
    draw_charts(place, ["fig-0", "fig-1"])
    after = kept(place)
    assert len(after) == 3
    assert len(before.items() & after.items()) == 1


def test_what_another_step_has_just_removed_is_no_fault(place: Workspace, monkeypatch):
    draw_charts(place)
    (place.published("en") / "fig-0.json").unlink()
    unlink = Path.unlink

    def removed_before(path: Path, *, missing_ok: bool = False) -> None:
        unlink(path, missing_ok=True)
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", removed_before)
    draw_charts(place, ["fig-1"])
    assert not (place.published("en") / "fig-0.svg").exists()


def test_a_specification_that_cannot_be_drawn_is_told(place: Workspace):
    publish(place, "fig-x", {"mark": "none-such"})
    with pytest.raises(StepError, match="fig-x cannot be drawn: "):
        draw_charts(place)


def test_a_chart_of_which_the_engine_dies_is_named_in_one_sentence(place: Workspace, capfd):
    text = {"mark": "text", "data": {"values": [{"a": "\0"}]}}
    publish(place, "fig-x", text | {"encoding": {"text": {"field": "a"}}})
    with pytest.raises(StepError, match=r"^fig-x cannot be drawn: the drawing engine died of it"):
        draw_charts(place)
    assert capfd.readouterr().err == ""
    (place.published("en") / "fig-x.json").unlink()
    draw_charts(place)
    assert "<svg" in svg(place, "fig-1")


def test_a_drawing_process_that_is_killed_is_replaced(place: Workspace):
    before = forks()
    draw_charts(place)
    for process in forks() - before:
        process.kill()
    publish(place, "fig-1", bars(7, 8))
    draw_charts(place)
    assert "<svg" in svg(place, "fig-1")


def forks() -> set[psutil.Process]:
    return {p for p in psutil.Process().children(recursive=True) if not p.children()}
