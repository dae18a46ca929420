"""What the parent of all kernels reads besides, where many briefs are made: what they say."""

from critical_minerals.execution.preload import load

load([], ["briefs", "lineage"])
