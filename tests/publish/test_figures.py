"""Figures that a notebook stores, and the files that are made of them after it has ended."""

import json
from functools import partial

import pandas as pd
import pytest

from critical_minerals.charts.theme import themed
from critical_minerals.errors import StepError
from critical_minerals.language import catalogue, entries
from critical_minerals.language.catalogue import say, used
from critical_minerals.language.quantities import Count
from critical_minerals.publish.edition import Edition
from critical_minerals.publish.figures import ChartFunction, Charts, publish_figures
from critical_minerals.publish.partials import figure_partials
from critical_minerals.publish.publication import Publication
from critical_minerals.workspace.paths import Workspace

from .conftest import chart
from .test_publication import SHOW, TEXTS

DRAWING = """\
import altair as alt


def bars(frame, edition, *, colour="red"):
    shown = frame[["mineral", "amount_cad"]].astype({"amount_cad": float})
    return alt.Chart(shown).mark_bar(color=colour).encode(x="amount_cad:Q", y="mineral:N")


def painted(frame, edition, *, colour):
    return bars(frame, edition, colour=str(colour() if callable(colour) else colour))


def broken(frame, edition):
    return frame["weight"]


def nothing(frame, edition):
    bars(frame, edition)


def wrong(frame, edition):
    axis = alt.Axis(labelAngle="steep")
    return bars(frame, edition).encode(x=alt.X("amount_cad:Q", axis=axis))
"""
PROJECT = '[tool.report]\nproject = "critical_minerals.project:PROJECT"\n'


@pytest.fixture
def storing(place: Workspace, editions: list[Edition], monkeypatch) -> Publication:
    """The publication of a notebook of the report, in a project with a module of charts."""
    (place.root / "pyproject.toml").write_text(PROJECT, "utf-8")
    module = place.root / "src" / f"drawing_{abs(hash(place.root))}.py"
    module.parent.mkdir()
    module.write_text(DRAWING, "utf-8")
    monkeypatch.syspath_prepend(str(module.parent))
    return Publication(
        "10_tiny", place, editions, themed, cell=lambda: "drawn", stores_figures=True
    )


@pytest.fixture
def charts(storing: Publication) -> Charts:
    (module,) = (storing.workspace.root / "src").glob("*.py")
    return Charts(module.stem, check=False)


def stored(publication: Publication, draw: object, rows: pd.DataFrame, **texts: object) -> None:
    publication.figure("fig-a", draw, rows, SHOW, **{**TEXTS, **texts})  # type: ignore[arg-type]
    publication.finish([], [])


def made(place: Workspace, language: str = "en") -> dict:
    return json.loads((place.published(language) / "fig-a.json").read_text("utf-8"))


def test_a_figure_comes_out_the_same_whether_made_at_once_or_later(
    storing, charts, rows, place, editions
):
    stored(storing, partial(charts.bars, colour="blue"), rows)
    assert not (place.published("en") / "fig-a.json").exists()
    publish_figures(place, ["fig-a"])
    later = {each: made(place, each) for each in ("en", "fr")}
    at_once = Publication("10_tiny", place, editions, themed)
    stored(at_once, partial(charts.bars, colour="blue"), rows)
    assert {each: made(place, each) for each in ("en", "fr")} == later
    assert "blue" in json.dumps(later["en"]["spec"])


def test_an_edited_chart_is_drawn_without_its_notebook(storing, charts, rows, place, monkeypatch):
    stored(storing, charts.bars, rows)
    monkeypatch.setattr(f"{charts._module}.bars", lambda *_: chart(rows, storing.editions[0]))
    publish_figures(place, ["fig-*"])
    assert made(place)["spec"]["mark"] == {"type": "bar", "clip": True}


def test_what_a_cell_defines_is_drawn_by_the_cell(storing, rows, place):
    drawn: list[str] = []

    def by_hand(frame: pd.DataFrame, edition: Edition):
        drawn.append(edition.language)
        return chart(frame, edition)

    stored(storing, by_hand, rows)
    assert drawn == ["en", "en", "fr", "fr"]  # for a page and for a phone
    publish_figures(place, ["fig-a"])
    assert len(drawn) == 4
    assert made(place)["spec"]["mark"]["clip"]


def test_what_only_the_cell_has_makes_it_draw(storing, charts, rows, place, monkeypatch):
    class Local:
        def __str__(self) -> str:
            return "green"

    monkeypatch.setattr(Local, "__module__", "__main__")
    stored(storing, partial(charts.bars, colour="green"), rows)
    assert drawing_stored(place)
    for given in (lambda: "green", Local()):
        stored(storing, partial(charts.painted, colour=given), rows)
        assert not drawing_stored(place)
        publish_figures(place, ["fig-a"])
        assert made(place)["spec"]["mark"]["color"] == "green"


def drawing_stored(place: Workspace) -> bool:
    """Whether the function is stored that draws, and not what it has drawn."""
    return b"ChartFunction" in place.stored_figure("fig-a").read_bytes()


