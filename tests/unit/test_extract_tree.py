"""The parser of pages, beside trafilatura's own loader: the same text, and a tree where that gives none."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from trafilatura import load_html

from ingest.charset import decode
from ingest.extract.tree import parse
from ingest.value import well_formed

_WORDS = st.text(st.characters(exclude_characters="<>&", exclude_categories=["Cs"]), max_size=12)
_TAGS = (
    "p",
    "div",
    "b",
    "a",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "span",
    "h1",
    "article",
    "br",
    "form",
    "label",
    "select",
)
_PIECES = st.one_of(
    _WORDS,
    st.sampled_from([f"<{end}{tag}>" for tag in _TAGS for end in ("", "/")]),
    st.sampled_from(
        [
            *("&amp;", "&auml;", "&#1078;", "&#0;", "&bogus;", "<", ">", "<!-- a note -->", "<?pi?>", "<![CDATA[x]]>"),
            *(
                "<p class='x",
                '<a href="/">',
                "<IMG src=x>",
                "<svg/>",
                "</>",
                "Смотри",
                "Fähre",
                "渡船",
                "\x0b",
                "\ufffe",
            ),
        ]
    ),
)
_SOUP = st.lists(_PIECES, max_size=25).map("".join)
_HEAD = "<!doctype html><html lang='sv'><head><title>Färjan går igen</title></head><body>"


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """trafilatura reports what it cannot load; here that is half of what is asked of it."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _text(page: str) -> str | None:
    tree = parse(page)
    return None if tree is None else _words(tree.text_content())


def _words(text: object) -> str:
    return " ".join(str(text).split())


@given(soup=_SOUP)
@example(soup="<p>Text</html>behind the end</p>")
@example(soup="<table><p>Out of place<td>Zelle")
def test_same_text_as_the_loader(soup: str) -> None:
    """Whatever stands in a page, its text is that which trafilatura's loader gives."""
    assume("</>" not in soup)  # libxml2's answer to it is not always the same
    page = f"{_HEAD}{soup}\n</body></html>"
    reference = load_html(page)
    assert reference is not None
    # What stands for a NUL becomes U+FFFD there, and goes here.
    assert _text(page) == _words(well_formed(reference.text_content()).replace("\ufffd", ""))


@given(soup=_SOUP)
@example(soup="<div>Die Fähre fährt wieder.</div> und der Rest")
@example(soup="<p>Паром снова ходит.</p>")
def test_part_of_a_page(soup: str) -> None:
    """A part of a page has the text that it has inside one, from <html> down."""
    whole = parse(f"<html><body>{soup}\n</body></html>")
    assert whole is not None
    tree = parse(f"{soup}\n")
    if tree is not None:
        assert tree.tag == "html"
        assert _words(tree.text_content()) == _words(whole.text_content())


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<div>Die Fähre fährt wieder.</div> und der Rest", "Die Fähre fährt wieder. und der Rest"),
        ("<p>Färjan går igen.</p>", "Färjan går igen."),
        ("Паром <b>снова</b> ходит.", "Паром снова ходит."),
        ("\ufeff<html><head><title>T</title></head><body><p>Behind a mark.", "TBehind a mark."),
        ('<?xml version="1.0" encoding="iso-8859-1"?><html><body><p>Färjan', "Färjan"),
        ('<html><head><meta charset="iso-8859-1"></head><body><p>Färjan 渡船', "Färjan 渡船"),
        ('<html lang="de"/><body><p>Die Fähre</body>', "Die Fähre"),
        ("<html><body><p>one\x00 tw\x01o\ufffe</body>", "one two"),
    ],
)
def test_odd_pages(page: str, text: str) -> None:
    """Parts of pages, marks, declarations of another encoding, closed roots and control characters cost no text."""
    assert text == _text(page)


@pytest.mark.parametrize(
    "page",
    [
        *("", "  \n", "no markup, 3 < 4", '{"a": 1}', "<!-- only a note -->", "\x00\ufffe"),
        '<?xml version="1.0"?><rss version="2.0"><channel><title>The Bay</title></channel></rss>',
        '<rss version="2.0"><channel><description>The ferry</description></channel></rss>',
        '\ufeff<feed xmlns="http://www.w3.org/2005/Atom"><title>Viken</title></feed>',
        '<?xml version="1.0"?>\n<urlset><url><loc>https://bay.example/</loc></url></urlset>',
        '<?xml version="1.0"?>\n<order><price>3</price></order>',
    ],
)
def test_no_page(page: str) -> None:
    """What has no tag is no page, nor is a feed, a sitemap or other data."""
    assert parse(page) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251", "koi8-r"])
