"""Headlines, captions and one-liners, each read alone: where the letters do not suffice, the words do."""

from __future__ import annotations

import pytest

from ingest.language import detect_paragraphs, profiles, words

LINES = {
    "sv": [
        "Polisen varnar för hala vägar",
        "Regeringen vill höja skatten",
        "Två skadade i brand",
        "Läs mer",
        "Så blir vädret i helgen",
        "Håller helt med!",
        "Tack för tipset",
        "Någon som vet mer?",
        "Publicerad i dag",
        "Hammarby tog tredje raka segern",
        "Ny bro invigdes i Umeå",
        "Det där stämmer inte alls",
        "Kommunen säljer gamla simhallen",
        "Dela artikeln",
        "Text: Karin Nyberg",
        "Börsen föll kraftigt",
        "Varför skriver ingen om det här?",
        "Hon vann guld",
        "LARM OM ÖVERSVÄMNING I VÄRMLAND",
    ],
    "en": [
        "Police warn of icy roads",
        "Government to raise taxes",
        "Two injured in fire",
        "Read more",
        "Weekend weather forecast",
        "Totally agree!",
        "Thanks for the link",
        "Does anyone know more?",
        "Published today",
        "Arsenal win third straight game",
        "New bridge opens in Leeds",
        "That is not true at all",
        "Council sells old swimming pool",
        "Share this article",
        "Words: Karen Newton",
        "Stocks fall sharply",
        "Why is nobody writing about this?",
        "She won gold",
        "FLOOD ALERT ISSUED FOR NORTHERN COUNTIES",
    ],
    "de": [
        "Polizei warnt vor glatten Straßen",
        "Regierung will Steuern erhöhen",
        "Zwei Verletzte bei Brand",
        "Mehr lesen",
        "So wird das Wetter am Wochenende",
        "Stimme völlig zu!",
        "Danke für den Hinweis",
        "Weiß jemand mehr?",
        "Heute veröffentlicht",
        "Bayern feiert dritten Sieg in Folge",
        "Neue Brücke in Köln eröffnet",
        "Das stimmt doch gar nicht",
        "Gemeinde verkauft altes Hallenbad",
        "Anzeige",
        "Artikel teilen",
        "Börse gibt kräftig nach",
        "Warum schreibt niemand darüber?",
        "Sie gewann Gold",
        "HOCHWASSERALARM IM NORDEN BAYERNS",
    ],
    "ru": [
        "Полиция предупреждает о гололёде",
        "Правительство повысит налоги",
        "Двое пострадали при пожаре",
        "Читать далее",
        "Погода на выходные",
        "Полностью согласен!",
        "Спасибо за ссылку",
        "Кто-нибудь знает больше?",
        "Опубликовано сегодня",
        "Зенит одержал третью победу подряд",
        "В Казани открыли новый мост",
        "Это совсем не так",
        "Власти продают старый бассейн",
        "Биржа резко упала",
        "Почему об этом никто не пишет?",
        "Она выиграла золото",
    ],
    "da": [
        "Politiet advarer mod glatte veje",
        "Regeringen vil hæve skatten",
        "To såret i brand",
        "Læs mere",
        "Sådan bliver vejret i weekenden",
        "Tak for tippet",
        "Er der nogen, der ved mere?",
        "Ny bro åbnet i Aarhus",
        "Det passer slet ikke",
        "Kommunen sælger den gamle svømmehal",
        "Hvorfor skriver ingen om det her?",
        "Hun vandt guld",
        "Aktierne faldt kraftigt",
    ],
    "no": [
        "Politiet advarer mot glatte veier",
        "Regjeringen vil øke skatten",
        "To skadet i brann",
        "Slik blir været i helgen",
        "Helt enig!",
        "Takk for tipset",
        "Er det noen som vet mer?",
        "Ny bru åpnet i Tromsø",
        "Det stemmer ikke i det hele tatt",
        "Kommunen selger den gamle svømmehallen",
        "Hvorfor skriver ingen om dette?",
        "Hun vant gull",
        "Aksjene falt kraftig",
        "Eg veit ikkje kva dei meiner",
        "Ho sa at dei ikkje kjem heim no",
    ],
    "nl": [
        "Politie waarschuwt voor gladde wegen",
        "Regering wil belastingen verhogen",
        "Twee gewonden bij brand",
        "Lees meer",
        "Zo wordt het weer dit weekend",
        "Helemaal mee eens!",
        "Bedankt voor de tip",
        "Weet iemand meer?",
        "Nieuwe brug geopend in Utrecht",
        "Dat klopt helemaal niet",
        "Gemeente verkoopt oude zwembad",
        "Waarom schrijft niemand hierover?",
        "Ze won goud",
        "Beurs daalt fors",
    ],
    "uk": [
        "Поліція попереджає про ожеледицю",
        "Уряд підвищить податки",
        "Двоє постраждали під час пожежі",
        "Читати далі",
        "Погода на вихідні",
        "Повністю згоден!",
        "Дякую за посилання",
        "Хтось знає більше?",
        "У Львові відкрили новий міст",
        "Це зовсім не так",
        "Влада продає старий басейн",
        "Чому про це ніхто не пише?",
        "Вона виграла золото",
        "Біржа різко впала",
    ],
    "bg": [
        "Полицията предупреждава за заледени пътища",
        "Правителството ще вдигне данъците",
        "Двама пострадали при пожар",
        "Прочетете още",
        "Времето през уикенда",
        "Напълно съм съгласен!",
        "Благодаря за линка",
        "Някой знае ли повече?",
        "Откриха нов мост в Русе",
        "Това изобщо не е вярно",
        "Общината продава стария басейн",
        "Защо никой не пише за това?",
        "Тя спечели злато",
        "Борсата падна рязко",
    ],
    "be": [
        "Паліцыя папярэджвае пра галалёд",
        "Урад павысіць падаткі",
        "Двое пацярпелі ў пажары",
        "Чытаць далей",
        "Надвор'е на выходныя",
        "Цалкам згодны!",
        "Дзякуй за спасылку",
        "Хто-небудзь ведае больш?",
        "У Гродне адкрылі новы мост",
        "Гэта зусім не так",
        "Чаму пра гэта ніхто не піша?",
    ],
    "sr": [
        "Полиција упозорава на клизаве путеве",
        "Влада ће повећати порез",
        "Двоје повређених у пожару",
        "Прочитајте више",
        "Потпуно се слажем!",
        "Хвала на линку",
        "Нови мост отворен у Нишу",
        "То уопште није тачно",
    ],
    "mk": [
        "Полицијата предупредува на лизгави патишта",
        "Владата ќе ги зголеми даноците",
        "Двајца повредени во пожар",
        "Прочитајте повеќе",
        "Целосно се согласувам!",
        "Тоа воопшто не е точно",
        "Новиот мост е отворен во Битола",
    ],
    "af": [
        "Die polisie waarsku teen gladde paaie",
        "Die regering wil belasting verhoog",
        "Dit is glad nie waar nie",
        "Baie dankie vir die skakel",
    ],
    "fr": [
        "La police met en garde contre le verglas",
        "Deux blessés dans un incendie",
        "Lire la suite",
        "Merci pour le lien",
        "Ce n'est pas vrai du tout",
    ],
    "es": [
        "La policía advierte del hielo",
        "Dos heridos en un incendio",
        "Leer más",
        "Gracias por el enlace",
    ],
    "pl": [
        "Policja ostrzega przed gołoledzią",
        "Dwie osoby ranne w pożarze",
        "Czytaj więcej",
        "Dzięki za link",
    ],
    "fi": [
        "Poliisi varoittaa liukkaista teistä",
        "Kaksi loukkaantui palossa",
        "Lue lisää",
        "Kiitos vinkistä",
    ],
    "et": [
        "Politsei hoiatab libedate teede eest",
        "Kaks inimest sai tulekahjus vigastada",
        "See ei ole üldse tõsi",
    ],
    "sq": [
        "Policia paralajmëron për rrugë të rrëshqitshme",
        "Dy të plagosur në zjarr",
        "Lexo më shumë",
        "Kjo nuk është aspak e vërtetë",
    ],
    "hr": [
        "Dvoje ozlijeđenih u požaru",
        "Pročitajte više",
        "To uopće nije točno",
    ],
    "it": [
        "La polizia avverte: strade ghiacciate",
        "Due feriti in un incendio",
        "Leggi di più",
        "Grazie per il link",
    ],
    "tr": [
        "Polis buzlu yollara karşı uyardı",
        "Yangında iki kişi yaralandı",
        "Devamını oku",
        "Bu kesinlikle doğru değil",
    ],
}


