"""One documents folder for all tests here: making fonts and the charts' engine takes seconds."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from critical_minerals.report.assets import make_assets
from critical_minerals.report.context import day_metadata
from critical_minerals.report.embedded import Embedded
from critical_minerals.report.rendering import Format
from critical_minerals.report.yaml_text import dump_yaml
from critical_minerals.workspace.parameters import LANGUAGES

SAMPLE = Path(__file__).parent / "sample"
REPORTS = Path(__file__).parents[2] / "reports"


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A documents folder with the sample and the project's own theme."""
    folder = tmp_path_factory.mktemp("reports")
    shutil.copytree(SAMPLE, folder, dirs_exist_ok=True)
    shutil.copytree(REPORTS / "theme", folder / "theme")
    shutil.copy(REPORTS / "_quarto.yml", folder)
    for made in ("fonts", "theme"):
        if (REPORTS / "_generated" / made).is_dir():
            shutil.copytree(REPORTS / "_generated" / made, folder / "_generated" / made)
    make_assets(folder)
    values = (folder / "published" / "values.yml").read_text("utf-8")
    for language in LANGUAGES:
        day = dump_yaml(day_metadata("2026-06-30", language))
        (folder / "published" / f"values-{language}.yml").write_text(day + values, "utf-8")
    return folder


@pytest.fixture(scope="session")
def rendered(reports: Path) -> dict[Format, Path]:
    """The sample in every format, by the embedded renderer."""
    formats: tuple[Format, ...] = ("html", "pdf", "docx")
    paths = Embedded().render(reports / "sample.qmd", formats, reports / "_output")
    return dict(zip(formats, paths, strict=True))


@pytest.fixture
def document(reports: Path, request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Write a document that holds only a body; it is the test's own."""

    def write(body: str, front: str = "title: T\nlang: en\ndate: 2026-06-30") -> Path:
        path = reports / f"{request.node.name.partition('[')[0]}.qmd"
        language = "fr" if "lang: fr" in front else "en"
        files = f"[_generated/theme/words-{language}.yml, published/values-{language}.yml]"
        path.write_text(f"---\n{front}\nmetadata-files: {files}\n---\n\n{body}\n")
        return path

    return write
