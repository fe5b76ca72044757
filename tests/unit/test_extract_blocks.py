"""Links, captions and cut sentences of an article."""

from __future__ import annotations

import pytest
from lxml.html import document_fromstring
from support.pages import ENGLISH, ENGLISH_TOO, RUSSIAN, SWEDISH, html, page

from ingest.extract.captions import Caption, take_captions, with_captions
from ingest.extract.page import extract
from ingest.extract.scope import find_scope
from ingest.model import Anchor, Article, Block, Role


def _blocks(body: str) -> tuple[Block, ...]:
    article = extract(page(html(f"<p>{ENGLISH}</p>{body}<p>{ENGLISH_TOO}</p>")))
    assert isinstance(article, Article)
    assert (article.blocks[0].text, article.blocks[-1].text) == (ENGLISH, ENGLISH_TOO)
    return article.blocks[1:-1]


def test_anchors() -> None:
    """The links of a paragraph come with it, absolute and in reading order; others stay away."""
    (block,) = _blocks(
        '<p>The <a href="/office">harbour\n office</a> told <a href="https://post.example.com/a?b=1">The Post</a> so,'
        ' and <a href="mailto:ann@bay.example.org">Ann</a> <a>heard</a> <a href="">it</a> from the <a href="http://[::1">office</a>.</p>'
    )
    assert block.text == "The harbour office told The Post so, and Ann heard it from the office."
    assert block.anchors == (
        Anchor(text="harbour office", url="https://bay.example.org/office"),
        Anchor(text="The Post", url="https://post.example.com/a?b=1"),
    )


def test_anchors_of_a_part_of_a_paragraph() -> None:
    """Where breaks part a paragraph into several blocks, each gets its own links, also those of equal words."""
    first, second = _blocks(f'<p>{SWEDISH} See <a href="/1">here</a>.<br><br>{RUSSIAN} See <a href="/2">there</a>.</p>')
    assert [anchor.url[-2:] for anchor in first.anchors] == ["/1"]
    assert [anchor.url[-2:] for anchor in second.anchors] == ["/2"]


def test_links_change_no_text() -> None:
    """The text with links is the text without."""
    linked = f"<p>{SWEDISH.replace('Färjan', '<a href=/f>Färjan</a>')}</p>"
    assert [block.text for block in _blocks(linked)] == [SWEDISH]


LINK = '<a href="https://post.example.com/n">what NEXTA spread</a>'
CUT = "The news about the boats and what NEXTA spread this Tuesday, is not confirmed."


@pytest.mark.parametrize(
    "body",
    [
        f"<div>The news about the boats and {LINK} this Tuesday, is not confirmed.</div>",
        f"<div>The news about the boats and <p>{LINK}</p> this Tuesday, is not confirmed.</div>",
        f"<div>The news about the boats and <div>{LINK}</div> this Tuesday, is not confirmed.</div>",
        f"<p>The news about the boats and</p>{LINK}<p>this Tuesday, is not confirmed.</p>",
        f"<p>The news about the boats and</p><p>{LINK}</p><p>this Tuesday, is not confirmed.</p>",
        f"<p>The news about <b>the boats and</b></p><p>{LINK}</p><p>this <i>Tuesday</i>, is not confirmed.</p>",
        f"<p>The news about the boats and<br>{LINK}<br>this Tuesday, is not confirmed.</p>",
    ],
)
def test_sentences_cut_at_a_link(body: str) -> None:
    """A sentence that bad markup cuts at a link is joined again, with its link."""
    (block,) = _blocks(body)
    assert (block.text, [anchor.text for anchor in block.anchors]) == (CUT, ["what NEXTA spread"])


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{SWEDISH}</p><p>{LINK} and more, says the office of the harbour.</p><p>this goes on.</p>",
        f"<p>{SWEDISH}</p><p><a href=https://post.example.com/n>{RUSSIAN}</a></p><p>{SWEDISH[::-1]}</p>",
    ],
)
def test_whole_sentences_are_not_joined(body: str) -> None:
    """Paragraphs that end where a sentence ends stay apart."""
    assert _blocks(body)[0].text == SWEDISH


@pytest.mark.parametrize(
    "figure",
    [
        "<figure><img src=a.jpg><figcaption>The ferry in its yard</figcaption></figure>",
        "<figure><a href=a.jpg><img src=a.jpg></a><div>The ferry <b>in its yard</b></div></figure>",
        "<figure><img src=a.jpg><b>+</b><figcaption>The ferry in its yard<script>x</script></figcaption></figure>",
        '<div><img src=a.jpg><p class="wp-caption-text">The ferry in its yard</p></div>',
        '<div class="photo"><img src=a.jpg></div><div class="imageCaption">The ferry in its yard</div>',
        '<div><img src=a.jpg><span itemprop="caption">The ferry in its yard</span></div>',
    ],
)
def test_captions(figure: str) -> None:
    """A caption is one by its element, or by its name beside a picture."""
    assert (Block(text="The ferry in its yard", role=Role.CAPTION, origin="html"),) == _blocks(figure)


@pytest.mark.parametrize(
    "figure",
    [
        f"<figure><blockquote><p>{SWEDISH}</p></blockquote></figure>",
        f'<p class="text-caption">{SWEDISH}</p>',
        f'<div class="caption-size-large">{SWEDISH * 8}</div><img src=a.jpg>',
    ],
)
def test_what_is_no_caption(figure: str) -> None:
    """Quotations set as figures, names of type sizes and long texts are no captions."""
    assert Role.CAPTION not in {block.role for block in _blocks(figure)}


def test_captions_go_behind_their_paragraph() -> None:
    """Each caption knows what it follows; without a paragraph before it, it stands before all; equal ones come once."""
    tree = document_fromstring(
        html(
            f"<figure><img src=a><figcaption>One</figcaption></figure><p>{ENGLISH}</p><p>{SWEDISH}</p>"
            + "<figure><img src=b><figcaption>Two</figcaption></figure>" * 2
            + f"<p>{ENGLISH_TOO}</p>"
        )
    )
    captions = take_captions(find_scope(tree))
    assert (Caption(text="One", after="The ferry sails again"), Caption(text="Two", after=SWEDISH)) == captions
    blocks = [Block(text=text) for text in (ENGLISH, SWEDISH, ENGLISH_TOO)]
    mixed = [block.text for block in with_captions(blocks, captions)]
    assert mixed == ["One", ENGLISH, SWEDISH, "Two", ENGLISH_TOO]
