"""`newsmill serve --demo`, from its API: what is deployed, what a run leaves, how it is cancelled and told of."""

from __future__ import annotations

import json
import re
import sqlite3
import urllib.error
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.events.schemas.automations import EventTrigger
from prefect.events.schemas.events import ResourceSpecification
from support.served import Served
from support.slow_list import list_settings, slow_room, start_list, stored

from flows.serve.deployments import zombie_automation

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

CONFIG = "data/serve-demo"
DATABASE = f"{CONFIG}/newsmill.db"


@pytest.fixture
def first(demo: Served) -> dict[str, Any]:
    """The first nightly run."""
    runs: list[dict[str, Any]] = demo.ask("flow_runs/filter", {"sort": "START_TIME_ASC"})
    return min((run for run in runs if not run["auto_scheduled"]), key=lambda run: str(run["expected_start_time"]))


def artifact(demo: Served, run: dict[str, Any], key: str) -> dict[str, Any]:
    """An artifact that a run has left."""
    found = demo.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}})
    return next(one for one in found if one["key"] == key)


def test_what_is_deployed(demo: Served) -> None:
    """Both flows by module path; the nightly one by its schedule, never twice at once; lists of URLs one by one."""
    nightly = demo.ask("deployments/name/nightly/nightly")
    by_hand = demo.ask("deployments/name/url-list/url-list")
    assert [nightly["entrypoint"], by_hand["entrypoint"]] == ["flows.nightly.nightly", "flows.url_list.url_list"]
    (schedule,) = nightly["schedules"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("30 2 * * *", "UTC")
    assert schedule["active"]
    assert by_hand["schedules"] == []
    limits = [(one["global_concurrency_limit"]["limit"], one["concurrency_options"]) for one in (nightly, by_hand)]
    assert [(n, how["collision_strategy"]) for n, how in limits] == [(1, "CANCEL_NEW"), (1, "ENQUEUE")]
    (automation,) = demo.ask("automations/filter", {})
    assert automation["enabled"]
    assert automation["trigger"]["within"] == 90


def test_the_next_nights_are_planned(demo: Served) -> None:
    """The schedule leads to runs that wait for their time."""

    def planned() -> list[str]:
        wanted = {"flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}}}
        return [run["expected_start_time"] for run in demo.ask("flow_runs/filter", wanted) if run["auto_scheduled"]]

    times = demo.until("planned runs", planned)
    assert {"02:30:00"} == {time[11:19] for time in times}


def test_a_run_says_what_it_did(demo: Served, first: dict[str, Any]) -> None:
    """Its name tells the night and the size, its state the counts, its tasks what they work on."""
    assert re.fullmatch(r"nightly \d{4}-\d\d-\d\d, 64 articles", first["name"])
    assert first["state_name"] == "Completed"
    assert re.match(r"\d+ stored, \d+ unchanged, \d+ rejected, \d+ failed", first["state"]["message"])
    wanted = {"task_runs": {"flow_run_id": {"any_": [first["id"]]}}}
    names = demo.until("task runs", lambda: [one["name"] for one in demo.ask("task_runs/filter", wanted)])
    assert any(re.match(r"fetch \d+ from 127\.0\.0\.1:\d+ and 6 more", name) for name in names)


def test_a_run_leaves_a_report(demo: Served, first: dict[str, Any]) -> None:
    """Progress, a page with counts and a picture, and a table of what failed with the command that tries again."""
    assert artifact(demo, first, "nightly-progress")["data"] == 100
    page = artifact(demo, first, "nightly-report")["data"]
    with sqlite3.connect(demo.home / DATABASE) as database:
        (stored,) = database.execute("SELECT count(*) FROM outcome WHERE outcome = 'stored'").fetchone()
        (german,) = database.execute("SELECT count(*) FROM record WHERE language = 'de'").fetchone()
    assert f"**{stored} stored**" in page
    assert f"| de | {german} |" in page
    assert "](data:image/svg+xml;base64," in page
    assert "## Feeds that could not be read" in page
    failed = json.loads(artifact(demo, first, "nightly-failures")["data"])
    assert {"timeout", "server_error"} == {row["reason"] for row in failed}
    assert all(row["try again"].startswith(f"`newsmill run urls {row['address']} --config") for row in failed)


def test_our_own_messages_reach_the_ui(demo: Served, first: dict[str, Any]) -> None:
    """What the packages log during a run stands beside what Prefect logs."""
    wanted = {"logs": {"flow_run_id": {"any_": [first["id"]]}}, "limit": 200}
    logs = demo.until("logs", lambda: demo.ask("logs/filter", wanted))
    assert {"flows.orders", "flows.report.progress"} <= {line["name"] for line in logs}


@pytest.mark.parametrize(
    ("urls", "at_fault"),
    [("no address", "no address"), (["https://example.org/a", "ftp://example.org/b"], "ftp://example.org/b"), ([], "")],
)
def test_a_bad_address_is_refused_before_there_is_a_run(demo: Served, urls: object, at_fault: str) -> None:
    """The form for a list of URLs says which one is wrong."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        demo.start("url-list/url-list", urls=urls)
    with refused.value as answer:
        assert answer.code in {409, 422}
        said = answer.read().decode()
    assert "urls" in said
    assert at_fault in said


def test_a_cancelled_run_ends_soon_and_loses_nothing(demo: Served, tmp_path: Path, webhook: Any) -> None:
    """Cancelled in the midst of slow pages, it ends long before they come, its batches stay, the webhook is told."""
    with slow_room() as room, list_settings(demo.home / CONFIG, room, tmp_path):
        run_id = start_list(demo, room, tmp_path)
        demo.ask(f"flow_runs/{run_id}/set_state", {"state": {"type": "CANCELLING"}})
        run = demo.ended(run_id)
    assert run["state_name"] == "Cancelled"
    kept = stored(tmp_path)
    assert 2 <= kept < 9
    with sqlite3.connect(tmp_path / "news.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert (kept,) == database.execute("SELECT count(*) FROM record").fetchone()
    assert re.fullmatch(r"url-list [-\d]+ [:\d]+, 9 articles", run["name"])
    (told,) = demo.until("a notice", lambda: [one for one in webhook.notices if one["run"] == run["name"]])
    assert (told["state"], told["url"]) == ("Cancelled", f"{demo.address}/runs/flow-run/{run_id}")


def test_what_fell_short_is_told(demo: Served, first: dict[str, Any], webhook: Any) -> None:
    """The first night had pages that failed: the webhook hears of it, and its address stands in no log."""
    (told,) = [one for one in webhook.notices if one["run"] == first["name"]]
    assert (told["flow"], told["state"], told["message"]) == ("nightly", "Completed", first["state"]["message"])
    wanted = {"logs": {"flow_run_id": {"any_": [first["id"]]}}, "limit": 200}
    assert "very-secret" not in json.dumps(demo.ask("logs/filter", wanted)) + demo.log.read_text(encoding="utf-8")


def test_a_second_night_does_not_join_the_first(demo: Served) -> None:
    """A nightly run that would begin while another is under way is cancelled."""
    # The server decides it when a run is about to begin, so none has to be carried out.
    runs = [demo.start("nightly/nightly", at="2099-01-01T00:00:00Z") for _ in range(2)]
    pending = {"state": {"type": "PENDING"}, "force": False}
    for run_id in runs:
        demo.ask(f"flow_runs/{run_id}/set_state", pending)
    assert [demo.run(run_id)["state_name"] for run_id in runs] == ["Pending", "Cancelled"]
    demo.ask(f"flow_runs/{runs[0]}/set_state", {"state": {"type": "CANCELLED"}})


def test_a_silent_run_is_closed(demo: Served) -> None:
    """The automation makes a run of which nothing is heard any more Crashed; here after 10 s, and only this run."""
    run_id = demo.start("url-list/url-list", at="2099-01-01T00:00:00Z", urls="https://example.org/a")
    demo.ask(f"flow_runs/{run_id}/set_state", {"state": {"type": "RUNNING"}, "force": True})
    automation = zombie_automation()
    assert isinstance(automation.trigger, EventTrigger)
    automation.name = "of this test"
    automation.trigger.within = timedelta(seconds=10)
    automation.trigger.match = ResourceSpecification({"prefect.resource.id": f"prefect.flow-run.{run_id}"})
    demo.ask("automations/", automation.model_dump(mode="json", exclude={"id"}))
    # A sign of life that comes before the server has taken up the automation does not count: give another then.
    for patience_s in (2, 15, 30):
        demo.beat(run_id)
        with suppress(AssertionError):
            demo.ended(run_id, patience_s)
            break
    run = demo.run(run_id)
    assert run["state_name"] == "Crashed"
    assert run["state"]["message"] == "No sign of life for 90 seconds."
