"""Every command line of the documents is accepted, and run: by test_reader.py, or as support/examples.py says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer
from support.documents import NAMES, ROOT, text_of
from support.examples import ELSEWHERE, LINES, NOT_RUN, PROGRAMS, among, is_ours, prepares
from support.shell import Call, calls, program

from flows.cli.app import app

OURS = [one for one in LINES if is_ours(one[2])]
OTHERS = sorted({call.text for _, _, call in LINES if not is_ours(call) and not prepares(call)})
MADE = sorted(
    {call.text for _, _, call in LINES if call.program == "make"}
    | {words for name in NAMES for words in text_of(name).split("`")[1::2] if words.startswith("make ")}
)


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The names of all commands, as they are typed after "newsmill"."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


COMMANDS = [" ".join(command) for command in commands(typer.main.get_command(app))]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    """Each command is named in the README or in docs/."""
    assert any(re.search(rf"\b{command}\b", text_of(name)) for name in NAMES if name != "CHANGELOG.md"), (
        f"no document names `newsmill {command}`: add it to the table of commands in docs/operate.md"
    )


def test_the_lines_are_taken_apart_as_a_shell_does() -> None:
    """Variables and redirections are no words; pipes, `&&` and comments end a command. There are many lines to run."""
    assert len(OURS) > 50
    first, second, third = calls("A=b .venv/bin/newsmill run urls - --json < x.txt | head -n 1 && newsmill stats # all")
    assert (first.program, first.words[1:], first.reads) == ("newsmill", ("run", "urls", "-", "--json"), "x.txt")
    assert [(one.text, one.then) for one in (first, second, third)] == [
        ("newsmill run urls - --json", "|"),
        ("head -n 1", "&&"),
        ("newsmill stats", ""),
    ]
    (job,) = calls("newsmill retry --json >> nightly.log 2>&1")
    assert job.text == "newsmill retry --json"


@pytest.mark.parametrize(("name", "line", "call"), OURS, ids=[f"{name}: {line}" for name, line, _ in OURS])
def test_every_command_line_parses(name: str, line: str, call: Call) -> None:
    """Each command line in a document is one that newsmill accepts."""
    command: Any = typer.main.get_command(app)
    rest = list(call.words[1:])
    while hasattr(command, "commands") and rest and rest[0] in command.commands:
        command = command.commands[rest.pop(0)]
    try:
        command.make_context("newsmill", rest)
    except typer.Exit:  # --help
        return
    except Exception as error:  # noqa: BLE001 - Typer keeps click's exceptions to itself
        pytest.fail(f"{name}: `{line}` is refused ({error}): mend the line, or the command")


@pytest.mark.parametrize("text", OTHERS)
def test_every_other_program_is_run_somewhere_or_it_is_said_why_not(text: str) -> None:
    """Every other command is run by a test, or stands in the list of those that are not."""
    (call,) = calls(text)
    assert among(call, (*PROGRAMS, *ELSEWHERE, *NOT_RUN)), (
        f"`{text}` is new. In tests/support/examples.py add it to PROGRAMS, which are run, or name the test "
        "that does in ELSEWHERE, or say in NOT_RUN why none can"
    )


def test_no_list_names_what_no_document_has() -> None:
    """An entry of the lists above that fits no line is to be removed."""
    used = {among(call, (*PROGRAMS, *ELSEWHERE, *NOT_RUN)) for _, _, call in LINES}
    assert {*PROGRAMS, *ELSEWHERE, *NOT_RUN} - used == set()


@pytest.mark.parametrize("place", ELSEWHERE.values())
def test_the_tests_that_run_the_others_are_there(place: str) -> None:
    """What is named as running a command exists."""
    file, _, name = place.partition("::")
    assert f" {name}(" in (text := (ROOT / file).read_text(encoding="utf-8")) or f" {name}:" in text


@pytest.mark.parametrize("line", MADE)
def test_every_make_target_can_be_made(line: str) -> None:
    """`make` knows what to do for each target that a document names. `.ci/run` makes check, demo and test."""
    (call,) = calls(line)
    done = program("make", "--dry-run", "--directory", str(ROOT), *call.words[1:])
    assert done.status == 0, done.stderr
