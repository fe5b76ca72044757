"""What a page may be used for, as far as its origin and the page itself say so. Pure.

    search      be found and shown in parts: noindex, nosnippet
    tdm         be mined (Directive (EU) 2019/790, article 4): TDMRep, robots.txt for collectors of data
    ai          train or feed a model: noai, robots.txt for crawlers of models, Content-Signal, AIPREF
    images      the same of its pictures alone: noimageai
    licence, copyright      the words, without a verdict; what they reserve by name counts as tdm or ai (lang.optouts)

Nothing is decided here: each word is kept as evidence, with the place where it stands and the day on which it was
seen. Where two of them differ, what is reserved counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from ingest.model import Evidence, Page, Rights, Use, Wire

RESERVED, PERMITTED, STATED = "reserved", "permitted", "stated"
MODELS = frozenset({
    "ai2bot", "ai2bot-dolma", "amazonbot", "anthropic-ai", "applebot-extended", "bytespider", "ccbot", "chatgpt-user",
    "claude-web", "claudebot", "cohere-ai", "cohere-training-data-crawler", "deepseekbot", "duckassistbot",
    "facebookbot", "google-cloudvertexbot", "google-extended", "gptbot", "kangaroo bot", "meta-externalagent",
    "meta-externalfetcher", "mistralai-user", "oai-searchbot", "pangubot", "perplexity-user", "perplexitybot",
    "sbintuitionsbot", "semrushbot-swa", "timpibot", "velenpublicwebcrawler", "youbot",
})  # fmt: skip
"""Agents that read for models, by the names that their makers publish."""
COLLECTORS = frozenset({
    "ccbot", "dataforseobot", "diffbot", "icc-crawler", "img2dataset", "omgili", "omgilibot", "tdm",
    "tdm-bot", "tdmrep", "webzio", "webzio-extended",
})  # fmt: skip
"""Agents that collect texts and data for others, and what stands for all who do."""

_SUBJECTS = sorted({subject for use in Use for subject in use.subjects})
_DIRECTIVES = {
    "noai": "ai", "noml": "ai", "noimageai": "images", "noindex": "search", "none": "search", "nosnippet": "search",
    "max-snippet:0": "search",
}  # fmt: skip
# Cloudflare's Content-Signal, and the IETF's Content-Usage (AIPREF).
_SIGNALS = {
    "ai-train": "ai", "ai-input": "ai", "train-ai": "ai", "bots": "tdm", "tdm": "tdm", "search": "search",
}  # fmt: skip
_YES, _NO = frozenset({"yes", "y", "1", "allow"}), frozenset({"no", "n", "0", "disallow"})
_SIGNAL = re.compile(r"(?<![\w-])([\w-]{1,30})\s{0,5}=\s{0,5}\"?([\w-]{1,30})")
_MOST, _LONGEST = 30, 200
_MOST_RULES = 500  # of a tdmrep.json

Said = tuple[str, str, str]
"""About what, what it says (`reserved`, `permitted`, or `stated`: no verdict), and the words."""
Stated = tuple[str, Said]
"""Where something is said, and what."""


def rights_of(evidence: Iterable[Evidence]) -> Rights:
    """What all the evidence comes to; each word once, in its order, and no more than anybody reads."""
    distinct = tuple(dict.fromkeys(evidence))
    verdicts = {about: _verdict(distinct, about) for about in _SUBJECTS}
    return Rights(
        tdm=verdicts["tdm"],
        ai=verdicts["ai"],
        licence=next((one.text for one in distinct if one.about == "licence"), None),
        reserved=tuple(about for about, says in verdicts.items() if says == RESERVED),
        evidence=distinct[:_MOST],
    )


def rights_in(page: Page, stated: Iterable[Stated] = ()) -> Rights:
    """What the origin of a page, its headers and the page itself (`stated`) say of its use."""
    headers = (("header", said) for said in read_headers(page.headers))
    return rights_of((*page.terms, *as_evidence((*headers, *stated), page.fetched_at)))


def as_evidence(stated: Iterable[Stated], seen_at: datetime) -> Iterator[Evidence]:
    """What was said in some places at a time."""
    for origin, (about, says, text) in stated:
        yield Evidence(about=about, says=says, origin=origin, text=text[:_LONGEST], seen_at=seen_at)


def read_headers(headers: Wire) -> Iterator[Said]:
    """What the headers of a response say."""
    for name, value in headers:
        lower = name.lower()
        if lower == "x-robots-tag":
            yield from read_directives(value)
        elif lower in ("tdm-reservation", "content-usage", "content-signal"):
            yield from read_signal(lower, value)


def read_signal(name: str, value: str) -> Iterator[Said]:
    """What a field says that is about rights alone, in a header or a meta element, or in robots.txt."""
    if name == "tdm-reservation":
        if (says := {"1": RESERVED, "0": PERMITTED}.get(value.strip())) is not None:
            yield "tdm", says, f"{name}: {value.strip()}"
        return
    for key, word in _SIGNAL.findall(value.lower()):
        says = RESERVED if word in _NO else PERMITTED if word in _YES else None
        if key in _SIGNALS and says is not None:
            yield _SIGNALS[key], says, f"{name}: {key}={word}"


def read_directives(value: str, agent: str | None = None) -> Iterator[Said]:
    """What a list of directives says: of X-Robots-Tag or `<meta name="robots">`.

    Args:
        value: the list. In a header the name of an agent may stand before it, and holds up to the end.
        agent: whose they are; ``None`` for everyone's.
    """
    for part in value.lower().split(","):
        word = "".join(part.split())
        before, colon, after = word.partition(":")
        if colon and before not in ("max-snippet", "max-image-preview", "max-video-preview", "unavailable_after"):
            agent, word = before, after
        about = _DIRECTIVES.get(word)
        if about is None:
            continue
        if agent is None or agent == "robots":
            yield about, RESERVED, word
        elif word in ("noindex", "none", "noai", "noml"):  # to one agent, it says what kind of agents may not have it
            yield from ((kind, RESERVED, f"{agent}: {word}") for kind in kinds_of(agent))


def kinds_of(agent: str) -> Iterator[str]:
    """What an agent of this name reads for: "ai", "tdm", both, or what we do not know."""
    name = agent.strip().lower()
    if name in MODELS:
        yield "ai"
    if name in COLLECTORS:
        yield "tdm"


def read_tdmrep(content: bytes, url: str) -> Iterator[Said]:
    """What a tdmrep.json says of a page of its origin: the first rule that fits."""
    try:
        rules = json.loads(content)
    except (ValueError, RecursionError):
        return
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    for rule in rules[:_MOST_RULES] if isinstance(rules, list) else ():
        if isinstance(rule, dict) and _fits(rule.get("location"), path):
            yield from read_signal("tdm-reservation", str(rule.get("tdm-reservation")))
            return


def _fits(location: object, path: str) -> bool:
    """Whether a location fits a path: a beginning, with `*` for anything and `$` for the end, as in robots.txt."""
    if not isinstance(location, str) or len(location) > _LONGEST:
        return False
    whole, pieces = location.endswith("$"), location.removesuffix("$").split("*")
    place = 0
    for number, piece in enumerate(pieces):
        last = whole and number == len(pieces) - 1
        found = len(path) - len(piece) if last and number else path.find(piece, place)
        if found < place or (not number and found) or not path.startswith(piece, found):
            return False
        place = found + len(piece)
    return not whole or place == len(path)


def _verdict(evidence: Sequence[Evidence], about: str) -> str | None:
    said = {one.says for one in evidence if one.about == about}
    return RESERVED if RESERVED in said else PERMITTED if PERMITTED in said else None
