"""Names within a sentence, and beside figures."""

import pandas as pd
import pytest

from critical_minerals.errors import UsageError
from critical_minerals.language.naming import (
    code_named,
    name_of,
    of_each,
    with_quantities,
    with_shares,
    worded,
)
from critical_minerals.language.quantities import Money, Percent
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT
from critical_minerals.workspace.parameters import Language

VOCABULARY = Vocabulary(
    {
        "mineral": pd.DataFrame(
            {"mineral": ["tin"], "name_en": ["Tin"], "name_fr": ["Étain"]}, dtype="string"
        ),
        "place": pd.DataFrame(
            {"place_id": ["CL", "PE"], "name_en": ["Chile", "Peru"], "name_fr": ["Chili", "Pérou"]},
            dtype="string",
        ),
    },
    REPORT.lists,
)


def test_a_mineral_is_a_common_noun_and_a_place_is_none():
    assert name_of("mineral", "tin", VOCABULARY)("fr") == "étain"
    assert name_of("place", "CL", VOCABULARY)("fr") == "Chili"


def test_names_stand_with_their_quantities():
    tin = name_of("mineral", "tin", VOCABULARY)
    told = with_quantities([tin, tin], [Money(2e6, "CAD"), Money(5.0, "CAD")])
    assert told("en") == "tin ($2\u00a0million); tin ($5)"
    with pytest.raises(ValueError, match="shorter"):
        with_quantities([tin, tin], [Money(5.0, "CAD")])


def test_places_stand_with_their_shares():
    told = with_shares("place", ["CL", "PE"], [23.44, 10], VOCABULARY)
    assert told("en") == "Chile 23.4%, Peru 10%"
    assert told("fr") == "Chili 23,4\u00a0%, Pérou 10\u00a0%"


def test_a_code_is_named_by_its_label():
    assert code_named("agreement-status", "in_force")("en") == "in force"
    with pytest.raises(UsageError, match="no text 'stage-moon'"):
        code_named("stage", "moon")("en")


def test_words_alone_make_a_text():
    assert worded("x")("en") == "x"
    assert worded(name_of("mineral", "tin", VOCABULARY))("fr") == "étain"


@pytest.mark.parametrize(
    ("count", "language", "said"),
    [
        (1, "en", "20%"),
        (2, "en", "20% each"),
        (1, "fr", "20\u00a0%"),
        (2, "fr", "20\u00a0% chacun"),
    ],
)
def test_what_several_hold_alike_belongs_to_each(count: int, language: Language, said: str):
    assert of_each(Percent(20.0, decimals=0), count)(language) == said
