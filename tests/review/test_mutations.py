"""A fault planted for each kind of check is caught, and its message names it.

`pytest tests/review/test_mutations.py -rP` prints the table: fault planted → message shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pytest
import yaml

from critical_minerals.errors import FiguresError
from critical_minerals.review.checks import check_raw
from critical_minerals.review.confirmation import confirming
from critical_minerals.review.findings import Findings, findings_file, read_findings
from critical_minerals.tables.check_results import Kind
from critical_minerals.workspace.paths import Workspace

CHECK = "check"


@dataclass(frozen=True)
class Row:
    """A row of a raw table, found by some of its cells; the place of a fault in a message."""

    table: str
    cells: dict[str, str]

    def number(self, raw) -> int:
        header, *rows = raw.rows(self.table)
        wanted = [(header.index(name), text) for name, text in self.cells.items()]
        found = [n for n, row in enumerate(rows, 2) if all(row[i] == text for i, text in wanted)]
        assert found, self
        return found[0]

    def place(self, raw) -> str:
        return f"data/raw/{self.table}.csv, row {self.number(raw)}"

    def origin(self, raw) -> str:
        return f"data/raw/{self.table}.csv:{self.number(raw)}"


@dataclass(frozen=True)
class Fault:
    """A fault: what it is, where it is planted and how, which step finds it, what that says."""

    name: str
    kind: Kind
    step: str
    says: Sequence[str]
    row: Row | None = None
    set: dict[str, str] = field(default_factory=dict)
    plant: Callable[..., None] | None = None
    edits: tuple[tuple[str, str], ...] = ()
    after_a_good_run: bool = False

    def into(self, workspace: Workspace, raw) -> list[str]:
        """Plant the fault; return what the message must hold."""
        told = [text.format(**_places(self.row, raw)) for text in self.says]
        for column, value in self.set.items():
            raw.set(self.row.table, self.row.number(raw), column, value)
        if self.plant:
            self.plant(workspace, raw, self.row)
        return told


def _places(row: Row | None, raw) -> dict[str, object]:
    if row is None:
        return {}
    return {"place": row.place(raw), "origin": row.origin(raw), "row": row.number(raw)}


def repeat(_: Workspace, raw, row: Row) -> None:
    """Put a row in twice."""
    rows = raw.rows(row.table)
    raw.write(row.table, [*rows, rows[row.number(raw) - 1]])


def remove(_: Workspace, raw, row: Row) -> None:
    """Take a row out, as if it had never been there."""
    rows = raw.rows(row.table)
    raw.write(row.table, [r for n, r in enumerate(rows, 1) if n != row.number(raw)])


def correct(**changes: object) -> Callable[..., None]:
    """Change the project's correction of an award."""

    def plant(workspace: Workspace, *_: object) -> None:
        path = workspace.raw / "corrections.yml"
        entries = yaml.BaseLoader(path.read_text("utf-8")).get_single_data()
        next(one for one in entries if one["table"] == "funding/awards").update(changes)
        path.write_text(yaml.safe_dump(entries, allow_unicode=True), "utf-8")

    return plant


AWARD = Row("funding/awards", {"award_id": "bhp_potash", "source_id": "REUTERS_BHP22"})
CMIF = Row("funding/results", {"programme": "cmif", "measure": "projects"})
COPPER = Row("supply/world_production", {"commodity": "copper", "stage": "mine", "country": "CL"})
COAL = Row("trade/mineral_exports", {"category": "coal", "year": "2023"})
MINES = Row("progress/mines", {"site": "bloom_lake"})

APART, SAME, OPEN = (
    Row("progress/claims", cells)
    for cells in ({"held_against": "other_measure"}, {"held_against": "same"}, {"indicator": ""})
)

