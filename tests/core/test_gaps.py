"""Places that a skeleton has left open are named as a person finds them."""

from pathlib import Path

import pytest

from critical_minerals.errors import UsageError
from critical_minerals.skeletons.gaps import refuse_gaps
from critical_minerals.workspace import Workspace


def test_an_open_cell_is_named_by_the_row_that_a_spreadsheet_shows(tmp_path: Path):
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    (raw / "a.schema.yaml").touch()
    (raw / "a.csv").write_text('year,note\n2024,"two\nlines"\n\n2025,FILL IN\n')
    with pytest.raises(UsageError, match=r"data/raw/a\.csv, row 4, column note: FILL IN"):
        refuse_gaps(Workspace(tmp_path))
