"""One reader of by-lines: people, roles, photographers, organisations and places kept apart, in many languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.lang.bylines import are_people, credited, label_of, read_byline
from ingest.lang.labels import names_others
from ingest.lang.lexicon import extended
from ingest.lang.names import Kind, kind_of
from ingest.lang.notes import Trailer, read_trailer
from ingest.model import Byline


@pytest.mark.parametrize(
    ("line", "people"),
    [
        # titles, particles, initials, suffixes and degrees
        ("By Dr. Anne-Marie O'Hara Jr.", ["Dr. Anne-Marie O'Hara Jr."]),
        ("By J. K. Marsh III", ["J. K. Marsh III"]),
        ("Prof. Dr. Ute von der Heide", ["Prof. Dr. Ute von der Heide"]),
        ("By Priya Nair, MD, RD", ["Priya Nair"]),
        ("Rowan Hext, PhD and Ada Lund, Ph.D.", ["Rowan Hext", "Ada Lund"]),
        ("Door Piet van der Berg", ["Piet van der Berg"]),
        ("Por María José de la Cruz", ["María José de la Cruz"]),
        ("Av Lars af Ekenstam och Mona bin Said", ["Lars af Ekenstam", "Mona bin Said"]),
        ("Marsh, Tom J.", ["Tom J. Marsh"]),
        ("Di Wu", ["Di Wu"]),
        ("Di Maria Rossi", ["Maria Rossi"]),
        ("André Oliver KLEIN", ["André Oliver KLEIN"]),
        # capitals
        ("BY TOM MARSH AND MIRA LUND | STAFF WRITERS", ["Tom Marsh", "Mira Lund"]),
        ("VON HANNA VAN DER BERG, BERLIN", ["Hanna van der Berg"]),
        ("ОЛЕГ ПЕТРЕНКО, СПЕЦКОР", ["Олег Петренко"]),
        ("BY SHAUN MCDERMOTT-O'NEAL", ["Shaun McDermott-O'Neal"]),
        # roles
        ("By Tom Marsh, Chief Correspondent", ["Tom Marsh"]),
        ("Chief Correspondent Tom Marsh", ["Tom Marsh"]),
        ("Tom Marsh Staff Writer", ["Tom Marsh"]),
        ("By Tom Marsh, Courier Staff Writer", ["Tom Marsh"]),
        ("By Tom Marsh | Economics editor", ["Tom Marsh"]),
        ("Von Jonas Hafner, Redakteur für Wirtschaft", ["Jonas Hafner"]),
        ("Par Inès Thorel, envoyée spéciale à Lyon", ["Inès Thorel"]),
        ("De notre correspondante à Rome, Inès Thorel", ["Inès Thorel"]),
        ("Av Karin Ek, utrikeskorrespondent", ["Karin Ek"]),
        ("Di Carla Neri, inviata", ["Carla Neri"]),
        ("Por Lucía Prado, corresponsal en Londres", ["Lucía Prado"]),
        ("Por João Braga, enviado especial a Lisboa", ["João Braga"]),
        ("Door Els Smit, redacteur economie", ["Els Smit"]),
        ("Autor: Ewa Lis, korespondentka", ["Ewa Lis"]),
        ("Автор: Анна Лес, специальный корреспондент", ["Анна Лес"]),
        ("Авторка: Оксана Гай, кореспондентка", ["Оксана Гай"]),
        ("Af Mette Holm, korrespondent", ["Mette Holm"]),
        ("Av Kari Vik, kommentator", ["Kari Vik"]),
        ("Teksti: Aino Laine, toimittaja", ["Aino Laine"]),
        ("Napsal Jan Dub, zpravodaj", ["Jan Dub"]),
        ("Yazan: Ayşe Kaya, muhabir", ["Ayşe Kaya"]),
        # places and days
        ("Von Tom Marsh, Grauholm", ["Tom Marsh"]),
        ("Tom Marsh in Paris and Ann Lee in Rome", ["Tom Marsh", "Ann Lee"]),
        ("Tom Marsh February 8", ["Tom Marsh"]),
        ("Tom Marsh • March 3, 2024", ["Tom Marsh"]),
        ("Tom Marsh Last updated Dec 12, 2024", ["Tom Marsh"]),
        ("3 May 2024 | Tom Marsh", ["Tom Marsh"]),
        ("Jane August", ["Jane August"]),
        # photographers and others
        ("Text: Karin Ek, Foto: Åsa Lind", ["Karin Ek"]),
        ("Words by Tom Marsh Photos by Ann Lee", ["Tom Marsh"]),
        ("Tekst: Ola Vik Foto: Kari Vik", ["Ola Vik"]),
        ("Text och foto: Karin Ek", ["Karin Ek"]),
        ("Foto: Åsa Lind", []),
        ("Reporting by Tom Marsh in London; Editing by Ann Lee", ["Tom Marsh"]),
        ("Tom Marsh, translated by Ann Lee", ["Tom Marsh"]),
        # organisations
        ("By Tom Marsh, Associated Press", ["Tom Marsh"]),
        ("By Tom Marsh BBC News", ["Tom Marsh"]),
        ("Tom Marsh for The Courier", ["Tom Marsh"]),
        ("Center for Drug Evaluation and Research", []),
        ("The Harbour Team", []),
        ("Courier Staff", []),
        ("Redaktionen", []),
        ("Von der Redaktion", []),
        ("Watermark feed", []),
        ("AFP", []),
        # nobody
        ("The Author", []),
        ("Written By", []),
        ("August", []),
        ("23 April 2024", []),
        ("By the sea it is cold", []),
        # other scripts
        ("Автор: Семён Дубов. Фото: Анна Белова", ["Семён Дубов"]),
        ("Του Νίκου Παπά", ["Νίκου Παπά"]),
        ("بقلم: سامي نور، تصوير: ليلى حداد", ["سامي نور"]),
        ("نویسنده: سارا کریمی", ["سارا کریمی"]),
        ("记者：王晓明 李文华", ["王晓明", "李文华"]),
        ("新华社记者 王晓明", ["王晓明"]),
        ("山田太郎、佐藤花子", ["山田太郎", "佐藤花子"]),
        ("山田太郎記者", ["山田太郎"]),
        ("홍길동 기자", ["홍길동"]),
        ("김철수·이영희 기자", ["김철수", "이영희"]),
        ("โดย สมชาย ใจดี", ["สมชาย ใจดี"]),
        # several people, as languages join them
        ("Ana Ruiz y Luis Gil", ["Ana Ruiz", "Luis Gil"]),
        ("Анна Лес, Пётр Гай і Олег Кот", ["Анна Лес", "Пётр Гай", "Олег Кот"]),
        ("سامي نور وليلى حداد", ["سامي نور", "ليلى حداد"]),
        ("محمد وليد حسن", ["محمد وليد حسن"]),
        ("سارا کریمی و علی رضایی", ["سارا کریمی", "علی رضایی"]),
        ("Ayşe Kaya ve Mehmet Öz", ["Ayşe Kaya", "Mehmet Öz"]),
        ("Írta: Kovács Péter és Nagy Anna", ["Kovács Péter", "Nagy Anna"]),
        ("Ewa Lis, Jan Kos", ["Ewa Lis", "Jan Kos"]),
        ("Tom Marsh; Ann Lee; Bo Ek", ["Tom Marsh", "Ann Lee", "Bo Ek"]),
        # what stands around them
        ("Von unserem Korrespondenten Jonas Hafner", ["Jonas Hafner"]),
        ("Dal nostro inviato Carlo Neri", ["Carlo Neri"]),
        ("De nuestro corresponsal Luis Gil", ["Luis Gil"]),
        ("By Tom Marsh tmarsh@courier.example @tmarsh", ["Tom Marsh"]),
        ("View all posts by Tom Marsh", ["Tom Marsh"]),
        ("Posted on March 3, 2024 by Tom Marsh", ["Tom Marsh"]),
        ("Ян ван Дейк", ["Ян ван Дейк"]),
        ("Par Luc Petit (texte) et Anne Morel (photos)", ["Luc Petit"]),
        ("By Tom Marsh | Content Marketing Coordinator", ["Tom Marsh"]),
        ("Tom Marsh | RN, BSN", ["Tom Marsh"]),
        ("Tom Marsh, Home and Digital Security Expert", ["Tom Marsh"]),
        ("Tom Marsh, Kassel, Germany", ["Tom Marsh"]),
        ("Bay Courier, Kassel, Germany", []),
        ("Full Bio", []),
        ("Staff writer", []),
        # East Asia
        ("（记者王晓明、李文华）", ["王晓明", "李文华"]),
        ("〔記者王曉明／台北報導〕", ["王曉明"]),
        ("文｜王晓明", ["王晓明"]),
        ("取材・文／山田太郎", ["山田太郎"]),
        ("文・山田太郎　写真・佐藤花子", ["山田太郎"]),
        ("서울=홍길동 기자", ["홍길동"]),
    ],
)  # fmt: skip
def test_people(line: str, people: list[str]) -> None:
    """The people who wrote an article, without role, place, day and picture, and nobody else."""
    assert people == list(read_byline(line).people)


@pytest.mark.parametrize(
    ("line", "organisations"),
    [
        ("Tom Marsh, dpa", ["dpa"]),
        ("Karin Wallin/TT", ["TT"]),
        ("Le Figaro et AFP", ["Le Figaro", "AFP"]),
        ("Center for Drug Evaluation and Research", ["Center for Drug Evaluation and Research"]),
        ("The Harbour Team", ["The Harbour Team"]),
        ("Guardian staff reporter", ["Guardian staff reporter"]),
        ("Online-Redaktion", ["Online-Redaktion"]),
        ("Редакция", ["Редакция"]),
        ("新华社记者 王晓明", ["新华社"]),
        ("Kestrel Bay", ["Kestrel Bay"]),
        ("Deutsche Welle (www.dw.com)", ["Deutsche Welle"]),
        ("By Tom Marsh for the Bay Courier", ["Bay Courier"]),
        ("dpa/Jonas Hafner", ["dpa"]),
        ("Tom Marsh, Head of Marketing", []),
        ("Tom Marsh", []),
    ],
)
def test_organisations(line: str, organisations: list[str]) -> None:
    """Agencies, newsrooms, offices, teams and the site itself are organisations."""
    assert organisations == list(read_byline(line, own=["Kestrel Bay"]).organisations)


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Kerrigan, Maud", ["Maud Kerrigan"]),
        ("Kerrigan, Maud E.", ["Maud E. Kerrigan"]),
        ("Politics, Opinion", []),
        ("Maud Kerrigan, Odile Perrault", ["Maud Kerrigan", "Odile Perrault"]),
        ("Hassan al-Tamimi and Odile d'Arcy", ["Hassan al-Tamimi", "Odile d'Arcy"]),
    ],
)
def test_names_as_catalogues_and_particles_have_them(line: str, people: list[str]) -> None:
    """Two single words with a comma between are one name turned round; "al-Tamimi" is a whole part of a name."""
    assert [name for name in read_byline(line).people if " " in name] == people


def test_everything_in_its_place() -> None:
    """One by-line keeps authors, photographers, others, agency and initials apart, and how it is printed."""
    line = "Text: Karin Ek, Oslo | Foto: Åsa Lind | Översättning: Bo Alm | TT (ke/TT)"
    read = read_byline(line)
    assert (read.people, read.photographers, read.others) == (("Karin Ek",), ("Åsa Lind",), ("Bo Alm",))
    assert (read.places, read.agency, read.initials, read.printed) == (("Oslo",), "TT", "ke/TT", line)


def test_a_name_is_of_one_kind() -> None:
    """What is a person's name to one by-line and an organisation's to another is told by its words."""
    read = Byline.joined([Byline(people=("Randy Marsh", "Kiln")), Byline(organisations=("Randy Marsh", "Kiln"))])
    assert (read.people, read.organisations) == (("Randy Marsh",), ("Kiln",))


def test_a_name_may_be_two_in_chinese_and_one_in_japanese() -> None:
    """The language of the page decides what a space between two names of East Asia is."""
    assert read_byline("文：山田 太郎", language="ja").people == ("山田 太郎",)
    assert read_byline("记者 王明 李华", language="zh").people == ("王明", "李华")


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Tom Marsh", True), ("Tom Marsh and Ann Lee", True), ("Анна Лес", True),
        ("New York", False), ("World News", False), ("Marsh", False), ("Climate talks begin in Bonn", False),
        ("All Insights", False), ("金融機関", False), ("DOC. NO: WCA-2025", False),
    ],
)  # fmt: skip
def test_a_line_of_people_alone(line: str, people: bool) -> None:
    """A line without a word for "by" is names only if nothing else can be in it: a section and a place are none."""
    assert are_people(line) is people


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By our Harbour Correspondent Maud Kerrigan", ["Maud Kerrigan"]),
        ("Von unserem Korrespondenten Jost Hedel, Wien", ["Jost Hedel"]),
        ("Ida Brügge, Redakteurin Wirtschaft", ["Ida Brügge"]),
        ("Van onze verslaggeefster Anke van der Wal", ["Anke van der Wal"]),
        ("De notre envoyée spéciale à Vienne, Odile Perrault", ["Odile Perrault"]),
        ("Enviado especial Nuño Ibarra", ["Nuño Ibarra"]),
        ("Nuño Ibarra / Lisboa", ["Nuño Ibarra"]),
        ("Redacción / EFE", ["Redacción", "EFE"]),
        ("Toini Laakso, STT", ["Toini Laakso"]),
        ("Signe Ekman signe.ekman@bladet.example", ["Signe Ekman"]),
        ("Intervju: Signe Ekman", ["Signe Ekman"]),
        ("本报记者 周文涛", ["周文涛"]),
        ("記者 大野健", ["大野健"]),
        ("【大野健】", ["大野健"]),
        ("윤서연 기자", ["윤서연"]),
        ("Clive Hanlon reports from Whitby", ["Clive Hanlon"]),
        ("Aus Triest berichtet Henrike Vogt", ["Henrike Vogt"]),
        ("Fra vår utsendte medarbeider Torbjørn Lie", ["Torbjørn Lie"]),
        ("Signe Ekman, kulturskribent", ["Signe Ekman"]),
        ("Signe Ekman (text) och Nils Rydell (foto)", ["Signe Ekman"]),
        ("Signe Ekman/TT", ["Signe Ekman"]),
        ("Piše: Dragana Petrov", ["Dragana Petrov"]),
        ("Tác giả: Phạm Thu Hà", ["Phạm Thu Hà"]),
        ("מאת יעל גולן", ["יעל גולן"]),
        ("文＝佐々木恵、写真＝井上翔", ["佐々木恵"]),
        ("[바다신문 윤서연 기자]", ["윤서연"]),
        ("파리=윤서연 특파원", ["윤서연"]),
        ("本报驻巴黎记者 周文涛", ["周文涛"]),
        ("STT–Toini Laakso", ["Toini Laakso"]),
        ("Con información de EFE", ["EFE"]),
        ("TT-Reuters", ["TT", "Reuters"]),
        ("/ritzau/", ["ritzau"]),
        ("Von dpa", ["dpa"]),
        # Nothing says that they write, or a word is left over, or it is a picture's.
        ("Maud Kerrigan", []),
        ("Real Madrid, Lisboa", []),
        ("Harbour master Maud Kerrigan waits", []),
        ("Our reporter Maud Kerrigan was there when it sank", []),
        ("The yard in spring. Photo: Maud Kerrigan/TT", []),
    ],
)
def test_a_line_that_says_who_wrote(line: str, names: list[str]) -> None:
    """Every word is explained, and one of them tells that these people write."""
    assert list(credited(line).people or credited(line).organisations) == names


@pytest.mark.parametrize(
    ("line", "language", "names"),
    [
        ("Clive Hanlon", "en", ["Clive Hanlon"]),
        ("— Clive Hanlon", "en", ["Clive Hanlon"]),
        ("Jana Nová", "cs", ["Jana Nová"]),
        ("Agnieszka Mróz, Zbigniew Sowa", "pl", ["Agnieszka Mróz", "Zbigniew Sowa"]),
        ("Z Krakowa Agnieszka Mróz", "pl", ["Agnieszka Mróz"]),
        ("Глеб Осокин, Архангельск", "ru", ["Глеб Осокин"]),
        ("Somogyi Ilona", "hu", ["Somogyi Ilona"]),
        ("بيروت – هالة الصايغ", "ar", ["هالة الصايغ"]),
        ("文・写真 中村翔太", "ja", ["中村翔太"]),
        ("글·사진 한지민", "ko", ["한지민"]),
        # No given name stands first, or it is a word; what is somebody's office; more than names.
        ("Somogyi Ilona", "en", []),
        ("Grace Period", "en", []),
        ("Santa Maria Novella", "it", []),
        ("Rose Garden Theatre", "en", []),
        ("Mayor Clive Hanlon", "en", []),
        ("Royal Clive Dock", "en", []),
        ("Clive Hanlon 2024", "en", []),
        ("Guest: Clive Hanlon", "en", []),
        ("CLIVE HANLON DOCK", "en", []),
        ("Clive Hanlon Reuters", "en", ["Clive Hanlon"]),
    ],
)
def test_a_name_alone_where_names_of_authors_stand(line: str, language: str, names: list[str]) -> None:
    """Beside the text a name needs nothing that says that it is the author's, if it begins with a given name."""
    assert list(credited(line, language, alone=True).people) == names


