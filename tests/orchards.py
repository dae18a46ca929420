"""Another report than ours, as small as one can be: two tables, one notebook, one document.

Its tables hold euros, and what was stated in another currency is converted.
"""

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[1]

DECLARED = """\
from dataclasses import dataclass

from critical_minerals.workspace.declaration import Document, NameList, Project
from critical_minerals.workspace.parameters import Parameters, chosen, shown_in


@dataclass(frozen=True)
class OrchardParameters(Parameters):
    currency: str = shown_in("EUR", "CAD")
    favourites: tuple[str, ...] = chosen(("apple",), of="fruit", help="Fruits shown first.")


def themed(chart, language, *, validate):
    return chart.to_dict(validate=validate)


PROJECT = Project(
    module="orchard",
    name="orchard",
    title="Orchard Report",
    documents=(Document("harvest", {"en": "harvest", "fr": "recolte"}, ("html", "pdf")),),
    lists={"fruit": NameList("fruits", "fruit", common=True)},
    parameters=OrchardParameters,
    theme="orchard:themed",
)
"""
PIPELINE = """\
from critical_minerals.execution import steps as kinds
from critical_minerals.cli.main import main


def steps(run):
    names = ["10_harvest"]
    return [
        kinds.check_figures(run),
        kinds.subset_fonts(run),
        kinds.notebook(run, *names),
        kinds.prepare_theme(run),
        *kinds.figures(run, names),
        *kinds.charts(run, names),
        kinds.trace(run, names),
        *kinds.assemble(run, names),
        kinds.publish_checks(run, names),
        *kinds.attachments(run, names),
        *kinds.reports(run),
    ]


if __name__ == "__main__":
    main(steps)
"""
SOURCED = """\
  - {name: as_of, type: date, description: Public since., constraints: {required: true}}
  - {name: source_id, type: string, description: Source., constraints: {required: true}}
  - {name: place, type: string, description: Place., constraints: {required: true}}
  - {name: note, type: string, description: Remark.}
"""
FRUITS = f"""\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
description: Fruits.
x-timeless: true
x-lookup: true
fields:
  - {{name: fruit, type: string, description: Id., constraints: {{required: true}}}}
  - {{name: name_en, type: string, description: English., constraints: {{required: true}}}}
  - {{name: name_fr, type: string, description: French., constraints: {{required: true}}}}
{SOURCED}\
primaryKey: [fruit, as_of]
foreignKeys:
  - {{fields: [source_id], reference: {{resource: sources, fields: [source_id]}}}}
"""
HARVEST = f"""\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
description: Tonnes by fruit and year.
fields:
  - {{name: fruit, type: string, description: Fruit., constraints: {{required: true}}}}
  - {{name: year, type: integer, description: Year., x-unit: year, constraints: {{required: true}}}}
  - name: picked_t
    type: number
    x-unit: t
    description: Tonnes.
    constraints: {{required: true, minimum: 0}}
  - name: worth
    type: number
    description: What was paid, in the currency stated.
    constraints: {{minimum: 0}}
  - name: currency
    type: string
    description: Currency.
    constraints: {{enum: [EUR, CAD]}}
{SOURCED}\
primaryKey: [fruit, year, as_of]
foreignKeys:
  - {{fields: [fruit], reference: {{resource: fruits, fields: [fruit]}}}}
  - {{fields: [source_id], reference: {{resource: sources, fields: [source_id]}}}}
"""
RATES = f"""\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
description: Exchange rates.
x-lookup: true
fields:
  - name: currency
    type: string
    description: Currency.
    constraints: {{required: true, enum: [CAD]}}
  - {{name: year, type: year, description: Year., constraints: {{required: true}}}}
  - name: eur_per_unit
    type: number
    description: Euros for one unit.
    constraints: {{required: true, minimum: 0.0001}}
{SOURCED}\
primaryKey: [currency, year, as_of]
foreignKeys:
  - {{fields: [source_id], reference: {{resource: sources, fields: [source_id]}}}}
"""
SAVED = """\
$schema: https://datapackage.org/profiles/2.0/tableschema.json
title: Harvest
description: Tonnes by fruit and year.
fields:
  - {name: fruit, type: string, description: Fruit., x-labels: {en: Fruit, fr: Fruit}}
  - name: year
    type: integer
    description: Year.
    x-unit: year
    x-labels: {en: Year, fr: Année}
  - name: picked_t
    type: number
    x-unit: t
    description: Tonnes.
    x-labels: {en: Tonnes, fr: Tonnes}
  - {name: amount_eur, type: number, x-unit: EUR, description: What was paid.}
  - {name: source_id, type: string, description: Sources., constraints: {required: true}}
  - {name: origin, type: string, description: Raw rows., constraints: {required: true}}
primaryKey: [fruit, year]
foreignKeys:
  - {fields: [fruit], reference: {resource: fruits, fields: [fruit]}}
"""
PARAMETERS = ("as_of", "period_start", "period_end", "languages", "currency", "favourites")
CELLS = (
    "\n".join(f"{name} = None" for name in PARAMETERS),
    """\
import altair as alt
from critical_minerals.language.naming import name_of, worded
from critical_minerals.language.quantities import Count
from critical_minerals.notebook import open_notebook

nb = open_notebook("10_harvest", as_of=as_of, period_start=period_start, period_end=period_end,
                   languages=languages, currency=currency, favourites=favourites)
paid = nb.converted(nb.raw("harvest").assign(precision="exact"), "amount_eur",
                    amount="worth", currency="currency", year="year")
harvest = nb.save("harvest", paid.drop(columns=["worth", "currency"]))
nb.value("worth", nb.total(paid), harvest)
best = harvest.nlargest(1, "picked_t")
nb.value("total", Count(harvest["picked_t"].sum(), decimals=0), harvest)
nb.value("best", worded(name_of("fruit", best["fruit"].iloc[0], nb.vocabulary)), best)
said = {"en": "Tonnes by fruit", "fr": "Tonnes par fruit"}
texts = {name: worded(lambda language: said[language]) for name in ("title", "caption")}
nb.table("tbl-harvest", "harvest", show=["fruit", "year", "picked_t"], widths=[2, 1, 1], **texts)


def draw(frame, edition):
    day = frame["year"].astype(str) + "-09-01"
    shown = frame.assign(name=edition.named(frame["fruit"], "fruit"), day=day)
    chart = alt.Chart(shown[["name", "picked_t", "day"]]).mark_bar()
    return chart.encode(x="picked_t:Q", y="name:N", color="day:T")


nb.figure("fig-harvest", draw, "harvest", show=["fruit", "year", "picked_t"],
          alt=worded(lambda language: said[language]), **texts)
nb.finish()
harvest.assign(**{f"third_{n}": harvest["picked_t"] / 3 for n in range(9)})
""",
)
DOCUMENT = """\
---
title: "{title}"
lang: {language}
metadata-files:
  - _generated/theme/words-{language}.yml
  - _generated/{language}/values.yml
---

## {title} {{#sec-harvest}}

{{{{< meta v.worth >}}}} · {{{{< meta v.total >}}}} · {{{{< meta v.best >}}}}
· @fig-harvest · @tbl-harvest

{{{{< include _generated/{language}/fig-harvest.md >}}}}

{{{{< include _generated/{language}/tbl-harvest.md >}}}}

## Notes {{#sec-notes}}

{{{{< include _generated/{language}/notes.md >}}}}

## Sources {{#sec-sources}}

{{{{< include _generated/{language}/tbl-sources.md >}}}}
"""
SOURCE = {
    "source_id": "FARM",
    "title": "Farm book",
    "publisher": "The farm",
    "published": "2025",
    "terms": "own",
    "tier": "official",
}
TAIL = {"as_of": "2025-01-01", "source_id": "FARM", "place": "page 1", "note": ""}


