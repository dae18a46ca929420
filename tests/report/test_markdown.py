"""Templates of Markdown, and the HTML in it."""

from __future__ import annotations

from typing import Any

import pytest
from jinja2 import Environment

from critical_minerals.report import templates
from critical_minerals.report.markdown import compose, load_all


def test_what_is_loaded_in_advance_is_not_compiled_again(monkeypatch: pytest.MonkeyPatch):
    load_all()

    def compile_again(*_: Any, **__: Any) -> None:
        pytest.fail("A template was compiled again.")

    monkeypatch.setattr(Environment, "compile", compile_again)
    text = compose("value", "en", text="5", anchor="note-1", number=1, said="")
    assert text.startswith("[5](#note-1)")
    assert templates.render("summary", text="lineage-more", language="en")


@pytest.mark.parametrize(("most", "longer"), [(0, "```"), (2, "```"), (3, "````"), (5, "``````")])
def test_no_line_of_html_closes_its_fence(most: int, longer: str):
    book = {"name": "`" * most, "href": "tables.ods"}
    held = {"title": "A", "caption": "B", "header": [], "widths": [], "numeric": [], "cells": []}
    text = compose("table", "en", id="tbl-a", of=held, csv="", workbooks=[book])
    assert f"\n{longer}{{=html}}\n" in text
    assert f"\n{longer}\n" in text
