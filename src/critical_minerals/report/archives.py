"""ZIP archives of documents (Word, OpenDocument), reproducible byte for byte."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

_TIMESTAMP: Final = (1980, 1, 1, 0, 0, 0)
"""The modification time of every member: the earliest that the ZIP format can state."""
_MIMETYPE: Final = "mimetype"
"""The member that identifies an OpenDocument file; the standard wants it uncompressed."""


def pack_archive(members: Mapping[str, str | bytes]) -> bytes:
    """Write an archive of members by name, in their order, all with the same time."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == _MIMETYPE else zipfile.ZIP_DEFLATED
            # Given a bare name, `zipfile` would stamp the entry with the time of the clock.
            archive.writestr(zipfile.ZipInfo(name, _TIMESTAMP), content, method)
    return buffer.getvalue()


def unpack_archive(archive: bytes) -> dict[str, bytes]:
    """Read the members of a trusted archive by name, in their order."""
    # No limits on size: only archives that Pandoc, or this project, has just written are read.
    with zipfile.ZipFile(BytesIO(archive)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}
