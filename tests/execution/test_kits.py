"""What two machines have to have in common."""

from pathlib import Path

from critical_minerals.execution.kits import Kit, differences, kit_here, used_packages

PROJECT = Path(__file__).parents[2]
HERE = Kit("3.13.1", "abc", {"altair": "6.0", "pandas": "3.0"})


def test_machines_set_up_alike_do_not_differ():
    assert differences(HERE, Kit("3.13.1", "abc", dict(HERE.packages))) == []
    assert differences(kit_here(["pandas"]), kit_here(["pandas"])) == []


def test_each_difference_is_told_with_what_is_here():
    there = Kit("3.12.0", "xyz", {"altair": "6.0", "pandas": "missing"})
    assert differences(HERE, there) == [
        "Python is 3.12.0, here 3.13.1",
        "its copy of the package critical_minerals is not the one here",
        "pandas is missing, here 3.0",
    ]


def test_many_differences_are_counted():
    names = [f"package-{number}" for number in range(9)]
    here = Kit("3.13.1", "abc", dict.fromkeys(names, "1"))
    there = Kit("3.13.1", "abc", dict.fromkeys(names, "2"))
    told = differences(here, there)
    assert told[0] == "package-0 is 2, here 1"
    assert told[-1] == "and 5 more packages"
    assert len(told) == 5


def test_packages_count_that_the_project_uses_and_those_that_these_use():
    names = used_packages(PROJECT / "pyproject.toml")
    assert {"pandas", "python-calamine", "numpy", "nbclient"} <= {*names}
    assert not {"ruff", "pyright", "a-package-that-nobody-has"} & {*names}


def test_a_package_that_is_not_there_is_missing():
    assert kit_here(["a-package-that-nobody-has"]).packages == {
        "a-package-that-nobody-has": "missing"
    }
