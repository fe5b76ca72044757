"""What Prefect costs: the same URLs by the command alone, and as a run of the deployed flow.

    python benchmarks/prefect_overhead.py [URLS]

A site on this machine serves URLS articles (1,000 by default) on fifty ports, each of a thousand words between menus.
Both ways fetch, extract and store all of them into a new database, without translation, twice in turn; the faster of
two counts, since a busy machine makes nothing faster. The server is up all the time. Of a flow run it is the time
between its start and its end as Prefect has it, without the start of its process, which the command's own clock leaves
out as well.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

from rich.console import Console
from rich.table import Table

from benchmarks.results import Kind, Row, Scope

TURNS = 2
COUNT = 500  # of `make bench`
HOSTS = 50
NEWSMILL = str(Path(sys.executable).parent / "newsmill")
WORDS = """harbour council morning winter ferry budget school bridge market river station engineer village library storm
election nurse orchard factory theatre minister railway teacher forest hospital the of and to in for with on"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Seconds, records stored, and task runs of a flow run."""

    seconds: float
    stored: int
    task_runs: int


def main() -> None:
    """Measure and print one table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    alone, flows = measure(count)
    table = Table(title=f"{count} URLs, the faster of {TURNS}", title_justify="left")
    for name in ("", "stored", "seconds", "all", "task runs"):
        table.add_column(name, justify="right" if name else "left")
    for title, runs in (("newsmill run urls", alone), ("flow run", flows)):
        best = min(runs, key=lambda run: run.seconds)
        every = ", ".join(f"{run.seconds:.1f}" for run in runs)
        table.add_row(title, str(best.stored), f"{best.seconds:.1f}", every, str(best.task_runs or ""))
    allowed = allowed_s(alone)
    table.add_row("allowed: 1.15 times the first + 5 s", str(count), f"{allowed:.1f}", "", "100")
    Console().print(table)
    best = min(flows, key=lambda run: run.seconds)
    sys.exit(0 if best.seconds <= allowed and best.task_runs <= 100 and best.stored == count else 1)


def rows(_: Scope) -> Iterator[Row]:
    """The seconds of a flow run beside the command's alone."""
    alone, flows = measure(COUNT)
    best, on = min(run.seconds for run in alone), f"{COUNT} URLs, the faster of {TURNS} runs each"
    own, peers = min(run.seconds for run in flows), {"newsmill run urls": best}
    yield Row(
        name="a flow run beside the command", value=own / best, unit="x", kind=Kind.TIMES, on=on, higher=False, goal=1.1
    )
    within = partial(Row, unit="s", kind=Kind.SPEED, on=on, higher=False)
    yield within(name="a flow run", value=own, peers=peers, goal=best / allowed_s(alone))
    tasks = max(run.task_runs for run in flows)
    yield Row(name="task runs of a flow run", value=tasks, on=on, higher=False, goal=100)


def allowed_s(alone: list[Measured]) -> float:
    """How long a flow run may take: 1.15 times the command, and 5 s for its start."""
    return 1.15 * min(run.seconds for run in alone) + 5


