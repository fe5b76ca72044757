"""The rules of a folder, and which of them a page is read by."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from ingest.errors import InputError
from ingest.model import Page, SiteRule, Via
from ingest.sites.file import SiteFile
from ingest.urls import host_of

_HOST: Final = re.compile(r"\.?[\w-]+(?:\.[\w-]+)*")
_SUFFIXES: Final = (".txt", ".toml")  # ours last: it holds where both are there
_TAGS: Final = re.compile(rb"<(?:link|meta)\b([^<>]{1,1000})", re.IGNORECASE)
_CANONICAL: Final = re.compile(rb"canonical|og:url", re.IGNORECASE)
_ADDRESS: Final = re.compile(rb"\b(?:href|content)\s?=\s?[\"']?(https?://[^\"'\s>]{1,900})", re.IGNORECASE)
_HEAD: Final = 200_000  # bytes of a page in which it names its address
_LARGEST: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """Rules by host: "example.org" for it and for www.example.org, ".example.org" for all other hosts of it.

    `problems` are what is wrong in the files, each with the name of its file.
    """

    by_host: Mapping[str, SiteRule] = field(default_factory=dict)
    problems: tuple[str, ...] = ()

    def of_host(self, host: str) -> SiteRule | None:
        """The rule for a host; the most exact of several."""
        if not self.by_host:
            return None
        bare = host.removeprefix("www.")
        if bare in self.by_host:
            return self.by_host[bare]
        while "." in bare:
            bare = bare.partition(".")[2]
            if f".{bare}" in self.by_host:
                return self.by_host[f".{bare}"]
        return None

    def for_page(self, page: Page) -> Page:
        """The page with the rule of its site, which a saved page names itself."""
        rule = self.of_host(host_of_page(page)) if self.by_host else None
        return page if rule is None else replace(page, rule=rule)


NO_RULES: Final = SiteRules()
"""No site has a rule."""


def load_rules(folder: Path) -> SiteRules:
    """The rules in a folder, which need not be there; what is wrong in a file is told, and never ends anything."""
    rules: dict[str, SiteRule] = {}
    problems: list[str] = []
    for path in site_files(folder):
        try:
            found = read_site_file(path)
        except InputError as error:
            problems.append(f"{path.name}: {error}")
            continue
        rules[found.rule.host] = found.rule
        problems += [f"{path.name}: {problem}" for problem in found.problems]
    return SiteRules(by_host=rules, problems=tuple(problems))


def site_files(folder: Path) -> Iterator[Path]:
    """The files about sites in a folder, those of other readers first."""
    for suffix in _SUFFIXES:
        yield from sorted(folder.glob(f"*{suffix}"))


def read_site_file(path: Path) -> SiteFile:
    """Read a file about a site, whose host is its name.

    Raises:
        InputError: it cannot be read, or is not named after a host.
    """
    host = path.name.removesuffix(path.suffix).lower().removeprefix("www.")
    if _HOST.fullmatch(host) is None:
        raise InputError(f"{host!r} is no host: the file is named after one, as example.org{path.suffix}")
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"larger than {_LARGEST} bytes")
        text = path.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from error
    if path.suffix == ".txt":
        from ingest.sites.ftr import read_ftr  # late, like the next: most have no files about sites

        return read_ftr(text, host)
    from ingest.sites.own import read_own

    return read_own(text, host)


def host_of_page(page: Page) -> str:
    """The host that a page is of, which a saved page names itself; "" where nothing says it."""
    return host_of(address_of_page(page))


def address_of_page(page: Page) -> str:
    """The address of a page, which a saved page names itself; "" where nothing says it."""
    if page.seed.via is Via.FILE and not page.final_url.startswith(("http://", "https://")):
        tags = (found[1] for found in _TAGS.finditer(page.body[:_HEAD]))
        named = (_ADDRESS.search(tag) for tag in tags if _CANONICAL.search(tag))
        return next((one[1].decode("utf-8", "replace") for one in named if one), "")
    return page.final_url
