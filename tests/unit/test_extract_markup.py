"""An article in markup that names nothing: its text is told by what stands where, and the frame of the site is not."""

from __future__ import annotations

import pytest
from support.pages import page

from ingest.model import Record
from ingest.pipeline import process_page

TITLE = "Harbour board keeps repair yard open"
TEXT = (
    "The harbour board voted on Tuesday night to keep the old repair yard open for five more years.",
    "Members split seven to four after a debate that ran past midnight, according to the clerk, Ms Odell.",
    "The yard employs forty people and mends most of the ferries that sail between the outer islands.",
    "A consultant had told the board in March that closing it would save two hundred thousand crowns a year.",
    "“We looked at what the town would lose,” said the chair, Tom Varga, after the vote.",
    "The board will look at the accounts again in the autumn of next year, when the lease comes up.",
)
CHINESE = (
    "港务局周一表示，旧渡轮将在六月恢复航行，此前已在北方的船厂维修了两年。",
    "两年来，北部村庄的乘客只能每天早晨乘坐公共汽车进城，路上要多花一个小时。",
    "港务局长说，维修费用为三百万元，首航将对所有居民免费开放。",
)
MENU = '<ul><li><a href="/">Home</a></li><li><a href="/news">News</a></li><li><a href="/c">Contact us</a></li></ul>'
TEASERS = (
    '<div><a href="/n/1">Ferry sails again in June after two years of repairs</a></div>'
    '<div><a href="/n/2">School closes early as storm nears the northern coast</a></div>'
    '<div><a href="/n/3">Library opens late on Fridays from the first of May</a></div>'
)
FOOT = '<div>© 2026 The Bay Courier. All rights reserved. <a href="/p">Privacy</a> <a href="/t">Terms</a></div>'
FRAME = ("Home", "Contact us", "Ferry sails", "Library opens", "All rights", "来源")


def _each(pattern: str, lines: tuple[str, ...] = TEXT, between: str = "") -> str:
    return between.join(pattern.format(line) for line in lines)


def _framed(body: str) -> str:
    return f"<div>{MENU}</div><div><h1>{TITLE}</h1>{body}</div><div>{TEASERS}</div>{FOOT}"


TOP, END = f"<div>{MENU}</div>", f"<div>{TEASERS}</div>{FOOT}"
HEAD = f"<h1>{TITLE}</h1>"
PLAIN = _each("<p>{}</p>")
BROKEN = _each("{}", between="<br><br>")
SHAPES = {
    "a layout of cells": f"<table><tr><td>{MENU}<td><b>{TITLE}</b><br><br>{BROKEN}<td>{TEASERS}</table>",
    "a row for each paragraph": f"<table><tr><td>{MENU}<tr><td>{HEAD}{_each('<tr><td>{}')}</table>{FOOT}",
    "elements of the site's own": f"<x-nav>{MENU}</x-nav><x-one>{HEAD}{_each('<x-line>{}</x-line>')}</x-one>{END}",
    "breaks": f"{TOP}<div><b>{TITLE}</b><br>{_each('{}', between='<br>')}</div>{END}",
    "spans": _framed(_each("<div><span><span>{}</span></span></div>")),
    "items of a list": _framed(f"<ul>{_each('<li>{}</li>')}</ul>"),
    "definitions": _framed(f"<dl>{_each('<dt>Question</dt><dd>{}</dd>')}</dl>"),
    "bold openings and breaks": f"{TOP}<div>{HEAD}{_each('<b>Part</b><br>{}<br><br>')}</div>",
    "a form around all": f"<form>{_framed(PLAIN)}<input></form>",
    "a header around it": f"{TOP}<header>{HEAD}{PLAIN}</header>{END}",
    "a footer around it": f"{TOP}<footer>{HEAD}{PLAIN}</footer>{END}",
    "fonts and open paragraphs": f"<center><a href=/>Home</a></center><font>{HEAD}{_each('<p>{}')}</font>{FOOT}",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_unfamiliar_markup(shape: str) -> None:
    """Every paragraph of the article is found, and nothing of the frame."""
    made = process_page(page(f"<html><head><title>{TITLE}</title></head><body>{SHAPES[shape]}</body></html>"))
    assert isinstance(made, Record)
    text = made.article.text
    assert [line for line in TEXT if line not in text] == []
    assert [line for line in FRAME if line in text] == []


@pytest.mark.parametrize(
    "body",
    [
        "<section><h1>{t}</h1><section>" + _each("<section>{}</section>", CHINESE) + "</section></section>",
        "<h1>{t}</h1><p>2026年03月14日 08:30</p><p>来源：海湾日报</p>" + _each("<p>　　{}</p>", CHINESE),
        "<h1>{t}</h1><p>2026年03月14日 08:30来源：海湾日报</p>" + _each("<p>　　{}</p>", CHINESE),
        "<div><h1>{t}</h1><div>2026-03-14 08:30 来源：海湾日报</div><div>"
        + _each("{}<br><br>", CHINESE)
        + "</div></div>",
    ],
)
def test_unfamiliar_markup_without_spaces(body: str) -> None:
    """A label behind a stamp needs no blank before it, and a short text no paragraphs of that name."""
    made = process_page(page(f"<html lang=zh><body>{body.format(t='旧渡轮六月恢复航行')}</body></html>"))
    assert isinstance(made, Record)
    assert [line for line in CHINESE if line not in made.article.text] == []
    assert [line for line in FRAME if line in made.article.text] == []
