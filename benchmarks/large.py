"""Files larger than memory: make them up, and read them, by our own way and by the usual ones.

    python benchmarks/large.py grants 2318 grants.csv       # megabytes of a made-up disclosure
    python benchmarks/large.py trade 20 CIMT-CICM_Imp_2025.zip   # million rows of imports
    python benchmarks/large.py {ours,again,pandas} FILE

Each way of reading prints what it found, so that they can be compared; `again` finds what `ours`
has read before, and prints the seconds that it took. `make bench ONLY="grants cimt"` measures all.
"""

from __future__ import annotations

import csv
import io
import random
import shutil
import sys
import time
import zipfile
from pathlib import Path

FUNDS = (
    ("Critical Minerals Infrastructure Fund", "Fonds pour l’infrastructure des minéraux critiques"),
    ("Global Partnerships Initiative", "Initiative de partenariats mondiaux"),
)
_COLUMNS = [
    "ref_number",
    "amendment_number",
    "amendment_date",
    "agreement_type",
    "recipient_type",
    "recipient_business_number",
    "recipient_legal_name",
    "recipient_operating_name",
    "research_organization_name",
    "recipient_country",
    "recipient_province",
    "recipient_city",
    "recipient_postal_code",
    "federal_riding_name_en",
    "federal_riding_name_fr",
    "federal_riding_number",
    "prog_name_en",
    "prog_name_fr",
    "prog_purpose_en",
    "prog_purpose_fr",
    "agreement_title_en",
    "agreement_title_fr",
    "agreement_number",
    "agreement_value",
    "foreign_currency_type",
    "foreign_currency_value",
    "agreement_start_date",
    "agreement_end_date",
    "coverage",
    "description_en",
    "description_fr",
    "naics_identifier",
    "expected_results_en",
    "expected_results_fr",
    "additional_information_en",
    "additional_information_fr",
    "owner_org",
    "owner_org_title",
]
_WORDS = [
    "critical",
    "minerals,",
    "research",
    "«programme»",
    "support",
    '"development"',
    "été",
    "façade",
]
_TRADE = (
    "YearMonth/AnnéeMois,HS10,Country/Pays,Province,State/État,Value/Valeur,"
    "Quantity/Quantité,Unit of Measure/Unité de Mesure"
)


def grants(megabytes: float, path: Path) -> None:
    """Make up a disclosure with the traps of the real one; the same size is the same file."""
    chance = random.Random(7)  # noqa: S311 - no secret
    texts = [
        " ".join(chance.choice(_WORDS) for _ in range(chance.randint(20, 120))) + "\nnext line"
        for _ in range(500)
    ]
    programmes = [*((f"Program {n}", f"Programme {n}") for n in range(400)), *FUNDS]
    number = written = 0
    with path.open("wb") as file:
        file.write(("\ufeff" + ",".join(_COLUMNS) + "\r\n").encode())
        while written < megabytes * 1e6:
            text = io.StringIO(newline="")
            rows = csv.writer(text, lineterminator="\n")
            for number in range(number + 1, number + 2001):  # noqa: B020 - it goes on
                rows.writerow(_grant(chance, number, chance.choice(programmes), texts))
            data = text.getvalue().encode()
            file.write(data)
            written += len(data)


def _grant(
    chance: random.Random, number: int, programme: tuple[str, str], texts: list[str]
) -> list[object]:
    year = chance.randint(2006, 2026)
    amendment = 0 if chance.random() < 0.8 else chance.randint(1, 4)  # noqa: PLR2004
    of = chance.randint(1, number) if amendment else number
    told = {
        "ref_number": f"001-{year}-{year + 1}-Q1-{of:08d}",
        "amendment_number": amendment,
        "recipient_legal_name": f"Recipient {number % 50_000}|Bénéficiaire {number % 50_000}",
        "prog_name_en": programme[0],
        "prog_name_fr": programme[1],
        "prog_purpose_en": chance.choice(texts)[:200],
        "prog_purpose_fr": chance.choice(texts)[:200],
        "agreement_value": f"{chance.randint(100, 99_999_999) / 100:.2f}",
        "agreement_start_date": f"{year}-04-01",
        "description_en": chance.choice(texts),
        "description_fr": chance.choice(texts),
        "expected_results_en": chance.choice(texts)[:300],
        "owner_org": "nrcan-rncan",
    }
    return [told.get(column, "") for column in _COLUMNS]


