"""Modules that the warm parent imports once: the fork server imports this module.

Besides what notebooks import, these are modules that kernels, Altair and the catalogue of texts
otherwise load at their first use, again in every fork; so are compiled templates, and descriptors
of tables and official files. At the end all objects are frozen: the garbage collector of a fork
then does not touch the memory pages that it shares with its parent.
"""

from __future__ import annotations

import gc
import signal
import sys
from contextlib import suppress
from importlib import import_module
from typing import Final

from critical_minerals.errors import FiguresError, UsageError
from critical_minerals.execution import logs
from critical_minerals.workspace.paths import find_workspace

# Ctrl-C ends a run in order, and with it this process; until then it has to go on loading.
signal.signal(signal.SIGINT, signal.SIG_IGN)
# Each fork inherits it.
logs.start()
# Nobody debugs the kernels of a run. To ipykernel this reads "not installed", and saves each start
# the 170 modules of the debugger.
sys.modules["debugpy"] = None  # type: ignore[assignment]

IMPORTED: Final = (
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.extensions.storemagic",
    "ipykernel.debugger",
    "ipykernel.kernelapp",
    "narwhals._pandas_like.namespace",
    "pandas.core.methods.to_dict",
    "pyarrow.pandas_compat",
    "pyarrow.parquet",
    "pyarrow.vendored.version",
    "sqlite3",
    "tornado.locks",
    "tornado.platform.asyncio",
    "tornado.queues",
    "critical_minerals.notebook.brief",
    "critical_minerals.execution.steps",
    "critical_minerals.cli.main",
    "critical_minerals.notebook.session",
    "critical_minerals.review.publishing",
    "critical_minerals.review.claims",
    "critical_minerals.tables.package",
)

_COLLECTOR_THRESHOLDS: Final = (50_000, 20, 100)
"""Thresholds of a fork's garbage collector, far above the default: a fork ends soon."""


def _load() -> None:
    """Import modules, open the common texts, load templates and descriptors."""
    for name in IMPORTED:
        import_module(name)
    catalogue = import_module("critical_minerals.language.catalogue")
    for language in ("en", "fr"):
        catalogue.open_catalogue(language, ["common"])
    import_module("critical_minerals.report.markdown").load_all()
    _read_descriptors()


def _read_descriptors() -> None:
    """Parse what describes the project's tables and official files: YAML is slow to parse.

    A fork parses again what was edited since. What cannot be read, the step that needs it reports.
    """
    supplied = import_module("critical_minerals.raw.supplied")
    tables = import_module("critical_minerals.tables.descriptors").Tables
    with suppress(UsageError):  # started outside of a project
        workspace = find_workspace()
        for folder in (workspace.raw, workspace.schemas):
            described = tables(folder)
            for name in described:
                with suppress(FiguresError, OSError):
                    table = described[name]
                    supplied.files_behind(workspace, table.name)


gc.disable()
_load()
gc.enable()
gc.collect()
gc.freeze()
gc.set_threshold(*_COLLECTOR_THRESHOLDS)
