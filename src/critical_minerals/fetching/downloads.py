"""Ask the services of publishers and download their files: politely, and to the last byte.

| what a service does | what becomes of it |
|---|---|
| breaks off, is reset, is silent for a minute | goes on where it stopped (`Range`, `If-Range`) |
| has another file by then, or knows no ranges | begins anew, and never mixes the two |
| sends another length or hash than the publisher names | refused; what came is thrown away |
| answers with a page of HTML and status 200 | asked again; then told, with the page's title |
| 304, since nothing has changed | told apart; the file is not sent again |
| 429, 500, 502, 503, 504 | asked again after `Retry-After`, else after longer and longer waits |
| asks to wait for longer than that is worth | told, with the time at which to ask again |
| 406, 409 and other refusals | told with what the service says, and not asked again |
| redirects | followed, over https, to the hosts that the publisher is declared to use |

A file that is on its way is `NAME.part`, with its validator in `NAME.part.json`; a whole one has
its address, validators and hash in `NAME.json`. Whatever is interrupted leaves one or the other.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import html
import json
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
from tenacity import (
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_exponential_jitter,
)

from critical_minerals.errors import StepError
from critical_minerals.readers.large import OnProgress
from critical_minerals.workspace import write_whole

T = TypeVar("T")

_AGENT: Final = "critical-minerals-progress-report (python-httpx)"
_TRIES: Final = 5
"""How often a service is asked in vain before it is told; whatever comes begins the count anew."""
_LONGEST_WAIT: Final = 120.0
"""Seconds; a service that asks for more is told, and asked another day."""
_REDIRECTS: Final = 5
_CHUNK: Final = 1 << 16
_PROGRESS: Final = 1 << 16
_LARGEST_ANSWER: Final = 50_000_000
_HERE: Final = ("127.0.0.1", "::1", "localhost")
_MOVED: Final = frozenset([301, 302, 303, 307, 308])
_LATER: Final = frozenset([408, 425, 429, 500, 502, 503, 504])
_PAGE: Final = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body)", re.IGNORECASE | re.DOTALL
)
_TITLE: Final = re.compile(rb"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_RANGE: Final = re.compile(r"bytes (\d+)-\d+/(\d+|\*)")


class FetchError(StepError):
    """What kept an answer or a file from being had, and what to do."""


class _LaterError(Exception):
    """What went wrong this time, and after how many seconds the service wants to be asked again."""

    def __init__(self, why: str, after: float | None = None) -> None:
        super().__init__(why)
        self.after = after


_PASSING: Final = (_LaterError, httpx.TransportError)
"""What may be over when one asks again."""
_LONGER: Final = wait_exponential_jitter(initial=1, max=60)


@dataclass(frozen=True)
class Fetched:
    """A file that has come whole; `fresh` is false where its publisher says nothing has changed."""

    path: Path
    sha256: str
    size: int
    fresh: bool = True


@dataclass(frozen=True)
class _Validators:
    """By what a server knows the state of a file that it has sent."""

    address: str
    etag: str = ""
    modified: str = ""
    total: int | None = None

    @property
    def strong(self) -> str:
        """What proves that two parts are of one file; blank where nothing does."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.modified


