"""The examples after <!-- run --> print what they show."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import counts
from support.documents import NAMES, ROOT, Block, blocks
from support.shell import newsmill, program

from flows.settings import Settings, load_settings
from ingest.sites.own import read_own
from ingest.sources import parse_sources

MODEL = ROOT / "flows" / "demo" / "model" / "translate-sv_en-0_1.argosmodel"
# What differs from run to run: ids of runs, seconds, the first digits of ids that hang on the demo's ports.
_VARYING = (
    (re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}"), "RUN"),
    (re.compile(r"\b\d+(?:\.\d+)? s\b"), "SECONDS"),
    (re.compile(r"\b[0-9a-f]{12}\b"), "ID"),
)


@pytest.mark.parametrize(
    ("name", "mark"),
    [
        pytest.param(name, mark, marks=[pytest.mark.slow] if mark.endswith("slow") else [], id=f"{name} ({mark})")
        for name in NAMES
        for mark in ("run", "run: slow")
        if any(block.mark == mark for block in blocks(name))
    ],
)
def test_marked_examples_give_what_they_show(
    name: str, mark: str, reader: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks of a document after <!-- run -->, in order in an empty folder, print every line they show.

    `cat FILE` makes the file from what stands below it, `export` sets a variable, `...` stands for lines left out.
    """
    shutil.copy(MODEL, tmp_path)
    monkeypatch.chdir(tmp_path)
    for command, shown in _steps(block for block in blocks(name) if block.mark == mark):
        words = shlex.split(command)
        if words[0] == "cat":
            Path(words[1]).parent.mkdir(exist_ok=True)
            Path(words[1]).write_text("\n".join(shown) + "\n", encoding="utf-8")
            continue
        if words[0] == "export":
            variable, _, value = words[1].partition("=")
            monkeypatch.setenv(variable, value)
            continue
        said = newsmill(*words[1:]) if words[0] == "newsmill" else program(*words)
        printed = {_steady(line) for line in (said.stdout + said.stderr).splitlines()}
        missing = [line for line in shown if line.strip() != "..." and _steady(line) not in printed]
        assert missing == [], (
            f"{name}: `{command}` (status {said.status}) no longer prints these lines; copy what it prints:\n"
            + said.stdout
            + said.stderr
        )


@pytest.mark.parametrize(
    ("name", "block"),
    [
        pytest.param(name, block, id=f"{name}: {block.lines[0]}")
        for name in NAMES
        for block in blocks(name)
        if block.kind in ("json", "toml")
    ],
)
def test_data_that_is_shown_can_be_read(name: str, block: Block, tmp_path: Path) -> None:
    """JSON is JSON, and TOML is what newsmill takes as settings, as sources or as a site's rule."""
    if block.kind == "json":
        json.loads(block.text)
    elif name == "docs/sites.md":
        assert read_own(block.text, "example.org").problems == ()
    elif block.text.startswith("[[source]]"):
        assert parse_sources(block.text, tmp_path)
    else:
        (tmp_path / "settings.toml").write_text(block.text, encoding="utf-8")
        assert load_settings(tmp_path).model_dump() != Settings().model_dump()


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_understands_the_unit_that_is_shown(tmp_path: Path) -> None:
    """The unit of docs/operate-prefect.md has no key and no value that systemd does not know."""
    (unit,) = [block for block in blocks("docs/operate-prefect.md") if block.kind == "ini"]
    (tmp_path / "newsmill.service").write_text(
        unit.text.replace("/srv/news/.venv/bin/newsmill", shutil.which("true") or ""), encoding="utf-8"
    )
    said = program("systemd-analyze", "verify", "--man=no", str(tmp_path / "newsmill.service"))
    assert [line for line in said.stderr.splitlines() if "newsmill.service" in line] == []


def _steps(marked: Iterator[Block]) -> Iterator[tuple[str, list[str]]]:
    for block in marked:
        starts = [at for at, line in enumerate(block.lines) if line.startswith("$ ")]
        for start, end in zip(starts, [*starts[1:], len(block.lines)], strict=True):
            yield block.lines[start].removeprefix("$ "), list(block.lines[start + 1 : end])


def _steady(line: str) -> str:
    line = line.rstrip()
    for pattern, word in _VARYING:
        line = pattern.sub(word, line)
    return line


def test_a_database_is_moved_by_the_script_that_is_shown(
    reader: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script of docs/operate.md copies every row into another database, which newsmill then goes on with."""
    monkeypatch.chdir(tmp_path)
    (script,) = [block for block in blocks("docs/operate.md") if block.lines[0] == "# move.py"]
    Path("move.py").write_text(script.text, encoding="utf-8")
    Path("lamp.txt").write_text(
        "The lamp of Gannet Point is lit again\n\nThe keeper, Una Marsh, climbed 141 steps on Friday with one bulb.\n",
        encoding="utf-8",
    )
    old, new = "sqlite:///old.db", "sqlite:///new.db"
    assert newsmill("run", "files", "lamp.txt", "--db", old).status == 0
    moved = program("python", "move.py", old, new)
    assert moved.status == 0, moved.stderr
    assert counts(newsmill("run", "files", "lamp.txt", "--db", new, "--json"))["unchanged"] == 1
