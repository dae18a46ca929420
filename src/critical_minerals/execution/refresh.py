"""Download new releases of publishers, check them, and add them as any other file."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from filelock import FileLock, Timeout
from rich.markup import escape

from critical_minerals.errors import FiguresError, UsageError, hint
from critical_minerals.execution.add import Adder
from critical_minerals.execution.meter import meter
from critical_minerals.raw.adding import AddOptions
from critical_minerals.raw.official import OfficialFile, official_files
from critical_minerals.readers.fetching.downloads import Downloads, Fetched, FetchError
from critical_minerals.readers.fetching.publishers import NAME, Offer, Publisher, read_publishers
from critical_minerals.readers.fetching.services import offers
from critical_minerals.readers.known import recognised
from critical_minerals.workspace.parameters import today_here
from critical_minerals.workspace.paths import Workspace

FOLDER: Final = "downloads"
"""Folder for files being downloaded, under `.pipeline/`."""


@dataclass(frozen=True)
class Refresh:
    """Options: `dry_run` lists what is new and fetches nothing.

    `now` and `sleep` are the clock; tests give their own.
    """

    dry_run: bool = False
    now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC)
    sleep: Callable[[float], None] = time.sleep


def refresh(adder: Adder, chosen: Sequence[str], how: Refresh) -> list[str]:
    """Ask publishers for new releases, download, check and add them; return the error messages.

    A publisher that cannot be reached holds up no other. Raises `UsageError` for one that is not
    declared, and where a confirmation is needed and there is no terminal.
    """
    workspace = adder.workspace
    file = workspace.raw / NAME
    known = read_publishers(file, workspace.relative(file))
    publishers = _select_publishers(known, chosen)
    folder = workspace.state / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # A lock of its own: a download may take hours, during which the report can be made. The
        # workspace's lock is taken only while a file is added (`Adder`).
        with FileLock(folder / "lock", timeout=0):
            return [
                problem
                for name, publisher in publishers.items()
                for problem in _refresh_publisher(adder, publisher, folder / name, how)
            ]
    except Timeout:
        msg = "Files are being fetched in this folder already. Wait for that to end."
        raise UsageError(msg) from None


def _select_publishers(
    known: Mapping[str, Publisher], chosen: Sequence[str]
) -> Mapping[str, Publisher]:
    for name in chosen:
        if name not in known:
            msg = f"No publisher {name!r} is declared in data/raw/{NAME}. {hint(name, [*known])}"
            raise UsageError(msg)
    return {name: known[name] for name in dict.fromkeys(chosen or known)}


def _refresh_publisher(adder: Adder, publisher: Publisher, folder: Path, how: Refresh) -> list[str]:
    adder.out.print(escape(publisher.name), style="bold")
    problems: list[str] = []

    def report_failure(error: Exception) -> None:
        adder.out.print(f"  [red]✗[/] {escape(str(error))}")
        problems.append(str(error))

    pace = publisher.per_second
    with Downloads(folder, publisher.hosts, per_second=pace, sleep=how.sleep) as downloads:
        try:
            if closed := publisher.closed_message(how.now()):
                raise FetchError(closed)  # noqa: TRY301 - reported as an answer of the service is
            available = offers(publisher, downloads.ask)
        except FetchError as error:
            report_failure(error)
            return problems
        for offer in available:
            try:
                _fetch_offer(adder, publisher, offer, downloads, dry_run=how.dry_run)
            except (FetchError, FiguresError) as error:
                report_failure(error)
    return problems


def _fetch_offer(
    adder: Adder, publisher: Publisher, offer: Offer, downloads: Downloads, *, dry_run: bool
) -> None:
    workspace, out = adder.workspace, adder.out
    if filed_as := _find_filed(workspace, publisher, offer):
        out.print(f"  {escape(offer.title)}: up to date ({filed_as}).")
        return
    date_note = f", of {offer.published}" if offer.published else ""
    out.print(f"  {escape(offer.title)}{date_note}: new.")
    if dry_run:
        return

    def is_added(sha256: str) -> bool:
        # Only a file whose hash stands on a card has been added: somebody may have said no. Of a
        # file too large to be filed, such as Grants and Contributions with 2.3 GB, the card names
        # the hash of the whole from which rows were cut.
        return any(sha256 in file.card.read_text("utf-8") for file in official_files(workspace))

    with meter(out, offer.file) as on_progress:
        fetched = downloads.download(
            offer.address,
            offer.file,
            size=offer.size,
            md5=offer.md5,
            is_added=is_added,
            on_progress=on_progress,
        )
    # A file that was added is deleted (`Downloads.forget`) while its validators stay: the publisher
    # then says 304, and there is nothing to add. Where the file is still there, it was fetched and
    # not added the last time, and is offered again.
    if not fetched.fresh and not fetched.path.is_file():
        out.print("  It has not changed since it was fetched last.")
        return
    _check_fetched(publisher, offer, fetched)
    options = AddOptions(
        published=offer.published, retrieved=today_here().isoformat(), address=offer.address
    )
    adder.add([fetched.path], options)
    if is_added(fetched.sha256):
        downloads.forget(fetched)


def _find_filed(workspace: Workspace, publisher: Publisher, offer: Offer) -> str:
    """Name the file under which an offer is filed already; blank if it is not, or is unknown."""
    for filed in official_files(workspace):
        if not filed.format.startswith(publisher.formats) or not filed.path.is_file():
            continue
        if offer.md5:
            same = (
                filed.path.stat().st_size == offer.size and _md5(filed.path) == offer.md5.casefold()
            )
        else:
            # Without a hash the day of publication decides; an offer without a day counts as new,
            # and its content decides once it has come.
            same = _is_edition(filed, offer) and filed.published >= offer.published > ""
        if same:
            return f"{workspace.relative(filed.path)}, public from {filed.published}"
    return ""


def _is_edition(filed: OfficialFile, offer: Offer) -> bool:
    return filed.path.name.startswith(offer.product) or filed.path.name == offer.file


def _md5(path: Path) -> str:
    """Return the MD5 of a file, as publishers state it; used to compare files, not for security."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _check_fetched(publisher: Publisher, offer: Offer, fetched: Fetched) -> None:
    """Identify a downloaded file by its reader. Raises `FetchError` if it is not what was offered.

    Statistics Canada makes a table's zip in the night before its release. A zip made on an earlier
    day is that of the release before: on the morning of a release it may still be served for an
    hour or more.
    """
    try:
        identified = recognised(fetched.path)
    except FiguresError:
        fetched.path.unlink(missing_ok=True)
        raise
    # Not deleted: a person has to see whether the publisher changed its format, or the address now
    # leads to something else.
    if identified is None or not identified.format.startswith(publisher.formats):
        what = (
            f"it is: {identified.publisher}, {identified.title}"
            if identified
            else "no reader knows it"
        )
        msg = (
            f"{offer.address}: what came is not what {publisher.name} is known to give; {what}. "
            f"It lies in {fetched.path.parent.name}/{fetched.path.name} under .pipeline/{FOLDER}."
        )
        raise FetchError(msg)
    if offer.product not in (identified.product, identified.edition):
        fetched.path.unlink(missing_ok=True)
        msg = (
            f"{offer.address}: {offer.product} was asked for, and {identified.title} came. "
            "Ask again."
        )
        raise FetchError(msg)
    # Compared at the precision of the file: `until` is a day, a file's period may be a month or a
    # year.
    last_period = identified.period.rpartition("–")[2]
    outdated = offer.until and last_period and last_period < offer.until[: len(last_period)]
    if outdated or (identified.published and identified.published < offer.published):
        fetched.path.unlink(missing_ok=True)
        msg = (
            f"{offer.title}: the release of {offer.published} is out, but the file is still that "
            f"of {identified.published or last_period} (to {last_period}). "
            "Ask again in an hour; nothing was added."
        )
        raise FetchError(msg)
