"""Query publishers' services and download their files: at a limited rate, complete and verified.

| what a service does | what the download does |
|---|---|
| breaks off, is reset, is silent for a minute | resumes where it stopped (`Range`, `If-Range`) |
| has another file by then, or supports no ranges | starts again, and never mixes the two |
| sends another length or hash than the publisher states | fails; the bytes received are deleted |
| answers with a page of HTML and status 200 | retries; then fails with the page's title |
| 304, since nothing has changed | reports it; the file is not sent again |
| 408, 425, 429, 500, 502, 503, 504 | retries after `Retry-After`, else with exponential backoff |
| asks for a wait of more than two minutes | fails with the time at which to ask again |
| 406, 409 and other client errors | fails with what the service says, without a retry |
| redirects | are followed, over https, to the hosts that the publisher is declared to use |

A partial file is `NAME.part`, with its validator in `NAME.part.json`; a complete one has its
address, validators and hash in `NAME.json`. Whatever is interrupted leaves one or the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
import logging
import re
import shutil
import time
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final, Self, TypeVar
from urllib.parse import urlsplit

import httpx

from critical_minerals.errors import StepError
from critical_minerals.readers.large import OnProgress
from critical_minerals.workspace.paths import write_whole
from critical_minerals.workspace.state_files import read_stored

T = TypeVar("T")

_AGENT: Final = "critical-minerals-progress-report (python-httpx)"
_MAX_TRIES: Final = 5
"""Attempts without progress before giving up; an attempt that brought bytes resets the count."""
_LONGEST_WAIT: Final = 120.0
"""Seconds; a service that asks for a longer wait fails at once, with the time to try again."""
_MAX_REDIRECTS: Final = 5
_CHUNK_BYTES: Final = 1 << 16
# One chunk. A server that breaks off after a few bytes each time would otherwise be asked without
# end, since each attempt would count as progress.
_PROGRESS_BYTES: Final = 1 << 16
# Answers are held in memory. Metadata of tables and lists of releases are far smaller; a file of
# gigabytes at a wrong address is cut off here.
_LARGEST_ANSWER: Final = 50_000_000
# Plain http is allowed to this machine alone: tests serve from it.
_LOG: Final = logging.getLogger(__name__)
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")
_REDIRECT_CODES: Final = frozenset([301, 302, 303, 307, 308])
# Too early, too many, or a fault of the server: the same request may succeed later. 406 and 409 are
# not among them: Statistics Canada answers so to a malformed body and during its nightly closure,
# and a retry within minutes changes neither.
_RETRY_CODES: Final = frozenset([408, 425, 429, 500, 502, 503, 504])
_REFUSED_BECAUSE: Final[Mapping[int, str]] = {
    HTTPStatus.NOT_ACCEPTABLE: ": it does not understand the question, so its form has changed",
    HTTPStatus.CONFLICT: ": it is closed while tables are being released. Ask again later",
}
# Matched at the start alone: a CSV may hold HTML in a cell.
_HTML_PAGE: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)", re.IGNORECASE | re.DOTALL
)
_HTML_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_CONTENT_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class FetchError(StepError):
    """Why an answer or a file could not be fetched, and what to do."""


class _RetryError(Exception):
    """Why an attempt failed, and after how many seconds the service asks to be tried again."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


_TRANSIENT: Final = (_RetryError, httpx.TransportError)
"""Errors that a later attempt may not meet."""


@dataclass(frozen=True)
class Fetched:
    """A complete file; `fresh` is false where its publisher says that nothing has changed."""

    path: Path
    sha256: str
    size: int
    fresh: bool = True


@dataclass(frozen=True)
class _Validators:
    """The HTTP validators by which a server identifies the state of a file that it has sent."""

    address: str
    etag: str = ""
    modified: str = ""
    total: int | None = None

    @property
    def strong(self) -> str:
        """The validator that proves two parts are of one file; blank where there is none."""
        # A weak ETag promises equal meaning, not equal bytes: parts cannot be joined by it.
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


_VALIDATORS: Final = {"address": str, "etag": str, "modified": str, "total": int | None}
"""The shape in which validators are stored."""


