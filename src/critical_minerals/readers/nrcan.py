"""Read inventories of Natural Resources Canada: critical minerals, major projects, referrals.

| trap | what is done |
|---|---|
| inventory as GeoJSON or as ArcGIS JSON | one and the same; `attributes` or `properties` |
| fields in English and French (`PropertyNameEN`, `PropertyNameFR`) | both names are kept |
| a copy that a project has transformed (`nrcanObjectId`) | read, and called `derived` |
| minerals in one cell, capitals as they come | a list in lower case |
| more features than the service gives at once | `exceededTransferLimit` is told |
| major projects: English and French rows in one file | one record a project, with both names |
| capital cost as text in millions, `2,500.00`; ranges `250 - 500`; `N/A` | numbers, or none |
| `Colombie-Britanique`, `Multiple` | the English row says the province; `Multiple` is none |
| line breaks and blanks within names | one blank |
| one name for two projects | the publisher's number tells them apart |
| projects referred to the Major Projects Office: a point, or several, or none | the first one |

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
from critical_minerals.readers.opened import json_content, named_rows
from critical_minerals.readers.seen import Seen, header_of
from critical_minerals.readers.sheets import ROW

_SITE: Final = "PropertyNameEN"
_DERIVED: Final = "nrcanObjectId"
_REFERRED: Final = ("Name", "Location", "Proponent", "Sector", "Status", "Link")
_MAP: Final = ("lang", "id", "project_name", "capital_cost", "capital_cost_range", "status")
_MILLIONS: Final = re.compile(r"\d[\d,]*(?:\.\d+)?")
_RANGE: Final = re.compile(r"([\d,.]+)\s*[-–]\s*([\d,.]+)")
_SPLIT: Final = re.compile(r"\s*[,;]\s*")
_LARGEST: Final = 100_000_000
seen_of_resources: Final = partial(
    Seen,
    folder="nrcan",
    publisher="Natural Resources Canada",
    publisher_fr="Ressources naturelles Canada",
    period="",
    edition="",
    terms="Open Government Licence - Canada",
    terms_fr="Licence du gouvernement ouvert – Canada",
)
_INVENTORY: Final = "https://open.canada.ca/data/en/dataset/22b2db8a-dc12-47f2-9737-99d3da921751"
_OFFICE: Final = "https://open.canada.ca/data/en/dataset/8f387c74-a5d9-46ec-9aff-32bc8e0ff3b1"
_PROJECTS: Final = "https://open.canada.ca/data/en/dataset/f5f2db55-31e4-42fb-8c73-23e1c44de9b2"


def read_inventory(path: Path, name: str) -> pd.DataFrame:
    """Read sites of the inventory into one record each.

    Columns: `row_number` (the feature, from 1), `name_en`, `name_fr`, `operator`, `province`,
    `minerals` (a list), `group`, `stage`, `status`, `latitude`, `longitude`, `website`. Raises
    `FiguresError` for any other file, and for a list that is cut short.
    """
    sites = _sites(json_content(path, _LARGEST), name)
    if sites is None:
        raise _refused(name, f"features with {_SITE}")
    return pd.DataFrame([{ROW: at, **site} for at, site in enumerate(sites, 1)])


def read_major_projects(path: Path, name: str) -> pd.DataFrame:
    """Read the major projects map into one record a project.

    Columns: `row_number` (of the English row), `project`, `company`, `name_en`, `name_fr`,
    `province` (blank where it is several), `cost_mcad` and `least_mcad`, `most_mcad` (millions of
    Canadian dollars; missing where none is given), `status`. Raises `FiguresError` for any other
    file, and for a project in one language alone.
    """
    if not {*_MAP} <= {*header_of(path)}:
        raise _refused(name, f"the columns {', '.join(_MAP)}")
    rows = [*named_rows(path)]
    # English and French rows of a project share the number that its publisher gave it.
    names_fr = {row["id"]: _clean(row["project_name"]) for _, row in rows if row["lang"] == "fr"}
    english = [(at, row) for at, row in rows if row["lang"] == "en"]
    if odd := {row["id"] for _, row in english} ^ {*names_fr}:
        raise _refused(name, "each project in both languages", ", ".join(sorted(odd)[:5]))
    return pd.DataFrame([_project(at, row, names_fr) for at, row in english])


def read_referrals(path: Path, name: str) -> pd.DataFrame:
    """Read the projects that were referred to the Major Projects Office, in either language.

    Columns: `row_number` (the feature, from 1), `name`, `location`, `proponent`, `sector`,
    `status`, `link`, `latitude`, `longitude`. Raises `FiguresError` for any other file, and for a
    list that is cut short.
    """
    features = _features(json_content(path, _LARGEST), name, _REFERRED)
    if features is None:
        raise _refused(name, f"features with {', '.join(_REFERRED)}")
    return pd.DataFrame(
        [
            {ROW: at, **{field.lower(): _clean(fields[field]) for field in _REFERRED}, **place}
            for at, (fields, place) in enumerate(features, 1)
        ]
    )


def recognise(path: Path) -> Seen | None:
    """Know the inventory and the referrals by their fields, major projects by their columns."""
    if {*_MAP} <= {*header_of(path)}:
        projects = read_major_projects(path, path.name)
        return seen_of_resources(
            format="nrcan_major_projects",
            title=f"Major Projects Inventory, {len(projects)} projects",
            source_id="NRCAN_MPI_MAP",
            product="nrcan_major_projects",
            address=_PROJECTS,
            rows=len(projects),
        )
    content = json_content(path, _LARGEST)
    if referred := _features(content, path.name, _REFERRED):
        return seen_of_resources(
            format="nrcan_referrals",
            title=f"Projects referred to the Major Projects Office, {len(referred)} projects "
            "(not yet tried on a real file)",
            source_id="NRCAN_MPO_LAYER",
            product="projects_referred_to_mpo",
            address=_OFFICE,
            rows=len(referred),
        )
    sites = _sites(content, path.name)
    if sites is None:
        return None
    derived = ", a transformed copy" if any(site["derived"] for site in sites) else ""
    return seen_of_resources(
        format="nrcan_inventory",
        title=f"Critical minerals inventory, {len(sites)} sites{derived}",
        source_id="NRCAN_CM_INVENTORY",
        product="critical_minerals",
        address=_INVENTORY,
        rows=len(sites),
    )


def _sites(content: object, name: str) -> list[dict[str, Any]] | None:
    """Return the sites of an inventory; None where the content is none."""
    if (features := _features(content, name, (_SITE,))) is not None:
        return [_official(fields, place) for fields, place in features]
    sites = cast("Sequence[Any]", content if isinstance(content, list) else ())
    if not sites or not all(isinstance(one, dict) and _DERIVED in one for one in sites):
        return None
    return [_derived(one) for one in sites]


def _features(
    content: object, name: str, needed: Sequence[str]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]] | None:
    """Return the features of a layer, fields and place of each; None where it lacks a field.

    Raises `FiguresError` where the service has cut the list short.
    """
    told = cast("Mapping[str, Any]", content if isinstance(content, dict) else {})
    features = told.get("features") or ()
    fields = [one.get("properties") or one.get("attributes") or {} for one in features]
    if not fields or any(not {*needed} <= {*one} for one in fields):
        return None
    if told.get("exceededTransferLimit"):
        raise _refused(name, "all of the layer; the service has cut the list short")
    return [(field, _place(one)) for one, field in zip(features, fields, strict=True)]


def _place(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return where a feature lies; of several points, where the first one does."""
    geometry = feature.get("geometry") or {}
    found = geometry.get("coordinates") or geometry.get("points") or ()
    longitude, latitude = (found[0] if found and isinstance(found[0], list) else found) or (
        geometry.get("x"),
        geometry.get("y"),
    )
    return {"latitude": latitude, "longitude": longitude}


