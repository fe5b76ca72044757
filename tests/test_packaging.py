"""What is installed, what it brings along, and what it never loads."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distributions, packages_distributions, requires
from importlib.resources import files
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support.command import environment

from flows.demo.model import unpack_packages

ROOT = Path(__file__).parents[1]
PACKAGES = ("flows", "ingest", "storage")
TOO_HEAVY = {"torch", "stanza", "spacy"}

# A whole run with translations, then the names of what is loaded. Workers live in processes of their own and do not
# translate.
RUN = """
import json, sys
from pathlib import Path
from flows.cli import record, screen
from flows.orders import file_order
from flows.run import run
from flows.settings import load_settings

summary = run(file_order([Path("text.txt")]), load_settings())
print(json.dumps({"translated": summary.translated, "loaded": sorted(sys.modules)}))
"""


@pytest.mark.parametrize("package", PACKAGES)
def test_nobody_else_owns_our_names(package: str) -> None:
    """The top-level names are generic: no other distribution in this environment has one of them."""
    owners = set(packages_distributions().get(package, ()))
    assert owners <= {"newsmill"}, f"{package} is also in {owners - {'newsmill'}}: use an environment of its own"


@pytest.mark.parametrize("package", PACKAGES)
def test_types_are_shipped(package: str) -> None:
    """Each package says that it is typed (PEP 561)."""
    assert (files(package) / "py.typed").is_file()


def required(name: str, extras: frozenset[str] = frozenset()) -> Iterator[tuple[str, frozenset[str]]]:
    """The distributions that one needs on this machine, each with the extras asked of it."""
    try:
        lines = requires(name) or ()
    except PackageNotFoundError:  # needed only elsewhere, or its own extra is not installed
        return
    for line in lines:
        one = Requirement(line)
        if one.marker is None or any(one.marker.evaluate({"extra": extra}) for extra in (extras or {""})):
            yield canonicalize_name(one.name), frozenset(one.extras)


def test_nothing_heavy_is_required() -> None:
    """No dependency of a dependency is PyTorch, stanza or spaCy."""
    seen: set[tuple[str, frozenset[str]]] = set()
    edge = {("newsmill", frozenset({"postgres"}))}
    while edge:
        seen |= edge
        edge = {need for name, extras in edge for need in required(name, extras)} - seen
    names = {name for name, _ in seen}
    assert {"argos-translate-lt", "ctranslate2", "sentencepiece", "trafilatura"} <= names
    assert names & TOO_HEAVY == set()


def test_nothing_heavy_is_installed() -> None:
    """None of them is there by another way, nor is argostranslate, which must not stand beside argos-translate-lt."""
    installed = {canonicalize_name(one.metadata["Name"]) for one in distributions()}
    assert installed & (TOO_HEAVY | {"argostranslate"}) == set()


def test_a_run_never_loads_minisbd(tmp_path: Path) -> None:
    """minisbd (AGPL-3.0) is installed with argos-translate-lt, and no run imports it, not even one that translates."""
    unpack_packages(tmp_path / "models")
    (tmp_path / "text.txt").write_text("Hunden sover i solen. Katten sitter i fönstret.\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUN],
        cwd=tmp_path,
        env=environment(tmp_path, NEWSMILL_TRANSLATE__PACKAGES_DIR="models"),
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    loaded = {name.split(".")[0] for name in found["loaded"]}
    assert found["translated"] == 1
    assert "ctranslate2" in loaded
    assert loaded & {"minisbd", "onnxruntime", "prefect", *TOO_HEAVY} == set()


@pytest.mark.slow
def test_the_wheel_is_complete(tmp_path: Path) -> None:
    """A wheel holds the three packages with their data, and nothing that is not part of the program."""
    names = build_wheel(tmp_path)
    needed = {
        "flows/browse/templates/run.html",
        "flows/browse/static/browse.css",
        "storage/migrations/env.py",
        "storage/migrations/versions/0001_first_tables.py",
        "flows/demo/articles/pellhaven-mercury/outlet.toml",
        "flows/demo/articles/pellhaven-mercury/page.html",
        "flows/demo/articles/pellhaven-mercury/lost-bell.md",
        "flows/demo/model/translate-sv_en-0_1.argosmodel",
        "ingest/dedup/decision.toml",
        *(f"{package}/py.typed" for package in PACKAGES),
    }
    tracked = {
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert needed | tracked <= names, f"not in the wheel: {sorted((needed | tracked) - names)}"
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(PACKAGES)
    assert any(name.endswith("/licenses/NOTICE") for name in names)


def build_wheel(folder: Path) -> set[str]:
    """Build the wheel as pip does, and name its members. Where hatchling is missing pip fetches it."""
    isolation = [] if importlib.util.find_spec("hatchling") is None else ["--no-build-isolation"]
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", *isolation, "--wheel-dir", str(folder), str(ROOT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert done.returncode == 0, f"{done.stderr}\nwithout a package index: pip install hatchling, then try again"
    (wheel,) = folder.glob("newsmill-*.whl")
    with zipfile.ZipFile(wheel) as zipped:
        return set(zipped.namelist())
