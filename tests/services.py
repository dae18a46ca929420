"""A service on this machine that answers as the services of publishers do, faults included."""

import hashlib
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Act = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Asked:
    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Service:
    """What is answered at each path: one act after the other, the last one again and again."""

    address: str = ""
    acts: dict[str, list[Act]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)

    def on(self, path: str, *acts: Act) -> str:
        self.acts[path] = [*acts]
        return f"{self.address}{path}"

    def headers(self, name: str) -> list[str | None]:
        return [one.headers.get(name) for one in self.asked]


@contextmanager
def service() -> Iterator[Service]:
    told = Service()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            body = self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.casefold(): value for name, value in self.headers.items()}
            told.asked.append(Asked(self.command, self.path, headers, body))
            acts = told.acts.get(self.path, [answer(404)])
            act = acts.pop(0) if len(acts) > 1 else acts[0]
            try:
                act(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        do_GET = do_POST = _do  # noqa: N815 - as the library names them

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    told.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answer(status: int, body: bytes = b"", **headers: str) -> Act:
    def act(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, status, {"Content-Length": str(len(body))} | _named(headers))
        handler.wfile.write(body)

    return act


def page(title: str, status: int = 200) -> Act:
    text = f"<!DOCTYPE html>\n<html><head><title>{title}</title></head><body>…</body></html>"
    return answer(status, text.encode(), content_type="text/html")


def file(data: bytes, etag: str = '"one"', *, ranges: bool = True, stop: int | None = None) -> Act:
    """A file as it is kept; the connection ends before its byte `stop`, if that is given."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        asked = handler.headers.get("Range")
        headers = {"ETag": etag} if etag else {}
        if etag and handler.headers.get("If-None-Match") == etag:
            _head(handler, 304, headers)
            return
        start = 0
        if ranges and asked and handler.headers.get("If-Range") in (None, etag):
            start = int(asked.removeprefix("bytes=").rstrip("-"))
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        headers["Content-Length"] = str(len(data) - start)
        _head(handler, 206 if start else 200, headers)
        handler.wfile.write(data[start:stop])
        if stop is not None:
            handler.close_connection = True

    return act


def reset(data: bytes = b"", of: int = 0, etag: str = '"one"') -> Act:
    """A connection that is reset after some bytes."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        if data:
            _head(handler, 200, {"Content-Length": str(of), "ETag": etag})
            handler.wfile.write(data)
            handler.wfile.flush()
            time.sleep(0.05)  # what is on its way arrives before the reset does
        linger = struct.pack("ii", 1, 0)
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        handler.connection.close()
        handler.close_connection = True

    return act


def silent(data: bytes, of: int, seconds: float, etag: str = '"one"') -> Act:
    """Some bytes, and then nothing for so long that it is given up."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        _head(handler, 200, {"Content-Length": str(of), "ETag": etag})
        handler.wfile.write(data)
        handler.wfile.flush()
        time.sleep(seconds)
        handler.close_connection = True

    return act


def redirect(to: str, status: int = 302) -> Act:
    return answer(status, location=to)


RELEASED = "2026-08-13"
"""Day of the newest table of daily rates, where a test names no other."""


def item(year: int, *files: dict[str, Any], dates: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "title": f"U.S. Geological Survey Mineral Commodity Summaries {year} Data Release (ver. 2)",
        "dates": [{"type": "Publication", "dateString": day} for day in dates],
        "files": [*files],
    }


def items(*some: dict[str, Any]) -> Act:
    unrelated = {"title": "Zinc in 1990", "files": None}
    return answer(200, json.dumps({"total": 3, "items": [unrelated, *some]}).encode())


def offered(data: bytes, name: str, address: str, uploaded: str) -> dict[str, Any]:
    md5 = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {
        "name": name,
        "url": address,
        "size": len(data),
        "checksum": {"type": "MD5", "value": md5},
        "dateUploaded": f"{uploaded}T15:01:02Z",
    }


def questions(*tables: dict[str, Any]) -> Act:
    """The metadata of tables, as the Web Data Service gives it: to a list, and to nothing else."""

    def act(handler: BaseHTTPRequestHandler) -> None:
        if not isinstance(json.loads(handler.body), list):  # type: ignore[attr-defined]
            answer(406, b"JSON syntax error")(handler)
            return
        answers = [{"status": "SUCCESS", "object": table} for table in reversed(tables)]
        answer(200, json.dumps(answers).encode())(handler)

    return act


def table(until: str, released: str = RELEASED) -> dict[str, Any]:
    return {
        "productId": 33100036,
        "cubeTitleEn": "Daily average foreign exchange rates in Canadian dollars",
        "cubeEndDate": until,
        "releaseTime": f"{released}T08:30",
    }


def statcan(there: Service, data: bytes, until: str, released: str = RELEASED) -> None:
    there.on("/getCubeMetadata", questions(table(until, released)))
    where = json.dumps({"status": "SUCCESS", "object": there.on("/33100036-eng.zip", file(data))})
    there.on("/getFullTableDownloadCSV/33100036/en", answer(200, where.encode()))


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _head(handler: BaseHTTPRequestHandler, status: int, headers: Mapping[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
