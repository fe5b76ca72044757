"""Every number that steers fetching."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """How to fetch. Times are seconds, sizes are bytes.

    Attributes:
        user_agent: Sent with every request; its first word, up to a slash, is the name looked for in robots.txt.
        delay_s: Least time between the starts of two requests to one host; `hosts` keeps a longer distance from a host
            that refuses or is slow.
        crawl_delay_cap_s: The longest Crawl-delay of a robots.txt that is honoured in full.
        concurrency: Most requests under way at once, over all hosts; never more than one to a host.
        deadline_s: Most time for one request, from the connection to the last byte of the body.
        connect_timeout_s: Most time for the look-up of a name, and for a connection with its TLS handshake.
        max_body_bytes: Most bytes of a page, after decompression.
        max_feed_bytes: `max_body_bytes` for feeds; the caller passes it as `limit_bytes`.
        max_ratio: Most bytes of a decoded body for each byte of it on the wire, once it is past a megabyte.
        attempts: Most tries of one seed, the first included.
        backoff_s: The wait before try n + 1 is about n times this.
        retry_after_cap_s: The longest Retry-After that is waited for; beyond it the seed fails until the next run.
        max_redirects: Most redirects that are followed for one seed.
        allow_private: Pairs "host:port" whose address may be private, spelt as in the URL ("[::1]:8080" for IPv6).
        source_delays: What takes the place of `delay_s` for the seeds of a source, by its name.
        respect_robots: Whether robots.txt is read and obeyed.
        robots_ttl_s: How long a robots.txt is believed.
        tdmrep: Whether the origin's /.well-known/tdmrep.json is read, too, once with its robots.txt.
        pdf: Whether PDF is taken; by default where it can be read.
        proxy: An HTTP proxy for all requests, "http://user:password@host:port" or without the credentials. It looks
            names up itself: what we find at a name is judged before anything is sent, but only the proxy sees where
            the connection goes.
    """

    user_agent: str = "newsmill/0.2 (+https://github.com/newsmill/newsmill)"
    # Between Scrapy's old default of none and the 5 s of trafilatura and Media Cloud: with one request at a time to a
    # host, a reader who clicks fast does the same.
    delay_s: float = 1.0
    # StormCrawler's cap in news-crawl; a longer one would hold a run for hours over one host.
    crawl_delay_cap_s: float = 120.0
    # At one request a second to a host and half a second for an answer, 32 keep 64 hosts busy.
    concurrency: int = 32
    # A timeout for each read does not stop a server that drips one byte a second; this one does.
    deadline_s: float = 30.0
    connect_timeout_s: float = 10.0
    # What is larger takes long to extract: 8 MB of paragraphs kept trafilatura busy for 14 s.
    max_body_bytes: int = 5_000_000
    # A sitemap may have 50,000 addresses in 50 MB; at 200 bytes each, the usual, they take 10 MB.
    max_feed_bytes: int = 20_000_000
    # The most regular sitemap, of 50,000 numbered pages, comes down to a fortieth, a bomb to a thousandth.
    max_ratio: float = 100.0
    attempts: int = 3
    backoff_s: float = 1.0
    retry_after_cap_s: float = 60.0
    # RFC 9309 (2.3.1.2) wants at least five for robots.txt; articles need two or three (to https, to www, to the slug).
    max_redirects: int = 5
    allow_private: frozenset[str] = frozenset()
    source_delays: Mapping[str, float] = field(default_factory=dict)
    respect_robots: bool = True
    # RFC 9309 (2.4): a cached copy should not be used for more than 24 hours.
    robots_ttl_s: float = 86_400.0
    tdmrep: bool = False
    pdf: bool = field(default_factory=lambda: find_spec("pdfminer") is not None)
    proxy: str | None = field(default=None, repr=False)  # may hold a password

    @property
    def robots_name(self) -> str:
        """The product token of the user agent: what a robots.txt calls us."""
        return self.user_agent.split("/")[0].split()[0]

    def delay_of(self, source: str | None) -> float:
        """The own delay in seconds to keep for a seed of this source."""
        return self.delay_s if source is None else self.source_delays.get(source, self.delay_s)

    def pause_s(self, url: str, attempt: int) -> float:
        """How long to wait after a failed attempt (the first is 1): linear, 0.5 to 1.5 times `backoff_s` for each.

        The part of chance is taken from the URL, so that many that failed together do not come back together and yet
        a run can be repeated.
        """
        chance = zlib.crc32(f"{attempt} {url}".encode("utf-8", "replace")) / 2**32
        return self.backoff_s * attempt * (0.5 + chance)
