"""What a text says of itself at its edges, in each language of the lexicon: its original, a machine as translator."""

from __future__ import annotations

import pytest

from ingest.lang.lexicon import entries
from ingest.lang.notes import Trailer, read_trailer, says_machine_translated, url_in

# language -> the last line of a repost, its title and the site that it names; and notes on a translation by machine
TRAILERS = {
    "en": ('The article "Pier sold" was originally published on Harbour News.', "Pier sold", "Harbour News"),
    "sv": ("Inlägget Kran på väg dök först upp på Hamnbladet.", "Kran på väg", "Hamnbladet"),
    "de": ("Der Beitrag Kran kommt erschien zuerst auf Hafenbote.", "Kran kommt", "Hafenbote"),
    "ru": ("Сообщение Кран в порту появились сначала на Портовый вестник.", "Кран в порту", "Портовый вестник"),
    "uk": ("Запис Кран у порту вперше з’явився на Портовий вісник.", "Кран у порту", "Портовий вісник"),
    "es": ("La entrada Grúa nueva se publicó primero en El Muelle.", "Grúa nueva", "El Muelle"),
    "fr": ("L’article Une grue est apparu en premier sur Le Quai.", "Une grue", "Le Quai"),
    "it": ("L’articolo Una gru proviene da Il Molo.", "Una gru", "Il Molo"),
    "nl": ("Het bericht Kraan komt verscheen eerst op De Kade.", "Kraan komt", "De Kade"),
    "pl": ("Artykuł Dźwig pochodzi z serwisu Głos Portu.", "Dźwig", "Głos Portu"),
    "pt": ("O post Grua nova apareceu primeiro em O Cais.", "Grua nova", "O Cais"),
    "fi": ("Artikkeli Nosturi tulee julkaistiin ensimmäisen kerran Satamalehti.", "Nosturi tulee", "Satamalehti"),
    "da": ("Indlægget Kran på vej blev først udgivet på Havnebladet.", "Kran på vej", "Havnebladet"),
    "no": ("Innlegget Kran på vei dukket først opp på Havnebladet.", "Kran på vei", "Havnebladet"),
    "cs": ("Příspěvek Jeřáb pochází z Přístavní list", "Jeřáb", "Přístavní list"),
    "tr": ("Yeni vinç yazısı ilk önce Liman Postası üzerinde ortaya çıktı.", "Yeni vinç", "Liman Postası"),
    "ar": ("ظهرت المقالة رافعة جديدة أولاً على جريدة الميناء.", "رافعة جديدة", "جريدة الميناء"),
    "fa": ("نوشته جرثقیل اولین بار در بندرنیوز. پدیدار شد.", "جرثقیل", "بندرنیوز"),
    "zh": ("起重机到港最先出现在港口日报。", "起重机到港", "港口日报"),
    "ja": ("投稿 クレーン到着 は 港新聞 に最初に表示されました。", "クレーン到着", "港新聞"),
    "ko": ("크레인 도착 게시물이 항구일보에 처음 등장했습니다.", "크레인 도착", "항구일보"),
    "el": ("Το άρθρο Γερανός εμφανίστηκε πρώτα στο Λιμάνι.", "Γερανός", "Λιμάνι"),
    "th": ("บทความ ปั้นจั่นใหม่ ปรากฏครั้งแรกที่ ข่าวท่าเรือ", "ปั้นจั่นใหม่", "ข่าวท่าเรือ"),
    "hu": ("A(z) Új daru bejegyzés először Kikötői Lapok-n jelent meg.", "Új daru", "Kikötői Lapok"),
    "ro": ("Articolul Macara nouă apare prima dată în Curierul Portului.", "Macara nouă", "Curierul Portului"),
}
NOTES = {
    "en": ("Note: this story has been translated by AI and may contain errors.", "Machine translated from Dutch"),
    "sv": ("Den här artikeln är maskinöversatt.", "Artikeln har översatts automatiskt med hjälp av AI."),
    "de": ("Dieser Beitrag wurde maschinell aus dem Englischen übersetzt.", "Übersetzung mit DeepL"),
    "ru": ("Эта статья переведена автоматически.", "Машинный перевод"),
    "uk": ("Цю статтю перекладено автоматично.", "Машинний переклад"),
    "es": ("Este artículo ha sido traducido automáticamente.", "Traducción automática"),
    "fr": ("Cet article a été traduit automatiquement de l’anglais.", "Traduction automatique"),
    "it": ("Questo articolo è stato tradotto automaticamente.", "Traduzione a cura di DeepL"),
    "nl": ("Dit artikel is automatisch vertaald uit het Engels.", "Machinevertaling"),
    "pl": (
        "Ten artykuł został przetłumaczony automatycznie.",
        "Tłumaczenie maszynowe",
        "Tekst przetłumaczony maszynowo",
    ),
    "pt": ("Este artigo foi traduzido automaticamente do inglês.", "Tradução automática"),
    "fi": ("Tämä artikkeli on käännetty koneellisesti.", "Konekäännös"),
    "da": ("Denne artikel er oversat med kunstig intelligens.", "Maskinoversættelse"),
    "no": ("Denne artikkelen er maskinoversatt.", "Automatisk oversettelse"),
    "cs": ("Tento článek byl automaticky přeložen z angličtiny.", "Strojový překlad", "Článek přeložen automaticky"),
    "tr": ("Bu haber otomatik olarak çevrilmiştir.", "Makine çevirisi"),
    "ar": ("تمت ترجمة هذا المقال آليا", "ترجمة آلية"),
    "fa": ("این متن به صورت خودکار ترجمه شده است", "ترجمه ماشینی"),
    "zh": ("本文由机器翻译", "本文由AI翻译，仅供参考"),
    "ja": ("この記事は機械翻訳されています。", "この記事はGoogle翻訳による自動翻訳です"),
    "ko": ("이 기사는 AI로 번역되었습니다.", "이 기사는 자동 번역되었습니다"),
    "el": ("Το άρθρο μεταφράστηκε αυτόματα", "Αυτόματη μετάφραση"),
    "th": ("บทความนี้ถูกแปลโดยอัตโนมัติ", "แปลอัตโนมัติ"),
    "hu": ("A cikk gépi fordítással készült", "Gépi fordítás"),
    "ro": ("Acest articol a fost tradus automat", "Traducere automată"),
}


