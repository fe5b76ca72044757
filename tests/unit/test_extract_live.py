"""Live tickers, and pages whose text is only in their data: every post in its order, in whatever markup."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from ingest.model import Kind, Page, Record, Role, Seed
from ingest.pipeline import process_page

URL = "https://herald.example/2026/11/30/flood-in-harrow"
NOW = datetime(2026, 11, 30, 18, 0, tzinfo=UTC)
TIMES = ("14:05", "13:40", "12:10", "09:55")
POSTS = {
    "en": (
        (
            "Bridge reopens",
            "The northern bridge is open for cars again, said the city's engineer, after the water fell.",
        ),
        (
            "Schools stay shut",
            "All twelve schools east of the river stay shut on Tuesday, for their cellars are flooded.",
        ),
        (
            "Boats arrive",
            "Boats of the coast guard have reached the islands, where forty people waited on their roofs.",
        ),
        (
            "Power is back",
            "Power has returned to most of the old town; nine hundred homes still have none this morning.",
        ),
    ),
    "de": (
        (
            "Brücke wieder offen",
            "Die Nordbrücke ist wieder für Autos frei, teilte das Bauamt mit, nachdem das Wasser fiel.",
        ),
        (
            "Schulen geschlossen",
            "Alle zwölf Schulen östlich des Flusses bleiben am Dienstag zu, die Keller stehen voll.",
        ),
        (
            "Boote erreichen Inseln",
            "Boote der Küstenwache haben die Inseln erreicht, wo vierzig Menschen gewartet hatten.",
        ),
        (
            "Strom ist zurück",
            "Der Strom ist in den meisten Teilen der Altstadt zurück, neunhundert Häuser haben keinen.",
        ),
    ),
    "ru": (
        (
            "Мост открыт",
            "Северный мост снова открыт для машин, сообщил городской инженер, после того как вода спала.",
        ),
        (
            "Школы закрыты",
            "Все двенадцать школ к востоку от реки будут закрыты во вторник: подвалы ещё под водой.",
        ),
        (
            "Лодки пришли",
            "Лодки береговой охраны дошли до островов, где сорок человек ждали на крышах всю ночь.",
        ),
        (
            "Свет вернулся",
            "Электричество вернулось в большую часть старого города, без света остаются девятьсот домов.",
        ),
    ),
    "ja": (
        ("橋が再開", "北の橋は水位が下がったため再び車が通れるようになったと市の技術者が月曜日の会見で説明した。"),
        ("学校は休校", "川の東側にある十二の学校は地下室が水に浸かっているため火曜日も休校になると決まった。"),
        ("船が到着", "沿岸警備隊の船が島に着き、屋根の上で一晩待っていたおよそ四十人の住民を全員救助した。"),
        ("電気が復旧", "旧市街の大部分で電気が復旧したが、今朝の時点で九百戸ではまだ停電が続いているという。"),
    ),
}
INTRO = (
    "<p>The river has left its banks in three places. We follow the day, here and on the islands beside the town.</p>"
)

Rows = Sequence[tuple[str, tuple[str, str]]]


def _linked(rows: Rows) -> str:
    updates = [
        {"@type": "BlogPosting", "headline": title, "articleBody": text, "datePublished": f"2026-11-30T{time}:00+01:00"}
        for time, (title, text) in rows
    ]
    data = {"@type": "LiveBlogPosting", "headline": "Flood in Harrow", "url": URL, "liveBlogUpdate": updates}
    return f'<script type="application/ld+json">{json.dumps(data)}</script><div id="app"></div>'


def _state(rows: Rows) -> str:
    entries = [
        {"id": text[:3], "headline": title, "html": f"<p>{text}</p>", "publishedAt": f"2026-11-30T{time}:00Z"}
        for time, (title, text) in rows
    ]
    data = json.dumps({"props": {"pageProps": {"feed": {"entries": entries}}}})
    return f'<div id="app"></div><script id="__NEXT_DATA__" type="application/json">{data}</script>'


def _keyed(rows: Rows) -> str:
    """The same in a cache, each under a name of its own, with the time as milliseconds."""
    cache = {
        f"LivePost:{number}": {
            "headline": title,
            "blocks": [{"type": "paragraph", "text": text}],
            "ts": int(datetime.fromisoformat(f"2026-11-30T{time}:00+00:00").timestamp() * 1000),
        }
        for number, (time, (title, text)) in enumerate(rows)
    }
    return f'<div id="app"></div><script>window.__CACHE__ = {json.dumps(cache)};</script>'


# What stands around all posts, and one of them.
LAYOUTS = {
    "boxes": ("{}", "<div><span>{time}</span><h3>{title}</h3><p>{text}</p><a href='#'>Share</a></div>"),
    "deep boxes": ("{}", "<div><div><p><b>{time}</b></p></div><div><h4>{title}</h4><div>{text}</div></div></div>"),
    "flat headings": ("{}", "<h3>{time} – {title}</h3><p>{text}</p>"),
    "bold times": ("{}", "<p><b>{time}</b></p><p>{title}.</p><p>{text}</p>"),
    "times in paragraphs": ("{}", "<p><strong>{time} Uhr:</strong> {title}. {text}</p>"),
    "times behind": (
        "<section>{}</section>",
        "<article><h2>{title}</h2><p>{text}</p><div><time datetime='2026-11-30T{time}'>{time}</time></div></article>",
    ),
    "definition list": ("<dl>{}</dl>", "<dt>kl. {time}</dt><dd><p>{title}</p><p>{text}</p></dd>"),
    "list": ("<ol>{}</ol>", "<li><time>{time}</time><div><b>{title}</b></div><div>{text}</div></li>"),
    "table": ("<table>{}</table>", "<tr><td>{time}</td><td><p>{title}</p><p>{text}</p></td></tr>"),
    "line breaks": ("<div>{}</div>", "<b>{time}</b> {title}. {text}<br><br>"),
    "two rows of a table": (
        "<table>{}</table>",
        "<tr><td>{time}</td><td>{title}</td></tr><tr><td><p>{text}</p></td></tr>",
    ),
    "several definitions": ("<dl>{}</dl>", "<dt>{time}</dt><dd><b>{title}</b></dd><dd>{text}</dd>"),
    "titles above bare times": ("{}", "<h2>{title}</h2><small>{time}</small><p>{text}</p>"),
    "brackets": ("{}", "<p>[{time}] {title}. {text}</p>"),
    "dates in footers": ("{}", "<section><h3>{title}</h3><p>{text}</p><footer>30.11.2026, {time}</footer></section>"),
    "whole dates": ("{}", "<div><div>30.11.2026, {time}</div><h3>{title}</h3><p>{text}</p></div>"),
}


MADE = {"JSON-LD": _linked, "state of a script": _state, "cache of a script": _keyed}


def _laid_out(layout: str, rows: Rows) -> str:
    made = MADE.get(layout)
    if made is not None:
        return made(rows)
    around, one = LAYOUTS[layout]
    return around.format("".join(one.format(time=time, title=title, text=text) for time, (title, text) in rows))


def _page(body: str, title: str = "Flood in Harrow") -> Page:
    markup = (
        f"<html><head><title>{title}</title></head><body><nav><a href='/'>Home</a></nav><h1>{title}</h1>{body}"
        "<footer><p>The Herald is published every day but Sunday. All rights reserved, write to us.</p></footer>"
        "</body></html>"
    )
    headers = (("content-type", "text/html; charset=utf-8"),)
    return Page(seed=Seed(url=URL), final_url=URL, body=markup.encode(), fetched_at=NOW, status=200, headers=headers)


def _record(body: str, title: str = "Flood in Harrow") -> Record:
    made = process_page(_page(body, title))
    assert isinstance(made, Record), made
    return made


@pytest.mark.parametrize("language", POSTS)
@pytest.mark.parametrize("layout", [*LAYOUTS, *MADE])
def test_posts_are_found_in_any_markup(layout: str, language: str) -> None:
    """Each post is there with its time, from the first to the last, whichever way up the page has them."""
    rows = list(zip(TIMES, POSTS[language], strict=True))
    for way in (rows, rows[::-1]):
        made = _record(INTRO + _laid_out(layout, way))
        assert made.article.kind is Kind.LIVE
        told = [(one.time or "", one.text) for one in made.labels.segments if one.time]
        for (time, (_, text)), number in zip(rows[::-1], range(len(rows)), strict=True):
            at = [place for place, (_, paragraph) in enumerate(told) if text in paragraph]
            assert len(at) == 1, (layout, text)
            assert told[at[0]][0].startswith(f"2026-11-30T{time}"), number
        times = [time for time, _ in told]
        assert times == sorted(times)
        assert "Herald is published" not in made.article.text


def test_minutes_of_a_match_are_times() -> None:
    """They stand above their posts; the order is that of the match."""
    rows = zip(("90+2'", "77'", "45'", "3'"), POSTS["en"], strict=True)
    made = _record(
        INTRO + "<ul>" + "".join(f"<li><span>{m}</span> <p>{text}</p></li>" for m, (_, text) in rows) + "</ul>"
    )
    assert made.article.kind is Kind.LIVE
    assert [one.text for one in made.labels.segments if one.text.endswith("'")] == ["3'", "45'", "77'", "90+2'"]


@pytest.mark.parametrize(
    "times", [[f"{one} بتوقيت غرينتش" for one in TIMES], [f"{n} min ago" for n in (5, 20, 45, 58)]]
)
def test_words_behind_every_time_belong_to_it(times: list[str]) -> None:
    """A zone in words is no text of a post, and minutes ago are counted back from now."""
    made = _record(INTRO + _laid_out("boxes", list(zip(times, POSTS["en"], strict=True))))
    assert made.article.kind is Kind.LIVE
    headings = [one.text for one in made.labels.segments if one.role is Role.HEADING]
    assert headings == [title for title, _ in POSTS["en"][::-1]]
    assert "ago" not in made.article.text.split()
    assert "غرينتش" not in made.article.text


AGO = (
    "vor {} Minuten",
    "hace {} minutos",
    "il y a {} minutes",
    "{} minuti fa",
    "há {} minutos",
    "för {} minuter sedan",
    "for {} minutter siden",
    "{} minuuttia sitten",
    "{} minuten geleden",
    "{} minut temu",
    "před {} minutami",
    "pred {} minútami",
    "pred {} minutami",
    "prije {} minuta",
    "pre {} minuta",
    "преди {} минути",
    "{} хвилин тому",
    "{} минут назад",
    "acum {} minute",
    "πριν από {} λεπτά",
    "{} dakika önce",
    "منذ {} دقائق",
    "{} دقیقه پیش",
    "לפני {} דקות",
    "{} मिनट पहले",
    "{} นาทีที่แล้ว",
    "{} phút trước",
    "{} menit lalu",
    "{}分前",
    "{}分钟前",
    "{}분 전",
    "pirms {} minūtēm",
    "prieš {} minutes",
    "{} minutit tagasi",
    "fa {} minuts",
    "fyrir {} mínútum",
    "{} minutes ago",
    "{} perccel ezelőtt",
)


@pytest.mark.parametrize("told", AGO)
def test_minutes_ago_are_times(told: str) -> None:
    """In every language, alone or before a dash: counted back from the capture, the first post first."""
    shape = ("<p>{}</p><p>{}</p>", "<p>{} – {}</p>")[AGO.index(told) % 2]
    ago = (3, 12, 25, 50)
    rows = zip(ago, POSTS["en"], strict=True)
    made = _record(INTRO + "".join(f"<div>{shape.format(told.format(n), text)}</div>" for n, (_, text) in rows))
    posts = [(one.time, one.text) for one in made.labels.segments if one.time]
    times = [(NOW - timedelta(minutes=n)).isoformat() for n in ago]
    assert posts == list(zip(times, [text for _, text in POSTS["en"]], strict=True))[::-1]


@pytest.mark.parametrize("layout", ["boxes", "list"])
def test_hours_ago_are_no_minute(layout: str) -> None:
    """Posts of hours ago stand in their order, and have no time that nobody told."""
    times = ("vor einer Minute", "vor einer Stunde", "vor 3 Stunden", "vor 5 Stunden")
    made = _record(INTRO + _laid_out(layout, list(zip(times, POSTS["de"], strict=True))))
    assert made.article.kind is Kind.LIVE
    assert [one.text for one in made.labels.segments if one.role is Role.HEADING] == [t for t, _ in POSTS["de"][::-1]]
    assert len({one.time for one in made.labels.segments if one.time}) == 1
    assert "vor" not in made.article.text.split()


def test_midnight_begins_another_day() -> None:
    """Times that fall from one post to the next are of the day after."""
    rows = zip(("00:20", "23:50", "23:10", "22:05"), POSTS["en"], strict=True)
    made = _record(INTRO + _laid_out("boxes", list(rows)))
    times = list(dict.fromkeys(one.time for one in made.labels.segments if one.time))
    assert [time[-8:-3] for time in times if time] == ["22:05", "23:10", "23:50", "00:20"]
    assert times == sorted(times, key=str)


@pytest.mark.parametrize(
    "beside",
    [
        "<section class='comments'>{}</section>",
        "<div id='disqus_thread'><div>{}</div></div>",
        "<aside>{}</aside>",
    ],
)
def test_comments_are_no_posts(beside: str) -> None:
    """An article with comments that have times stays an article."""
    text = "".join(
        f"<p>{text} The council meets again on Wednesday to talk about it at length.</p>" for _, text in POSTS["en"]
    )
    rows = list(zip(TIMES, POSTS["en"], strict=True))
    made = _record(f"<article>{text}</article>" + beside.format(_laid_out("boxes", rows)))
    assert made.article.kind is not Kind.LIVE
    assert not any(one.time for one in made.labels.segments)


def test_a_chronology_in_an_article_is_part_of_it() -> None:
    """Where most of the text is the article's, lines that begin with a time are lines."""
    text = "".join(f"<p>{text} {other}</p>" for _, text in POSTS["en"] for _, other in POSTS["en"])
    made = _record(
        text
        + "".join(
            f"<p>{time}: {title}, said the first of them.</p>"
            for time, (title, _) in zip(TIMES, POSTS["en"], strict=True)
        )
    )
    assert made.article.kind is Kind.ARTICLE


