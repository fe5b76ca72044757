"""Writes `tests/fixtures/words/`: for each row of the lexicon's tables a line that is read rightly only with it.

    PYTHONPATH=.:tests python tests/support/made_words.py [--again] [CODE ...]

Below stand for each table lines with a gap, and what a reader should find in them whatever the word is. Of the lines
of a table that one is kept in which the word makes the difference: with it the line is read as it says here, without it
not. Rows that have their line already are left alone, unless `--again`. What fits none of these lines is printed: a line
for it is to be written by hand, or the row is to be deleted; else it belongs into `idle.txt`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import Any

from support.meanings import CODES, FOLDER, READERS, Meaning, meanings, rows_of, without

from ingest.lang.lexicon import languages, tables

# Two people, a place and the beginning of the name of an organisation, as they are written in a language.
_WHO = {
    "ru": ("Анна Лебедева", "Иван Орлов", "Гравхольм", "Бриггхольм", "Вайль"),
    "uk": ("Оксана Шевчук", "Петро Бондар", "Гравхольм", "Бриггхольм", "Вайль"),
    "bg": ("Мария Петрова", "Иван Колев", "Гравхолм", "Бригхолм", "Вайл"),
    "sr": ("Мила Петровић", "Јован Илић", "Гравхолм", "Бригхолм", "Вајл"),
    "el": ("Μαρία Παππά", "Νίκος Ζέρβας", "Γκράουχολμ", "Μπρίγκχολμ", "Βάιλ"),
    "ar": ("سلمى الجندي", "كريم حداد", "غراوهولم", "بريغهولم", "فايل"),
    "fa": ("مریم کاظمی", "رضا مرادی", "گراوهولم", "بریگهولم", "وایل"),
    "he": ("דנה כהן", "יואב לוי", "גראוהולם", "בריגהולם", "וייל"),
    "hi": ("सीमा वर्मा", "रवि गुप्ता", "ग्राउहोल्म", "ब्रिगहोल्म", "वाइल"),
    "th": ("สมชาย ใจดี", "สมหญิง รักไทย", "เกราโฮล์ม", "บริกโฮล์ม", "ไวล์"),
    "zh": ("王小明", "李晓华", "灰岛", "灰岛", "王"),
    "ja": ("山田太郎", "大野拓也", "灰島", "灰島", "山田"),
    "ko": ("홍길동", "김민수", "회도", "회도", "홍"),
    "sv": ("Anna Berg", "Bo Ek", "Grauholm", "Bryggholm", "Weil"),
    "de": ("Anna Seidel", "Jan Vogt", "Grauholm", "Bryggholm", "Weil"),
    "pl": ("Anna Lis", "Jan Kowal", "Grauholm", "Bryggholm", "Weil"),
    "": ("Ana Reis", "Jan Berg", "Grauholm", "Bryggholm", "Weil"),
}
# What is said of a bridge, where somebody says something.
_THAT = {
    "ar": "إن الجسر مغلق", "cs": "že most je uzavřen", "da": "at broen er lukket", "de": "dass die Brücke gesperrt ist",
    "en": "that the bridge is closed", "es": "que el puente está cerrado", "fa": "که پل بسته است",
    "fi": "että silta on suljettu", "fr": "que le pont est fermé", "it": "che il ponte è chiuso",
    "nl": "dat de brug gesloten is", "no": "at broen er stengt", "pl": "że most jest zamknięty",
    "pt": "que a ponte está fechada", "ru": "что мост закрыт", "sv": "att bron är stängd", "tr": "köprünün kapalı",
    "uk": "що міст закрито",
}  # fmt: skip
_CLOSED = {
    "ar": "الجسر مغلق", "cs": "Most je uzavřen", "da": "Broen er lukket", "de": "Die Brücke ist gesperrt",
    "en": "The bridge is closed", "es": "El puente está cerrado", "fa": "پل بسته است", "fi": "Silta on suljettu",
    "fr": "Le pont est fermé", "it": "Il ponte è chiuso", "nl": "De brug is gesloten", "no": "Broen er stengt",
    "pl": "Most jest zamknięty", "pt": "A ponte está fechada", "ru": "Мост закрыт", "sv": "Bron är stängd",
    "tr": "Köprü kapalı", "uk": "Міст закрито",
}  # fmt: skip

# The lines of each table: text with gaps, and what each reader finds. Gaps: {word} is the word, {Word} with a capital,
# {WORD} in capitals; {a} and {b} are people, {first} and {last} the words of one; {place}, {org}; {that} and {closed}
# clauses; any other gap is a word of that table of the same language, or else of English ({says}, {kinds}).
# fmt: off
# ruff: noqa: E501
_LINES: dict[str, tuple[tuple[str, dict[str, str]], ...]] = {
    "names.by": (
        ("{Word} {a}", {"people": "{a}"}),
        ("{Word}: {a}", {"people": "{a}"}),
        ("{word}{a}", {"people": "{a}"}),
        ("{word}：{a}", {"people": "{a}"}),
        ("3 {word} {a}", {"behind_day": "names"}),
        ("{Word} Reuters", {"alone": "Reuters"}),
        ("{Word} Reuters", {"organisations": "Reuters"}),
        ("{Word}: {a}", {"alone": "{a}"}),
        ("{Word}: Ann Lee", {"alone": "Ann Lee"}),
        ("{Word}", {"label": "label"}),
        ("{photo} {word} {b}", {"photographers": "{b}"}),
    ),
    "names.author": (
        ("{Word}: {a}", {"people": "{a}", "others": ""}),
        ("{Word}：{a}", {"people": "{a}", "others": ""}),
        ("{Word} {a}", {"people": "{a}", "others": ""}),
        ("{a} {word}", {"people": "{a}"}),
        ("{a}{word}", {"people": "{a}"}),
        ("{word}{a}", {"people": "{a}"}),
        ("{photo} & {word}: {a}", {"people": "{a}", "photographers": "{a}"}),
        ("{Word} & {photo}: {a}", {"people": "{a}", "photographers": "{a}"}),
        ("{a} ({word}), {b} ({photo})", {"people": "{a}", "photographers": "{b}"}),
        ("{Word}: {a}", {"alone": "{a}"}),
        ("{Word}", {"label": "label"}),
        ("{Word} Reuters", {"alone": "Reuters"}),
        ("Reuters {word}", {"alone": "Reuters"}),
    ),
    "names.photo": (
        ("{Word}: {b}", {"people": "", "photographers": "{b}"}),
        ("{Word}：{b}", {"people": "", "photographers": "{b}"}),
        ("{Word} {b}", {"people": "", "photographers": "{b}"}),
        ("{word}{b}", {"people": "", "photographers": "{b}"}),
        ("{a} | {Word} {b}", {"people": "{a}", "photographers": "{b}"}),
        ("{author} & {word}: {a}", {"people": "{a}", "photographers": "{a}"}),
    ),
    "names.other": (
        ("{Word}: {b}", {"people": "", "others": "{b}"}),
        ("{Word}：{b}", {"people": "", "others": "{b}"}),
        ("{Word} {b}", {"people": "", "others": "{b}"}),
        ("{a} | {Word}: {b}", {"people": "{a}", "others": "{b}"}),
        ("{a} | {Word} {b}", {"people": "{a}", "others": "{b}"}),
        ("{a} ({word})", {"people": "", "others": "{a}"}),
    ),
    "names.and": (
        ("{a} {word} {b}", {"people": "{a}, {b}"}),
        ("{a}{word}{b}", {"people": "{a}, {b}"}),
        ("{A} {WORD} {B}", {"people": "{a}, {b}"}),
        ("{author} {word} {photo}: {a}", {"people": "{a}", "photographers": "{a}"}),
    ),
    "names.for": (
        ("{a} {word} Reuters", {"people": "{a}", "organisations": "Reuters"}),
        ("{a} {word} {org} {organisation}", {"people": "{a}", "organisations": "{org} {organisation}"}),
        ("{a}, {roles} {word} {place}", {"alone": "{a}"}),
        ("{Word} {modifiers} {roles} {a}", {"people": "{a}"}),
        ("{a} {word} {place}", {"people": "{a}"}),
        ("{a} {word} {place}", {"alone": "{a}"}),
    ),
    "names.in": (
        ("{a}, {word} {place}", {"people": "{a}", "places": "{place}"}),
        ("{a} {roles} {word} {place}", {"alone": "{a}"}),
        ("{a}, {roles} {word} {place}", {"alone": "{a}"}),
        ("{Word} {place} {a}", {"people": "{a}"}),
        ("{Word} {place} {verbs} {a}", {"people": "{a}"}),
        ("{a} {word} {place}", {"people": "{a}"}),
    ),
    "names.roles": (
        ("{Word} {a}", {"people": "{a}"}),
        ("{a}, {word}", {"people": "{a}"}),
        ("{a} {word}", {"people": "{a}"}),
        ("{a}{word}", {"people": "{a}"}),
        ("{word}{a}", {"people": "{a}"}),
        ("{a}, {word}", {"people": "{a}", "roles": "{word}", "organisations": ""}),
        ("{a}, {Word}", {"people": "{a}", "roles": "{Word}", "organisations": ""}),
        ("{a}, {word}", {"alone": "{a}"}),
        ("{a} | {word}", {"people": "{a}", "roles": "{word}"}),
        ("{Word}", {"roles": "{Word}", "people": ""}),
        ("{a}, {word} {for} {org}", {"people": "{a}"}),
        ("Harbour {Word}, {a}", {"people": "{a}"}),
        ("{Word} {a}", {"alone": "{a}"}),
        ("Ann Lee, {word}", {"alone": "Ann Lee"}),
    ),
    "names.modifiers": (
        ("{Word} {roles} {a}", {"people": "{a}"}),
        ("{Word} {org} {roles} {a}", {"people": "{a}"}),
        ("{a}, {word} {roles}", {"alone": "{a}"}),
        ("{a} {word} {roles}", {"people": "{a}"}),
        ("{word}{a}", {"people": "{a}"}),
        ("{a}{word}", {"people": "{a}"}),
        ("{a}, {Word} {Roles}", {"people": "{a}", "roles": "{Word} {Roles}"}),
        ("{a} | {Word} {Roles}", {"people": "{a}", "roles": "{Word} {Roles}"}),
        ("{Word} {Roles}", {"people": "", "roles": "{Word} {Roles}"}),
        ("{Roles} {word} {a}", {"people": "{a}"}),
        ("{a}, {word}", {"alone": "{a}"}),
        ("{in} {word} {roles} {a}", {"people": "{a}"}),
        ("{for} {word} {roles} {a}", {"people": "{a}"}),
        ("{a} {roles} {word}", {"alone": "{a}"}),
    ),
    "names.newsroom": (
        ("{Word} {org}", {"people": "", "organisations": "{Word} {org}"}),
        ("{org} {Word}", {"people": "", "organisations": "{org} {Word}"}),
        ("{org} {word}", {"people": "", "organisations": "{org} {word}"}),
        ("{org}{word}", {"people": "", "organisations": "{org}{word}"}),
        ("{Word}", {"people": "", "organisations": "{Word}"}),
        ("{org} {Word}", {"labelled": "{org}"}),
        ("{org} {word}", {"labelled": "{org}"}),
        ("{Word} / Reuters", {"alone": "{Word}, Reuters"}),
    ),
    "names.organisation": (
        ("{org} {Word}", {"people": "", "organisations": "{org} {Word}"}),
        ("{Word} {org}", {"people": "", "organisations": "{Word} {org}"}),
        ("{org} {word}", {"people": "", "organisations": "{org} {word}"}),
        ("{org}{word}", {"people": "", "organisations": "{org}{word}"}),
        ("{word}{org}", {"people": "", "organisations": "{word}{org}"}),
        ("{Word}", {"people": "", "organisations": "{Word}"}),
        ("{a}, {org} {Word}", {"people": "{a}", "organisations": "{org} {Word}"}),
        ("{a} | {Word} {roles}", {"people": "{a}"}),
    ),
    "names.nobody": (
        ("{Word}", {"people": ""}),
        ("{word}", {"people": ""}),
        ("{Word}", {"people": "", "organisations": ""}),
        ("{word}", {"people": "", "organisations": ""}),
        ("{Word}", {"people": "", "roles": ""}),
    ),
    "names.no_name": (
        ("{a} {word}", {"people": "{a}"}),
        ("{a} {Word}", {"people": "{a}"}),
        ("{Word} {a}", {"people": "{a}"}),
        ("{Word} | {a}", {"people": "{a}"}),
        ("{a} | {Word}", {"people": "{a}"}),
        ("{Word}", {"people": "", "organisations": ""}),
        ("{a} {word} 3", {"people": "{a}"}),
        ("{a}, {word}", {"people": "{a}", "roles": "", "places": ""}),
        ("{a}, {Word}", {"people": "{a}", "roles": "", "places": ""}),
    ),
    "names.places_and_sections": (
        ("{Word} {last}", {"marked_people": ""}),
        ("{last} {Word}", {"marked_people": ""}),
        ("{first} {Word}", {"marked_people": ""}),
        ("{Word} {last}", {"alone": ""}),
        ("{Word}", {"marked_people": ""}),
        ("{word}{a}", {"marked_people": ""}),
        ("{a}{word}", {"marked_people": ""}),
        ("{roles} {Word} {last}", {"alone": ""}),
        ("{roles} {Word}", {"marked_people": ""}),
        ("{Word}{roles}", {"marked_people": ""}),
        ("{Word} {last} | {roles}", {"alone": ""}),
        ("{a}, {roles}, {word}", {"alone": "{a}"}),
    ),
    "names.particles": (
        ("{first} {word} {last}", {"people": "{first} {word} {last}"}),
        ("{Word} {last} {first}", {"people": "{Word} {last} {first}"}),
        ("{FIRST} {WORD} {LAST}", {"people": "{first} {word} {last}"}),
        ("{Word} {last}", {"alone": ""}),
        ("Kim {word} {last}", {"capitals": "names"}),
        ("{first} {word} di {last}", {"people": "{first} {word} di {last}"}),
    ),
    "names.titles": (
        ("{Word}. {a}, {Word}. {b}", {"people": "{Word}. {a}, {Word}. {b}"}),
        ("{Word}. {a}", {"people": "{Word}. {a}"}),
        ("Reporters {Word}. {a}", {"people": "{Word}. {a}"}),
    ),
    "names.suffixes": (
        ("{a}, {Word}.", {"people": "{a} {Word}."}),
        ("{a} {WORD}", {"people": "{a} {WORD}"}),
        ("{a} {Word}., {b}", {"people": "{a} {Word}., {b}"}),
    ),
    "names.degrees": (
        ("{a} {WORD}", {"people": "{a}"}),
        ("{a} {Word}", {"people": "{a}"}),
        ("{a}, {word}", {"people": "{a}", "roles": ""}),
        ("{a} | {word}", {"people": "{a}", "roles": ""}),
        ("{a} {WORD}, MD", {"people": "{a}"}),
    ),
    "names.companies": (
        ("{org} {WORD}", {"organisations": "{org} {WORD}"}),
        ("{org} {Word}", {"organisations": "{org} {Word}"}),
        ("{org} {last} {WORD}", {"organisations": "{org} {last} {WORD}"}),
    ),
    "names.articles": (
        ("{Word} {org}", {"organisations": "{Word} {org}"}),
        ("{a}, {word} {org} {organisation}", {"people": "{a}", "organisations": "{org} {organisation}"}),
    ),
    "names.short_articles": (("{Word} {org}", {"organisations": "{Word} {org}"}),),
    "names.labels": (
        ("{Word} TLN", {"labelled": "TLN"}),
        ("{Word} {org} {last} {first}", {"labelled": "{org} {last} {first}"}),
        ("{WORD} TLN", {"labelled": "TLN"}),
    ),
    "names.markup": (("<span class='{word}'>{a}</span>", {"shown": "{a}"}),),
    "names.glued_and": (("{a} {word}{b}", {"people": "{a}, {b}"}),),
    "names.glued_names": (
        ("كريم {word} حداد", {"people": "كريم {word} حداد"}),
        ("كريم {word} سمير حداد", {"people": "كريم {word} سمير حداد"}),
    ),
    "names.dateline_ends": (("{a} 台北{word}", {"people": "{a}"}), ("{a} 台{word}", {"people": "{a}"})),
    "names.dateline_starts": (("{a} {word}巴黎", {"people": "{a}"}), ("{word}巴黎记者 {a}", {"people": "{a}"})),
    "names.verbs": (
        ("{a} {word} {in} {place}", {"people": "{a}"}),
        ("{In} {place} {word} {a}", {"people": "{a}"}),
        ("{By} {place} {word} {a}", {"people": "{a}"}),
        ("{a} {word}", {"alone": "{a}"}),
        ("{a} {word}:", {"alone": "{a}"}),
        ("{a} {word}", {"people": "{a}"}),
    ),
    "names.surnames": (
        ("Jana {Word}", {"marked_people": "people"}),
        ("Ann {Word}", {"marked_people": "people"}),
        ("Eszter {Word}", {"marked_people": "people"}),
    ),
    "names.inside": (("Ann {word} Lee", {"capitals": "names"}), ("Kim {word} Berg", {"capitals": "names"})),
    "citing.after": (
        ("Reuters {word} {that}.", {"cites": "Reuters"}),
        ("{closed}. Reuters {word}, {that}.", {"cites": "Reuters"}),
        ("{closed}. Reuters {fillers} {word} {that}.", {"cites": "Reuters"}),
    ),
    "citing.spun_after": (("Reuters {word} {that}.", {"cites": "Reuters"}),),
    "citing.before": (
        ("{closed}, {word} Reuters.", {"cites": "Reuters"}),
        ("{closed}, {word} Reuters, {that}.", {"cites": "Reuters"}),
    ),
    "citing.pairs": (
        ("{closed}, {word} Reuters.", {"cites": "Reuters"}),
        ("{closed}, {word} “Northern Quay”.", {"cites": "Northern Quay"}),
        ("{closed}, {word} «Северный причал».", {"cites": "Северный причал"}),
    ),
    "citing.talk": (
        ("{closed}, {word} {to} Reuters.", {"cites": "Reuters"}),
        ("{closed}, {word} {last} {to} Reuters.", {"cites": "Reuters"}),
        ("{closed}, {word} {last} {to} {kinds} Reuters.", {"cites": "Reuters"}),
        ("{closed}, {word} мэр города {last} {to} Reuters.", {"cites": "Reuters"}),
        ("{closed}, {word} мэр города {last} в четверг {to} Reuters.", {"cites": "Reuters"}),
    ),
    "citing.talked": (
        ("{closed}, {word} {to} NORDVAK.", {"cites": "NORDVAK"}),
        ("{closed}, {word} {last} {to} NORDVAK.", {"cites": "NORDVAK"}),
    ),
    "citing.to": (("{closed}, {talk} {word} Reuters.", {"cites": "Reuters"}),),
    "citing.dative": (
        ("{closed}, {word} {last} der Reuters.", {"cites": "Reuters"}),
        ("{closed}, {word} {last} «Интерфаксу».", {"cites": "Интерфакс"}),
        ("{closed}, {word} мэр города Бриггхольм «Интерфаксу».", {"cites": "Интерфакс"}),
    ),
    "citing.dative_articles": (("{closed}, {dative} {last} {word} Reuters.", {"cites": "Reuters"}),),
    "citing.before_quote": (
        ("{closed}, {word} “Northern Quay”.", {"cites": "Northern Quay"}),
        ("{closed}, {word} «Северный причал».", {"cites": "Северный причал"}),
    ),
    "citing.before_article_and_quote": (("{closed}, {word} das „Northern Quay“.", {"cites": "Northern Quay"}),),
    "citing.quote_articles": (
        ("{closed}, {before_article_and_quote} {word} „Northern Quay“.", {"cites": "Northern Quay"}),
        ("{closed}, {before_quote} {word} „Northern Quay“.", {"cites": "Northern Quay"}),
    ),
    "citing.blocks": (
        ("{closed}, {before} {word} Reuters.", {"cites": ""}),
        ("{closed}, {talk} {to} {word} Reuters.", {"cites": ""}),
        ("{closed}, {before} {last} {word} Reuters.", {"cites": ""}),
    ),
    "citing.fillers": (
        ("Reuters {word} {after} {that}.", {"cites": "Reuters"}),
        ("{Word} Northern Times {after} {that}.", {"cites": "Northern Times"}),
    ),
    "citing.conjunctions": (
        ("{closed}, {before} Reuters {word} AFP.", {"cites": "Reuters; AFP"}),
        ("{closed}, {before} Reuters, {word} AFP.", {"cites": "Reuters; AFP"}),
    ),
    "citing.mere": (
        ("{place}: {kinds} Reuters {word}.", {"cites": ""}),
        ("{closed}. {kinds} Reuters {word}.", {"cites": ""}),
        ("{closed}. {Word} {kinds} Reuters.", {"cites": ""}),
        ("{closed}: {word} {kinds} Reuters.", {"cites": ""}),
    ),
    "citing.says": (
        ("{Experts} {a} {word} {that}.", {"cites": "{a}"}),
        ("{closed}, {word} {experts} {a}.", {"cites": "{a}"}),
        ("{closed}. {Experts} {a} {word}.", {"cites": "{a}"}),
    ),
    "citing.experts": (
        ("{Word} {a} {says} {that}.", {"cites": "{a}"}),
        ("{closed}, {says} {word} {a}.", {"cites": "{a}"}),
        ("{closed}, {says} {word}а {a}.", {"cites": "{a}"}),
    ),
    "citing.expert_endings": (
        ("{closed}, {says} politi{word} {a}.", {"cites": "{a}"}),
        ("{closed}, {says} полит{word} {a}.", {"cites": "{a}"}),
        ("{closed}, {says} кино{word} {a}.", {"cites": "{a}"}),
    ),
    "citing.leaders": (
        ("{closed}, {says} {a}, {word} {at} Kiln Institute.", {"cites": "{a}, Kiln Institute"}),
        ("{closed}, {says} {word} Института Севера {a}.", {"cites": "{a}, Института Севера"}),
        ("{closed}, {says} {a}, {word} Kiln Institute.", {"cites": "{a}, Kiln Institute"}),
    ),
    "citing.institutes": (
        ("{closed}, {says} {a} {at} Kiln {Word}.", {"cites": "{a}, Kiln {Word}"}),
        ("{closed}, {says} {a} (Kiln {Word}).", {"cites": "{a}, Kiln {Word}"}),
        ("{closed}, {says} {a} (Kiln {word}).", {"cites": "{a}, Kiln {word}"}),
        ("{closed}, {says} {a} ({Word} Севера).", {"cites": "{a}, {Word} Севера"}),
        ("{closed}, {says} {leaders} {Word} Севера {a}.", {"cites": "{a}, {Word} Севера"}),
    ),
    "citing.no_first_name": (
        ("{closed}. {Word} {a}, {experts} {at} Kiln Institute, {says}.", {"cites": "{a}, Kiln Institute"}),
        ("{closed}. {Word} {a} (Kiln Institute) {says} {that}.", {"cites": "{a}, Kiln Institute"}),
    ),
    "citing.particles": (
        ("{closed}, {says} {experts} {first} {word} {last}.", {"cites": "{first} {word} {last}"}),
        ("{closed}, {says} {experts} {first} {Word} {last}.", {"cites": "{first} {Word} {last}"}),
        ("{closed}, says analyst Karl {word} Weil.", {"cites": "Karl {word} Weil"}),
    ),
    "citing.at": (
        ("{closed}, {says} {a}, {experts} {word} Kiln Institute.", {"cites": "{a}, Kiln Institute"}),
        ("{closed}, {says} {a} {word} Kiln Institute.", {"cites": "{a}, Kiln Institute"}),
        ("{closed}, says Karl Weil {word} Kiln Institute.", {"cites": "Karl Weil, Kiln Institute"}),
    ),
    "citing.at_articles": (
        ("{closed}, {says} {experts} {a} {word} Northern Courier.", {"cites": "{a}"}),
        ("{closed}, {says} {experts} {a} {word} Kiln Institute.", {"cites": "{a}"}),
    ),
    "citing.behind_owned": (("{closed}: the Kiln Institute's Karl Weil {word} sure, he said.", {"cites": "Karl Weil, Kiln Institute"}),),
    "citing.links": (
        ("{closed}, says Karl Weil of Institute {word} Bridges.", {"cites": "Karl Weil, Institute {word} Bridges"}),
        ("{closed}, says Karl Weil (Kiln {word} Bridges Institute).", {"cites": "Karl Weil, Kiln {word} Bridges Institute"}),
        ("{closed}, {says} {a} (Институт Севера {word} Востока).", {"cites": "{a}, Институт Севера {word} Востока"}),
    ),
    "citing.kinds": (
        ("{closed}. {Word} Reuters {that}.", {"cites": "Reuters"}),
        ("{closed}: {word} Reuters.", {"cites": "Reuters"}),
        ("{closed}: Reuters {word}.", {"cites": "Reuters"}),
        ("{closed}, {before} {word} Northern Quay.", {"cites": "Northern Quay"}),
    ),
    "citing.kind_first": (
        ("{closed}, according to {Word} Courier.", {"cites": "{Word} Courier"}),
        ("{closed}, according to the {Word} Times.", {"cites": "{Word} Times"}),
    ),
    "citing.vague_kinds": (("{closed}, according to the {word} Northern Quay.", {"cites": ""}),),
    "citing.groups": (
        ("{closed}, according to Northern Quay {word} agency.", {"cites": "Northern Quay"}),
        ("{closed}, according to the {word} agency Northern Quay.", {"cites": "Northern Quay"}),
    ),
    "citing.group_of": (("{closed}: the owner is Reuters media {word}.", {"cites": ""}), ("{closed}, according to Northern Quay media {word}.", {"cites": "Northern Quay"})),
    "citing.home": (
        ("{closed}, {before} Bryggholm {Word}.", {"cites": "Bryggholm {Word}"}),
        ("{closed}, {before} {Word} Bryggholm.", {"cites": "{Word} Bryggholm"}),
        ("{closed}, {before} Северный {Word}.", {"cites": "Северный {Word}"}),
        ("{closed}, {before} Bryggholms {word}.", {"cites": "Bryggholms {word}"}),
    ),
    "citing.home_endings": (("{closed}, {before} Bryggholms{word}.", {"cites": "Bryggholms{word}"}),),
    "citing.inside": (("{closed}, {before} Times {word} Bryggholm.", {"cites": "Times {word} Bryggholm"}), ("{closed}, {before} Courier {word} Bryggholm.", {"cites": "Courier {word} Bryggholm"})),
    "citing.sentence_first": (
        ("{Word} Northern Times {after}, {closed}.", {"cites": "Northern Times"}),
        ("{Word} Северный Курьер {after}, {closed}.", {"cites": "Северный Курьер"}),
    ),
    "citing.glued": (("{closed}, according to Aftenposten{word} Oslo paper.", {"cites": "Aftenposten"}),),
    "citing.no_reference": (
        ("{closed} (Regnum, 1 April 2022; {Word}, 5 April 2022).", {"cites": "Regnum 2022-04-01"}),
        ("{closed} (Regnum, 1 April 2022; {Word} Ann, 5 April 2022).", {"cites": "Regnum 2022-04-01"}),
    ),
    "citing.before_day": (
        ("{closed} (Regnum, {word} 5 April 2022).", {"cites": "Regnum 2022-04-05"}),
        ("{closed} (Regnum {word} 5 April 2022).", {"cites": "Regnum 2022-04-05"}),
    ),
    "citing.between_days": (("{closed} (Regnum, 3 April 2022 {word} 5 April 2022).", {"cites": "Regnum 2022-04-03; Regnum 2022-04-05"}),),
    "citing.day_of": (("{closed} (Regnum, 5 {word} April 2022).", {"cites": "Regnum 2022-04-05"}), ("{closed} (Regnum, 5 {word} abril 2022).", {"cites": "Regnum 2022-04-05"})),
    "citing.ordinals": (("{closed} (Regnum, 5{word} April 2022).", {"cites": "Regnum 2022-04-05"}),),
    "citing.place_particles": (
        ("Grau {word} Holm (Reuters) – Nobody had seen the bell for a hundred years.", {"dateline": "Grau {word} Holm"}),
        ("Грау {word} Хольм (Reuters) – Nobody had seen the bell for a hundred years.", {"dateline": "Грау {word} Хольм"}),
    ),
    "citing.before_dateline_day": (
        ("Grauholm, {word} 5 April (Reuters) – Nobody had seen the bell for a hundred years.", {"dateline": "Grauholm"}),
        ("GRAUHOLM {word} 5 April (Reuters) – Nobody had seen the bell for a hundred years.", {"dateline": "GRAUHOLM"}),
    ),
    "citing.dateline_labels": (
        ("{WORD} – Nobody had seen the bell for a hundred years, and few had looked for it.", {"dateline": ""}),
        ("{WORD} GRAUHOLM – Nobody had seen the bell for a hundred years, and few had looked for it.", {"dateline": ""}),
        ("GRAUHOLM {WORD} – Nobody had seen the bell for a hundred years, and few had looked for it.", {"dateline": ""}),
    ),
    "citing.source_label": (
        ("{Word}: https://northern.example/2024/bell-found", {"original": "https://northern.example/2024/bell-found"}),
    ),
    "citing.clause_starts": (("{closed}. {word} nobody knows it.", {"traces": "1"}), ("The bridge is closed. {word} nobody knows it.", {"traces": "1"})),
    "citing.four_letters": (("The bridge {word}. and the pier are closed.", {"traces": "0"}),),
    "citing.uncapitalised": (("The bridge in {word} is closed.", {"traces": "1"}),),
    "citing.institute_beginnings": (
        ("{closed}, {says} {a} {at} Kiln {institutes}.", {"cites": "{a}, Kiln {institutes}"}),
        ("{closed}, {says} {a} (Северный {institutes}).", {"cites": "{a}, Северный {institutes}"}),
    ),
    "lines.open": (("{closed} {word}", {"open": "open"}), ("{word}", {"open": "open"})),
    "lines.about": (
        ("Ann Lee {word} journalist {in} {place}.", {"boxed": "author_box"}),
        ("{a} {word} {writers} {in} {place}.", {"signed": "author_box"}),
    ),
    "lines.writers": (
        ("{a} {about} {word} {in} {place}.", {"signed": "author_box"}),
        ("Ann Lee {about} {word} {in} {place}.", {"signed": "author_box"}),
    ),
    "lines.caption_signs": (
        ("{Word} {place}.", {"caption": "caption"}),
        ("{closed} {word} {place}.", {"caption": "caption"}),
        ("{closed} {word}.", {"caption": "caption"}),
    ),
    "lines.photo_labels": (
        ("{closed}. {Word}: {b}", {"credit": "{b}"}),
        ("{closed} ({word}: {b})", {"credit": "{b}"}),
        ("{closed}. {Word}：{b}", {"credit": "{b}"}),
    ),
    "lines.date_marks": (("{Word} 3.5.2024", {"dated": "{Word} 3.5.2024"}),),
    "lines.fact_openers": (("3.5.2024 {word} {a}", {"facts": "published_stamp, byline"}), ("3.5.2024 {word}: {a}", {"facts": "published_stamp, byline"})),
    "lines.source_links": (("<a href='https://northern.example/2024/bell-found'>{Word}</a>", {"source": "https://northern.example/2024/bell-found"}),),
    "lines.source_leads": (
        ("{Word} <a href='https://northern.example/2024/bell-found'>Northern Quay</a>", {"source": "https://northern.example/2024/bell-found Northern Quay"}),
        ("{Word}: <a href='https://northern.example/2024/bell-found'>Northern Quay</a>", {"source": "https://northern.example/2024/bell-found Northern Quay"}),
    ),
    "lines.outlet": (
        ("{closed} {word} / Northern Quay / nobody had told {place} of it on that day.", {"joined": "{closed} {word} Northern Quay nobody had told {place} of it on that day."}),
    ),
    "lines.subordinate": (
        ("{closed} {word} {place} / Northern Quay / nobody had told {place} of it on that day.", {"joined": "{closed} {word} {place} Northern Quay nobody had told {place} of it on that day."}),
    ),
    "lines.speaks": (("{Word}:", {"role": "body"}), ("{last} {word}:", {"role": "body"}), ("{closed} {word}:", {"role": "body"})),
}
# fmt: on

_GAP = re.compile(r"\{(\w+)\}")
_MOST_WORDS = 8  # of another table that are tried in a gap


def candidates(code: str, section: str, key: str, row: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The lines of a table with a row of it in their gap, and what is to be found in them."""
    for shape, found in _LINES.get(f"{section}.{key}", ()):
        names = set(_GAP.findall(" ".join((shape, *found.values()))))
        for word in samples(row) if section == "lines" else (_whole(row, code),):
            fixed = _fixed(code, word)
            others = sorted(names - fixed.keys())
            choices = [_others(code, name) for name in others]
            for chosen in itertools.islice(itertools.product(*choices), 64):
                gaps = fixed | dict(zip(others, chosen, strict=True))
                line = _filled(shape, gaps)
                yield (
                    line[0].upper() + line[1:] if section == "citing" else line,
                    {reader: _filled(told, gaps) for reader, told in found.items()},
                )


