"""Measure this project against the usual ways: `make bench`.

    python benchmarks/run.py                 everything; leave the machine alone meanwhile
    python benchmarks/run.py cold noop       some scenarios
    BENCH_REPEATS=1 python benchmarks/run.py a trial
    BENCH_SCALE=0.1 python benchmarks/run.py grants cimt    a trial of large files

Results go to benchmarks/results, the page that shows them is benchmarks/README.md.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from machine import circumstances
from scenarios import SCENARIOS, Bench, Result
from show import RESULTS, show

from critical_minerals.report.renderers import choose
from critical_minerals.workspace.paths import write_whole

REPEATS = 5


def main(names: list[str]) -> int:
    """Run scenarios by name, all without names; write what each measured."""
    if unknown := [name for name in names if name not in SCENARIOS]:
        print(f"There is no scenario {unknown[0]!r}. Known: {', '.join(SCENARIOS)}.")
        return 2
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have switched it off
    repeats = int(os.environ.get("BENCH_REPEATS", REPEATS))
    with TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        bench = Bench(Path(folder), repeats, choose("auto").name)
        failed = [name for name in names or SCENARIOS if not _measured(name, bench)]
    return int(bool(failed))


def _measured(name: str, bench: Bench) -> bool:
    """Run one scenario; one that fails tells why and holds up no other."""
    print(f"{name}", flush=True)
    before = circumstances(f"{bench.renderer} {choose(bench.renderer).version}")
    try:
        result = SCENARIOS[name](bench)
    except (RuntimeError, LookupError, OSError) as error:
        print(f"  {name} could not be measured: {error}", flush=True)
        return False
    _keep(name, result, bench.repeats, before)
    show()
    return True


def _keep(name: str, result: Result, repeats: int, before: Mapping[str, Any]) -> None:
    versions = {**before["versions"], **result.versions}
    aims = [{**asdict(aim), "met": aim.met} for aim in result.aims]
    content = {**asdict(result), **before, "repeats": repeats, "versions": versions, "aims": aims}
    write_whole(RESULTS / f"{name}.json", json.dumps(content, indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
