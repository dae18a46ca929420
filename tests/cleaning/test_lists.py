import datetime as dt
import json

import pytest

from critical_minerals.cleaning.lists import on_last_but_one, on_newest, with_newest
from critical_minerals.raw.store import RawStore
from critical_minerals.workspace.paths import find_workspace

TODAY = dt.date(2026, 9, 30)


@pytest.fixture(scope="module")
def store():
    return RawStore(find_workspace())


def test_the_canadian_list_has_its_lengths(store):
    lists = with_newest(store.read("vocabulary/mineral_lists", TODAY))
    newest, before = on_newest(lists), on_last_but_one(lists)
    assert (len(newest), len(before)) == (34, 31)
    assert len(on_newest(lists, "canada_priorities")) == 6
    assert {*before["mineral"]} < {*newest["mineral"]}
    then = with_newest(store.read("vocabulary/mineral_lists", dt.date(2022, 12, 31)))
    assert len(on_newest(then)) == 31
    assert on_newest(then, "us").empty


def test_a_back_dated_report_sees_the_first_estimate_of_2021_alone(store):
    frame = store.read("progress/exploration", dt.date(2022, 12, 31))
    of_2021 = frame[(frame["category"] == "total") & (frame["year"] == 2021)]
    assert of_2021["amount_cad"].tolist() == [3.6e9]


def test_every_place_on_the_map_is_within_reach_of_its_province(store):
    file = find_workspace().raw / "vocabulary/provinces.geojson"
    boxes = {}
    for feature in json.loads(file.read_text("utf-8"))["features"]:
        points = [p for polygon in feature["geometry"]["coordinates"] for p in polygon[0]]
        boxes[feature["id"]] = [f(axis) for axis in zip(*points, strict=True) for f in (min, max)]
    for name in ("progress/mines", "progress/planned_projects"):
        for row in store.read(name, TODAY).dropna(subset=["latitude"]).to_dict("records"):
            west, east, south, north = boxes[row["province"]]
            assert west <= row["longitude"] <= east, row["site"]
            assert south <= row["latitude"] <= north, row["site"]


def test_the_value_of_critical_minerals_is_part_of_that_of_mining(store):
    frame = store.read("progress/major_projects", TODAY)
    planned = frame[(frame["inventory"] == "planned_2034") & (frame["measure"] == "capital_value")]
    values = planned.set_index("scope")["value"]
    assert values["critical_minerals"] < values["mining"]


def test_china_stands_at_every_step_of_the_rare_earth_chain(store):
    frame = store.read("progress/rare_earth_chain", TODAY)
    chinese = frame[(frame["country"] == "CN") & (frame["capability"] == "established")]
    assert set(chinese["step"]) == set(
        store.tables["progress/rare_earth_chain"].field("step").constraints.enum
    )


def test_the_projects_of_the_major_projects_office_and_their_days(store):
    rows = store.read("progress/referrals", TODAY).set_index("site")
    september = rows.index[rows["referred"] == "2025-09-11"]
    assert set(september) == {"mcilvenna_bay", "red_chris_expansion"}
    assert len(rows) == 6
    assert set(rows["source_id"]) == {"MPO_LIST"}
    listed = store.read("progress/indicators", TODAY).set_index("indicator")
    assert listed.loc["mpo_projects", "value"] == 18


def test_a_referral_was_known_before_the_page_of_the_office_was_read(store):
    early = store.read("progress/referrals", dt.date(2025, 9, 30)).set_index("site")
    assert set(early.index) == {"mcilvenna_bay", "red_chris_expansion"}
    assert set(early["source_id"]) == {"MQW_MPO"}


def test_crawford_costs_what_the_inventory_of_2025_to_2035_says(store):
    rows = store.read("progress/planned_projects", TODAY).set_index("site")
    assert rows.loc["crawford", ["cost", "currency"]].tolist() == [2_835_000_000, "CAD"]
    before = store.read("progress/planned_projects", dt.date(2025, 12, 31)).set_index("site")
    assert before.loc["crawford", ["cost", "currency"]].tolist() == [3_500_000_000, "USD"]