def _filled(shape: str, gaps: dict[str, str]) -> str:
    return _GAP.sub(lambda gap: gaps[gap[1]], shape)


def _fixed(code: str, word: str) -> dict[str, str]:
    a, b, place, org, last = _WHO.get(code, _WHO[""])
    closed = _CLOSED.get(code, _CLOSED["en"])
    return {
        "word": word, "Word": word[:1].upper() + word[1:], "WORD": word.upper(), "a": a, "b": b, "A": a.upper(),
        "B": b.upper(), "place": place, "org": org, "first": a.split()[0], "last": last, "FIRST": a.split()[0].upper(),
        "LAST": last.upper(), "that": _THAT.get(code, _THAT["en"]), "closed": closed,
    }  # fmt: skip


def _others(code: str, name: str) -> Sequence[str]:
    """Words of another table, of the same language, else of English: with a capital if the gap has one.

    None where neither language has such words: then the line is none of theirs.
    """
    for section in ("names", "citing", "lines"):
        every = tables(section)
        rows = every.get(code, {}).get(name.lower()) or every["en"].get(name.lower()) or ()
        if rows:
            words = [next(samples(row)) if section == "lines" else _whole(row, code) for row in rows[:_MOST_WORDS]]
            return [word[:1].upper() + word[1:] for word in words] if name[0].isupper() else words
    return ()


