"""Pages and texts for the tests of extraction: small ones, written for them, in five languages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ingest.model import Page, Seed

FETCHED_AT = datetime(2024, 5, 2, 6, 30, tzinfo=UTC)
URL = "https://bay.example.org/2024/ferry"

ENGLISH = (
    "The harbour office said on Monday that the old ferry will sail again in June, after two years of repairs at a"
    " yard in the north."
)
ENGLISH_TOO = (
    "Passengers have had to take the bus around the bay since the engine failed, and many of them lost an hour a day"
    " on the way to work."
)
SWEDISH = (
    "Färjan ska gå igen i juni, säger hamnkontoret, efter två år av lagningar på ett varv i norr. Resenärerna har fått"
    " åka buss runt viken."
)
GERMAN = (
    "Die alte Fähre fährt im Juni wieder, teilte das Hafenamt am Montag mit. Zwei Jahre lang lag sie in einer Werft im"
    " Norden, und die Fahrgäste mussten den Bus nehmen."
)
RUSSIAN = (
    "Старый паром снова начнёт ходить в июне, сообщили в управлении порта. Два года его чинили на верфи на севере, а"
    " пассажиры ездили вокруг залива на автобусе."
)
ARABIC = (
    "قال مكتب الميناء يوم الاثنين إن العبارة القديمة ستبحر من جديد في شهر يونيو بعد عامين من الإصلاحات في حوض السفن"
    " شمال المدينة."
)


def html(body: str, head: str = "", *, title: str = "The ferry sails again", lang: str = "en") -> str:
    """A page with an article of this body."""
    return (
        f'<!doctype html><html lang="{lang}"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )


def article_html(head: str = "", after: str = "", **known: Any) -> str:
    """A page with two paragraphs, where what counts is what its head says, or what stands after the text."""
    return html(f"<p>{ENGLISH}</p><p>{ENGLISH_TOO}</p>{after}", head, **known)


def page(
    body: str | bytes, content_type: str | None = "text/html; charset=utf-8", *, url: str = URL, **seed: Any
) -> Page:
    """A fetched page of this body; further arguments are fields of its seed."""
    return Page(
        seed=Seed(url=url, **seed),
        final_url=url,
        body=body.encode() if isinstance(body, str) else body,
        fetched_at=FETCHED_AT,
        status=200,
        headers=(("Content-Type", content_type),) if content_type is not None else (),
    )
