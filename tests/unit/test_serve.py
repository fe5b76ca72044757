"""The parts of `newsmill serve` that need no server: its environment, port and folder, deployments, and the end."""

from __future__ import annotations

import calendar
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from flows.orders import choose_sources
from flows.serve.demo import demo_site
from flows.serve.deployments import NIGHTLY, URL_LIST, deployments
from flows.serve.keeper import Service, serve
from flows.serve.runner import Errand
from flows.serve.server import address_of, environment, free_port, home_of, server_answers, server_environment
from flows.settings import ServeSettings, Settings, load_settings
from ingest.errors import ConfigError

ROOT = Path(__file__).parents[2]


def test_nothing_is_told_to_anyone() -> None:
    """Telemetry of server, client and UI is off; our loggers are shown."""
    made = environment({})
    assert (made["PREFECT_SERVER_ANALYTICS_ENABLED"], made["DO_NOT_TRACK"]) == ("false", "1")
    assert made["PREFECT_SERVER_UI_V2_ENABLED"] == "false"
    assert made["PREFECT_LOGGING_EXTRA_LOGGERS"] == "flows,ingest,storage"


def test_what_the_operator_has_set_stays() -> None:
    """Variables of the operator's own win, but for those that say where the server is."""
    given = {"PREFECT_LOGGING_LEVEL": "DEBUG", "DO_NOT_TRACK": "0", "PREFECT_UI_URL": "https://news.example"}
    made = server_environment(given, ServeSettings(keep_days=7), 4201, Path("data/prefect"))
    assert given.items() <= made.items()
    assert made["PREFECT_API_URL"] == "http://127.0.0.1:4201/api"
    assert made["PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD"] == str(7 * 24 * 3600)
    assert "flow_runs" in made["PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED"]


def test_pages_of_other_sites_cannot_call_the_server() -> None:
    """Only the UI's own origin is allowed."""
    made = server_environment({}, ServeSettings(), 4200, Path("x"))
    assert made["PREFECT_SERVER_CORS_ALLOWED_ORIGINS"] == "http://127.0.0.1:4200"


def test_the_ui_lies_in_our_folder_where_prefect_is_anothers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A user who may not write where Prefect is installed has its UI in the folder of the server."""
    key = "PREFECT_UI_STATIC_DIRECTORY"
    monkeypatch.setattr(os, "access", lambda path, mode: not str(path).endswith("/prefect/server"))
    assert server_environment({}, ServeSettings(), 4200, tmp_path)[key] == str(tmp_path / "ui")
    assert server_environment({key: "/srv/ui"}, ServeSettings(), 4200, tmp_path)[key] == "/srv/ui"
    monkeypatch.setattr(os, "access", lambda path, mode: True)
    assert key not in server_environment({}, ServeSettings(), 4200, tmp_path)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:4200"),
        ("0.0.0.0", "http://127.0.0.1:4200"),
        ("::", "http://[::1]:4200"),
        ("news.example", "http://news.example:4200"),
    ],
)
def test_the_address_is_one_that_a_browser_understands(host: str, address: str) -> None:
    """Listening everywhere is reached on this machine."""
    assert address == address_of(host, 4200)


def test_a_port_that_is_taken_is_passed_over() -> None:
    """The next free one is used."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert port < free_port("127.0.0.1", port) < port + 100


def test_a_host_that_is_not_this_machine_is_a_wrong_setting() -> None:
    """The message names the setting."""
    with pytest.raises(ConfigError, match=r"serve\.host: cannot listen on '192\.0\.2\.1'"):
        free_port("192.0.2.1", 4200)


def test_the_folder_is_made(tmp_path: Path) -> None:
    """PREFECT_HOME wins over the default."""
    assert home_of({}, tmp_path / "a" / "b") == tmp_path / "a" / "b"
    assert home_of({"PREFECT_HOME": str(tmp_path / "c")}, tmp_path / "d") == tmp_path / "c"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "c"]