def _whole(row: str, code: str) -> str:
    """A word for a row that is the beginning or the end of words."""
    cyrillic = code in ("ru", "uk", "bg", "sr")
    if row.startswith("*"):
        return ("вело" if cyrillic else "bro") + row[1:]
    return row[:-1] + ("ый" if cyrillic else "e") if row.endswith("*") else row


def samples(pattern: str) -> Iterator[str]:
    """Texts that a pattern takes: one for each branch of its first choice, else one."""
    parsed = import_module("re._parser").parse(pattern)
    seen: set[str] = set()
    for turn in range(6):
        text = _sample(parsed, turn).strip()
        if text not in seen:
            seen.add(text)
            yield text


def _sample(parts: Any, turn: int) -> str:
    made = ""
    for name, value in parts:
        kind = str(name)
        if kind == "LITERAL":
            made += chr(value)
        elif kind == "BRANCH":
            made += _sample(value[1][turn % len(value[1])], turn)
        elif kind == "SUBPATTERN":
            made += _sample(value[-1], turn)
        elif kind.endswith("REPEAT"):
            least = value[0] if turn % 2 == 0 or value[1] > 1 else value[1]
            made += _sample(value[2], turn) * least
            if kind == "MAX_REPEAT" and str(value[2][0][0]) == "ANY":
                made += " "
        elif kind == "IN":
            made += _of_class(value, turn)
        elif kind == "ANY":
            made += " "
    return made