class Downloads:
    """What is asked of one publisher.

    `hosts` are the endings of the names of those that may answer; `per_second` is how often they
    are asked at most. Whole files and parts lie in `folder`.
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
        self._gap, self._asked = 1 / per_second, float("-inf")
        self._client = httpx.Client(headers={"User-Agent": _AGENT}, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(self, address: str, body: object = None) -> Any:
        """Return the answer of a service, which is JSON; `body`, where there is one, is sent so.

        Raises `FetchError` with what is wrong.
        """

        def once() -> bytes:
            content = bytearray()
            with self._answer(address, {"Accept": "application/json"}, body) as answer:
                for chunk in answer.iter_bytes(_CHUNK):
                    content += chunk
                    if len(content) > _LARGEST_ANSWER:
                        msg = f"{address}: the answer is far longer than any that is expected."
                        raise FetchError(msg)
            _refuse_page(content)
            return bytes(content)

        content = self._persistently(address, once, lambda: 0)
        try:
            return json.loads(content)
        except ValueError:
            msg = f"{address}: an answer in JSON was expected. {_beginning(content)}"
            raise FetchError(msg) from None

    def download(
        self,
        address: str,
        name: str,
        *,
        size: int | None = None,
        md5: str = "",
        on_progress: OnProgress = lambda _done, _of: None,
    ) -> Fetched:
        """Download a file, or the rest of it; `size` and `md5` are what its publisher says of it.

        One that has not changed since it came is not sent again. Raises `FetchError` with what is
        wrong; what has come by then is kept for the next time, unless it is of the wrong file.
        """
        whole = self._folder / _plain_name(name)
        part = _Part(whole.with_name(f"{whole.name}.part"))
        self._folder.mkdir(parents=True, exist_ok=True)

        def once() -> Fetched | None:
            return self._continue(address, whole, part, size, on_progress)

        unchanged = self._persistently(address, once, lambda: part.size)
        return unchanged or self._accepted(address, whole, part, size, md5)

    def forget(self, fetched: Fetched) -> None:
        """Delete a file that has been filed; what tells whether it has changed since is kept."""
        fetched.path.unlink(missing_ok=True)

    # One try

    def _continue(
        self, address: str, whole: Path, part: _Part, size: int | None, on_progress: OnProgress
    ) -> Fetched | None:
        known = part.of(address)
        have = part.size if known.strong else 0
        if have and have == known.total:  # all of it had come when something stopped us
            return None
        headers = {"Accept-Encoding": "identity"}  # lengths and ranges are those of the file
        before = _record(whole)
        if have:
            headers |= {"Range": f"bytes={have}-", "If-Range": known.strong}
        elif before and before["address"] == address:
            headers |= _conditions(before)
        with self._answer(address, headers, None, also=(304, 416)) as answer:
            if answer.status_code == HTTPStatus.NOT_MODIFIED and before:
                return Fetched(whole, before["sha256"], before["size"], fresh=False)
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                part.discard()
                msg = "it has changed while it was fetched"
                raise _LaterError(msg, 0)
            start, total = _extent(answer, have)
            # A range that begins elsewhere than asked, as a proxy may give it, is none.
            ranged = answer.status_code == HTTPStatus.PARTIAL_CONTENT
            if ranged and (start != have or (have and known.total not in (None, total))):
                part.discard()
                msg = "another part was sent than the one that was asked for"
                raise _LaterError(msg, 0)
            self._refuse_lack_of_room(address, (total or size or 0) - start)
            part.begin(_validators(address, answer, total), keep=start > 0)
            with part.path.open("ab") as file:
                on_progress(start, total or size)
                for chunk in answer.iter_raw(_CHUNK):
                    if not file.tell():
                        _refuse_page(chunk)
                    file.write(chunk)
                    on_progress(file.tell(), total or size)
        return None

    def _accepted(
        self, address: str, whole: Path, part: _Part, size: int | None, md5: str
    ) -> Fetched:
        """Hold what has come to what its publisher says, and put it in its place."""
        validators = part.of(address)
        found = part.size
        if size is not None and found != size:
            part.discard()
            msg = (
                f"{address}: {found:,} bytes came, but its publisher says {size:,}. "
                "Nothing of it is kept; ask again later."
            )
            raise FetchError(msg)
        with part.path.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            # MD5 is what the publisher gives; it guards against damage, and nothing else.
            damaged = md5 and hashlib.file_digest(file, "md5").hexdigest() != md5.casefold()
        if damaged:
            part.discard()
            msg = (
                f"{address}: what came has another MD5 than its publisher says ({md5}). "
                "Nothing of it is kept; ask again later."
            )
            raise FetchError(msg)
        record = asdict(validators) | {"sha256": sha256, "size": found}
        # The record last: a whole file without one is fetched again, and no harm is done.
        part.path.replace(whole)
        write_whole(_record_file(whole), json.dumps(record, indent=1))
        part.discard()
        return Fetched(whole, sha256, found)

    # Requests

    @contextmanager
    def _answer(
        self, address: str, headers: Mapping[str, str], body: object, also: Sequence[int] = ()
    ) -> Generator[httpx.Response]:
        """Open an answer that is none of refusal; follow redirects."""
        at = address
        for _ in range(_REDIRECTS + 1):
            self._refuse_elsewhere(at, address)
            self._pace()
            method = "GET" if body is None else "POST"
            with self._client.stream(method, at, headers=dict(headers), json=body) as answer:
                if answer.status_code in _MOVED and answer.has_redirect_location:
                    at = str(answer.url.join(answer.headers["location"]))
                    continue
                if answer.status_code not in also:
                    self._refuse(answer, address)
                yield answer
                return
        msg = f"{address}: it leads from address to address without end."
        raise FetchError(msg)

    def _refuse_elsewhere(self, at: str, address: str) -> None:
        parts = urlsplit(at)
        host = parts.hostname or ""
        if parts.scheme != "https" and host not in _HERE:
            msg = f"{address}: it leads to {at}, which is not encrypted (https). Nothing was asked."
            raise FetchError(msg)
        if not any(host == one or host.endswith(f".{one}") for one in self._hosts):
            known = ", ".join(self._hosts)
            msg = (
                f"{address}: it leads to {host}, which is not known as the publisher's ({known}). "
                "If it is, add it to hosts in data/raw/publishers.yml."
            )
            raise FetchError(msg)

    def _refuse(self, answer: httpx.Response, address: str) -> None:
        if answer.is_success:
            return
        code, phrase = answer.status_code, answer.reason_phrase
        answer.read()
        said = _beginning(answer.content)
        if code in _LATER:
            msg = f"the service was not able to answer ({code} {phrase})"
            raise _LaterError(msg, _wait_asked_for(answer))
        told = f"{address}: the service refuses ({code} {phrase})"
        if code in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
            msg = f"{told}. Has its publisher moved it? Addresses stand in data/raw/publishers.yml."
        elif code == HTTPStatus.NOT_ACCEPTABLE:
            msg = f"{told}: it does not understand the question, so its form has changed. {said}"
        elif code == HTTPStatus.CONFLICT:
            msg = f"{told}: it is closed while tables are being released. Ask again later. {said}"
        else:
            msg = f"{told}. {said}"
        raise FetchError(msg.rstrip())

    def _pace(self) -> None:
        wait = self._asked + self._gap - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        self._asked = time.monotonic()

    def _refuse_lack_of_room(self, address: str, needed: int) -> None:
        free = shutil.disk_usage(self._folder).free
        if needed > free:
            msg = (
                f"{address}: {needed // 10**6:,} MB are still to come, and {free // 10**6:,} MB "
                "are free on this disk. Make room, then ask again."
            )
            raise FetchError(msg)

    def _persistently(self, address: str, once: Callable[[], T], come: Callable[[], int]) -> T:
        """Try until it is done, or has been in vain several times; `come` is what there is so far.

        What brought something was not in vain: then the count, and the waits, begin anew.
        """
        while True:
            least = come() + _PROGRESS

            def in_vain(error: BaseException, least: int = least) -> bool:
                return isinstance(error, _PASSING) and come() < least and not _asks_too_long(error)

            retry = Retrying(
                retry=retry_if_exception(in_vain),
                stop=stop_after_attempt(_TRIES),
                wait=_wait,
                sleep=self._sleep,
                reraise=True,
            )
            try:
                return retry(once)
            except _PASSING as error:
                if come() < least or _asks_too_long(error):
                    times = int(retry.statistics["attempt_number"])
                    raise FetchError(_told(address, error, times, come())) from error
                self._sleep(1)


class _Part:
    """What has come of a file, and by what its server knows it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._state = path.with_name(f"{path.name}.json")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.is_file() else 0

    def of(self, address: str) -> _Validators:
        """Return how it is known; what is of another address, or of none, is known by nothing."""
        read = _json_file(self._state)
        try:
            found = _Validators(**read) if read else None
        except TypeError:
            found = None
        return found if found and found.address == address else _Validators(address)

    def begin(self, validators: _Validators, *, keep: bool) -> None:
        """Get ready for what comes: the rest of what is there, or all of it."""
        if not keep:
            self.path.unlink(missing_ok=True)
        write_whole(self._state, json.dumps(asdict(validators)))

    def discard(self) -> None:
        self.path.unlink(missing_ok=True)
        self._state.unlink(missing_ok=True)


