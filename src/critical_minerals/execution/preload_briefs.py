"""Texts that the warm parent reads in addition where many briefs are made."""

from critical_minerals.execution.preload import load

load([], ["briefs", "lineage"])
