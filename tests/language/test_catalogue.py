"""The catalogue of texts: what is missing or faulty is an error, and nothing lies idle."""

import json
import re
from pathlib import Path

import pytest

from critical_minerals.errors import UsageError
from critical_minerals.language import catalogue, entries
from critical_minerals.language.catalogue import Text, keys, label, say
from critical_minerals.language.quantities import Count, Money
from critical_minerals.workspace.parameters import LANGUAGES, Language

PROJECT = Path(__file__).parents[2]
CACHED = ("_bundle", "_entries")
TEXTS = """
plain = A plain text
amount = The fund holds { $amount }.
projects =
    { $count ->
        [one] one project
       *[other] { $count } projects
    }
names = Minerals: { $names }
currency-cad-home-sign = $
currency-cad-sign = CA$
currency-million = million
"""


@pytest.fixture
def texts(tmp_path: Path, monkeypatch):
    """Put other texts in the place of the project's."""

    def forget() -> None:
        for name in CACHED:
            getattr(catalogue, name).cache_clear()

    def put(**files: str) -> None:
        for name, content in files.items():
            (tmp_path / "en" / f"{name}.ftl").write_text(content, "utf-8")
        forget()

    (tmp_path / "en").mkdir()
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "a.ftl").write_text("plain = Un texte\n", "utf-8")
    monkeypatch.setattr(entries, "FOLDER", tmp_path)
    put(a=TEXTS)
    yield put
    forget()


def test_a_comment_behind_a_text_is_no_part_of_it(texts):
    texts(places="home = Canada\n# $count (Number) of the next one\naway = { $count } places\n")
    assert catalogue.patterns("places", "en") == {"home": "Canada", "away": "{ $count } places"}
    assert say("home").fact_names() == set()


def test_each_text_that_is_written_or_asked_for_counts_as_used(texts, monkeypatch):
    texts(a="fig-a-title = A { $count }\nfig-a-none = None\nfig-ab = B\nplain = P\nyes = Y\n")
    monkeypatch.setattr(catalogue, "_USED", set())
    label("plain", "en")
    assert catalogue.has("yes", "en")
    assert not catalogue.has("no", "en")
    assert catalogue.used() == {"texts/en#plain", "texts/en#yes", "texts/en#no"}
    # What a text asks for is looked up in its siblings too: an edit of any of them counts.
    assert say("fig-a-none").fact_names() == {"count"}
    assert {"texts/en#fig-a-title", "texts/en#fig-a-none"} <= catalogue.used()
    assert "texts/en#fig-ab" not in catalogue.used()


@pytest.mark.usefixtures("texts")
def test_texts_are_said_with_their_facts():
    assert label("plain", "en") == "A plain text"
    assert label("plain", "fr") == "Un texte"
    assert say("amount", amount=Money(2e6, "CAD"))("en") == "The fund holds $2\u00a0million."
    assert say("names", names=lambda language: f"[{language}]")("en") == "Minerals: [en]"
    assert say("projects", count=1)("en") == "one project"
    assert say("projects", count=3)("en") == "3 projects"
    assert say("projects", count=Count(3))("en") == "3 projects"
    assert say("plain") == Text("plain", {})


@pytest.mark.usefixtures("texts")
def test_a_missing_text_is_an_error_with_the_nearest_key():
    with pytest.raises(UsageError, match=r"en catalogue has no text 'amuont'\. .*'amount'"):
        label("amuont", "en")


@pytest.mark.usefixtures("texts")
def test_a_missing_fact_is_an_error_that_names_it():
    with pytest.raises(UsageError) as one:
        label("amount", "en")
    assert str(one.value) == (
        "Text 'amount' (en): the text asks for the fact amount, which was not given: "
        'say("amount", amount=…)'
    )


def test_missing_facts_are_told_together_as_they_are_given(texts):
    texts(b="mined = { $year }: { $tonnes } of { $year }, { $mines }\n")
    with pytest.raises(UsageError) as several:
        say("mined", mines="3")("en")
    assert str(several.value) == (
        "Text 'mined' (en): the text asks for the facts tonnes and year, which were not given: "
        'say("mined", tonnes=…, year=…)'
    )


def test_other_faults_of_a_text_stay_as_fluent_tells_them(texts):
    texts(b="told = { nothing-there } { $odd } { $year }\n")
    with pytest.raises(UsageError) as other:
        say("told", odd=[])("en")
    assert str(other.value) == (
        "Text 'told' (en): the text asks for the fact year, which was not given: "
        'say("told", year=…); Unknown message: nothing-there; '
        "Unsupported external type: odd, <class 'list'>"
    )


