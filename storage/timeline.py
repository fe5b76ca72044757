"""The captures of a record in the order of their times, and the versions that they tell of. Pure.

What counts is when a page was captured, not when that capture came here: the same captures make the same versions in
whatever order they came.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

Identity = tuple[str, str]
"""Which capture: when it was taken, and the hash of its body."""


class State(StrEnum):
    """What a capture says of an article."""

    TEXT = "text"
    TWIN = "twin"  # the text in another layout, at an address that names the article's own
    NOTICE = "notice"  # that it was taken away, in its place
    GONE = "gone"  # there is no such page (any more)
    SAME = "same"  # nothing has changed since an earlier capture


TEXTS = frozenset({State.TEXT, State.TWIN})
"""States of captures that have a text of the article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A capture of a record.

    Attributes:
        captured_at: when it was taken: ISO 8601 in UTC to the microsecond, so that it sorts.
        body: hex SHA-256 of the body, or the state of what has none.
        address: key of the URL that was captured.
        state: what it says.
        wording: hash of title and clean text.
        as_read: the same, before lines were taken out that stand on many pages of the site.
        repeats: of a capture that says that nothing has changed: since when.
    """

    captured_at: str
    body: str
    address: str
    state: State = State.TEXT
    wording: str = ""
    as_read: str = ""
    repeats: str | None = None

    @property
    def identity(self) -> Identity:
        """What tells it from others of the record."""
        return self.captured_at, self.body

    def says(self, other: Sighting) -> bool:
        """Whether both have the same text; what else was met of a site must not make a difference."""
        return self.wording == other.wording or self.as_read == other.as_read


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What an article said from a capture on: `text` is the capture whose text it was, ``None`` while it was gone."""

    head: Sighting
    text: Sighting | None


def versions_of(sightings: Iterable[Sighting]) -> list[Version]:
    """The versions of a record, the oldest first.

    A version begins where the text is another than before. Two addresses of one record may serve two texts: each is
    compared with what it served before. An article is gone when the address that had it last has it no more. What other
    layouts serve (AMP, print) counts only while nobody has seen the article at its own address.
    """
    sightings = list(sightings)
    if any(one.state is State.TEXT for one in sightings):
        sightings = [one for one in sightings if one.state is not State.TWIN]
    versions: list[Version] = []
    served: dict[str, Sighting] = {}  # what each address had last
    served_at: dict[str, str] = {}
    seen: list[Sighting] = []
    for one in sorted(sightings, key=lambda each: (each.identity, each.address)):
        said = _said(one, seen, served)
        current = versions[-1].text if versions else None
        if one.state is State.NOTICE and any(each.text and each.text.state in TEXTS for each in versions):
            said = None
        elif said is None and one.state is not State.GONE:
            continue  # it repeats what nobody has seen
        if said is None:
            is_last = one.state is State.NOTICE or served_at.get(one.address) == max(served_at.values(), default="")
            if current is not None and is_last:
                versions.append(Version(head=one, text=None))
            continue
        before = served.get(one.address)
        if not versions or current is None or not (said.says(current) or (before is not None and said.says(before))):
            versions.append(Version(head=one, text=said))
        served[one.address] = said
        served_at[one.address] = one.captured_at
        if one.state is not State.SAME:
            seen.append(one)
    return versions


def shown_of(versions: Sequence[Version]) -> Version | None:
    """The version that the record shows: the last text that is known of it."""
    return next((one for one in reversed(versions) if one.text is not None), None)


def _said(one: Sighting, seen: list[Sighting], served: dict[str, Sighting]) -> Sighting | None:
    """The capture whose text another has; ``None`` where it has none, or nobody has seen it."""
    if one.state is State.GONE:
        return None
    if one.state is not State.SAME:
        return one
    told = [each for each in seen if one.repeats is not None and each.captured_at <= one.repeats]
    return told[-1] if told else served.get(one.address)
