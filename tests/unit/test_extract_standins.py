"""Pages that stand in for an article are told by what they say of themselves, in every language of the lexicon."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from support.pages import ENGLISH, ENGLISH_TOO, page

from ingest.extract.page import extract
from ingest.model import Article
from ingest.outcome import Reason, Rejection

FOLDER = Path(__file__).parents[1] / "fixtures" / "standins"
CASES = tomllib.loads((FOLDER / "pages.toml").read_text(encoding="utf-8"))
DRESSES = (
    "<html><head><title>{heading}</title></head><body><main><h1>{heading}</h1>{paragraphs}</main></body></html>",
    (
        "<html><head><title>{heading} | Harbour Post</title></head><body><header><a href='/'>Harbour Post</a></header>"
        "<div class='c1'><div><h2>{heading}</h2>{lines}</div><form><button>OK</button></form></div>"
        "<footer>© Harbour Post</footer></body></html>"
    ),
)


def _dressed(case: dict[str, Any], dress: str) -> str:
    paragraphs = "".join(f"<p>{line}</p>" for line in case["lines"])
    lines = "".join(f"<div>{line}</div>" for line in case["lines"])
    return dress.format(heading=case["heading"], paragraphs=paragraphs, lines=lines)


@pytest.mark.parametrize("dress", DRESSES, ids=["plain", "site"])
@pytest.mark.parametrize("case", CASES["stand_in"], ids=lambda case: f"{case['language']}-{case['heading'][:20]}")
def test_a_stand_in_is_rejected_with_what_it_is(case: dict[str, Any], dress: str) -> None:
    """A wall, a refusal, a soft 404 or a loader is no article, in whatever markup it comes."""
    found = extract(page(_dressed(case, dress)))
    assert isinstance(found, Rejection)
    assert found.reason in {Reason(case["reason"]), Reason.NO_TEXT}


@pytest.mark.parametrize("case", CASES["article"], ids=lambda case: f"{case['language']}-{case['heading'][:20]}")
def test_a_short_article_about_such_matters_is_kept(case: dict[str, Any]) -> None:
    """A brief about cookies, passwords, closed roads or robots is an article."""
    assert isinstance(extract(page(_dressed(case, DRESSES[0]))), Article)


UNKNOWN = {
    "heading": "Karibu sana",
    "lines": [
        "Tafadhali thibitisha kwamba unataka kuendelea kuangalia ukurasa huu na kwamba unakubali masharti yetu yote.",
        "Chagua lugha ambayo unataka kusoma, kisha bonyeza kitufe kikubwa cha kijani kilicho chini ya ukurasa huu.",
    ],
}


def test_a_form_is_told_without_a_word_of_its_language() -> None:
    """A few lines beside a form are no article if the head says nothing of one; in languages with words these tell."""
    bare = _dressed(UNKNOWN, DRESSES[1]).replace("<html>", '<html lang="sw">')
    assert isinstance(extract(page(bare)), Rejection)
    for head in ('<meta property="og:type" content="article">', '<meta name="date" content="2024-05-03">'):
        assert isinstance(extract(page(bare.replace("<head>", f"<head>{head}"))), Article)
    assert isinstance(extract(page(bare.replace('"sw"', '"de"'))), Article)
    framed = "<header><form><button>Tafuta</button></form></header>" + _dressed(UNKNOWN, DRESSES[0])
    assert isinstance(extract(page(framed.replace("<html>", '<html lang="sw">'))), Article)


def _told(name: str) -> list[list[str]]:
    return [line.split("|") for line in (FOLDER / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("dress", DRESSES, ids=["plain", "site"])
def test_walls_are_rejected_and_briefs_kept(dress: str) -> None:
    """Of over a hundred walls in twenty languages nearly all are told; of a hundred briefs none."""
    walls = [_dressed({"heading": heading, "lines": lines}, dress) for _, _, heading, *lines in _told("walls.txt")]
    assert sum(isinstance(extract(page(wall)), Rejection) for wall in walls) >= 0.95 * len(walls)
    briefs = [_dressed({"heading": heading, "lines": lines}, dress) for _, heading, *lines in _told("briefs.txt")]
    assert all(isinstance(extract(page(brief)), Article) for brief in briefs)


TEASERS = [("The bell is found", "Divers raised it on Monday."), ("A tram for the hill", "It climbs in four minutes.")]
TEASERS += [("Who owns the pier?", "Two towns say they do."), ("Snow in May", "Farmers lit fires between the trees.")]
CARDS = (
    "<div class='k'><a href='/s/{n}'><h2>{headline}</h2></a><p>{teaser}</p><span>2 Aug 2025</span></div>",
    "<li><a href='/s/{n}'>{headline}</a><br>{teaser}</li>",
    "<p><a href='/s/{n}'>{headline}</a> – 2 Aug 2025. {teaser}</p>",
    "<section><img src='/{n}.jpg'><h3><a href='/s/{n}'>{headline}</a></h3><div>{teaser}</div></section>",
)


@pytest.mark.parametrize("card", CARDS)
def test_a_list_of_teasers_is_no_article(card: str) -> None:
    """An index page is rejected by its shape; with an article above the same cards it is kept."""
    cards = "".join(card.format(n=n, headline=one, teaser=two) for n, (one, two) in enumerate(TEASERS))
    index = f"<html><head><title>Harbour</title></head><body><main><h1>Harbour</h1>{cards}</main></body></html>"
    found = extract(page(index))
    assert isinstance(found, Rejection)
    assert found.detail.startswith("an index")
    text = f"<article><p>{ENGLISH}</p><p>{ENGLISH_TOO}</p><p>{ENGLISH}</p></article>"
    assert isinstance(extract(page(index.replace("<h1>Harbour</h1>", f"<h1>The ferry</h1>{text}"))), Article)