def test_two_do_not_share_a_folder(tmp_path: Path) -> None:
    """A second `newsmill serve` on the same folder is refused, and one after the first has ended is not."""
    import fcntl

    service = Service(settings=ServeSettings(), config=None, home=tmp_path)
    with (tmp_path / "serve.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(ConfigError, match="runs already"):
            serve(service, {}, lambda _: None)


def test_a_schedule_that_is_none_is_a_wrong_setting() -> None:
    """The message names the setting and what is in it."""
    with pytest.raises(ConfigError, match=r"serve\.cron: .*2 2"):
        deployments(ServeSettings(cron="2 2 * NEVER *"))


@pytest.mark.parametrize(
    "wrong", [{"cron": "daily"}, {"timezone": "Mars/Olympus"}, {"timezone": "Europe"}, {"port": 0}, {"keep_days": 0}]
)
def test_wrong_settings_are_refused(wrong: dict[str, Any]) -> None:
    """Before anything is started."""
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Settings(serve=wrong)  # type: ignore[arg-type]


def test_an_errand_comes_through_a_command_line() -> None:
    """What the keeper tells the runner arrives."""
    errand = Errand(alone=True, stopped=False, now=True)
    assert errand == Errand(**json.loads(errand.as_argument()))


def test_the_file_for_workers_deploys_what_is_served() -> None:
    """prefect.yaml has the same deployments, by the same names, schedule and limits as `newsmill serve`."""
    yaml: Any = importlib.import_module("yaml")
    listed = yaml.safe_load((ROOT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]
    served = deployments(ServeSettings())
    assert [NIGHTLY, URL_LIST] == [one["name"] for one in listed] == [one.name for one in served]
    for one, other in zip(listed, served, strict=True):
        assert one["entrypoint"] == other.entrypoint
        assert one["tags"] == other.tags
        assert one["concurrency_limit"]["limit"] == other.concurrency_limit
        assert other.concurrency_options is not None
        assert one["concurrency_limit"]["collision_strategy"] == other.concurrency_options.collision_strategy
    (schedule,) = listed[0]["schedules"]
    assert (schedule["cron"], schedule["timezone"]) == (ServeSettings().cron, ServeSettings().timezone)


@pytest.mark.parametrize(
    "busy",
    [
        # One call that lasts, in which Python runs no handler.
        "hashlib.pbkdf2_hmac('sha256', b'x', b'y', 2_000_000_000)",
        # A thread that the interpreter waits for at its end.
        "threading.Thread(target=threading.Event().wait, args=(900,)).start(); threading.Event().wait(900)",
    ],
)
def test_a_process_ends_soon_after_it_is_told(busy: str) -> None:
    """Whatever it is at, SIGTERM ends it."""
    script = f"""
import hashlib, signal, sys, threading
from flows.serve.ending import ends_when_told
def stop(number, frame):
    raise SystemExit(5)
signal.signal(signal.SIGTERM, stop)
with ends_when_told(0.2):
    print("ready", flush=True)
    {busy}
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline() == b"ready\n"
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(180) == 0


def test_a_process_that_is_not_told_goes_on() -> None:
    """The signal handling is as it was before, and nothing ends by itself."""
    script = """
import signal
from flows.serve.ending import ends_when_told
before = signal.getsignal(signal.SIGTERM)
with ends_when_told(0.0):
    assert signal.getsignal(signal.SIGTERM) is before
assert signal.set_wakeup_fd(-1) == -1
print("done")
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=180, check=True)
    assert done.stdout == "done\n"


@pytest.mark.parametrize("whole_group", [False, True])
def test_a_tethered_process_ends_with_the_one_that_started_it(whole_group: bool) -> None:
    """However the starter ends, all that was started in the group ends; closing standard input is all it takes."""
    child = "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(900)'], stdin=subprocess.DEVNULL)"
    script = f"""
import subprocess, sys, threading
from flows.serve.tether import tether
tether()
{child if whole_group else ""}
print("ready", flush=True)
threading.Event().wait(900)
"""
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with process.stdout as said:
        assert said.readline() == b"ready\n"
        process.stdin.close()
        assert process.wait(180) == -signal.SIGKILL
        assert said.read() == b""  # the child held it open


def test_a_module_can_be_started_with_a_tether() -> None:
    """It sees its own arguments, as with `python -m`."""
    command = [sys.executable, "-m", "flows.serve.tether", "calendar", "2026", "3"]
    # Standard input stays open to the end, which `with` waits for.
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.read() == calendar.TextCalendar().formatmonth(2026, 3)


def test_the_demo_is_served_with_settings_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its folder is a configuration that leads to nothing outside of it, however the folder is called."""
    monkeypatch.delenv("NEWSMILL_STORAGE__URL", raising=False)
    folder = tmp_path / 'Åsas "mill" \\ 🗞'
    with demo_site(folder) as config:
        settings = load_settings(config)
        names = [source.name for source in choose_sources(config, ())]
    assert f"sqlite:///{folder / 'newsmill.db'}" == settings.storage.url
    assert folder / "models" == settings.translate.packages_dir
    assert (settings.fetch.delay_s, len(settings.fetch.allow_private)) == (0, len(names))


def test_a_server_that_does_not_answer_costs_a_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that takes the connection and stays silent, and addresses that are none."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        monkeypatch.setenv("PREFECT_API_URL", f"http://127.0.0.1:{silent.getsockname()[1]}/api")
        assert not server_answers(0.3)
    for address in ("", "http://127.0.0.1:1/api", "http://[::1/api", "http://host:port/api", "ftp://x"):
        monkeypatch.setenv("PREFECT_API_URL", address)
        assert not server_answers()
