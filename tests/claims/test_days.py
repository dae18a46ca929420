"""Notebooks on days when little was public yet, and sites held to their provinces."""

import json
from pathlib import Path

import pytest

from critical_minerals.errors import FiguresError

from .running import copied, run

MINES = "data/raw/progress/mines.csv"


def test_a_mine_in_another_province_than_its_position_is_told(tmp_path: Path):
    workspace = copied(tmp_path)
    mines = workspace.root / MINES
    text = mines.read_text("utf-8")
    assert ",CA-SK,potash,51.93062,-106.068974," in text
    mines.write_text(text.replace(",CA-SK,potash,51.93062,", ",CA-ON,potash,51.93062,"), "utf-8")
    with pytest.raises(FiguresError) as caught:
        run(workspace, "50_progress", figures=False)
    (problem,) = caught.value.problems
    assert (problem.file, problem.column) == ("table sites (site=allan)", "province")
    assert problem.value == f"CA-ON ({MINES}:3)"
    assert "a position in the province of its row" in problem.expected


def test_a_project_that_is_referred_before_it_is_described_is_counted_as_unknown(tmp_path: Path):
    names = run(copied(tmp_path), "50_progress", figures=False, as_of="2025-10-30")
    assert [*names["not_described"]["site"]] == ["mcilvenna_bay"]
    assert "mcilvenna_bay" not in {*names["sites"]["site"]}
    assert names["all_described"] is False


@pytest.mark.parametrize("day", ["1999-12-31", "2022-06-12"])
def test_before_the_first_award_the_money_has_no_makeup(tmp_path: Path, day: str):
    names = run(copied(tmp_path), "10_funding", figures=False, as_of=day)
    assert names["awards_makeup"].empty


@pytest.mark.parametrize(("day", "told"), [("2022-12-09", None), ("2024-12-31", "71%")])
def test_one_figure_alone_is_not_held_against_itself(tmp_path: Path, day: str, told: str | None):
    workspace = copied(tmp_path)
    run(workspace, "50_progress", figures=False, as_of=day)
    published = json.loads((workspace.published("en") / "50_progress.json").read_text("utf-8"))
    before = published["values"]["lithium_use_batteries_before"]
    assert (before["text"] if before["origins"] else None) == told
