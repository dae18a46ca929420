"""What changed between two sets of figures: found, sized, and given its right reason."""

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from critical_minerals.review.change_texts import format_step
from critical_minerals.review.changes import (
    Change,
    Comparison,
    Kind,
    Tier,
    Unedited,
    What,
    Why,
    compare,
    revised_values,
    step,
)
from critical_minerals.review.changes_report import long_form, short_form

from .moments import Moment

numbers = st.floats(allow_nan=False, allow_infinity=False, width=32)


def compared(tmp_path: Path, before: Moment, after: Moment) -> Comparison:
    return compare(before.save(tmp_path / "before"), after.save(tmp_path / "after"))


def only(comparison: Comparison, kind: Kind) -> Change:
    (change,) = comparison.of(kind)
    return change


def with_value(number: float | None = 100, *, value: str = "100", **raw) -> Moment:
    """One raw row, the value stated from it, and the processed row that holds it."""
    moment = Moment()
    origin = moment.raw("progress/indicators", "gdp", value, **raw)
    moment.value("gdp", number, origin)
    moment.table("indicators", ("gdp", value, origin))
    return moment


@pytest.mark.parametrize(
    ("number", "tier"),
    [
        (115, Tier.LARGE),
        (85, Tier.LARGE),
        (114.9, Tier.MODERATE),
        (101, Tier.MODERATE),
        (100.9, Tier.SMALL),
        (-100, Tier.LARGE),
        (0, Tier.LARGE),
    ],
)
def test_a_change_is_sized_by_how_far_the_figure_moved(tmp_path: Path, number: float, tier: Tier):
    comparison = compared(tmp_path, with_value(), with_value(number, value=str(number)))
    value, row = only(comparison, Kind.VALUE), only(comparison, Kind.ROW)
    assert (value.tier, row.tier, value.what, value.why) == (tier, tier, What.REVISED, Why.EDIT)
    relative = number / 100 - 1 if number > 0 else None  # over a sign change there is none
    assert value.step.relative == pytest.approx(relative)
    assert value.step.absolute == pytest.approx(number - 100)
    assert [cell.column for cell in row.cells] == ["value"]


def test_equal_figures_have_no_change_whatever_the_code_and_the_row_numbers(tmp_path: Path):
    moved = Moment(code="2")
    moved.raw("progress/indicators", "another", "5", source="DOC_B")
    origin = moved.raw("progress/indicators", "gdp", "100")
    moved.value("gdp", 100 * (1 + 1e-12), origin)
    moved.table("indicators", ("gdp", "100.00000000001", origin))
    comparison = compared(tmp_path, with_value(), moved)
    assert [change.kind for change in comparison.changes] == [Kind.SOURCE]


@given(numbers, numbers)
def test_a_step_never_fails_and_knows_direction_and_size(before: float, after: float):
    moved = step(before, after)
    if moved is None:
        assert math.isclose(before, after, rel_tol=1e-8, abs_tol=1e-8)
        return
    assert moved.absolute is not None
    assert (moved.absolute > 0) == (after > before)
    if moved.relative is None:
        assert before * after <= 0
        assert moved.tier is Tier.LARGE
    else:
        assert (moved.relative > 0) == (after > before)


@pytest.mark.parametrize(
    ("before", "after", "english", "french"),
    [
        (33, 73, "+40 points", "+40 points"),
        (2.5, 2.1, "\u22120.4 points", "\u22120,4 point"),
        (17, 18, "+1 point", "+1 point"),
    ],
)
def test_a_percentage_changes_by_points(before: float, after: float, english: str, french: str):
    moved = step(before, after, "percent")
    assert moved is not None
    assert moved.relative is None
    told = [format_step(moved, language).replace("\xa0", " ") for language in ("en", "fr")]
    assert told == [english, french]


@given(numbers)
def test_a_figure_that_stays_has_no_step(number: float):
    assert step(number, number) is None


def test_from_nothing_and_from_zero_there_is_no_relative_change(tmp_path: Path):
    before, after = Moment(), Moment()
    for moment, number in ((before, 0), (after, 7)):
        origin = moment.raw("progress/indicators", "mines", str(number))
        moment.value("mines", number, origin)
        moment.value(
            "mills", None if moment is before else 2, *([] if moment is before else [origin])
        )
    comparison = compared(tmp_path, before, after)
    found = {change.name: change for change in comparison.of(Kind.VALUE)}
    assert (found["mines"].what, found["mills"].what) == (What.REVISED, What.ADDED)
    assert {change.tier for change in found.values()} == {Tier.LARGE}
    assert {change.step.relative for change in found.values()} == {None}


def revision() -> tuple[Moment, Moment]:
    return with_value(), with_value(120, value="120", as_of="2026-08-01", source="DOC_B")


def edit_in_place() -> tuple[Moment, Moment]:
    return with_value(), with_value(120, value="120")


def correction() -> tuple[Moment, Moment]:
    return with_value(), with_value(120, value="120", corrections=[{"was": "100"}])