def trade(million_rows: float, path: Path) -> None:
    """Make up imports of a year by HS10 in a zip of the publisher's form."""
    chance = random.Random(3)  # noqa: S311
    codes = ["2846900000", "2825200000"]
    codes += [f"{chance.randint(100_000_000, 9_999_999_999):010d}" for _ in range(8000)]
    countries, provinces = ["CN", "US", "DE", "JP", "MX", "FR", "ZX"], ["ON", "QC", "BC", ""]
    left = int(million_rows * 1e6)
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("ODPFN014_202512N.csv", "w", force_zip64=True) as file,
    ):
        file.write(f"\ufeff{_TRADE}\r\n".encode())
        while left > 0:
            some = min(left, 50_000)
            left -= some
            rows = (
                f'"2025{chance.randint(1, 12):02d}","{chance.choice(codes)}",'
                f'"{chance.choice(countries)}","{chance.choice(provinces)}","",'
                f'{chance.randint(1, 999_999)},{chance.randint(0, 9999)},"KGM"\r\n'
                for _ in range(some)
            )
            file.write("".join(rows).encode())


def ours(path: Path, *, again: bool = False) -> tuple[int, int]:
    """Read as `add` does; `again` finds what was read before."""
    from critical_minerals.readers.grants import cut  # noqa: PLC0415 - imports are measured
    from critical_minerals.readers.merchandise_trade import sums  # noqa: PLC0415

    folder = path.with_name(f"{path.stem}-kept")
    if not again:
        shutil.rmtree(folder, ignore_errors=True)
    if path.suffix == ".zip":
        found = sums(path, path.name, [""], folder)
        return len(found), int(found["value_cad"].sum())
    names = [name for fund in FUNDS for name in fund]
    rows = list(csv.DictReader(io.StringIO(cut(path, names, folder).decode(), newline="")))
    last: dict[str, tuple[int, int]] = {}
    for row in rows:
        state = (int(row["amendment_number"]), round(float(row["agreement_value"] or 0) * 100))
        last[row["ref_number"]] = max(last.get(row["ref_number"], (-1, 0)), state)
    return len(last), sum(cents for _, cents in last.values())


def by_pandas(path: Path) -> tuple[int, int]:
    """Read all of it into memory, and group."""
    import pandas as pd  # noqa: PLC0415

    if path.suffix == ".zip":
        table = pd.read_csv(path, encoding="utf-8-sig", dtype={"HS10": "string"})
        period, code, country, *_, value, _quantity, unit = table.columns
        found = table.groupby([period, code, country, unit], dropna=False)[value].sum()
        return len(found), int(found.sum())
    table = pd.read_csv(path, dtype="string", keep_default_na=False, encoding="utf-8-sig")
    table = table[table["prog_name_en"].isin([english for english, _ in FUNDS])]
    table = table.assign(
        amendment=table["amendment_number"].astype(int),
        cents=(pd.to_numeric(table["agreement_value"]).fillna(0) * 100).round().astype(int),
    ).sort_values(["amendment", "cents"])
    last = table.groupby("ref_number")["cents"].last()
    return len(last), int(last.sum())


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["grants", size, file]:
            grants(float(size), Path(file))
        case ["trade", size, file]:
            trade(float(size), Path(file))
        case ["ours", file]:
            print(*ours(Path(file)))
        case ["again", file]:
            ours(Path(file), again=True)  # what is imported on the way is no part of it
            begun = time.perf_counter()
            found = ours(Path(file), again=True)
            print(*found, round(time.perf_counter() - begun, 3))
        case ["pandas", file]:
            print(*by_pandas(Path(file)))
        case _:
            sys.exit(__doc__)
