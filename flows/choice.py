"""Which captures of an archive are wanted, told before any of them is read: by host, by time, by language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import Any

from flows.forgotten import hosts_of
from ingest.charset import decode
from ingest.errors import ConfigError
from ingest.language.detect import detect_paragraphs
from ingest.model import UNDETERMINED, Page
from ingest.urls import site_of

OTHER_HOST, OTHER_TIME, OTHER_LANGUAGE = "other_host", "other_time", "other_language"
"""Why a capture is passed over, as it is counted."""

# Text of a page without looking at its tree: what stands between two tags and is mostly letters.
_RUN = re.compile(r"[^<>]{40,4000}")
_LETTERS = 0.7
_LOOKED_AT = 12
_LONGEST = 300  # characters: of more nothing new is learnt
_LEAST = 150  # characters: less may be the menu of a page whose article stands in its scripts
_ENOUGH = 0.2  # of the text in a language makes the page one in it: documents mix languages


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is wanted: hosts with all below them, captured from `since` on and before `until`, in some languages.

    What is empty or ``None`` chooses nothing.
    """

    hosts: frozenset[str] = frozenset()
    since: datetime | None = None
    until: datetime | None = None
    languages: frozenset[str] = frozenset()

    @property
    def as_json(self) -> dict[str, Any]:
        """The choice as a JSON value; equal choices give equal ones."""
        return {
            "hosts": sorted(self.hosts),
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "languages": sorted(self.languages),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> Choice:
        """The reverse."""
        since, until = (datetime.fromisoformat(value[name]) if value[name] else None for name in ("since", "until"))
        return cls(hosts=frozenset(value["hosts"]), since=since, until=until, languages=frozenset(value["languages"]))

    def passes_over(self, url: str, at: datetime) -> str | None:
        """Why a capture is not wanted, as far as its address and its time tell."""
        if self.hosts and self.hosts.isdisjoint(hosts_of(url)):
            return OTHER_HOST
        if (self.since and at < self.since) or (self.until and at >= self.until):
            return OTHER_TIME
        return None

    def may_be_in(self, page: Page) -> bool:
        """Whether a page may be in a wanted language; one that does not tell is not left out."""
        return not self.languages or self._share(_runs(page)) >= _ENOUGH

    def _share(self, runs: list[str]) -> float:
        """The share of the text in wanted languages, or in none that can be told; 1 where there is too little text."""
        told = [(one.language, len(text)) for one, text in zip(detect_paragraphs(runs), runs, strict=True)]
        wanted = sum(size for language, size in told if language == UNDETERMINED or self._wants(language))
        whole = sum(size for _, size in told)
        return wanted / whole if whole >= _LEAST else 1.0

    def _wants(self, language: str) -> bool:
        # "zh" is zh-Hans and zh-Hant, "pt" also pt-BR (RFC 4647).
        return language in self.languages or language.partition("-")[0] in self.languages


def choice_of(
    hosts: list[str] | None, since: datetime | None, until: datetime | None, languages: list[str] | None
) -> Choice:
    """What a person asked for.

    Raises:
        ConfigError: a host is none.
    """
    named = {one: site_of(f"http://{one}") for one in hosts or ()}
    for given, host in named.items():
        if not host or "/" in given:
            raise ConfigError(f"--host {given} is no host: give it as in courier.example")
    return Choice(hosts=frozenset(named.values()), since=since, until=until, languages=frozenset(languages or ()))


def _runs(page: Page) -> list[str]:
    """The longest pieces of running text, in their order."""
    markup = decode(page.body[:500_000], page.header("content-type")).text
    found = [text for run in _RUN.findall(markup) if _is_text(text := " ".join(unescape(run).split()))]
    longest = sorted(range(len(found)), key=lambda number: -len(found[number]))[:_LOOKED_AT]
    return [found[number][:_LONGEST] for number in sorted(longest)]


def _is_text(text: str) -> bool:
    return sum(map(str.isalpha, text)) >= _LETTERS * len(text)
