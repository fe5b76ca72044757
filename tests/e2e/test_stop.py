"""Ctrl-C and SIGTERM: nothing more is asked for, one line says what is left, and the next run goes on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import counts, newsmill
from support.newsroom import Newsroom
from support.stopping import WAYS, Started, started, wait_until

PAGES = 40
FAST = 5
# Each of the others takes this long: a command that does not stop takes a minute and a half.
SLOW_S = 2.5
# It takes a tenth of a second, or some; what a machine that is busy with other things may make of it.
SOON_S = 20.0
TAKEN_BACK = "\r\x1b[2K"

pytestmark = pytest.mark.slow


@pytest.fixture
def room() -> Iterator[Newsroom]:
    """A site of forty pages, of which all but five are slow."""
    with Newsroom() as made:
        for number in range(PAGES):
            first, second = f"The ferry to island {number} was late. ", f"Nobody minded on pier {number}. "
            made.story(f"story-{number:02}", first * 9, second * 9)
        for page in list(made.pages.values())[FAST:]:
            page.wait_s = SLOW_S
        yield made


def stories(room: Newsroom) -> list[float]:
    """When each request for a page came of which the answer has begun."""
    return [one.came for one in room.log if one.path.startswith("/story")]


def after(run: Started, before: str) -> list[str]:
    """The lines that a command wrote after it had written something, without what a terminal takes back."""
    return [line for line in run.said().removeprefix(before).split(TAKEN_BACK)[-1].splitlines() if line]


@pytest.mark.parametrize("way", WAYS)
def test_a_run_that_is_told_to_stop_stops(room: Newsroom, tmp_path: Path, way: str) -> None:
    """At most one more request, one line, the exit status of the signal; the next run stores all."""
    tell, status = WAYS[way]
    (tmp_path / "urls.txt").write_text("\n".join(room.base + path for path in room.pages), encoding="utf-8")
    settings = {"NEWSMILL_FETCH__DELAY_S": "0", "NEWSMILL_FETCH__ALLOW_PRIVATE": room.host}
    command = ["run", "urls", "urls.txt", "--no-translate"]
    with started(command, tmp_path, terminal="terminal" in way, **settings) as run:
        wait_until("five pages are not fetched", lambda: len(stories(room)) >= FAST)
        before, told = run.said(), time.monotonic()
        tell(run)
        assert run.ended() == status, run.said()
        took = time.monotonic() - told
    said = after(run, before)
    assert took < SOON_S
    assert len(said) == 1, said
    assert "40 of 40 seeds are left" in said[0]
    assert "to go on: newsmill run urls urls.txt --no-translate" in said[0]
    assert sum(came > told for came in stories(room)) <= 1
    for page in room.pages.values():
        page.wait_s = 0.0
    again = newsmill(*command, "--json", home=tmp_path, **settings)
    assert again.returncode == 0, again.stderr
    assert counts(again)["stored"] == PAGES
    asked = [one.path for one in room.log if one.path in list(room.pages)[:FAST]]
    assert len(asked) <= FAST + 2, "what was archived is not fetched again; two may have been on the way there"
