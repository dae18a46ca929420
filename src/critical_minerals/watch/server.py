"""A server of the finished pages, for this machine alone; it tells them what happens.

Tornado, which Jupyter brings, serves from a thread of its own. A page is served as it lies there,
with a script that listens (`client.html.j2`).
"""

from __future__ import annotations

import asyncio
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from mimetypes import guess_type
from pathlib import Path
from threading import Event, Thread
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup
from tornado.httpserver import HTTPServer
from tornado.iostream import StreamClosedError
from tornado.netutil import bind_sockets
from tornado.web import Application, HTTPError, RequestHandler

from critical_minerals.errors import UsageError

HOST: Final = "127.0.0.1"
_NAMES: Final = (HOST, "localhost")
_POLICY: Final = re.compile(rb'<meta http-equiv="Content-Security-Policy"[^>]*>')
"""Pages allow their own scripts alone; the one that listens is added here."""
_NOT_MADE: Final = b"<!doctype html><title>Not made</title><body>There is no such page yet."
_ALIVE: Final = 15.0
"""Seconds after which an idle page is written to, which tells whether it is still there."""
_AGAIN: Final = 400
"""Milliseconds after which a page asks a server again that does not answer."""
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
)


class Server:
    """Serves what lies in a folder, and says of it what is being made and what went wrong.

    `documents` name those that belong together, such as the editions of one document. Its methods
    may be called from any thread.
    """

    def __init__(
        self, folder: Path, port: int, title: str = "", documents: Sequence[Sequence[str]] = ()
    ) -> None:
        self.folder, self.title, self.documents = folder, title, documents
        self.port = port
        self._running: dict[str, str] = {}
        self._error = ""
        self._opened: Counter[str] = Counter()
        self._waiting: set[asyncio.Event] = set()
        self._ready, self._failed = Event(), list[OSError]()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._serve, daemon=True, name="server")

    @property
    def address(self) -> str:
        """Where to look."""
        return f"http://{HOST}:{self.port}/"

    @property
    def opened(self) -> list[str]:
        """The pages that someone looks at, those that most look at first."""
        return [name for name, _ in self._opened.copy().most_common()]

    def __enter__(self) -> Self:
        """Serve, until the block ends. Raises `UsageError` where the port is taken."""
        self._thread.start()
        self._ready.wait()
        if self._failed:
            reason = self._failed[0].strerror
            msg = f"--port: {self.port} cannot be used: {reason}. Give another one, or 0 for any."
            raise UsageError(msg)
        return self

    def __exit__(self, *_: object) -> None:
        """Serve no longer, and free the port."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def started(self, name: str, title: str) -> None:
        """Tell pages what is being made."""
        self._running[name] = title
        self._tell()

    def ended(self, name: str) -> None:
        """Tell pages that it is made, or has failed; those that have changed load again."""
        self._running.pop(name, None)
        self._tell()

    def tell(self, error: str) -> None:
        """Tell pages that all is made that was begun, and what went wrong, if anything did."""
        self._running.clear()
        self._error = error
        self._tell()

    def version(self, pages: Iterable[str]) -> str:
        """Name what pages are like, by their dates; empty where one is not made yet."""
        try:
            return " ".join(f"{(self.folder / page).stat().st_mtime_ns}" for page in pages)
        except OSError:
            return ""

    def client(self, pages: Sequence[str], version: str) -> Markup:
        """Return what listens for news of pages, of which a reader has some version."""
        made = _TEMPLATES.get_template("client.html.j2").render(pages=pages, version=version)
        return Markup(made)  # noqa: S704 - a template that escapes

    async def news(self) -> None:
        """Wait until there is something to tell, or it is time to look after the reader."""
        news = asyncio.Event()
        self._waiting.add(news)
        try:
            await asyncio.wait_for(news.wait(), _ALIVE)
        except TimeoutError:
            return
        finally:
            self._waiting.discard(news)

    def state(self, pages: Sequence[str]) -> str:
        """Say how things are, for who looks at some pages."""
        running = [*self._running.values()]
        told = {"version": self.version(pages), "running": running, "error": self._error}
        return json.dumps(told)

    def look_at(self, pages: Sequence[str], by: int) -> None:
        """Count who looks at which pages."""
        for page in pages:
            self._opened[page] += by
        self._opened = +self._opened

    def _tell(self) -> None:
        self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        for each in self._waiting:
            each.set()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        given = {"server": self}
        routes = [(r"/", _Front, given), (r"/_events", _Events, given), (r"/(.+)", _Files, given)]
        application = Application(routes, compress_response=True, log_function=lambda _: None)
        try:
            sockets = bind_sockets(self.port, HOST)
        except OSError as error:
            self._failed.append(error)
            self._ready.set()
            return
        self.port = sockets[0].getsockname()[1]
        http = HTTPServer(application)
        http.add_sockets(sockets)
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            http.stop()
            for one in sockets:
                one.close()


class _Local(RequestHandler):
    """Answers this machine's own browser, under its own name, and no page from elsewhere."""

    def initialize(self, server: Server) -> None:
        """Take what all handlers share."""
        self.server, self.folder = server, server.folder

    def prepare(self) -> None:
        """Refuse names that lead here by a trick of name servers, and other sites' scripts."""
        own = {f"{name}:{self.server.port}" for name in _NAMES}
        origin = self.request.headers.get("Origin")
        if self.request.host not in own or (origin and urlsplit(origin).netloc not in own):
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        """Let nothing be kept, nothing be guessed, and no other site show it."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def page(self, content: bytes | str) -> None:
        """Answer with a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(content)

    def asked(self) -> list[str]:
        """Return the pages that an address names, of those that a folder of pages can have."""
        named = self.get_arguments("page")
        return [each for each in named if ".." not in each and not each.startswith("/")]


