"""Places that a skeleton has left open are named as a person finds them."""

from pathlib import Path

import pytest

from critical_minerals.cli.skeletons.placeholders import check_placeholders
from critical_minerals.errors import UsageError
from critical_minerals.workspace.paths import Workspace


def test_an_open_cell_is_named_by_the_row_that_a_spreadsheet_shows(tmp_path: Path):
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "a.schema.yaml").touch()
    (raw / "a.csv").write_text('year,note\n2024,"two\nlines"\n\n2025,FILL IN\n')
    with pytest.raises(UsageError, match=r"data/raw/a\.csv: row 4, column note$"):
        check_placeholders(Workspace(tmp_path))


def test_every_open_place_is_named_a_line_a_file(tmp_path: Path):
    notebooks, texts = tmp_path / "notebooks", tmp_path / "src" / "a" / "language" / "texts" / "en"
    (raw := tmp_path / "data" / "raw").mkdir(parents=True)
    texts.mkdir(parents=True)
    notebooks.mkdir()
    (raw / "a.schema.yaml").touch()
    (raw / "a.csv").write_text("year,note\nFILL IN: 2024,FILL IN\n2025,FILL IN\n")
    (notebooks / "10_a.ipynb").write_text(
        '{"cells": [{"id": "title", "source": ["FILL IN: what\\n", "FILL IN: why"]},'
        ' {"id": "none", "source": ""}, {"id": "figure", "source": ["FILL IN"]}]}'
    )
    (texts / "a.ftl").write_text("".join(f"text-{n} = FILL IN\n" for n in range(30)))
    with pytest.raises(UsageError) as told:
        check_placeholders(Workspace(tmp_path))
    assert str(told.value).splitlines() == [
        "36 places are still to be filled in (FILL IN):",
        "  data/raw/a.csv: row 2, columns year, note; row 3, column note",
        "  notebooks/10_a.ipynb: cells title, figure",
        f"  src/a/language/texts/en/a.ftl: lines {', '.join(str(n) for n in range(1, 31))}",
    ]
