"""What a word is, in every script, and what codes of languages mean."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.extract.page import extract
from ingest.lang.codes import country_of, direction, name_of, normalize, primary, region, script
from ingest.lang.words import count_words, fold, words_of
from ingest.model import Article, Page, Seed

# "The bridge over the river opens on Monday after two years of work", about twelve words everywhere.
_SENTENCES = {
    "en": "The bridge over the river opens on Monday after two years of work.",
    "th": "สะพานข้ามแม่น้ำเปิดในวันจันทร์หลังก่อสร้างมาสองปี",
    "lo": "ຂົວຂ້າມແມ່ນ້ຳເປີດໃນວັນຈັນຫຼັງຈາກກໍ່ສ້າງມາສອງປີ",
    "km": "ស្ពានឆ្លងទន្លេបើកនៅថ្ងៃចន្ទបន្ទាប់ពីសាងសង់ពីរឆ្នាំ",
    "my": "မြစ်ကူးတံတားကို နှစ်နှစ်ကြာတည်ဆောက်ပြီးနောက် တနင်္လာနေ့တွင် ဖွင့်မည်",
    "zh": "横跨河流的大桥经过两年施工将于星期一开通。",
    "ja": "川にかかる橋は二年の工事を経て月曜日に開通する。",
}


@pytest.mark.parametrize(("language", "text"), _SENTENCES.items(), ids=list(_SENTENCES))
def test_one_sentence_has_about_as_many_words_in_every_script(language: str, text: str) -> None:
    """Between eight and twenty, by count and by tokenisation."""
    assert 8 <= count_words(text) <= 20
    assert 8 <= len(words_of(text)) <= 20


@pytest.mark.parametrize(("language", "text"), _SENTENCES.items(), ids=list(_SENTENCES))
def test_a_whole_article_that_is_not_free_is_no_preview(language: str, text: str) -> None:
    """A page that says that it is not free, and holds a text of forty sentences, is stored, in every script."""
    paragraphs = "".join(f"<p>{text} {number}</p>" for number in range(40))
    data = '{"@type": "NewsArticle", "headline": "A", "isAccessibleForFree": false}'
    body = (
        f'<html lang="{language}"><head><script type="application/ld+json">{data}</script></head>'
        f"<body><article><h1>A</h1>{paragraphs}</article></body></html>"
    )
    url = "https://news.example/a"
    now = datetime(2024, 4, 1, 12, tzinfo=UTC)
    headers = (("Content-Type", "text/html; charset=utf-8"),)
    page = Page(seed=Seed(url=url), final_url=url, body=body.encode(), fetched_at=now, status=200, headers=headers)
    assert isinstance(extract(page), Article)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        ("Ann – Bo", ["Ann", "Bo"]),
        ("iPhone手机壳 10個", ["iPhone", "手机", "壳", "10", "個"]),
        ("안녕 세상", ["안녕", "세상"]),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    """Words are parted by spaces, or are pieces of a run; what holds no letter is none."""
    assert words_of(text) == words


def test_folding_keeps_places() -> None:
    """A folded text is as long as the text, and the dotted capital of Turkish is an i."""
    assert fold("İSTANBUL’DA ÅR") == "istanbul'da år"


@pytest.mark.parametrize(
    ("written", "code", "language", "country"),
    [
        ("sv_SE.UTF-8", "sv-SE", "sv", "SE"),
        ("iw", "he", "he", None),
        ("nb-NO", "nb-NO", "no", "NO"),
        ("EN-us", "en-US", "en", "US"),
        ("Swedish", None, None, None),
        ("", None, None, None),
        (None, None, None, None),
    ],
)
def test_codes_are_spelled_in_one_way(
    written: str | None, code: str | None, language: str | None, country: str | None
) -> None:
    """A code becomes that of BCP 47, or none."""
    assert (normalize(written), primary(written), region(written)) == (code, language, country)


def test_scripts_directions_and_names() -> None:
    """A language has a script, a direction and a name."""
    assert (script("fa"), direction("fa"), name_of("fa")) == ("Arab", "rtl", "Persian")
    assert (script("uk"), direction("uk"), name_of("uk", "de")) == ("Cyrl", "ltr", "Ukrainisch")
    assert name_of("qqq") == "qqq"


@pytest.mark.parametrize(
    ("host", "country"),
    [("news.example.co.uk", "GB"), ("a.de", "DE"), ("a.com", None), ("a.io", None), ("a.gov", "US"), ("a.eu", None)],
)
def test_the_country_of_a_host(host: str, country: str | None) -> None:
    """A top-level domain tells the country, unless it is sold to everybody."""
    assert country_of(host) == country
