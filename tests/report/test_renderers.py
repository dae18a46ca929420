from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from critical_minerals.report import quarto
from critical_minerals.report.renderers import RendererUnavailable, choose, list_renderers
from critical_minerals.report.rendering import RenderError


@pytest.fixture
def nowhere(monkeypatch, tmp_path):
    """A machine without any Quarto."""
    monkeypatch.delenv("QUARTO_PATH", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))


@pytest.fixture
def pretend(monkeypatch, tmp_path, request):
    """A Quarto that answers `--version` as told."""
    request.getfixturevalue("nowhere")

    def install(answer: str, code: int = 0) -> Path:
        path = tmp_path / "quarto"
        path.write_text(f"#!/bin/sh\necho {answer}\nexit {code}\n")
        path.chmod(0o755)
        monkeypatch.setenv("QUARTO_PATH", str(path))
        quarto._read_version.cache_clear()
        return path

    yield install
    quarto._read_version.cache_clear()


@pytest.mark.usefixtures("nowhere")
def test_without_quarto_the_embedded_renderer_is_chosen():
    assert choose("auto").name == "embedded"
    assert [finding.usable for finding in list_renderers()] == [False, True]


@pytest.mark.usefixtures("nowhere")
def test_asking_for_a_quarto_that_is_not_there_says_what_to_do():
    with pytest.raises(RendererUnavailable, match=r"QUARTO_PATH.*--renderer embedded"):
        choose("quarto")


def test_a_new_enough_quarto_is_chosen(pretend):
    path = pretend("1.10.3")
    chosen = choose("auto")
    assert (chosen.name, chosen.version) == ("quarto", "Quarto 1.10.3")
    assert str(path) in list_renderers()[0].detail


@pytest.mark.parametrize(
    ("answer", "code", "told"),
    [("1.8.27", 0, "1.9 or newer is needed"), ("broken", 0, "does not answer"), ("1.9.1", 1, "no")],
)
def test_an_old_or_broken_quarto_is_passed_over(pretend, answer, code, told):
    pretend(answer, code)
    assert choose("auto").name == "embedded"
    assert told in list_renderers()[0].detail
    with pytest.raises(RendererUnavailable, match="No usable Quarto"):
        choose("quarto")


HANGS = """#!/bin/sh
case "$1" in --version) echo 1.10.3; exit;; esac
/bin/sleep 600 & echo $! > {note}
wait
"""
FAILS = """#!/bin/sh
case "$1" in --version) echo 1.10.3; exit;; esac
echo "ERROR: no such filter" >&2; exit 1
"""


@pytest.fixture
def rendering(pretend, monkeypatch, tmp_path, document):
    """Let a Quarto that is a script render a document, with a second's patience."""

    def render(script: str) -> Path:
        note = tmp_path / "note"
        pretend("1.10.3").write_text(script.replace("{note}", str(note)))
        monkeypatch.setattr(quarto, "_RENDER_SECONDS", 1)
        choose("quarto").render(document("Words."), ["html"], tmp_path / "made")
        return note

    return render


def test_a_quarto_that_fails_is_told_with_what_it_said(rendering):
    with pytest.raises(RenderError, match=r"could not make \S+\.html:\nERROR: no such filter"):
        rendering(FAILS)


def test_a_quarto_that_hangs_is_ended_with_what_it_started(rendering, tmp_path):
    with pytest.raises(RenderError, match=r"within 1 s and was ended.*--renderer embedded"):
        rendering(HANGS)
    assert not psutil.pid_exists(int((tmp_path / "note").read_text()))


def test_quarto_path_may_name_its_folder(pretend, monkeypatch):
    path = pretend("1.9.38")
    monkeypatch.setenv("QUARTO_PATH", str(path.parent))
    assert choose("quarto").version == "Quarto 1.9.38"
