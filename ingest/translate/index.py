"""The public index of packages: what there is, and installing it from there."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from ingest.errors import TranslationError
from ingest.translate.codes import bcp47
from ingest.translate.download import Offer, Watch, download, opened, why
from ingest.translate.installed import BACKENDS, load_argostranslate, version_numbers
from ingest.translate.packages import install_archive, packages_root

logger = logging.getLogger(__name__)

_INSTEAD: Final = "install a file instead, with `newsmill models install FILE.argosmodel`"


def read_index() -> tuple[Offer, ...]:
    """The newest package of each pair in the index that ARGOS_PACKAGE_INDEX names, by default the public one.

    An older copy serves where there is no network.

    Raises:
        TranslationError: it cannot be reached and there is no copy, or it is damaged.
    """
    settings = load_argostranslate()[1]
    address, copy = str(settings.remote_package_index), Path(settings.local_package_index)
    try:
        with opened(address, {}) as response:
            text = response.read()
    except (OSError, HTTPException, ValueError) as error:
        if not copy.is_file():
            raise TranslationError(f"cannot reach the Argos index {address} ({why(error)}): {_INSTEAD}") from error
        logger.warning("cannot reach the Argos index %s (%s); going by the copy in %s", address, why(error), copy)
        return _offers(_entries(copy.read_bytes(), str(copy)), address)
    entries = _entries(text, address)
    with suppress(OSError):  # a folder that cannot be written, a full disk: the copy serves later runs, not this one
        copy.write_bytes(text)
    return _offers(entries, address)


def install_from_index(source: str, target: str, folder: Path | None = None, watch: Watch | None = None) -> Path:
    """Download a pair's newest package from the index and install it; returns its folder.

    Raises:
        TranslationError: the index cannot be reached or has no such pair, or the download fails.
        InputError: what was downloaded is no package.
    """
    source, target = bcp47(source), bcp47(target)
    offers = read_index()
    offer = next((one for one in offers if (one.source, one.target) == (source, target)), None)
    if offer is None:
        known = " ".join(sorted({one.source for one in offers if one.target == target})) or "none"
        raise TranslationError(f"the Argos index has no package {source} -> {target}; into {target} it has: {known}")
    archive = download(offer, packages_root(folder), watch)
    try:
        return install_archive(archive, folder)
    finally:
        archive.unlink(missing_ok=True)  # a damaged download must not be found again by the next try


def _entries(text: bytes, where: str) -> list[dict[str, Any]]:
    try:
        entries = json.loads(text)
    except ValueError as error:
        raise TranslationError(f"the Argos index {where} is damaged ({error}): {_INSTEAD}") from error
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise TranslationError(f"the Argos index {where} is damaged (no list of packages): {_INSTEAD}")
    return entries


def _links(given: Iterable[object], base: str) -> Iterator[str]:
    """The addresses of a package's file. An index from the web names none of this machine's files."""
    for link in given:
        address = urljoin(base, str(link))
        if urlsplit(address).scheme != "file" or urlsplit(base).scheme == "file":
            yield address


def _offers(entries: list[dict[str, Any]], base: str) -> tuple[Offer, ...]:
    newest: dict[tuple[str, str], Offer] = {}
    for one in entries:
        if one.get("type", "translate") not in BACKENDS or not (one.get("from_code") and one.get("to_code")):
            continue
        offer = Offer(
            source=bcp47(str(one["from_code"])),
            target=bcp47(str(one["to_code"])),
            version=str(one.get("package_version", "")),
            links=tuple(_links(one.get("links") or (), base)),
            size=one["size"] if isinstance(one.get("size"), int) else None,
            sha256=one["sha256"] if isinstance(one.get("sha256"), str) else None,
        )
        known = newest.get((offer.source, offer.target))
        if known is None or version_numbers(offer.version) >= version_numbers(known.version):
            newest[offer.source, offer.target] = offer
    return tuple(newest[pair] for pair in sorted(newest))
