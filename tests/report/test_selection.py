from __future__ import annotations

import pytest

from critical_minerals.report.selection import code_lines, select_lines

PRINT = '::: {.content-visible unless-format="html"}'


def test_what_a_format_does_not_show_is_left_out():
    lines = ["a", "", ":" + PRINT, "::: {.lead}", "b", ":::", "::::", "", "c"]
    assert select_lines(["html"], lines) == ["a", "", "", "c"]
    assert select_lines(["typst"], lines) == lines


@pytest.mark.parametrize(
    ("condition", "shown"),
    [
        ('.content-visible when-format="html"', True),
        ('.content-visible when-format="docx"', False),
        ('.content-hidden when-format="html"', False),
        ('.content-hidden unless-format="html"', True),
    ],
)
def test_conditions(condition, shown):
    lines = [f"::: {{{condition}}}", "x", ":::"]
    assert select_lines(["html"], lines) == (lines if shown else [])


@pytest.mark.parametrize(
    "lines",
    [
        ["```", PRINT, "x", ":::", "```"],
        ["Text", PRINT, "x", ":::"],
        [PRINT, "[^1]: A note.", ":::"],
        [PRINT, "## Heading", ":::"],
        [PRINT, "x", ":::", "", "- An item"],
        [PRINT, "never closed"],
        ['::: {.content-visible when-format="pdf"}', "x", ":::"],
        ['::: {.content-visible when-format="docx" when-meta="v.a"}', "x", ":::"],
    ],
)
def test_what_is_not_plain_is_left_to_the_filter(lines):
    assert select_lines(["html"], lines) == lines


def test_blocks_of_code_end_with_their_own_fence():
    assert code_lines(["````", "```", "````", "x", "~~~", "```", "~~~"]) == [
        *[True] * 3,
        False,
        *[True] * 3,
    ]