def test_encodings(encoding: str) -> None:
    """In whatever encoding a page came, the tree has its letters, whatever the page says of it."""
    page = f'<html><head><meta charset="{encoding}"></head><body><p>Паром снова ходит по вторникам.</p></body></html>'
    assert _text(decode(page.encode(encoding), f"text/html; charset={encoding}").text) == (
        "Паром снова ходит по вторникам."
    )


@pytest.mark.parametrize("tag", ["div", "b", "blockquote", "ul><li"])
def test_depth(tag: str) -> None:
    """Elements in one another by the thousand cost neither the text before them nor the stack."""
    assert str(_text("<p>Before.</p>" + f"<{tag}>" * 20_000 + "Deep down.")).startswith("Before.")


def test_lone_surrogates() -> None:
    """Half a character, as slips of decoding leave it, costs no more than itself."""
    text = str(_text("<p>Half a \ud83d letter.</p>"))
    assert text.startswith("Half a ")
    assert text.endswith(" letter.")


def test_what_is_left_out() -> None:
    """Scripts, styles and comments are left out, what stands behind them and linked data are not."""
    tree = parse(
        "<html><head><script>var a = '<p>no text</p>';</script><style>p { color: red }</style>"
        '<script type="application/ld+json">{"@type": "NewsArticle"}</script></head>'
        "<body><!-- a note --><p>One<script>x()</script> two<!-- --> three.</p></body></html>"
    )
    assert tree is not None
    assert [script.get("type") for script in tree.iter("script")] == ["application/ld+json"]
    assert tree.find("body").text_content() == "One two three."


@pytest.mark.parametrize("tag", ["noscript", "template"])
def test_what_stands_in_place_of_scripts(tag: str) -> None:
    """It is a part of a page that shows less than that, and of no other."""
    text = "The bell lay in nine metres of water outside Sund. " * 10
    hidden = f"<{tag}><p>{text}</p></{tag}>"
    alone = parse(f"<html><body><div id=app></div>{hidden}</body></html>")
    beside = parse(f"<html><body><p>{text.upper() * 2}</p>{hidden}</body></html>")
    assert alone is not None
    assert beside is not None
    assert [one.text for one in alone.iter("p")][-1] == text
    assert alone.find(f".//{tag}") is None
    shown = [
        one.text for one in beside.iter("p") if not any(around.tag == "noscript" for around in one.iterancestors())
    ]
    assert shown == [text.upper() * 2]


TEXT = "The ferry sails again on Monday, the harbour office said. " * 4


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        (f'<x-news><template shadowrootmode="open"><p>{TEXT}</p></template></x-news>', True),
        (f"<x-news><template><p>{TEXT}</p></template></x-news>", False),
        (f"<h1>Ferry</h1><iframe srcdoc=\"<script>a</script><p class='t'>{TEXT}</p>\"></iframe>", True),
        (f'<p>{TEXT * 2}</p><iframe srcdoc="<p>Buy {TEXT}</p>"></iframe>', False),
        ('<h1>Ferry</h1><iframe srcdoc="<p>Buy one now!</p>"></iframe>', False),
        ('<h1>Ferry</h1><iframe srcdoc="<!-- none -->"></iframe><iframe srcdoc="<p"></iframe>', False),
    ],
    ids=["shadow root", "template", "frame", "frame beside a text", "short frame", "empty frames"],
)
def test_what_browsers_show_of_inner_documents(markup: str, shown: bool) -> None:
    """A shadow root is part of the page, and so is a frame with the text of it; no template, and no advertisement."""
    tree = parse(f"<html><body>{markup}</body></html>")
    assert tree is not None
    texts = [element.text for element in tree.iter("p")]
    assert (TEXT in texts) is shown
    assert not any("Buy" in (text or "") for text in texts)
    assert tree.find(".//script") is None
