"""What stands around a number agrees with it: with 0, 1, 1.5, 2 and a million.

Every fact that a text shows counts as a number unless a comment declares what else it is, as
Fluent documents facts: `### $year (String)` for a whole file, `# $count (Number) - from 2: why`
above one text, which then never says a smaller number, `- whole: why` where it counts whole things
of which there is one, and `- alike: why` where the words are the same for one and for many. The
English files say for both languages what is no number; each language says the rest for itself.
"""

import itertools
import math
import re
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from babel import Locale
from fluent.runtime.types import FluentType
from fluent.syntax import FluentParser
from fluent.syntax.ast import (
    BaseComment,
    Identifier,
    Message,
    NumberLiteral,
    Placeable,
    SelectExpression,
    VariableReference,
)
from fluent.syntax.visitor import Visitor

from critical_minerals.cli.skeletons.new import new_topic
from critical_minerals.language import catalogue, entries
from critical_minerals.language.catalogue import say
from critical_minerals.language.entries import FOLDER
from critical_minerals.language.quantities import Count, write_number
from critical_minerals.report.pandoc import pandoc_path
from critical_minerals.workspace.parameters import LANGUAGES, Language
from critical_minerals.workspace.paths import Workspace

PROJECT = Path(__file__).parents[2]
THEME = PROJECT / "reports" / "theme"
NUMBERS = (0, 1, 1.5, 2, 1_000_000)
MANY = 5
TOGETHER = 64
OPEN, CLOSE = "\ue000", "\ue001"
DECLARED = re.compile(
    r"\$(?P<fact>[\w-]+) \((?P<kind>String|Number)\)(?: - (?P<scope>from 2|whole|alike): \S)?"
)


def words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ALONE: Mapping[Language, frozenset[str]] = {
    "en": words(
        "a about above among and as at below beside between by came can cannot could did each for"
        " from had in into more of on or over per ready than that the then to together under went"
        " where which with without"
    ),
    "fr": words(
        "à ailleurs après au avant avec chez contre comme d dans de des dont du en entre et jusqu’à"
        " lorsque ou où par parmi plus pour qu que qui sans selon si sous sur une"
    ),
}
"""Words behind a number that stands alone: they are the same whatever it is."""
NOT_PLURAL: Mapping[Language, frozenset[str]] = {
    "en": words(
        "across agrees always as dates depends differs has is its less plus rests series stands"
        " states this thus us was"
    ),
    "fr": words(
        "après dans depuis dès fois ils mais mois pas pays plus près puis sans sous taux très vers"
    ),
}
"""Words that end like a plural and are none."""
PLURAL_VERBS: Mapping[Language, frozenset[str]] = {
    "en": words("are were have do agree differ rest stand lead these those"),
    "fr": words("ont sont étaient avaient font vont les des ces ses aux"),
}


class Shown(FluentType, float):
    """A number that a text shows between two signs, so that it is found again."""

    def __new__(cls, number: float, language: Language, *, marked: bool = False):
        made = float.__new__(cls, number)
        text = write_number(number, language, 1 if number % 1 else 0)
        made.text = f"{OPEN}{text}{CLOSE}" if marked else text
        return made

    def format(self, locale: Locale) -> str:  # noqa: ARG002 - asked for by Fluent
        return self.text


class Facts(Visitor):
    """Collects the facts that a message shows, and by which variants it chooses."""

    def __init__(self) -> None:
        self.shown: dict[str, None] = {}
        self.choosing: dict[str, dict[float | str, None]] = {}

    def visit_Placeable(self, node: Placeable) -> None:  # noqa: N802 - named by the library
        expression = node.expression
        if isinstance(expression, VariableReference):
            self.shown[expression.id.name] = None
        elif isinstance(expression, SelectExpression):
            assert isinstance(expression.selector, VariableReference)
            keys = self.choosing.setdefault(expression.selector.id.name, {})
            for variant in expression.variants:
                keys[_choice(variant.key)] = None
                self.visit(variant.value)


