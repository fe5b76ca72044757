"""Outlets as configured in sources.toml, and what they announce."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ingest.discover.gather import Discovery, ListingReport, Wanted, gather
from ingest.discover.listing import Fetch
from ingest.discover.patterns import compile_pattern
from ingest.errors import ConfigError
from ingest.model import Validators, Via
from ingest.urls import canonicalize
from ingest.value import well_formed

__all__ = ["Discovery", "Expect", "Fetch", "ListingReport", "Source", "as_toml", "discover", "load_sources"]

_NOTHING_KNOWN: Mapping[str, Validators] = MappingProxyType({})


def _address(value: str) -> str:
    canonicalize(value)
    return value


def _name(value: str) -> str:
    if well_formed(value) != value:
        raise ValueError("a name holds no control characters")
    return value


def _pattern(value: str) -> str:
    compile_pattern(value)
    return value


Address = Annotated[str, AfterValidator(_address)]
Pattern = Annotated[str, AfterValidator(_pattern)]


class Expect(BaseModel):
    """What an outlet announces on an ordinary night; less is reported."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_articles: Annotated[int, Field(ge=0, description="Fewest articles that its listings announce")] = 0


class Source(BaseModel):
    """An outlet: one `[[source]]` table of sources.toml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[
        str, AfterValidator(_name), Field(min_length=1, max_length=200, description="How records name the outlet")
    ]
    feeds: Annotated[tuple[Address, ...], Field(description="RSS, Atom or JSON feeds")] = ()
    sitemaps: Annotated[tuple[Address, ...], Field(description="Sitemaps, of news if there is one")] = ()
    pages: Annotated[tuple[Address, ...], Field(description="Section pages whose links are followed")] = ()
    include: Annotated[tuple[Pattern, ...], Field(description="Only addresses that match one of these")] = ()
    exclude: Annotated[tuple[Pattern, ...], Field(description="No addresses that match one of these")] = ()
    language: Annotated[
        str | None,
        Field(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$", description="BCP-47 code the outlet mostly writes in"),
    ] = None
    delay_s: Annotated[
        float | None, Field(ge=0, allow_inf_nan=False, description="Seconds between two requests to this outlet")
    ] = None
    max_articles: Annotated[int, Field(ge=1, description="Most articles taken in one run, newest first")] = 200
    paywall: Annotated[
        Literal["none", "metered", "hard"] | None, Field(description="A note for people, shown in reports")
    ] = None
    recheck: Annotated[bool, Field(description="Whether young articles are asked again in later nights")] = True
    expect: Annotated[Expect | None, Field(description="What an ordinary night brings")] = None

    @model_validator(mode="after")
    def _has_a_listing(self) -> Self:
        if not (self.feeds or self.sitemaps or self.pages):
            raise ValueError("no feeds, sitemaps or pages: give one of them, or find some with `newsmill sources add`")
        return self


def load_sources(path: Path) -> tuple[Source, ...]:
    """Read sources.toml.

    Raises:
        ConfigError: the file is missing, no TOML, or a source in it is wrong; the message says which and why.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"no such file: {path}; name the folder that holds sources.toml with --config") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    sources = parse_sources(text, path)
    if not sources:
        raise ConfigError(f"{path} names no source: add a [[source]] table with a name and feeds")
    return sources


def parse_sources(text: str, path: Path) -> tuple[Source, ...]:
    """The sources in the text of a sources.toml, which may have none yet; `path` is for messages.

    Raises:
        ConfigError: it is no TOML, or a source in it is wrong.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ConfigError(f"cannot read {path}: {error}") from error
    tables = data.pop("source", [])
    if data:
        raise ConfigError(f"{path}: {next(iter(data))!r} is unknown: all that may stand there are [[source]] tables")
    if not isinstance(tables, list):
        raise ConfigError(f"{path} names no source: write [[source]], in double brackets")
    sources = tuple(_source(path, table) for table in tables)
    names = [source.name for source in sources]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ConfigError(f"{path}: two sources are named {repeated[0]!r}; names must differ")
    return sources


def discover(
    source: Source, fetch: Fetch, *, since: datetime | None = None, known: Mapping[str, Validators] = _NOTHING_KNOWN
) -> Discovery:
    """What an outlet's feeds, sitemaps and section pages announce.

    Args:
        source: The outlet.
        fetch: Called for one listing at a time, with a seed that names the outlet.
        since: Leave out what sitemaps say is older: they hold whole sites. Feeds are short, and kept whole.
        known: By address, what tells whether a listing is still the one that was read last; it then announces nothing.

    Returns:
        At most `max_articles` seeds, each address once: those of feeds before those of sitemaps and of section pages,
        the newest first; and a report for each listing that was asked for.
    """
    wanted = Wanted(
        source=source.name,
        language=source.language,
        include=tuple(map(compile_pattern, source.include)),
        exclude=tuple(map(compile_pattern, source.exclude)),
        since=since,
        most=source.max_articles,
    )
    addresses = (
        *((address, Via.FEED) for address in source.feeds),
        *((address, Via.SITEMAP) for address in source.sitemaps),
        *((address, Via.SECTION) for address in source.pages),
    )
    return gather(addresses, fetch, wanted, known)


def as_toml(source: Source) -> str:
    """A source as a `[[source]]` table, without what is as by default; `load_sources` reads it back."""
    lines = ["[[source]]"]
    for name in Source.model_fields:
        value = getattr(source, name)
        if value != Source.model_fields[name].get_default():
            lines.append(f"{name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _toml(value: str | float | Sequence[str] | Expect) -> str:
    if isinstance(value, Expect):
        return f"{{ min_articles = {value.min_articles} }}"
    if isinstance(value, str):
        # JSON's strings are TOML's, but for DEL, which TOML wants escaped.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, int | float):
        return repr(value).lower()  # true and false; numbers are as in Python
    parts = [_toml(part) for part in value]
    if len(parts) == 1:
        return f"[{parts[0]}]"
    return "[\n" + "".join(f"    {part},\n" for part in parts) + "]"


def _source(path: Path, table: object) -> Source:
    try:
        return Source.model_validate(table)
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        name = table.get("name", "?") if isinstance(table, dict) else "?"
        message = problem["msg"].removeprefix("Value error, ")
        raise ConfigError(f"{path}: source {name!r}: {where + ': ' if where else ''}{message}") from error
