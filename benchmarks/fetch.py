"""Pages per second of the fetcher beside bare httpx and Scrapy, its distances and its memory, on a local server.

    python benchmarks/fetch.py [PAGES]

A server in a process of its own (fetch_server.py) plays 50 hosts (127.0.0.1 to 127.0.0.50), each with 50 ms to think,
a robots.txt and pages of 50 KB. Every measurement is a process of its own, at 50 requests at once:

    newsmill          the fetcher as it is, with no delay: robots.txt, address check, deadline, limits, one at a time
                      to a host
    httpx             httpx.AsyncClient and a semaphore, no politeness at all; with its HTTP/2 switched off and on (the
                      server speaks HTTP/1.1: what is measured is what the switch costs)
    Scrapy            one request at a time to a host, robots.txt obeyed, no delay; left out where it is not installed

Then the distances that the server saw between requests to one host with a delay of 0.5 s, and how memory grows from
1,000 to 20,000 addresses. Scrapy is no dependency: NEWSMILL_BENCH_SCRAPY names the Python that has it, with newsmill's
own by default. CPU seconds are those of the client's process alone.
"""

from __future__ import annotations

import asyncio
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # the clients, of which memory is measured, load nothing that is not theirs
    from benchmarks.results import Row, Scope

AT_ONCE = 50
PAGES = 4_500
ROUNDS = 3
KEYS = ("pages", "wall_s", "cpu_s", "peak_mb")
DELAY_S = 0.5
SCRAPY_PYTHON = os.environ.get("NEWSMILL_BENCH_SCRAPY", sys.executable)

# What crosses the border to another process is JSON: {"addresses": [...]} from the server, figures from the clients.
Figures = dict[str, Any]


def main() -> None:
    """Measure and print one table."""
    from rich.console import Console
    from rich.table import Table

    from benchmarks.fetch_server import HOSTS

    pages = int(sys.argv[1]) if len(sys.argv) > 1 else PAGES
    console = Console(width=110)
    table = Table(title=f"{pages} pages from {HOSTS} hosts, {AT_ONCE} at once", title_justify="left", header_style="")
    for name in ("", "pages/s", "of httpx", "pages per CPU s", "of httpx", "peak MB"):
        table.add_column(name, justify="right" if name else "left")
    sums, few, many, spacing = measure(pages)
    bare = sums["httpx"]
    for name, figures in sums.items():
        if "missing" in figures:
            console.print(f"{name} left out: {figures['missing']}")
            continue
        rate, each = figures["pages"] / figures["wall_s"], figures["pages"] / figures["cpu_s"]
        of_wall, of_cpu = rate * bare["wall_s"] / bare["pages"], each * bare["cpu_s"] / bare["pages"]
        peak = f"{figures['peak_mb'] / ROUNDS:.0f}"
        table.add_row(name, f"{rate:.0f}", f"{of_wall:.2f}", f"{each:.0f}", f"{of_cpu:.2f}", peak)
    console.print(table)
    console.print(
        f"distances at a delay of {DELAY_S} s, seen by the server: "
        f"{spacing['least_s']:.3f} to {spacing['most_s']:.3f} s ({spacing['count']} of them)"
    )
    grown = f"memory: {few['peak_mb']:.1f} MB for 1,000 addresses, {many['peak_mb']:.1f} MB for 20,000"
    console.print(f"{grown} (the list itself takes {many['list_mb'] - few['list_mb']:.1f} MB of it)")


def rows(_: Scope) -> Iterator[Row]:
    """Speed and memory beside the others, distances, and memory as the list grows."""
    from functools import partial

    from benchmarks.fetch_server import HOSTS
    from benchmarks.results import Kind, Row

    sums, few, many, spacing = measure(PAGES)
    there = {name: figures for name, figures in sums.items() if "missing" not in figures and name != "httpx, http2 on"}
    on = f"{PAGES} pages of 50 kB from {HOSTS} hosts, {AT_ONCE} at once"
    for name, unit in (("pages a second", "wall_s"), ("pages per CPU second", "cpu_s")):
        rates = {client: figures["pages"] / figures[unit] for client, figures in there.items()}
        own = rates.pop("newsmill")
        yield Row(name=name, value=own, unit="/s", kind=Kind.SPEED, on=on, peers=rates, goal=0.8)
    peaks = {client: figures["peak_mb"] / ROUNDS for client, figures in there.items()}
    memory = partial(Row, name="memory", unit="MB", kind=Kind.SIZE, higher=False)
    yield memory(value=peaks.pop("newsmill"), on=on, peers=peaks)
    for count, figures in ((1_000, few), (20_000, many)):
        yield memory(value=figures["peak_mb"], on=f"{count:,} addresses")
    on = f"{spacing['count']} distances between requests to one host, {DELAY_S} s asked for"
    for name in ("least", "most"):
        yield Row(name=name, value=spacing[f"{name}_s"], unit="s", kind=Kind.TIMES, on=on, higher=name == "least")


def measure(pages: int) -> tuple[dict[str, Figures], Figures, Figures, Figures]:
    """The sums of all clients; newsmill with few addresses and with many; the distances."""
    with serving() as addresses:
        sums = compare(addresses, pages)
        few, many = (client("newsmill", addresses, count) for count in (1_000, 20_000))
    with serving() as addresses:
        return sums, few, many, client("spacing", addresses[:4], 40)


