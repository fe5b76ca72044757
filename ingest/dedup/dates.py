"""Which of two texts was published first, as far as their dates tell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from ingest.model import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When a text was published: an instant with an offset, or (`by_day`) a day, of which the time says nothing."""

    at: datetime
    by_day: bool = False

    @property
    def day(self) -> date:
        """The day; of an instant in UTC."""
        return self.at.date() if self.by_day else self.at.astimezone(UTC).date()

    def before(self, other: Published) -> bool:
        """Whether this surely was earlier: within one day only two instants tell."""
        if self.by_day or other.by_day:
            return self.day < other.day
        return self.at < other.at

    def __str__(self) -> str:
        return self.day.isoformat() if self.by_day else self.at.isoformat(timespec="minutes")


def published(at: datetime | None, precision: Precision | None) -> Published | None:
    """When a record was published, as far as is known."""
    return None if at is None else Published(at=at, by_day=precision is Precision.DAY)
