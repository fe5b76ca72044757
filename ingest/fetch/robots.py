"""robots.txt, by RFC 9309: read once an origin, believed for a day."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from dataclasses import dataclass, replace

import httpx
from protego import Protego

from ingest.fetch.body import read_body
from ingest.fetch.exchange import Exchange
from ingest.fetch.failure import FetchError
from ingest.fetch.hosts import Clock
from ingest.fetch.policy import FetchPolicy
from ingest.fetch.targets import origin_of, parse_url, redirect_target
from ingest.fetch.terms import Terms, read_terms
from ingest.outcome import Reason
from ingest.rights import Stated

# RFC 9309 (2.5): at least 500 KiB must be read. What comes after is not looked at.
_MAX_BYTES = 500 * 1024
# A server that was down for a moment is asked again sooner than after a day.
_UNREACHABLE_TTL_S = 300.0
# What is kept: more origins than are being fetched from at any moment, and so much text of robots.txt that its rules,
# up to 35 times its size once parsed (measured), stay below 150 MB. An ordinary file has 2 kB.
_MAX_ORIGINS = 1_024
_MAX_TOTAL_CHARS = 4_000_000
# As generous as Protego, which does without the hyphen and the colon.
_AGENT_LINE = re.compile(r"\s*user[-\s]*agent\b[\s:]*(.*)", re.IGNORECASE | re.DOTALL).fullmatch


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rules:
    """What an origin allows: all without a parser, nothing with a fault."""

    until: float
    chars: int = 0
    parser: Protego | None = None
    terms: Terms | None = None
    fault: tuple[Reason, str] | None = None


class Robots:
    """Every robots.txt that was read."""

    def __init__(self, policy: FetchPolicy, exchange: Exchange, clock: Clock) -> None:
        self._policy = policy
        self._exchange = exchange
        self._clock = clock
        self._loads: OrderedDict[httpx.URL, asyncio.Task[_Rules]] = OrderedDict()

    async def admit(self, url: httpx.URL, own_delay_s: float) -> float:
        """Let a URL pass that its origin lets us ask for.

        Args:
            url: What is to be asked for.
            own_delay_s: The distance that we keep of ourselves; a longer Crawl-delay wins.

        Returns:
            The distance in seconds to keep between requests to its host.

        Raises:
            FetchError: ROBOTS where it is forbidden, ROBOTS_UNREACHABLE where robots.txt cannot be had, and what is
                wrong with the host where not even a connection comes about.
        """
        policy = self._policy
        if not policy.respect_robots:
            return own_delay_s
        rules = await self._rules(origin_of(url))
        if rules.fault is not None:
            raise FetchError(*rules.fault)
        if rules.parser is None:
            return own_delay_s
        if not rules.parser.can_fetch(str(url), policy.robots_name):
            raise FetchError(Reason.ROBOTS, f"robots.txt forbids {url.raw_path.decode('ascii')[:200]}")
        return max(own_delay_s, min(rules.parser.crawl_delay(policy.robots_name) or 0.0, policy.crawl_delay_cap_s))

    async def terms(self, url: httpx.URL) -> tuple[Stated, ...]:
        """What the origin that let this URL pass says of the use of its page."""
        if not self._policy.respect_robots:
            return ()
        terms = (await self._rules(origin_of(url))).terms
        return () if terms is None else tuple(terms.of(str(url)))

    async def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that the robots.txt of a URL's origin names, absolute and without repeats; none in trouble."""
        try:
            origin = origin_of(parse_url(url))
            rules = await self._rules(origin)
        except FetchError:
            return ()
        named = () if rules.parser is None else rules.parser.sitemaps
        return tuple(dict.fromkeys(_absolute(origin, address) for address in named))

    async def _rules(self, origin: httpx.URL) -> _Rules:
        load = self._loads.get(origin)
        if load is None or (load.done() and load.result().until <= self._clock.now()):
            # A task of its own, shielded: whoever asked first may give up while others wait for the same file.
            load = self._loads[origin] = asyncio.create_task(self._load(origin))
        self._loads.move_to_end(origin)
        self._forget_oldest()
        return await asyncio.shield(load)

    def _forget_oldest(self) -> None:
        """Keep within bounds by dropping what was used longest ago."""
        chars = sum(load.result().chars for load in self._loads.values() if load.done())
        while len(self._loads) > _MAX_ORIGINS or chars > _MAX_TOTAL_CHARS:
            _, oldest = self._loads.popitem(last=False)
            chars -= oldest.result().chars if oldest.done() else 0

    async def _load(self, origin: httpx.URL) -> _Rules:
        attempt = 1
        while True:
            try:
                text = await self._read(origin)
                parser = parse_robots(text, self._policy.robots_name)
                terms = replace(read_terms(text), tdmrep=await self._read_tdmrep(origin))
                until = self._clock.now() + self._policy.robots_ttl_s
                return _Rules(until=until, chars=len(text) + len(terms.tdmrep), parser=parser, terms=terms)
            except FetchError as error:
                if error.reason == Reason.REDIRECTS or _is_unavailable(error.status):
                    terms = Terms(tdmrep=await self._read_tdmrep(origin))
                    until = self._clock.now() + self._policy.robots_ttl_s
                    return _Rules(until=until, chars=len(terms.tdmrep), terms=terms)
                if not error.again or attempt >= self._policy.attempts:
                    return _Rules(until=self._clock.now() + _UNREACHABLE_TTL_S, fault=(error.reason, error.detail))
            await self._clock.sleep(self._policy.pause_s(str(origin), attempt))
            attempt += 1

    async def _read_tdmrep(self, origin: httpx.URL) -> bytes:
        """The file in which an origin reserves mining (TDMRep); nothing where it has none, or it is not wanted."""
        if not self._policy.tdmrep:
            return b""
        url = origin.join("/.well-known/tdmrep.json")
        try:
            reply = await self._exchange.get(url, delay_s=self._policy.delay_s, read=_read_start)
        except FetchError:
            return b""
        return reply.body if reply.location is None else b""

    async def _read(self, origin: httpx.URL) -> str:
        """Ask for the file, through at most five redirects, to other hosts too (2.3.1.2)."""
        url = origin.join("/robots.txt")
        for hop in range(self._policy.max_redirects + 1):
            try:
                reply = await self._exchange.get(url, delay_s=self._policy.delay_s, read=_read_start)
            except FetchError as error:
                if _is_unavailable(error.status) or (hop == 0 and not error.reached):
                    raise
                detail = f"robots.txt: {error.detail}"
                raise FetchError(Reason.ROBOTS_UNREACHABLE, detail, again=error.again, status=error.status) from error
            if reply.location is None:
                return reply.body.decode("utf-8-sig", "replace")
            url = redirect_target(url, reply.location)
        raise FetchError(Reason.REDIRECTS, f"robots.txt: more than {self._policy.max_redirects} redirects")