def compare(addresses: list[str], pages: int) -> dict[str, Figures]:
    """All clients in turn, three times over, so that a busy moment of the machine does not hit one of them alone."""
    clients = {"newsmill": "newsmill", "httpx": "httpx", "httpx, http2 on": "httpx2", "Scrapy": "scrapy"}
    sums: dict[str, Figures] = {name: {} for name in clients}
    for _ in range(ROUNDS):
        for name, role in clients.items():
            python = SCRAPY_PYTHON if role == "scrapy" else sys.executable
            if "missing" not in sums[name]:
                got = client(role, addresses, pages // ROUNDS, python=python)
                sums[name] = got if "missing" in got else {key: got[key] + sums[name].get(key, 0) for key in KEYS}
    return sums


@contextmanager
def serving() -> Iterator[list[str]]:
    """The server in a process of its own; the addresses of its hosts."""
    command = [sys.executable, str(Path(__file__).with_name("fetch_server.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdin is not None
        yield json.loads(server.stdout.readline())["addresses"]
        server.stdin.close()


def client(name: str, addresses: list[str], pages: int, *, python: str = sys.executable) -> Figures:
    """Run one client in a process of its own."""
    order = json.dumps({"addresses": addresses, "pages": pages})
    done = subprocess.run([python, __file__, name], input=order, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{name} failed:\n{done.stderr[-2000:]}")
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def run_client(name: str) -> Figures:
    """What a client's process does."""
    order = json.loads(sys.stdin.read())
    addresses, pages = order["addresses"], order["pages"]
    urls = [f"http://{addresses[number % len(addresses)]}/{number}" for number in range(pages)]
    work = {"newsmill": newsmill, "httpx": bare_httpx, "scrapy": scrapy, "spacing": spaced}
    try:
        return bare_httpx(urls, http2=True) if name == "httpx2" else work[name](urls)
    except ModuleNotFoundError as error:
        return {"missing": f"{error.name} is not installed in {sys.executable}"}


@contextmanager
def metered(figures: Figures) -> Iterator[None]:
    """Note the seconds and the memory that something takes."""
    before, started = _cpu_s(), time.monotonic()
    yield
    figures |= {"wall_s": time.monotonic() - started, "cpu_s": _cpu_s() - before, "peak_mb": _peak_mb()}


def newsmill(urls: list[str]) -> Figures:
    """The fetcher, with no delay."""
    from ingest.fetch.fetcher import HttpFetcher
    from ingest.fetch.policy import FetchPolicy
    from ingest.model import Page, Seed

    allowed = frozenset(url.split("/")[2] for url in urls)
    before = _peak_mb()
    seeds = [Seed(url=url) for url in urls]
    figures: Figures = {"list_mb": _peak_mb() - before}
    with HttpFetcher(FetchPolicy(allow_private=allowed, delay_s=0.0, concurrency=AT_ONCE)) as fetcher, metered(figures):
        figures["pages"] = sum(isinstance(result, Page) for result in fetcher.fetch_many(seeds))
    return figures


def spaced(urls: list[str]) -> Figures:
    """The fetcher at half a second between requests, as the server saw it."""
    import httpx

    from ingest.fetch.fetcher import HttpFetcher
    from ingest.fetch.policy import FetchPolicy
    from ingest.model import Seed

    hosts = sorted({url.split("/")[2] for url in urls})
    policy = FetchPolicy(allow_private=frozenset(hosts), delay_s=DELAY_S, concurrency=AT_ONCE)
    with HttpFetcher(policy) as fetcher:
        for _ in fetcher.fetch_many([Seed(url=url) for url in urls]):
            pass
    seen = httpx.get(f"http://{hosts[0]}/log", trust_env=False).json()
    times = {host: [at for name, at in seen if name == host] for host, _ in seen}
    gaps = [later - earlier for at in times.values() for earlier, later in pairwise(at)]
    return {"least_s": min(gaps), "most_s": max(gaps), "count": len(gaps)}


def bare_httpx(urls: list[str], *, http2: bool = False) -> Figures:
    """Nothing but httpx and a semaphore."""
    import httpx

    async def fetch_all() -> int:
        places = asyncio.Semaphore(AT_ONCE)
        limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=AT_ONCE)
        async with httpx.AsyncClient(http2=http2, limits=limits, trust_env=False) as web:

            async def fetch(url: str) -> int:
                async with places:
                    response = await web.get(url)
                return bool(response.content)

            return sum(await asyncio.gather(*(fetch(url) for url in urls)))

    figures: Figures = {}
    with metered(figures):
        figures["pages"] = asyncio.run(fetch_all())
    return figures


def scrapy(urls: list[str]) -> Figures:
    """Scrapy with the fetcher's politeness."""
    from scrapy import Request, Spider  # type: ignore[import-not-found,unused-ignore]
    from scrapy.crawler import CrawlerProcess  # type: ignore[import-not-found,unused-ignore]
    from scrapy.http import Response  # type: ignore[import-not-found,unused-ignore]

    figures: Figures = {"pages": 0}

    class Pages(Spider):  # type: ignore[misc,unused-ignore]
        name = "pages"

        async def start(self) -> AsyncIterator[object]:
            for url in urls:
                yield Request(url, dont_filter=True)

        def parse(self, response: Response) -> None:
            figures["pages"] += bool(response.body)

    settings = {
        "CONCURRENT_REQUESTS": AT_ONCE,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": 0,
        "ROBOTSTXT_OBEY": True,
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "ERROR",
    }
    process = CrawlerProcess(settings)
    process.crawl(Pages)
    with metered(figures):
        process.start()
    return figures


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _peak_mb() -> float:
    # Linux hands ru_maxrss on from the parent process, so VmHWM is read where there is one.
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


if __name__ == "__main__":
    role = sys.argv[1] if len(sys.argv) > 1 else ""
    if role and not role.isdigit():
        print(json.dumps(run_client(role)))
    else:
        began = time.monotonic()
        main()
        print(f"measured in {time.monotonic() - began:.0f} s")
