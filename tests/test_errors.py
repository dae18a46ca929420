from critical_minerals.errors import FiguresError, Problem, hint, nearest


def test_a_problem_says_place_value_expectation_and_remedy():
    problem = Problem(
        file="data/raw/a.csv",
        row=3,
        column="year",
        value="x",
        expected="a year",
        remedy="Write a year.",
    )
    assert str(problem) == (
        "data/raw/a.csv, row 3, column year: found 'x'; expected a year. Write a year."
    )


def test_a_problem_of_a_whole_file_names_no_row():
    assert str(Problem(file="a.csv", expected="a table", remedy="Restore it.")) == (
        "a.csv: expected a table. Restore it."
    )


def test_the_error_carries_every_problem():
    problems = [Problem(file=name, expected="b", remedy="C.") for name in ("x", "y")]
    error = FiguresError(iter(problems))
    assert error.problems == tuple(problems)
    assert str(error).splitlines() == ["x: expected b. C.", "y: expected b. C."]


def test_the_nearest_name_does_not_depend_on_capitals():
    assert nearest("nrcan_gpy", ["BOC_FX", "NRCAN_GPI"]) == "NRCAN_GPI"
    assert nearest("LITHUM", ["nickel", "lithium"]) == "lithium"


def test_short_names_are_not_guessed():
    assert nearest("China", ["CH", "CN", "CL"]) is None
    assert nearest("cn", ["CH", "CN"]) == "CN"


def test_a_hint_lists_a_few_names_but_not_hundreds():
    assert hint("zzz", ["html", "pdf"]) == "Known: html, pdf."
    many = [f"name_{number}" for number in range(300)]
    assert hint("zzz", many) == "None of the 300 known names is like it."
