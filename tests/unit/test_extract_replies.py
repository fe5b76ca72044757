"""What readers wrote below an article is told by its shape, and a list that belongs to an article is none of it."""

from __future__ import annotations

import pytest
from support.pages import ENGLISH, ENGLISH_TOO, GERMAN, RUSSIAN, SWEDISH, html, page

from ingest.extract.page import extract
from ingest.extract.runs import runs_of
from ingest.extract.tree import parse
from ingest.model import Article

ABOVE = (ENGLISH, SWEDISH, GERMAN, RUSSIAN, ENGLISH_TOO)
TEXT = "".join(f"<p>{text}</p>" for text in ABOVE)
SAID = [f"{' '.join(reversed(text.split()))} {number}." for number in range(3) for text in ABOVE]


def _texts(markup: str) -> list[str]:
    article = extract(page(markup))
    assert isinstance(article, Article)
    return [block.text for block in article.blocks]


def _listed(lines: list[str], tag: str = "ol") -> str:
    return f"<{tag}>{''.join(f'<li>{line}</li>' for line in lines)}</{tag}>"


@pytest.mark.parametrize("tag", ["ol", "ul"])
@pytest.mark.parametrize("line", ["Keel, 5 March 2026, 10:{:02}", "gestern um 9:{:02} Uhr", "٥ مارس ١٠:{:02}"])
@pytest.mark.parametrize("paragraph", ["p", "div"])
def test_replies_without_a_name(tag: str, line: str, paragraph: str) -> None:
    """A list with a line with a clock in each item, behind a text, is no part of it, however much longer it is."""
    items = [
        f"<div>{line.format(n + 10)}</div><{paragraph}>{text}</{paragraph}><a href='#r'>+1</a>"
        for n, text in enumerate(SAID)
    ]
    below = f'<div class="c1q"><div class="c2q">{_listed(items, tag)}</div></div>'
    body = f'<div class="c0q"><h1>The ferry sails again</h1>{TEXT}{below}</div>'
    markup = f"<html><title>The ferry sails again</title><body>{body}</body></html>"
    assert _texts(markup) == list(ABOVE)
    article = extract(page(markup))
    assert isinstance(article, Article)
    assert [one.rule for one in article.residue if SAID[0] in one.text] == ["feedback"]


@pytest.mark.parametrize(
    ("above", "line"),
    [(TEXT, "Walk number {}"), (TEXT, "Price: {}.50 crowns a head"), ("", "Keel, 5 March 2026, 10:{:02}")],
    ids=["no clock", "a price", "nothing above"],
)
def test_a_list_that_is_part_of_an_article(above: str, line: str) -> None:
    """An article may be a list; items without the time of a reply stay, and so does a list with nothing above it."""
    items = [f"<h3>{line.format(n + 10)}</h3><p>{text}</p>" for n, text in enumerate(SAID)]
    found = " ".join(_texts(html(f"{above}{_listed(items)}")))
    assert all(text in found for text in SAID)


def test_what_a_script_left_on_a_page() -> None:
    """Data and code as text are no running text; a text about them is, and so is a listing."""
    data = '{"id": 7, "kind": "teaser", "words": "a few of them for all who read the page"}, ' * 120
    talk = "A brace { opens a block, and its value = 7 as all who have read of it will know by now. " + ENGLISH * 80
    tree = parse(f"<html><body><div>{data}</div><div>{talk}</div><pre>{data[:3000]}</pre></body></html>")
    assert tree is not None
    assert [run.prose > 0 for run in runs_of(tree)] == [False, True, True]
