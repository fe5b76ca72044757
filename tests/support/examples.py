"""Which command lines of the documents are not run as a reader would run them, and why."""

from __future__ import annotations

from collections.abc import Iterable

from support.documents import NAMES, blocks
from support.shell import Call, calls

# The beginnings of command lines that other tests run, and which.
ELSEWHERE = {
    "newsmill serve --demo": "tests/e2e/conftest.py::demo",
    "newsmill serve": "tests/e2e/test_serve_killed.py::test_what_was_killed_goes_on",
    "newsmill run files pages": "tests/e2e/test_prefect.py::test_a_run_of_the_command_shows_up",
    "newsmill run files part-1/archive": (
        "tests/e2e/test_archives.py::test_the_newest_capture_is_the_record_from_whatever_archive"
    ),
    "newsmill sites test": "tests/integration/test_sites.py::test_a_rule_in_its_folder_is_tried_and_used",
    "newsmill sites learn": "tests/integration/test_sites.py::test_a_rule_is_learnt_from_pages",
    "newsmill sites import": "tests/integration/test_sites.py::test_files_of_other_readers_are_taken_over",
    "prefect server start": "tests/support/prefect_server.py::PrefectServer",
    "prefect work-pool create": "tests/docs/test_prefect.py::test_a_worker_runs_what_is_deployed",
    "prefect --no-prompt deploy --all": "tests/docs/test_prefect.py::test_a_worker_runs_what_is_deployed",
    "prefect worker start": "tests/docs/test_prefect.py::test_a_worker_runs_what_is_deployed",
    "prefect deployment run": "tests/docs/test_prefect.py::test_a_worker_runs_what_is_deployed",
    "python -c": "tests/docs/test_prefect.py::test_a_worker_runs_what_is_deployed",
}
# Those that nothing runs, and why.
NOT_RUN = {
    "python3 -m venv": "make does the same, and all else runs in what it has made",
    "pip install": "it needs a package index",
    "dask worker": "it works until it is killed; tests/e2e/test_workers_elsewhere.py has a cluster of its own",
    "systemctl": "it needs root and systemd",
    "journalctl": "it needs systemd",
    "podman": "it needs an image from a registry",
    "podman-compose": "it needs images from a registry",
    "datasette": "it is another program, which only looks at the file",
    "python -m benchmarks.cost": "it measures for minutes, over pages that somebody has saved",
    "python benchmarks/workers.py": "it measures for minutes; make bench does it",
    "python -m benchmarks.prefect_overhead": "it measures for minutes",
}
# Other programs that are run, where they are installed.
PROGRAMS = ("head", "sqlite3", "python move.py", "python page.py", "python read.py")
# What only says where or with what the next lines are run, or is looked at without being made.
_PREPARES = ("cat", "cd", "export", "make")

LINES = [(name, line, call) for name in NAMES for block in blocks(name) for line in block.typed for call in calls(line)]
"""All commands of all documents: where, the whole line, the command."""


def among(call: Call, known: Iterable[str]) -> str | None:
    """The longest of the known beginnings that a command has."""
    text = " ".join((call.program, *call.words[1:]))
    return max((one for one in known if f"{text} ".startswith(f"{one} ")), key=len, default=None)


def is_ours(call: Call) -> bool:
    """Whether it is a command of newsmill."""
    return call.program == "newsmill"


def prepares(call: Call) -> bool:
    """Whether it only prepares."""
    return call.program in _PREPARES
