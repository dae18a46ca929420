"""Read inventories of Natural Resources Canada: critical minerals, major projects, referrals.

Its traps, each with its test: docs/traps.md#nrcan

The layer of referred projects is read by its published fields; not yet tried on a real file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

import pandas as pd

from critical_minerals.errors import FiguresError
from critical_minerals.readers.opened import dict_rows, read_json
from critical_minerals.readers.seen import RecognisedFile, read_header
from critical_minerals.readers.sheets import ROW

_NAME_FIELD: Final = "PropertyNameEN"
_DERIVED_ID_FIELD: Final = "nrcanObjectId"
_REFERRAL_FIELDS: Final = ("Name", "Location", "Proponent", "Sector", "Status", "Link")
_PROJECT_COLUMNS: Final = (
    "lang",
    "id",
    "project_name",
    "capital_cost",
    "capital_cost_range",
    "status",
)
# English figures alone: the French row of a project has `332,00`, which would become 33,200.
_MILLIONS: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_RANGE: Final = re.compile(r"([\d,.]+)\s*[-–]\s*([\d,.]+)")
_SPLIT: Final = re.compile(r"\s*[,;]\s*")
_MAX_BYTES: Final = 100_000_000
describe_nrcan_file: Final = partial(
    RecognisedFile,
    folder="nrcan",
    publisher="Natural Resources Canada",
    publisher_fr="Ressources naturelles Canada",
    period="",
    edition="",
    terms="Open Government Licence - Canada",
    terms_fr="Licence du gouvernement ouvert – Canada",
)
_INVENTORY_ADDRESS: Final = (
    "https://open.canada.ca/data/en/dataset/22b2db8a-dc12-47f2-9737-99d3da921751"
)
_REFERRALS_ADDRESS: Final = (
    "https://open.canada.ca/data/en/dataset/8f387c74-a5d9-46ec-9aff-32bc8e0ff3b1"
)
_PROJECTS_ADDRESS: Final = (
    "https://open.canada.ca/data/en/dataset/f5f2db55-31e4-42fb-8c73-23e1c44de9b2"
)


def read_inventory(path: Path, name: str) -> pd.DataFrame:
    """Read sites of the inventory into one record each.

    Columns: `row_number` (the feature, from 1), `name_en`, `name_fr`, `operator`, `province`,
    `minerals` (a list), `group`, `stage`, `status`, `latitude`, `longitude`, `website`. Raises
    `FiguresError` for any other file, and for a list that is cut short.
    """
    sites = _read_sites(read_json(path, _MAX_BYTES), name)
    if sites is None:
        raise _invalid_file(name, f"features with {_NAME_FIELD}")
    return pd.DataFrame([{ROW: at, **site} for at, site in enumerate(sites, 1)])


def read_major_projects(path: Path, name: str) -> pd.DataFrame:
    """Read the major projects map into one record a project.

    Columns: `row_number` (of the English row), `project`, `company`, `name_en`, `name_fr`,
    `province` (blank where it is several), `cost_mcad` and `least_mcad`, `most_mcad` (millions of
    Canadian dollars; missing where none is given), `status`. Raises `FiguresError` for any other
    file, and for a project in one language alone.
    """
    if not {*_PROJECT_COLUMNS} <= {*read_header(path)}:
        raise _invalid_file(name, f"the columns {', '.join(_PROJECT_COLUMNS)}")
    rows = [*dict_rows(path, name)]
    # English and French rows of a project share the number that its publisher gave it. Names would
    # not do: two projects have the same one.
    names_fr = {
        row["id"]: _collapse_blanks(row["project_name"]) for _, row in rows if row["lang"] == "fr"
    }
    english = [(at, row) for at, row in rows if row["lang"] == "en"]
    # In the publisher's file every project has both rows: 464 rows are 232 projects.
    if unpaired := {row["id"] for _, row in english} ^ {*names_fr}:
        raise _invalid_file(name, "each project in both languages", ", ".join(sorted(unpaired)[:5]))
    return pd.DataFrame([_build_project(at, row, names_fr) for at, row in english])


def read_referrals(path: Path, name: str) -> pd.DataFrame:
    """Read the projects that were referred to the Major Projects Office, in either language.

    Columns: `row_number` (the feature, from 1), `name`, `location`, `proponent`, `sector`,
    `status`, `link`, `latitude`, `longitude`. Raises `FiguresError` for any other file, and for a
    list that is cut short.
    """
    features = _read_features(read_json(path, _MAX_BYTES), name, _REFERRAL_FIELDS)
    if features is None:
        raise _invalid_file(name, f"features with {', '.join(_REFERRAL_FIELDS)}")
    return pd.DataFrame(
        [
            {
                ROW: at,
                **{field.lower(): _collapse_blanks(fields[field]) for field in _REFERRAL_FIELDS},
                **place,
            }
            for at, (fields, place) in enumerate(features, 1)
        ]
    )


def recognise(path: Path) -> RecognisedFile | None:
    """Recognise inventory and referrals by their fields, major projects by their columns."""
    if {*_PROJECT_COLUMNS} <= {*read_header(path)}:
        projects = read_major_projects(path, path.name)
        return describe_nrcan_file(
            format="nrcan_major_projects",
            title=f"Major Projects Inventory, {len(projects)} projects",
            source_id="NRCAN_MPI_MAP",
            product="nrcan_major_projects",
            address=_PROJECTS_ADDRESS,
            rows=len(projects),
        )
    content = read_json(path, _MAX_BYTES)
    if referred := _read_features(content, path.name, _REFERRAL_FIELDS):
        return describe_nrcan_file(
            format="nrcan_referrals",
            title=f"Projects referred to the Major Projects Office, {len(referred)} projects "
            "(not yet tried on a real file)",
            source_id="NRCAN_MPO_LAYER",
            product="projects_referred_to_mpo",
            address=_REFERRALS_ADDRESS,
            rows=len(referred),
        )
    sites = _read_sites(content, path.name)
    if sites is None:
        return None
    derived_note = ", a transformed copy" if any(site["derived"] for site in sites) else ""
    return describe_nrcan_file(
        format="nrcan_inventory",
        title=f"Critical minerals inventory, {len(sites)} sites{derived_note}",
        source_id="NRCAN_CM_INVENTORY",
        product="critical_minerals",
        address=_INVENTORY_ADDRESS,
        rows=len(sites),
    )


def _read_sites(content: object, name: str) -> list[dict[str, Any]] | None:
    """Return the sites of an inventory; None where the content is anything else."""
    if (features := _read_features(content, name, (_NAME_FIELD,))) is not None:
        return [_build_site(fields, place) for fields, place in features]
    sites = cast("Sequence[Any]", content if isinstance(content, list) else ())
    if not sites or not all(isinstance(site, dict) and _DERIVED_ID_FIELD in site for site in sites):
        return None
    return [_build_derived_site(site) for site in sites]


def _read_features(
    content: object, name: str, needed: Sequence[str]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]] | None:
    """Return the features of a layer, fields and coordinates of each; None for other content.

    Raises `FiguresError` where the service has cut the list short.
    """
    layer = cast("Mapping[str, Any]", content if isinstance(content, dict) else {})
    features = layer.get("features") or ()
    all_fields = [
        feature.get("properties") or feature.get("attributes") or {} for feature in features
    ]
    if not all_fields or any(not {*needed} <= {*fields} for fields in all_fields):
        return None
    # The service returns as many features as it gives at once and sets this mark: the others would
    # be missing in silence.
    if layer.get("exceededTransferLimit"):
        raise _invalid_file(name, "all of the layer; the service has cut the list short")
    return [
        (fields, _read_coordinates(feature))
        for feature, fields in zip(features, all_fields, strict=True)
    ]


def _read_coordinates(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the coordinates of a feature; of several points, those of the first."""
    geometry = feature.get("geometry") or {}
    # GeoJSON has `coordinates` with the longitude first; ArcGIS `x` and `y`, or `points`.
    points = geometry.get("coordinates") or geometry.get("points") or ()
    longitude, latitude = (points[0] if points and isinstance(points[0], list) else points) or (
        geometry.get("x"),
        geometry.get("y"),
    )
    return {"latitude": latitude, "longitude": longitude}