def _of_class(choices: Any, turn: int) -> str:
    name, value = choices[turn % len(choices)]
    if str(name) == "LITERAL":
        return chr(value)
    return {"CATEGORY_SPACE": " ", "CATEGORY_WORD": "s", "CATEGORY_DIGIT": "3"}.get(str(value), "s")


def _told(code: str, section: str, key: str, row: str) -> Meaning | None:
    """The first line that is read as it should be with a row, and not without it."""
    language = None if code == "und" else code
    able: list[Meaning] = []
    for line, found in candidates(code, section, key, row):
        if all(READERS[reader](line, language) == told for reader, told in found.items()):
            able.append(Meaning(code, section, key, row, line, found))
    if not able:
        return None
    with without(section, key, row):
        return next((one for one in able if not one.holds), None)


def write(code: str, *, again: bool) -> list[str]:
    """Write the lines of a language, and return the rows that have none."""
    kept = {} if again or code not in CODES else {(m.section, m.key, m.row): m for m in meanings(code)}
    found: dict[str, list[Meaning]] = {}
    left: list[str] = []
    for section, key, row in rows_of(code):
        told = kept.get((section, key, row)) or _told(code, section, key, row)
        if told is None:
            left.append(f"{code} {section}.{key} {row}")
        else:
            found.setdefault(f"{section}.{key}", []).append(told)
    text = "\n".join(f"[{name}]\n{''.join(map(_printed, rows))}" for name, rows in found.items())
    (FOLDER / f"{code}.toml").write_text(text, encoding="utf-8")
    return left


def _printed(told: Meaning) -> str:
    found = ", ".join(f"{reader} = {_quoted(value)}" for reader, value in told.found.items())
    return f"{_quoted(told.row)} = {{ line = {_quoted(told.line)}, {found} }}\n"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def main() -> int:
    """Write the lines of the languages that are named, or of all, and print the rows that have none."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("code", nargs="*")
    parser.add_argument("--again", action="store_true", help="write all lines anew")
    options = parser.parse_args()
    for code in options.code or (*languages(), "und"):
        sys.stdout.writelines(f"{row}\n" for row in write(code, again=options.again))
    return 0


if __name__ == "__main__":
    sys.exit(main())