def plant(root: Path) -> Path:
    """Write the project into an empty folder; return the folder."""
    raw = root / "data" / "raw"
    fruits = [{"fruit": f, "name_en": en, "name_fr": fr} | TAIL for f, en, fr in _FRUITS]
    tonnes = [
        {"fruit": f, "year": y, "picked_t": n, "worth": w, "currency": c} | TAIL
        for f, y, n, w, c in _PICKED
    ]
    rate = {"currency": "CAD", "year": 2023, "eur_per_unit": 0.5}
    _write_table(raw, "fruits", FRUITS, fruits)
    _write_table(raw, "harvest", HARVEST, tonnes)
    _write_table(raw, "exchange_rates", RATES, [rate | TAIL])
    sources = PROJECT / "data" / "raw" / "sources.schema.yaml"
    described = sources.read_text("utf-8")
    header = [line.split()[-1] for line in described.splitlines() if line.startswith("  - name:")]
    _write_table(raw, "sources", described, [dict.fromkeys(header, "") | SOURCE])
    _write(root / "data" / "schemas" / "harvest.schema.yaml", SAVED)
    _write(root / "pyproject.toml", '[tool.report]\nproject = "orchard:PROJECT"\n')
    _write(root / "src" / "orchard.py", DECLARED)
    _write(root / "pipeline.py", PIPELINE)
    _write(root / "notebooks" / "10_harvest.ipynb", json.dumps(_notebook()))
    shutil.copytree(PROJECT / "reports" / "theme", root / "reports" / "theme")
    shutil.copy(PROJECT / "reports" / "_quarto.yml", root / "reports")
    for language, stem, title in (("en", "harvest", "Harvest"), ("fr", "recolte", "Récolte")):
        text = DOCUMENT.format(language=language, title=title)
        _write(root / "reports" / f"{stem}.qmd", text)
    return root


