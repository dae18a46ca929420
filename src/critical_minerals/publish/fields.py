"""Check that the data of a chart have the fields that it names, and no more than can be drawn.

Vega-Lite draws an empty chart where a field is misspelt, without an error. So every view of a
specification is followed from its data through its transforms to its encodings. Where the fields
cannot be known (external data, a pivot), any name is accepted.

A place on an axis, or a panel, for each of thousands of values takes minutes and gigabytes to draw,
and nobody could read it: a column that tells rows apart was taken for one that groups them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from critical_minerals.errors import UsageError, nearest

_DEFAULT_NAMES: Final[Mapping[str, Sequence[str]]] = {
    "fold": ("key", "value"),
    "density": ("value", "density"),
    "quantile": ("prob", "value"),
}
"""Default names of the outputs of transforms, as Vega-Lite documents them."""
_REPLACING: Final = ("aggregate", "density", "quantile", "regression", "loess")
"""Transforms that leave only the fields they group by and those they make."""
_APPEARANCE: Final = frozenset({"scale", "axis", "legend", "header", "format"})
"""Properties of a channel on its appearance; a `field` there is none of the view's data."""
_COMPOSITIONS: Final = ("layer", "concat", "hconcat", "vconcat")
_FIRST_NAME: Final = re.compile(r"(?:\\.|[^.\[\\])+")
"""The name before the first dot or bracket that is not escaped: these address nested values."""
_PANELS: Final = frozenset({"row", "column", "facet"})
"""Channels that make a panel of each value."""
_READ_ONE_BY_ONE: Final = frozenset(
    {"tooltip", "text", "detail", "key", "href", "url", "description", "order"}
)
"""Channels on which each mark has a value of its own, and none takes more room."""
_MOST_VALUES: Final = 300
"""Values on an axis or in a legend: at ten points a line, five pages long."""
_MOST_PANELS: Final = 60
Fields = frozenset[str] | None
"""The fields of a data set; None where they cannot be known."""


def check_fields(spec: Mapping[str, Any], identifier: str) -> None:
    """Check a chart for fields that its data do not have, and for more values than can be read.

    Raises `UsageError` with the figure, the field, and the available fields; or with the channel
    and how many values the field has.
    """
    for fault in _find_faults(spec, spec.get("datasets", {}), _Around()):
        msg = f"{identifier} {fault}"
        raise UsageError(msg)


@dataclass(frozen=True)
class _Around:
    """What a view has of those around it: rows, their fields after transforms, and channels."""

    rows: Sequence[Mapping[str, Any]] = ()
    fields: Fields = None
    encoding: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _find_faults(
    view: Mapping[str, Any], datasets: Mapping[str, Any], around: _Around
) -> Iterator[str]:
    """Yield what is at fault in a view and its parts."""
    rows, fields = around.rows, around.fields
    if "data" in view:
        inline = _data_rows(view["data"], datasets)
        rows, fields = inline or (), _fields_of(inline)
    for transform in view.get("transform", ()):
        yield from _missing(_transform_inputs(transform), fields)
        fields = _fields_after(transform, fields, datasets)
    # What a view says of all its parts (channels, repetitions) is of each part's own data.
    repeated = [{"field": name} for name in _repeated_fields(view.get("repeat", ()))]
    own = {**view.get("encoding", {}), **({"": repeated} if repeated else {})}
    encoding = {**around.encoding, **own}
    facet = view.get("facet", {})
    drawn = encoding if "mark" in view else {}
    yield from _missing(_named_fields([facet, drawn]), fields)
    yield from _crowded({**drawn, **({"facet": facet} if "field" in facet else facet)}, rows)
    for part in _parts(view):
        yield from _find_faults(part, datasets, _Around(rows, fields, encoding))