@pytest.mark.parametrize("language", LINES)
def test_a_short_line_is_told(language: str) -> None:
    """A line of a few common words is told from its sister languages."""
    assert dict.fromkeys(LINES[language], language) == {
        line: detect_paragraphs([line])[0].language for line in LINES[language]
    }


@pytest.mark.parametrize("line", ["Anders Lindqvist", "Annette Müller", "Гаррі Поттер", "Süddeutsche Zeitung"])
def test_a_name_alone_is_no_sure_thing(line: str) -> None:
    """A name could stand in a text of any language: whatever is said of it, it is not said with confidence."""
    assert detect_paragraphs([line])[0].confidence < 0.8


def test_nynorsk_is_norwegian() -> None:
    """Both written forms of Norwegian are "no"."""
    (found,) = detect_paragraphs(["Eg veit ikkje kvifor dei ikkje kjem heim no."])

    assert found.language == "no"


@pytest.mark.parametrize("text", ["Ljubavne nježne džungle", "Ljubavi i njive, džep pun šljiva"])
def test_serbian_is_croatian_in_other_letters(text: str) -> None:
    """The three digraphs become one letter each; nothing Latin is left."""
    written = profiles.to_serbian(text)

    assert not any("a" <= character.lower() <= "z" for character in written)
    assert len(written) == len(text) - sum(text.lower().count(pair) for pair in ("lj", "nj", "dž"))


