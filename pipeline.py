"""The front door: the steps of the report in their order, and the command line.

python pipeline.py             run what has changed and typeset the report
python pipeline.py check       check the raw figures only
python pipeline.py changes     say what changed since the last release, and why
python pipeline.py release     freeze the figures under a name
python pipeline.py verify      make the report once more in a fresh copy, and compare
python pipeline.py add         add an official file, or rows of your own, to the raw figures
python pipeline.py template    write an empty workbook for a raw table
python pipeline.py new         write the skeleton of a topic, a figure or a source
python pipeline.py browse      open the browser of figures
python pipeline.py watch       serve the report, and make anew what an edit touches
python pipeline.py setup       make .venv with the pinned versions
python pipeline.py git         let git store notebooks without outputs
python pipeline.py doctor      say what is installed and which renderer is used
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path

if sys.argv[1:2] == ["setup"] or find_spec("critical_minerals") is None:
    # Before there is anything to import, or by another Python than that of the environment.
    sys.path.insert(0, str(Path(__file__).parent / "src"))
    from critical_minerals.cli import setting_up

    sys.exit(setting_up.set_up_or_run(sys.argv))

from critical_minerals.cli.main import main
from critical_minerals.execution.steps import (
    Run,
    Step,
    assemble,
    attachments,
    charts,
    check_figures,
    figures,
    list_figures,
    notebook,
    prepare_theme,
    publish_changes,
    publish_checks,
    reports,
    subset_fonts,
    trace,
)

NOTEBOOKS = (
    "10_funding",
    "20_trade",
    "30_supply",
    "40_partnerships",
    "50_progress",
    "60_claims",
)


def steps(run: Run) -> list[Step]:
    """List the steps; their order follows from what each reads and makes."""
    return [
        check_figures(run),
        subset_fonts(run),
        *(notebook(run, name) for name in NOTEBOOKS),
        *figures(run, NOTEBOOKS),
        prepare_theme(run),
        *charts(run, NOTEBOOKS),
        trace(run, NOTEBOOKS),
        *assemble(run, NOTEBOOKS),
        publish_changes(run),
        publish_checks(run, NOTEBOOKS),
        list_figures(run),
        *attachments(run, NOTEBOOKS),
        *reports(run),
    ]


if __name__ == "__main__":
    main(steps)