def test_text_that_a_script_would_show() -> None:
    """The paragraphs beside the page's headline in its data are its text, those of other articles are not."""

    def article(title: str, rows: Sequence[tuple[str, str]]) -> dict[str, object]:
        return {"title": title, "blocks": [{"type": "p", "text": text} for _, text in rows]}

    data = {"main": article("Flood in Harrow", POSTS["en"]), "related": [article("Other news", POSTS["de"])]}
    made = _record(f"<div id='app'></div><script>window.__STATE__ = {json.dumps(data)};</script>")
    assert made.article.text == "\n\n".join(text for _, text in POSTS["en"])


def test_a_cache_of_articles_is_no_ticker() -> None:
    """What else a site has, each with its day and its text, is not what happened here."""
    rows = list(enumerate(POSTS["en"]))
    cache = {
        f"Article:{number}": {"title": title, "publishedAt": f"2026-11-{10 + number}T09:00:00Z", "body": text * 4}
        for number, (title, text) in rows
    }
    told = f"<script>window.__APOLLO_STATE__ = {json.dumps(cache)};</script>"
    made = _record(f"<p>{POSTS['en'][0][1] * 4}</p>{told}", POSTS["en"][0][0])
    assert made.article.kind is not Kind.LIVE
    assert POSTS["en"][1][1] not in made.article.text