def _choice(key: Identifier | NumberLiteral) -> float | str:
    if isinstance(key, NumberLiteral):
        return float(key.value)
    return {"one": 1.0, "other": float(MANY)}.get(key.name, key.name)


@dataclass(frozen=True)
class Told:
    """One text, what it shows and what is declared of its facts."""

    file: str
    key: str
    facts: Facts
    declared: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    own: Sequence[str] = ()
    """The facts of which its own comment says something."""

    def numbers(self) -> list[str]:
        """Name the facts that are shown and may be numbers."""
        return [name for name in self.facts.shown if self._of(name)[0] != "String"]

    def scope(self, name: str) -> str:
        return self._of(name)[1]

    def _of(self, name: str) -> tuple[str, str]:
        return self.declared.get(name, ("", ""))

    def around(self, name: str, language: Language) -> Iterator[dict[str, float | str]]:
        """Give the other facts, for every way to choose by them."""
        others = {n: k for n, k in self.facts.choosing.items() if n != name}
        for given in _choices(others):
            facts = dict.fromkeys([*self.facts.shown, *self.facts.choosing], "X") | {
                n: Shown(MANY, language) for n in self.numbers()
            }
            yield facts | {
                n: Shown(value, language) if isinstance(value, float) else value
                for n, value in given.items()
            }


def _choices(keys: Mapping[str, Mapping[float | str, None]]) -> Iterator[dict[str, float | str]]:
    """Give every choice together with every other, or, where these are too many, with the last."""
    if math.prod(map(len, keys.values())) <= TOGETHER:
        for chosen in itertools.product(*keys.values()):
            yield dict(zip(keys, chosen, strict=True))
        return
    last = {name: [*of][-1] for name, of in keys.items()}
    for name, of in keys.items():
        yield from (last | {name: choice} for choice in of)


def declared(comment: BaseComment | None) -> dict[str, tuple[str, str]]:
    """Read what a comment declares of facts."""
    found = DECLARED.finditer((comment and comment.content) or "")
    return {each["fact"]: (each["kind"], each["scope"] or "") for each in found}


def texts(language: Language, folder: Path) -> list[Told]:
    """Every text of a language; what is declared of its facts stands in the English files."""
    parser = FluentParser()
    result: list[Told] = []
    for path in sorted((folder / language).glob("*.ftl")):
        english = parser.parse((folder / "en" / path.name).read_text("utf-8")).body
        of_file: dict[str, tuple[str, str]] = {}
        of_text: dict[str, dict[str, tuple[str, str]]] = {}
        for entry in english:
            if isinstance(entry, Message):
                of_text[entry.id.name] = declared(entry.comment)
            elif isinstance(entry, BaseComment):
                of_file |= declared(entry)
        for entry in parser.parse(path.read_text("utf-8")).body:
            if isinstance(entry, Message) and entry.value:
                facts = Facts()
                facts.visit(entry.value)
                both = of_file | of_text.get(entry.id.name, {})
                names = {name: told for name, told in both.items() if told[0] == "String"}
                own = declared(entry.comment)
                result.append(Told(path.stem, entry.id.name, facts, names | own, (*own,)))
    return result


def words_behind(text: str) -> list[str]:
    """The words behind the number that is marked, up to a sign or a word of another phrase."""
    behind = text.partition(CLOSE)[2]
    phrase = re.split(r"[-.,;:()–—%$“”«»·|]|\d|\n", behind.replace("\u00a0", " "))[0]
    return phrase.split()


def agreeing(text: str, language: Language) -> list[str]:
    """The words that have to agree with the number that is marked: what it counts, what it does."""
    kept = itertools.takewhile(lambda word: _bare(word) not in ALONE[language], words_behind(text))
    return [word for word in kept if word != "X"]


