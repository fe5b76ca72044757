"""Who reads a document from top to bottom and types or runs all that it shows meets no error."""

from __future__ import annotations

import ast
import importlib.util
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from support.databases import SERVER, empty_database
from support.documents import NAMES, Block, blocks
from support.examples import ELSEWHERE, NOT_RUN, among, is_ours
from support.shell import Call, Said, calls, newsmill, program

from flows.settings import load_settings


def needs_a_server(block: Block) -> bool:
    """Whether a block names a PostgreSQL server."""
    return any("postgresql+" in line for line in block.typed)


ON_POSTGRES = [
    pytest.param(block, id=f"{name}: {block.typed[0]}")
    for name in NAMES
    for block in blocks(name)
    if needs_a_server(block) and any(is_ours(call) for line in block.typed for call in calls(line))
]


@pytest.mark.parametrize("name", [name for name in NAMES if any(block.typed for block in blocks(name))])
def test_everything_that_a_document_shows_works(
    name: str, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command ends with status 0, every script and every query runs, one after the other in one folder."""
    monkeypatch.chdir(with_scripts(home, name, tmp_path))
    wrong: list[str] = []
    for block in blocks(name):
        if block.mark is None and not needs_a_server(block):
            wrong += failures(block)
            if block.kind == "python" and f"python {script_name(block)}" not in lines_of(name):
                run_script(block.text)
            elif block.kind == "sql":
                ask(block.text)
    assert wrong == [], "mend the line, or the command:\n" + "\n".join(wrong)


@pytest.mark.skipif(not SERVER, reason="no PostgreSQL server is named by NEWSMILL_TEST_POSTGRES")
@pytest.mark.parametrize("block", ON_POSTGRES)
def test_everything_that_is_shown_on_postgresql_works(
    block: Block, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So do the commands that name a server, those of each block on an empty database."""
    monkeypatch.chdir(with_scripts(home, block.document, tmp_path))
    with empty_database("postgresql", tmp_path) as database:
        wrong = list(failures(block, database))
    assert wrong == [], "mend the line, or the command:\n" + "\n".join(wrong)


def test_what_does_not_work_is_seen(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that fails is named with what it says; one that ends well is not."""
    monkeypatch.chdir(home)
    lines = ("newsmill stats | head -n 1", "newsmill show nothing  # there is no such record")
    (failure,) = failures(Block(document="a page", kind="sh", lines=lines, mark=None))
    assert failure.startswith(f"a page: `{lines[1]}` ends with ")
    assert "no record nothing" in failure


def with_scripts(home: Path, name: str, folder: Path) -> Path:
    """A copy of the reader's folder, with the scripts of a document."""
    shutil.copytree(home, folder / "news")
    for block in blocks(name):
        if script := script_name(block):
            (folder / "news" / script).write_text(block.text, encoding="utf-8")
    return folder / "news"


def script_name(block: Block) -> str:
    """The name of a script, where its first line is `# name.py`."""
    first = block.lines[0]
    return first.removeprefix("# ") if block.kind == "python" and first.endswith(".py") else ""


def lines_of(name: str) -> str:
    """All that a document has a reader type."""
    return "\n".join(line for block in blocks(name) for line in block.typed)


def failures(block: Block, database: str = "") -> Iterator[str]:
    """What a reader who types the lines of a block is not to see."""
    with pytest.MonkeyPatch.context() as patch:
        for line in block.typed:
            piped = ""
            for call in calls(line):
                said = carried_out(on_database(call, database), piped, patch)
                piped = said.stdout if call.then == "|" else ""
                if said.status != 0 or "Traceback" in said.stderr:
                    yield f"{block.document}: `{line}` ends with {said.status}:\n{said.stdout}{said.stderr}"


def on_database(call: Call, url: str) -> Call:
    """The same command on a database that is there, in the place of the example's."""
    words = tuple(url if word.startswith("postgresql+") else word for word in call.words)
    return Call(words=words, reads=call.reads, then=call.then)


def carried_out(call: Call, piped: str, patch: pytest.MonkeyPatch) -> Said:
    """Run a command, unless it is run by another test or by none."""
    nothing = Said(status=0, stdout="", stderr="")
    if call.program == "export":
        for word in call.words[1:]:
            variable, _, value = word.partition("=")
            patch.setenv(variable, value)
        load_settings()
    if among(call, (*ELSEWHERE, *NOT_RUN)) or call.program in ("export", "cd", "make"):
        return nothing
    stdin = Path(call.reads).read_text(encoding="utf-8") if call.reads else piped
    if is_ours(call):
        return newsmill(*call.words[1:], stdin=stdin)
    return program(*call.words, stdin=stdin) if shutil.which(call.program) else nothing


def run_script(text: str) -> None:
    """Run a script in this process, without what it does with packages that are not installed."""
    tree = ast.parse(text)
    missing: set[str] = set()
    kept: list[ast.stmt] = []
    for statement in tree.body:
        names = {one.id for one in ast.walk(statement) if isinstance(one, ast.Name)}
        if isinstance(statement, ast.Import | ast.ImportFrom):
            package = statement.names[0].name if isinstance(statement, ast.Import) else statement.module or ""
            names = set() if importlib.util.find_spec(package.partition(".")[0]) else {package}
            missing |= {alias.asname or alias.name for alias in statement.names} if names else set()
        if names & missing or (names and isinstance(statement, ast.Import | ast.ImportFrom)):
            missing |= {
                one.id for one in ast.walk(statement) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
            }
        else:
            kept.append(statement)
    scope: dict[str, Any] = {"__name__": "__main__"}
    with redirect_stdout(StringIO()):
        exec(compile(ast.Module(body=kept, type_ignores=[]), "<document>", "exec"), scope)


def ask(statements: str) -> None:
    """Ask the database each of these questions."""
    with closing(sqlite3.connect("data/newsmill.db")) as database:
        for statement in statements.split(";\n"):
            database.execute(statement).fetchall()