@pytest.mark.parametrize(
    ("line", "people", "others"),
    [
        ("Von Clive Hanlon. Aus dem Englischen von Henrike Vogt", ["Clive Hanlon"], ["Henrike Vogt"]),
        ("Por Clive Hanlon. Traducción de Nuño Ibarra", ["Clive Hanlon"], ["Nuño Ibarra"]),
        ("By Prof. Clive Hanlon", ["Prof. Clive Hanlon"], []),
    ],
)
def test_sentences_of_a_byline(line: str, people: list[str], others: list[str]) -> None:
    """Each sentence of a by-line names somebody else; a title with a full stop ends none."""
    read = read_byline(line)
    assert (list(read.people), list(read.others)) == (people, others)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Editor TLN", "TLN"),
        ("Redaktion", ""),
        ("Harbour staff", "Harbour"),
        ("Tom Marsh", None),
        ("Editor Tom Marsh", None),
    ],
)
def test_labels_of_sites(text: str, label: str | None) -> None:
    """The name beside "Editor" or before "staff" is a site's; a person with a role is a person."""
    assert label_of(text) == label


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Tom Marsh", Kind.PERSON),
        ("Reuters", Kind.AGENCY),
        ("Harbour Institute", Kind.ORGANISATION),
        ("Harbour Tide Ltd", Kind.ORGANISATION),
        ("harbour.example.org", Kind.ORGANISATION),
        ("MDR THÜRINGEN", Kind.ORGANISATION),
        ("Staff Writer", Kind.ROLE),
        ("Oslo", Kind.PLACE),
        ("admin1", Kind.NOBODY),
        ("12", Kind.NOBODY),
    ],
)
def test_kinds_of_names(name: str, kind: Kind) -> None:
    """A name is a person's, an organisation's, an agency's, a place's, a role or nobody's."""
    assert kind_of(name) is kind