def breaks(text: str) -> bool:
    """Say whether a line may end between the number that is marked and what it counts."""
    return text.partition(CLOSE)[2][:1] == " " and bool(agreeing(text, "fr"))


def _bare(word: str) -> str:
    return re.sub(r"’.*", "", word).lower()


def plurals(text: str, language: Language) -> list[str]:
    """The plural words around the number that is marked."""
    before = text.partition(OPEN)[0].replace("\u00a0", " ").split()[-1:]
    around = [*before, *agreeing(text, language)]
    return [word for word in around if is_plural(word.lower(), language, behind=word not in before)]


def is_plural(word: str, language: Language, *, behind: bool = True) -> bool:
    if word in PLURAL_VERBS[language]:
        return True
    if not behind or word in NOT_PLURAL[language]:
        return False
    if language == "en":
        return re.search(r"[^su]s$", word) is not None
    return re.search(r"[^’]s$|aux$|eux$|(?<!m)ent$", word) is not None and "’" not in word[-2:]


def bare(text: str) -> str:
    """A text without the number that is marked."""
    return re.sub(f"{OPEN}.*?{CLOSE}", "#", text)


def said(told: Told, name: str, number: float, facts: Mapping[str, object], language: Language):
    given = {**facts, name: Shown(number, language, marked=True)}
    return catalogue._format(told.key, given, language)


def faults(told: Told, name: str, language: Language) -> Iterator[str]:
    """Say what does not agree with one number of a text."""
    scope = told.scope(name)
    if scope == "from 2":
        return
    numbers = (1, 2, 1_000_000) if scope == "whole" else NUMBERS
    for facts in told.around(name, language):
        by = {number: said(told, name, number, facts, language) for number in numbers}
        if OPEN not in by[2]:
            continue
        yield from _faults_of(by, scope, language)


def _faults_of(by: Mapping[float, str], scope: str, language: Language) -> Iterator[str]:
    agree = agreeing(by[2], language)
    before = by[2].partition(OPEN)[0].replace("\u00a0", " ").split()[-1:]
    agree += [word for word in before if word.lower() in PLURAL_VERBS[language]]
    if language == "fr" and (broken := [text for text in by.values() if breaks(text)]):
        yield f"no no-break space: {broken[0]}"
    if agree and scope != "alike" and bare(by[1]) == bare(by[2]):
        yield f"the same for one: {by[1]}"
    if bare(by[1_000_000]) != bare(by[2]):
        yield f"a million is not as two: {by[1_000_000]}"
    for number, text in by.items():
        single = number == 1 if language == "en" else number < 2
        if single and OPEN in text and scope != "alike" and (wrong := plurals(text, language)):
            yield f"plural ({', '.join(wrong)}): {text}"
        if number in {1, 2, 1_000_000}:
            continue
        if OPEN not in text and (number or bare(text) == bare(by[1])):
            yield f"{number} is told as one: {text}"
        elif OPEN in text and single and agree and scope != "alike" and bare(text) == bare(by[2]):
            yield f"{number} is told as many: {text}"
        elif OPEN in text and not single and bare(text) != bare(by[2]):
            yield f"{number} is not told as many: {text}"


