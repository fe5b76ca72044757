"""The one exception inside this package; `visit` lets it pass and `crawl` makes a `Rejection` of it."""

from __future__ import annotations

from ingest.outcome import Reason


class FetchError(Exception):
    """One request came to nothing.

    Attributes:
        reason: What is recorded of it.
        detail: One short phrase for a person.
        again: Whether asking once more within this run may help.
        status: The HTTP status that said so, if it was one.
        wait_s: How long the server asks to be left alone, where it says so.
        reached: Whether a connection to the server came about.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str,
        *,
        again: bool = False,
        status: int | None = None,
        wait_s: float | None = None,
        reached: bool = True,
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.again = again
        self.status = status
        self.wait_s = wait_s
        self.reached = reached
