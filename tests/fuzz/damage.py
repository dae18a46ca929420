"""Damage to any file: bits flipped, parts cut, moved, doubled or odd; of an archive, its members.

One strategy serves all: what a file is decides what is done to it, and not who reads it.
"""

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Sequence

from hypothesis import strategies as st

_ODD = (
    *(b"", b"-5", b"0", b"1e9", b"1e999", b"NaN", b"99999999999999999999", b"9" * 5000),
    *(b"0001-01-01", b"9999-12-31", b"2026-02-30", b"24", b"true", b"null", b"None", b"{}", b"[]"),
    *(b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n\r\n", b"\x00", b":", b"- ", b"# ", b"|"),
    *(b"[" * 3000, b"&a", b"*a", b"!!python/name:os.system", b"<<: *a", b"? ", b"%TAG", b"---\n"),
    *(b"../../x", b"=1+1", b"{{ x }}", b"<!DOCTYPE x>", b"\xff\xfe", b"\xe9", b"\xef\xbb\xbf"),
    *(c.encode() for c in ("é", "\u202e", "\u200b", "\U0001f600", "٣", "½", "−1", "１２", "Ⅻ")),
    b"\xed\xa0\x80",
)
"""What may stand where something else is meant."""
_TOKEN = re.compile(rb"[^\s,;:|\"'=<>\[\]{}()]+|[\s,;:|\"'=<>\[\]{}()]")
_Edit = Callable[[st.DrawFn, bytes], bytes]


def _flip(draw: st.DrawFn, data: bytes) -> bytes:
    bits = bytearray(data)
    for place in draw(st.lists(st.integers(0, max(len(bits) * 8 - 1, 0)), min_size=1, max_size=4)):
        if bits:
            bits[place // 8] ^= 1 << place % 8
    return bytes(bits)


def _cut(draw: st.DrawFn, data: bytes) -> bytes:
    start, end = sorted(draw(st.tuples(_place(data), _place(data))))
    return draw(st.sampled_from([data[:start], data[end:], data[:start] + data[end:]]))


def _odd(draw: st.DrawFn, data: bytes) -> bytes:
    """Put something odd in the place of a word or sign, or before it."""
    words = [*_TOKEN.finditer(data)]
    if not words:
        return draw(st.sampled_from(_ODD))
    word, other = draw(st.sampled_from(words)), draw(st.sampled_from(_ODD))
    end = draw(st.sampled_from([word.start(), word.end()]))
    return data[: word.start()] + other + data[end:]


def _lines(draw: st.DrawFn, data: bytes) -> bytes:
    """Leave out, double, or exchange lines."""
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    one, other = draw(st.tuples(*[st.integers(0, len(lines) - 1)] * 2))
    match draw(st.sampled_from(["out", "twice", "exchanged", "many"])):
        case "out":
            del lines[one]
        case "twice":
            lines.insert(other, lines[one])
        case "many":
            lines[one:one] = [lines[one]] * 200
        case _:
            lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def _recode(draw: st.DrawFn, data: bytes) -> bytes:
    """Save the file as another program would."""
    to = draw(st.sampled_from(["utf-16", "utf-16-le", "cp1252", "mac_roman", "utf-8-sig"]))
    return data.decode("utf-8", errors="replace").encode(to, errors="replace")


def _members(draw: st.DrawFn, data: bytes) -> bytes:
    """Damage, leave out, rename, double or empty a member of an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            members = [(name, whole.read(name)) for name in whole.namelist()]
    except Exception:  # noqa: BLE001 - it is damaged already
        return _flip(draw, data)
    if not members:
        return data
    at = draw(st.integers(0, len(members) - 1))
    name, content = members[at]
    match draw(st.sampled_from(["damaged"] * 6 + ["out", "renamed", "twice", "empty"])):
        case "out":
            del members[at]
        case "renamed":
            members[at] = (draw(st.sampled_from([f"{name}x", "../x", name.upper(), "x"])), content)
        case "twice":
            members.append((name, content))
        case "empty":
            members[at] = (name, b"")
        case _:
            members[at] = (name, draw(st.sampled_from(_TEXT_EDITS))(draw, content))
    file = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # of two members of one name
        for each, held in members:
            archive.writestr(each, held)
    return file.getvalue()


_TEXT_EDITS: Sequence[_Edit] = (_odd, _odd, _odd, _lines, _flip, _cut)


def _place(data: bytes) -> st.SearchStrategy[int]:
    return st.integers(0, len(data))


@st.composite
def damaged(draw: st.DrawFn, seeds: Sequence[bytes]) -> bytes:
    """Give one of some sound files, damaged once or a few times."""
    data = draw(st.sampled_from(seeds))
    edits = (_members, _members, _flip, _cut) if data[:2] == b"PK" else (*_TEXT_EDITS, _recode)
    for _ in range(draw(st.integers(1, 3))):
        data = draw(st.sampled_from(edits))(draw, data)
    return data
