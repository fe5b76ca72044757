"""The lines of docs/operate-prefect.md for who has a Prefect server already, against a real one."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support.command import LEASH, environment
from support.documents import ROOT, blocks
from support.prefect_server import QUIET, prefect_server, runs

pytestmark = [pytest.mark.prefect, pytest.mark.slow]

LINES = [line for block in blocks("docs/operate-prefect.md") for line in block.typed]
PROGRAMS = Path(sys.executable).parent


def test_a_worker_runs_what_is_deployed(tmp_path: Path, prefect_made: Path) -> None:
    """The pool is made, both flows are deployed, a list is started by hand, and the worker runs it to its end."""
    shutil.copy(ROOT / "prefect.yaml", tmp_path)
    with prefect_server(tmp_path, prefect_made) as api:
        # Nothing listens there: the run asks nobody.
        known = {"PREFECT_API_URL": api, "NEWSMILL_HOME": str(tmp_path), "NEWSMILL_FETCH__PROXY": "http://127.0.0.1:9"}
        env = environment(tmp_path, **QUIET, **known, NEWSMILL_FETCH__ATTEMPTS="1", PREFECT_WORKER_QUERY_SECONDS="1")
        for begin in ("prefect work-pool", "prefect --no-prompt", "prefect deployment run", "python -c"):
            done = subprocess.run(typed(begin), cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stdout + done.stderr
        with (tmp_path / "worker.log").open("wb") as log:
            worker = subprocess.Popen([*LEASH, *typed("prefect worker")], cwd=tmp_path, env=env, stdout=log, stderr=log)
            try:
                run = one_that_ended(api, tmp_path)
            finally:
                worker.kill()
                worker.wait()
    assert (run["state_name"], run["state"]["message"]) == (
        "Completed",
        "0 stored, 0 unchanged, 0 rejected, 1 failed, 0 translated, 0 awaiting translation",
    )


def typed(begin: str) -> list[str]:
    """The words of the line that begins so."""
    (line,) = {line for line in LINES if line.startswith(begin)}
    program, *words = shlex.split(line)
    return [str(PROGRAMS / program), *words]


def one_that_ended(api: str, home: Path) -> dict[str, Any]:
    """The run that was started by hand, once it has ended; the nightly one is only planned."""
    until = time.monotonic() + 180
    while time.monotonic() < until:
        for run in runs(api, "flow_runs"):
            if run["end_time"] and not run["auto_scheduled"]:
                return run
        time.sleep(0.5)
    raise AssertionError((home / "worker.log").read_text(encoding="utf-8")[-3000:])