def _wait(state: RetryCallState) -> float:
    """Return the seconds to the next try: what the service asks for, else longer and longer."""
    error = state.outcome.exception() if state.outcome else None
    after = error.after if isinstance(error, _LaterError) else None
    return _LONGER(state) if after is None else after


def _asks_too_long(error: BaseException) -> bool:
    return isinstance(error, _LaterError) and (error.after or 0) > _LONGEST_WAIT


def _told(address: str, error: Exception, times: int, come: int) -> str:
    """Say why a service was given up."""
    kept = f" {come:,} bytes have come; the next time goes on from there." if come else ""
    after = error.after if isinstance(error, _LaterError) else None
    if after and _asks_too_long(error):
        until = dt.datetime.now().astimezone() + dt.timedelta(seconds=after)
        return (
            f"{address}: {error}. The service asks to be left alone until {until:%H:%M} "
            f"({after / 60:.0f} minutes). Ask again then.{kept}"
        )
    often = f"{times} times" if times > 1 else "once"
    return f"{address}: asked {often}, and each time {_in_words(error)}. Ask again later.{kept}"


def _in_words(error: Exception) -> str:
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout():
            return f"it could not be reached ({error})"
        case httpx.TimeoutException():
            return "nothing came for a minute"
        case httpx.TransportError():
            return f"the connection broke off ({error})"
        case _:
            return str(error)


