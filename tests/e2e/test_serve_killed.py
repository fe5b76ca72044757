"""`newsmill serve` and what it has started, killed one after the other: nothing is left behind, nothing is lost."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from support.served import process_of, processes_of, served
from support.slow_list import PAGES, list_settings, slow_room, start_list, stored

pytestmark = [pytest.mark.prefect, pytest.mark.slow]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all: Prefect's database is made once."""
    return tmp_path_factory.mktemp("killed")


def states(home: Path) -> list[str]:
    """The states of all runs that were started, oldest first, from Prefect's own database."""
    with sqlite3.connect(home / "data" / "prefect" / "prefect.db") as prefect:
        query = "SELECT state_name FROM flow_run WHERE NOT auto_scheduled ORDER BY created"
        return [name for (name,) in prefect.execute(query)]


def test_what_was_killed_goes_on(home: Path, tmp_path: Path, webhook: Any) -> None:
    """After kill -9 all that was started ends; the next start closes the run, goes on with it, and tells of it."""
    with slow_room() as room, list_settings(home / "config", room, tmp_path):
        with served(home) as service:
            cut = start_list(service, room, tmp_path)
            assert len(processes_of(home)) >= 4  # the keeper, the server, the runner, the run
            service.process.kill()
            service.until("the end of all it started", lambda: not processes_of(home))
        kept = stored(tmp_path)
        assert 2 <= kept < PAGES
        for page in room.pages.values():
            page.wait_s = 0.0
        with served(home, NEWSMILL_NOTIFY__URL=webhook.address) as service:
            crashed = service.run(cut)
            assert (crashed["state_name"], crashed["state"]["message"]) == (
                "Crashed",
                "newsmill serve was killed while it ran.",
            )
            (again,) = service.ask("flow_runs/filter", {"flow_runs": {"tags": {"all_": ["started-again"]}}})
            assert service.ended(again["id"])["state_name"] == "Completed"
            assert f"Going on with {crashed['name']}" in service.log.read_text(encoding="utf-8")
            told = [one["run"] for one in webhook.notices if one["state"] == "Crashed"]
            assert crashed["name"] in told
    assert stored(tmp_path) == PAGES
    asked = Counter(one.path for one in room.log if one.path.startswith("/story-"))
    assert max(asked.values()) <= 2  # a page that was cut off was asked for once more, none that was stored
    assert sum(count == 1 for count in asked.values()) >= kept


def test_what_was_told_to_stop_is_cancelled(home: Path, tmp_path: Path) -> None:
    """One line and the status of the signal, long before the pages come; the next start cancels what ran.

    A run that is killed alone is Crashed soon. Where the server dies, the rest ends soon with exit status 1.
    """
    with slow_room() as room, list_settings(home / "config", room, tmp_path):
        with served(home) as service:
            cut = start_list(service, room, tmp_path)
            os.killpg(service.process.pid, signal.SIGTERM)
            assert service.process.wait(180) == 143
        *earlier, last = service.log.read_text(encoding="utf-8").splitlines()
        assert last == "interrupted: what was committed is safe; to go on: newsmill serve"
        assert not [line for line in earlier if "interrupted" in line or "Traceback" in line or "Error" in line]
        assert 2 <= stored(tmp_path) < PAGES
        second = tmp_path / "second"
        second.mkdir()
        with list_settings(home / "config", room, second), served(home) as service:
            assert service.run(cut)["state_name"] == "Cancelled"
            assert states(home)[-1] == "Cancelled", "it is not started again"
            run_id = start_list(service, room, second)
            os.kill(process_of(home, "prefect.engine"), signal.SIGKILL)
            assert service.ended(run_id)["state_name"] == "Crashed"
            os.kill(process_of(home, "flows.serve.gate"), signal.SIGKILL)
            assert service.process.wait(180) == 1
        # Prefect's runner may complain of the server before, but all has ended when the last word is said.
        *_, last = service.log.read_text(encoding="utf-8").splitlines()
        assert last == "error: the Prefect server has ended by itself (status -9); start again with: newsmill serve"
