"""Outlets as configured, and what their feeds announce."""

from __future__ import annotations

import calendar
import html
import io
import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urljoin

import feedparser
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest.errors import ConfigError
from ingest.model import Page, Seed, Via
from ingest.outcome import Reason, Rejection, Stage

Fetch = Callable[[Seed], Page | Rejection]

_TAG = re.compile(r"<[^<>]+>")
_FIRST_NEWSPAPER = 1605  # the Relation of Strasbourg; .NET writes an unset date as the year 1


class Source(BaseModel):
    """An outlet: one `[[source]]` table of sources.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(min_length=1, description="How records name the outlet")]
    feeds: Annotated[tuple[str, ...], Field(min_length=1, description="RSS or Atom feeds")]
    language: Annotated[str | None, Field(description="BCP-47 code the outlet mostly writes in")] = None
    delay_s: Annotated[float | None, Field(ge=0, description="Seconds between two requests to this outlet")] = None
    max_articles: Annotated[int, Field(ge=1, description="Newest entries taken from a feed in one run")] = 200


def load_sources(path: Path) -> tuple[Source, ...]:
    """Read sources.toml.

    Raises:
        ConfigError: the file is missing, no TOML, or a source in it is wrong; the message says which and why.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ConfigError(f"no such file: {path}; name the folder that holds sources.toml with --config") from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    tables = data.pop("source", [])
    if data:
        raise ConfigError(f"{path}: {next(iter(data))!r} is unknown: all that may stand there are [[source]] tables")
    if not isinstance(tables, list) or not tables:
        raise ConfigError(f"{path} names no source: add a [[source]] table with a name and feeds")
    sources = tuple(_source(path, table) for table in tables)
    names = [source.name for source in sources]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ConfigError(f"{path}: two sources are named {repeated[0]!r}; names must differ")
    return sources


def discover(source: Source, address: str, fetch: Fetch) -> tuple[Seed, ...] | Rejection:
    """The seeds that one of an outlet's feeds announces, newest entries first as the feed has them."""
    page = fetch(Seed(url=address, source=source.name, via=Via.FEED))
    found = page if isinstance(page, Rejection) else read_feed(page)
    if isinstance(found, Rejection):
        return Rejection(
            url=address, source=source.name, stage=Stage.DISCOVER, reason=found.reason, detail=found.detail
        )
    return found[: source.max_articles]


def read_feed(page: Page) -> tuple[Seed, ...] | Rejection:
    """The entries of an RSS or Atom feed, with what it says of their titles and dates, or BAD_FEED."""
    headers = {"content-type": page.header("content-type") or "", "content-location": page.final_url}
    try:
        # As a stream: feedparser takes bytes for the name of a file, if there is one of that name.
        parsed = feedparser.parse(io.BytesIO(page.body), response_headers=headers, sanitize_html=False)
    except Exception as error:  # noqa: BLE001 - feedparser raises anything on hostile bytes: one feed must not end a run
        return _bad_feed(page, f"{type(error).__name__}: {error}"[:300])
    if not parsed.get("version") and not parsed.entries:
        return _bad_feed(page, "neither RSS nor Atom")
    seeds = []
    for entry in parsed.entries:
        link = entry.get("link") or (entry.get("id") if str(entry.get("id", "")).startswith("http") else None)
        if link:
            seeds.append(
                Seed(
                    url=_absolute(page.final_url, link.strip()),
                    source=page.seed.source,
                    via=Via.FEED,
                    title=_title(entry),
                    published_at=_instant(entry),
                )
            )
    return tuple(seeds)


def _bad_feed(page: Page, detail: str) -> Rejection:
    return Rejection(
        url=page.seed.url, source=page.seed.source, stage=Stage.DISCOVER, reason=Reason.BAD_FEED, detail=detail
    )


def _absolute(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:  # it cannot be read as a URL: the seed is counted, and rejected like any other
        return link


def _title(entry: Any) -> str | None:  # noqa: ANN401 - feedparser's dictionary
    title = entry.get("title") or ""
    if title and entry.title_detail.type != "text/plain":
        title = html.unescape(_TAG.sub("", title))
    return " ".join(title.split()) or None


def _instant(entry: Any) -> datetime | None:  # noqa: ANN401 - feedparser's dictionary
    # feedparser gives UTC as a struct_time. Atom without `published` has `updated`, which is then the better witness
    # than nothing. A date in the future is a mistake of the feed.
    parsed = entry.get("published_parsed")
    if parsed is None and "updated_parsed" in entry:  # asked for one that is not there, feedparser warns
        parsed = entry.get("updated_parsed")
    if parsed is None:
        return None
    try:
        instant = datetime.fromtimestamp(calendar.timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return instant if instant.year >= _FIRST_NEWSPAPER and instant <= datetime.now(UTC) else None


def _source(path: Path, table: object) -> Source:
    try:
        return Source.model_validate(table)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        name = table.get("name", "?") if isinstance(table, dict) else "?"
        raise ConfigError(f"{path}: source {name!r}: {where}: {problem['msg']}") from error
