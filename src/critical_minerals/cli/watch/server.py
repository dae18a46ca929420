"""Serve the finished pages to this machine alone, and notify them of builds and errors.

Tornado, which Jupyter brings, serves from a thread of its own. A page is served as it is on disk,
with a script added that listens for events (`client.html.j2`).
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
"""The policy of a page allows its own scripts alone; the listening script is added here."""
_PING_SECONDS: Final = 15.0
"""Seconds after which an idle page is written to: only a failed write shows that it is gone."""
_RETRY_MS: Final = 400
"""Milliseconds after which a page reconnects to a server that does not answer."""
_TEMPLATES: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True
)


class Server:
    """Serves the files of a folder, and tells pages what is being built and what failed.

    `documents` are groups of files that belong together, such as the editions of one document.
    Its methods may be called from any thread.
    """

    def __init__(
        self, folder: Path, port: int, title: str = "", documents: Sequence[Sequence[str]] = ()
    ) -> None:
        self.folder, self.title, self.documents = folder, title, documents
        self.port = port
        self._running: dict[str, str] = {}
        self._error = ""
        self._opened: Counter[str] = Counter()
        self._listeners: set[asyncio.Event] = set()
        self._ready, self._failed = Event(), list[OSError]()
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._serve, daemon=True, name="server")

    @property
    def address(self) -> str:
        """Where to look."""
        return f"http://{HOST}:{self.port}/"

    @property
    def opened(self) -> list[str]:
        """The pages that are open in a browser, those open most often first."""
        # A copy: the server's thread changes it meanwhile.
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
        """Tell pages what is being built."""
        self._running[name] = title
        self._notify()

    def ended(self, name: str) -> None:
        """Tell pages that a step has ended, well or not; pages that have changed reload."""
        self._running.pop(name, None)
        self._notify()

    def tell(self, error: str) -> None:
        """Tell pages that the build has ended, and the error if there was one."""
        self._running.clear()
        self._error = error
        self._notify()

    def version(self, pages: Iterable[str]) -> str:
        """Return a version of pages by their modification dates; empty if one does not exist."""
        try:
            return " ".join(f"{(self.folder / page).stat().st_mtime_ns}" for page in pages)
        except OSError:
            return ""

    def client(self, pages: Sequence[str], version: str) -> Markup:
        """Return the script that listens for changes of pages since the version served."""
        script = _TEMPLATES.get_template("client.html.j2").render(pages=pages, version=version)
        return Markup(script)  # noqa: S704 - a template that escapes

    async def wait_for_change(self) -> None:
        """Wait for a change of state, or until it is time to ping the page."""
        event = asyncio.Event()
        self._listeners.add(event)
        try:
            await asyncio.wait_for(event.wait(), _PING_SECONDS)
        except TimeoutError:
            return
        finally:
            self._listeners.discard(event)

    def state(self, pages: Sequence[str]) -> str:
        """Return the state as JSON, for a browser that shows some pages."""
        running = [*self._running.values()]
        state = {"version": self.version(pages), "running": running, "error": self._error}
        return json.dumps(state)

    def look_at(self, pages: Sequence[str], by: int) -> None:
        """Add to the counts of browsers that show pages (`by` is 1 or -1)."""
        for page in pages:
            self._opened[page] += by
        self._opened = +self._opened  # drops pages with a count of zero

    def _notify(self) -> None:
        # Asyncio's events are not safe to set from another thread.
        self._loop.call_soon_threadsafe(self._wake_listeners)

    def _wake_listeners(self) -> None:
        for event in self._listeners:
            event.set()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        arguments = {"server": self}
        routes = [
            (r"/", _IndexPage, arguments),
            (r"/_events", _Events, arguments),
            (r"/(.+)", _Files, arguments),
        ]
        application = Application(routes, compress_response=True, log_function=_log_nothing)
        try:
            sockets = bind_sockets(self.port, HOST)
        except OSError as error:
            self._failed.append(error)
            self._ready.set()
            return
        # With port 0 the system has chosen one.
        self.port = sockets[0].getsockname()[1]
        http = HTTPServer(application)
        http.add_sockets(sockets)
        self._ready.set()
        try:
            self._loop.run_forever()
        finally:
            http.stop()
            for socket in sockets:
                socket.close()


class _LocalHandler(RequestHandler):
    """Answers the browser of this machine under its own name, and no page of another site."""

    def initialize(self, server: Server) -> None:
        """Store the server that all handlers share."""
        self.server, self.folder = server, server.folder

    def prepare(self) -> None:
        """Answer 403 to foreign host names (DNS rebinding) and to other sites' scripts."""
        # The port listens on loopback alone, yet any site that is open in the browser can send
        # requests to it; drafts are not public.
        own = {f"{name}:{self.server.port}" for name in _NAMES}
        origin = self.request.headers.get("Origin")
        if self.request.host not in own or (origin and urlsplit(origin).netloc not in own):
            raise HTTPError(403)

    def set_default_headers(self) -> None:
        """Forbid caching, content sniffing and embedding by other sites."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("X-Frame-Options", "SAMEORIGIN")
        self.set_header("Cross-Origin-Resource-Policy", "same-origin")

    def page(self, content: bytes | str) -> None:
        """Answer with a page."""
        self.set_header("Content-Type", "text/html; charset=utf-8")
        self.finish(content)

    def requested_pages(self) -> list[str]:
        """Return the pages that a request names, without those that would leave the folder."""
        pages = self.get_arguments("page")
        return [each for each in pages if ".." not in each and not each.startswith("/")]


class _IndexPage(_LocalHandler):
    """Lists the documents, and shows some of them side by side."""

    def get(self) -> None:
        """Answer with a short page."""
        server, shown = self.server, self.requested_pages()
        existing = {path.name for path in self.folder.glob("[!.]*.*") if path.is_file()}
        of_documents = {name for row in server.documents for name in row}
        # HTML pages in the frames listen for themselves; PDFs cannot.
        prints = [name for name in shown if name.endswith(".pdf")]
        page = _TEMPLATES.get_template("index.html.j2").render(
            title=server.title,
            documents=[(row, urlencode({"page": row}, doseq=True)) for row in server.documents],
            others=sorted(existing - of_documents),
            shown=shown,
            client=server.client(prints, server.version(prints)),
        )
        self.page(page)


class _Events(_LocalHandler):
    """Sends a page the state of builds, for as long as it listens (server-sent events)."""

    async def get(self) -> None:
        """Send the state, and again at each change."""
        server, pages = self.server, self.requested_pages()
        self.set_header("Content-Type", "text/event-stream")
        self.write(f"retry: {_RETRY_MS}\n\n")
        server.look_at(pages, 1)
        try:
            while True:
                self.write(f"data: {server.state(pages)}\n\n")
                await self.flush()
                await server.wait_for_change()
        except StreamClosedError:
            return
        finally:
            server.look_at(pages, -1)


class _Files(_LocalHandler):
    """Serves the finished files, pages with the listening script added."""

    def get(self, name: str) -> None:
        """Answer with a file; for a page that does not exist yet, with one that waits for it.

        Files outside the folder are refused, also behind a link, and hidden ones: unfinished.
        """
        file = (self.folder / name).resolve()
        within = file.is_relative_to(self.folder.resolve())
        if not within or any(part.startswith(".") for part in name.split("/")):
            raise HTTPError(403)
        page = name.endswith(".html")
        # Before the page is read: if it is replaced in between, the browser reloads it once too
        # often, instead of showing the old page as the new one.
        version = self.server.version([name])
        client = self.server.client([name], version) if page else Markup()
        if not file.is_file():
            self.set_status(404)
            self.page(_TEMPLATES.get_template("not-made.html.j2").render(client=client))
        elif page:
            content = _POLICY.sub(b"", file.read_bytes(), count=1)
            # The last closing tag: the charts' engine, which pages carry, has such text too.
            before, end, after = content.rpartition(b"</body>")
            self.page(before + client.encode() + end + after)
        else:
            self.set_header("Content-Type", guess_type(name)[0] or "application/octet-stream")
            self.finish(file.read_bytes())


def _log_nothing(_: RequestHandler) -> None:
    """Print no line for each request: the terminal tells of builds."""
