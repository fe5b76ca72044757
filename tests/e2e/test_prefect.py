"""The same sequence under a real Prefect server."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import counts, environment, installed
from support.prefect_server import QUIET, prefect_server, wait_for
from support.texts import save_texts

from flows.demo.site import DemoSite

pytestmark = pytest.mark.prefect


@pytest.fixture
def server(tmp_path: Path, prefect_made: Path) -> Iterator[str]:
    """The API of a fresh server."""
    with prefect_server(tmp_path, prefect_made) as api:
        yield api


def run_flow(home: Path, api: str, call: str) -> subprocess.CompletedProcess[str]:
    """Call a flow from Python, as a deployment does."""
    module, _, arguments = call.partition("(")
    package, _, name = module.rpartition(".")
    script = f"from {package} import {name}; print(sorted({name}({arguments}.as_json().items()))"
    settings = {**QUIET, "PREFECT_API_URL": api, "NEWSMILL_FETCH__DELAY_S": "0", "NEWSMILL_FETCH__DEADLINE_S": "3"}
    return subprocess.run(
        [sys.executable, "-c", script],
        cwd=home,
        env=environment(home, **settings),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def test_a_run_of_the_command_shows_up(tmp_path: Path, server: str) -> None:
    """With PREFECT_API_URL the command's run is a flow run, each stage of a batch a task run, named by what it does."""
    save_texts(tmp_path / "texts")
    result = installed("run", "files", "texts", "--json", home=tmp_path, PREFECT_API_URL=server, **QUIET)
    assert result.returncode == 0, result.stderr
    assert counts(result)["stored"] == 4
    (flow_run,) = wait_for(server, "flow_runs", 1)
    assert (flow_run["state_name"], flow_run["state"]["message"]) == (
        "Completed",
        "4 stored, 0 unchanged, 0 rejected, 0 failed, 0 translated, 1 awaiting translation",
    )
    names = {one["name"] for one in wait_for(server, "task_runs", 3)}
    assert names == {"fetch 4 from files", "extract 4 from files", "store 4 from files"}


def test_without_an_answering_server_the_command_runs_all_the_same(tmp_path: Path) -> None:
    """A server that is down is said and does not keep the work from being done."""
    save_texts(tmp_path / "texts")
    result = installed("run", "files", "texts", "--json", home=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")
    assert result.returncode == 0
    assert counts(result)["stored"] == 4
    assert "does not answer" in result.stderr


def test_both_flows_run_and_store(tmp_path: Path, server: str) -> None:
    """The flow `url_list` takes URLs, `nightly` the configured sources; both end with their counts."""
    with DemoSite() as site:
        (tmp_path / "config").mkdir()
        allowed = ", ".join(f'"{one}"' for one in site.allow_private)
        (tmp_path / "config" / "settings.toml").write_text(f"[fetch]\nallow_private = [{allowed}]\n", encoding="utf-8")
        (tmp_path / "config" / "sources.toml").write_text(site.sources_toml(), encoding="utf-8")
        story = site.url_of("ekmora-tidning/bron-ar-oppen")
        gone = story + "-no-such-page"
        first = run_flow(tmp_path, server, f"flows.url_list.url_list(urls=[{story!r}, {gone!r}], translate=False)")
        second = run_flow(tmp_path, server, "flows.nightly.nightly(sources=['ekmora-tidning'], translate=False)")
    assert "('stored', 1)" in first.stdout, first.stderr
    assert "('rejected', 1)" in first.stdout
    assert "('unchanged', 1)" in second.stdout, second.stderr
    flow_runs = wait_for(server, "flow_runs", 2)
    assert {one["state_name"] for one in flow_runs} == {"Completed"}
