"""Fetch what publishers have newly released, and add it as any other file."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from rich.console import Console
from rich.markup import escape

from critical_minerals.errors import FiguresError, UsageError, hint
from critical_minerals.execution.add import add_files
from critical_minerals.execution.as_of import Steps
from critical_minerals.execution.meter import meter
from critical_minerals.fetching.downloads import Downloads, Fetched, FetchError
from critical_minerals.fetching.publishers import NAME, Offer, Publisher, offers, read_publishers
from critical_minerals.parameters import Parameters, today_here
from critical_minerals.raw.adding import AddOptions
from critical_minerals.raw.official import OfficialFile, official_files
from critical_minerals.readers.known import recognised
from critical_minerals.workspace import Workspace

FOLDER: Final = "downloads"
"""Where files lie while they come, in the folder of what runs know."""


@dataclass(frozen=True)
class Refresh:
    """How to go about it: `dry_run` says what is new and fetches nothing; see `add_files` for more.

    `now` and `sleep` are the clock that it goes by.
    """

    yes: bool = False
    preview: Parameters | None = None
    dry_run: bool = False
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    sleep: Callable[[float], None] = time.sleep


def refresh(
    workspace: Workspace, steps: Steps, chosen: Sequence[str], how: Refresh, out: Console
) -> list[str]:
    """Ask publishers for what is new, fetch it, look at it, and add it; return what went wrong.

    One publisher that cannot be had holds up no other. Raises `UsageError` for one that is not
    declared, and where somebody has to be asked and nobody is there.
    """
    file = workspace.raw / NAME
    known = read_publishers(file, workspace.relative(file))
    publishers = _chosen(known, chosen)
    folder = workspace.state / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / "lock", timeout=0):
            told = [
                problem
                for name, publisher in publishers.items()
                for problem in _publisher(workspace, steps, publisher, folder / name, how, out)
            ]
    except Timeout:
        msg = "Files are being fetched in this folder already. Wait for that to end."
        raise UsageError(msg) from None
    return told


def _chosen(known: Mapping[str, Publisher], chosen: Sequence[str]) -> Mapping[str, Publisher]:
    for name in chosen:
        if name not in known:
            msg = f"No publisher {name!r} is declared in data/raw/{NAME}. {hint(name, [*known])}"
            raise UsageError(msg)
    return {name: known[name] for name in dict.fromkeys(chosen or known)}


def _publisher(
    workspace: Workspace,
    steps: Steps,
    publisher: Publisher,
    folder: Path,
    how: Refresh,
    out: Console,
) -> list[str]:
    out.print(escape(publisher.name), style="bold")
    problems: list[str] = []

    def failed(error: Exception) -> None:
        out.print(f"  [red]✗[/] {escape(str(error))}")
        problems.append(str(error))

    pace = publisher.per_second
    with Downloads(folder, publisher.hosts, per_second=pace, sleep=how.sleep) as downloads:
        try:
            if closed := publisher.is_closed(how.now()):
                raise FetchError(closed)  # noqa: TRY301 - told as what a service says is
            found = offers(publisher, downloads.ask)
        except FetchError as error:
            failed(error)
            return problems
        for offer in found:
            try:
                _offer(workspace, steps, publisher, offer, downloads, how, out)
            except (FetchError, FiguresError) as error:
                failed(error)
    return problems


def _offer(
    workspace: Workspace,
    steps: Steps,
    publisher: Publisher,
    offer: Offer,
    downloads: Downloads,
    how: Refresh,
    out: Console,
) -> None:
    if same := _filed(workspace, publisher, offer):
        out.print(f"  {escape(offer.what)}: up to date ({same}).")
        return
    public = f", of {offer.published}" if offer.published else ""
    out.print(f"  {escape(offer.what)}{public}: new.")
    if how.dry_run:
        return
    with meter(out, offer.file) as on_progress:
        fetched = downloads.download(
            offer.address, offer.file, size=offer.size, md5=offer.md5, on_progress=on_progress
        )
    if not fetched.fresh and not fetched.path.is_file():
        out.print("  It has not changed since it was fetched last.")
        return
    _refuse_unfit(publisher, offer, fetched)
    options = AddOptions(
        published=offer.published, retrieved=today_here().isoformat(), address=offer.address
    )
    add_files(workspace, steps, [fetched.path], options, out, yes=how.yes, preview=how.preview)
    # Of a file that is too large to be kept, a card names the whole that rows were cut from.
    if any(fetched.sha256 in one.card.read_text("utf-8") for one in official_files(workspace)):
        downloads.forget(fetched)


def _filed(workspace: Workspace, publisher: Publisher, offer: Offer) -> str:
    """Say in which file an offer lies already; blank where it does not, or nobody can tell."""
    for one in official_files(workspace):
        if not one.format.startswith(publisher.formats) or not one.path.is_file():
            continue
        if offer.md5:
            same = one.path.stat().st_size == offer.size and _md5(one.path) == offer.md5.casefold()
        else:
            same = _is_edition(one, offer) and one.published >= offer.published > ""
        if same:
            return f"{workspace.relative(one.path)}, public from {one.published}"
    return ""


def _is_edition(one: OfficialFile, offer: Offer) -> bool:
    return one.path.name.startswith(offer.product) or one.path.name == offer.file


def _md5(path: Path) -> str:
    """Return the sum that the publisher gives of its files: it tells them apart, no more."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _refuse_unfit(publisher: Publisher, offer: Offer, fetched: Fetched) -> None:
    """Look at what came as its reader does. Raises `FetchError` for what is not what was offered.

    A table's zip is made in the night before its release, so one that was made on an earlier day is
    that of the release before: on a release's morning it may lie there for an hour or more.
    """
    try:
        seen = recognised(fetched.path)
    except FiguresError:
        fetched.path.unlink(missing_ok=True)
        raise
    if seen is None or not seen.format.startswith(publisher.formats):
        what = f"it is: {seen.publisher}, {seen.title}" if seen else "no reader knows it"
        msg = (
            f"{offer.address}: what came is not what {publisher.name} is known to give; {what}. "
            f"It lies in {fetched.path.parent.name}/{fetched.path.name} under .pipeline/{FOLDER}."
        )
        raise FetchError(msg)
    if offer.product not in (seen.product, seen.edition):
        fetched.path.unlink(missing_ok=True)
        msg = f"{offer.address}: {offer.product} was asked for, and {seen.title} came. Ask again."
        raise FetchError(msg)
    last = seen.period.rpartition("–")[2]
    behind = offer.until and last and last < offer.until[: len(last)]
    if behind or (seen.published and seen.published < offer.published):
        fetched.path.unlink(missing_ok=True)
        msg = (
            f"{offer.what}: the release of {offer.published} is out, but the file is still that of "
            f"{seen.published or last} (to {last}). Ask again in an hour; nothing was added."
        )
        raise FetchError(msg)