_GIVEN = st.sampled_from(["Tom", "Ann", "Karin", "José", "Жанна", "Ольга", "Νίκος", "Zoë"])
_FAMILY = st.sampled_from(["Marsh", "Lund", "Prado", "Öberg", "Дубов", "Кравец", "Παππάς", "Weiß"])
_NAMES = st.lists(st.builds("{} {}".format, _GIVEN, _FAMILY), min_size=1, max_size=4, unique=True)


@given(_NAMES, st.sampled_from(["{}", "By {}", "Von {}", "Av {}", "Par {}", "Автор: {}", "Tekst: {}"]),
       st.sampled_from([", ", " and ", " und ", " och ", " & ", " | ", "; ", " • "]))  # fmt: skip
def test_names_come_out_as_they_went_in(names: list[str], dress: str, between: str) -> None:
    """However names are joined and introduced, the same people are read."""
    assert read_byline(dress.format(between.join(names))).people == tuple(names)


@given(st.text(max_size=200))
def test_any_text_is_read(text: str) -> None:
    """No text breaks the reader, and whom it names is printed there in some case."""
    read = read_byline(text)
    for name in read.people:
        assert all(part.strip(".").casefold() in (read.printed or "").casefold() for part in name.split())


def test_a_language_more_is_a_file_more(tmp_path: Path) -> None:
    """By-lines and trailers of a made-up language are read from its lexicon file alone."""
    line, trailer = "Skribbed fram Tom Marsh, murkelrapsker", "Skriblet Kranen kwam eerstlik op Havenblat"
    assert "Tom Marsh" not in read_byline(line).people
    assert read_trailer(trailer) is None
    (tmp_path / "qaa.toml").write_text(
        "trailers = ['skriblet{title} kwam eerstlik op {site}']\n"
        '[names]\nby = ["skribbed fram"]\nroles = ["murkelrapsker"]\n',
        encoding="utf-8",
    )
    with extended(tmp_path):
        read = read_byline(line)
        assert (read.people, read.roles) == (("Tom Marsh",), ("murkelrapsker",))
        assert read_trailer(trailer) == Trailer("Kranen", "Havenblat")
    assert read_trailer(trailer) is None


