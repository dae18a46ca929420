"""No file that a run hands on tells of the machine that made it, or of who sat there."""

import getpass
import io
import re
import socket
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pikepdf

from .conftest import PROJECT, Project

GENERAL = {"root", "runner", "user", "admin", "localhost", "build", "test"}
"""Names of users and machines that are words besides; so are those of fewer than four letters."""


def parts(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    """Give what a file holds, and what lies packed in it: members of archives, streams of PDFs."""
    yield name, data
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for member in archive.infolist():
                yield f"{name}/{member.filename}", member.filename.encode() + archive.read(member)
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            yield f"{name}, its information", repr(dict(pdf.docinfo)).encode()
            for number, each in enumerate(pdf.objects):
                if isinstance(each, pikepdf.Stream) and each.get("/Subtype") != "/Image":
                    yield f"{name}, object {number}", each.read_bytes()


def telling(root: Path) -> re.Pattern[bytes]:
    """Find paths of this machine, and its names and its user's as whole words."""
    places = {root, root.resolve(), PROJECT, Path(sys.prefix), Path(sys.base_prefix), Path.home()}
    names = {getpass.getuser(), socket.gethostname(), socket.getfqdn()} - GENERAL
    words = [rf"(?<![\w.-]){re.escape(name)}(?![\w-])" for name in names if len(name) > 3]
    told = [re.escape(f"{place}/") for place in places if place != Path("/")]
    # Secrets as services write them: tokens of GitHub, keys of Amazon, private keys, passwords.
    secrets = [
        r"gh[pousr]_\w{20,}",
        r"AKIA[0-9A-Z]{16}",
        "BEGIN [A-Z ]*PRIVATE KEY",
        r"://\w+:\w+@",
    ]
    return re.compile("|".join([*told, *words, *secrets]).encode())


def test_nothing_tells_of_the_machine_or_its_user(project: Project):
    wanted, looked_at = telling(project.root), 0
    found: dict[str, bytes] = {}
    for folder in ("reports/_output", "reports/_generated", "data/processed"):
        for path in sorted((project.root / folder).rglob("*")):
            name = path.relative_to(project.root).as_posix()
            for part, held in parts(name, path.read_bytes()) if path.is_file() else ():
                looked_at += 1
                if told := wanted.search(held):
                    found[part] = held[max(told.start() - 40, 0) : told.end() + 40]
    assert looked_at > 1000
    assert found == {}


def test_what_it_looks_for_is_found_wherever_it_is_packed(tmp_path: Path):
    wanted, place = telling(tmp_path), f"{tmp_path}/x".encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.xml", place)
    printed = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.Root.Kept = pdf.make_indirect(pikepdf.Stream(pdf, place))
        pdf.docinfo["/Creator"] = place.decode()
        pdf.save(printed, compress_streams=True, recompress_flate=True)
    for data, least in ((place, 1), (packed.getvalue(), 1), (printed.getvalue(), 2)):
        assert sum(bool(wanted.search(held)) for _, held in parts("a", data)) >= least