class Downloads:
    """A client of one publisher.

    `hosts` are suffixes of the host names that may answer; `per_second` limits the rate of
    requests. Complete and partial files are stored in `folder`.
    """

    def __init__(
        self,
        folder: Path,
        hosts: Sequence[str],
        *,
        per_second: float = 2.0,
        timeout: float = 60.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._folder, self._hosts, self._sleep = folder, tuple(hosts), sleep
        self._interval, self._last_request = 1 / per_second, float("-inf")
        self._client = httpx.Client(headers={"User-Agent": _AGENT}, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, address: str, body: object = None) -> Any:
        """Return the JSON answer of a service; `body`, if given, is sent as JSON.

        Raises `FetchError` with what is wrong.
        """

        def attempt() -> bytes:
            content = bytearray()
            with self._open_answer(address, {"Accept": "application/json"}, body) as answer:
                for chunk in answer.iter_bytes(_CHUNK_BYTES):
                    content += chunk
                    if len(content) > _LARGEST_ANSWER:
                        msg = f"{address}: the answer is far longer than any that is expected."
                        raise FetchError(msg)
            _check_not_html(content)
            return bytes(content)

        # An answer cannot be resumed, so nothing received counts as progress.
        content = self._retry(address, attempt, lambda: 0)
        try:
            return json.loads(content)
        except ValueError:
            msg = f"{address}: an answer in JSON was expected. {_quote_answer(content)}"
            raise FetchError(msg) from None

    def download(
        self,
        address: str,
        name: str,
        *,
        size: int | None = None,
        md5: str = "",
        is_added: Callable[[str], bool] = lambda _sha256: False,
        on_progress: OnProgress = lambda _done, _of: None,
    ) -> Fetched:
        """Download a file, or the rest of it; `size` and `md5` are those its publisher states.

        A file that has not changed since the last download is not sent again, if it is still here,
        or was added: `is_added` tells that of its hash. Raises `FetchError` with what is wrong;
        bytes received are kept for the next time, unless of a wrong file.
        """
        whole = self._folder / _plain_name(name)
        part = _Part(whole.with_name(f"{whole.name}.part"))
        self._folder.mkdir(parents=True, exist_ok=True)

        def attempt() -> Fetched | None:
            return self._fetch_rest(address, whole, part, size, is_added, on_progress)

        unchanged = self._retry(address, attempt, lambda: part.size)
        return unchanged or self._verify_and_store(address, whole, part, size, md5)

    def forget(self, fetched: Fetched) -> None:
        """Delete a file that has been added; its record stays, for the next conditional request."""
        fetched.path.unlink(missing_ok=True)

    # One attempt

    def _fetch_rest(
        self,
        address: str,
        whole: Path,
        part: _Part,
        size: int | None,
        is_added: Callable[[str], bool],
        on_progress: OnProgress,
    ) -> Fetched | None:
        validators = part.validators_for(address)
        # Without a strong validator nothing proves that the rest is of the same file: start again.
        offset = part.size if validators.strong else 0
        # Complete already: stopped between the last byte and the check. A range from its end
        # would be answered 416, and all of it discarded.
        if offset and offset == validators.total:
            return None
        # Of a compressed transfer, lengths and ranges would not be those of the file.
        headers = {"Accept-Encoding": "identity"}
        record = _read_record(whole)
        # A file that was refused, or that somebody has deleted, is neither here nor added: answered
        # 304, it would never come again.
        if record and not (whole.is_file() or is_added(record["sha256"])):
            record = None
        if offset:
            headers |= {"Range": f"bytes={offset}-", "If-Range": validators.strong}
        elif record and record["address"] == address:
            headers |= _conditional_headers(record)
        with self._open_answer(address, headers, None, accepted=(304, 416)) as answer:
            if answer.status_code == HTTPStatus.NOT_MODIFIED and record:
                _LOG.debug("%s has not changed since it was fetched.", address)
                return Fetched(whole, record["sha256"], record["size"], fresh=False)
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.discard()
                msg = "it has changed while it was fetched"
                raise _RetryError(msg, 0)
            start, total = _extent(answer, offset)
            _LOG.debug("%s: %d, from byte %d of %s.", address, answer.status_code, start, total)
            # A proxy may answer with another range than was asked for: appended, it would damage
            # the file without any error.
            ranged = answer.status_code == HTTPStatus.PARTIAL_CONTENT
            if ranged and (start != offset or (offset and validators.total not in (None, total))):
                part.discard()
                msg = "another part was sent than the one that was asked for"
                raise _RetryError(msg, 0)
            self._check_disk_space(address, (total or size or 0) - start)
            part.begin(_read_validators(address, answer, total), keep=start > 0)
            with part.path.open("ab") as file:
                on_progress(start, total or size)
                for chunk in answer.iter_raw(_CHUNK_BYTES):
                    # Of the first bytes alone; later chunks may hold HTML within the data.
                    if not file.tell():
                        _check_not_html(chunk)
                    file.write(chunk)
                    on_progress(file.tell(), total or size)
        return None

    def _verify_and_store(
        self, address: str, whole: Path, part: _Part, size: int | None, md5: str
    ) -> Fetched:
        """Compare a download with the size and hash its publisher states, and store it."""
        validators = part.validators_for(address)
        received = part.size
        if size is not None and received != size:
            part.discard()
            msg = (
                f"{address}: {received:,} bytes came, but its publisher says {size:,}. "
                "Nothing of it is kept; ask again later."
            )
            raise FetchError(msg)
        with part.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            # MD5 is what publishers state. It detects damage, not tampering: what is filed is
            # identified by SHA-256.
            damaged = md5 and hashlib.file_digest(file, "md5").hexdigest() != md5.casefold()
        if damaged:
            part.discard()
            msg = (
                f"{address}: what came has another MD5 than its publisher says ({md5}). "
                "Nothing of it is kept; ask again later."
            )
            raise FetchError(msg)
        record = asdict(validators) | {"sha256": sha256, "size": received}
        # The record last: a complete file without one is fetched again. The other way round, a
        # record without its file would be answered 304, and the file never come.
        part.path.replace(whole)
        write_whole(_record_file(whole), json.dumps(record, indent=1))
        part.discard()
        return Fetched(whole, sha256, received)

    # Requests

    @contextmanager
    def _open_answer(
        self, address: str, headers: Mapping[str, str], body: object, accepted: Sequence[int] = ()
    ) -> Generator[httpx.Response]:
        """Open a successful answer, or one of the `accepted` status codes; follow redirects."""
        url = address
        # By hand, not by httpx: each host is checked before it is asked.
        for _ in range(_MAX_REDIRECTS + 1):
            self._check_host(url, address)
            self._pace()
            method = "GET" if body is None else "POST"
            with self._client.stream(method, url, headers=dict(headers), json=body) as answer:
                if answer.status_code in _REDIRECT_CODES and answer.has_redirect_location:
                    url = str(answer.url.join(answer.headers["location"]))
                    continue
                if answer.status_code not in accepted:
                    self._check_status(answer, address)
                yield answer
                return
        msg = f"{address}: it leads from address to address without end."
        raise FetchError(msg)

    def _check_host(self, url: str, address: str) -> None:
        parts = urlsplit(url)
        host = parts.hostname or ""
        if parts.scheme != "https" and host not in _LOOPBACK:
            msg = (
                f"{address}: it leads to {url}, which is not encrypted (https). Nothing was asked."
            )
            raise FetchError(msg)
        # A suffix of whole labels: `usgs.gov` allows `www.usgs.gov`, not `notusgs.gov`.
        if not any(host == allowed or host.endswith(f".{allowed}") for allowed in self._hosts):
            allowed_hosts = ", ".join(self._hosts)
            msg = (
                f"{address}: it leads to {host}, which is not known as the publisher's "
                f"({allowed_hosts}). If it is, add it to hosts in data/raw/publishers.yml."
            )
            raise FetchError(msg)

    def _check_status(self, answer: httpx.Response, address: str) -> None:
        if answer.is_success:
            return
        code, phrase = answer.status_code, answer.reason_phrase
        answer.read()
        quoted = _quote_answer(answer.content)
        if code in _RETRY_CODES:
            msg = f"the service was not able to answer ({code} {phrase})"
            raise _RetryError(msg, _retry_after(answer))
        if code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            quoted = "Has its publisher moved it? Addresses stand in data/raw/publishers.yml."
        reason = _REFUSED_BECAUSE.get(code, "")
        msg = f"{address}: the service refuses ({code} {phrase}){reason}. {quoted}"
        raise FetchError(msg.rstrip())

    def _pace(self) -> None:
        wait = self._last_request + self._interval - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._last_request = time.monotonic()

    def _check_disk_space(self, address: str, needed: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            msg = (
                f"{address}: {needed // 10**6:,} MB are still to come, and {free // 10**6:,} MB "
                "are free on this disk. Make room, then ask again."
            )
            raise FetchError(msg)

    def _retry(self, address: str, attempt: Callable[[], T], received: Callable[[], int]) -> T:
        """Repeat `attempt` until it succeeds, or fails several times without progress.

        `received` returns the number of bytes so far. An attempt that brought some resets the
        count and the waits.
        """
        # The largest file has 2.3 GB and comes at 100 KB/s at times: it breaks off more often than
        # a fixed number of attempts would allow.
        failures, enough = 0, received() + _PROGRESS_BYTES
        while True:
            try:
                return attempt()
            except _TRANSIENT as error:
                failures += 1
                progressed = received() >= enough
                after = error.after if isinstance(error, _RetryError) else None
                wait = 2.0 ** (failures - 1) if after is None else after
                if wait > _LONGEST_WAIT or (failures == _MAX_TRIES and not progressed):
                    msg = _failure_message(address, error, failures, received())
                    raise FetchError(msg) from error
                if progressed:
                    failures, enough = 0, received() + _PROGRESS_BYTES
                _LOG.debug(
                    "%s: attempt %d failed (%s); again in %g s.", address, failures, error, wait
                )
                self._sleep(wait)


class _Part:
    """A partial download, and the validators by which its server identifies the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state = path.with_name(f"{path.name}.json")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def validators_for(self, address: str) -> _Validators:
        """Return the validators of the part; none if it is of another address or unreadable."""
        content = read_stored(self._state, _VALIDATORS)
        if content is None or content["address"] != address:
            return _Validators(address)
        return _Validators(**{name: content[name] for name in _VALIDATORS})

    def begin(self, validators: _Validators, *, keep: bool) -> None:
        """Prepare to receive the rest (`keep`), or the whole file again."""
        if not keep:
            self.path.unlink(missing_ok=True)
        write_whole(self._state, json.dumps(asdict(validators)))

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)


def _failure_message(address: str, error: Exception, attempts: int, received: int) -> str:
    """Describe why a service was given up."""
    resume_note = (
        f" {received:,} bytes have come; the next time goes on from there." if received else ""
    )
    after = error.after if isinstance(error, _RetryError) else None
    if after and after > _LONGEST_WAIT:
        until = dt.datetime.now().astimezone() + dt.timedelta(seconds=after)
        return (
            f"{address}: {error}. The service asks to be left alone until {until:%H:%M} "
            f"({after / 60:.0f} minutes). Ask again then.{resume_note}"
        )
    attempts_text = f"{attempts} times" if attempts > 1 else "once"
    return (
        f"{address}: asked {attempts_text}, and each time {_describe_error(error)}. "
        f"Ask again later.{resume_note}"
    )


def _describe_error(error: Exception) -> str:
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return f"it could not be reached ({error})"
        case httpx.TimeoutException():
            return "nothing came for a minute"
        case httpx.TransportError():
            return f"the connection broke off ({error})"
        case _:
            return str(error)


def _extent(answer: httpx.Response, offset: int) -> tuple[int, int | None]:
    """Return the offset at which an answer begins in its file, and the file's length if stated."""
    if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
        match = _CONTENT_RANGE.fullmatch(answer.headers.get("content-range", ""))
        if not match:
            return offset + 1, None  # unknown: any offset that differs makes the caller start again
        return int(match[1]), None if match[2] == "*" else int(match[2])
    length = answer.headers.get("content-length", "")
    return 0, int(length) if length.isdigit() else None


def _read_validators(address: str, answer: httpx.Response, total: int | None) -> _Validators:
    headers = answer.headers
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    return _Validators(address, etag, modified, total)


def _conditional_headers(record: Mapping[str, Any]) -> dict[str, str]:
    headers = {"If-None-Match": record.get("etag"), "If-Modified-Since": record.get("modified")}
    return {name: str(value) for name, value in headers.items() if value}


def _retry_after(answer: httpx.Response) -> float | None:
    """Return the seconds that `Retry-After` asks for: a number, or a date and time."""
    value = answer.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        until = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return max((until - dt.datetime.now(until.tzinfo or dt.UTC)).total_seconds(), 0.0)


def _check_not_html(content: bytes | bytearray) -> None:
    """Raise `_RetryError` for a page of HTML: no file and no answer that is asked for is one."""
    # Whatever the status: some services send an error page with 200, and a file of figures would
    # be replaced by it.
    if _HTML_PAGE.match(content[:2048]):
        title = _HTML_TITLE.search(content)
        title_note = f" (“{_plain_text(title[1])}”)" if title else ""
        msg = f"a page of HTML came instead of the file{title_note}"
        raise _RetryError(msg)


def _quote_answer(content: bytes) -> str:
    if _HTML_PAGE.match(content[:2048]):
        title = _HTML_TITLE.search(content)
        return f"It says: {_plain_text(title[1])}" if title else ""
    text = _plain_text(content[:200])
    return f"It says: {text}" if text else ""


def _plain_text(content: bytes | bytearray) -> str:
    return " ".join(html.unescape(content.decode("utf-8", errors="replace")).split())


def _plain_name(name: str) -> str:
    """Return a safe file name: a name from a service must not choose a folder, or be hidden."""
    plain = re.sub(r"[^\w.()-]+", "_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".")
    return plain or "file"


def _record_file(whole: Path) -> Path:
    return whole.with_name(f"{whole.name}.json")


def _read_record(whole: Path) -> dict[str, Any] | None:
    """Return the record of a complete download, or None."""
    return read_stored(_record_file(whole), {**_VALIDATORS, "sha256": str, "size": int})