@pytest.mark.usefixtures("texts")
def test_no_language_stands_in_for_another():
    with pytest.raises(UsageError, match="fr catalogue has no text 'amount'"):
        say("amount", amount="x")("fr")


@pytest.mark.parametrize("ask", [lambda: keys("en"), lambda: label("plain", "en")])
def test_an_unreadable_text_is_an_error_even_where_others_are_asked_for(texts, ask):
    texts(b="good = Good\nnot a message at all\n")
    with pytest.raises(UsageError, match="cannot be read at: 'not a message"):
        ask()


@pytest.mark.parametrize("ask", [lambda: keys("en"), lambda: label("plain", "en")])
def test_a_key_that_stands_twice_is_an_error_across_files(texts, ask):
    texts(b="plain = Another\n")
    with pytest.raises(UsageError, match="more than once: plain"):
        ask()


def test_a_text_that_is_no_message_is_an_error_when_asked_for(texts):
    texts(b="half = { $count ->\n")
    with pytest.raises(UsageError, match="cannot be read at: 'half"):
        label("half", "en")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_projects_texts_can_be_read(language: Language):
    asked = 0
    for key in keys(language):
        try:
            label(key, language)
        except UsageError as error:
            assert f"Text '{key}'" in str(error), "only facts may be missing"  # noqa: PT017
        asked += 1
    assert asked > 1000


def places_of_use() -> str:
    """Everything that can ask for a text: the package's code and the notebooks."""
    code = [path.read_text("utf-8") for path in (PROJECT / "src").rglob("*.py")]
    code += [path.read_text("utf-8") for path in (PROJECT / "src").rglob("*.lua")]
    for path in (PROJECT / "notebooks").glob("*.ipynb"):
        cells = json.loads(path.read_text("utf-8"))["cells"]
        code += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return "\n".join(code)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_that_is_said_as_it_stands_is_what_fluent_says(language: Language):
    plain = {key: one for key, one in catalogue._entries(language).items() if one.plain}
    assert len(plain) > 500
    for key, one in plain.items():
        (message,) = catalogue._parse_entry(one.source, language).body
        assert [part.value for part in message.value.elements] == [one.plain], key


@pytest.mark.parametrize(
    "source", ["a = b { $c }", "a = b\n    c", "a =\n    b", "a = b\n# note\n", 'a = { "" }', "a ="]
)
def test_what_is_more_than_a_line_is_left_to_fluent(source: str):
    assert entries.Entry("topic", source).plain == ""


def test_every_text_is_asked_for_somewhere():
    """By its key, or by a prefix of it to which a code from the figures is added."""
    quoted = set(re.findall(r"[\"']([\w-]+)(?:-?[\"']|-\{)", places_of_use()))
    quoted |= {word.replace("_", "-") for word in quoted}

    def used(key: str) -> bool:
        if key.startswith("column-"):  # no code is added to these
            return key in quoted
        parts = key.split("-")
        return any("-".join(parts[:length]) in quoted for length in range(1, len(parts) + 1))

    idle = sorted(key for key in keys("en") if not used(key))
    assert ", ".join(idle) == ""


def test_both_languages_hold_the_same_texts():
    assert keys("en") ^ keys("fr") == frozenset()


@pytest.mark.usefixtures("texts")
def test_an_edited_text_is_read_again_when_it_is_asked_to_look(tmp_path: Path):
    assert label("plain", "en") == "A plain text"
    (tmp_path / "en" / "a.ftl").write_text(TEXTS.replace("A plain text", "Another text"), "utf-8")
    assert label("plain", "en") == "A plain text"
    catalogue.refresh()
    assert label("plain", "en") == "Another text"
    (tmp_path / "en" / "b.ftl").write_text("more = More\n", "utf-8")
    catalogue.refresh()
    assert label("more", "en") == "More"


def test_a_notebook_shows_a_text_in_every_language_and_says_where_there_is_none(texts):
    texts(a="plain = A plain text\nmore = More & more\n")
    shown = say("plain")._repr_mimebundle_()
    assert shown["text/plain"] == "en  A plain text\nfr  Un texte"
    only = say("more")._repr_mimebundle_()
    assert only["text/plain"].startswith("en  More & more\nfr  missing: The fr catalogue has no")
    assert "More &amp; more" in only["text/html"]