def test_data_is_left_alone_where_the_page_shows_its_text() -> None:
    """Never both: what is shown is the text."""
    shown = "".join(f"<p>{text} {text.replace('the', 'a')}</p>" for _, text in POSTS["en"] * 2)
    data = {"title": "Flood in Harrow", "body": [{"text": "A teaser of the app, in data only. " * 40}]}
    made = _record(f"<article>{shown}</article><script>window.__STATE__ = {json.dumps(data)};</script>")
    assert "teaser of the app" not in made.article.text


def _declaring(data: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


def _marking(*kinds: str) -> str:
    head = '<meta itemprop="headline" content="x">'
    return "".join(f'<div itemscope itemtype="https://schema.org/{kind}">{head}</div>' for kind in kinds)


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (_declaring({"@type": "DiscussionForumPosting", "headline": "Flood in Harrow"}), Kind.POST),
        (_marking("DiscussionForumPosting"), Kind.POST),
        (_marking("SocialMediaPosting"), Kind.POST),
        (_marking("ImageGallery"), Kind.GALLERY),
        (_marking("VideoObject"), Kind.VIDEO),
        (_marking("AudioObject"), Kind.AUDIO),
        (_marking("NewsArticle", "VideoObject"), Kind.BRIEF),
        (_marking("LiveBlogPosting"), Kind.LIVE),
        (_declaring({"@type": "PodcastEpisode", "name": "Flood in Harrow"}), Kind.AUDIO),
        (_declaring({"@type": "NewsArticle", "headline": "Flood", "audio": {"@type": "AudioObject"}}), Kind.BRIEF),
        (_declaring({"@type": "ImageGallery", "name": "Flood"}), Kind.GALLERY),
        ('<meta property="og:type" content="video.other">', Kind.VIDEO),
        ("", Kind.BRIEF),
    ],
)
def test_kinds(head: str, kind: Kind) -> None:
    """A page is what it declares; without a declaration few words are a brief."""
    text = "".join(f"<p>{text}</p>" for _, text in POSTS["en"])
    assert _record(f"{head}<article>{text}</article>").article.kind is kind


