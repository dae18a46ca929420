"""The finished set: replaced whole, stale documents left out, killed moments completed."""

from pathlib import Path

import pytest

from critical_minerals.execution import delivery
from critical_minerals.execution.delivery import deliver, finish_interrupted_delivery
from critical_minerals.workspace.paths import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def finish(workspace: Workspace, **files: str) -> None:
    for name, text in files.items():
        path = workspace.output / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def delivered(workspace: Workspace) -> dict[str, str]:
    found = (path for path in workspace.delivered.rglob("*") if path.is_file())
    return {p.relative_to(workspace.delivered).as_posix(): p.read_text("utf-8") for p in found}


@pytest.fixture(params=["exchange", "rename"], autouse=True)
def _each_way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "rename":
        monkeypatch.setattr(delivery, "_exchange_folders", lambda *_: False)


def test_the_set_is_replaced_as_a_whole(workspace: Workspace):
    finish(workspace, a_html="1", data__t_csv="1")
    deliver(workspace)
    assert delivered(workspace) == {"a.html": "1", "data/t.csv": "1"}
    (workspace.output / "a.html").unlink()
    finish(workspace, b_html="2", data__t_csv="2")
    deliver(workspace)
    assert delivered(workspace) == {"b.html": "2", "data/t.csv": "2"}
    assert [path.name for path in workspace.reports.iterdir() if path.name[0] == "."] == []


def test_a_stale_document_leaves_the_set(workspace: Workspace):
    finish(workspace, a_html="1", a_pdf="1")
    deliver(workspace)
    deliver(workspace, without=["a.pdf"])
    assert [*delivered(workspace)] == ["a.html"]


def test_a_part_is_replaced_alone(workspace: Workspace):
    finish(workspace, a_html="1", briefs__x_html="1", briefs__y_html="1")
    deliver(workspace)
    finish(workspace, a_html="2")
    (workspace.output / "a.html").unlink()
    (workspace.output / "briefs" / "y.html").unlink()
    finish(workspace, a_html="2", briefs__x_html="2")
    deliver(workspace, "briefs")
    assert [*delivered(workspace)] == ["a.html", "briefs/x.html"]


@pytest.mark.parametrize("moment", ["linking", "moved away", "in place"])
def test_what_a_kill_leaves_is_completed_by_the_next_command(workspace: Workspace, moment: str):
    """The three moments of a system that cannot let two folders change places."""
    finish(workspace, a_html="1", b_html="1")
    deliver(workspace)
    old, new = (workspace.reports / f"._output.{word}" for word in ("old", "new"))
    new.mkdir()
    (new / "a.html").write_text("2", "utf-8")
    if moment != "linking":
        (new / "b.html").write_text("2", "utf-8")
        workspace.delivered.rename(old)
    if moment == "in place":
        new.rename(workspace.delivered)
    finish_interrupted_delivery(workspace)
    whole = "1" if moment == "linking" else "2"
    assert delivered(workspace) == {"a.html": whole, "b.html": whole}
    assert not old.exists()
    assert not new.exists()


def test_a_file_that_another_program_holds_open_is_named_and_the_old_set_stays(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
):
    """As Windows does it: the folder cannot be moved, and only opening tells which file it is."""
    monkeypatch.setattr(delivery, "_exchange_folders", lambda *_: False)
    finish(workspace, a_html="1", a_pdf="1")
    deliver(workspace)
    (workspace.output / "a.html").unlink()
    finish(workspace, a_html="2", b_pdf="2")
    rename, opened = Path.rename, Path.open

    def renamed(path: Path, target: Path) -> Path:
        if path == workspace.delivered:
            raise PermissionError(13, "Access is denied", str(path), None, str(target))
        return rename(path, target)

    def refused(path: Path, *arguments, **options):
        if path.name == "a.pdf" and "+" in arguments[0]:
            raise PermissionError(13, "Access is denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "rename", renamed)
    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(PermissionError) as error:
        deliver(workspace)
    monkeypatch.undo()
    assert error.value.filename == str(workspace.delivered / "a.pdf")
    assert delivered(workspace) == {"a.html": "1", "a.pdf": "1"}
    assert [path.name for path in workspace.reports.iterdir() if path.name[0] == "."] == []
