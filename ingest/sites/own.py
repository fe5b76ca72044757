"""Our own files about sites: TOML, one of each site, named after its host."""

from __future__ import annotations

import json
import tomllib
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from ingest.errors import InputError
from ingest.model import SiteRule
from ingest.sites.file import SiteFile, named, usable, versioned
from ingest.xpath import as_xpath

_RENDERS: Final = {"as_list": "li", "as_heading": "h3", "as_quote": "blockquote"}


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _format(value: str) -> str:
    try:
        datetime.strptime(datetime(2022, 12, 31, 13, 5).astimezone().strftime(value), value)  # noqa: DTZ007
    except ValueError as error:
        raise ValueError(f"no format of dates: {error}; it is written as Python's strptime has it") from error
    return value


Several = Annotated[tuple[str, ...], BeforeValidator(_listed)]


class Change(BaseModel):
    """A literal change of the source of a page."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    find: Annotated[str, Field(min_length=1)]
    put: str = ""


class Site(BaseModel):
    """A file about a site, `sites/<host>.toml`. Expressions are CSS, or XPath where they begin with `/`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    body: Annotated[Several, Field(description="Where the text stands; of several the first that finds any")] = ()
    json_path: Annotated[Several, Field(description='Where it stands in data: `"article.body"`, `*` for any')] = ()
    title: Annotated[Several, Field(description="Where the headline stands")] = ()
    author: Annotated[Several, Field(description="Where the names of the authors stand")] = ()
    date: Annotated[Several, Field(description="Where the day or time of publication stands")] = ()
    date_format: Annotated[
        str | None, AfterValidator(_format), Field(description="How it is written, as `strptime` has it")
    ] = None
    strip: Annotated[Several, Field(description="What is taken out before the text is read")] = ()
    dissolve: Annotated[Several, Field(description="Elements that go, while what is in them stays")] = ()
    as_list: Annotated[Several, Field(description="What is read as items of a list")] = ()
    as_heading: Annotated[Several, Field(description="What is read as headings")] = ()
    as_quote: Annotated[Several, Field(description="What is read as quotations")] = ()
    replace: Annotated[tuple[Change, ...], Field(description='Changes of the source: `{ find = "", put = "" }`')] = ()
    only_if: Annotated[Several, Field(description="The rule is meant for pages in which one of these finds any")] = ()
    next_page: Annotated[Several, Field(description="Links to the next page of an article")] = ()
    single_page: Annotated[Several, Field(description="Links to all pages of an article as one")] = ()
    trusted: Annotated[bool, Field(description="Believe the rule however little it finds")] = False
    tests: Annotated[Several, Field(description="Addresses of pages to try it on")] = ()


def read_own(text: str, host: str) -> SiteFile:
    """Read the file of a site.

    Raises:
        InputError: it is no TOML, or says what no such file can say.
    """
    try:
        site = Site.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise InputError(f"no TOML: {error}") from error
    except ValidationError as error:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise InputError(f"{where}: {problem['msg'].removeprefix('Value error, ')}") from error
    problems: list[str] = []

    def read(key: str) -> tuple[str, ...]:
        return usable(named(key, getattr(site, key)), as_xpath, problems)

    rule = SiteRule(
        host=host,
        version="",
        body=read("body"),
        title=read("title"),
        author=read("author"),
        date=read("date"),
        date_format=site.date_format,
        strip=read("strip"),
        dissolve=read("dissolve"),
        renders=tuple((tag, one) for key, tag in _RENDERS.items() for one in read(key)),
        replace=tuple((one.find, one.put) for one in site.replace),
        data=site.json_path,
        only_if=read("only_if"),
        next_page=read("next_page"),
        single_page=read("single_page"),
        trusted=site.trusted,
    )
    return SiteFile(rule=versioned(rule), problems=tuple(problems), tests=site.tests)


def as_toml(said: dict[str, tuple[str, ...]]) -> str:
    """The text of a file about a site that says this, for a person to look at."""
    lines = []
    for key, values in said.items():
        parts = [json.dumps(value, ensure_ascii=False) for value in values]
        if len(parts) == 1:
            lines.append(f"{key} = {parts[0]}")
        elif parts:
            lines.append(f"{key} = [\n" + "".join(f"    {part},\n" for part in parts) + "]")
    return "\n".join(lines) + "\n"
