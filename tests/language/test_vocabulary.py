import pandas as pd
import pytest

from critical_minerals.errors import UsageError
from critical_minerals.language.vocabulary import Vocabulary
from critical_minerals.project import PROJECT as REPORT


def frame(**columns: list) -> pd.DataFrame:
    return pd.DataFrame({name: pd.array(cells) for name, cells in columns.items()})


VOCABULARY = Vocabulary(
    {
        "mineral": frame(
            mineral=["aluminum", "gold"],
            name_en=["Aluminum", "Gold"],
            name_fr=["Aluminium", "Or"],
        ),
        "place": frame(
            place_id=["CN", "US"],
            name_en=["China", "United States"],
            name_fr=["Chine", "États-Unis"],
        ),
        "programme": frame(
            programme=["cmif", "quebec"],
            name_en=["Critical Minerals Infrastructure Fund", "Quebec"],
            name_fr=["Fonds pour l’infrastructure", "Québec"],
            acronym_en=["CMIF", None],
            acronym_fr=["FIMC", None],
        ),
        "source": frame(source_id=["S1"], title=["A title"]),
    },
    REPORT.lists,
)


def test_names_in_both_languages_and_acronyms_where_there_are_any():
    assert VOCABULARY.name("place", "US", "fr") == "États-Unis"
    assert VOCABULARY.name("programme", "cmif", "fr", short=True) == "FIMC"
    assert VOCABULARY.name("programme", "quebec", "en", short=True) == "Quebec"
    assert VOCABULARY.names("mineral", ["gold", "aluminum"], "fr") == ["Or", "Aluminium"]
    assert VOCABULARY.name("source", "S1", "fr") == "A title"


def test_an_unknown_id_is_refused_with_the_nearest():
    with pytest.raises(UsageError, match=r"no mineral 'aluminium'. Did you mean 'aluminum'\?"):
        VOCABULARY.name("mineral", "aluminium", "en")


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (0, "tonnes", "tonne"),
        (1, "tonne", "tonne"),
        (1.5, "tonnes", "tonne"),
        (2, "tonnes", "tonnes"),
        (1_000_000, "tonnes", "tonnes"),
    ],
)
def test_what_a_number_counts_agrees_with_it(number: float, english: str, french: str):
    names = frame(unit=["t"], name_en=["tonnes"], name_fr=["tonnes"])
    units = Vocabulary({"unit": names.assign(one_en="tonne", one_fr="tonne")}, REPORT.lists)
    assert units.counted("unit", "t", number, "en") == english
    assert units.counted("unit", "t", number, "fr") == french
