"""Files of other publishers are known by their content and read, each with its own traps."""

import csv
import datetime as dt
import io
import json
import re
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest

from critical_minerals.errors import FiguresError
from critical_minerals.raw.adding import AddOptions, addition
from critical_minerals.raw.official import card_text
from critical_minerals.raw.store import RawStore
from critical_minerals.readers.comtrade import read_flows
from critical_minerals.readers.grants import read_grants
from critical_minerals.readers.historical_statistics import read_historical
from critical_minerals.readers.known import recognised
from critical_minerals.readers.merchandise_trade import (
    read_monthly,
    read_years,
    sums,
)
from critical_minerals.readers.mineral_outlooks import read_supply
from critical_minerals.readers.nrcan import (
    read_inventory,
    read_major_projects,
    read_referrals,
)
from critical_minerals.readers.nrcan_production import read_production
from critical_minerals.readers.price_sheets import read_prices
from critical_minerals.readers.sheets import FILE, ROW, read_cells
from critical_minerals.readers.world_minerals import read_world_minerals
from critical_minerals.workspace.paths import Workspace


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
        "refMonth": 52,
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
        assert told(flows, "period", "revision") == [("2023", "H6")]

    def test_as_many_rows_as_a_preview_gives_may_be_cut_short(self, tmp_path: Path):
        seen = recognised(table(tmp_path / "a.csv", [self.FLOW] * 500))
        assert seen is not None
        assert "perhaps cut short" in seen.title

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
        return path

    def test_the_flow_is_in_the_names_and_codes_keep_their_zeros(self, tmp_path: Path):
        path = tmp_path / "CIMT-CICM_Dom_Exp_2026.zip"
        rows = ('"202601","010121","BD","ON",,50000,3,NMB', '"202601","260400","US","QC",,7,,')
        self.zip(path, "ODPFN018_202601N.csv", *rows)
        assert format_of(path) == "statcan_cimt_domestic_exports"
        found = sums(path, path.name, [""], tmp_path)
        assert told(found, "flow", "level", "period", "code", "value_cad", "quantity", "unit") == [
            ("domestic_exports", 6, "2026-01", "010121", 50000, 3, "NMB"),
            ("domestic_exports", 6, "2026-01", "260400", 7, None, ""),
        ]
        assert [*sums(path, path.name, ["26"], tmp_path)["code"]] == ["260400"]

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

    def test_total_exports_have_no_province(self, tmp_path: Path):
        path = tmp_path / "CIMT-CICM_Tot_Exp_2026.zip"
        header = self.HEADER.replace(",Province", "")
        with zipfile.ZipFile(path, "w") as folder:
            folder.writestr("ODPFN019_202601N.csv", f'{header}\n"202601","260400","US","TX",7,,\n')
        assert format_of(path) == "statcan_cimt_total_exports"
        assert told(sums(path, "a", [""], tmp_path), "country", "value_cad") == [("US", 7)]

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

    @pytest.mark.parametrize(("value", "found"), [("", None), ("-500", -500), ("$1,000", 1000)])
    def test_older_values_stay_as_they_are(self, tmp_path: Path, value: str, found: float | None):
        path = self.grants(tmp_path / "grants.csv", {"agreement_value": value})
        assert told(read_grants(path, path.name), "value_cad") == [(found,)]

    def test_words_stay_and_two_references_of_one_agreement_count_as_two(self, tmp_path: Path):
        one = {"agreement_type": "academic", "agreement_number": "A1"}
        path = self.grants(tmp_path / "grants.csv", one, one | {"ref_number": "02"})
        found = read_grants(path, path.name)
        assert told(found, "type", "value_cad") == [("academic", 79365.5)] * 2

    def test_a_value_that_is_no_number_is_named(self, tmp_path: Path):
        path = self.grants(tmp_path / "grants.csv", {"agreement_value": "see note"})
        with pytest.raises(FiguresError, match="row 2, column agreement_value: found 'see note'"):
            read_grants(path, path.name)

    def test_what_is_refused_does_not_depend_on_what_was_read_before(self, tmp_path: Path):
        endless = tmp_path / "endless.csv"
        endless.write_text('a,b\n1,"' + "x" * 2_000_000)

        def refusal() -> str:
            with pytest.raises(FiguresError) as error:
                read_cells(endless, "endless.csv")
            return str(error.value)

        before = refusal()
        long = {"description_en": "x" * 200_000}
        path = table(tmp_path / "grants.csv", [{**self.ROW, **long}])
        assert len(read_grants(path, path.name)) == 1
        assert refusal() == before
        path = table(tmp_path / "more.csv", [{**self.ROW, "description_en": "x" * 2_000_000}])
        with pytest.raises(FiguresError, match=r"more\.csv, row 2: .*1,000,000 characters"):
            read_grants(path, path.name)


