"""Translation packages for tests: the demo's small model under other names, codes and shapes, and an index of them."""

from __future__ import annotations

import http.server
import json
import shutil
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from typing import Any

from flows.demo.model import unpack_packages


def demo_packages(folder: Path) -> Path:
    """Put the demo's packages (Swedish, German and Russian to English) into `folder` and return it."""
    unpack_packages(folder)
    return folder


def add_package(folder: Path, like: Path, name: str, **metadata: str) -> Path:
    """Put a package with the weights of another one into `folder`, with other metadata; returns its folder."""
    package = folder / name
    package.mkdir(parents=True)
    for part in ("model", "sentencepiece.model"):
        (package / part).symlink_to((like / part).resolve())
    known = json.loads((like / "metadata.json").read_text("utf-8"))
    (package / "metadata.json").write_text(json.dumps({**known, **metadata}), "utf-8")
    return package


def add_old_package(folder: Path, like: Path, name: str) -> Path:
    """A package as they were: a model of format 5 without config.json, vocabulary in a text file, stanza's folder."""
    package = folder / name
    shutil.copytree(like, package)
    model = package / "model" / "model.bin"
    model.write_bytes(_as_format_5(model.read_bytes()))
    (package / "model" / "config.json").unlink()
    vocabulary = package / "model" / "shared_vocabulary.json"
    tokens = json.loads(vocabulary.read_text("utf-8"))
    vocabulary.with_suffix(".txt").write_text("".join(f"{token}\n" for token in tokens), "utf-8")
    vocabulary.unlink()
    (package / "stanza" / "sv" / "tokenize").mkdir(parents=True)
    (package / "stanza" / "sv" / "tokenize" / "talbanken.pt").write_bytes(b"not for us")
    (package / "stanza" / "resources.json").write_text('{"sv": {}}', "utf-8")
    return package


def _as_format_5(model: bytes) -> bytes:
    """A CTranslate2 model with the number of format 5, where a flag in the model says what is now in config.json."""
    name_length = int.from_bytes(model[4:6], "little")
    at = 6 + name_length + 4  # behind the name of the specification and its revision: how many variables there are
    count = int.from_bytes(model[at : at + 4], "little") + 1
    name = b"with_source_eos\0"
    # Its name, no dimensions, type int8, one byte, true.
    flag = len(name).to_bytes(2, "little") + name + bytes((0, 1)) + (1).to_bytes(4, "little") + b"\1"
    return (5).to_bytes(4, "little") + model[4:at] + count.to_bytes(4, "little") + flag + model[at + 4 :]


def add_bpe_package(folder: Path, like: Path, name: str, words: tuple[str, ...]) -> Path:
    """A package whose tokenizer is bpe.model: it knows these words whole, all else letter by letter.

    The pieces of the vocabulary that begin a word become whole words, so that the weights mean what they meant.
    """
    package = folder / name
    shutil.copytree(like, package)
    (package / "sentencepiece.model").unlink()
    merges: list[str] = []
    for word in words:
        parts = [*word[:-1], f"{word[-1]}</w>"]
        while len(parts) > 1:
            merges.append(f"{parts[0]} {parts[1]}")
            parts[:2] = [parts[0] + parts[1]]
    (package / "bpe.model").write_text("#version: 0.2\n" + "".join(f"{merge}\n" for merge in merges), "utf-8")
    vocabulary = package / "model" / "shared_vocabulary.json"
    tokens = json.loads(vocabulary.read_text("utf-8"))
    whole = {token[1:] for token in tokens if token.startswith("▁")}
    renamed = [
        token[1:] if token[1:] and token[0] == "▁" else f"{token}@@" if token in whole else token for token in tokens
    ]
    vocabulary.write_text(json.dumps(renamed), "utf-8")
    return package


def zip_package(package: Path, archive: Path) -> Path:
    """A package as an .argosmodel file, as the index offers it."""
    with zipfile.ZipFile(archive, "w") as zipped:
        for path in sorted(package.rglob("*")):
            zipped.write(path, path.relative_to(package.parent))
    return archive


def home(folder: Path) -> dict[str, str]:
    """Environment variables that make argostranslate, which creates folders when imported, do so in `folder`."""
    names = {"XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"}
    return {"HOME": str(folder), **{variable: str(folder / name) for variable, name in names.items()}}


@dataclass(slots=True)
class IndexServer:
    """An index on loopback. `files` are what it serves; it breaks off after `break_after` bytes as often as told.

    Before it breaks off it waits while its `door` is shut.
    """

    base: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    etag: str | None = '"one"'
    break_after: int = 0
    breaks: int = 0
    door: threading.Event = field(default_factory=threading.Event)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def offer(self, archive: Path, **more: Any) -> None:
        """Serve a file and put it into the index."""
        self.files[archive.name] = archive.read_bytes()
        pair = {"from_code": "sv", "to_code": "en", "from_name": "Swedish", "to_name": "English"}
        entry = {**pair, "package_version": "0.1", "type": "translate", "links": [self.base + archive.name], **more}
        known = json.loads(self.files.get("index.json", b"[]"))
        self.files["index.json"] = json.dumps([*known, entry]).encode()


@contextmanager
def serve_index() -> Iterator[IndexServer]:
    """Run an index until the block ends. It knows Range and If-Range, as real ones do."""
    index = IndexServer()
    index.door.set()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Answer with a file, or the rest of it."""
            name, wanted = self.path.lstrip("/"), self.headers["Range"]
            index.asked.append((name, wanted))
            body = index.files.get(name)
            if body is None:
                self.send_error(404)
                return
            start = 0
            if wanted and self.headers["If-Range"] in (None, index.etag):
                start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(body):
                self.send_response(416)
                self.send_header("Content-Range", f"bytes */{len(body)}")
                self.end_headers()
                return
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(body) - start))
            self.send_header("Last-Modified", formatdate(0, usegmt=True))
            if index.etag:
                self.send_header("ETag", index.etag)
            self.end_headers()
            if index.breaks and len(body) - start > index.break_after:
                index.breaks -= 1
                self.wfile.write(body[start : start + index.break_after])
                index.door.wait()
                return
            self.wfile.write(body[start:])

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(http.server.ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is no news."""

    with Server(("127.0.0.1", 0), Handler) as server:
        index.base = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield index
        index.door.set()
        server.shutdown()
        thread.join()
