"""Documents that are archives (Word, OpenDocument), the same bytes each time."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Final

_MADE: Final = (1980, 1, 1, 0, 0, 0)
"""When every member says that it was made: the earliest day that an archive knows."""
_TYPE: Final = "mimetype"
"""The member of an OpenDocument file that tells its kind, which is never compressed."""


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """Write an archive of members by name, in their order, without times of its own."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == _TYPE else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, _MADE), content, method)
    return made.getvalue()


def unpacked(archive: bytes) -> dict[str, bytes]:
    """Read the members of an archive of our own making by name, in their order."""
    with zipfile.ZipFile(BytesIO(archive)) as read:
        return {name: read.read(name) for name in read.namelist()}
