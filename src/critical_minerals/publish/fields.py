"""Whether a chart's data hold the fields that it names.

Vega-Lite draws an empty chart where a field is misspelt, and says nothing. So every view of a
specification is followed from its data through its transforms to its encodings. Where the fields
cannot be known (data from elsewhere, a pivot), anything may be named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from critical_minerals.errors import UsageError, nearest

_AS: Final[Mapping[str, Sequence[str]]] = {
    "fold": ("key", "value"),
    "density": ("value", "density"),
    "quantile": ("prob", "value"),
}
"""What transforms call their results where the chart does not say."""
_REPLACING: Final = ("aggregate", "density", "quantile", "regression", "loess")
"""Transforms after which only what they group by and what they make is there."""
_LOOKS: Final = frozenset({"scale", "axis", "legend", "header", "format"})
"""Parts of a channel that say how it looks; a field there is none of the view's data."""
_PARTS: Final = ("layer", "concat", "hconcat", "vconcat")
_FIRST: Final = re.compile(r"(?:\\.|[^.\[\\])+")
"""The name before the first dot or bracket, which lead into a value; escaped ones do not."""
Fields = frozenset[str] | None
"""The fields of some data; None where anything may be one."""


def check_fields(spec: Mapping[str, Any], identifier: str) -> None:
    """Refuse a chart that names a field which its data lack.

    Raises `UsageError` with the figure, the field and the fields that there are.
    """
    for field, there in _lacking(spec, spec.get("datasets", {}), None, {}):
        near = nearest(field, there)
        meant = f" Did you mean {near!r}?" if near else ""
        known = ", ".join(sorted(there))
        msg = (
            f"{identifier} names the field {field!r}, which its data lack.{meant} Fields: {known}."
        )
        raise UsageError(msg)


def _lacking(
    view: Mapping[str, Any],
    datasets: Mapping[str, Any],
    fields: Fields,
    encoding: Mapping[str, Any],
) -> Iterator[tuple[str, frozenset[str]]]:
    """Give the fields that a view and its parts name and lack, with those that there are."""
    if "data" in view:
        fields = _fields_of(view["data"], datasets)
    for transform in view.get("transform", ()):
        yield from _among(_named_in_transform(transform), fields)
        fields = _after(transform, fields, datasets)
    # What a view says of all its parts (channels, repetitions) is of each part's own data.
    repeated = [{"field": name} for name in _repeated(view.get("repeat", ()))]
    encoding = {**encoding, **view.get("encoding", {}), **({"": repeated} if repeated else {})}
    yield from _among(_named(view.get("facet", {})), fields)
    if "mark" in view:
        yield from _among(_named(encoding), fields)
    for part in [view["spec"]] if "spec" in view else []:
        yield from _lacking(part, datasets, fields, encoding)
    for part in (part for name in _PARTS for part in view.get(name, ())):
        yield from _lacking(part, datasets, fields, encoding)


def _among(named: Iterator[str], fields: Fields) -> Iterator[tuple[str, frozenset[str]]]:
    """Give of some named fields those that are not there."""
    if fields is not None:
        yield from ((name, fields) for name in named if name not in fields)


def _fields_of(data: Mapping[str, Any] | None, datasets: Mapping[str, Any]) -> Fields:
    """Name the fields of inline data; what lies elsewhere, or has no rows, is not known."""
    rows: Any = (data or {}).get("values", datasets.get((data or {}).get("name", "")))
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        return None
    return frozenset(name for row in rows for name in row) or None


def _after(transform: Mapping[str, Any], fields: Fields, datasets: Mapping[str, Any]) -> Fields:
    """Name the fields that there are after a transform."""
    if "pivot" in transform or fields is None:
        return None
    made = {*_made(transform)}
    if "lookup" in transform and "as" not in transform:
        source = transform["from"]
        found = _fields_of(source.get("data"), datasets)
        made |= {*source.get("fields", found or ())}
    if any(name in transform for name in _REPLACING):
        return frozenset(made | {*map(_plain, transform.get("groupby", ()))})
    return fields | made


def _made(transform: Mapping[str, Any]) -> Iterator[str]:
    """Name what a transform makes."""
    given = transform.get("as", next((_AS[name] for name in _AS if name in transform), ()))
    names = [given] if isinstance(given, str) else given
    yield from names
    if "bin" in transform:
        yield from (f"{name}_end" for name in names[:1])
    if "flatten" in transform and not names:
        yield from transform["flatten"]
    if ("regression" in transform or "loess" in transform) and not names:
        yield from (transform["on"], transform.get("regression") or transform["loess"])
    for kind in ("aggregate", "joinaggregate", "window"):
        yield from (part["as"] for part in transform.get(kind, ()) if "as" in part)


def _named_in_transform(transform: Mapping[str, Any]) -> Iterator[str]:
    """Give the fields that a transform reads; expressions are programs, and not looked at."""
    for name in ("groupby", "fold", "flatten"):
        yield from map(_plain, transform.get(name, ()))
    for kind in ("aggregate", "joinaggregate", "window", "sort"):
        yield from _named(transform.get(kind, []))
    for name in ("lookup", "stack", "impute", "density", "quantile", "regression", "loess", "on"):
        if isinstance(transform.get(name), str):
            yield _plain(transform[name])
    yield from _named({k: v for k, v in transform.items() if k in {"filter", "field"}})


def _repeated(repeat: Any) -> Iterator[str]:
    """Give the fields for which a view is repeated, in rows, columns or layers."""
    lists = repeat.values() if isinstance(repeat, Mapping) else [repeat]
    yield from (name for names in lists for name in names)


def _named(part: Any) -> Iterator[str]:
    """Give every field that is named in a part of a specification, but for its looks."""
    if isinstance(part, Mapping):
        field = part.get("field")
        if isinstance(field, str) and field not in {"", "*"}:  # of rows that are only counted
            yield _plain(field)
        for name, inside in part.items():
            if name not in _LOOKS:
                yield from _named(inside)
    elif isinstance(part, list):
        for inside in part:
            yield from _named(inside)


def _plain(field: str) -> str:
    r"""Name the field of the data in which a path begins.

    >>> _plain("properties.name"), _plain(r"a\.b")
    ('properties', 'a.b')
    """
    found = _FIRST.match(field)
    return re.sub(r"\\(.)", r"\g<1>", found[0]) if found else field
