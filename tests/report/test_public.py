"""What was not yet public on the report's day is not said: sentence by sentence, list by list."""

import json
import subprocess
from pathlib import Path

import pytest

from critical_minerals.report.pandoc import pandoc_path

FILTER = Path(__file__).parents[2] / "reports/theme/public.lua"
META = {
    "as-of": "2023-06-30",
    "not-public": ["late", "fig-late", "src-late"],
    "words": {"nothing-public": "Nothing yet."},
}
LATE = "`<value n=\ue004v.late>`{=html}"
KNOWN = "`<value n=\ue004v.known>`{=html}"


def said(text: str, folder: Path, **also: object) -> str:
    """Let the filter read a text; return what it leaves, as plain text on one line each."""
    path = folder / "meta.json"
    path.write_text(json.dumps({**META, **also}), "utf-8")
    asked = [pandoc_path(), "--from=markdown", "--to=markdown-raw_attribute", "--wrap=none"]
    asked += [f"--metadata-file={path}", f"--lua-filter={FILTER}"]
    done = subprocess.run(asked, input=text, capture_output=True, encoding="utf-8", check=True)
    return done.stdout.strip()


@pytest.mark.parametrize(
    "late",
    [
        f"It spent {LATE} dollars.",
        "@fig-late shows it.",
        "The annex [shows it](annex.html#fig-late).",
        "So it is said ([Bank, 2026](#src-late)).",
        'Then [the fund began]{since="2025-11-04"}.',
        '[The fund began. It lends.]{since="2025-11-04"}',
    ],
)
def test_a_sentence_that_rests_on_what_came_later_goes_and_no_other(tmp_path: Path, late: str):
    assert said(f"One is known. {late} Two is known.", tmp_path) == "One is known. Two is known."


def test_what_was_public_stays_word_for_word(tmp_path: Path):
    told = said(f"It had {KNOWN} parts, e.g. one. “So it was.” Then more.", tmp_path)
    assert told.endswith('parts, e.g.\xa0one. "So it was." Then more.')


def test_words_whose_day_has_come_are_words_like_others(tmp_path: Path):
    assert said('It [began]{since="2023-06-30"} then.', tmp_path) == "It began then."


def test_a_list_entry_goes_with_its_label_and_a_list_with_what_opens_it(tmp_path: Path):
    text = f"Before.\n\nThese:\n\n- **One.** It has {LATE}.\n- **Two.** It stays.\n"
    assert said(text, tmp_path) == "Before.\n\nThese:\n\n- **Two.** It stays."
    assert said(text.replace("It stays", f"It has {LATE}"), tmp_path) == "Before."
    opened = "These ([Bank, 2026](#src-late)):\n\n- **Two.** It stays.\n\nAfter."
    assert said(opened, tmp_path) == "After."


def test_a_card_and_a_notice_go_whole(tmp_path: Path):
    card = f"::: {{.card}}\n[{LATE}]{{.card-number}}\n\nwhat it counts\n:::\n\nAfter."
    assert said(card, tmp_path) == "After."
    notice = f"::: {{.callout-note}}\n## Mind\n\nIt has {LATE}.\n:::\n\nAfter."
    assert said(notice, tmp_path) == "After."


def test_notes_stay_and_name_later_documents(tmp_path: Path):
    """What was known on the day may have been read later; something leads to each note."""
    note = "::: notes\n[1]{#note-1 .note-number}: Bank ([2026](#src-late)).\n:::"
    wrapped = f'::::: {{.content-visible when-format="typst"}}\n{note}\n:::::'
    for text in (note, wrapped):
        assert "note-1" in said(f"{text}\n\nIt spent {LATE} dollars.", tmp_path)


def test_a_section_that_has_lost_all_says_so_once(tmp_path: Path):
    one, two = f"It has {LATE}. And {LATE} more.", "It stays."
    text = f"## One\n\n{one}\n\n## Two\n\n{two}\n\n## Three\n\n### Four\n\n{two}"
    told = said(text, tmp_path)
    assert told.count("Nothing yet.") == 1
    assert told.startswith("## One\n\nNothing yet.\n\n## Two")
