"""How a page was heard of, as the `metadata` record beside it: lines of `name: value`, application/warc-fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from ingest.model import Evidence, Page, Seed, Via
from ingest.value import Value

BREAKS = re.compile(r"[\r\n\0]+")
"""What would end a line in a header or in the fields of a record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard(Value):
    """What the metadata record of a page says: the seed, its key in the state table, the URLs asked before the last.

    `terms` are what the origin says of the use of its pages; `fetched_at` is when a local file was read, whose record
    is dated by when it was saved.
    """

    seed: Seed
    key: str | None
    redirects: tuple[str, ...] = ()
    terms: tuple[Evidence, ...] = ()
    fetched_at: datetime | None = None


def encode_heard(page: Page, key: str | None) -> bytes:
    """The metadata record's content. A line break in a value becomes a space; validators are not kept."""
    seed = page.seed
    fields = [
        ("requestedUrl", seed.url),
        ("seedVia", seed.via.value),
        ("seedSource", seed.source),
        ("seedTitle", seed.title),
        ("seedPublishedAt", seed.published_at.isoformat() if seed.published_at else None),
        ("seedLanguage", seed.language),
        *(("redirectedFrom", url) for url in page.redirects),
        *(("terms", f"{one.about} {one.says} {one.origin} {one.text}") for one in page.terms),
        ("stateKey", key),
        ("fetchedAt", page.fetched_at.isoformat()),
    ]
    lines = [f"{name}: {BREAKS.sub(' ', value)}\r\n" for name, value in fields if value is not None]
    return "".join(lines).encode("utf-8", "replace")


def decode_heard(content: bytes) -> Heard | None:
    """The reverse; ``None`` for a metadata record that another program wrote."""
    fields: dict[str, str] = {}
    redirects: list[str] = []
    terms: list[list[str]] = []
    for name, value in _fields(content):
        if name == "redirectedFrom":
            redirects.append(value)
        elif name == "terms":
            terms.append(value.split(" ", 3))
        else:
            fields[name] = value
    try:
        published, fetched = fields.get("seedPublishedAt"), fields.get("fetchedAt")
        seed = Seed(
            url=fields["requestedUrl"],
            source=fields.get("seedSource"),
            via=Via(fields["seedVia"]),
            title=fields.get("seedTitle"),
            published_at=datetime.fromisoformat(published) if published else None,
            language=fields.get("seedLanguage"),
        )
        fetched_at = datetime.fromisoformat(fetched) if fetched else None
    except (KeyError, ValueError):
        return None
    seen_at = fetched_at or datetime.fromisoformat("0001-01-01T00:00:00+00:00")
    said = tuple(
        Evidence(about=one[0], says=one[1], origin=one[2], text=one[3], seen_at=seen_at)
        for one in terms
        if len(one) == 4
    )
    return Heard(seed=seed, key=fields.get("stateKey"), redirects=tuple(redirects), terms=said, fetched_at=fetched_at)


def _fields(content: bytes) -> Iterator[tuple[str, str]]:
    for line in content.decode("utf-8", "replace").split("\r\n"):
        name, colon, value = line.partition(": ")
        if colon:
            yield name, value
