"""The committed claims, recomputed from the committed figures by the committed notebooks."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from critical_minerals.charts.claims import claims_by_outcome
from critical_minerals.charts.theme import themed
from critical_minerals.project import ReportParameters
from critical_minerals.raw.store import RawStore
from critical_minerals.review.claims import EXPLAINED, Outcome
from critical_minerals.workspace.paths import Workspace

from .conftest import Findings, reads_once
from .running import PROJECT, run

NAMED = {
    "cmif_projects": Outcome.AGREES,
    "cmrdd_federal_projects": Outcome.ELSE,
    "cmrdd_pilots_amount": Outcome.UNEXPLAINED,
    "cmrdd_total": Outcome.AGREES,
    "exports_2844": Outcome.ELSE,
    "exports_3104": Outcome.AGREES,
    "gpi_projects": Outcome.ELSE,
    "gpi_envelope": Outcome.OPEN,
    "package_2023": Outcome.AGREES,
    "planned_critical_share": Outcome.ELSE,
    "planned_value": Outcome.OPEN,
    "planned_critical_value": Outcome.OPEN,
    "headquartered_companies": Outcome.ELSE,
    "listed_companies": Outcome.OPEN,
    "merchandise_2022": Outcome.UNEXPLAINED,
    "nickel_rank": Outcome.ELSE,
    "exports_change_2023": Outcome.ROUNDED,
    "exploration_2021": Outcome.REVISED,
    "exploration_2022_intended": Outcome.ELSE,
    "first_estimate_nickel": Outcome.REVISED,
    "strategy_2022": Outcome.ELSE,
    "traceability_ceiling": Outcome.ELSE,
    "us_minerals_supplied": Outcome.ELSE,
    "reliance_reduced": Outcome.OPEN,
    "reliance_reduced_mined": Outcome.OPEN,
    "china_lithium": Outcome.ELSE,
    "china_graphite": Outcome.ELSE,
    "china_cobalt": Outcome.ELSE,
    "china_gallium": Outcome.ELSE,
    "china_vanadium": Outcome.ELSE,
    "china_rare_earth_elements": Outcome.ELSE,
    "world_lithium": Outcome.ROUNDED,
}
"""Claims that the report must speak of, and how they turn out."""


@pytest.fixture(scope="module")
def claims() -> pd.DataFrame:
    return RawStore(Workspace(PROJECT)).read("progress/claims", ReportParameters().as_of)


class TestTheTable:
    def test_texts_stand_in_both_languages_or_in_none(self, claims: pd.DataFrame):
        for name in ("missing", "why"):
            twins = claims[[f"{name}_en", f"{name}_fr"]].notna()
            assert claims[twins.iloc[:, 0] != twins.iloc[:, 1]].empty

    def test_a_claim_is_recomputed_or_says_what_is_missing(self, claims: pd.DataFrame):
        given = claims["indicator"].notna()
        assert claims[given == claims["missing_en"].notna()].empty

    def test_figures_are_multiples_of_the_step_they_are_rounded_to(self, claims: pd.DataFrame):
        stepped = claims[claims["rounded_to"].notna()]
        steps = stepped["value"] / stepped["rounded_to"]
        assert stepped[(steps - steps.round()).abs() > 1e-6].empty

    def test_statements_are_told_apart(self, claims: pd.DataFrame):
        for language in ("en", "fr"):
            assert claims[f"statement_{language}"].is_unique


class TestTheFindings:
    def test_enough_is_checked_and_every_outcome_occurs(self, findings: Findings):
        counts = findings.checked["outcome"].value_counts()
        assert counts.sum() >= 60
        assert counts[counts.index != Outcome.OPEN].sum() >= 40
        assert set(counts.index) == {outcome.value for outcome in Outcome}

    def test_every_indicator_is_used_and_every_claim_has_its_indicator(self, findings: Findings):
        wanted = set(findings.checked["indicator"].dropna())
        assert wanted == set(findings.names["computed"])

    @pytest.mark.parametrize("name", NAMED)
    def test_claims_that_the_report_must_speak_of(self, findings: Findings, name: str):
        assert findings.checked.loc[name, "outcome"] == NAMED[name]

    def test_what_is_not_missing_is_explained(self, findings: Findings):
        checked = findings.checked
        apart = checked["outcome"].isin([Outcome.REVISED, Outcome.ELSE])
        assert checked[apart & checked["why_en"].isna()].empty
        open_ones = checked["outcome"] == Outcome.OPEN
        assert checked[open_ones & checked["missing_fr"].isna()].empty

    def test_reasons_are_not_kept_for_claims_that_agree(
        self, findings: Findings, claims: pd.DataFrame
    ):
        excused = claims.set_index("claim")["why_en"].dropna().index
        outcomes = findings.checked.loc[excused, "outcome"]
        assert outcomes[~outcomes.isin(EXPLAINED)].empty

    def test_figures_of_different_things_have_no_difference(self, findings: Findings):
        other = findings.checked[findings.checked["outcome"] == Outcome.ELSE]
        assert other[["difference", "difference_pct"]].isna().all(axis=None)

    def test_everything_rests_on_the_claim_and_on_more(self, findings: Findings):
        checked = findings.checked
        origins = checked["origin"].str.split()
        assert origins.map(lambda rows: any("progress/claims.csv" in row for row in rows)).all()
        recomputed = checked["outcome"] != Outcome.OPEN
        assert (origins[recomputed].map(len) > 1).all()

    def test_the_values_count_the_table(self, findings: Findings):
        noted = findings.names["nb"]._publication._manifest["en"]["values"]
        outcomes = findings.checked["outcome"].value_counts()
        for name, outcome in (
            ("rounded", Outcome.ROUNDED),
            ("revised", Outcome.REVISED),
            ("other_measure", Outcome.ELSE),
            ("unexplained", Outcome.UNEXPLAINED),
            ("not_recomputable", Outcome.OPEN),
        ):
            assert noted[f"claims_{name}"]["number"] == outcomes[outcome.value]
        assert noted["claims_count"]["number"] == len(findings.checked)
        agreeing = outcomes[[Outcome.AGREES.value, Outcome.ROUNDED.value]].sum()
        assert noted["claims_agreeing"]["number"] == agreeing


class TestChangedFigures:
    @pytest.fixture
    def copied(self, findings: Findings, tmp_path: Path, read_once: Path) -> Workspace:
        root = tmp_path / "copy"
        shutil.copytree(findings.workspace.root, root, ignore=shutil.ignore_patterns(".pipeline"))
        workspace = Workspace(root)
        reads_once(workspace, read_once)
        return workspace

    def test_a_changed_part_makes_its_claim_differ(self, copied: Workspace):
        path = copied.raw / "funding" / "awards.csv"
        text = path.read_text("utf-8")
        assert ",sif_srf,27000000," in text
        path.write_text(text.replace(",27000000,", ",28000000,"), "utf-8")
        run(copied, "10_funding", figures=False)
        found = (
            run(copied, "60_claims", figures=False)["checked"]
            .set_index("claim")
            .loc["sif_committed"]
        )
        assert (found["outcome"], found["recomputed"]) == (Outcome.UNEXPLAINED, 250_000_000)
        assert found["found_en"] == "$250\u00a0million (+\u2060$1\u00a0million, +0.4%)"

    def test_a_second_year_of_exports_leaves_the_claims_of_the_first_alone(
        self, copied: Workspace, findings: Findings
    ):
        path = copied.raw / "trade" / "domestic_exports.csv"
        rows = path.read_text("utf-8").splitlines()
        path.write_text(
            "\n".join(rows + [row.replace(",2025,", ",2024,") for row in rows[1:]]) + "\n"
        )
        run(copied, "20_trade", figures=False)
        found = run(copied, "60_claims", figures=False)["checked"].set_index("claim")
        for heading in ("exports_3104", "exports_7502", "exports_2844"):
            was = findings.checked.loc[heading, "recomputed"]
            assert found.loc[heading, "recomputed"] == was

    def test_totals_of_one_release_are_not_held_against_the_parts_of_the_next(
        self, copied: Workspace, findings: Findings
    ):
        sources = copied.raw / "sources.csv"
        listed = sources.read_text("utf-8")
        row = next(line for line in listed.splitlines() if line.startswith("USGS_MCS2026,"))
        later = row.replace("USGS_MCS2026", "USGS_MCS2027").replace("P1WKQ63T", "P1NEXT27")
        sources.write_text(listed + later + "\n", "utf-8")
        path = copied.raw / "supply" / "world_production.csv"
        table = RawStore(copied)._file_cells("supply/world_production").fillna("")
        table = table.drop(columns=["row_number", "file_name"])
        path.with_name("world_production.official.yml").unlink()  # what it gives is typed in
        next_one = table[(table["release"] == "2026") & (table["year"] == "2025")].copy()
        more = pd.to_numeric(next_one["quantity"]) * 1.1
        next_one["quantity"] = more.map("{:.15g}".format).where(more.notna(), "")
        next_one = next_one.assign(release="2027", as_of="2026-09-01", source_id="USGS_MCS2027")
        pd.concat([table, next_one]).to_csv(path, index=False)
        run(copied, "30_supply", figures=False)
        found = run(copied, "60_claims", figures=False)["checked"].set_index("claim")
        for mineral in ("lithium", "potash", "nickel"):
            was = findings.checked.loc[f"world_{mineral}"]
            assert found.loc[f"world_{mineral}", ["recomputed", "outcome"]].equals(
                was[["recomputed", "outcome"]]
            )

    def test_before_a_revision_is_public_a_first_estimate_has_nothing_to_be_held_against(
        self, copied: Workspace
    ):
        run(copied, "30_supply", figures=False, as_of="2025-03-31")
        found = run(copied, "60_claims", figures=False, as_of="2025-03-31")["checked"].set_index(
            "claim"
        )
        assert found.loc["first_estimate_nickel", "outcome"] == Outcome.OPEN

    def test_before_any_claim_was_public_there_is_none(self, copied: Workspace):
        names = run(copied, "60_claims", figures=False, as_of="2019-01-01")
        assert names["checked"].empty
        values = names["nb"]._publication._manifest["fr"]["values"]
        assert values["claims_count"]["text"] == "0"
        assert values["claim_gpi_projects_found"]["text"] == "–"


class TestTheChart:
    @pytest.mark.parametrize("language", ["en", "fr"])
    def test_each_claim_is_a_mark(self, findings: Findings, language: str):
        edition = next(e for e in findings.names["nb"].editions if e.language == language)
        chart = claims_by_outcome(findings.checked.reset_index(), edition)
        spec = themed(chart, edition.language)
        marks = max(spec["datasets"].values(), key=len)
        assert len(marks) == len(findings.checked)
        assert len({(mark["topic"], mark["place"]) for mark in marks}) == len(marks)
        kinds = spec["layer"][0]["encoding"]["shape"]["scale"]
        assert len(set(kinds["range"])) == len(kinds["domain"]) == len(Outcome)

    def test_without_claims_it_says_so(self, findings: Findings):
        edition = findings.names["nb"].editions[0]
        chart = claims_by_outcome(findings.checked.reset_index().head(0), edition)
        assert chart.to_dict()["mark"]["type"] == "text"
