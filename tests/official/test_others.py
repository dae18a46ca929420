"""Files of other publishers are known by their content and read, each with its own traps."""

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.adding import Said, addition
from critical_minerals.readers.comtrade import read_flows
from critical_minerals.readers.grants import read_grants
from critical_minerals.readers.known import recognised
from critical_minerals.readers.merchandise_trade import read_monthly, read_trade
from critical_minerals.readers.mineral_outlooks import read_supply
from critical_minerals.readers.nrcan import read_inventory, read_major_projects
from critical_minerals.readers.price_sheets import read_prices
from critical_minerals.readers.provincial_awards import read_ontario
from critical_minerals.readers.world_minerals import read_world_minerals
from critical_minerals.workspace import Workspace


def table(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, [*rows[0]])
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(("\ufeff" + text.getvalue()).encode())
    return path


def book(path: Path, sheet: str, rows: Sequence[Sequence[object]]) -> Path:
    workbook = openpyxl.Workbook()
    workbook.active.title = sheet
    for row in rows:
        workbook.active.append([*row])
    workbook.save(path)
    return path


def told(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    cells = frame[[*columns]].astype("object")
    return [*cells.where(cells.notna(), None).itertuples(index=False, name=None)]


def format_of(path: Path) -> str:
    seen = recognised(path)
    assert seen is not None
    return seen.format


class TestComtrade:
    FLOW: Mapping[str, object] = {
        "period": "2023",
        "reporterCode": 124,
        "reporterISO": "CAN",
        "partnerCode": 0,
        "partnerISO": "W00",
        "flowCode": "X",
        "classificationCode": "H6",
        "cmdCode": "260400",
        "primaryValue": 349.199,
        "netWgt": 10,
        "qty": 10,
        "qtyUnitCode": 8,
        "qtyUnitAbbr": "kg",
    }

    @pytest.mark.parametrize("form", ["csv", "json"])
    def test_both_forms_are_read_alike(self, tmp_path: Path, form: str):
        path = tmp_path / f"a.{form}"
        if form == "csv":
            table(path, [self.FLOW])
        else:
            path.write_text(json.dumps({"count": 1, "data": [self.FLOW], "error": ""}), "utf-8")
        assert format_of(path) == "un_comtrade"
        flows = read_flows(path, path.name)
        assert told(flows, "code", "value_usd", "valuation", "net_kg", "quantity", "unit") == [
            ("260400", 349.199, "fob", 10, 10, "kg")
        ]

    @pytest.mark.parametrize(
        ("change", "known"),
        [
            ({"qty": "", "netWgt": ""}, (None, None)),
            ({"qty": 0, "netWgt": 0}, (None, None)),
            ({"qty": -1}, (None, 10)),
            ({"qty": 5, "qtyUnitCode": -1}, (None, 10)),
            ({"qty": 5, "qtyUnitAbbr": "N/A"}, (None, 10)),
            ({"qty": 5, "qtyUnitAbbr": ""}, (5, 10)),
        ],
    )
    def test_an_unknown_quantity_is_not_nothing(
        self, tmp_path: Path, change: dict[str, object], known: tuple[float | None, ...]
    ):
        path = table(tmp_path / "a.csv", [{**self.FLOW, **change}])
        assert told(read_flows(path, "a.csv"), "quantity", "net_kg") == [known]

    def test_the_world_stands_apart_from_its_partners_and_imports_are_cif(self, tmp_path: Path):
        other = {"partnerCode": 490, "partnerISO": "S19", "flowCode": "M", "cmdCode": "260400.0"}
        path = table(tmp_path / "a.csv", [self.FLOW, {**self.FLOW, **other}])
        found = read_flows(path, "a.csv")
        assert told(found, "is_world", "partner_iso", "valuation", "code") == [
            (True, "W00", "fob", "260400"),
            (False, "S19", "cif", "260400"),
        ]

    def test_an_answer_that_is_an_error_is_told(self, tmp_path: Path):
        path = tmp_path / "a.json"
        path.write_text(json.dumps({"count": 0, "data": [], "error": "Quota exceeded"}), "utf-8")
        with pytest.raises(FiguresError, match="Quota exceeded"):
            recognised(path)


class TestMerchandiseTrade:
    HEADER = (
        "YearMonth/AnnéeMois,HS6,Country/Pays,Province,State/État,Value/Valeur,"
        "Quantity/Quantité,Unit of Measure/Unité de Mesure"
    )

    def zip(self, path: Path, member: str, *rows: str) -> Path:
        with zipfile.ZipFile(path, "w") as folder:
            folder.writestr(member, "\ufeff" + "\n".join([self.HEADER, *rows]) + "\n")
            folder.writestr("ODPF_CtryDesc.TXT", "CA  Canada")
        return path

    def test_the_flow_is_in_the_names_and_codes_keep_their_zeros(self, tmp_path: Path):
        path = tmp_path / "CIMT-CICM_Dom_Exp_2026.zip"
        rows = ('"202601","010121","BD","ON",,50000,3,NMB', '"202601","260400","US","QC",,7,,')
        self.zip(path, "ODPFN018_202601N.csv", *rows)
        assert format_of(path) == "statcan_cimt_domestic_exports"
        found = read_trade(path, path.name)
        assert told(found, "flow", "level", "period", "code", "value_cad", "quantity", "unit") == [
            ("domestic_exports", 6, "2026-01", "010121", 50000, 3, "NMB"),
            ("domestic_exports", 6, "2026-01", "260400", 7, None, ""),
        ]
        assert [*read_trade(path, path.name, ["26"])["code"]] == ["260400"]

    @pytest.mark.parametrize(
        ("name", "member"),
        [
            ("CIMT-CICM_Imp_2026.zip", "ODPFN018_202601N.csv"),
            ("download.zip", "ODPFN099_202601N.csv"),
        ],
    )
    def test_a_flow_that_is_not_certain_is_refused(self, tmp_path: Path, name: str, member: str):
        with pytest.raises(FiguresError, match="_FILES"):
            recognised(self.zip(tmp_path / name, member))

    def test_flows_are_never_mixed(self, tmp_path: Path):
        path = tmp_path / "download.zip"
        self.zip(path, "ODPFN018_202601N.csv")
        with zipfile.ZipFile(path, "a") as folder:
            folder.writestr("ODPFN015_202601N.csv", self.HEADER)
        with pytest.raises(FiguresError, match="one flow in one zip"):
            recognised(path)

    def test_monthly_codes_are_digits_and_say_the_flow(self, tmp_path: Path):
        rows = (
            ("2024-01", "2601.11.10", "Iron ores", 0.0, 443601023.0, 443601023.0),
            ("2024-01", "7108.12.00 19", "Gold", 37184715.0, 0.0, 37184715.0),
        )
        names = ("date", "hs", "name", "imports", "exports", "total")
        path = table(tmp_path / "a.csv", [dict(zip(names, row, strict=True)) for row in rows])
        assert format_of(path) == "statcan_cimt_monthly"
        assert told(read_monthly(path, "a.csv"), "code", "flow", "value_cad") == [
            ("26011110", "exports", 443601023),
            ("7108120019", "imports", 37184715),
        ]


class TestGrants:
    ROW: Mapping[str, object] = {
        "ref_number": "01-2019-2020-Q4- 16727281",
        "amendment_number": 0,
        "amendment_date": "",
        "recipient_legal_name": "Mine Ltd.|Mine ltée",
        "recipient_province": "ON",
        "prog_name_en": "Critical Minerals Research",
        "prog_name_fr": "Recherche sur les minéraux critiques",
        "agreement_value": "79,365.50",
        "agreement_start_date": "2020-03-23",
        "owner_org": "nrcan-rncan",
    }

    def grants(self, path: Path, *changes: Mapping[str, object]) -> Path:
        rows = [{**self.ROW, "additional_information_en": "", **change} for change in changes]
        return table(path, rows)

    def test_an_amendment_replaces_the_total(self, tmp_path: Path):
        later = {"amendment_number": 2, "agreement_value": 5, "amendment_date": "2021-01-01"}
        ended = {**later, "amendment_number": 10, "additional_information_en": "Termination"}
        path = self.grants(tmp_path / "grants.csv", later, ended, {})
        assert format_of(path) == "open_canada_grants"
        found = read_grants(path, path.name)
        assert told(found, "reference", "amendment", "value_cad", "terminated") == [
            ("01-2019-2020-Q4-16727281", 10, 5, True)
        ]
        assert told(found, "recipient_en", "recipient_fr") == [("Mine Ltd.", "Mine ltée")]

    @pytest.mark.parametrize(
        "name", ["critical minerals research", "RECHERCHE SUR LES MINÉRAUX CRITIQUES"]
    )
    def test_programmes_are_found_by_either_name(self, tmp_path: Path, name: str):
        other = {"ref_number": "02", "prog_name_en": "Other", "prog_name_fr": "Autre"}
        path = self.grants(tmp_path / "grants.csv", {}, other)
        assert len(read_grants(path, path.name, [name])) == 1
        assert len(read_grants(path, path.name)) == 2

    @pytest.mark.parametrize(("value", "found"), [("", None), ("-500", -500), ("$1,000", 1000)])
    def test_older_values_stay_as_they_are(self, tmp_path: Path, value: str, found: float | None):
        path = self.grants(tmp_path / "grants.csv", {"agreement_value": value})
        assert told(read_grants(path, path.name), "value_cad") == [(found,)]

    def test_a_value_that_is_no_number_is_named(self, tmp_path: Path):
        path = self.grants(tmp_path / "grants.csv", {"agreement_value": "see note"})
        with pytest.raises(FiguresError, match="row 2, column agreement_value: found 'see note'"):
            read_grants(path, path.name)


class TestNaturalResources:
    SITE: Mapping[str, object] = {
        "PropertyNameEN": "Green  Bay\n(Ming)",
        "ProvincesEN": "Newfoundland and Labrador",
        "CommoditiesEN": "Copper, gold; Silver",
        "OperationGroupEN": "Advanced exploration project",
    }

    @pytest.mark.parametrize(
        ("fields", "geometry"),
        [
            ("properties", {"coordinates": [-56.1, 49.9]}),
            ("attributes", {"x": -56.1, "y": 49.9}),
        ],
    )
    def test_both_forms_of_the_inventory(
        self, tmp_path: Path, fields: str, geometry: dict[str, object]
    ):
        path = tmp_path / "a.geojson"
        path.write_text(json.dumps({"features": [{fields: self.SITE, "geometry": geometry}]}))
        assert format_of(path) == "nrcan_inventory"
        assert told(read_inventory(path, "a"), "name_en", "minerals", "latitude", "longitude") == [
            ("Green Bay (Ming)", ["copper", "gold", "silver"], 49.9, -56.1)
        ]

    def test_a_transformed_copy_is_called_so_and_a_list_cut_short_is_refused(self, tmp_path: Path):
        path = tmp_path / "a.json"
        site = {"name": "1901", "minerals": ["Gold"], "nrcanObjectId": 1, "province": "Manitoba"}
        path.write_text(json.dumps([site]))
        seen = recognised(path)
        assert seen is not None
        assert "a transformed copy" in seen.title
        cut = {"features": [{"attributes": self.SITE}], "exceededTransferLimit": True}
        path.write_text(json.dumps(cut))
        with pytest.raises(FiguresError, match="cut the list short"):
            recognised(path)

    def projects(self, path: Path, *languages: str) -> Path:
        row = {
            "id": "996",
            "company": "AltaLink, ATCO",
            "province": "Multiple",
            "capital_cost": "2,500.00",
            "capital_cost_range": "1,000 - 5,000 ",
            "status": "Planned",
        }
        names = {"en": "Line", "fr": "Ligne"}
        rows = [{"lang": one, **row, "project_name": names[one]} for one in languages]
        return table(path, rows)

    def test_a_project_in_two_languages_is_one(self, tmp_path: Path):
        path = self.projects(tmp_path / "a.csv", "en", "fr")
        assert format_of(path) == "nrcan_major_projects"
        found = read_major_projects(path, path.name)
        columns = ("name_en", "name_fr", "province", "cost_mcad", "least_mcad", "most_mcad")
        assert told(found, *columns) == [("Line", "Ligne", "", 2500, 1000, 5000)]
        with pytest.raises(FiguresError, match="both languages"):
            read_major_projects(self.projects(tmp_path / "a.csv", "en"), "a.csv")


class TestOntario:
    def awards(self, path: Path) -> Path:
        row = {
            "CMIF Intake": 1,
            "Company Name": "Vale Canada Limited",
            "Project Name": "Valeís tailings",
            "Approved Funding Amount ($)": "500000",
        }
        return table(path, [row])

    def test_its_fund_is_never_the_federal_one(self, workspace: Workspace, tmp_path: Path):
        path = self.awards(tmp_path / "cmif.csv")
        assert told(read_ontario(path, path.name), "project", "amount_cad") == [
            ("Valeís tailings", 500_000)
        ]
        with pytest.raises(FiguresError, match=r"Innovation Fund.*federal.*Infrastructure Fund"):
            addition(workspace, path, Said())

    @pytest.mark.parametrize("programme", ["cmif", "ontario_cmpf"])
    def test_nor_by_a_mapping(self, workspace: Workspace, tmp_path: Path, programme: str):
        path = self.awards(tmp_path / "cmif.csv")
        mapping = tmp_path / "cmif.csv.mapping.yml"
        mapping.write_text(
            "table: funding/awards\n"
            "columns: {Company Name: recipient, Approved Funding Amount ($): amount}\n"
            "ignore: [CMIF Intake, Project Name]\n"
            f"constants: {{programme: {programme}}}\n"
        )
        with pytest.raises(FiguresError) as caught:
            addition(workspace, path, Said(mapping=mapping, source="NRCAN_GPI"))
        assert ("federal Critical Minerals" in str(caught.value)) == (programme == "cmif")


def test_world_minerals_have_their_columns_in_any_order(tmp_path: Path):
    row = {
        "units": "tonnes (metal content)",
        "year": "2023-01-01 00:00:00",
        "quantity": "5099",
        "country_trans": "Canada",
        "bgs_commodity_trans": "cobalt, mine",
        "bgs_statistic_type_trans": "Production",
        "concat_table_notes_text": "Estimated",
    }
    gross = {**row, "units": "tonnes (metric)", "quantity": ""}
    path = table(tmp_path / "a.csv", [row, dict(reversed([*gross.items()]))])
    assert format_of(path) == "bgs_world_minerals"
    assert told(read_world_minerals(path, "a.csv"), "year", "quantity", "unit", "note") == [
        (2023, 5099, "tonnes (metal content)", "Estimated"),
        (2023, None, "tonnes (metric)", "Estimated"),
    ]


@pytest.mark.parametrize("codes", [[["", "COPPER", "Zinc"]], []])
def test_prices_stand_below_names_units_and_codes(tmp_path: Path, codes: list[list[str]]):
    rows: list[list[object]] = [
        ["Commodity prices"],
        ["", "Copper", "Zinc **"],
        ["", "($/mt)", "($/mt)"],
        *codes,
        ["1960M01", "…", 260.8],
        ["1960M02", 715.4, ".."],
    ]
    path = book(tmp_path / "a.xlsx", "Monthly Prices", rows)
    assert format_of(path) == "world_bank_prices"
    prices = read_prices(path, path.name)
    assert told(prices, "period", "name", "unit", "price") == [
        ("1960-01", "Copper", "$/mt", None),
        ("1960-01", "Zinc", "$/mt", 260.8),
        ("1960-02", "Copper", "$/mt", 715.4),
        ("1960-02", "Zinc", "$/mt", None),
    ]
    assert [*prices["code"]][:2] == (["COPPER", "Zinc"] if codes else ["", ""])


def test_supply_stands_in_blocks_beside_each_other(tmp_path: Path):
    rows: list[list[object]] = [
        [""],
        ["Total supply for key energy transition minerals, base case (kt)"],
        ["", 2024, 2030, "", "", 2024, 2030],
        ["Copper - Mining", "", "", "", "Copper - Refining"],
        ["Chile", 5476, 5505, "", "China", 11860, 15688],
        ["Total", 22794, 24271, "", "Total clean tech", 26944, 33666],
        ["Top 3 share", 0.48, 0.47, "", "", "", ""],
        ["Notes: what is assumed."],
    ]
    path = book(tmp_path / "a.xlsx", "2 Supply", rows)
    assert format_of(path) == "iea_mineral_supply"
    supply = read_supply(path, path.name)
    columns = ("mineral", "stage", "country", "is_country", "quantity", "unit")
    assert told(supply[supply["year"] == 2024], *columns) == [
        ("Copper", "Mining", "Chile", True, 5476, "kt"),
        ("Copper", "Refining", "China", True, 11860, "kt"),
        ("Copper", "Mining", "Total", False, 22794, "kt"),
        ("Copper", "Refining", "Total clean tech", False, 26944, "kt"),
        ("Copper", "Mining", "Top 3 share", False, 0.48, ""),
    ]
    assert {*supply.loc[supply["year"] == 2030, "projected"]} == {True}


@pytest.mark.parametrize(
    "read",
    [
        read_flows,
        read_monthly,
        read_grants,
        read_inventory,
        read_major_projects,
        read_ontario,
        read_world_minerals,
        read_prices,
        read_supply,
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_is_expected(tmp_path: Path, read: Any):
    path = tmp_path / "a.csv"
    path.write_text("one,two\n1,2\n")
    with pytest.raises(FiguresError, match=r"a\.csv.*expected"):
        read(path, path.name)


def test_a_file_that_no_table_takes_is_filed_and_says_so(workspace: Workspace, tmp_path: Path):
    path = TestNaturalResources().projects(tmp_path / "a.csv", "en", "fr")
    found = addition(workspace, path, Said(retrieved="2026-09-13"))
    assert "data/raw/nrcan/nrcan_major_projects-a.csv" in found.files
    assert "Counted as public from 2026-09-13" in "\n".join(found.what)
    assert "No table takes rows from it yet" in found.what[-1]
