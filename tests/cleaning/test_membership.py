import pandas as pd
import pytest

from critical_minerals.cleaning.membership import matrix, membership_status, ordered, partners


@pytest.fixture
def members():
    rows = [
        ("plan", "CA", "CA", "party", "from_start"),
        ("plan", "US", "US", "party", "from_start"),
        ("roadmap", "US", "US", "member", "later"),
        ("alliance", "CA", "CA", "founding_member", "from_start"),
        ("alliance", "JP", "JP", "founding_member", "from_start"),
        ("alliance", "US", "US", "founding_member", "from_start"),
        ("forum", "CA", "CA", "member", "from_start"),
        ("forum", "forum", None, "host", "from_start"),
        ("survey", "geological_survey_of_canada", "CA", "party", "from_start"),
        ("survey", "us_geological_survey", "US", "party", "from_start"),
        ("bank", "world_bank", None, "host", "from_start"),
    ]
    columns = ["agreement", "member", "country", "role", "standing"]
    frame = pd.DataFrame(rows, columns=columns, dtype="string")
    origins = [f"members.csv:{row}" for row in range(2, len(rows) + 2)]
    return frame.assign(source_id="S", origin=origins)


def test_partners_leave_out_canada_its_agencies_and_a_host_of_the_same_name(members):
    found = partners(members).set_index("agreement")["partners"].to_dict()
    assert found == {
        "alliance": "JP;US",
        "bank": "world_bank",
        "plan": "US",
        "roadmap": "US",
        "survey": "us_geological_survey",
    }


def test_partners_are_counted_and_keep_their_rows(members):
    alliance = partners(members).set_index("agreement").loc["alliance"]
    assert alliance["partner_count"] == 2
    assert alliance["origin"] == "members.csv:6 members.csv:7"


def test_nobody_has_no_partners(members):
    assert partners(members.head(0)).empty


def test_only_plain_members_can_join_later():
    days = pd.to_datetime(pd.Series(["2020-01-01", "2021-01-01", "2021-01-01", "2021-01-01"]))
    launch = pd.to_datetime(pd.Series(["2020-06-30"] * 4))
    roles = pd.Series(["member", "member", "founding_member", "partner"])
    words = membership_status(roles, days, launch).tolist()
    assert words == ["from_start", "later", "from_start", "project_partner"]


def test_who_joined_on_the_day_of_the_launch_was_there_from_the_start():
    days = pd.to_datetime(pd.Series(["2020-06-29", "2020-06-30", "2020-07-01"]))
    launch = pd.to_datetime(pd.Series(["2020-06-30"] * 3))
    words = membership_status(pd.Series(["member"] * 3), days, launch).tolist()
    assert words == ["from_start", "from_start", "later"]


def test_without_a_launch_day_everybody_was_there_from_the_start():
    day, launch = pd.to_datetime(pd.Series(["2021-01-01"])), pd.to_datetime(pd.Series([None]))
    assert membership_status(pd.Series(["member"]), day, launch).tolist() == ["from_start"]


def test_merged_arrangements_make_one_cell_with_the_earliest_standing(members):
    cells = matrix(members, {"roadmap": "plan"}).set_index(["country", "forum"])
    us = cells.loc[("US", "plan")]
    assert (us["arrangements"], us["standing"]) == (2, "from_start")
    assert us["origin"] == "members.csv:3 members.csv:4"


def test_matrix_holds_each_pair_once_and_never_canada(members):
    cells = matrix(members, {})
    assert not cells.duplicated(["country", "forum"]).any()
    assert "CA" not in set(cells["country"])


def test_countries_in_most_forums_come_first(members):
    cells = matrix(members, {"roadmap": "plan"})
    assert ordered(cells, ["plan", "alliance"]) == ["US", "JP"]