FAULTS = (
    Fault(
        "a claim that measures something else, and does not say what",
        Kind.SCHEMA,
        CHECK,
        ["{place}, column why_en: expected a value in why_en where held_against is other_measure"],
        row=APART,
        set={"why_en": "", "why_fr": ""},
    ),
    Fault(
        "a claim that does not say what it is held against",
        Kind.SCHEMA,
        CHECK,
        ["{place}, column held_against: expected a value, as indicator has one"],
        row=SAME,
        set={"held_against": ""},
    ),
    Fault(
        "a claim that is not recomputed, and does not say what is missing",
        Kind.SCHEMA,
        CHECK,
        ["{place}, column indicator: expected a value in indicator or missing_en"],
        row=OPEN,
        set={"missing_en": "", "missing_fr": ""},
    ),
    Fault(
        "an amount in words",
        Kind.SCHEMA,
        CHECK,
        ["{place}, column amount: found '1,5 million'; expected a number in plain digits"],
        row=AWARD,
        set={"amount": "1,5 million"},
    ),
    Fault(
        "a source that no list knows",
        Kind.SCHEMA,
        CHECK,
        ["{place}, column source_id: found 'REUTERS_BHP23'", "Did you mean 'REUTERS_BHP22'?"],
        row=AWARD,
        set={"source_id": "REUTERS_BHP23"},
    ),
    Fault(
        "a column lost on the way",
        Kind.SCHEMA,
        "50_progress",
        ["table planned_output: found 'output_en'; expected these columns"],
        edits=(('"label_en": "output_en", ', ""),),
    ),
    Fault(
        "a name that goes missing on the way",
        Kind.SCHEMA,
        "50_progress",
        ["table sites (site=bloom_lake), column company: found 'no value ({origin})'"],
        row=MINES,
        edits=(
            (
                'sites = nb.save("sites", sites)',
                'sites = nb.save("sites", sites.replace("Champion Iron Ltd.", pd.NA))',
            ),
        ),
    ),
    Fault(
        "a row twice",
        Kind.KEYS,
        CHECK,
        ["data/raw/progress/mines.csv, row ", "site=bloom_lake", "row {row} holds it already"],
        row=MINES,
        plant=repeat,
    ),
    Fault(
        "a join that doubles a row",
        Kind.KEYS,
        "50_progress",
        ["table sites (site=bloom_lake): ", "{origin}", "expected each site once"],
        row=MINES,
        edits=(
            (
                "pd.concat([operating, planned], ignore_index=True)",
                'pd.concat([operating, planned, operating[operating["site"] == "bloom_lake"]])',
            ),
        ),
    ),
    Fault(
        "a negative amount",
        Kind.RANGES,
        CHECK,
        ["{place}, column amount: found '-100000000'; expected at least 0"],
        row=AWARD,
        set={"amount": "-100000000"},
    ),
    Fault(
        "an award a thousand times too large",
        Kind.RANGES,
        "10_funding",
        [
            "table funding_awards (award_id=cmif_green_tm), column amount_cad: ",
            "found '5500000000.0 ({origin})'; expected an award of a thousand to two billion",
        ],
        row=Row("funding/awards", {"award_id": "cmif_green_tm"}),
        set={"amount": "5500000000"},
    ),
    Fault(
        "a share computed twice",
        Kind.RANGES,
        "20_trade",
        ["table domestic_exports (hs_code=", "column share_pct: ", "expected between 0 and 100"],
        edits=(('(domestic["amount_cad"], of_whole)', '(domestic["amount_cad"], of_whole) * 100'),),
    ),
    Fault(
        "a unit that measures something else",
        Kind.UNITS,
        CHECK,
        ["{place}, column unit: found 'projects'; expected a unit of mass or volume"],
        row=COPPER,
        set={"unit": "projects"},
    ),
    Fault(
        "tonnes among thousand tonnes",
        Kind.UNITS,
        CHECK,
        ["{place}, column unit: found 't'; expected kt, the unit of the other rows"],
        row=COPPER,
        set={"unit": "t"},
    ),
    Fault(
        "a quantity that nobody published and nobody withheld",
        Kind.UNITS,
        "20_trade",
        [
            "table production (mineral=molybdenum",
            "{origin}",
            "expected tonnes, cubic metres, or what",
        ],
        row=Row(
            "supply/world_production", {"commodity": "molybdenum", "country": "CA", "year": "2025"}
        ),
        set={"quantity": "", "qualifier": ""},
    ),
    Fault(
        "a total that its parts do not make",
        Kind.SUMS,
        "10_funding",
        [
            "table programme_results (result=cmif:projects): found '34 ({origin})'",
            "expected 33, the sum of its 2 parts (data/raw/funding/results.csv:",
        ],
        row=CMIF,
        set={"value": "34"},
    ),
    Fault(
        "a part off by more than rounding",
        Kind.SUMS,
        "20_trade",
        ["table mineral_exports (year=2023, category=minerals_and_metals): ", "{origin}"],
        row=COAL,
        set={"value_cad": "13100000000"},
    ),
    Fault(
        "import shares that make more than everything",
        Kind.SUMS,
        "30_supply",
        ["table us_import_sources (mineral=aluminum, form=all", "{origin}", "give or take 1"],
        row=Row("supply/us_import_sources", {"mineral": "aluminum", "partner": "AE"}),
        set={"share_pct": "18"},
    ),
    Fault(
        "a row dropped in silence",
        Kind.ROWS,
        "10_funding",
        ["data/raw/funding/limits.csv, row 2: expected every row that is read in a saved table"],
        edits=(
            ("limits_stated.rename(columns=RENAMED)", "limits_stated[1:].rename(columns=RENAMED)"),
        ),
    ),
    Fault(
        "many rows dropped in silence",
        Kind.ROWS,
        "30_supply",
        ["data/raw/usgs/mcs2023.zip/world/mcs2023", "excluded for a stated reason"],
        edits=(
            ('reserves = nb.raw("supply/reserves")', 'reserves = nb.raw("supply/reserves")[10:]'),
        ),
    ),
    Fault(
        "excluded rows that are used",
        Kind.ROWS,
        "20_trade",
        [
            "data/raw/usgs/MCS2025_World_Data.csv#PROD_2023",
            "expected excluded rows in no",
        ],
        edits=(("nb.exclude(world[~at_home],", "nb.exclude(world,"),),
    ),
    Fault(
        "a row that the last run had",
        Kind.COVERAGE,
        "50_progress",
        ["data/raw/progress/mines.csv: found", "site=bloom_lake", "--confirm sites"],
        row=MINES,
        plant=remove,
        after_a_good_run=True,
    ),
    Fault(
        "a slip of a decimal point",
        Kind.MAGNITUDE,
        "10_funding",
        ["data/raw/funding/awards.csv, row ", "found '55000000'; expected about 5500000"],
        row=Row("funding/awards", {"award_id": "cmif_green_tm"}),
        set={"amount": "55000000"},
        after_a_good_run=True,
    ),
    Fault(
        "a correction that is out of date",
        Kind.CORRECTIONS,
        CHECK,
        ["data/raw/corrections.yml, entry 3, column announced: found '2022-07-13 (row {row})'"],
        row=Row("funding/awards", {"award_id": "bhp_potash", "source_id": "GTA_SUB"}),
        plant=correct(was="2022-07-12"),
    ),
    Fault(
        "a correction without evidence",
        Kind.CORRECTIONS,
        CHECK,
        ["data/raw/corrections.yml, entry 3, column evidence: found 'NOBODY'; expected an id"],
        plant=correct(evidence={"source_id": "NOBODY", "place": "nowhere"}),
    ),
)