def new_row() -> tuple[Moment, Moment]:
    before, after = with_value(), with_value()
    origin = after.raw("progress/indicators", "gdp_2024", "120")
    after.value("gdp", 120, origin)
    return before, after


def new_source() -> tuple[Moment, Moment]:
    before, after = with_value(), with_value()
    origin = after.raw("progress/indicators", "gdp_2024", "120", source="DOC_NEW")
    after.value("gdp", 120, origin)
    return before, after


def row_removed() -> tuple[Moment, Moment]:
    before, after = with_value(), with_value()
    extra = before.raw("progress/indicators", "part", "20")
    before.value("gdp", 120, "data/raw/progress/indicators.csv:2", extra)
    after.value("gdp", 100, "data/raw/progress/indicators.csv:2")
    return before, after


def method() -> tuple[Moment, Moment]:
    after = with_value(120)
    after.code = "2"
    return with_value(), after


def method_other_currency() -> tuple[Moment, Moment]:
    before, after = with_value(), with_value(value="120")
    origin = "data/raw/progress/indicators.csv:2"
    before.value("gdp", 100, origin, unit="CAD")
    after.value("gdp", 75, origin, unit="USD")
    return before, after


def method_other_choice() -> tuple[Moment, Moment]:
    sides = with_value(), with_value()
    for side, number in zip(sides, (100, 120), strict=True):
        extra = side.raw("progress/indicators", "newer", "120")
        side.value("gdp", number, extra if number == 120 else "data/raw/progress/indicators.csv:2")
    return sides


def revision_in_the_next_release() -> tuple[Moment, Moment]:
    return (
        with_value(release="2025", source="DOC_25"),
        with_value(120, value="120", release="2026", source="DOC_26", as_of="2026-03-01"),
    )


def new_row_that_moves_the_ranking() -> tuple[Moment, Moment]:
    """The second largest is another row, which stood there before, since a larger one came in."""
    before, after = Moment(), Moment()
    for side in (before, after):
        side.raw("funding/awards", "large", "200")
        side.raw("funding/awards", "middle", "100")
    newest = after.raw("funding/awards", "largest", "900")
    before.value("second", 100, "data/raw/funding/awards.csv:3")
    after.value("second", 200, "data/raw/funding/awards.csv:2")
    after.value("largest", 900, newest)
    return before, after


@pytest.mark.parametrize(
    ("planted", "why"),
    [
        (revision, Why.REVISION),
        (edit_in_place, Why.EDIT),
        (revision_in_the_next_release, Why.REVISION),
        (correction, Why.CORRECTION),
        (new_row, Why.NEW_ROW),
        (new_row_that_moves_the_ranking, Why.NEW_ROW),
        (new_source, Why.NEW_SOURCE),
        (row_removed, Why.ROW_REMOVED),
        (method, Why.METHOD),
        (method_other_choice, Why.METHOD),
        (method_other_currency, Why.METHOD),
    ],
)
def test_each_change_has_its_reason(tmp_path: Path, planted, why: Why):
    first = compared(tmp_path, *planted()).of(Kind.VALUE, What.REVISED)[0]
    assert (first.why, first.tier) == (why, Tier.LARGE)
    if why is not Why.METHOD:
        assert {row.why for row in first.reasons.rows} == {why}
        assert first.reasons.rows[0].origin.startswith("data/raw/")


def test_what_is_typed_over_names_the_other_rows_that_still_state_it(tmp_path: Path):
    """Documents of one award agree on its amount; another award of that size is no matter."""
    sides = Moment(), Moment()
    for side, value in zip(sides, ("41000000", "42000000"), strict=True):
        places = [
            side.raw("funding/awards", award, stated, source=source)
            for award, stated, source in (
                ("mine", value, "DOC_A"),
                ("mine", "41000000", "DOC_B"),
                ("mine", "40000000", "DOC_C"),
                ("mill", "41000000", "DOC_A"),
            )
        ]
        for place in places:
            side.rows[place]["key"]["source_id"] = side.rows[place]["source_id"]
        side.value("of_mine", int(value), places[0])
    comparison = compared(tmp_path, *sides)
    change = only(comparison, Kind.VALUE)
    (still,) = change.reasons.unedited
    assert still == Unedited("data/raw/funding/awards.csv:3", "value", "41000000")
    (told,) = (text for text in short_form(comparison) if "still says" in text)
    assert told == (
        "  data/raw/funding/awards.csv row 2 was edited in place, earlier days change too; "
        "row 3 still says 41000000"
    )
    assert told in long_form(comparison)


def test_of_several_reasons_the_most_frequent_is_told(tmp_path: Path):
    before, after = Moment(), Moment()
    for side, value in ((before, "100"), (after, "110")):
        side.raw("funding/awards", "first", value)
    for key in ("second", "third"):
        after.raw("funding/awards", key, "50")
    for side in (before, after):
        side.value("total", sum(int(r["cells"]["value"]) for r in side.rows.values()), *side.rows)
    change = only(compared(tmp_path, before, after), Kind.VALUE)
    assert [*change.reasons.counts.items()] == [(Why.EDIT, 1), (Why.NEW_ROW, 2)]
    assert change.why is Why.NEW_ROW


