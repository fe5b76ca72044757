"""What the fuzz tests share: how many examples they try, and broken texts made by the grammars of whole ones.

Random bytes end at the first check of a parser. So the strategies here write what is nearly right, then damage it: an
element is left open, a value is another one's, a piece is cut out, doubled or put somewhere else.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from support.making import NOON

from ingest.model import Page, Seed, Via

Test = TypeVar("Test", bound=Callable[..., None])

LONG = "long"
# The short run takes some 20 s, the long one is to take half an hour.
_LONG_FACTOR = 80

SCRIPTS = (
    "The harbour board of Port Ellery voted on Tuesday night to keep the old repair yard open for five more years.",
    "Färjan ska gå igen i juni, säger hamnkontoret, efter två år av lagningar på ett varv i norr.",
    "Die alte Fähre fährt im Juni wieder, teilte das Hafenamt am Montag mit.",
    "Старый паром снова начнёт ходить в июне, сообщили в управлении порта.",
    "قال مكتب الميناء يوم الاثنين إن العبارة القديمة ستبحر من جديد في شهر يونيو.",
    "港务局周一表示，旧渡轮将于六月恢复航行。乘客两年来只能乘坐公共汽车。",
    "นายท่าเรือกล่าวเมื่อวันจันทร์ว่าเรือข้ามฟากลำเก่าจะแล่นอีกครั้ง",
    "“We waited,” she said. – “Two years!” See https://ferry.example/time?x=1 or ask harbour@ellery.example, #ferry.",
)
"""Paragraphs in several scripts."""

ODD = (
    *("\0", "\x01", "\x1b", "\x7f", "\x85", "\u00ad", "\u200b", "\u200f", "\u202e", "\u2028", "\ufeff", "\ufffd"),
    *("\ufffe", "\U0001f469\u200d\U0001f692", "e\u0301" * 3, "\u0600", "ß", "İ", "ǅ", "ﬁ", "\U00020000", "\ue0f0"),
)
"""Characters that programs stumble over: controls, marks of direction, what grows when its case is changed."""

WORDS = st.sampled_from(
    (*" ".join(SCRIPTS).split(), *ODD, "-", "—", "«", "»", "©", "By", "Von", "Text:", "(AP)", "1/2")
)
LINES = st.one_of(
    st.sampled_from(SCRIPTS),
    st.lists(WORDS, min_size=1, max_size=25).map(" ".join),
    st.text(max_size=60),
    st.builds(lambda one, times: one * times, WORDS, st.sampled_from((2, 50, 400))),
)
"""A paragraph, a line of odd words, anything, or one thing over and over."""

URLS = st.one_of(
    st.sampled_from(
        (
            "https://courier.example/2026/03/ferry-sails-again",
            "/story?id=7&utm_source=x",
            "//cdn.courier.example/a.html",
            "../up/./and/../over",
            "javascript:alert(1)",
            "data:text/html,<b>x</b>",
            "http://[::1",
            "https://user:word@courier.example:99999/",
            "http://münchen.example/straße?ä=ö#!ü",
            "https://xn--a.example/%zz%00%ff",
            "mailto:desk@courier.example",
            "file:///etc/passwd",
            "http://2130706433/",
            "https://" + "a" * 300 + ".example/",
        )
    ),
    st.text(max_size=30),
    st.builds("https://courier.example/{}".format, st.text(max_size=20)),
)
"""Addresses, right, wrong and hostile."""

DATES = st.one_of(
    st.sampled_from(
        (
            "2026-03-14T08:00:00Z",
            "2026-03-14",
            "Sat, 14 Mar 2026 08:00:00 +0100",
            "14. März 2026",
            "0001-01-01T00:00:00Z",
            "9999-12-31T23:59:59-14:00",
            "2026-02-30",
            "1741939200",
            "yesterday",
        )
    ),
    st.datetimes().map(lambda at: at.isoformat()),
    st.text(max_size=12),
)
"""When something was published, or what stands in its place."""

CHARSETS = st.sampled_from(
    (
        "utf-8",
        "utf-8",
        "windows-1251",
        "iso-8859-1",
        "koi8-r",
        "gb18030",
        "shift_jis",
        "utf-16",
        "utf-7",
        "hex",
        "nil",
        "",
    )
)
CONTENT_TYPES = st.one_of(
    st.builds("text/html; charset={}".format, CHARSETS),
    st.sampled_from(
        ("text/html", "text/plain; charset=utf-8", "application/xhtml+xml", "text/xml", "", ";;=", "a" * 300)
    ),
    st.text(max_size=30),
)


def register_profiles() -> None:
    """Register the profile `long`, and make what runs with all other tests repeatable."""
    settings.register_profile(LONG, max_examples=100 * _LONG_FACTOR, deadline=None, print_blob=True)


def fuzz(examples: int) -> Callable[[Test], Test]:
    """How a fuzz test runs: so many examples with all other tests, the same every time; many times that in `long`.

    A change must not fail for a fault that it did not make. What the long run finds becomes an example of its own.
    """
    is_long = settings.get_current_profile_name() == LONG
    return settings(
        max_examples=examples * _LONG_FACTOR if is_long else examples,
        derandomize=not is_long,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def page_of(
    body: bytes, content_type: str = "text/html", *, via: Via = Via.LIST, url: str = "https://courier.example/story"
) -> Page:
    """A page as a fetcher gives it, of a seed that was heard of in this way."""
    return Page(
        seed=Seed(url=url, via=via),
        final_url=url,
        body=body,
        fetched_at=NOON,
        status=200,
        headers=(("Content-Type", content_type),),
    )


def encoded(text: str, charset: str) -> bytes:
    """A text in a charset, as well as it can be; in UTF-8 where there is no such charset."""
    try:
        return text.encode(charset, "xmlcharrefreplace")
    except (LookupError, UnicodeError):
        return text.encode("utf-8", "replace")


DAMAGE = st.lists(
    st.tuples(
        st.sampled_from(("cut", "drop", "double", "swap", "put")),
        st.floats(0, 1),
        st.integers(1, 40),
        st.sampled_from(
            (
                b"<",
                b">",
                b"</",
                b"]]>",
                b"<![CDATA[",
                b"<!--",
                b"&",
                b"&#x110000;",
                b'"',
                b"\0",
                b"\xff\xfe",
                b"\xc3",
                b"]]",
            )
        ),
    ),
    max_size=4,
)
"""What befalls a text on its way: how, where (0 to 1), how many bytes, and what is put there."""


def damaged(body: bytes, damage: list[tuple[str, float, int, bytes]]) -> bytes:
    """A text after what befell it."""
    for how, where, length, piece in damage:
        at = int(where * len(body))
        before, middle, after = body[:at], body[at : at + length], body[at + length :]
        body = {
            "cut": before,
            "drop": before + after,
            "double": before + middle * 3 + after,
            "swap": after + middle + before,
            "put": before + piece + middle + after,
        }[how]
    return body


_ATTRIBUTES = st.lists(
    st.tuples(
        st.sampled_from(
            (
                "class",
                "id",
                "href",
                "src",
                "lang",
                "dir",
                "itemprop",
                "itemtype",
                "rel",
                "datetime",
                "property",
                "hidden",
            )
        ),
        st.one_of(
            URLS,
            DATES,
            st.sampled_from(
                ("article-body", "byline author", "headline", "sidebar related", "datePublished", "en", "zz")
            ),
        ),
    ),
    max_size=3,
)
_TAGS = (
    *("p", "p", "p", "div", "article", "section", "h1", "h2", "ul", "li", "table", "tr", "td", "blockquote", "figure"),
    *(
        "figcaption",
        "a",
        "span",
        "em",
        "br",
        "img",
        "pre",
        "time",
        "address",
        "aside",
        "nav",
        "footer",
        "form",
        "iframe",
    ),
    *("template", "noscript", "svg", "math", "select", "option", "textarea", "frameset", "body", "html", "x-teaser"),
)


def _element(tag: str, attributes: list[tuple[str, str]], children: list[str], ending: str) -> str:
    opened = "".join(f' {name}="{value}"' for name, value in attributes)
    return f"<{tag}{opened}>{''.join(children)}{ending.format(tag)}"


ENDINGS = st.sampled_from(("</{}>", "</{}>", "</{}>", "</{}>", "", "</div>", "/>", "</{} x=1>"))
ELEMENTS: st.SearchStrategy[str] = st.recursive(
    LINES,
    lambda inner: st.builds(_element, st.sampled_from(_TAGS), _ATTRIBUTES, st.lists(inner, max_size=4), ENDINGS),
    max_leaves=12,
)

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | LINES | URLS | DATES,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                (
                    *(
                        "@type",
                        "@graph",
                        "@id",
                        "headline",
                        "author",
                        "name",
                        "publisher",
                        "datePublished",
                        "dateModified",
                    ),
                    *("articleBody", "image", "url", "inLanguage", "isAccessibleForFree", "isBasedOn", "keywords"),
                )
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=10,
)
_METAS = st.builds(
    '<meta {}="{}" content="{}">'.format,
    st.sampled_from(("property", "name", "http-equiv", "itemprop")),
    st.sampled_from(
        (
            *("og:title", "og:url", "og:image", "og:type", "og:locale", "article:published_time", "article:author"),
            *("author", "description", "keywords", "robots", "refresh", "content-language", "content-type", "DC.date"),
        )
    ),
    LINES | URLS | DATES,
)
HEADS = st.lists(
    st.one_of(
        _METAS,
        st.builds("<title>{}</title>".format, LINES),
        st.builds('<meta charset="{}">'.format, CHARSETS),
        st.builds('<base href="{}">'.format, URLS),
        st.builds('<link rel="{}" href="{}">'.format, st.sampled_from(("canonical", "alternate", "amphtml")), URLS),
        _JSON.map(lambda value: f'<script type="application/ld+json">{_dumped(value)}</script>'),
    ),
    max_size=5,
).map("".join)


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


HTML = st.builds(
    "{}<html{}><head>{}</head><body>{}{}</body></html>".format,
    st.sampled_from(("<!doctype html>", "", "\ufeff", "<?xml version='1.0' encoding='koi8-r'?>", "<!-- <html> -->")),
    st.sampled_from(("", ' lang="sv"', ' lang="zz-ZZ" dir="rtl"', " lang")),
    HEADS,
    st.lists(ELEMENTS, max_size=4).map("".join),
    st.just("".join(f"<p>{one}</p>" for one in SCRIPTS)) | st.just(""),
)
"""Pages of broken HTML, many with an article in them."""
