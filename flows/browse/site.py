"""What every page knows: the open database, and how it is shown."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from storage.browse import listing
from storage.store import Store, Transaction

# Counting a hundred thousand records by language and source takes a tenth of a second, more than all else on the page.
_MENUS_LAST_S = 60

Menu = list[tuple[str, int]]
"""What can be chosen, each with its records."""


class Menus:
    """The languages and the sources to choose from: read anew once a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._read: tuple[float, tuple[Menu, Menu]] | None = None

    def languages_and_sources(self, tx: Transaction) -> tuple[Menu, Menu]:
        """Both, the most frequent first. Two requests at once may both read them, which does no harm."""
        now = self._clock()
        if self._read is None or now - self._read[0] > _MENUS_LAST_S:
            self._read = (now, listing.choices(tx))
        return self._read[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A database to look at.

    Args:
        store: the open database.
        target: the language of the translations.
        zone: the time zone that runs are told in.
        indexed: up to which change the search index is; ``None`` where there is none (see `storage.changes`).
        notice: what the reader should know on every page, such as that the index could not be brought up to date.
        menus: what the filters offer.
    """

    store: Store
    target: str
    zone: ZoneInfo
    indexed: int | None
    notice: str | None = None
    menus: Menus = field(default_factory=Menus)