def find(workspace: Workspace, run_notebook, fault: Fault) -> Findings:
    """Run the step that is to find a fault, and return what its checks kept."""
    with pytest.raises(FiguresError) as caught:
        run(workspace, run_notebook, fault.step, *fault.edits)
    findings = read_findings(workspace, fault.step)
    assert findings is not None
    assert [*caught.value.problems] == findings.problems
    return findings


def run(workspace: Workspace, run_notebook, step: str, *edits: tuple[str, str]) -> None:
    if step == CHECK:
        check_raw(workspace, 2027)
    else:
        run_notebook(step, *edits)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}: {fault.name}")
def test_a_planted_fault_is_caught_and_named(workspace, raw, run_notebook, fault: Fault):
    if fault.after_a_good_run:
        run(workspace, run_notebook, fault.step)
    wanted = fault.into(workspace, raw)
    findings = find(workspace, run_notebook, fault)
    told = [
        str(problem)
        for result in findings.results
        if result.kind is fault.kind
        for problem in result.problems
    ]
    found = [message for message in told if all(part in message for part in wanted)]
    assert found, (wanted, told)
    print(f"{fault.kind} | {fault.name} | {found[0]}")  # noqa: T201 - the table of -rP


def test_every_kind_of_check_has_a_fault_that_it_finds():
    assert {fault.kind for fault in FAULTS} == {*Kind}


@pytest.mark.parametrize("step", ["10_funding", "20_trade", "30_supply", "40_partnerships"])
def test_without_a_fault_nothing_is_found(workspace, run_notebook, step: str):
    run_notebook(step)
    findings = read_findings(workspace, step)
    assert findings is not None
    assert findings.complete
    assert findings.problems == []
    assert all(one.read == one.used + one.left for one in findings.reconciliations)


def test_all_faults_of_a_notebook_are_told_at_once(workspace, raw, run_notebook):
    plural = [f for f in FAULTS if f.step == "10_funding" and f.row and not f.after_a_good_run]
    wanted = [text for fault in plural for text in fault.into(workspace, raw)[:1]]
    with pytest.raises(FiguresError) as caught:
        run_notebook("10_funding")
    assert len(wanted) == 2
    assert all(text in str(caught.value) for text in wanted), caught.value


def test_what_is_confirmed_passes_and_is_kept_as_confirmed(workspace, raw, run_notebook):
    run_notebook("50_progress")
    remove(workspace, raw, MINES)
    with pytest.raises(FiguresError):
        run_notebook("50_progress")
    with confirming(workspace, ["sites"]):
        run_notebook("50_progress")
    findings = read_findings(workspace, "50_progress")
    meant = [p for result in findings.results for p in result.confirmed]
    assert findings.problems == []
    assert "site=bloom_lake" in str(meant)
    run_notebook("50_progress")  # what was confirmed is what the next run is held against
    again = read_findings(workspace, "50_progress")
    assert any(r.against_last for r in again.results)
    assert [p for result in again.results for p in result.confirmed] == []


def test_a_failed_notebook_hands_nothing_on(workspace, raw, run_notebook):
    raw.set("funding/results", CMIF.number(raw), "value", "34")
    with pytest.raises(FiguresError):
        run_notebook("10_funding")
    assert not workspace.processed.exists()
    assert not (workspace.state / "last").exists()
    assert findings_file(workspace, "10_funding").is_file()
