"""The finished French page: values fit the sentences around them."""

import re

import pytest
from lxml import html

from .conftest import Project

N = "\u00a0"
FAULTS = {
    "elision": r"(?i)\b(?:de|que|jusque|le|la) [aeiouyéèê]\w*",
    "two prepositions": r"\b(?:de|à|avec|pour) jusqu’à\b",
    "article and number": r"\bde (?:le|les) \d",
    "a number separated by a breaking space": r"\d (?:\d{3}\b|%|\$|(?:million|milliard)s?\b)",
    "a decimal point": rf"\d\.\d+{N}?(?:%|\$|millions?|milliards?)",
    "an English amount": r"(?<!U)\$\d",
    "straight apostrophe": r"'",
}


@pytest.fixture(scope="module")
def prose(project: Project) -> str:
    """The sentences of the French page: paragraphs, points and captions; nothing that is quoted."""
    page = html.parse(project.output("html", "fr"))
    for part in page.xpath("//table | //*[@id='tbl-sources'] | //main//*[@lang] | //cite"):
        part.drop_tree()
    texts = page.xpath("//main//p | //main//li | //main//figcaption")
    return "\n".join(re.sub(r"[ \n]+", " ", text.text_content()) for text in texts)


@pytest.mark.parametrize("fault", FAULTS)
def test_values_fit_their_sentences(prose: str, fault: str):
    assert len(prose) > 10_000
    assert [found.group() for found in re.finditer(FAULTS[fault], prose)] == []
