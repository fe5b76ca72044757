"""Rules for lines of the page around an article, each with own lines: one that is residue, one that is text."""

from __future__ import annotations

import pytest
from support.lines import languages_with

from ingest.clean.rules import all_rules, rules_in
from ingest.clean.shape import line_of
from ingest.model import Block

PAGE = (*rules_in("page"), *rules_in("appeals"))

# rule -> language -> (a line that is residue, a sentence that is text)
EXAMPLES: dict[str, dict[str, tuple[str, str | None]]] = {
    "ad_marker": {
        "*": ("[ad_2]", "He put an ad in the paper."),
        "en": ("Story continues below advertisement", "Advertisement is not the whole of the trade."),
        "sv": ("Artikeln fortsätter under annonsen", "Annonsen satt på väggen i tio år."),
        "de": ("Anzeige", "Die Anzeige ging am Montag ein."),
        "ru": ("На правах рекламы", "Реклама висела на стене десять лет."),
        "es": ("Publicidad", None),
        "fr": ("Passer la publicité", None),
        "it": ("Pubblicità", None),
        "nl": ("Advertentie", None),
        "pl": ("Reklama", None),
        "ar": ("إعلان", None),
    },
    "source_link": {
        "en": ("Source link »", "The source link between them was a cousin."),
        "sv": ("Länk till källan", "Källan ligger högt upp på berget."),
        "de": ("Zum Originalartikel", "Zum Original fehlte ihm die Geduld."),
        "ru": ("Ссылка на источник", "Источник находится высоко в горах."),
        "es": ("Enlace original", None),
        "fr": ("Lien source", None),
        "it": ("Articolo originale", None),
        "nl": ("Origineel artikel", None),
        "pl": ("Link do źródła", None),
        "ar": ("رابط المصدر", None),
    },
    "related_heading": {
        "en": ("You may like", "You may like it or not, said the mayor."),
        "sv": ("Läs också", "Läs också mellan raderna, sade hon."),
        "de": ("Auch interessant", "Auch interessant war, was er nicht sagte."),
        "ru": ("Материалы по теме", "Главное было сказано в конце."),
        "es": ("Te puede interesar", None),
        "fr": ("À lire aussi", None),
        "it": ("Leggi anche", None),
        "nl": ("Lees ook", None),
        "pl": ("Czytaj więcej", None),
        "zh": ("相关阅读", None),
        "ja": ("おすすめ情報", None),
        "ar": ("اقرأ أيضاً", None),
    },
    "source_list": {
        "en": ("Our Sources", "Our sources are the two fishermen who saw it."),
        "sv": ("Källor:", "Källor till oro finns det gott om."),
        "de": ("Verwendete Quellen:", "Quellen der Angst gibt es genug."),
        "ru": ("Источники:", "Источники тревоги известны всем."),
        "es": ("Nuestras fuentes", None),
        "fr": ("Nos sources :", None),
    },
    "navigation": {
        "en": ("All news articles on 2024-04-08", "All news was bad news that week in the harbour."),
        "sv": ("Hoppa till innehållet", "Sök och du ska finna, stod det på väggen."),
        "de": ("Zurück zur Startseite", "Nach oben führt nur eine schmale Treppe."),
        "ru": ("Показать ещё", "Вход в порт закрыли ещё вечером."),
        "es": ("Volver arriba", None),
        "fr": ("Retour en haut", None),
        "it": ("Torna su", None),
        "nl": ("Terug naar boven", None),
        "pl": ("Strona główna", None),
        "ar": ("الصفحة الرئيسية", None),
    },
    "section_stamp": {
        "*": ("News/Politics 2024-04-18T11:17:37.535Z", "The fire began at 2024 degrees, or so he said.")
    },
    "breadcrumb": {"*": ("Home > News > Harbour", "If a > b, then b is the smaller one.")},
    "teaser": {
        "pt": ("Leia também: A ponte abre de novo", None),
        "uk": ("Читайте також: Міст знову відкрито", None),
        "da": ("Læs også: Broen åbner igen", None),
        "no": ("Les også: Broen åpner igjen", None),
        "fi": ("Lue myös: Silta avataan taas", None),
        "cs": ("Čtěte také: Most je znovu otevřen", None),
        "en": ("In the video: How the bridge was raised", "See to it: that was all she wrote."),
        "sv": ("Läs mer: Så gick det till när bron föll", "Läs och begrunda: ingen vet varför bron föll."),
        "de": ("Lesen Sie auch: So fiel die Brücke", "Lesen Sie das Buch, sagt er, es ist gut."),
        "ru": ("Читайте также: Как рухнул мост", "Видео снято утром, говорит сторож."),
        "es": ("Lee también: Así cayó el puente", None),
        "fr": ("À lire aussi : Comment le pont est tombé", None),
        "it": ("Leggi anche: Così è caduto il ponte", None),
        "nl": ("Lees ook: Zo viel de brug", None),
        "pl": ("Czytaj też: Jak runął most", None),
        "ar": ("اقرأ أيضا: كيف سقط الجسر", None),
    },
    "teaser_plain": {
        "en": ("Also read Why the bridge fell", "Also reading was forbidden on board."),
        "sv": ("Läs också Därför föll bron", "Läser gör hon gärna, också på nätterna."),
        "de": ("Lesen Sie auch Warum die Brücke fiel", "Auch lesen konnte er nicht."),
        "ru": ("Читайте также Почему рухнул мост", "Читать также учили взрослых."),
        "es": ("Lea también Por qué cayó el puente", None),
        "fr": ("À lire aussi Pourquoi le pont est tombé", None),
        "it": ("Leggi anche Perché è caduto il ponte", None),
        "nl": ("Lees ook Waarom de brug viel", None),
        "pl": ("Czytaj także Dlaczego runął most", None),
        "ar": ("اقرأ أيضا لماذا سقط الجسر", None),
    },
    "teaser_pointer": {
        "en": ("Get the full recipe for the eel soup here.", "The full recipe for the soup was here all along."),
        "sv": ("Följ utvecklingen i vår direktrapport här", "Följ strömmen, sade hon, så hittar du havet."),
        "de": ("Mehr zum Brückenbau lesen Sie in unserem Blog", "Mehr als die Hälfte lesen die Zeitung im Netz."),
        "ru": ("Читайте об этом в нашем обзоре", "Все знали об этом и молчали."),
    },
    "asterisk": {"*": ("* * *", "* Name changed by the editors.")},
    "newsletter": {
        "en": (
            "Sign up for our free weekly newsletter.",
            "Sign language is taught at the newsletter's office, of all places.",
        ),
        "sv": ("Prenumerera på vårt nyhetsbrev", "Prenumeranterna har blivit färre varje år."),
        "de": ("Abonnieren Sie unseren Newsletter", "Der Newsletter der Stadt hat wenige Leser."),
        "ru": ("Подпишитесь на нашу рассылку", "Рассылка писем заняла у них неделю."),
        "es": ("Suscríbete a nuestro boletín", None),
        "fr": ("Inscrivez-vous à notre newsletter", None),
        "it": ("Iscriviti alla nostra newsletter", None),
        "nl": ("Schrijf u in voor onze nieuwsbrief", None),
        "pl": ("Zapisz się na nasz newsletter", None),
        "ar": ("اشترك في النشرة البريدية", None),
    },
    "share": {
        "*": ("Поделиться: ВКонтакте | Telegram", "Teilen Facebook und Telegram ihre Daten?"),
        "en": ("Follow us on Telegram", "Follow the river and you will find the mill."),
        "sv": ("Dela artikeln på Facebook", "Dela med dig, sade hon till barnen."),
        "de": ("Folgen Sie uns auf Instagram", "Teilen wollte er die Beute auf keinen Fall."),
        "ru": ("Подписывайтесь на наш Telegram-канал", "Поделиться хлебом он не захотел."),
        "es": ("Síguenos en Facebook", None),
        "fr": ("Partager sur Facebook", None),
        "it": ("Seguici su Telegram", None),
        "nl": ("Volg ons op Instagram", None),
        "pl": ("Udostępnij na Facebook", None),
        "zh": ("分享让更多人看到", None),
        "ar": ("شارك على فيسبوك", None),
    },
    "comments": {
        "en": ("12 comments", "Comment: that is what the minister would not do."),
        "sv": ("Lämna en kommentar", "Kommentarer vill han inte ge innan domen har fallit."),
        "de": ("Schreiben Sie einen Kommentar", "Kommentare lehnte das Amt am Montag ab."),
        "ru": ("Оставить комментарий", "Комментарии чиновников были краткими."),
        "es": ("3 comentarios", None),
        "fr": ("Laisser un commentaire", None),
        "it": ("Lascia un commento", None),
        "nl": ("Plaats een reactie", None),
        "pl": ("Dodaj komentarz", None),
        "zh": ("评论", None),
        "ja": ("コメントを書く", None),
        "ar": ("أضف تعليق", None),
    },
    "consent": {
        "en": ("JavaScript is disabled", "Cookies are baked in the harbour every Friday."),
        "sv": ("Vi använder cookies för att sidan ska fungera.", "Vi använder oss av två båtar, säger han."),
        "de": ("Externer Inhalt nicht verfügbar", "Der Inhalt der Kiste ist nicht bekannt."),
        "ru": ("Мы используем файлы cookie", "Мы используем две лодки, говорит он."),
        "es": ("Utilizamos cookies", None),
        "fr": ("Nous utilisons des cookies", None),
        "it": ("Questo sito utilizza cookie", None),
        "nl": ("Deze site gebruikt cookies", None),
        "pl": ("Używamy plików cookies", None),
        "ar": ("نستخدم ملفات تعريف الارتباط", None),
    },
    "paywall": {
        "en": ("This article is only for subscribers.", "Subscribers to the old faith are few."),
        "sv": ("Artikeln är bara för prenumeranter", "Artikeln är bara för lång, tycker redaktören."),
        "de": ("2 Wochen kostenlos testen", "Zwei Wochen testen sie das neue Boot."),
        "ru": ("Материал доступен только по подписке", "Материал доступен и прочен, говорит мастер."),
        "es": ("Contenido exclusivo para suscriptores", None),
        "fr": ("La suite est réservée aux abonnés.", None),
        "it": ("Contenuto riservato agli abbonati", None),
        "nl": ("Alleen voor abonnees", None),
        "pl": ("Artykuł tylko dla prenumeratorów", None),
        "ja": ("この記事は会員限定です。登録は無料です。", "この記事は会員の間で話題になった。"),
    },
    "app": {
        "en": ("CLICK HERE TO GET THE HARBOUR NEWS APP", "Get the boat out of the water, he said."),
        "sv": ("Ladda ner vår app", "Ladda om och börja från början, tänkte hon."),
        "de": ("E-Paper und News in einer App", "In einer App steckt viel Arbeit."),
        "ru": ("Скачайте наше мобильное приложение", "Приложение к договору потеряли."),
    },
    "feedback": {
        "en": ("Do you have a story? Write to the desk.", "The story did not have an end, they said."),
        "sv": ("Har du tips på nyheter? Hör av dig!", "Tipset kom från en granne som hade sett ljus."),
        "de": ("Fehler gefunden? Jetzt melden.", "Den Fehler haben sie erst am Montag gefunden."),
        "ru": ("Нашли ошибку? Сообщите нам.", "Ошибку нашли только в понедельник."),
    },
    "reading_time": {
        "en": ("4 min read", "It took him 4 minutes to read it."),
        "sv": ("Lästid: 3 min", "På 3 minuter hann hon läsa allt."),
        "de": ("Lesedauer: 4 Minuten", "Nach 4 Minuten las er nicht mehr weiter."),
        "ru": ("Время чтения: 2 минуты", "На чтение ушло 2 минуты."),
        "es": ("Lectura: 3 min", None),
        "fr": ("Temps de lecture : 3 min", None),
    },
    "contributors": {
        "en": ("Agency writer Ann Lee in Bergen contributed to this report.", "The storm was a cause that many named."),
        "sv": ("Bo Lind har bidragit till texten", "Stormen bidrog till att bron föll i går."),
        "de": ("Mit Agenturmaterial.", "Mit Material vom Bau half der Nachbar aus."),
        "ru": ("По материалам агентства Порт", "По материалам дела он невиновен, сказал судья."),
    },
    "disclaimer": {
        "en": (
            "The information on this page comes from third parties.",
            "The information came from the harbour office.",
        ),
        "sv": ("Informationen på den här webbplatsen kommer från andra.", "Informationen kom från hamnkontoret."),
        "de": (
            "Gastkommentare müssen nicht der Meinung der Redaktion entsprechen.",
            "Kommentare der Nachbarn gab es viele.",
        ),
        "ru": ("Мнение автора может не совпадать с мнением редакции.", "Мнение автора изменилось через год."),
        "es": ("Las opiniones de este artículo son del autor.", None),
        "fr": ("Mentions légales", None),
        "it": ("Informativa sulla privacy", None),
        "pl": ("Polityka prywatności", None),
    },
    "translation_note": {
        "en": ("This article is a translation from the Dutch.", "Translated by hand, the hymn grew long."),
        "sv": ("Artikeln är en översättning från danska.", "Översatt blev visan aldrig."),
        "de": ("Dieser Artikel ist eine Übersetzung aus dem Englischen.", "Die Übersetzung wurde nie gedruckt."),
        "ru": ("Статья переведена с английского", "Перевод книги занял три года."),
    },
}


@pytest.mark.parametrize(
    ("name", "text"), [(name, text) for name, rows in EXAMPLES.items() for text, _ in rows.values()]
)
def test_lines_of_the_page_are_found(name: str, text: str) -> None:
    """The rule takes the line, under its code and without a value."""
    rule = next(rule for rule in PAGE if rule.name == name)
    residue = rule.find(line_of(Block(text=text)))
    assert residue is not None
    assert (text, rule.code, None) == (residue.text, residue.rule, residue.value)


@pytest.mark.parametrize("text", [text for rows in EXAMPLES.values() for _, text in rows.values() if text])
def test_sentences_with_the_same_words_are_text(text: str) -> None:
    """No rule takes a sentence for containing the words."""
    assert [rule.name for rule in all_rules() if rule.find(line_of(Block(text=text)))] == []


def test_every_rule_has_examples() -> None:
    """Each language of each rule has a line of residue; Swedish, German, Russian and English a sentence as well."""
    assert {rule.name: set(rule.phrases) for rule in PAGE} == {
        name: set(rows) | languages_with(name) for name, rows in EXAMPLES.items()
    }
    for name, rows in EXAMPLES.items():
        assert all(rows[language][1] for language in ("*", "en", "sv", "de", "ru") if language in rows), name