def findings(language: Language, folder: Path) -> list[str]:
    """Every place of a language's texts where words do not agree with a number."""
    return [
        f"{told.file}: {told.key} ${name}: {fault}"
        for told in texts(language, folder)
        for name in told.numbers()
        for fault in dict.fromkeys(faults(told, name, language))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_agree_with_every_number_that_a_text_takes(language: Language):
    assert findings(language, FOLDER) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_declare_facts_that_their_text_shows(language: Language):
    told = texts(language, FOLDER)
    idle = [(each.key, fact) for each in told for fact in each.own if fact not in each.facts.shown]
    assert idle == []


@pytest.fixture
def written(tmp_path: Path, monkeypatch):
    """Put other texts in the place of the project's."""

    def put(language: Language, text: str) -> list[str]:
        (tmp_path / language).mkdir(exist_ok=True)
        for one in LANGUAGES:
            (tmp_path / one).mkdir(exist_ok=True)
            (tmp_path / one / "common.ftl").write_text(text, "utf-8")
        monkeypatch.setattr(entries, "FOLDER", tmp_path)
        catalogue._entries.cache_clear()
        catalogue._bundle.cache_clear()
        return findings(language, tmp_path)

    yield put
    monkeypatch.undo()
    catalogue._entries.cache_clear()
    catalogue._bundle.cache_clear()


CHOSEN = "t = { $n } { $n ->\n    [one] %s\n   *[other] %s\n}\n"


@pytest.mark.parametrize(
    ("language", "text", "fault"),
    [
        ("en", "t = All { $n } projects\n", "the same for one: All "),
        ("en", "t = { $n } agree\n", "the same for one"),
        ("en", "t = There are { $n }.\n", "the same for one"),
        ("en", CHOSEN % ("mines", "mine"), "plural (mines)"),
        ("en", CHOSEN % ("mine are", "mines are"), "plural (are)"),
        ("fr", CHOSEN % ("mines", "mine"), "plural (mines)"),
        ("fr", CHOSEN.replace("[one]", "[1]") % ("mine", "mines"), "1.5 is told as many"),
        (
            "fr",
            "t = { $n ->\n    [one] une mine\n   *[other] { $n }\u00a0mines\n}\n",
            "told as one",
        ),
        ("fr", "t = les { $n } sont là\n", "the same for one"),
        ("fr", CHOSEN % ("mine", "mines"), "no-break space"),
    ],
)
def test_the_check_itself_finds_each_fault(written, language: Language, text: str, fault: str):
    assert any(fault in found for found in written(language, text))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "t = { $n } of { $all }, and ({ $n })\n"),
        ("en", CHOSEN % ("mine is open", "mines are open")),
        ("en", "# $n (String)\nt = { $n } mines\n"),
        ("en", "# $n (Number) - from 2: there are always several\nt = All { $n } mines\n"),
        ("fr", CHOSEN.replace("} {", "}\u00a0{") % ("mine ouverte", "mines ouvertes")),
        ("fr", "# $n (Number) - alike: mois est invariable\nt = { $n }\u00a0mois\n"),
    ],
)
def test_the_check_itself_passes_what_agrees(written, language: Language, text: str):
    assert written(language, text) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_skeleton_writes_agrees(written, language: Language):
    files = new_topic(Workspace(PROJECT), "recycling", ["10_funding"]).files
    said = {path.as_posix(): re.sub("FILL IN\u00a0?: ", "", text) for path, text in files.items()}
    (of_chart,) = (
        text for name, text in said.items() if name.endswith(f"/{language}/recycling.ftl")
    )
    assert written(language, of_chart) == []
    (document,) = (said[name] for name in said if name.endswith(f"/{DOCUMENTS[language][1]}.qmd"))
    section = (
        document.partition("{#sec-recycling")[2].partition("\n")[2].partition("{{< include")[0]
    )
    assert "recycling_latest" in section
    assert document_faults(section, language) == []


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (Count(0), "0 points", "0 point"),
        (Count(1), "1 point", "1 point"),
        (Count(1.5, decimals=1), "1.5 points", "1,5 point"),
        (Count(1.04), "1 point", "1 point"),
        (Count(1.96), "2 points", "2 points"),
        (Count(1, "about"), "about 1 point", "environ 1 point"),
        (Count(-1), "\u22121 point", "\u22121 point"),
        (Count(1_000_000), "1,000,000 points", "1 000 000 points"),
    ],
)
def test_a_count_chooses_by_what_is_seen_and_stays_as_it_is_written(number, english, french):
    told = [say("points", number=number)(language) for language in LANGUAGES]
    assert [text.replace("\u00a0", " ") for text in told] == [english, french]