@pytest.mark.parametrize(
    "lines",
    [
        (
            "Um 9:30 Uhr starteten die ersten Boote vor der alten Werft, bei ruhigem Wetter und wenig Wind aus Norden.",
            "Um 11:23 Uhr erreichte das Boot aus Ekmora als erstes das Ziel und gewann mit einer Länge Vorsprung.",
            "Um 11:40 Uhr kamen die Boote der Schulen an, begrüßt von einigen hundert Zuschauern auf der Mole.",
            "Um 12:05 Uhr endete das Rennen, früher als geplant, denn am Nachmittag wurde ein Gewitter erwartet.",
        ),
        (
            "At 9:30 the first of the boats left the old yard, in calm weather and with little wind from the north.",
            "At 11:23 the boat from Ekmora was the first to reach the pier, and won by the length of a boat or so.",
            "At 11:40 the boats of the schools came in, greeted by some hundreds of people on the harbour wall.",
            "At 12:05 the race was over, sooner than planned, for a storm was expected later in the afternoon.",
        ),
    ],
)
def test_sentences_that_begin_with_a_time_are_no_posts(lines: tuple[str, ...]) -> None:
    """A report that tells when each thing was keeps its sentences whole."""
    record = _record("".join(f"<p>{line}</p>" for line in lines))
    assert record.article.kind is not Kind.LIVE
    assert [block.text for block in record.article.blocks] == list(lines)