def _crowded(channels: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Yield the channels with a place for each of more values than can be drawn and read.

    Values that a transform makes are not known before the chart is drawn.
    """
    for channel, of in channels.items():
        # A channel of several fields has a value of its own for each mark, as tooltips do.
        parts = of if isinstance(of, Mapping) and channel not in _READ_ONE_BY_ONE else {}
        if parts.get("type") in {"nominal", "ordinal"} and "field" in parts and "bin" not in parts:
            name = _base_field(parts["field"])
            number = len({str(row[name]) for row in rows if name in row})
            panels = channel in _PANELS
            most, what = (_MOST_PANELS, "panels") if panels else (_MOST_VALUES, "values")
            if number > most:
                yield (
                    f"would have {number:,} {what} of {name!r} ({channel}); at most {most} can be "
                    "read. Give fewer rows (data=…), or a column that groups them."
                )


def _parts(view: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the views that a view is composed of."""
    yield from [view["spec"]] if "spec" in view else []
    yield from (part for name in _COMPOSITIONS for part in view.get(name, ()))


def _missing(named: Iterator[str], fields: Fields) -> Iterator[str]:
    """Yield the names that are not among the fields."""
    for name in named:
        if fields is not None and name not in fields:
            similar = nearest(name, fields)
            hint = f" Did you mean {similar!r}?" if similar else ""
            names = ", ".join(sorted(fields))
            yield f"names the field {name!r}, which its data lack.{hint} Fields: {names}."


def _fields_of(rows: Sequence[Mapping[str, Any]] | None) -> Fields:
    """Return the fields of inline rows; those of external or empty data are unknown."""
    return frozenset(name for row in rows for name in row) or None if rows else None


def _data_rows(
    data: Mapping[str, Any] | None, datasets: Mapping[str, Any]
) -> Sequence[Mapping[str, Any]] | None:
    """Return the rows of inline data; None for external data."""
    rows: Any = (data or {}).get("values", datasets.get((data or {}).get("name", "")))
    is_table = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
    return rows if is_table else None


def _fields_after(
    transform: Mapping[str, Any], fields: Fields, datasets: Mapping[str, Any]
) -> Fields:
    """Return the fields that are available after a transform."""
    if "pivot" in transform or fields is None:
        return None
    outputs = {*_output_fields(transform)}
    if "lookup" in transform and "as" not in transform:
        source = transform["from"]
        looked_up = _fields_of(_data_rows(source.get("data"), datasets))
        outputs |= {*source.get("fields", looked_up or ())}
    if any(name in transform for name in _REPLACING):
        return frozenset(outputs | {*map(_base_field, transform.get("groupby", ()))})
    return fields | outputs


def _output_fields(transform: Mapping[str, Any]) -> Iterator[str]:
    stated = transform.get(
        "as", next((_DEFAULT_NAMES[name] for name in _DEFAULT_NAMES if name in transform), ())
    )
    names = [stated] if isinstance(stated, str) else stated
    yield from names
    # Vega-Lite adds the end of each interval as a field of its own.
    if "bin" in transform:
        yield from (f"{name}_end" for name in names[:1])
    # Without `as`, these name their outputs after their inputs.
    if "flatten" in transform and not names:
        yield from transform["flatten"]
    if ("regression" in transform or "loess" in transform) and not names:
        yield from (transform["on"], transform.get("regression") or transform["loess"])
    for kind in ("aggregate", "joinaggregate", "window"):
        yield from (part["as"] for part in transform.get(kind, ()) if "as" in part)


def _transform_inputs(transform: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields that a transform reads; expressions are not parsed."""
    for name in ("groupby", "fold", "flatten"):
        yield from map(_base_field, transform.get(name, ()))
    for kind in ("aggregate", "joinaggregate", "window", "sort"):
        yield from _named_fields(transform.get(kind, []))
    for name in ("lookup", "stack", "impute", "density", "quantile", "regression", "loess", "on"):
        if isinstance(transform.get(name), str):
            yield _base_field(transform[name])
    # A filter may be an expression or an object that names a field.
    yield from _named_fields({k: v for k, v in transform.items() if k in {"filter", "field"}})


def _repeated_fields(repeat: Any) -> Iterator[str]:
    """Yield the fields over which a view is repeated, in rows, columns or layers."""
    lists = repeat.values() if isinstance(repeat, Mapping) else [repeat]
    yield from (name for names in lists for name in names)


def _named_fields(part: Any) -> Iterator[str]:
    """Yield every field that a part of a specification names, except for its appearance."""
    if isinstance(part, Mapping):
        field = part.get("field")
        if isinstance(field, str) and field not in {"", "*"}:  # of rows that are only counted
            yield _base_field(field)
        for name, child in part.items():
            if name not in _APPEARANCE:
                yield from _named_fields(child)
    elif isinstance(part, list):
        for child in part:
            yield from _named_fields(child)


def _base_field(field: str) -> str:
    r"""Return the field of the data in which a path begins.

    >>> _base_field("properties.name"), _base_field(r"a\.b")
    ('properties', 'a.b')
    """
    match = _FIRST_NAME.match(field)
    return re.sub(r"\\(.)", r"\g<1>", match[0]) if match else field