# Documents state values: words that agree with the one before them are `[projects]{one="project"}`.

DOCUMENTS = {
    "en": ("progress-update", "annex"),
    "fr": ("rapport-d-etape", "annexe"),
}
NO_COUNTS = re.compile(
    r"\w+_(?:year|from|to|since|date|share|total|value|amount|envelope)|as_of|list_changes"
    r"|(?:copper_output|exploration|net_import_reliance)_\w+|ree_canada_(?:since|openings)"
)
"""Values that are years, days, shares, amounts or texts, by their names."""
SEVERAL = frozenset({"ree_china_steps", "count_sources", "trade_months"})
"""Values that are never one, or whose noun is the same for one and for many."""
VALUE = re.compile(r"\{\{< meta v\.([\w-]+) >\}\}")


def shown(text: str, number: float, language: Language) -> list[str]:
    """Every paragraph of a document as it reads when all its values are one number."""
    written = f"{OPEN}{write_number(number, language, 1 if number % 1 else 0)}{CLOSE}"
    body = re.sub(r"\A---\n.*?\n---\n|\{\{< include [^\n]*", "", text, flags=re.DOTALL)
    filled = VALUE.sub(
        lambda value: (
            "X"
            if value[1] in SEVERAL or NO_COUNTS.fullmatch(value[1])
            else f"[{written}](#note-1){{.value data-note=1}}"
        ),
        body,
    )
    made = subprocess.run(
        [
            pandoc_path(),
            *("--from=markdown", "--to=plain", "--wrap=none", f"--metadata=lang:{language}"),
            f"--lua-filter={THEME / 'values.lua'}",
        ],
        input=filled,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return re.sub(rf"(?<={CLOSE})[¹²³⁴-⁹⁰]+|\^\(?\d+\)?", "", made).splitlines()


def alone(line: str) -> Iterator[str]:
    """Give a line once for each of its values, with that one marked alone."""
    for place in re.finditer(OPEN, line):
        before, rest = line[: place.start()], line[place.start() + 1 :]
        value, _, behind = rest.partition(CLOSE)
        clean = re.sub(f"[{OPEN}{CLOSE}]", "", before), re.sub(f"{OPEN}.*?{CLOSE}", "N", behind)
        yield f"{clean[0]}{OPEN}{value}{CLOSE}{clean[1]}"


def document_faults(text: str, language: Language) -> list[str]:
    """Every place of a document where words do not agree with a value."""
    lines = zip(*(shown(text, number, language) for number in NUMBERS), strict=True)
    found: list[str] = []
    for line in lines:
        for marked in zip(*map(alone, line), strict=True):
            by = dict(zip(NUMBERS, marked, strict=True))
            near = {number: _near(one) for number, one in by.items()}
            found += _faults_of(near, "", language)
    return found


def _near(line: str) -> str:
    """Keep a value with what stands just before it, and behind it up to the next value."""
    before, _, rest = line.partition(OPEN)
    value, _, behind = rest.partition(CLOSE)
    return f"{' '.join(before.split(' ')[-1:])}{OPEN}{value}{CLOSE}{behind.partition('N')[0]}"


@pytest.mark.parametrize(
    ("language", "document"), [(of, each) for of, names in DOCUMENTS.items() for each in names]
)
def test_what_documents_say_agrees_with_the_value_before_it(language: Language, document: str):
    text = (PROJECT / "reports" / f"{document}.qmd").read_text("utf-8")
    assert document_faults(text, language) == []


def test_the_check_itself_finds_a_noun_that_stays_plural():
    line = "It has {{< meta v.a >}} projects."
    assert any("the same for one" in found for found in document_faults(line, "en"))
    agreed = 'It has {{< meta v.a >}} [projects]{one="project"}.'
    assert document_faults(agreed, "en") == []
