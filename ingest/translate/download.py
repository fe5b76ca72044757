"""Getting the file of a package. A download that breaks off goes on where it stopped."""

from __future__ import annotations

import errno
import json
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from urllib.response import addinfourl

from ingest.errors import TranslationError
from ingest.translate.packages import sha256, unwritable
from ingest.value import Value

Watch = Callable[[int, int | None], None]
"""Called with the bytes that are here and the bytes there are in all, where the server says so."""

_TIMEOUT_S: Final = 60.0
_READ_AT_ONCE: Final = 1 << 18
_TRIES: Final = 4  # of one link, as argostranslate does; each goes on where the last stopped
_SCHEMES: Final = ("http", "https", "file")
_TOTAL: Final = re.compile(r"bytes (\d+)-\d+/(\d+)")
_PARTIAL, _NOT_SATISFIABLE = 206, 416


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer(Value):
    """A package of an index, its pair as BCP-47 codes; `size` in bytes and `sha256` where the index gives them."""

    source: str
    target: str
    version: str
    links: tuple[str, ...]
    size: int | None = None
    sha256: str | None = None

    @property
    def name(self) -> str:
        """A name for its file."""
        return re.sub(r"[^\w.-]", "_", f"{self.source}_{self.target}-{self.version}")


def download(offer: Offer, root: Path, watch: Watch | None = None) -> Path:
    """Fetch the file of a package into a folder, going on with what an earlier try left there.

    Raises:
        TranslationError: no link works, the file is not what the index promises, or the folder is full.
    """
    # Hidden files, not folders: argostranslate takes every folder here for a package.
    archive = root / f".{offer.name}.argosmodel"
    part = archive.with_name(f"{archive.name}.part")
    problem = "the index gives no link"
    try:
        root.mkdir(parents=True, exist_ok=True)
        for link in offer.links:
            for _ in range(_TRIES):
                before = _size(part)
                try:
                    _fetch(link, part, offer, watch or _no_watch)
                except (urllib.error.URLError, HTTPException, TimeoutError, ConnectionError, ValueError) as error:
                    problem = f"{link}: {why(error)}"
                    if _size(part) == before:
                        break  # this link gives nothing more
                else:
                    part.rename(archive)
                    _state(part).unlink(missing_ok=True)
                    return archive
    except OSError as error:
        raise unwritable(root, error) from error
    again = "; run the same command again to go on from there" if _size(part) else "; try again, or install a file"
    raise TranslationError(f"cannot download {offer.source} -> {offer.target} ({problem}){again}")


def _fetch(link: str, part: Path, offer: Offer, watch: Watch) -> None:
    """Download a link into `part`, from where that ends.

    Raises:
        ValueError: the file is not what the index or the server said.
        OSError: the network, or the disk.
    """
    with _rest(link, part, offer) as response:
        if response is None:
            _check(part, offer, _size(part))
            return
        start, total = _place(response, _size(part))
        total = total or offer.size
        if start == 0:
            _state(part).write_text(json.dumps({"link": link, "validator": _validator(response.headers)}), "utf-8")
        if total is not None and shutil.disk_usage(part.parent).free < 2 * (total - start):
            raise OSError(errno.ENOSPC, "No space left on device")  # the file, and what is unpacked of it
        here = start
        with part.open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            while piece := _read(response):
                file.write(piece)
                here += len(piece)
                watch(here, total)
    if total is not None and here < total:
        raise ConnectionError(f"broke off after {here:,} of {total:,} bytes")
    _check(part, offer, here)


@contextmanager
def _rest(link: str, part: Path, offer: Offer) -> Iterator[addinfourl | None]:
    """The response with what `part` lacks, or with the whole file; ``None`` where `part` has it all."""
    have = _size(part)
    try:
        response = opened(link, _resume_headers(link, part, offer))
    except urllib.error.HTTPError as error:
        with error:
            if error.code != _NOT_SATISFIABLE:
                raise
            complete = error.headers.get("Content-Range") == f"bytes */{have}"
        if not complete:
            part.unlink(missing_ok=True)
            raise ConnectionError("the file has changed; starting over") from error
        yield None
        return
    with response:
        yield response


def _read(response: addinfourl) -> bytes:
    try:
        return response.read(_READ_AT_ONCE)
    except OSError as error:  # of the network, as against those of the disk
        raise ConnectionError(str(error)) from error


def _check(part: Path, offer: Offer, size: int) -> None:
    wrong_size = offer.size is not None and size != offer.size
    if wrong_size or (offer.sha256 is not None and sha256(part) != offer.sha256.lower()):
        part.unlink()
        raise ValueError("not the file that the index promises" + (": wrong size" if wrong_size else ": wrong SHA-256"))


def _resume_headers(link: str, part: Path, offer: Offer) -> dict[str, str]:
    """What asks for the rest of a file; nothing where we cannot tell that it would be the rest of the same file."""
    if not _size(part):
        return {}
    try:
        state = json.loads(_state(part).read_text("utf-8"))
        validator = state["validator"] if state["link"] == link else None
    except (OSError, ValueError, TypeError, KeyError):
        validator = None
    wanted = {"Range": f"bytes={_size(part)}-"}
    if validator:
        return {**wanted, "If-Range": validator}
    return wanted if offer.sha256 else {}


def _place(response: addinfourl, have: int) -> tuple[int, int | None]:
    """Where in the file a response begins, and how long the file is, if it says so."""
    length = response.headers.get("Content-Length")
    if getattr(response, "status", None) != _PARTIAL:
        return 0, int(length) if length and not response.headers.get("Content-Encoding") else None
    found = _TOTAL.match(response.headers.get("Content-Range") or "")
    if found is None or int(found[1]) != have:
        raise ValueError("the server sent another part than it was asked for")
    return have, int(found[2])


def _validator(headers: Message) -> str | None:
    """What If-Range may hold: a strong ETag, else the time of the last change (RFC 9110, 13.1.5)."""
    etag = headers["ETag"]
    validator: str | None = etag if etag and not etag.startswith("W/") else headers["Last-Modified"]
    return validator


def opened(address: str, headers: Mapping[str, str]) -> addinfourl:
    """The response to a request for an address, http, https or file.

    Raises:
        ValueError: it is of another kind.
        OSError: it cannot be had.
    """
    if urlsplit(address).scheme not in _SCHEMES:
        raise ValueError(f"no http(s) address: {address}")
    # argostranslate's own server turns away requests that name no client it knows, Python's among them.
    request = urllib.request.Request(address, headers={"User-Agent": "newsmill", **headers})  # noqa: S310
    opened: addinfourl = urllib.request.urlopen(request, timeout=_TIMEOUT_S)  # noqa: S310 - the scheme was looked at
    return opened


def why(error: Exception) -> str:
    """What went wrong, for a message."""
    return str(getattr(error, "reason", None) or error) or type(error).__name__


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _state(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _no_watch(_here: int, _total: int | None) -> None:
    """Nobody watches."""