def pick(root: Path, tonnes: int) -> None:
    """Let the apples of 2024 weigh something else, as an analyst's edit would."""
    file = root / "data" / "raw" / "harvest.csv"
    told = re.sub(r"(?m)^apple,2024,\d+,", f"apple,2024,{tonnes},", file.read_text("utf-8"))
    file.write_text(told, "utf-8")


_FRUITS = (("apple", "Apple", "Pomme"), ("pear", "Pear", "Poire"))
_PICKED = (
    ("apple", 2023, 10, 1000, "EUR"),
    ("apple", 2024, 20, 3000, "CAD"),
    ("pear", 2024, 15, 500, "EUR"),
)


def _notebook() -> dict:
    tags = [{"tags": ["parameters"]}, {}]
    kinds = {"cell_type": "code", "outputs": [], "execution_count": None}
    cells = [
        kinds | {"id": f"cell-{n}", "metadata": tags[n], "source": text.splitlines(keepends=True)}
        for n, text in enumerate(CELLS)
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _write_table(raw: Path, name: str, schema: str, rows: list[dict]) -> None:
    _write(raw / f"{name}.schema.yaml", schema)
    with (raw / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, [*rows[0]])
        table.writeheader()
        table.writerows(rows)


def environment(root: Path) -> dict[str, str]:
    """In which its own code and the machinery are found."""
    path = os.pathsep.join([str(root / "src"), str(PROJECT / "src")])
    return os.environ | {"PYTHONPATH": path}


def program(root: Path, *command: str, **options) -> subprocess.CompletedProcess[str]:
    """Run a program in a folder, in the environment of the project there."""
    options = {"cwd": root, "env": environment(root), "timeout": 280} | options
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


def run(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return program(root, sys.executable, "pipeline.py", *arguments)


def contents(folder: Path) -> dict[str, bytes]:
    """Read all that lies in a folder, by name."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
