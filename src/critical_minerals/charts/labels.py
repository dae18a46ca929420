"""Places for labels that must not cover each other."""

from __future__ import annotations

from collections.abc import Sequence


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Move places apart to at least `gap`, each as little as its neighbours allow.

    Keeps their order; what overlaps is centred around where it wanted to be.

    >>> spread([10.0, 10.0, 50.0], gap=4)
    [8.0, 12.0, 50.0]
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    clusters: list[list[int]] = []
    for index in order:
        clusters.append([index])
        while len(clusters) > 1 and _overlap(clusters[-2], clusters[-1], places, gap):
            upper = clusters.pop()
            clusters[-1] += upper
    placed = [0.0] * len(places)
    for cluster in clusters:
        first = _first(cluster, places, gap)
        for step, index in enumerate(cluster):
            placed[index] = first + step * gap
    return placed


def _first(cluster: Sequence[int], places: Sequence[float], gap: float) -> float:
    """Return the place of a cluster's lowest label when the cluster is centred."""
    middle = sum(places[index] for index in cluster) / len(cluster)
    return middle - gap * (len(cluster) - 1) / 2


def _overlap(
    lower: Sequence[int], upper: Sequence[int], places: Sequence[float], gap: float
) -> bool:
    last = _first(lower, places, gap) + gap * (len(lower) - 1)
    return _first(upper, places, gap) - last < gap