def _build_site(fields: Mapping[str, Any], place: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name_en": _collapse_blanks(fields[_NAME_FIELD]),
        "name_fr": _collapse_blanks(fields.get("PropertyNameFR")),
        "operator": _collapse_blanks(fields.get("OperatorOwnersEN")),
        "province": _collapse_blanks(fields.get("ProvincesEN")),
        "minerals": _lower_names(_SPLIT.split(_collapse_blanks(fields.get("CommoditiesEN")))),
        "group": _collapse_blanks(fields.get("OperationGroupEN")),
        "stage": _collapse_blanks(fields.get("DevelopmentStageEN")),
        "status": _collapse_blanks(fields.get("ActivityStatusEN")),
        **place,
        "website": _collapse_blanks(fields.get("Website")),
        "derived": False,
    }


def _build_derived_site(site: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name_en": _collapse_blanks(site["name"]),
        "name_fr": "",
        "operator": _collapse_blanks(site.get("operator")),
        "province": _collapse_blanks(site.get("province")),
        "minerals": _lower_names(site.get("minerals", ())),
        "group": _collapse_blanks(site.get("operationGroup")),
        "stage": _collapse_blanks(site.get("stage")),
        "status": _collapse_blanks(site.get("status")),
        "latitude": site.get("latitude"),
        "longitude": site.get("longitude"),
        "website": _collapse_blanks(site.get("website")),
        "derived": True,
    }


def _build_project(
    row_number: int, row: Mapping[str, str], names_fr: Mapping[str, str]
) -> dict[str, Any]:
    province = _collapse_blanks(row["province"])
    least, most = _parse_cost_range(row["capital_cost_range"])
    return {
        ROW: row_number,
        "project": row["id"],
        "company": _collapse_blanks(row["company"]),
        "name_en": _collapse_blanks(row["project_name"]),
        "name_fr": names_fr[row["id"]],
        # A project across provinces belongs to none of them.
        "province": "" if province == "Multiple" else province,
        "cost_mcad": _parse_millions(row["capital_cost"]),
        "least_mcad": least,
        "most_mcad": most,
        "status": _collapse_blanks(row["status"]),
    }


def _parse_millions(cell: str) -> float | None:
    return float(cell.replace(",", "")) if _MILLIONS.fullmatch(cell.strip()) else None


def _parse_cost_range(cell: str) -> tuple[float | None, float | None]:
    """Parse both ends of a range of costs, where both are given.

    >>> _parse_cost_range("250 - 500 "), _parse_cost_range("N/A")
    ((250.0, 500.0), (None, None))
    """
    ends = _RANGE.fullmatch(cell.strip())
    return (_parse_millions(ends[1]), _parse_millions(ends[2])) if ends else (None, None)


def _lower_names(names: Sequence[str]) -> list[str]:
    return [name.strip().lower() for name in names if name.strip()]


def _collapse_blanks(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _invalid_file(name: str, expected: str, value: str | None = None) -> FiguresError:
    remedy = "Download it anew from open.canada.ca, all of it."
    return FiguresError.of(name, expected, remedy, value=value)
