"""Models of Firefox from Mozilla's delivery service: which there are, in which sizes, and getting their files.

The service is a Remote Settings server (https://remote-settings.readthedocs.io). One answer lists the files of all
models; where they lie stands in the server's description of itself, at its root. Each file comes packed by zstd, with
its size and SHA-256 as it lies there, and the SHA-256 of what is in it. FXTRANSLATE_RECORDS_URL names another list, as
it does for fxtranslate.
"""

from __future__ import annotations

import json
import tempfile
from collections import defaultdict
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

from ingest.errors import TranslationError
from ingest.translate.codes import bcp47
from ingest.translate.download import Offer, Watch, download, opened, why
from ingest.translate.firefox import install_files, require_fxtranslate
from ingest.translate.installed import version_numbers
from ingest.translate.packages import packages_root

SIZES: Final = ("base", "tiny")
"""The larger and better one first."""

_INSTEAD: Final = "install its files instead, with `newsmill models install --backend firefox FOLDER`"
_ROOT_ENDS: Final = "buckets/"  # an address of records: ROOT/buckets/.../collections/.../records


def install_from_mozilla(
    source: str, target: str, folder: Path | None = None, *, size: str | None = None, watch: Watch | None = None
) -> Path:
    """Download the newest model of a pair from Mozilla and install it; returns the folder of the package.

    Args:
        source: the language to translate from.
        target: the one to translate into.
        folder: where packages lie.
        size: one of `SIZES`; by default the first that there is.
        watch: told how far the download of each file is.

    Raises:
        ConfigError: fxtranslate is not installed.
        TranslationError: there is no such model or no network, or a file is not what the list promises.
        InputError: what was downloaded is no model.
    """
    engine = require_fxtranslate()
    source, target = bcp47(source), bcp47(target)
    address = str(engine.discovery.records_url())
    by_size = _models(_asked(address).get("data"), source, target)
    if not by_size:
        raise TranslationError(f"there is no Firefox model {source} -> {target}; by way of English there may be")
    chosen = size or next((one for one in SIZES if one in by_size), min(by_size))
    if chosen not in by_size:
        there = ", ".join(sorted(by_size))
        raise TranslationError(f"there is no Firefox model {source} -> {target} of size {chosen}, only {there}")
    base = _place_of_files(address)
    root = packages_root(folder)
    with tempfile.TemporaryDirectory(prefix="newsmill-") as scratch:
        for file in by_size[chosen]:
            offer = _offer(file, source, target, chosen, base)
            packed = download(offer, root, watch)
            try:
                unpacked = engine.discovery.verify_and_decompress(packed.read_bytes(), file.get("decompressedHash"))
            except ValueError as error:
                raise TranslationError(f"{offer.links[0]} is damaged ({error}): {_INSTEAD}") from error
            finally:
                packed.unlink(missing_ok=True)
            Path(scratch, Path(str(file["name"])).name).write_bytes(unpacked)
        return install_files([Path(scratch)], folder, size=chosen)


def _asked(address: str) -> dict[str, Any]:
    """What the service answers.

    Raises:
        TranslationError: it cannot be reached, or answers something else.
    """
    try:
        with opened(address, {}) as response:
            answer = json.loads(response.read())
    except (OSError, HTTPException) as error:
        raise TranslationError(f"cannot reach Mozilla's models at {address} ({why(error)}): {_INSTEAD}") from error
    except ValueError as error:
        raise TranslationError(f"{address} is no list of models ({error}): {_INSTEAD}") from error
    if not isinstance(answer, dict):
        raise TranslationError(f"{address} is no list of models: {_INSTEAD}")
    return answer


def _place_of_files(address: str) -> str:
    root = address.partition(_ROOT_ENDS)[0]
    try:
        return str(_asked(root)["capabilities"]["attachments"]["base_url"])
    except (KeyError, TypeError) as error:
        raise TranslationError(f"{root} does not tell where its files lie: {_INSTEAD}") from error


def _models(records: object, source: str, target: str) -> dict[str, list[dict[str, Any]]]:
    """The files of the newest model of a pair, by size; unfinished versions ("3.0a1") are passed over."""
    found: defaultdict[str, defaultdict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
    for one in records if isinstance(records, list) else ():
        if not (isinstance(one, dict) and isinstance(one.get("attachment"), dict) and one.get("name")):
            continue
        version = str(one.get("version", ""))
        pair = bcp47(str(one.get("sourceLanguage", ""))), bcp47(str(one.get("targetLanguage", "")))
        if pair == (source, target) and not any(map(str.isalpha, version)):
            size = str(one.get("architecture") or "tiny").partition("-")[0]
            found[size][version].append(one)
    return {size: versions[max(versions, key=version_numbers)] for size, versions in found.items()}


def _offer(file: dict[str, Any], source: str, target: str, size: str, base: str) -> Offer:
    attachment = file["attachment"]
    return Offer(
        source=source,
        target=target,
        version=f"{size}-{file['name']}",
        links=(urljoin(base, str(attachment.get("location", ""))),),
        size=attachment["size"] if isinstance(attachment.get("size"), int) else None,
        sha256=attachment["hash"] if isinstance(attachment.get("hash"), str) else None,
    )
