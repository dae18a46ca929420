"""A report that is watched: the server of `pipeline.py watch`, and one who waits for edits."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from tempfile import TemporaryFile
from typing import NoReturn, Self
from urllib.parse import urlsplit

from project import Copy

PAUSE = 3.0
"""Seconds in which a person looks at what came before the next edit."""
_LONGEST = 300.0
"""Seconds after which a server that shows nothing has failed."""
_AGAIN = 0.4
"""Seconds after which a page asks a server again that has started anew."""
_VERSION = re.compile(rb'data-version="[^"]*"')


class Watched:
    """Serves a copy's report, and looks at one page as a browser does."""

    def __init__(self, copy: Copy, page: str) -> None:
        self._copy, self._page = copy, page

    def __enter__(self) -> Self:
        """Start, open the page, and wait until it is made. Raises `RuntimeError` if it is not."""
        options = ("--port", "0", "--renderer", self._copy.renderer)
        self._said = TemporaryFile("w+b")
        self._process = self._copy.python("-u", "pipeline.py", "watch", *options).start(
            self._said.fileno()
        )
        self._server = urlsplit(self._told(r"served on (\S+)")).netloc
        self._news = self._listen()
        next(self._news)
        self._told("Shown after")
        time.sleep(PAUSE)
        return self

    def __exit__(self, *_: object) -> None:
        """End it as the keyboard does."""
        os.killpg(self._process.pid, signal.SIGINT)
        self._process.wait()
        self._said.close()

    def shown_after(self, edit: Callable[[Copy], None]) -> float:
        """Edit, and return the seconds until the page is served with the edit in it."""
        before = self._served()
        begun = time.perf_counter()
        edit(self._copy)
        for told in self._news:
            if told["error"] or time.perf_counter() - begun > _LONGEST:
                self._fail(told["error"])
            if self._served() != before:
                break
        taken = round(time.perf_counter() - begun, 3)
        print(f"  {taken:8.3f} s", flush=True)
        time.sleep(PAUSE)
        return taken

    def _listen(self) -> Iterator[dict[str, str]]:
        """Yield what the page is told each time that it has another version or fails."""
        known = None
        while True:
            try:
                answer = self._ask(f"/_events?page={self._page}")
                while line := answer.readline():
                    told = json.loads(line[6:]) if line.startswith(b"data: ") else {}
                    if told.get("error") or told.get("version", known) != known:
                        known = told["version"]
                        yield told
            except (OSError, http.client.HTTPException):
                pass
            if self._process.poll() is not None:
                self._fail("it has ended")
            time.sleep(_AGAIN)

    def _served(self) -> bytes:
        return _VERSION.sub(b"", self._ask(f"/{self._page}").read())

    def _ask(self, path: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection(self._server, timeout=_LONGEST)
        connection.request("GET", path)
        return connection.getresponse()

    def _told(self, pattern: str) -> str:
        """Wait for what the server says at its terminal, and return what the pattern asks for."""
        end = time.monotonic() + _LONGEST
        while time.monotonic() < end and self._process.poll() is None:
            if found := re.search(pattern, self._all_said()):
                return found[found.lastindex or 0]
            time.sleep(0.1)
        return self._fail(f"it has not said {pattern!r}")

    def _all_said(self) -> str:
        self._said.flush()
        return os.pread(self._said.fileno(), 1_000_000, 0).decode(errors="replace")

    def _fail(self, why: str) -> NoReturn:
        msg = f"The watched report failed: {why}. It said:\n{self._all_said()}"
        raise RuntimeError(msg)
