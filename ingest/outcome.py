"""What became of a seed: stored, unchanged, rejected or failed, where and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.errors import NewsmillError
from ingest.model import Seed
from ingest.value import Value


class Stage(StrEnum):
    """Where in the pipeline something was rejected."""

    DISCOVER = "discover"
    FETCH = "fetch"
    EXTRACT = "extract"
    STORE = "store"


class Reason(StrEnum):
    """Why a seed did not become a record. The values label counters and reports; docs/record.md explains each."""

    BAD_URL = "bad_url"
    BAD_FEED = "bad_feed"
    BAD_TYPE = "bad_type"
    BAD_WARC = "bad_warc"
    BLOCKED = "blocked"
    CONSENT_WALL = "consent_wall"
    EMPTY = "empty"
    EXTRACT_TIMEOUT = "extract_timeout"
    EXTRACT_CRASH = "extract_crash"
    FORGOTTEN = "forgotten"
    GONE = "gone"
    HTTP_ERROR = "http_error"
    LOGIN = "login"
    NO_TEXT = "no_text"
    NOT_FOUND = "not_found"
    PAYWALL = "paywall"
    POISON = "poison"
    PRIVATE_ADDRESS = "private_address"
    REDIRECTS = "redirects"
    RESERVED = "reserved"
    ROBOTS = "robots"
    TOO_BIG = "too_big"
    UNREADABLE = "unreadable"
    UNSTORABLE = "unstorable"
    # From here on the world was at fault for the moment, and a retry may help.
    CONNECT = "connect"
    DNS = "dns"
    LOST = "lost"
    ROBOTS_UNREACHABLE = "robots_unreachable"
    SERVER_ERROR = "server_error"
    TIMEOUT = "timeout"
    TLS = "tls"
    TOO_MANY_REQUESTS = "too_many_requests"

    @property
    def transient(self) -> bool:
        """Whether trying again later may succeed: such a seed counts as `failed`, the others as `rejected`."""
        return self in _TRANSIENT


_TRANSIENT = frozenset(
    {
        Reason.CONNECT,
        Reason.DNS,
        Reason.LOST,
        Reason.ROBOTS_UNREACHABLE,
        Reason.SERVER_ERROR,
        Reason.TIMEOUT,
        Reason.TLS,
        Reason.TOO_MANY_REQUESTS,
    }
)


class Outcome(StrEnum):
    """What became of a seed in a run. Every seed of a run ends in exactly one."""

    STORED = "stored"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection(Value):
    """A seed that did not become a record, where and why."""

    url: str
    source: str | None
    stage: Stage
    reason: Reason
    detail: str = ""

    @property
    def outcome(self) -> Outcome:
        """`failed` where a retry may help, else `rejected`."""
        return Outcome.FAILED if self.reason.transient else Outcome.REJECTED


class RejectedError(NewsmillError):
    """One page was asked for, and it did not become a record: `rejection` says why."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(rejection)
        self.rejection = rejection

    def __str__(self) -> str:
        return f"{self.rejection.url}: {self.rejection.reason} ({self.rejection.detail})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmodified(Value):
    """The answer to a seed with validators: what we hold is still the newest.

    `how` is "304" where the server said so, "same body" where it sent the same bytes again.
    """

    seed: Seed
    how: str
