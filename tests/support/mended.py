"""Twenty small hosts whose pages are read wrongly in the general way, each with the rule that mends it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

QUAY = (
    "The harbour board decided on Monday to close the old ferry quay for the winter, since its piles have rotted.",
    "Passengers will board at the fish market instead, where a floating stage is being built by two local yards.",
    "The board expects the work to cost four million kroner, of which the county has promised to pay about a third.",
    "Skippers of smaller boats said that they had asked for new piles every spring since the last storm flood.",
)
FAIR = (
    "Our annual book fair opens its doors on Friday, and members of the readers' club enter without paying anything.",
    "Order the weekend edition now and get two months for the price of one, delivered to your door before breakfast.",
    "Readers who bring a friend to the fair can win a voyage to the northern islands with meals and a cabin for two.",
)
SWEDISH = (
    "Kommunen stänger den gamla färjekajen över vintern eftersom flera av pålarna har ruttnat sedan stormen.",
    "Resenärerna får i stället gå ombord vid fiskmarknaden, där två varv just nu bygger en flytande brygga av stål.",
)
GERMAN = (
    "Der Hafenrat hat am Montag beschlossen, den alten Fähranleger über den Winter zu sperren, weil Pfähle faul sind.",
    "Die Fahrgäste steigen bis zum Frühjahr am Fischmarkt ein, wo zwei Werften gerade einen schwimmenden Steg bauen.",
)


def paragraphs(*texts: str, tag: str = "p", named: str = "") -> str:
    """Texts in elements of one tag and class."""
    of = f' class="{named}"' if named else ""
    return "".join(f"<{tag}{of}>{text}</{tag}>" for text in texts)


def html(body: str, title: str = "The quay closes", head: str = "") -> str:
    """A page with a menu and a foot."""
    menu = "".join(f'<li><a href="/{name}">{name}</a></li>' for name in ("News", "Sport", "Weather", "Archive"))
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<nav><ul>{menu}</ul></nav>{body}<footer><p>The Bay, 4 Quay Street</p></footer></body></html>"
    )


@dataclass(frozen=True)
class Mended:
    """A host: its page, its rule (a `.txt` of other readers where it says so), and what the record then has."""

    host: str
    page: str
    rule: str
    has: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    ftr: bool = False


_MAIN = paragraphs(*QUAY)
_SHORT_LINES = ("Grey is the quay,", "grey is the sea,", "nobody waits", "for the ferry and me.")

HOSTS = (
    Mended(
        "promo.example",
        html(f"<h1>The quay closes</h1><main>{paragraphs(*QUAY[:2])}<div class='k9'>{paragraphs(*FAIR)}</div>"
             f"{paragraphs(*QUAY[2:])}</main>"),
        'body = "main"\nstrip = "div.k9"',
        QUAY, FAIR,
    ),
    Mended(
        "strip.example",
        html(f"<h1>The quay closes</h1><div id='t'>{paragraphs(*QUAY)}<div class='readerclub x'>{paragraphs(*FAIR)}"
             "</div></div>"),
        "body: //div[@id='t']\nstrip_id_or_class: readerclub\n",
        QUAY, FAIR, ftr=True,
    ),
    Mended(
        "first.example",
        html(f"<h1>The quay closes</h1><div class='post'>{_MAIN}</div><div class='post'>{paragraphs(*FAIR)}</div>"),
        'body = "(//div[@class=\'post\'])[1]"',
        QUAY, FAIR,
    ),
    Mended(
        "comments.example",
        html(f"<h1>The quay closes</h1><div class='comment-list'>{paragraphs(*SWEDISH)}</div>"
             f"<div class='teaserbox'>{paragraphs(*FAIR)}</div>"),
        'body = ".comment-list"\ntrusted = true',
        SWEDISH, FAIR,
    ),
    Mended(
        "poem.example",
        html("<h1>At the quay</h1><div class='verse'>" + "".join(f"<div>{line}</div>" for line in _SHORT_LINES)
             + f"</div><section>{paragraphs(*FAIR)}</section>", "At the quay"),
        'body = "div.verse"\ntrusted = true',
        _SHORT_LINES, FAIR,
    ),
    Mended(
        "brief.example",
        html(f"<div class='ticker'><b>Ferry</b><span>{SWEDISH[1][:60]}.</span></div>"
             f"<main>{paragraphs(*FAIR)}</main>", "Ferry"),
        'body = "div.ticker span"\ntitle = "div.ticker b"\ntrusted = true',
        (SWEDISH[1][:60],), FAIR, facts={"title": "Ferry"},
    ),
    Mended(
        "headline.example",
        html(f"<h1>The Bay</h1><div class='kop'>Piles rot below the old quay</div><article>{_MAIN}</article>",
             "The Bay", '<meta property="og:title" content="The Bay">'),
        'title = "div.kop"',
        QUAY, facts={"title": "Piles rot below the old quay"},
    ),
    Mended(
        "author.example",
        html(f"<h1>The quay closes</h1><i data-w='Kaja Brekke'></i><article>{_MAIN}</article>"),
        'author = "//i/@data-w"',
        QUAY, facts={"authors": ("Kaja Brekke",)},
    ),
    Mended(
        "date.example",
        html(f"<h1>The quay closes</h1><article>{_MAIN}</article><div data-s='2025|11|03|07|05|+0100'></div>"),
        'date = "//div/@data-s"\ndate_format = "%Y|%m|%d|%H|%M|%z"',
        QUAY, facts={"published_at": "2025-11-03T07:05:00+01:00"},
    ),
    Mended(
        "us.example",
        html(f"<h1>The quay closes</h1><article>{_MAIN}</article><p class='s'>03/04/2025</p>"),
        'date = "p.s"\ndate_format = "%m/%d/%Y"',
        QUAY, facts={"published_at": "2025-03-04T00:00:00+00:00"},
    ),
    Mended(
        "data.example",
        html("<h1>Kajen</h1><div id='app'></div><script>window.P={\"x\":{\"q\":[{\"z\":\""
             + '"},{"z":"'.join(GERMAN) + '"}]},"pad":"' + "0" * 200 + '"}</script>', "Another name"),
        'json_path = "x.q.*.z"',
        GERMAN,
    ),
    Mended(
        "hidden.example",
        html(f"<h1>The quay closes</h1><main><p>{QUAY[0]}</p><div style='display:none' class='more'>"
             f"{paragraphs(*QUAY[1:])}</div>{paragraphs(*FAIR)}</main>"),
        'body = ["//main/p[1] | //div[@class=\'more\']"]',
        QUAY, FAIR,
    ),
    Mended(
        "noscript.example",
        html(f"<h1>The quay closes</h1><main><noscript>{_MAIN}</noscript>{paragraphs(*FAIR[:2])}</main>"),
        'replace_string(<noscript>): <section class="n">\nreplace_string(</noscript>): </section>\n'
        'body: //section[@class="n"]',
        QUAY, FAIR[:2], ftr=True,
    ),
    Mended(
        "template.example",
        html(
            f"<h1>The quay closes</h1><main><template>{paragraphs(*QUAY)}</template>"
            f"{paragraphs(*FAIR, FAIR[0])}</main>"
        ),
        'body = "section.t"\nreplace = [{ find = "<template>", put = "<section class=\'t\'>" },'
        ' { find = "</template>", put = "</section>" }]',
        QUAY,
    ),
    Mended(
        "digest.example",
        html("<h1>What others write</h1><ul class='links'>"
             + "".join(f"<li><a href='https://o{n}.example/a'>{text[:50]}</a> {text[50:]}</li>"
                       for n, text in enumerate(QUAY))
             + f"</ul><div>{paragraphs(*FAIR)}</div>", "What others write"),
        'body = "ul.links"',
        tuple(text[60:] for text in QUAY), FAIR,
    ),
    Mended(
        "list.example",
        html(f"<h1>The quay closes</h1><main>{_MAIN}<div class='r'>Bring a warm coat and good boots</div>"
             "<div class='r'>Bring a lamp with two batteries</div></main>"),
        'body = "main"\nas_list = "div.r"',
        ("Bring a warm coat and good boots",), facts={"roles": {"list": 2}},
    ),
    Mended(
        "quote.example",
        html(f"<h1>The quay closes</h1><main>{_MAIN}<div class='said'>{SWEDISH[0]}</div></main>"),
        "body: //main\nwrap_in(blockquote): //div[@class='said']\n",
        SWEDISH[:1], facts={"roles": {"quote": 1}}, ftr=True,
    ),
    Mended(
        "heading.example",
        html(f"<h1>The quay closes</h1><main><p>{QUAY[0]}</p><p class='zw'>What it costs</p>"
             f"{paragraphs(*QUAY[1:])}</main>"),
        'body = "main"\nas_heading = "p.zw"',
        ("What it costs",), facts={"roles": {"heading": 1}},
    ),
    Mended(
        "captions.example",
        html("<h1>The quay in pictures</h1><main>"
             + "".join(f"<figure><img src='/{n}.jpg'><figcaption>{text}</figcaption></figure>"
                       for n, text in enumerate(QUAY)) + f"<p>{FAIR[0]}</p></main>", "The quay in pictures"),
        'body = "main"\nas_heading = []\ndissolve = ["figure", "figcaption"]\nstrip = "//main/p"',
        QUAY, FAIR,
    ),
    Mended(
        "both.example",
        html(f"<h1>The quay closes</h1><main>{paragraphs(*QUAY[:1])}<div class='x1'>{paragraphs(*QUAY[1:])}</div>"
             f"<div class='x2'>{paragraphs(*FAIR)}</div></main><em class='w'>Av Siri Dahl</em>"),
        "title: //h1\nauthor: //em[@class='w']\nbody: //main/p | //div[@class='x1']\ntidy: no\n",
        QUAY, FAIR, facts={"authors": ("Siri Dahl",)}, ftr=True,
    ),
)  # fmt: skip
