"""Articles in PDF that lie on a server: in several scripts, by content type or by address."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.here import Here
from support.newsroom import Newsroom
from support.pdf import column, pdf

from flows.orders import url_order
from flows.run import run
from flows.settings import load_settings
from ingest.model import Seed
from storage.store import Store
from storage.views import all_ids, read_records

pytest.importorskip("pdfminer")

ARTICLES = {
    "en": (
        "Lighthouse keeper sells his lamp",
        [
            "The keeper of the light at Grey Point sold the old lamp",
            "on Friday to a school that teaches how lenses are ground.",
            "Pupils will carry it down the stairs in June, he said.",
        ],
        " ",
    ),
    "ru": (
        "Паромщик построил маяк из старых бочек",
        [
            "Паромщик из посёлка Каменка за зиму построил на берегу",
            "маяк из старых бочек, и теперь лодки находят дорогу домой",
            "даже в туман. Соседи принесли ему фонарь и провода.",
        ],
        " ",
    ),
    "zh-Hans": (
        "渔村学校修好旧钟楼",
        [
            "海边渔村的小学在星期五修好了停了十年的旧钟楼。",
            "老师和家长用三个月的时间找到了合适的零件。",
            "校长说,孩子们现在每天早上都能听到钟声。",
        ],
        "",
    ),
}


def paper(language: str) -> bytes:
    """The article on one page."""
    title, lines, _ = ARTICLES[language]
    return pdf([[*column([title], 72, 700, 20), *column(lines, 72, 640)]], {"Title": title})


@pytest.mark.parametrize(
    ("language", "path", "kind"),
    [
        ("en", "/files/lamp.pdf", "application/pdf"),
        ("en", "/download?file=17", "application/pdf;charset=binary"),
        ("en", "/files/lamp.pdf", "application/octet-stream"),
        ("ru", "/files/mayak.pdf", "application/pdf"),
        ("zh-Hans", "/files/zhonglou.pdf", "application/pdf"),
    ],
)
def test_a_paper_on_a_server_is_an_article(language: str, path: str, kind: str, tmp_path: Path) -> None:
    """Fetched, read and stored as a page is: its title, its text and its language."""
    title, lines, between = ARTICLES[language]
    with Newsroom() as room:
        url = room.put(path, paper(language), kind)
        settings = load_settings(
            None,
            storage={"url": f"sqlite:///{tmp_path / 'news.db'}", "archive_dir": tmp_path / "archive"},
            fetch={"delay_s": 0.0, "allow_private": (room.host,)},
        )
        summary = run(url_order([Seed(url=url)], translate=False), settings, open_engines=Here().open)
    assert (summary.stored, summary.rejected, summary.failed) == (1, 0, 0)
    with Store(settings.storage.url) as store, store.reading() as tx:
        (record,) = read_records(tx, all_ids(tx), "en")
    assert (record["title"], record["language"]) == (title, language)
    assert record["text"] == between.join(lines)
