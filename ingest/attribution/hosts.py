"""What the host of an address tells: whether it is another site, a place to share, in which language it writes."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from ingest.lang.tokens import words_of
from ingest.urls import host_of

# Places to share, to watch, to buy and to install: an address there is no outlet or page that a text cites.
_NO_SOURCES: Final = words_of(
    "facebook.com fb.com fb.me twitter.com x.com t.co instagram.com threads.net tiktok.com youtube.com youtu.be"
    " linkedin.com pinterest.com reddit.com whatsapp.com wa.me t.me telegram.me telegram.org vk.com ok.ru"
    " snapchat.com tumblr.com bsky.app mastodon.social flipboard.com getpocket.com google.com goo.gl bit.ly ow.ly"
    " tinyurl.com apple.com spotify.com soundcloud.com amazon.com amazon.de amazon.se amazon.co.uk amzn.to"
    " ebay.com doubleclick.net googleadservices.com googlesyndication.com outbrain.com taboola.com awin1.com"
    " disqus.com gravatar.com addtoany.com paypal.com patreon.com xing.com line.me weibo.com viber.com"
    " messenger.com dailymotion.com vimeo.com giphy.com imgur.com"
    " feedburner.com archive.is archive.org archive.ph archive.today"
)
# Labels of hosts that only count clicks on their way to another page, or earn by them.
_COUNTERS: Final = words_of(
    "track tracking click clicks clk go links safelinks ads ad affiliate affiliates partner partners shop deals"
    " redirect webgains tradedoubler awin zanox adtraction shareasale linksynergy"
)
_SECOND_LEVEL: Final = frozenset(["co", "com", "org", "net", "ac", "gov", "edu"])
# Top-level domains of countries whose outlets nearly all write in one language.
_LANGUAGE_OF: Final = {
    domain: language
    for language, domains in {
        "de": "de at",
        "sv": "se",
        "ru": "ru рф su",
        "es": "es mx ar cl pe uy",
        "pt": "pt br",
        "zh": "cn tw",
        "en": "uk au nz us",
        "nb": "no",
        "da": "dk",
        "cs": "cz",
        "ja": "jp",
        "ko": "kr",
        "el": "gr",
        "fa": "ir",
        "sl": "si",
        "sr": "rs",
    }.items()
    for domain in domains.split()
} | {same: same for same in ("fr", "it", "nl", "pl", "fi", "sk", "hu", "ro", "bg", "tr", "is", "hr")}
_LANGUAGES: Final = words_of("en de sv ru fr es it nl pl pt uk da fi cs tr ar zh ja")


def leads_elsewhere(url: str, page: str) -> bool:
    """Whether an address is one of the web and of another site than the page's."""
    host = host_of(url)
    return url.startswith(("http://", "https://")) and "." in host and _registered(host) != _registered(host_of(page))


def is_no_source(url: str) -> bool:
    """Whether an address is one to share, watch, buy or install at, that of a counter or of a copy in an archive."""
    host = host_of(url)
    return (
        _registered(host) in _NO_SOURCES or "affiliate" in url or any(label in _COUNTERS for label in host.split("."))
    )


def language_of_address(address: str) -> str | None:
    """The language of an outlet by its address, where that tells it.

    Args:
        address: a URL or a host. A language in its path ("/en/") or as first label goes before the country.
    """
    host = host_of(address) if "://" in address else address.lower()
    path = urlsplit(address).path if "://" in address and host else ""
    labels = host.split(".")
    first = path.strip("/").split("/")[0].lower()
    for told in (first, labels[0] if len(labels) > 2 else ""):
        if told in _LANGUAGES:
            return told
    return _LANGUAGE_OF.get(labels[-1]) if len(labels) > 1 else None


def _registered(host: str) -> str:
    """The part of a host that its owner registered: "sport.example.co.uk" is "example.co.uk"."""
    labels = host.lower().split(".")
    size = 3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2 else 2
    return ".".join(labels[-size:])