def test_words_of_functions_are_written_by_the_notebook_and_texts_later(
    storing, charts, rows, place, tmp_path, monkeypatch
):
    for language, word in (("en", "things"), ("fr", "choses")):
        (tmp_path / "texts" / language).mkdir(parents=True)
        text = f"outer = {{ $inner }}, {{ $name }}\ninner = {{ $count }} {word}\n"
        (tmp_path / "texts" / language / "a.ftl").write_text(text, "utf-8")
    monkeypatch.setattr(entries, "FOLDER", tmp_path / "texts")
    asked: list[str] = []

    def name(language: str) -> str:
        asked.append(language)
        return f"name ({language})"

    try:
        catalogue.refresh()
        catalogue._entries.cache_clear()
        outer = say("outer", inner=say("inner", count=Count(3)), name=name)
        words = {"title": outer, "caption": outer, "alt": outer}
        storing.figure("fig-a", charts.bars, rows, SHOW, **words)
        storing.finish([], [])
        assert {*asked} == {"en", "fr"}
        asked.clear()
        file = tmp_path / "texts" / "en" / "a.ftl"
        file.write_text(file.read_text("utf-8").replace("things", "other things"), "utf-8")
        catalogue.refresh()
        # The rest of the catalogue is not there: the caption of money asks for none of it.
        publish_figures(place, ["fig-a"])
    finally:
        monkeypatch.undo()
        catalogue._entries.cache_clear()
        catalogue._bundle.cache_clear()
    assert made(place)["title"] == "3 other things, name (en)"
    assert made(place, "fr")["title"] == "3 choses, name (fr)"
    assert asked == []


def test_the_words_of_a_figure_are_no_dependency_of_its_notebook(storing, charts, rows, place):
    before = used()
    stored(storing, charts.bars, rows, title=say("fig-envelopes-title-none", day="today"))
    title = "texts/en#fig-envelopes-title-none"
    assert title not in used() - before
    publish_figures(place, ["fig-a"])
    assert title in used()


def test_a_chart_that_fails_names_its_cell_and_its_line(storing, charts, rows, place):
    code = {"cell_type": "code", "source": "", "metadata": {}, "outputs": []}
    notebook = {"cells": [code | {"id": each} for each in ("open", "drawn")], "nbformat": 4}
    place.notebooks.mkdir()
    (place.notebooks / "10_tiny.ipynb").write_text(json.dumps(notebook), "utf-8")
    stored(storing, charts.broken, rows)
    with pytest.raises(StepError) as caught:
        publish_figures(place, ["fig-a"])
    first, second = str(caught.value).splitlines()
    assert first == "notebooks/10_tiny.ipynb, cell 2 (drawn): fig-a: KeyError: 'weight'"
    assert second == f"  in src/{charts._module}.py, line 14 (broken)"


def test_a_chart_that_breaks_the_schema_names_the_line_of_the_part_that_does(
    storing, charts, rows, place
):
    stored(storing, charts.wrong, rows)
    with pytest.raises(StepError, match="'steep' is an invalid value for `labelAngle`") as caught:
        publish_figures(place, ["fig-a"])
    last = str(caught.value).splitlines()[-1]
    assert last == f"  in src/{charts._module}.py, line 22 (wrong)"


def test_a_chart_function_that_is_not_there_or_returns_nothing_is_told(
    storing, charts, rows, place
):
    stored(storing, charts.barz, rows)
    with pytest.raises(StepError, match=r"has no function 'barz'\. .*'bars'"):
        publish_figures(place, ["fig-a"])
    stored(storing, charts.nothing, rows)
    with pytest.raises(StepError, match="nothing, which draws fig-a, returned None"):
        publish_figures(place, ["fig-a"])


def test_by_hand_a_chart_function_is_looked_for_at_once(charts):
    by_hand = Charts(charts._module, check=True)
    assert by_hand.bars == ChartFunction(charts._module, "bars")
    assert dir(by_hand) == ["bars", "broken", "nothing", "painted", "wrong"]
    with pytest.raises(AttributeError, match="has no function 'barz'"):
        _ = by_hand.barz


def test_texts_are_checked_where_they_are_written(storing, charts, rows, place):
    stored(storing, charts.bars, rows, title=say("figure-data", count=3))
    with pytest.raises(StepError, match="'figure-data' has no place for the fact 'count'"):
        publish_figures(place, ["fig-a"])
    stored(storing, charts.bars, rows, alt=say("words", text=""))
    with pytest.raises(StepError, match=r"alt of fig-a is empty \(en\)"):
        publish_figures(place, ["fig-a"])


def test_a_figure_without_raw_rows_is_not_public_and_shows_nothing(storing, charts, rows, place):
    stored(storing, charts.bars, rows.head(0))
    publish_figures(place, ["fig-a"])
    assert made(place)["public"] is False
    (place.published("en") / "fig-a.svg").write_text("<svg/>", "utf-8")
    assert figure_partials(place.published("en"), "en", ["fig-a"], live=True) == {"fig-a.md": ""}


def test_equal_figures_are_stored_as_equal_bytes(storing, charts, rows, place, editions):
    stored(storing, charts.bars, rows)
    first = place.stored_figure("fig-a").read_bytes()
    # Names that the vocabulary has looked up meanwhile are no part of a figure.
    assert editions[0].name("mineral", "nickel")
    again = Publication("10_tiny", place, editions, themed, lambda: "drawn", stores_figures=True)
    stored(again, charts.bars, rows.copy())
    assert place.stored_figure("fig-a").read_bytes() == first
