"""The way in: `HttpFetcher`, for callers that know nothing of event loops."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from types import TracebackType
from typing import Self

from ingest.fetch.backend import Resolve, look_up
from ingest.fetch.crawl import Crawl, Result
from ingest.fetch.exchange import Exchange
from ingest.fetch.hosts import Clock, Hosts, MonotonicClock
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.robots import Robots
from ingest.fetch.transport import PublicTransport
from ingest.fetch.visit import Visitor
from ingest.model import Page, Seed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Engine:
    """What lives in the fetcher's own thread."""

    loop: asyncio.AbstractEventLoop
    visitor: Visitor
    robots: Robots
    stop: asyncio.Event


class HttpFetcher:
    """Fetches pages politely and safely; a context manager.

    It runs one event loop in one thread of its own from `__enter__` to `__exit__`, so connections, robots.txt and the
    times of the last requests are kept from call to call. Any thread may call it, several at once, also one that runs
    an event loop itself.

    Args:
        policy: How to fetch.
        resolve: Looks host names up; the operating system does by default.
        ssl_context: Which certificates are trusted; those of certifi by default.
        clock: What distances between requests are measured by.
    """

    def __init__(
        self,
        policy: FetchPolicy,
        *,
        resolve: Resolve = look_up,
        ssl_context: ssl.SSLContext | None = None,
        clock: Clock | None = None,
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._ssl_context = ssl_context
        self._clock = clock or MonotonicClock()
        self._engine: _Engine | None = None
        self._thread: Thread | None = None
        # Held while work is handed over and while closing begins, so that no work arrives at a loop that is gone.
        self._door = Lock()

    def __enter__(self) -> Self:
        started: Future[_Engine] = Future()
        self._thread = Thread(target=self._run, args=(started,), name="newsmill-fetch", daemon=True)
        self._thread.start()
        self._engine = started.result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give up what is still being fetched, close every connection and end the thread."""
        self.abandon()
        if self._thread is not None:
            self._thread.join()

    def abandon(self) -> None:
        """Give up what is being fetched, and do nothing more; from any thread, without waiting for the end of it."""
        with self._door:
            engine, self._engine = self._engine, None
            if engine is not None:
                engine.loop.call_soon_threadsafe(engine.stop.set)

    def fetch_many(self, seeds: Sequence[Seed], *, limit_bytes: int | None = None) -> Iterator[Result]:
        """Fetch seeds, as many at once as the policy allows and one at a time for each host.

        Work begins with the first item that is asked for, and what is not done yet is given up when the iterator is
        closed or dropped. At most `concurrency` pages are in flight or waiting to be consumed.

        Args:
            seeds: What to fetch; may hold repeats.
            limit_bytes: Most bytes of a decoded body; `max_body_bytes` of the policy by default.

        Yields:
            One page or rejection for each seed, in order of completion; for a seed with validators it may be an
            `Unmodified` instead.

        Raises:
            RuntimeError: The fetcher is not open, or was closed meanwhile.
        """
        return (result for result in self._stream(seeds, limit_bytes) if result is not None)

    def fetch_patiently(self, seeds: Sequence[Seed], patience_s: float) -> Iterator[Result | None]:
        """The same, with ``None`` in between whenever nothing has come for so many seconds."""
        return self._stream(seeds, None, patience_s)

    def fetch(self, seed: Seed, *, limit_bytes: int | None = None) -> Result:
        """Fetch one seed; see `fetch_many`."""
        with closing(self._stream([seed], limit_bytes)) as results:
            return next(result for result in results if result is not None)

    def sitemaps_of(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of a URL's origin names, as absolute URLs in its order, without repeats.

        Empty where it names none, cannot be had, or the URL is none that could be asked for. The robots.txt is read
        once and kept, as for pages; `respect_robots` makes no difference.

        Raises:
            RuntimeError: The fetcher is not open, or was closed meanwhile.
        """
        with self._door:
            engine = self._opened()
            task = asyncio.run_coroutine_threadsafe(engine.robots.sitemaps(url), engine.loop)
        try:
            return task.result()
        except CancelledError:
            raise RuntimeError("the fetcher was closed while it was fetching") from None

    def _opened(self) -> _Engine:
        if self._engine is None:
            raise RuntimeError("the fetcher is not open: use it in a with statement")
        return self._engine

    def _stream(
        self, seeds: Sequence[Seed], limit_bytes: int | None, patience_s: float | None = None
    ) -> Generator[Result | None, None, None]:
        results: SimpleQueue[Result | None] = SimpleQueue()
        with self._door:
            engine = self._opened()
            crawl = Crawl(
                self._policy,
                engine.visitor,
                self._clock,
                limit_bytes=self._policy.max_body_bytes if limit_bytes is None else limit_bytes,
                deliver=results.put,
            )
            task = asyncio.run_coroutine_threadsafe(crawl.run(seeds), engine.loop)
        task.add_done_callback(lambda _: results.put(None))
        try:
            while True:
                try:
                    result = results.get(timeout=patience_s)
                except Empty:
                    yield None
                    continue
                if result is None:
                    break
                if isinstance(result, Page):
                    engine.loop.call_soon_threadsafe(crawl.room.release)
                yield result
            task.result()
        except CancelledError:
            raise RuntimeError("the fetcher was closed while it was fetching") from None
        finally:
            task.cancel()

    def _run(self, started: Future[_Engine]) -> None:
        try:
            with asyncio.Runner() as runner:
                runner.run(self._serve(started))
        except BaseException as error:
            # Not lost: whoever opens the fetcher waits for this. Later ones come out of the thread as usual.
            if started.done():
                raise
            started.set_exception(error)

    async def _serve(self, started: Future[_Engine]) -> None:
        loop, policy = asyncio.get_running_loop(), self._policy
        # Name look-ups block a thread each; the default would let six slow ones hold up all the others.
        loop.set_default_executor(ThreadPoolExecutor(policy.concurrency, thread_name_prefix="newsmill-dns"))
        hosts = Hosts(
            self._clock,
            concurrency=policy.concurrency,
            patience_s=policy.retry_after_cap_s,
            step_s=policy.backoff_s,
        )
        async with PublicTransport(policy, resolve=self._resolve, ssl_context=self._ssl_context) as transport:
            exchange = Exchange(policy, transport, hosts)
            robots = Robots(policy, exchange, self._clock)
            visitor = Visitor(policy, exchange, robots, hosts)
            stop = asyncio.Event()
            started.set_result(_Engine(loop=loop, visitor=visitor, robots=robots, stop=stop))
            await stop.wait()
            unfinished = asyncio.all_tasks() - {asyncio.current_task()}
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
