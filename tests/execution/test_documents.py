"""What the steps are based on that typeset documents."""

import re
from pathlib import Path

import pytest

from critical_minerals.execution.steps import Run, reports
from critical_minerals.project import PROJECT, ReportParameters
from critical_minerals.workspace.paths import Workspace

WORKSPACE = Workspace(Path(__file__).parents[2])
STEMS = [stem for document in PROJECT.documents for stem in document.stems.values()]


@pytest.mark.parametrize("stem", STEMS)
def test_a_document_rests_on_what_it_includes_and_on_nothing_else_that_is_published(stem: str):
    text = (WORKSPACE.reports / f"{stem}.qmd").read_text("utf-8")
    included = set(re.findall(r"include (_generated/(?:en|fr)/\S+)\.md", text))
    steps = reports(Run(WORKSPACE, ReportParameters(), ("html", "pdf", "docx")))
    (inputs, *others) = [{*each.inputs} for each in steps if each.stem == stem]
    assert all(other == inputs for other in others)
    published = {name for name in inputs if re.match(r"reports/_generated/(en|fr)/.*\.md", name)}
    lines = {name for name in published if "/lineage-" in name}
    assert published - lines == {f"reports/{name}.md" for name in included}
    assert {name.replace("/lineage-", "/") for name in lines} <= published - lines
    drawn = {name for name in inputs if name.endswith("-narrow.svg")}
    assert {name.replace("-narrow.svg", ".md") for name in drawn} == {
        name for name in published if "/fig-" in name
    }
