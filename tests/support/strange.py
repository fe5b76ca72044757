"""Records that try to be more than text: markup, scripts and addresses in every field that a stranger fills."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from support.making import make_stored

from ingest.model import Attribution, Block, Citation, Mark, MarkKind, Picture, Record, Residue, Role

SCRIPTS = (
    "<script>window.broken = 1</script>",
    "<img src=x onerror='window.broken = 1'>",
    '"><svg/onload=window.broken=1>',
    "'-window.broken=1-'",
    "</title></textarea></style><script>window.broken=1</script>",
    "<a href='javascript:window.broken=1'>click</a>",
    "<iframe srcdoc='<script>parent.broken=1</script>'></iframe>",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
    "<!--<img src=--><img src=x onerror=window.broken=1>",
    "<math><mi xlink:href='data:x,<script>window.broken=1</script>'>",
    "<base href='https://evil.example/'><meta http-equiv=refresh content='0;url=https://evil.example/'>",
    "<form action='https://evil.example/'><button autofocus onfocus=window.broken=1>",
    "<style>*{background:url(https://evil.example/)}</style><link rel=stylesheet href=//evil.example>",
    "\u202egnirts lanoitceridib a\u202c &lt;b&gt; &amp;#60;",
    "<x" + " onclick=window.broken=1" * 3 + "><details open ontoggle=window.broken=1>",
)
ADDRESSES = (
    "javascript:window.broken=1",
    "JAVASCRIPT://courier.example/%0Awindow.broken=1",
    "data:text/html,<script>window.broken=1</script>",
    "https://courier.example/\"onmouseover=window.broken=1 x='<script>",
    "https://courier.example/?q='><script>window.broken=1</script>",
)
URL = "https://courier.example/strange"


def _marks(address: str) -> tuple[Mark, ...]:
    """All of an address linked to it, and bold beyond any sense."""
    end = len(address)
    return (
        Mark(kind=MarkKind.LINK, start=0, end=end, words=address, url=address),
        Mark(kind=MarkKind.BOLD, start=3, end=end, words=address[3:]),
        Mark(kind=MarkKind.ITALIC, start=1, end=7, words=address[1:7]),
    )


def strange_record() -> Record:
    """One record with all of it."""
    every = " ".join(SCRIPTS)
    fields: dict[str, Any] = {
        "title": every,
        "subtitle": every,
        "publisher": SCRIPTS[1],
        "source": SCRIPTS[2],
        "authors": SCRIPTS[:4],
        "organisations": SCRIPTS[4:6],
        "byline": SCRIPTS[0],
        "published_at": datetime(2026, 3, 15, 12, tzinfo=UTC),
        "canonical_url": ADDRESSES[0],
        "requested_url": ADDRESSES[1],
        "section": SCRIPTS[7],
        "tags": SCRIPTS,
        "image": ADDRESSES[2],
        "licence": ADDRESSES[0],
        "flags": (SCRIPTS[0],),
        "residue": tuple(Residue(text=one, rule="byline", value=one, moved_to="authors") for one in SCRIPTS),
        "citations": tuple(Citation(name=SCRIPTS[0], date=SCRIPTS[1], url=one) for one in ADDRESSES),
        "attribution": Attribution(
            original_name=SCRIPTS[0], original_url=ADDRESSES[0], dateline=SCRIPTS[1], photo_credits=SCRIPTS[:2]
        ),
        "blocks": (
            *(Block(text=f"{one} The harbour board met on Tuesday evening.") for one in SCRIPTS),
            *(Block(text=one, marks=_marks(one), role=Role.HEADING, level=9) for one in ADDRESSES),
            Block(text=SCRIPTS[0], role=Role.CAPTION),
        ),
        "pictures": tuple(Picture(url=one, caption=SCRIPTS[1], credit=SCRIPTS[0]) for one in ADDRESSES),
    }
    return make_stored("", URL, **fields)
