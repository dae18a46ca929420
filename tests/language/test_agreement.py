"""What stands around a number agrees with it: with 0, 1, 1.5, 2 and a million.

Every fact that a text shows counts as a number unless a comment declares what else it is, as
Fluent documents facts: `### $year (String)` for a whole file, `# $count (Number) - from 2: why`
above one text, which then never says a smaller number, `- whole: why` where it counts whole things
of which there is one, and `- alike: why` where the words are the same for one and for many. The
comments of the English files hold for both languages.
"""

import itertools
import re
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

from critical_minerals.language import catalogue
from critical_minerals.language.catalogue import FOLDER, say
from critical_minerals.language.quantities import Count, write_number
from critical_minerals.parameters import LANGUAGES, Language

NUMBERS = (0, 1, 1.5, 2, 1_000_000)
MANY = 5
OPEN, CLOSE = "\ue000", "\ue001"
DECLARED = re.compile(
    r"\$(?P<fact>[\w-]+) \((?P<kind>String|Number)\)(?: - (?P<scope>from 2|whole|alike): \S)?"
)
ALONE: Mapping[Language, frozenset[str]] = {
    "en": frozenset(
        "about above among and as at below beside between by each for from in into more of on or"
        " over per than that then to together unexplained under where which with without".split()
    ),
    "fr": frozenset(
        "a à ailleurs après au avant avec chez contre comme d dans de des dont du en entre et"
        " jusqu’à lorsque ou où par parmi plus pour qu que qui sans selon si sous sur".split()
    ),
}
"""Words behind a number that stands alone: they are the same whatever it is."""
NOT_PLURAL: Mapping[Language, frozenset[str]] = {
    "en": frozenset("across always as has its is less plus series this thus us was".split()),
    "fr": frozenset(
        "après dans depuis dès ils mais mois pas pays plus près puis sans sous très vers".split()
    ),
}
"""Words that end like a plural and are none."""
PLURAL_VERBS: Mapping[Language, frozenset[str]] = {
    "en": frozenset("are were have do agree differ rest stand lead these those".split()),
    "fr": frozenset("ont sont étaient avaient font vont les des ces ses aux".split()),
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
        for chosen in itertools.islice(itertools.product(*others.values()), 400):
            given = dict(zip(others, chosen, strict=True))
            facts = dict.fromkeys([*self.facts.shown, *self.facts.choosing], "X") | {
                n: Shown(MANY, language) for n in self.numbers()
            }
            yield facts | {
                n: Shown(value, language) if isinstance(value, float) else value
                for n, value in given.items()
            }


def declared(comment: BaseComment | None) -> dict[str, tuple[str, str]]:
    """Read what a comment declares of facts."""
    found = DECLARED.finditer((comment and comment.content) or "")
    return {each["fact"]: (each["kind"], each["scope"] or "") for each in found}


def texts(language: Language, folder: Path = FOLDER) -> list[Told]:
    """Every text of a language; what is declared of its facts stands in the English files."""
    parser = FluentParser()
    result: list[Told] = []
    for path in sorted((folder / language).glob("*.ftl")):
        english = parser.parse((FOLDER / "en" / path.name).read_text("utf-8")).body
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
                own = of_file | of_text.get(entry.id.name, {})
                result.append(Told(path.stem, entry.id.name, facts, own))
    return result


def words_behind(text: str) -> list[str]:
    """The words behind the number that is marked, up to a sign or a word of another phrase."""
    behind = text.partition(CLOSE)[2]
    phrase = re.split(r"[.,;:()–—%$“”«»·|]|\d|\n", behind.replace("\u00a0", " "))[0]
    return phrase.split()


def agreeing(text: str, language: Language) -> list[str]:
    """The words that have to agree with the number that is marked: what it counts, what that does."""
    kept = itertools.takewhile(lambda word: _bare(word) not in ALONE[language], words_behind(text))
    return [word for word in kept if word != "X"]


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
        elif OPEN in text and not single and bare(text) not in {bare(by[2])}:
            yield f"{number} is not told as many: {text}"


def findings(language: Language, folder: Path = FOLDER) -> list[str]:
    """Every place of a language's texts where words do not agree with a number."""
    return [
        f"{told.file}: {told.key} ${name}: {fault}"
        for told in texts(language, folder)
        for name in told.numbers()
        for fault in dict.fromkeys(faults(told, name, language))
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_words_agree_with_every_number_that_a_text_takes(language: Language):
    assert findings(language) == []


def test_comments_declare_facts_that_there_are():
    idle = [
        (told.key, fact)
        for path in sorted((FOLDER / "en").glob("*.ftl"))
        for told in texts("en")
        if told.file == path.stem
        for fact in _own(path, told.key)
        if fact not in told.facts.shown
    ]
    assert idle == []


def _own(path: Path, key: str) -> Sequence[str]:
    for entry in FluentParser().parse(path.read_text("utf-8")).body:
        if isinstance(entry, Message) and entry.id.name == key:
            return [*declared(entry.comment)]
    return []
