"""What Prefect costs: the same URLs by the command alone, and as a run of the deployed flow.

    python benchmarks/prefect_overhead.py [URLS]

A site on this machine serves URLS articles (1,000 by default) on fifty ports, one of a thousand words each with a
third of it boilerplate. Both runs fetch, extract and store all of them into a new database, without translation. Of the
flow run it is the time between its start and its end as Prefect has it, without the start of its process.
"""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

HOSTS = 50
NEWSMILL = str(Path(sys.executable).parent / "newsmill")
WORDS = """harbour council morning winter ferry budget school bridge market river station engineer village library storm
election nurse orchard factory theatre minister railway teacher forest hospital the of and to in for with on"""


def main() -> None:
    """Measure and print one table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as scratch, site(count) as urls:
        home = Path(scratch)
        config = home / "config"
        config.mkdir()
        hosts = json.dumps(sorted({url.split("/")[2] for url in urls}))
        (config / "settings.toml").write_text(f"[fetch]\nallow_private = {hosts}\ndelay_s = 0\n", encoding="utf-8")
        (home / "urls.txt").write_text("\n".join(urls), encoding="utf-8")
        seconds, stored = plain(home)
        flow_seconds, flow_stored, task_runs = in_flow(home, urls)
    table = Table(title=f"{count} URLs", title_justify="left")
    for name in ("", "stored", "seconds", "task runs"):
        table.add_column(name, justify="left" if not name else "right")
    table.add_row("newsmill run urls", str(stored), f"{seconds:.1f}", "")
    table.add_row("flow run", str(flow_stored), f"{flow_seconds:.1f}", str(task_runs))
    allowed = 1.15 * seconds + 5
    table.add_row("1.15 times the first + 5 s, 100 task runs", "", f"{allowed:.1f}", "100")
    Console().print(table)
    sys.exit(0 if flow_seconds <= allowed and task_runs <= 100 and stored == flow_stored else 1)


def plain(home: Path) -> tuple[float, int]:
    """Seconds and records of `newsmill run urls`, by its own clock."""
    command = [NEWSMILL, "run", "urls", "urls.txt", "--no-translate", "--json", "--db", "sqlite:///plain.db"]
    done = subprocess.run(command, cwd=home, env=environment(home), capture_output=True, text=True, check=True)
    said = json.loads(done.stdout.splitlines()[-1])
    return float(said["seconds"]), int(said["stored"])


def in_flow(home: Path, urls: list[str]) -> tuple[float, int, int]:
    """Seconds, records and task runs of a run of the deployment `url-list`, under `newsmill serve`."""
    env = environment(home) | {"NEWSMILL_SERVE__PORT": "4390"}
    with (home / "serve.log").open("wb") as log:
        server = subprocess.Popen([NEWSMILL, "serve"], cwd=home, env=env, stdout=log, stderr=log)
    try:
        while "UI is at" not in (said := (home / "serve.log").read_text(encoding="utf-8")) or "Serving" not in said:
            if server.poll() is not None:
                raise SystemExit(said)
            time.sleep(0.5)
        api = said.partition("UI is at ")[2].split()[0] + "/api"
        deployment = ask(f"{api}/deployments/name/url-list/url-list")["id"]
        parameters = {"urls": urls, "translate": False, "db": "sqlite:///flow.db"}
        run = ask(f"{api}/deployments/{deployment}/create_flow_run", {"parameters": parameters})
        while not run["end_time"]:
            time.sleep(1)
            run = ask(f"{api}/flow_runs/{run['id']}")
        wanted = {"flow_runs": {"id": {"any_": [run["id"]]}}}
        while True:  # the server digests task runs after the flow's end
            time.sleep(3)
            states = [one["state_type"] for one in ask(f"{api}/task_runs/filter", wanted)]
            if states and set(states) == {"COMPLETED"}:
                break
        began, ended = (datetime.fromisoformat(run[name]) for name in ("start_time", "end_time"))
        with sqlite3.connect(home / "flow.db") as database:
            ((summary,),) = database.execute("SELECT summary FROM run").fetchall()
        print(f"{run['name']}: {run['state']['message']}; the run itself took {json.loads(summary)['seconds']:.1f} s")
        return (ended - began).total_seconds(), int(run["state"]["message"].split()[0]), len(states)
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
    """An article at every number."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Answer with the article that the path names, always the same."""
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
