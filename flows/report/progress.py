"""How far a run is, in Prefect's UI: in its name, its log, and an artifact. Nothing of it holds the run up."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from prefect.artifacts import create_progress_artifact
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import ArtifactUpdate

from flows.report.publish import rename, safely
from flows.tally import TALLY, Tally

logger = logging.getLogger(__name__)

_UPDATE_EVERY_S = 1.0


class Progress:
    """A `flows.watch.Watch` that shows in the UI how far a run is; a context manager.

    Any thread may call it, and as often as it likes. The server is told by a thread of its own, since an answer takes
    a tenth of a second on a quiet machine and more on one that is busy with a run.

    Args:
        title: the name of the run; its size is added once it is known.
        key: the first part of the artifact's key.
        clock: seconds that only grow.
        tally: what is told of the run URL by URL.
    """

    def __init__(self, title: str, key: str, clock: Callable[[], float] = time.monotonic, tally: Tally = TALLY) -> None:
        self.title = title
        self._key = key
        self._clock = clock
        self._tally = tally
        self._artifact: UUID | None = None
        self._shown: tuple[str, int, float | None] = ("", -1, None)  # phase, how many are through, what share that is
        self._due = float("-inf")
        self._told: Future[None] | None = None
        self._lock = Lock()
        self._context = copy_context()  # Prefect knows the run by it
        self._teller = ThreadPoolExecutor(1, "newsmill-progress")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A run that was cut short does not wait to say how far it came.
        self._teller.shutdown(wait=error is None, cancel_futures=error is not None)

    def __call__(self, phase: str, done: int, total: int, /) -> None:
        """Show that `done` of `total` are through a phase; the artifact is updated at most once a second."""
        with self._lock:
            share = self._tally.share if phase == "articles" and self._tally.more else None
            if (phase, done, share) == self._shown:
                return
            self._shown = (phase, done, share)
            if phase != "articles":
                self._context.copy().run(logger.info, "%s: %d", phase, done)
                return
            line = self._tally.line()
            said = f"{phase}: {done} of {self._size(total)}" + (f" ({line})" if line else "")
            self._context.copy().run(logger.info, "%s", said)
            if share is None:
                share = done / total if total else 1.0
            self._tell(100.0 * share, total)

    def _size(self, total: int) -> str:
        return f"{total}{' or more' if self._tally.more else ''}"

    def _tell(self, percent: float, total: int) -> None:
        if self._told is None:
            self.title = f"{self.title}, {self._size(total)} {'article' if total == 1 else 'articles'}"
            action: Callable[[float], None] = self._begin
        elif percent == 100.0 or (self._told.done() and self._clock() >= self._due):
            action = self._update
        else:
            return
        self._due = self._clock() + _UPDATE_EVERY_S
        self._told = self._teller.submit(self._context.copy().run, action, percent)

    def _begin(self, percent: float) -> None:
        rename(self.title)
        self._artifact = safely("show the progress", self._create, percent)

    def _create(self, percent: float) -> Any:  # noqa: ANN401 - Prefect's signature allows for a coroutine
        key = f"{self._key}-progress"
        return create_progress_artifact(percent, key=key, description=f"Articles of {self.title}")

    def _update(self, percent: float) -> None:
        if (artifact := self._artifact) is None:
            return

        def send() -> None:
            with get_client(sync_client=True) as client:
                said = " · ".join(part for part in (f"Articles of {self.title}", self._tally.line()) if part)
                client.update_artifact(artifact, ArtifactUpdate(data=percent, description=said))

        safely("show the progress", send)
