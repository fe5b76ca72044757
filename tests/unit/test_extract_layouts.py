"""Pages as many systems lay them out, and texts that are no plain reports, in twenty languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support.pages import page

from ingest.extract.overlays import without_window
from ingest.extract.quoted import take_labels
from ingest.extract.scope import find_scope
from ingest.extract.tree import parse
from ingest.model import Record, Role
from ingest.outcome import Reason, Rejection
from ingest.pipeline import process_page
from ingest.text import letters

FOLDER = Path(__file__).parents[1] / "fixtures" / "layouts"
LAYOUTS = json.loads((FOLDER / "layouts.json").read_text("utf-8"))


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_layout_gives_the_text_and_nothing_else(name: str) -> None:
    """Every line of the text is there, none of the frame, and the title is right; a list of days is no article."""
    told = LAYOUTS[name]
    made = process_page(page((FOLDER / f"{name}.html").read_text("utf-8"), url=told["url"]))
    if told["lines"] is None:
        assert isinstance(made, Rejection)
        assert made.reason is Reason.NO_TEXT
        return
    assert isinstance(made, Record)
    lines = [letters(block.text) for block in made.article.blocks if block.role is not Role.CAPTION]
    assert sorted(lines) == sorted(map(letters, told["lines"]))
    assert letters(made.article.title or "") == letters(told["title"])


WINDOW = "<p>We and our 812 partners store cookies on your device. You may give or withdraw your consent below.</p>"
STORY = (
    "<p>The ferry between the two towns has been out of service since the storm broke its ramp on Sunday night.</p>"
    "<p>Commuters have been sent round by the bridge, which takes them forty minutes longer each way than the boat.</p>"
)


@pytest.mark.parametrize(
    ("body", "stays"),
    [
        (f"<div><div>{WINDOW}</div></div><div><h1>Ferry out of service</h1>{STORY}</div>", True),
        (f"<div>{WINDOW}</div><div>{WINDOW}</div><h1>Ferry out of service</h1><div>{STORY}</div>", True),
        (f"<div>{WINDOW}</div><h1>Ferry out of service</h1><p>Read more soon.</p>", False),
        (f"<div>{WINDOW}</div><h1>Your privacy at the Courier</h1>{STORY}", False),
        (f"<div><h1>Ferry out of service</h1>{WINDOW}</div>", False),
    ],
)
def test_a_window_over_an_article(body: str, stays: bool) -> None:
    """It is taken away where the page's headline and two sentences stand outside of it; else the page is a wall."""
    rest = without_window(f"<html><body>{body}</body></html>", "Ferry out of service")
    assert (rest is not None) is stays
    assert rest is None or ("partners" not in rest and "Commuters" in rest)


@pytest.mark.parametrize(
    ("quotation", "label"),
    [
        ("<blockquote><cite>annlee wrote:</cite>It sails until noon.</blockquote>", "annlee wrote:"),
        ("<blockquote><div><cite>annlee</cite>It sails until noon.</div></blockquote>", "annlee"),
        ("<div class='bbCodeBlock--quote'><a>annlee said:</a><div>It sails until noon.</div></div>", "annlee said:"),
        ("<blockquote>annlee wrote:<br>It sails until noon.</blockquote>", "annlee wrote:"),
        ("<blockquote><p>It sails until noon:</p></blockquote>", None),
        ("<blockquote><p>It sails until noon.</p><p>Then it rests.</p></blockquote>", None),
    ],
)
def test_who_is_quoted_is_no_text_of_the_quotation(quotation: str, label: str | None) -> None:
    """A short first line goes if it ends in a colon or is marked as a name; a line that is all stays."""
    tree = parse(f"<html><body><p>Does it run on Sundays?</p>{quotation}</body></html>")
    assert tree is not None
    assert [one.text for one in take_labels(find_scope(tree))] == ([label] if label else [])
    assert "It sails until noon" in tree.text_content()
