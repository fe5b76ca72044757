"""What is none of the languages with a profile, and scripts that rule languages out."""

from __future__ import annotations

import pytest

from ingest.language import LANGUAGES, detect_paragraphs

OTHERS = {
    "ga": "Tá an chomhairle ag iarraidh droichead nua a thógáil trasna na habhann an earrach seo chugainn.",
    "cy": "Mae'r cyngor eisiau adeiladu pont newydd dros yr afon y gwanwyn nesaf, meddai'r maer wrth y wasg.",
    "is": "Bærinn vill reisa nýja brú yfir ána næsta vor þótt margir íbúar hefðu heldur viljað fé til skólanna.",
    "fo": "Kommunan ætlar at byggja nýggja brúgv um ánna komandi vár, hóast nógv fólk heldur vildu havt ein skúla.",
    "az": "Bələdiyyə gələn yaz çayın üzərində yeni körpü tikmək istəyir, lakin sakinlərin çoxu məktəb istəyirdi.",
    "gl": "O concello quere construír unha nova ponte sobre o río na primavera, aínda que moitos veciños prefiren unha"
    " escola.",
    "eu": "Udalak zubi berri bat eraiki nahi du ibaiaren gainean datorren urtean, baina auzotarrek eskola nahi dute.",
    "lb": "D'Gemeng wëllt nächst Fréijoer eng nei Bréck iwwer d'Uelzecht bauen, och wann vill Leit léiwer eng Schoul"
    " hätten.",
    "mt": "Il-kunsill irid jibni pont ġdid fuq ix-xmara fir-rebbiegħa li ġejja, għalkemm ħafna nies riedu skola ġdida.",
    "eo": "La urbo volas konstrui novan ponton trans la rivero venontan printempon, kvankam multaj loĝantoj preferus"
    " lernejon.",
    "sw": "Halmashauri inataka kujenga daraja jipya juu ya mto mwakani, ingawa wakazi wengi wangependelea shule mpya.",
    "hy": "Քաղաքը ցանկանում է հաջորդ գարնանը նոր կամուրջ կառուցել գետի վրա։",
    "ka": "ქალაქს სურს მომავალ გაზაფხულზე მდინარეზე ახალი ხიდის აშენება.",
    "am": "ከተማው በሚቀጥለው ዓመት በወንዙ ላይ አዲስ ድልድይ መሥራት ይፈልጋል።",
    "si": "නගරය ලබන වසන්තයේදී ගඟ හරහා නව පාලමක් ඉදි කිරීමට කැමතියි.",
    "mr": "नगरपालिकेला पुढच्या वर्षी नदीवर नवीन पूल बांधायचा आहे, पण अनेक रहिवाशांना शाळा हवी होती.",
    "ne": "नगरपालिकाले अर्को वर्ष नदीमा नयाँ पुल बनाउन चाहेको छ, तर धेरै बासिन्दाहरूले विद्यालय चाहेका थिए।",
    "ky": "Шаар кийинки жазда дарыянын үстүнө жаңы көпүрө курууну каалайт, бирок тургундардын көбү мектеп каалашкан.",
    "yue": "佢哋話聽年春天會起一條新橋,不過附近嘅居民想將啲錢用喺學校度。",
}
LINES = {
    "zh-Hant": ["臺北市政府宣布新橋明年通車", "總統府今日公布預算", "颱風逼近，學校停課一天"],
    "zh-Hans": ["北京市政府宣布新桥明年通车", "总理今日会见来访客人", "台风逼近，学校停课一天"],
    "ja": ["東京都知事選挙、投票率発表", "新型車両を来年導入へ", "市は新しい橋を来年開通させる"],
    "ko": ["시는 내년 봄에 새 다리를 연다", "대통령, 예산안 발표"],
}


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_without_profile_is_not_sold_as_one_with(code: str) -> None:
    """Its own code or "und", and surely so."""
    (found,) = detect_paragraphs([OTHERS[code]])

    assert found.language in (code, "und")
    assert found.confidence > 0.5


@pytest.mark.parametrize("code", OTHERS)
def test_a_document_in_such_a_language_keeps_to_it(code: str) -> None:
    """Its short lines follow its paragraphs, whatever they look like alone; a quotation does not."""
    english = "The town wants to build a new bridge across the river, although many would rather have had a school."
    found = [one.language for one in detect_paragraphs([OTHERS[code], "Reuters", OTHERS[code], english, OTHERS[code]])]

    assert found[3] == "en"
    assert {found[0], found[2], found[4]} <= {code, "und"}
    assert found[1] not in LANGUAGES or found[1] == "en"


@pytest.mark.parametrize(("code", "line"), [(code, line) for code, lines in LINES.items() for line in lines])
def test_characters_tell_the_languages_of_east_asia(code: str, line: str) -> None:
    """No Hangul, no Korean; without kana the characters decide."""
    assert detect_paragraphs([line])[0].language == code


def test_kanji_alone_follow_their_neighbours() -> None:
    """A headline without any kana is Japanese in a Japanese article, Chinese in a Chinese one."""
    japanese = "市は来年の春に川に新しい橋をかけるつもりだが、近くに住む人は学校を望んでいる。"
    chinese = "市政府打算明年春天在河上建一座新桥，虽然附近的许多居民更希望建学校。"

    assert detect_paragraphs(["大阪府警", japanese])[0].language == "ja"
    assert detect_paragraphs(["大阪府警", chinese])[0].language == "zh-Hans"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Apple представила iPhone 17 Pro Max и Apple Watch Ultra", "ru"),
        ("Google и Microsoft договорились о продаже YouTube", "ru"),
        ("OpenAI发布GPT Turbo，Google推出Gemini Ultra", "zh-Hans"),
        ("Гoрoд хoчет пoстрoить нoвый мoст чeрeз рeку", "ru"),
        ("Thе tоwn wаnts tо build а nеw bridgе асrоss thе rivеr", "en"),
        ("T h e  t o w n  w a n t s  t o  b u i l d  a  b r i d g e", "en"),
        ("Город хочет построить новый мост, пишет газета The New York Times", "ru"),
        ("The word мир means both peace and world, and that is what the paper was called", "en"),
        (
            "Vlada je u sredu usvojila predlog budžeta, a ministar je rekao da će novi most biti gotov sledeće godine",
            "sr",
        ),
        (
            "Vlada je u srijedu prihvatila prijedlog proračuna, a ministar kaže da će novi most biti gotov u siječnju",
            "hr",
        ),
    ],
)
def test_the_script_of_the_small_words_decides(text: str, code: str) -> None:
    """Brands travel in their own letters, look-alikes and spaced letters are read as what they are meant to be."""
    assert detect_paragraphs([text])[0].language == code


@pytest.mark.parametrize(
    "text",
    [
        "Gorodskoy sovet prinyal reshenie o stroitelstve novogo mosta cherez reku, soobshchaet press-sluzhba merii",
        "Samsung Galaxy S25, Xiaomi Redmi Note, Huawei Mate, Nokia, Siemens, BMW",
        "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z",
    ],
)
def test_what_is_in_no_language_is_not_surely_in_one(text: str) -> None:
    """Russian in Latin letters, a list of brands, the alphabet."""
    assert detect_paragraphs([text])[0].language == "und"


def test_the_alphabet_does_not_outvote_prose() -> None:
    """A line of single letters has no say."""
    alphabet = " ".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ" * 8)
    found = detect_paragraphs(["Kommunen tänker bygga en ny bro över ån nästa vår.", alphabet])

    assert [one.language for one in found] == ["sv", "sv"]