def parse_robots(text: str, name: str) -> Protego:
    """Parse a robots.txt for one reader, whose product token must be named in full (RFC 9309, 2.2.1).

    All other agents become one: Protego keeps each rule once for each agent of its group, so 3,000 agents that share
    3,000 rules, 100 kB of text, kept it busy for 26 s and took 1.2 GB (0.7.0). It also takes "User-agent: n" to mean
    everyone whose name begins with an n.

    Args:
        text: The file.
        name: The product token that will be asked for.
    """
    return Protego.parse("\n".join(_as_read_by(name, line) for line in text.splitlines()))


def _as_read_by(name: str, line: str) -> str:
    match = _AGENT_LINE(line.partition("#")[0])
    if match is None:
        return line
    agent = match[1].strip()
    if agent == "*":
        return "User-agent: *"
    ours = agent.replace("*", "").split("/")[0].strip().lower() == name.lower()
    return f"User-agent: {name}" if ours else "User-agent: somebody-else"


def _absolute(origin: httpx.URL, address: str) -> str:
    """A sitemap's address as it ought to be; one that is no URL at all stays what it is, for the report."""
    try:
        return str(origin.join(address))
    except (httpx.InvalidURL, ValueError):
        return address


def _is_unavailable(status: int | None) -> bool:
    """Whether a status says that there are no rules, which allows all (RFC 9309, 2.3.1.3).

    429 is one of them by the letter, but it speaks of us and not of the file; Google reads it like a 5xx as well.
    """
    return status is not None and status < 500 and status != 429


async def _read_start(response: httpx.Response) -> bytes:
    return await read_body(response, _MAX_BYTES, cut=True)