def test_words_that_nobody_knows_say_nothing() -> None:
    """No evidence is something else than equal evidence."""
    assert words.evidence(["xqzzt", "brlfk"]) is None


def test_apostrophes() -> None:
    """A contraction is one word or two, with a straight or a curly apostrophe."""
    for straight, curly in (("don't", "don’t"), ("l'exemple", "l’exemple")):
        first, second = (words.evidence(words.split(f"so {word}")) for word in (straight, curly))
        assert first is not None
        assert second is not None
        assert first.tolist() == second.tolist()


def test_a_capitalised_word_inside_a_line_counts_less() -> None:
    """It may be a name: "Will" says less for English than "will"."""
    english = profiles.LANGUAGES.index("en")
    swedish = profiles.LANGUAGES.index("sv")
    plain, capital = (words.evidence(["so", word]) for word in ("would", "Would"))

    assert plain is not None
    assert capital is not None
    assert plain[english] - plain[swedish] > capital[english] - capital[swedish]


@pytest.mark.parametrize(("text", "code"), [("Съжалявам.", "bg"), ("Изчезвай!", "bg"), ("Питайте Том.", "bg")])
def test_the_first_word_of_a_sentence_is_a_word(text: str, code: str) -> None:
    """Its capital makes no name of it, where a stop at the end says that the line is a sentence."""
    assert detect_paragraphs([text])[0].language == code


def test_a_sentence_of_names_is_in_a_language_of_ours() -> None:
    """Names of people, days and months are in no word table; the small words between them say enough."""
    line = "Ann Barrow was declared missing at 4:10 PM on Monday, March 3, 2014."
    assert detect_paragraphs([line])[0].language == "en"