def _extent(answer: httpx.Response, have: int) -> tuple[int, int | None]:
    """Return where an answer begins in its file, and how long that is, where it is said."""
    if answer.status_code == HTTPStatus.PARTIAL_CONTENT:
        told = _RANGE.fullmatch(answer.headers.get("content-range", ""))
        if not told:
            return have + 1, None  # nobody knows where
        return int(told[1]), None if told[2] == "*" else int(told[2])
    length = answer.headers.get("content-length", "")
    return 0, int(length) if length.isdigit() else None


def _validators(address: str, answer: httpx.Response, total: int | None) -> _Validators:
    headers = answer.headers
    etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
    return _Validators(address, etag, modified, total)


def _conditions(before: Mapping[str, Any]) -> dict[str, str]:
    named = {"If-None-Match": before.get("etag"), "If-Modified-Since": before.get("modified")}
    return {name: str(value) for name, value in named.items() if value}


def _wait_asked_for(answer: httpx.Response) -> float | None:
    """Return the seconds that `Retry-After` asks for, which may be written as a day and hour."""
    told = answer.headers.get("retry-after", "").strip()
    if told.isdigit():
        return float(told)
    try:
        until = parsedate_to_datetime(told)
    except (TypeError, ValueError):
        return None
    return max((until - dt.datetime.now(until.tzinfo or dt.UTC)).total_seconds(), 0.0)


def _refuse_page(content: bytes | bytearray) -> None:
    """Refuse a page of HTML, whatever its status: no file and no answer is one."""
    if _PAGE.match(content[:2048]):
        title = _TITLE.search(content)
        named = f" (“{_words(title[1])}”)" if title else ""
        msg = f"a page of HTML came instead of the file{named}"
        raise _LaterError(msg)


def _beginning(content: bytes) -> str:
    if _PAGE.match(content[:2048]):
        title = _TITLE.search(content)
        return f"It says: {_words(title[1])}" if title else ""
    text = _words(content[:200])
    return f"It says: {text}" if text else ""


def _words(content: bytes | bytearray) -> str:
    return " ".join(html.unescape(content.decode("utf-8", errors="replace")).split())


def _plain_name(name: str) -> str:
    """Return the last part of a name: what a service calls its file decides no folder."""
    plain = re.sub(r"[^\w.()-]+", "_", name.replace("\\", "/").rpartition("/")[2]).lstrip(".")
    return plain or "file"


def _record_file(whole: Path) -> Path:
    return whole.with_name(f"{whole.name}.json")


def _record(whole: Path) -> dict[str, Any] | None:
    """Return what is known of a file that came whole."""
    found = _json_file(_record_file(whole))
    return found if found and {"address", "sha256", "size"} <= {*found} else None


def _json_file(path: Path) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None