def test_canada_makes_rare_earth_metal_since_2024_and_did_not_before(store):
    def metal(day):
        chain = store.read("progress/rare_earth_chain", day)
        return chain[(chain["country"] == "CA") & (chain["step"] == "metal")]["capability"].item()

    assert (metal(dt.date(2024, 6, 30)), metal(TODAY)) == ("not_stated", "established")


def test_a_change_to_an_act_stands_where_the_newest_source_sees_it(store):
    def stage(day):
        return store.read("progress/bills", day)["stage"].tolist()

    assert (stage(dt.date(2026, 3, 31)), stage(TODAY)) == (["proposed"], ["passed"])


def test_the_share_of_import_reliant_minerals_says_of_which_years_they_are(store):
    rows = store.read("progress/indicators", TODAY).set_index("indicator")
    assert rows.loc["net_import_reliance_reduced", "base_period"] == "2018-2022"


@pytest.mark.parametrize(
    ("mineral", "sites"),
    [
        ("uranium", {"cigar_lake", "mcarthur_river", "mcclean_lake"}),
        ("lithium", {"north_american_lithium", "tanco"}),
        ("platinum_group_metals", {"lac_des_iles", "raglan"}),
        ("cobalt", {"lac_des_iles", "voiseys_bay"}),
        ("potash", {"rocanville", "esterhazy", "belle_plaine", "bethune"}),
    ],
)
def test_mines_that_are_public_are_read(store, mineral, sites):
    rows = store.read("progress/mines", TODAY)
    of_mineral = rows["minerals"].str.split(";").map(lambda listed: mineral in listed)
    assert sites <= set(rows.loc[of_mineral, "site"])


def test_a_power_line_is_no_mark_among_mines_and_projects(store):
    planned = store.read("progress/planned_projects", TODAY)
    assert (planned["kind"] == "infrastructure").sum() == 1
    assert planned.loc[planned["kind"] == "infrastructure", "latitude"].isna().all()


def test_what_the_update_says_of_projects_and_initiatives_is_what_its_source_says(store):
    planned = store.read("progress/major_projects", TODAY).set_index("inventory")
    label = planned.loc["planned_2034"].set_index("measure").loc["projects", "label_en"]
    assert label == "Mining projects planned or proposed"
    told = store.read("funding/results", TODAY).set_index(["programme", "measure"])
    grants = told.loc[("cmif_indigenous_grants", "initiatives")]
    assert (grants["value"], grants["unit"]) == (32, "initiatives")
    rows = store.read("progress/indicators", TODAY).set_index("indicator")
    assert "leaves open" in rows.loc["net_import_reliance_reduced_mined", "note"]


def test_copper_is_told_from_its_first_year_by_its_lowest_to_its_last(store):
    rows = store.read("trade/production", TODAY)
    copper = rows[(rows["mineral"] == "copper") & (rows["province"] == "CA")]
    by_year = copper[copper["series"] == "national"].set_index("year")["quantity"]
    assert by_year.min() < by_year.loc[by_year.index.max()] < by_year.loc[by_year.index.min()]


BOLD = {
    "en": ("lie on the lands of", " grants were", "Indigenous boards", "28 mines"),
    "fr": ("se trouvent sur les terres", "a versé", "conseils autochtones", "28 mines"),
}
CAREFUL = {
    "en": ("in many cases title holders", "planned or proposed", "co-management boards"),
    "fr": ("dans bien des cas", "prévus ou proposés", "cogestion"),
}


@pytest.mark.parametrize(
    ("language", "name"), [("en", "progress-update"), ("fr", "rapport-d-etape")]
)
def test_the_update_is_no_bolder_than_its_sources(language, name):
    text = (find_workspace().reports / f"{name}.qmd").read_text("utf-8")
    assert [words for words in BOLD[language] if words in text] == []
    plain = " ".join(text.split())
    assert [
        words for words in CAREFUL[language] if words not in plain.replace("the title", "title")
    ] == []