class TestNaturalResources:
    SITE: Mapping[str, object] = {
        "PropertyNameEN": "Green  Bay\n(Ming)",
        "PropertyNameFR": "Baie Verte",
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
        found = read_inventory(path, "a")
        assert told(found, "name_en", "name_fr", "minerals", "latitude", "longitude") == [
            ("Green Bay (Ming)", "Baie Verte", ["copper", "gold", "silver"], 49.9, -56.1)
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

    def test_two_projects_of_one_name_are_two(self, tmp_path: Path):
        path = self.projects(tmp_path / "a.csv", "en", "fr")
        header, *rows = path.read_text("utf-8-sig").splitlines()
        more = [row.replace("996", "997") for row in rows]
        path.write_text("\n".join([header, *rows, *more]) + "\n", "utf-8-sig")
        found = read_major_projects(path, path.name)
        assert told(found, "project", "name_en") == [("996", "Line"), ("997", "Line")]


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
        with pytest.raises(FiguresError, match=r"Innovation Fund.*federal.*Infrastructure Fund"):
            addition(workspace, path, AddOptions())

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
            addition(workspace, path, AddOptions(mapping=mapping, source="NRCAN_GPI"))
        assert ("federal Critical Minerals" in str(caught.value)) == (programme == "cmif")


def test_world_minerals_of_a_name_with_a_comma_are_a_source_that_can_be_added(
    workspace: Workspace, tmp_path: Path
):
    row = {
        "units": "tonnes (metal content)",
        "year": "2023-01-01 00:00:00",
        "quantity": "5099",
        "country_trans": "Canada",
        "bgs_commodity_trans": "cobalt, mine",
        "bgs_statistic_type_trans": "Production",
        "concat_table_notes_text": "",
    }
    path = table(tmp_path / "a.csv", [row])
    files = addition(workspace, path, AddOptions()).files
    assert b"\nBGS_COBALT_MINE," in files["data/raw/sources.csv"].replace(b"\r", b"")


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


@pytest.mark.parametrize(
    ("change", "place", "found"),
    [
        ({(2, 1): "$/mt"}, "row 3, column B", "'$/mt'"),
        ({(2, 2): "$/mt"}, "row 3, column C", "'$/mt'"),
        ({(2, 2): ""}, "row 3, column C", "''"),
        ({(2, 1): "$/mt", (2, 2): "$/mt", (3, 1): "", (3, 2): ""}, "row 4, column B", "''"),
        ({(4, 2): "n.a."}, "row 5, column C", "'n.a.'"),
    ],
)
def test_a_price_without_a_unit_or_that_is_none_is_refused_with_its_cell(
    tmp_path: Path, change: dict[tuple[int, int], str], place: str, found: str
):
    rows: list[list[object]] = [
        ["Commodity prices", "(nominal)"],
        ["", "Copper", "Zinc"],
        ["", "($/mt)", "($/mt)"],
        ["", "COPPER", "Zinc"],
        ["1960M01", "…", 260.8],
    ]
    path = book(tmp_path / "a.xlsx", "Monthly Prices", rows)
    assert {*read_prices(path, "a.xlsx")["unit"]} == {"$/mt"}
    for (row, column), cell in change.items():
        rows[row][column] = cell
    path = book(tmp_path / "b.xlsx", "Monthly Prices", rows)
    told_place = re.escape(f"a.xlsx, sheet 'Monthly Prices', {place}: found {found}; expected ")
    with pytest.raises(FiguresError, match=told_place):
        read_prices(path, "a.xlsx")


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


def test_historical_statistics_stand_below_their_titles(tmp_path: Path):
    rows: list[list[object]] = [
        ["RARE EARTHS STATISTICS1"],
        ["U.S. GEOLOGICAL SURVEY"],
        ["[All quantities in metric tons (t) rare-earth oxide unless otherwise noted]"],
        ["Year", "Production", "Unit value ($/t)", "World production"],
        [1900, 227, "NA", 1040],
        [1901, "W", 5, None],
        ["NA Not available. W Withheld."],
    ]
    path = book(tmp_path / "a.xlsx", "Rare earths", rows)
    assert format_of(path) == "usgs_historical"
    found = read_historical(path, path.name)
    assert told(found, "year", "statistic", "unit", "number", "kind") == [
        (1900, "Production", "metric tons", 227, ""),
        (1900, "Unit value", "$/t", None, "not_available"),
        (1900, "World production", "metric tons", 1040, ""),
        (1901, "Production", "metric tons", None, "withheld"),
        (1901, "Unit value", "$/t", 5, ""),
    ]


@pytest.mark.parametrize(
    "read",
    [
        read_historical,
        read_flows,
        read_monthly,
        read_grants,
        read_inventory,
        read_major_projects,
        read_referrals,
        read_production,
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
    found = addition(workspace, path, AddOptions(retrieved="2026-09-13"))
    assert "data/raw/nrcan/nrcan_major_projects-a.csv" in found.files
    assert "Counted as public from 2026-09-13" in "\n".join(found.description)
    assert "No table takes rows from it yet" in found.description[-1]


def inventory(path: Path) -> Path:
    path.write_text(json.dumps({"features": [{"properties": TestNaturalResources.SITE}]}))
    return path


def referrals(path: Path) -> Path:
    fields = {
        "Name": "Crawford\nNickel",
        "Location": "Ontario",
        "Proponent": "Canada Nickel",
        "Sector": "Critical minerals",
        "Status": "Referred",
        "Description": "…",
        "Link": "https://www.canada.ca/crawford",
    }
    geometry = {"type": "MultiPoint", "coordinates": [[-81.4, 48.8]]}
    path.write_text(json.dumps({"features": [{"properties": fields, "geometry": geometry}]}))
    return path


def minerals(path: Path) -> Path:
    row = {
        "units": "tonnes (metal content)",
        "year": "2023-01-01 00:00:00",
        "quantity": "5099",
        "country_trans": "Canada",
        "bgs_commodity_trans": "cobalt, mine",
        "bgs_statistic_type_trans": "Production",
    }
    gross = {**row, "units": "tonnes (metric)", "quantity": "4923"}
    return table(path, [row, gross, {**row, "year": "2022-01-01 00:00:00", "quantity": ""}])


def grants(path: Path) -> Path:
    rows = [{**TestGrants.ROW, "ref_number": number, "owner_org": "two\nlines"} for number in "123"]
    return table(path, rows)


@pytest.mark.parametrize(
    ("make", "read"),
    [
        (lambda path: table(path, [TestComtrade.FLOW] * 3), read_flows),
        (minerals, read_world_minerals),
        (lambda path: TestNaturalResources().projects(path, "en", "fr"), read_major_projects),
        (grants, read_grants),
    ],
    ids=["flows", "world minerals", "major projects", "grants"],
)
def test_rows_are_numbered_as_a_spreadsheet_shows_them(tmp_path: Path, make: Any, read: Any):
    path = make(tmp_path / "a.csv")
    records = [*csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""))]
    before = [*read(path, "a.csv")[ROW]]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        for record in records:
            csv.writer(file).writerow(record)
            file.write("\r\n")  # a blank row
            csv.writer(file).writerow([""] * len(record))  # and one of blank cells
    # Row 2 of the figures is row 4 of the sheet, row 3 is row 7.
    assert [*read(path, "a.csv")[ROW]] == [3 * row - 2 for row in before]
    text = path.read_bytes()
    path.write_bytes(text + b"cut off\r\n")
    place = f"row {3 * len(records) + 1}: found '1 cell'; expected {len(records[0])} cells"
    with pytest.raises(FiguresError, match=rf"a\.csv, {place}"):
        read(path, "a.csv")


@pytest.mark.parametrize("before", ["\ufeff", "\n  ", "\ufeff\r\n"])
def test_json_may_begin_with_a_mark_or_blanks(tmp_path: Path, before: str):
    path = inventory(tmp_path / "a.json")
    path.write_text(before + path.read_text("utf-8"), "utf-8", newline="")
    assert format_of(path) == "nrcan_inventory"


def prices(path: Path) -> Path:
    rows = [["Prices"], ["", "Copper"], ["", "($/mt)"], ["2024M11", 9075.73]]
    return book(path, "Monthly Prices", rows)


def outlook(path: Path) -> Path:
    title = ["Total supply for key energy transition minerals, base case (kt)"]
    rows = [[""], title, ["", 2024, 2030], ["Copper - Mining"], ["Chile", 5476, 5505]]
    return book(path, "2 Supply", rows)


def history(path: Path) -> Path:
    rows = [
        ["RARE EARTHS STATISTICS1"],
        ["U.S. GEOLOGICAL SURVEY"],
        ["[All quantities in metric tons (t) rare-earth oxide]"],
        ["Year", "Production", "World production"],
        [1900, 227, 1040],
    ]
    return book(path, "Rare earths", rows)


PRODUCTION = (
    "Annual Statistics of Mineral Production, 2025p\n\n"
    "Year,Type,Commodity,Province or Territory,Category,Value,Units,Symbol\n"
    '2025,Metals,Copper(3),Quebec,Quantity produced,"57,510",Metric tonnes,p\n'
    "2025,Metals,Copper(3),Manitoba,Quantity produced,x,Metric tonnes,\n"
    '2025,Metals,Copper(3),Canada,Quantity produced,"442,000",Metric tonnes,p\n'
    "2025,Nonmetals,Lime¹(10),Canada,Quantity shipped,..,Metric tonnes,\n\n"
    "Notes\nFor more see https://example.org,\n"
)
EARLIER_PRODUCTION = (
    "Year,Commodity,Commodity Group,Province/Territory,Value Type,Units,Value\n"
    "2018,Potash (K₂O)(3),Nonmetals,Saskatchewan,Quantity shipped,kilotonnes,4.99 p\n"
    '2018,"Grand total, 1988",Historical data,Canada,Value of shipments,thousands,27058554.021\n'
    "(3) Shipments.\n"
)


def production(path: Path) -> Path:
    path.write_text(PRODUCTION, "utf-8-sig")
    return path


def trade(path: Path) -> Path:
    path = path.with_name("CIMT-CICM_Dom_Exp_2025.zip")
    rows = [
        f'"2025{month:02d}","{code}","{country}","QC",,{value},,'
        for month in range(1, 13)
        for code, country, value in (
            ("260111", "BE", 100),
            ("260112", "BE", 7),
            ("270111", "US", 1),
        )
    ]
    # Chapters hold the same trade once more.
    TestMerchandiseTrade().zip(path, "ODPFN018_202512N.csv", *rows)
    with zipfile.ZipFile(path, "a") as folder:
        header = TestMerchandiseTrade.HEADER.replace("HS6", "HS2")
        folder.writestr("ODPFN020_202512N.csv", f'{header}\n"202501","26","BE","QC",,999,,\n')
    return path


FEEDS: Mapping[str, tuple[Any, str, str, list[tuple[str, ...]]]] = {
    "un_comtrade": (
        lambda path: table(path, [TestComtrade.FLOW]),
        "{region: reporter_iso, year: period, quantity: value_usd}",
        "{code: '260400', partner_iso: W00}",
        [("CA", "2023", "349.199", "")],
    ),
    "statcan_cimt_domestic_exports": (
        trade,
        "{region: country, year: year, quantity: value_cad}",
        "{code: '2601'}",
        [("BE", "2025", "1284", "")],
    ),
    "statcan_cimt_monthly": (
        lambda path: table(path, [{"date": "2024-01", "hs": "2601.11.10", "name": "",
                                   "imports": 0.0, "exports": 443601023.0, "total": 0.0}]),
        "{year: period, quantity: value_cad}",
        "{code: '26011110'}",
        [("", "2024-01", "443601023", "")],
    ),
    "open_canada_grants": (
        lambda path: TestGrants().grants(path, {}, {"amendment_number": 1, "agreement_value": 5}),
        "{region: province, year: starts_on, quantity: value_cad}",
        "{programme_en: Critical Minerals Research}",
        [("CA-ON", "2020-03-23", "5", "")],
    ),
    "nrcan_inventory": (
        inventory,
        "{region: province, label: minerals, quantity: row_number}",
        "{group: Advanced exploration project}",
        [("CA-NL", "", "1", "")],
    ),
    "nrcan_major_projects": (
        lambda path: TestNaturalResources().projects(path, "en", "fr"),
        "{quantity: cost_mcad}",
        "{status: Planned}",
        [("", "", "2500", "")],
    ),
    "nrcan_referrals": (
        referrals,
        "{region: location, label: name, quantity: row_number}",
        "{sector: Critical minerals}",
        [("CA-ON", "", "1", "")],
    ),
    "nrcan_production": (
        production,
        "{region: province, year: year, quantity: quantity, unit: unit}",
        "{commodity: Copper, category: Quantity produced}",
        [
            ("CA-QC", "2025", "57510", "preliminary"),
            ("CA-MB", "2025", "", "suppressed"),
            ("CA", "2025", "442000", "preliminary"),
        ],
    ),
    "bgs_world_minerals": (
        minerals,
        "{region: country, year: year, quantity: quantity, unit: unit}",
        "{commodity: 'cobalt, mine', unit: tonnes (metal content)}",
        [("CA", "2023", "5099", ""), ("CA", "2022", "", "not_available")],
    ),
    "world_bank_prices": (
        prices,
        "{year: period, quantity: price}",
        "{name: Copper}",
        [("", "2024-11", "9075.73", "")],
    ),
    "iea_mineral_supply": (
        outlook,
        "{region: country, year: year, quantity: quantity, unit: unit}",
        "{mineral: Copper, stage: Mining, year: '2024'}",
        [("CL", "2024", "5476", "")],
    ),
    "usgs_historical": (
        history,
        "{year: year, quantity: number, unit: unit}",
        "{statistic: World production}",
        [("", "1900", "1040", "")],
    ),
}  # fmt: skip
"""What each format feeds into a table: its file, `columns`, `of`, and what the rows hold."""
DESCRIPTOR = """
$schema: https://datapackage.org/profiles/2.0/tableschema.json
description: What a file of any kind feeds.
fields:
{}
primaryKey: [region, year, as_of]
""".format(
    "\n".join(
        f"  - {{name: {name}, type: string, description: '-'}}"
        for name in [
            "region",
            "year",
            "quantity",
            "unit",
            "qualifier",
            "label",
            "as_of",
            "source_id",
            "place",
            "note",
        ]
    )
)


def fed(workspace: Workspace, path: Path, columns: str, of: str) -> pd.DataFrame:
    """Read a table that a mapping feeds from a file."""
    seen = recognised(path)
    assert seen is not None
    folder = workspace.raw / "strange"
    folder.mkdir()
    shutil.copy(path, folder / path.name)
    (folder / "rows.schema.yaml").write_text(DESCRIPTOR, "utf-8")
    header = "region,year,quantity,unit,qualifier,label,as_of,source_id,place,note\n"
    (folder / "rows.csv").write_text(header, "utf-8")
    card = {"file": path.name, "source_id": "USGS_MCS2026", "format": seen.format, "sha256": "0"}
    more = {"address": seen.address, "published": "2026-02-06", "terms": seen.terms}
    (folder / "a.source.yml").write_text(card_text(card | more), "utf-8")
    place = "place: region\n" if "region" in columns else ""
    place += "place_prefix: CA-\n" if seen.format == "open_canada_grants" else ""
    units = "{Metric tonnes: t, tonnes (metal content): t, kt: kt}"
    (folder / "rows.official.yml").write_text(
        f"format: {seen.format}\n{place}columns: {columns}\nunits: {units}\n"
        f"series:\n  - of: {of}\n    is: {{note: ours}}\n",
        "utf-8",
    )
    return RawStore(workspace).cells("strange/rows")


@pytest.mark.parametrize("form", FEEDS)
def test_a_mapping_alone_feeds_any_known_format_into_a_table(
    workspace: Workspace, tmp_path: Path, form: str
):
    make, columns, of, expected = FEEDS[form]
    path = make(tmp_path / "file.xlsx")
    assert format_of(path) == form
    rows = fed(workspace, path, columns, of)
    cells = rows[["region", "year", "quantity", "qualifier"]].fillna("")
    assert sorted(cells.itertuples(index=False, name=None)) == sorted(expected)
    assert {*rows["note"]} == {"ours"}
    assert {*rows["as_of"]} == {"2026-02-06"}
    assert rows[FILE].str.startswith(f"data/raw/strange/{path.name}").all()
    assert (rows[ROW] >= 1).all()


@pytest.mark.parametrize(
    ("columns", "of", "told"),
    [
        ("{quantity: tonnes}", "{commodity: Copper}", ["'tonnes'", "a column of the reader"]),
        ("{quantity: quantity}", "{commodity: Unobtainium}", ["a series of", "Unobtainium"]),
        (
            "{quantity: quantity, unit: unit}",
            "{commodity: Lime, unit: Metric tonnes}",
            [],
        ),
        (
            "{region: category, quantity: quantity}",
            "{commodity: Copper}",
            ["row 4, column region: found 'Quantity produced'", "places.csv"],
        ),
        (
            "{quantity: quantity, unit: group}",
            "{commodity: Copper}",
            ["column unit: found 'Metals'", "under units in"],
        ),
        ("{}", "{commodity: Copper}", ["column columns", "a column of the reader"]),
    ],
)
def test_what_a_mapping_lacks_is_told(
    workspace: Workspace, tmp_path: Path, columns: str, of: str, told: list[str]
):
    path = production(tmp_path / "a.csv")
    if not told:
        assert len(fed(workspace, path, columns, of)) == 1
        return
    fed(workspace, path, columns, of)
    with pytest.raises(FiguresError) as caught:
        RawStore(workspace).read("strange/rows", dt.date(2026, 9, 30))
    assert all(words in str(caught.value) for words in told), str(caught.value)


class TestProduction:
    COLUMNS = ("year", "commodity", "province", "category", "quantity", "unit", "qualifier")

    def test_the_layout_since_2019_has_symbols_and_a_title(self, tmp_path: Path):
        found = read_production(production(tmp_path / "a.csv"), "a.csv")
        assert told(found, *self.COLUMNS) == [
            (2025, "Copper", place, "Quantity produced", number, "Metric tonnes", qualifier)
            for place, number, qualifier in (
                ("Quebec", 57510, "preliminary"),
                ("Manitoba", None, "suppressed"),
                ("Canada", 442000, "preliminary"),
            )
        ] + [(2025, "Lime", "Canada", "Quantity shipped", None, "Metric tonnes", "not_available")]
        assert [*found["row_number"]] == [4, 5, 6, 7]

    def test_the_layout_before_has_none_and_totals_of_other_years(self, tmp_path: Path):
        path = tmp_path / "a.csv"
        path.write_text(EARLIER_PRODUCTION, "utf-8-sig")
        assert format_of(path) == "nrcan_production"
        found = read_production(path, "a.csv")
        assert told(found, "year", "commodity", "quantity", "unit", "qualifier") == [
            (2018, "Potash (K₂O)", 4.99, "kilotonnes", "preliminary"),
            (1988, "Grand total", 27058554.021, "thousands", ""),
        ]

    def test_a_page_of_errors_and_a_figure_that_is_none_are_refused(self, tmp_path: Path):
        path = tmp_path / "a.csv"
        path.write_text("<!DOCTYPE html><title>Error</title>", "utf-8")
        with pytest.raises(FiguresError, match="header begins with Year"):
            read_production(path, "a.csv")
        path.write_text(PRODUCTION.replace('"57,510"', "about 5"), "utf-8")
        with pytest.raises(FiguresError, match="row 4, column Value: found 'about 5'"):
            read_production(path, "a.csv")


def test_years_of_trade_are_whole_and_of_one_level(tmp_path: Path):
    path = trade(tmp_path / "a.zip")
    found = read_years(path, "a.zip", ["2601", "26", "270111"], tmp_path / "kept")
    assert told(found, "level", "code", "country", "value_cad", "entries") == [
        (6, "26", "BE", 1284, 24),  # the file of chapters has no whole year
        (6, "2601", "BE", 1284, 24),
        (6, "270111", "US", 12, 12),
    ]


def test_referrals_have_their_point_and_a_list_cut_short_is_refused(tmp_path: Path):
    path = referrals(tmp_path / "a.json")
    found = read_referrals(path, "a.json")
    assert told(found, "name", "proponent", "latitude", "longitude") == [
        ("Crawford Nickel", "Canada Nickel", 48.8, -81.4)
    ]
    content = json.loads(path.read_text("utf-8")) | {"exceededTransferLimit": True}
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(FiguresError, match="cut the list short"):
        recognised(path)