def measure(count: int) -> tuple[list[Measured], list[Measured]]:
    """Both ways, in turn."""
    alone: list[Measured] = []
    flows: list[Measured] = []
    with tempfile.TemporaryDirectory() as scratch, site(count) as urls:
        home = Path(scratch)
        (home / "config").mkdir()
        hosts = json.dumps(sorted({url.split("/")[2] for url in urls}))
        text = f"[fetch]\nallow_private = {hosts}\ndelay_s = 0\n"
        (home / "config" / "settings.toml").write_text(text, encoding="utf-8")
        (home / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        with serving(home) as api:
            for turn in range(TURNS):
                alone.append(plain(home, f"sqlite:///alone{turn}.db"))
                flows.append(in_flow(api, urls, f"sqlite:///flow{turn}.db"))
    return alone, flows


def plain(home: Path, database: str) -> Measured:
    """`newsmill run urls`, by its own clock."""
    command = [NEWSMILL, "run", "urls", "urls.txt", "--no-translate", "--json", "--db", database]
    done = subprocess.run(command, cwd=home, env=environment(home), capture_output=True, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return Measured(seconds=said["seconds"], stored=said["stored"], task_runs=0)


def in_flow(api: str, urls: list[str], database: str) -> Measured:
    """A run of the deployment `url-list`."""
    deployment = ask(f"{api}/deployments/name/url-list/url-list")["id"]
    parameters = {"urls": urls, "translate": False, "db": database}
    run = ask(f"{api}/deployments/{deployment}/create_flow_run", {"parameters": parameters})
    while not run["end_time"]:
        time.sleep(1)
        run = ask(f"{api}/flow_runs/{run['id']}")
    if run["state_type"] != "COMPLETED":
        raise SystemExit(f"{run['state_name']}: {run['state']['message']}")
    wanted = {"flow_runs": {"id": {"any_": [run["id"]]}}}
    states = {""}
    while states != {"COMPLETED"}:  # the server digests task runs after the flow's end
        time.sleep(3)
        listed = [one["state_type"] for one in ask(f"{api}/task_runs/filter", wanted)]
        states = set(listed)
    began, ended = (datetime.fromisoformat(run[name]) for name in ("start_time", "end_time"))
    stored = int(run["state"]["message"].split()[0])
    return Measured(seconds=(ended - began).total_seconds(), stored=stored, task_runs=len(listed))


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """`newsmill serve` in a folder; yields the URL of its API."""
    with (home / "serve.log").open("wb") as log:
        server = subprocess.Popen([NEWSMILL, "serve"], cwd=home, env=environment(home), stdout=log, stderr=log)
    try:
        while "Serving" not in (said := (home / "serve.log").read_text(encoding="utf-8")):
            if server.poll() is not None:
                raise SystemExit(said)
            time.sleep(0.5)
        yield said.partition("UI is at ")[2].split()[0] + "/api"
    finally:
        server.terminate()
        server.wait(20)


def ask(url: str, body: dict[str, Any] | None = None) -> Any:  # noqa: ANN401 - JSON
    """GET, or POST of a body."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    for _ in range(20):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:  # 503: its database is busy
            if error.code != 503:
                raise
            time.sleep(0.5)
    raise SystemExit(f"{url}: busy for ten seconds")


def environment(home: Path) -> dict[str, str]:
    """The environment of a user with nothing set."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NEWSMILL_", "PREFECT_"))}
    return kept | {"HOME": str(home)}


@contextmanager
def site(count: int) -> Iterator[list[str]]:
    """Serve articles on many ports; yields their addresses."""
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), Articles) for _ in range(HOSTS)]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield [f"http://127.0.0.1:{servers[n % HOSTS].server_port}/article/{n}" for n in range(count)]
    for server in servers:
        server.shutdown()
        server.server_close()


class Articles(BaseHTTPRequestHandler):
    """An article at every number, each answered after `wait_s`; `asked` counts the requests by path."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wait_s = 0.0
    asked: ClassVar[Counter[str]] = Counter()

    def do_GET(self) -> None:
        """Answer with the article that the path names, always the same."""
        time.sleep(self.wait_s)
        self.asked[self.path] += 1
        name = self.path.rpartition("/")[2]
        body = article(int(name)) if name.isdigit() else b"not here"
        self.send_response(200 if name.isdigit() else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name http.server gives it
        """Say nothing."""


def article(number: int) -> bytes:
    """A page with ten paragraphs of a hundred words, a menu and a foot."""
    chance, words = random.Random(number), WORDS.split()
    paragraphs = [" ".join(chance.choices(words, k=100)).capitalize() + "." for _ in range(10)]
    menu = "".join(f'<li><a href="/s{n}">Section {n}</a></li>' for n in range(60))
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    title = f"Report {number} from the {chance.choice(words)}"
    return (
        f'<html lang="en"><head><title>{title}</title></head><body><nav><ul>{menu}</ul></nav>'
        f"<article><h1>{title}</h1>{text}</article><footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


if __name__ == "__main__":
    main()
