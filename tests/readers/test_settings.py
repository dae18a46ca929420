"""The YAML that people write: read as it stands, or refused with its line."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.errors import FiguresError
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.settings import load_settings, read_settings
from critical_minerals.workspace.paths import Workspace

BOMB = "a: &a [x, x, x]\n" + "".join(
    f"k{n}: &k{n} [{', '.join([f'*k{n - 1}' if n else '*a'] * 9)}]\n" for n in range(9)
)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (BOMB, "alias"),
        ("a: &a 1\nb: *a", "line 1: an alias"),
        ("a: 1\nb: 2\na: 3", "line 3: the key 'a' stands twice"),
        ("a: " + "[" * 3000, "line 1: lists and entries lie more than 30 deep"),
        ("a: " + "[" * 3000 + "]" * 3000, "more than 30 deep"),
        ("- " * 500 + "a", "more than 30 deep"),
        ("\n".join(f"{' ' * n}k:" for n in range(300)), "more than 30 deep"),
        ("a: 1\n---\nb: 2", "single document"),
        ("a: !!python/object/apply:os.system [ls]", "could not determine a constructor"),
        ("? [a, b]\n: 1", "a key is a word"),
        ("a: 2026-02-30", "day is out of range"),
        (f"a: {'9' * 5000}", "4300 digits"),
        ("a: \x00", "not allowed"),
    ],
    ids=lambda text: repr(text[:10]),
)
def test_what_may_not_be_read_is_refused_in_a_sentence(text: str, told: str):
    with pytest.raises(yaml.YAMLError, match=told):
        load_settings(text)


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    path = tmp_path / "a.yml"
    path.write_bytes(b"\xef\xbb\xbfa: \xc3\xa9")
    assert read_settings(path) == {"a": "é"}
    path.write_bytes(b"a: \xe9")
    with pytest.raises(yaml.YAMLError, match="no text in UTF-8"):
        read_settings(path)


@given(st.text(st.sampled_from("ab:-[]{}&*!? \n'\"|>#%~1"), max_size=60))
def test_whatever_stands_there_it_is_read_or_refused(text: str):
    try:
        load_settings(text)
    except yaml.YAMLError as error:
        assert str(error)  # noqa: PT017 - any text may also be read


@pytest.mark.parametrize(
    "file", ["funding/limits.schema.yaml", "supply/reserves.official.yml", "usgs/MCS2026*.yml"]
)
@pytest.mark.parametrize("text", ["[" * 20_000, ""])
def test_a_damaged_file_beside_the_figures_is_told(workspace: Workspace, file: str, text: str):
    (path,) = workspace.raw.glob(file)
    path.write_text(text, "utf-8")
    try:
        problems = RawStore(workspace).check()
    except FiguresError as error:
        problems = [*error.problems]
    assert any(path.name in problem.file for problem in problems)
