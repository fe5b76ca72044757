"""Rules for lines that hold a fact, each with own lines: one that is residue with its value, one that is text."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.lines import languages_with

from ingest.clean.rules import all_rules, rule_named, rules_in
from ingest.clean.shape import line_of
from ingest.lang.bylines import read_byline
from ingest.lang.lexicon import extended
from ingest.model import Block

# rule -> language -> (a line that is residue, the value in it, a sentence that is text)
EXAMPLES: dict[str, dict[str, tuple[str, str | None, str | None]]] = {
    "bare_url": {
        "*": ("<https://bay.example/a-1>", "https://bay.example/a-1", "The plan is at https://bay.example/a for all."),
        "en": (
            "Source: https://bay.example/a",
            "https://bay.example/a",
            "See https://bay.example/a before you go there.",
        ),
        "de": (
            "Quelle: https://bay.example/a",
            "https://bay.example/a",
            "Unter https://bay.example/a steht der ganze Plan.",
        ),
        "sv": (
            "Källa: https://bay.example/a",
            "https://bay.example/a",
            "Planen finns på https://bay.example/a för alla.",
        ),
        "ru": (
            "Источник: https://bay.example/a",
            "https://bay.example/a",
            "План лежит на https://bay.example/a для всех.",
        ),
        "es": ("Fuente: www.bay.example/a", "www.bay.example/a", None),
        "fr": ("Lien : https://bay.example/a", "https://bay.example/a", None),
        "it": ("Fonte: https://bay.example/a", "https://bay.example/a", None),
        "nl": ("Bron: https://bay.example/a", "https://bay.example/a", None),
        "pl": ("Źródło: https://bay.example/a", "https://bay.example/a", None),
        "ar": ("المصدر: https://bay.example/a", "https://bay.example/a", None),
    },
    "source_line": {
        "pt": ("Fonte: O Cais", "O Cais", None),
        "uk": ("Джерело: Портовий вісник", "Портовий вісник", None),
        "da": ("Kilde: Havnebladet", "Havnebladet", None),
        "no": ("Kilde: Havnebladet", "Havnebladet", None),
        "fi": ("Lähde: Satamalehti", "Satamalehti", None),
        "cs": ("Zdroj: Přístavní list", "Přístavní list", None),
        "en": ("Source: Harbour Courier", "Harbour Courier", "Sources close to the board spoke of a quarrel."),
        "sv": ("Källa: Hamnbladet", "Hamnbladet", "Källor nära styrelsen talar om ett gräl."),
        "de": ("(Quelle: hafenbote.example/dpa)", "hafenbote.example/dpa", "Die Quelle des Flusses liegt im Wald."),
        "ru": ("Источник: Портовый вестник", "Портовый вестник", "Источники в порту говорят о ссоре."),
        "es": ("Fuente: El Muelle", "El Muelle", None),
        "fr": ("Source : Le Quai", "Le Quai", None),
        "it": ("Fonte: Il Molo", "Il Molo", None),
        "nl": ("Bron: De Kade", "De Kade", None),
        "pl": ("Źródło: Głos Portu", "Głos Portu", None),
        "ar": ("المصدر: جريدة الميناء", "جريدة الميناء", None),
    },
    "first_published": {
        "en": (
            "This article originally appeared on Harbour Daily.",
            "Harbour Daily",
            "It was first published as a book about eels.",
        ),
        "sv": (
            "Artikeln publicerades först i Hamnbladet.",
            "Hamnbladet",
            "Boken publicerades först efter hennes död i mars.",
        ),
        "de": (
            "Dieser Text erschien zuerst bei Hafenbote.",
            "Hafenbote",
            "Zuerst im Hafen, dann auch in der Stadt wurde es laut.",
        ),
        "ru": (
            "Статья впервые опубликована в «Портовом вестнике».",
            "«Портовом вестнике»",
            "Роман впервые опубликован в прошлом веке.",
        ),
        "es": ("Publicado originalmente en El Muelle", "El Muelle", None),
        "fr": ("Cet article a été initialement publié sur Le Quai.", "Le Quai", None),
        "it": ("Questo articolo è stato pubblicato originariamente su Il Molo", "Il Molo", None),
        "nl": ("Dit artikel verscheen eerder in De Kade", "De Kade", None),
        "pl": ("Artykuł ukazał się pierwotnie w Głos Portu", "Głos Portu", None),
    },
    "byline_for": {
        "en": (
            "Written for the River Residents' Office by",
            "River Residents' Office",
            "It was written for children by a sailor's wife.",
        ),
        "sv": (
            "Skriven för Flodföreningens Kansli av",
            "Flodföreningens Kansli",
            "Den är skriven för barn av en sjöman.",
        ),
        "de": ("Geschrieben für das Flussbüro von", "Flussbüro", "Es ist ein Buch, geschrieben für kleine Kinder."),
        "ru": ("Написано для Бюро Жителей Реки", "Бюро Жителей Реки", "Это было написано для детей моряка."),
        "es": ("Escrito para la Oficina del Río por", "Oficina del Río", None),
        "fr": ("Écrit pour le Bureau du Fleuve par", "Bureau du Fleuve", None),
        "it": ("Scritto per Ufficio del Fiume da", "Ufficio del Fiume", None),
        "nl": ("Geschreven voor Rivierbureau door", "Rivierbureau", None),
        "pl": ("Napisane dla Biura Rzeki przez", "Biura Rzeki", None),
    },
    "byline_colon": {
        "en": ("By: Maud Kerrigan", "Maud Kerrigan", "By noon: nothing. By night: two boats and a raft."),
        "sv": ("Text: Anna Ek och Bo Lind", "Anna Ek och Bo Lind", "Text: den som inte kan läsa får hjälp."),
        "de": ("Von: Jörg Hansen", "Jörg Hansen", "Von hier aus: nur noch zwei Stunden bis zum Meer."),
        "ru": ("Автор: Ирина Белова", "Ирина Белова", "Автор: это слово она не любит."),
        "es": ("Autor: Luis Rojas", "Luis Rojas", None),
        "fr": ("Par : Claire Morel", "Claire Morel", None),
        "it": ("A cura di: Paolo Riva", "Paolo Riva", None),
        "nl": ("Door: Jan de Vries", "Jan de Vries", None),
        "pl": ("Autor: Ewa Nowak", "Ewa Nowak", None),
        "ar": ("بقلم: سمير حداد", "سمير حداد", None),
    },
    "byline": {
        "en": ("Written by Editor HBC", "Editor HBC", "By Monday the water had risen again."),
        "sv": ("Av Anna Ek", "Anna Ek", "Av tio båtar kom bara två tillbaka."),
        "de": ("Ein Kommentar von Jörg Hansen", "Jörg Hansen", "Von Berlin aus fährt der Zug an die Küste."),
        "ru": ("Подготовила Ирина Белова", "Ирина Белова", "Автор книги живёт у моря."),
        "es": ("Por Luis Rojas", "Luis Rojas", None),
        "fr": ("Par Claire Morel", "Claire Morel", None),
        "it": ("Di Paolo Riva", "Paolo Riva", None),
        "nl": ("Door Jan de Vries", "Jan de Vries", None),
        "pl": ("Opracowała Ewa Nowak", "Ewa Nowak", None),
        "ar": ("بقلم سمير حداد", "سمير حداد", None),
    },
    "byline_organisation": {
        "en": ("By the Associated Press", "Associated Press", "By the harbour office stood a queue."),
        "sv": ("Av TT", "TT", "Av redaktionen blev bara två kvar."),
        "de": ("Von der Redaktion", "Redaktion", "Von der Redaktion blieb nur ein leeres Zimmer."),
        "ru": ("Автор: Редакция", "Редакция", "Авторы: редакция и читатели, как всегда."),
    },
    "translated_by": {
        "en": ("Translated from German by Ann Lee", "Ann Lee", "Translated by many hands, the hymn grew long."),
        "sv": ("Översättning: Bo Lind", "Bo Lind", "Översatt av okänd hand ligger brevet kvar."),
        "de": ("Aus dem Englischen von Jan Dohl", "Jan Dohl", "Aus dem Englischen von damals blieb wenig."),
        "ru": ("Перевод с английского: Ирина Белова", "Ирина Белова", "Перевод с английского: дело для терпеливых."),
        "es": ("Traducido del inglés por Luis Rojas", "Luis Rojas", None),
        "fr": ("Traduit de l'anglais par Claire Morel", "Claire Morel", None),
    },
    "photo_credit": {
        "pt": ("Foto: Ana Braga/Lusa", "Ana Braga/Lusa", None),
        "uk": ("Фото: Оксана Гай", "Оксана Гай", None),
        "da": ("Foto: Mette Holm/Ritzau", "Mette Holm/Ritzau", None),
        "no": ("Foto: Kari Vik/NTB", "Kari Vik/NTB", None),
        "fi": ("Kuva: Aino Laine", "Aino Laine", None),
        "cs": ("Foto: Jan Dub/ČTK", "Jan Dub/ČTK", None),
        "en": ("Photograph: Getty Photos.", "Getty Photos", "The photograph shows an empty quay."),
        "sv": ("Foto: Anna Ek/TT", "Anna Ek/TT", "Foto är hennes yrke sedan tio år."),
        "de": ("Foto: Jörg Hansen/dpa", "Jörg Hansen/dpa", "Das Foto zeigt einen leeren Kai."),
        "ru": ("Фото: Ирина Белова / Вестник", "Ирина Белова / Вестник", "Фото сделано утром у причала."),
        "es": ("Foto: Luis Rojas", "Luis Rojas", None),
        "fr": ("Crédit photo : Claire Morel", "Claire Morel", None),
        "it": ("Foto: Paolo Riva", "Paolo Riva", None),
        "nl": ("Beeld: Jan de Vries", "Jan de Vries", None),
        "pl": ("Fot. / Ewa Nowak", "Ewa Nowak", None),
        "ar": ("الصورة: وكالة الميناء", "وكالة الميناء", None),
    },
    "caption_label": {
        "en": (
            "File - Fishermen mend their nets on the northern quay of Ellery.",
            None,
            "The file - all ten pages of it - was gone.",
        ),
        "sv": (
            "Arkivbild: Fiskare lagar sina nät på norra kajen i Vardsund.",
            None,
            "Bilden - den enda som finns - är borta.",
        ),
        "de": (
            "Archivbild: Fischer flicken ihre Netze am Nordkai von Vardsund.",
            None,
            "Das Bild - das einzige - ist verschwunden.",
        ),
        "ru": ("На снимке: рыбаки чинят сети на северном причале порта.", None, "Фото, единственное в деле, пропало."),
        "es": ("Foto de archivo: pescadores en el muelle norte de Vardesa", None, None),
        "fr": ("Photo d'archives : des pêcheurs sur le quai nord du port", None, None),
        "it": ("Foto d'archivio: pescatori sul molo nord del porto", None, None),
        "nl": ("Archieffoto: vissers op de noordkade van de haven", None, None),
        "pl": ("Zdjęcie archiwalne: rybacy na północnym nabrzeżu portu", None, None),
    },
    "photo_by": {
        "en": ("Photo by Ann Lee", "Ann Lee", "The photo by her bed was of a boat."),
        "sv": ("Foto av Anna Ek", "Anna Ek", "Bilden av hamnen är en annan i dag."),
        "de": ("Fotos von Jörg Hansen", "Jörg Hansen", "Fotos von allen Seiten halfen den Ermittlern."),
        "ru": ("Фото из Архива Порта", "Архива Порта", "Фото из окна получилось тёмным."),
        "es": ("Foto de Luis Rojas", "Luis Rojas", None),
        "fr": ("Photo de Claire Morel", "Claire Morel", None),
        "it": ("Foto di Paolo Riva", "Paolo Riva", None),
        "nl": ("Foto van Jan de Vries", "Jan de Vries", None),
        "pl": ("Zdjęcie autorstwa Ewa Nowak", "Ewa Nowak", None),
    },
    "picture_agency": {
        "*": ("AFP via Getty Images", "AFP via Getty Images", "Reuters reported the sinking first."),
    },
    "copyright_year": {
        "*": (
            "© 2023 The Harbour Times, LLC. All rights reserved.",
            "The Harbour Times, LLC",
            "Copyright was no concern of his in 2023.",
        ),
    },
    "copyright_label": {
        "*": ("Copyright: Harbour Syndicate", "Harbour Syndicate", "Copyright is a word he never used."),
    },
    "copyright_footer": {
        "*": ("© Tidings 2019 - Privacy", "Tidings", "The sign © meant nothing to him in 2019."),
    },
    "rights_reserved": {
        "en": ("All rights reserved.", None, "All rights reserved for men were theirs at last."),
        "sv": ("Alla rättigheter förbehållna", None, "Alla rättigheter är inte lika mycket värda."),
        "de": ("Alle Rechte vorbehalten.", None, "Alle Rechte hat der Staat sich genommen."),
        "ru": ("Все права защищены", None, "Все права защищены законом, говорит судья."),
        "es": ("Todos los derechos reservados", None, None),
        "fr": ("Tous droits réservés", None, None),
        "it": ("Riproduzione riservata", None, None),
        "nl": ("Alle rechten voorbehouden", None, None),
        "pl": ("Wszelkie prawa zastrzeżone", None, None),
        "ar": ("جميع الحقوق محفوظة", None, None),
    },
    "copyright_credit": {
        "*": ("© Mila Klement/dpa", "Mila Klement/dpa", "Nobody put a © under the drawing."),
    },
    "published_stamp": {
        "en": (
            "Created: 2024-04-08 04:51",
            "2024-04-08 04:51",
            "Published in May, the report was soon forgotten by all who had asked.",
        ),
        "sv": ("Publicerad 8 april 2024 kl. 10.15", "8 april 2024 kl. 10.15", "Publicerade siffror visar något annat."),
        "de": (
            "Veröffentlicht am 8. April 2024, 10:15 Uhr",
            "8. April 2024, 10:15 Uhr",
            "Veröffentlicht wurde das Papier nie.",
        ),
        "ru": ("Опубликовано: 08.04.2024 10:15", "08.04.2024 10:15", "Опубликовано было только начало."),
        "es": ("Publicado el 8 de abril de 2024", "8 de abril de 2024", None),
        "fr": ("Publié le 8 avril 2024 à 10:15", "8 avril 2024 à 10:15", None),
        "it": ("Pubblicato il 8 maggio 2024", "8 maggio 2024", None),
        "nl": ("Gepubliceerd op 8 mei 2024", "8 mei 2024", None),
        "pl": ("Opublikowano: 08.04.2024, 10:15", "08.04.2024, 10:15", None),
        "ar": ("نشر في: 08/04/2024", "08/04/2024", None),
    },
    "modified_stamp": {
        "en": ("Last updated: 9 May 2024, 11:20", "9 May 2024, 11:20", "Updated maps are on sale at the kiosk."),
        "sv": ("Uppdaterad 9 maj 2024", "9 maj 2024", "Uppdaterade kartor finns i kiosken."),
        "de": ("Stand: 22.04.2024, 06:00 Uhr", "22.04.2024, 06:00 Uhr", "Der Stand der Dinge ist ein anderer."),
        "ru": ("Обновлено 9 мая 2024", "9 мая 2024", "Обновлено только половина дорог."),
        "es": ("Actualizado el 9 de mayo de 2024", "9 de mayo de 2024", None),
        "fr": ("Mis à jour le 9 mai 2024", "9 mai 2024", None),
        "it": ("Aggiornato il 9 maggio 2024", "9 maggio 2024", None),
        "nl": ("Bijgewerkt op 9 mei 2024", "9 mei 2024", None),
        "pl": ("Aktualizacja: 9.05.2024", "9.05.2024", None),
        "ar": ("آخر تحديث: 09/05/2024", "09/05/2024", None),
    },
    "aggregator_stamp": {
        "*": ("2024-04-08T02:57:49.911Z", "2024-04-08T02:57:49.911Z", "The log says 2024-04-08T02:57:49Z and no more."),
    },
    "date_line": {
        "*": (
            "Saturday 23 December 2023 05:39, UK",
            "Saturday 23 December 2023 05:39, UK",
            "On 23 December 2023 the dam broke.",
        ),
    },
    "initials": {
        "*": ("(mho/dpa)", "mho/dpa", "(She has since left the town.)"),
    },
    "initials_bare": {
        "*": ("SDA/sep", "SDA/sep", "The AP/Reuters photographers waited outside."),
    },
    "site_owner": {
        "en": ("Harbour.example is an offer from QUAY.MEDIA", "QUAY.MEDIA", "Ellery is part of a larger port."),
        "sv": ("Hamnen.example är en del av Kajgruppen", "Kajgruppen", "Ellery är en del av en större hamn."),
        "de": ("Hafen.example ist ein Angebot von KAI.MEDIA", "KAI.MEDIA", "Ellery ist Teil eines größeren Hafens."),
        "ru": ("Port.example является частью Холдинга", "Холдинга", "Эллери является частью большого порта."),
        "es": ("Muelle.example es un servicio de Grupo Ría", "Grupo Ría", None),
        "fr": ("Quai.example est édité par Groupe Rade", "Groupe Rade", None),
    },
}


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [(name, text, value) for name, rows in EXAMPLES.items() for text, value, _ in rows.values()],
)
def test_facts_are_found(name: str, text: str, value: str | None) -> None:
    """The rule takes the line, and finds the fact in it."""
    rule = next(rule for rule in rules_in("facts") if rule.name == name)
    residue = rule.find(line_of(Block(text=text)))
    assert residue is not None
    assert (text, rule.code, value) == (residue.text, residue.rule, residue.value)


@pytest.mark.parametrize("text", [text for rows in EXAMPLES.values() for _, _, text in rows.values() if text])
def test_sentences_with_the_same_words_are_text(text: str) -> None:
    """No rule takes a sentence for containing the words."""
    assert [rule.name for rule in all_rules() if rule.find(line_of(Block(text=text)))] == []


def test_every_rule_has_examples() -> None:
    """Each language of each rule has a line of residue; Swedish, German, Russian and English a sentence as well."""
    assert {rule.name: set(rule.phrases) for rule in rules_in("facts")} == {
        name: set(rows) | languages_with(name) for name, rows in EXAMPLES.items()
    }
    for name, rows in EXAMPLES.items():
        assert all(rows[language][2] for language in ("*", "en", "sv", "de", "ru") if language in rows), name


@pytest.mark.parametrize(
    "line",
    [
        *(
            "2025年1月14日 01時28分 (1月14日 01時40分更新)",
            "2025年1月14日 10:15",
            "23 апреля 2024 года, 10:15",
            "23 апреля 2024 г.",
        ),
        *(
            "den 23 april 2024 kl. 10:15",
            "23. April 2024, 10:15 Uhr",
            "23 квітня 2024 року",
            "23 kwietnia 2024 r.",
            "23. dubna 2024",
        ),
    ],
)
def test_days_alone_on_a_line(line: str) -> None:
    """A day with what stands around it in its language is a stamp, whole."""
    rule = next(rule for rule in all_rules() if rule.name == "date_line")
    found = rule.find(line_of(Block(text=line)))
    assert found is not None
    assert found.rule == "published_stamp"


@pytest.mark.parametrize(
    ("name", "value"),
    [(name, value) for name in ("byline", "byline_colon") for _, value, _ in EXAMPLES[name].values() if value],
)
def test_a_byline_that_is_taken_out_is_read(name: str, value: str) -> None:
    """What a rule takes for a by-line names somebody: in no language a name is removed that nothing reads."""
    assert read_byline(value), name


def test_a_rule_of_a_language_more_is_a_file_more(tmp_path: Path) -> None:
    """The boilerplate of a made-up language goes with its lexicon file alone."""
    line = line_of(Block(text="Lesibus ookri: Kranen kwam"))
    assert rule_named("teaser").find(line) is None
    (tmp_path / "qaa.toml").write_text("[rules]\nteaser = ['lesibus ookri']\n", encoding="utf-8")
    with extended(tmp_path):
        found = rule_named("teaser").find(line)
        assert found is not None
        assert found.rule == "teaser"