@pytest.mark.parametrize(
    ("line", "credit"),
    [
        ("责任编辑：王小明", True),
        ("（責任編輯：陳大文）", True),
        ("翻译：李华 校对：王明", True),
        ("责任编辑：王小明 HN001", True),
        ("責任編集：山田太郎", True),
        ("Redigering: Bo van der Ek", True),
        ("Перевод: Анна Берг", True),
        ("视频：北部大桥重新开放了", False),
        ("Video: How the bridge fell", False),
        ("Text: Ann Lee, Redigering: Bo Ek", False),
        ("编辑们在会上说，大桥已经重新开放。", False),
    ],
)
def test_a_line_of_those_who_did_not_write(line: str, *, credit: bool) -> None:
    """Editors and translators under a text are no author and no sentence of it; a title behind a label is none."""
    assert names_others(line) is credit


@pytest.mark.parametrize(
    ("line", "people", "photographers", "places"),
    [
        ("Foto av Stina Hall", [], ["Stina Hall"], []),
        ("Foto af Lone Vest", [], ["Lone Vest"], []),
        ("Φωτογραφίες: Γιώργος Λάμπας", [], ["Γιώργος Λάμπας"], []),
        ("Foto: Lone Vest/Harbour Bild", [], ["Lone Vest"], []),
        ("Foto: Lone Vest/Anna Ek", [], ["Lone Vest", "Anna Ek"], []),
        ("Por Ana Reis, em Faro", ["Ana Reis"], [], ["Faro"]),
        ("Ann Lee in Grauholm, Jan Berg in Tarn", ["Ann Lee", "Jan Berg"], [], ["Grauholm", "Tarn"]),
        ("3 May 2024 by Ann Lee", ["Ann Lee"], [], []),
        ("Publicerad 4 mars 2024 kl 05.30 av Mats Berg", ["Mats Berg"], [], []),
        ("dpa/lno", [], [], []),
        ("گزارش: مریم کاظمی، عکس: رضا مرادی", ["مریم کاظمی"], ["رضا مرادی"], []),
        ("Reportáž: Tomáš Malý", ["Tomáš Malý"], [], []),
    ],
)
def test_who_wrote_who_took_the_pictures_and_where(
    line: str, people: list[str], photographers: list[str], places: list[str]
) -> None:
    """A word for "by" makes no author of a photographer, a day before it hides nobody, "in" leads to a place."""
    read = read_byline(line)
    assert ([*read.people], [*read.photographers], [*read.places]) == (people, photographers, places)
