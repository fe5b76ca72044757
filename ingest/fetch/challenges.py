"""Pages that stand in for the page: a bot check, a captcha, a firewall's refusal. Pure.

They come with 403 or 503, and with 200 as well. What is refused as one costs an article if it is none, so a 200 is
judged by what only the software of such a service puts into its markup, or by the exact title of its page, and only
where the page is small, has hardly any text and nothing that news pages have and challenges have not.
"""

from __future__ import annotations

import re

import httpx

# What is larger is no challenge: those bring a script and a line or two, some tens of kilobytes at most.
LOOK_BYTES = 65_536
# Visible characters, for firewalls that explain themselves at length; a short news item has as many.
_MOST_TEXT = 1_000
# The same where the evidence is doubtful: two or three sentences, of which no article can be made.
_MOST_TEXT_DOUBTFUL = 300

# (header, part of its value, who sends it): sent with nothing but a challenge or a refusal.
_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-sucuri-block", "", "Sucuri"),
)
# The same on good pages too, so they only tell who is likely to have refused.
_SIGNATURES = (
    ("server", "cloudflare", "Cloudflare"),
    ("server", "akamaighost", "Akamai"),
    ("server", "ddos-guard", "DDoS-Guard"),
    ("server", "sucuri", "Sucuri"),
    ("x-datadome", "", "DataDome"),
    ("x-kpsdk-ct", "", "Kasada"),
    ("x-iinfo", "", "Imperva"),
)
# In scripts, addresses and identifiers of the markup of nothing but challenges.
_MARKS = (
    (b"_cf_chl_opt", "Cloudflare"),
    (b"cf-browser-verification", "Cloudflare"),
    (b"cf_chl_", "Cloudflare"),
    (b"/_sec/cp_challenge/", "Akamai"),
    (b"sec-if-cpt-container", "Akamai"),
    (b"bm-verify=", "Akamai"),
    (b"captcha-delivery.com", "DataDome"),
    (b"/distil_r_captcha", "Imperva"),
    (b"px-captcha", "PerimeterX"),
    (b"ips.js?kp_uidz", "Kasada"),
    (b"sucuri_cloudproxy", "Sucuri"),
    (b"/.well-known/ddos-guard/", "DDoS-Guard"),
    (b"anubis_challenge", "Anubis"),
)
# On good pages too: what watches visitors, and captchas beside forms.
_DOUBTFUL_MARKS = (
    (b"_incapsula_resource", "Imperva"),
    (b"window._pxappid", "PerimeterX"),
    (b".awswaf.com/", "AWS WAF"),
    (b"recaptcha/api.js", "a captcha"),
    (b"recaptcha/enterprise.js", "a captcha"),
    (b"hcaptcha.com/1/api.js", "a captcha"),
    (b"challenges.cloudflare.com/turnstile", "a captcha"),
    (b"smartcaptcha", "a captcha"),
)
# Whole titles, in lower case.
_TITLES = {
    b"just a moment...": "Cloudflare",
    b"please wait... | cloudflare": "Cloudflare",
    b"attention required! | cloudflare": "Cloudflare",
    b"ddos-guard": "DDoS-Guard",
    b"pardon our interruption": "Imperva",
    b"pardon our interruption...": "Imperva",
    b"sucuri website firewall - access denied": "Sucuri",
    b"access to this page has been denied": "PerimeterX",
    b"access to this page has been denied.": "PerimeterX",
    b"making sure you're not a bot!": "Anubis",
    b"making sure you&#39;re not a bot!": "Anubis",
}
# An article may be headed so.
_DOUBTFUL_TITLES = {
    b"checking your browser": "a browser check",
    b"checking your browser...": "a browser check",
    b"checking your browser before accessing": "a browser check",
    b"one moment, please...": "a browser check",
    b"are you a robot?": "a captcha",
    b"robot check": "a captcha",
    b"human verification": "a captcha",
    b"verify you are human": "a captcha",
    b"captcha": "a captcha",
}
# What belongs to a page with an article, also where a script is to show it.
_NEWS = (b"<article", b"application/ld+json", b'"og:', b"articlebody", b"__next_data__", b"__nuxt")

# Each match ends after so many bytes or at the end of the body: the time is linear whatever the body holds.
_TITLE = re.compile(rb"<title[^>]{0,200}>([^<]{0,200})")
_MARKUP = re.compile(rb"<(?:script\b.*?(?:</script|\Z)|[^>]*(?:>|\Z))", re.DOTALL)
_UNSEEN = re.compile(rb"<!--.*?(?:-->|\Z)|<(script|style|noscript|template|title|svg)\b.*?(?:</\1|\Z)", re.DOTALL)
_TAG = re.compile(rb"<[^>]*(?:>|\Z)")


def challenger(headers: httpx.Headers, body: bytes) -> str | None:
    """Who stands in the way, by name; None where a response is what it seems to be.

    Args:
        headers: Of the response.
        body: Of the response, decoded.
    """
    if (name := _sender(headers, _HEADERS)) is not None:
        return name
    content_type = headers.get("content-type", "").lower()
    may_be = len(body) <= LOOK_BYTES and ("html" in content_type or not content_type)
    return _named_by(body.lower()) if may_be else None


def likely_refuser(headers: httpx.Headers) -> str | None:
    """The service that a refusal is likely to come from, by the headers."""
    return _sender(headers, _SIGNATURES)


def _sender(headers: httpx.Headers, signs: tuple[tuple[str, str, str], ...]) -> str | None:
    for header, part, name in signs:
        if (value := headers.get(header)) is not None and part in value.lower():
            return name
    return None


def _named_by(body: bytes) -> str | None:
    """The service that a body in lower case is a challenge of."""
    if any(mark in body for mark in _NEWS):
        return None
    found = _TITLE.search(body)
    title = b" ".join(found[1].split()) if found else b""
    sure = _TITLES.get(title) or _marked(body, _MARKS)
    doubtful = sure or _DOUBTFUL_TITLES.get(title) or _marked(body, _DOUBTFUL_MARKS)
    if doubtful is None:
        return None
    chars = len(b" ".join(_TAG.sub(b" ", _UNSEEN.sub(b" ", body)).split()).decode("utf-8", "ignore"))
    return doubtful if chars <= (_MOST_TEXT_DOUBTFUL if sure is None else _MOST_TEXT) else None


def _marked(body: bytes, marks: tuple[tuple[bytes, str], ...]) -> str | None:
    """Whose mark is in the markup; in the text it is only spoken of."""
    for mark, name in marks:
        if mark in body and any(mark in match[0] for match in _MARKUP.finditer(body)):
            return name
    return None
