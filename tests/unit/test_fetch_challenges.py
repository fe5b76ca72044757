"""Challenges are told from pages: by their marks and only where there is nothing to lose."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.effort import no_more_than_a_moment

from ingest.fetch.challenges import LOOK_BYTES, challenger, likely_refuser

HTML = httpx.Headers({"content-type": "text/html; charset=utf-8"})


def _page(head: str, body: str) -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


CHALLENGES = {
    "Cloudflare": _page(
        "<title>Un momento…</title>",
        "<noscript>Activa JavaScript.</noscript><script>window._cf_chl_opt={cvId:'3',cType:'managed'};</script>",
    ),
    "Cloudflare, by its title": _page("<title>Just a moment...</title>", "<div class=lds-ring></div>"),
    "DataDome": _page(
        "<title>zeitung.test</title>",
        "<p id=cmsg>Please enable JS and disable any ad blocker</p><script>var dd={'rt':'c'}</script>"
        "<script src='https://ct.captcha-delivery.com/c.js'></script>",
    ),
    "Imperva": _page(
        "<meta name=robots content='noindex'>",
        "<iframe id=main-iframe src='/_Incapsula_Resource?CWUDNSAI=23'>Request unsuccessful. Incident 4-7</iframe>",
    ),
    "Akamai": _page("<title>&nbsp;</title>", "<div id='sec-if-cpt-container'></div><script>go()</script>"),
    "Akamai, by its refresh": _page("<meta http-equiv=refresh content=\"5; URL='/a?bm-verify=AAQ'\">", ""),
    "PerimeterX": _page(
        "<title>Access to this page has been denied</title>",
        "<h1>Press and hold</h1><div id='px-captcha'></div><script>window._pxAppId='PX1'</script>",
    ),
    "DDoS-Guard": _page("<title>DDoS-Guard</title>", "<p>Проверка браузера перед переходом на сайт</p>"),
    "Sucuri": _page("<title>Sucuri WebSite Firewall - Access Denied</title>", "<p>Blocked. " + "Reason. " * 60),
    "Anubis": _page("<title>Making sure you&#39;re not a bot!</title>", "<script id=anubis_challenge>{}</script>"),
    "a browser check": _page("<title> Checking your\n browser... </title>", "<p>This takes five seconds.</p>"),
    "a captcha": _page(
        "<title>Verificación</title>",
        "<form><p>Confirme que no es un robot.</p><script src=https://www.google.com/recaptcha/api.js></script></form>",
    ),
}


@pytest.mark.parametrize("name", CHALLENGES)
def test_challenges_are_named(name: str) -> None:
    """Each kind is recognised by its own mark, whatever language its words are in."""
    assert name.partition(",")[0] == challenger(HTML, CHALLENGES[name])


PARAGRAPH = "Forskarna lät tusen besökare lösa uppgifter och mätte hur lång tid det tog för människor och program. "
NOT_CHALLENGES = {
    "an article about captchas": _page(
        "<title>Are you a robot?</title>",
        f"<h1>Are you a robot?</h1><p>{PARAGRAPH * 4}<code>&lt;div id=px-captcha&gt;</code> _cf_chl_opt</p>",
    ),
    "a short note that quotes a mark": _page(
        "<title>Störning i natt</title>", "<p>Sajten visade bara captcha-delivery.com och _cf_chl_opt i en timme.</p>"
    ),
    "a page with a captcha beside its comments": _page(
        "<title>Färjan ställs in</title>",
        f"<p>{PARAGRAPH * 3}</p><script src=https://www.google.com/recaptcha/api.js></script>",
    ),
    "a page that a script is to fill": _page(
        '<title>Hamnen</title><script type="application/ld+json">{"@type":"NewsArticle"}</script>',
        "<div id=root></div><script src=https://js.hcaptcha.com/1/api.js></script>",
    ),
    "a short note with sharing tags": _page(
        '<title>Captcha</title><meta property="og:title" content="Captcha">', "<p>En kort notis om ordet.</p>"
    ),
    "a page that is watched": _page(
        "<title>Storm over the coast</title>",
        f"<p>{PARAGRAPH * 4}</p><script>window._pxAppId='PX1'</script>"
        "<script src='/_Incapsula_Resource?SWJ=1'></script>"
        "<script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
    ),
    "a page of more than a challenge has": _page(
        "<title>Just a moment...</title>", f"<p>{PARAGRAPH * 12}</p><script>_cf_chl_opt</script>"
    ),
    "nothing": b"",
}


@pytest.mark.parametrize("name", NOT_CHALLENGES)
def test_pages_pass(name: str) -> None:
    """A mark in the text, a script beside an article, an awkward title: none of them costs an article."""
    assert challenger(HTML, NOT_CHALLENGES[name]) is None


@pytest.mark.parametrize(
    ("header", "value", "name"),
    [("CF-Mitigated", "challenge", "Cloudflare"), ("x-amzn-waf-action", "captcha", "AWS WAF"),
     ("X-Sucuri-Block", "GEO02", "Sucuri")],
)  # fmt: skip
def test_some_headers_are_enough(header: str, value: str, name: str) -> None:
    """A service that says so itself is believed, whatever the body is."""
    assert name == challenger(httpx.Headers({header: value}), NOT_CHALLENGES["a page that is watched"])


def test_the_service_in_front_of_a_site_is_only_a_guess() -> None:
    """Half the web is behind one of them: it names a refusal and makes none."""
    headers = httpx.Headers({"server": "cloudflare", "content-type": "text/html"})
    assert challenger(headers, b"<p>Not here</p>") is None
    assert likely_refuser(headers) == "Cloudflare"
    assert likely_refuser(httpx.Headers({"x-datadome": "protected"})) == "DataDome"
    assert likely_refuser(httpx.Headers({"server": "nginx"})) is None


def test_only_small_markup_is_looked_at() -> None:
    """A feed may hold any title, and a large page is none of these."""
    body = CHALLENGES["Cloudflare"]
    assert challenger(httpx.Headers({"content-type": "application/rss+xml"}), body) is None
    assert challenger(HTML, body + b" " * LOOK_BYTES) is None
    assert challenger(httpx.Headers(), body) == "Cloudflare"


_piece = st.sampled_from([b"<script", b"<title", b"<!--", b"<", b">", b"_cf_chl_opt", b"<style>", b"</script>", b"-->"])


@settings(deadline=None)
@given(st.lists(_piece, max_size=40).map(b"".join), st.integers(1, 9_000))
def test_no_body_takes_long(piece: bytes, times: int) -> None:
    """Unclosed tags without end cost no more than a look."""
    body = (piece * times)[: LOOK_BYTES - 20] + b"_cf_chl_opt"
    with no_more_than_a_moment(2.0):
        challenger(HTML, body)
