"""What a document uses: values with their sections, figures and tables, sources."""

from pathlib import Path

from critical_minerals.report.references import Section, read_references, references_of

DOCUMENT = """
Before: {{< meta v.early >}}.

## First {#sec-first .unnumbered}

{{< meta v.year >}}: {{< meta  v.total >}} ([Press, 2026](#src-press); [Press](#src-press)).

{{< include _generated/en/fig-sums.md >}}

### *Second* {#sec-second}

Again {{< meta v.total >}}, of {{< meta v.listed >}} (@fig-sums, [note](#note-1)).

{{< include _generated/en/tbl-sums.md >}}
{{< include _generated/en/notes.md >}}
"""


def test_a_value_knows_the_section_that_states_it_first():
    assert references_of(DOCUMENT).stated == {
        "early": Section(),
        "year": Section("sec-first", "First"),
        "total": Section("sec-first", "First"),
        "listed": Section("sec-second", "Second"),
    }


def test_figures_tables_and_sources_come_in_the_order_of_the_text():
    uses = references_of(DOCUMENT)
    assert uses.shown == ("fig-sums", "tbl-sums")
    assert uses.cited == ("src-press",)


def test_other_words_around_the_same_uses_make_no_difference():
    assert references_of(DOCUMENT.replace("Again", "Once more, and at length:")) == references_of(
        DOCUMENT
    )


def test_a_document_that_is_not_there_uses_nothing(tmp_path: Path):
    assert read_references(tmp_path / "none.qmd") == references_of("")


def test_a_heading_that_does_not_end_is_read_at_once():
    # Each of the three runs once made all of those before it be read again: minutes.
    line = "#" * 60_000 + " " * 60_000 + "x" * 60_000
    assert not references_of(f"{line}\n").pages
