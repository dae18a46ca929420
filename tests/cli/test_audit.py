"""`make audit`, on two packages, with a database of this machine's own."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).parents[2]
SCRIPT = PROJECT / ".ci" / "audit.py"
_SPEC = importlib.util.spec_from_file_location("audit", SCRIPT)
assert _SPEC is not None
assert _SPEC.loader is not None
audit_script = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(audit_script)
PINNED = ("jinja2==3.1.2", "pypandoc-binary==1.17")
KNOWN = {
    "id": "PYSEC-0",
    "affected": [
        {
            "package": {"name": "jinja2", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "3.1.3"}]}],
            "versions": ["3.1.2"],
        }
    ],
}


class Database(BaseHTTPRequestHandler):
    known: Mapping[str, Any] = {}

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        found = self.known if asked["package"]["name"] == "jinja2" else {}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(found).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def database() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Database)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".ci").mkdir()
    shutil.copy(SCRIPT, tmp_path / ".ci")
    lock = "".join(f"{pin} \\\n    --hash=sha256:{'0' * 64}\n" for pin in PINNED)
    (tmp_path / "requirements.lock").write_text(lock, "utf-8")
    declare(tmp_path, 'pypandoc-binary = "GPL inside"')
    return tmp_path


def declare(project: Path, *lines: str) -> None:
    told = "\n".join(("[tool.audit.licences]", *lines))
    (project / "pyproject.toml").write_text(told, "utf-8")


def audit(project: Path, address: str) -> subprocess.CompletedProcess[str]:
    settings = {"PIP_AUDIT_VULNERABILITY_SERVICE": "osv", "PIP_AUDIT_OSV_URL": address}
    return subprocess.run(
        [sys.executable, project / ".ci" / "audit.py"],
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_what_is_pinned_and_sound_is_listed_with_its_licences(project: Path, database: str):
    told = audit(project, database)
    assert (told.returncode, told.stderr.splitlines()[-1]) == (0, "Known vulnerabilities: 0.")
    assert "jinja2 3.1.2: BSD License\n" in told.stdout
    assert "pypandoc-binary 1.17: MIT; GPL inside\n" in told.stdout


@pytest.mark.slow
def test_a_vulnerability_and_an_exception_for_nothing_are_told(
    project: Path, database: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Database, "known", {"vulns": [KNOWN]})
    declare(project, 'gone = "once GPL"')
    told = audit(project, database)
    assert told.returncode == 1
    assert "jinja2 3.1.2: PYSEC-0, mended in 3.1.3" in told.stderr
    assert "gone: declared in pyproject.toml, and not pinned" in told.stderr


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_no_clean_bill(project: Path, database: str):
    told = audit(project, database.rpartition(":")[0] + ":1")
    assert told.returncode == 3
    assert "Traceback" not in told.stderr
    assert "the database could not be asked" in told.stderr


@pytest.mark.parametrize(
    ("stated", "fault"),
    [
        ("License: Proprietary", "its licence is unclear"),
        ("Summary: MIT is not what it says", "its licence is unclear"),
        ("License-Expression: MIT AND GPL-3.0-only", "its licence binds"),
        ("Classifier: License :: OSI Approved :: MIT License", ""),
    ],
)
def test_an_unclear_or_binding_licence_is_a_fault_until_it_is_declared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stated: str, fault: str
):
    installed = tmp_path / "stranger-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text(f"Metadata-Version: 2.4\nName: stranger\n{stated}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(audit_script, "pinned", lambda: {"stranger": "1.0"})
    ((_, _, found),) = audit_script.licences({})
    assert found.startswith(fault) if fault else not found
    ((_, _, declared),) = audit_script.licences({"stranger": "looked at"})
    assert declared == ""