def test_rows_are_found_by_key_and_told_column_by_column(tmp_path: Path):
    before, after = Moment(), Moment()
    here = "data/raw/progress/sites.csv:"
    for side, keys in ((before, "abc"), (after, "bcd")):
        for key in keys:
            side.raw("progress/sites", key, "1")
    before.table(
        "sites", ("a", "1", f"{here}2"), ("b", "1|open", f"{here}3"), ("c", "1", f"{here}4")
    )
    after.table(
        "sites", ("b", "1|shut", f"{here}2"), ("c", "1", f"{here}3"), ("d", "1", f"{here}4")
    )
    rows = {c.key["figure"]: c for c in compared(tmp_path, before, after).of(Kind.ROW)}
    assert {key: row.what for key, row in rows.items()} == {
        "a": What.REMOVED,
        "b": What.REVISED,
        "d": What.ADDED,
    }
    (cell,) = rows["b"].cells
    assert (cell.column, cell.before, cell.after) == ("note", "open", "shut")
    assert (rows["b"].tier, rows["a"].tier, rows["d"].tier) == (
        Tier.MODERATE,
        Tier.LARGE,
        Tier.LARGE,
    )
    assert (rows["a"].why, rows["d"].why) == (Why.ROW_REMOVED, Why.NEW_ROW)


def test_a_claim_with_another_outcome_is_a_large_change_of_its_own_kind(tmp_path: Path):
    sides = with_value(), with_value()
    cells = {"projects": ("1|agrees", "1|differs"), "jobs": ("100|differs", "300|differs")}
    origin = "data/raw/progress/indicators.csv:2"
    for place, side in enumerate(sides):
        rows = [(claim, values[place], origin) for claim, values in cells.items()]
        side.table("claims", *rows, key="claim", words="outcome")
    first, second = compared(tmp_path, *sides).of(Kind.CLAIM)
    assert (first.key, first.tier) == ({"claim": "projects"}, Tier.LARGE)
    assert [(c.before, c.after) for c in first.cells] == [("agrees", "differs")]
    assert (second.tier, second.step.relative) == (Tier.MODERATE, 2)


def test_a_chart_is_as_changed_as_the_rows_that_it_shows(tmp_path: Path):
    sides = with_value(), with_value(130, value="130")
    for side, spec in zip(sides, ("old", "new"), strict=True):
        origin = "data/raw/progress/indicators.csv:2"
        places = {"indicators": [2]}
        side.shown("figures", "fig-gdp", "GDP", origin, spec=spec, tables=places)
        side.shown("figures", "fig-same", "Same", origin, spec="same", tables=places)
        side.shown("tables", "tbl-gdp", "GDP", origin, tables=places)
    comparison = compared(tmp_path, *sides)
    chart, table = only(comparison, Kind.CHART), only(comparison, Kind.TABLE)
    assert (chart.name, chart.tier, chart.why) == ("fig-gdp", Tier.LARGE, Why.EDIT)
    assert (table.name, table.tier) == ("tbl-gdp", Tier.LARGE)


def test_sources_that_are_new_gone_or_described_anew_are_told(tmp_path: Path):
    before, after = Moment(), Moment(titles={"DOC_A": "Another title"})
    for side, sources in ((before, "AB"), (after, "AC")):
        for letter in sources:
            side.raw("progress/sites", letter, "1", source=f"DOC_{letter}")
    found = {c.name: c.what for c in compared(tmp_path, before, after).of(Kind.SOURCE)}
    assert found == {"DOC_A": What.REVISED, "DOC_B": What.REMOVED, "DOC_C": What.ADDED}


def test_the_largest_revision_comes_first_and_its_row_is_not_told_twice(tmp_path: Path):
    before, after = with_value(), with_value(120, value="120")
    for side, extra in ((before, 1000), (after, 1120)):
        origin = side.raw("progress/indicators", "new", "9") if side is after else ""
        side.value(
            "total", extra, "data/raw/progress/indicators.csv:2", *([origin] if origin else [])
        )
    after.value("added", 9, "data/raw/progress/indicators.csv:3")
    comparison = compared(tmp_path, before, after)
    assert [change.name for change in comparison.top(9)] == ["gdp", "added", "total"]
    assert len(comparison.top(2)) == 2
    assert [change.name for change in comparison.of(Kind.ROW)] == ["indicators"]


def test_only_values_that_still_rest_on_the_same_rows_are_marked_as_revised(tmp_path: Path):
    before, after = with_value(), with_value(120, value="120")
    for side, key in ((before, "y2024"), (after, "y2025")):
        other = side.raw("supply/production", key, key[1:])
        side.value("newest", float(key[1:]) * (1 if side is before else 2), other)
        side.value("newest_year", float(key[1:]), other, unit="year")
    assert dict(revised_values(compared(tmp_path, before, after))) == {
        "gdp": {"en": "100", "fr": "100"}
    }
