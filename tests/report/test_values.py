from __future__ import annotations

import pytest
import yaml

from critical_minerals.report import embedded
from critical_minerals.report.embedded import Embedded

MANY = {
    f"amount_{n}": f"[C${n}[†]{{.sign said='reported'}}](#note-{n}){{.value}}" for n in range(99)
}
NAMED = [f"Award {n} is {{{{< meta v.{name} >}}}}." for n, name in enumerate(MANY)]
BODY = "\n\n".join(NAMED)


@pytest.fixture
def page(reports, document):
    path = reports / "published" / "values-en.yml"
    before = path.read_text("utf-8")
    known = yaml.safe_load(before)
    known["v"] |= MANY
    path.write_text(yaml.safe_dump(known, allow_unicode=True), "utf-8")

    def render(body: str = BODY) -> str:
        (made,) = Embedded().render(document(body), ("html",), reports / "_values")
        return made.read_text("utf-8")

    yield render
    path.write_text(before, "utf-8")


@pytest.fixture
def readings(monkeypatch):
    """Each time Pandoc was asked to read values."""
    given = []
    convert = embedded.convert

    def noting(text, outputs):
        given.extend(output for output in outputs if output.to == "json")
        return convert(text, outputs)

    monkeypatch.setattr(embedded, "convert", noting)
    return given


def test_kept_values_come_out_as_ever(page, readings, monkeypatch):
    kept = page()
    assert len(readings) == 1
    monkeypatch.setattr(embedded, "_MIN_CHARACTERS", 10**9)
    assert page() == kept
    assert len(readings) == 1
    assert 'href="#note-98"' in kept


def test_an_edit_of_the_prose_reads_no_value_again(page, readings):
    first = page(f"Before.\n\n{BODY}")
    assert page(f"After.\n\n{BODY}") == first.replace("Before.", "After.")
    assert len(readings) == 1


def test_a_changed_value_is_read_again(page, reports, readings):
    page()
    path = reports / "published" / "values-en.yml"
    path.write_text(path.read_text("utf-8").replace("C$98", "C$1,000"), "utf-8")
    assert ">C$1,000<" in page()
    assert len(readings) == 2


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"made-by": 5}'])
def test_kept_values_may_be_damaged(page, reports, content):
    first = page()
    (kept,) = (reports / "_generated" / "cache").glob("test_kept_values_may*.values.json")
    kept.write_text(content)
    assert page() == first
    kept.unlink()