def _official(fields: Mapping[str, Any], place: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name_en": _clean(fields[_SITE]),
        "name_fr": _clean(fields.get("PropertyNameFR")),
        "operator": _clean(fields.get("OperatorOwnersEN")),
        "province": _clean(fields.get("ProvincesEN")),
        "minerals": _listed(_SPLIT.split(_clean(fields.get("CommoditiesEN")))),
        "group": _clean(fields.get("OperationGroupEN")),
        "stage": _clean(fields.get("DevelopmentStageEN")),
        "status": _clean(fields.get("ActivityStatusEN")),
        **place,
        "website": _clean(fields.get("Website")),
        "derived": False,
    }


def _derived(site: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name_en": _clean(site["name"]),
        "name_fr": "",
        "operator": _clean(site.get("operator")),
        "province": _clean(site.get("province")),
        "minerals": _listed(site.get("minerals", ())),
        "group": _clean(site.get("operationGroup")),
        "stage": _clean(site.get("stage")),
        "status": _clean(site.get("status")),
        "latitude": site.get("latitude"),
        "longitude": site.get("longitude"),
        "website": _clean(site.get("website")),
        "derived": True,
    }


def _project(at: int, row: Mapping[str, str], names_fr: Mapping[str, str]) -> dict[str, Any]:
    province = _clean(row["province"])
    least, most = _range(row["capital_cost_range"])
    return {
        ROW: at,
        "project": row["id"],
        "company": _clean(row["company"]),
        "name_en": _clean(row["project_name"]),
        "name_fr": names_fr[row["id"]],
        "province": "" if province == "Multiple" else province,
        "cost_mcad": _millions(row["capital_cost"]),
        "least_mcad": least,
        "most_mcad": most,
        "status": _clean(row["status"]),
    }


def _millions(cell: str) -> float | None:
    return float(cell.replace(",", "")) if _MILLIONS.fullmatch(cell.strip()) else None


def _range(cell: str) -> tuple[float | None, float | None]:
    """Return both ends of a range of costs, where both are given.

    >>> _range("250 - 500 "), _range("N/A")
    ((250.0, 500.0), (None, None))
    """
    ends = _RANGE.fullmatch(cell.strip())
    return (_millions(ends[1]), _millions(ends[2])) if ends else (None, None)


def _listed(words: Sequence[str]) -> list[str]:
    return [word.strip().lower() for word in words if word.strip()]


def _clean(cell: object) -> str:
    return " ".join(str(cell).split()) if cell is not None else ""


def _refused(name: str, expected: str, value: str | None = None) -> FiguresError:
    remedy = "Download it anew from open.canada.ca, all of it."
    return FiguresError.of(name, expected, remedy, value=value)
