"""What the parent of all kernels imports, once: the fork server is told to import this module.

Besides what notebooks import, that is what kernels and pandera otherwise load at their first use,
in every fork anew. What is there by the end is frozen: a fork's collector then leaves the pages
alone that it shares with its parent.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module
from typing import Final, get_args

from critical_minerals.language.catalogue import label
from critical_minerals.parameters import Language

# Nobody debugs the kernels of a run. ipykernel takes this for "not installed" and saves each fork
# the 170 modules of the debugger.
sys.modules["debugpy"] = None  # type: ignore[assignment]

IMPORTED: Final = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "pandera.backends.pandas.builtin_checks",
    "pyarrow.parquet",
    "sqlite3",
    "tornado.locks",
    "tornado.platform.asyncio",
    "tornado.queues",
    "critical_minerals.brief",
    "critical_minerals.execution.steps",
    "critical_minerals.front",
    "critical_minerals.notebook",
    "critical_minerals.review.claims",
    "critical_minerals.tables.package",
    *(
        f"critical_minerals.charts.{topic}"
        for topic in (
            "briefs",
            "claims",
            "funding",
            "trade",
            "supply",
            "partnerships",
            "progress",
            "sites",
        )
    ),
)

for _name in IMPORTED:
    import_module(_name)
for _language in get_args(Language):
    label("yes", _language)  # reads the catalogue of texts, which takes longer than most notebooks
gc.collect()
gc.freeze()