class _Front(_Local):
    """Lists the documents, and shows some of them side by side."""

    def get(self) -> None:
        """Answer with a short page."""
        server, shown = self.server, self.asked()
        there = {path.name for path in self.folder.glob("[!.]*.*") if path.is_file()}
        of_documents = {name for row in server.documents for name in row}
        prints = [name for name in shown if name.endswith(".pdf")]
        made = _TEMPLATES.get_template("index.html.j2").render(
            title=server.title,
            documents=[(row, _together(row)) for row in server.documents],
            others=sorted(there - of_documents),
            shown=shown,
            client=server.client(prints, server.version(prints)),
        )
        self.page(made)


class _Events(_Local):
    """Tells a page what happens, for as long as it listens (server-sent events)."""

    async def get(self) -> None:
        """Send the state, and again whenever there is news."""
        server, pages = self.server, self.asked()
        self.set_header("Content-Type", "text/event-stream")
        self.write(f"retry: {_AGAIN}\n\n")
        server.look_at(pages, 1)
        try:
            while True:
                self.write(f"data: {server.state(pages)}\n\n")
                await self.flush()
                await server.news()
        except StreamClosedError:
            return
        finally:
            server.look_at(pages, -1)


class _Files(_Local):
    """Serves the finished files, pages with the script that listens."""

    def get(self, name: str) -> None:
        """Answer with a file; a page that is not made yet says so, and waits for it.

        What lies elsewhere is refused, also by a link, and what is hidden: it is not finished.
        """
        file = (self.folder / name).resolve()
        within = file.is_relative_to(self.folder.resolve())
        if not within or any(part.startswith(".") for part in name.split("/")):
            raise HTTPError(403)
        page = name.endswith(".html")
        version = self.server.version([name])  # before it is read: a newer one is loaded again
        client = self.server.client([name], version).encode() if page else b""
        if not file.is_file():
            self.set_status(404)
            self.page(_NOT_MADE + client)
        elif page:
            content = _POLICY.sub(b"", file.read_bytes(), count=1)
            # The last one: the charts' engine, which pages carry, has such words in it too.
            before, end, after = content.rpartition(b"</body>")
            self.page(before + client + end + after)
        else:
            self.set_header("Content-Type", guess_type(name)[0] or "application/octet-stream")
            self.finish(file.read_bytes())


def _together(names: Sequence[str]) -> str:
    return urlencode([("page", name) for name in names])