@pytest.mark.parametrize("language", TRAILERS)
def test_trailers_of_reposts(language: str) -> None:
    """The last line of a repost tells the title and the site of its original."""
    line, title, site = TRAILERS[language]
    assert read_trailer(line) == Trailer(title, site)


@pytest.mark.parametrize("note", [note for notes in NOTES.values() for note in notes])
def test_notes_on_machine_translation(note: str) -> None:
    """A page says in many words that a machine translated its text."""
    assert says_machine_translated(note)


def test_every_language_has_an_example() -> None:
    """A language that has phrases for trailers and notes has lines here that they read."""
    assert (set(TRAILERS), set(NOTES)) == (set(entries("trailers")), set(entries("machine_translation")))


@pytest.mark.parametrize(
    "text",
    [
        "The post office appeared first on the list of closures that the council read out, and people were angry.",
        "The article appeared first on Monday.",
        "Der Artikel erschien zuerst im März und wurde später oft zitiert.",
        "Inlägget väckte stor uppmärksamhet när det publicerades på måndagen.",
        "L’articolo 5 della legge proviene da una direttiva europea del 1998.",
        "The story was first published in 1911.",
    ],
)
def test_sentences_that_are_no_trailers(text: str) -> None:
    """A sentence with the same words names no site."""
    assert read_trailer(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "This article was translated by Ann Lee.",
        "Aus dem Englischen von Ute See.",
        "Översättning: Bo Ek",
        "The company sells machine translation to newspapers.",
        "Sie hat den Roman aus dem Englischen übersetzt.",
        "Google translated its motto into deeds on Monday, said Ek.",
        "Перевела с английского Анна Лес",
        "This story was translated from German by our editors.",
    ],
)
def test_translations_by_people(text: str) -> None:
    """What a person translated, and an article about engines, is no translation by machine."""
    assert not says_machine_translated(text)


def test_the_address_in_a_note() -> None:
    """One address in a line is the original's; of several none is."""
    assert url_in("Zum Original: https://bote.example/kran.") == "https://bote.example/kran"
    assert url_in("https://a.example/1 https://b.example/2") is None
