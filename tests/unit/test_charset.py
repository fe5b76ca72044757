"""Charsets: the witness that lies least is believed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pages import ARABIC, ENGLISH, GERMAN, RUSSIAN, SWEDISH

from ingest.charset import Decoded, decode, mend

QUOTES = "“Well,” she said, “it’s late – isn’t it?”"


def test_declared_in_the_page_alone() -> None:
    """windows-1251 that only a <meta> names is read as such, though the header says nothing."""
    body = f"<html><meta charset=windows-1251><p>{RUSSIAN}".encode("cp1251")
    assert Decoded(text=body.decode("cp1251"), charset="cp1251", witness="meta") == decode(body, "text/html")


@pytest.mark.parametrize(
    "declaration",
    [
        '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r">',
        "<META CHARSET = 'KOI8-R'>",
        '<?xml version="1.0" encoding="koi8-r"?>',
        "<script>" + "var a = 1;" * 300 + "</script><meta charset=koi8-r>",
    ],
)
def test_ways_to_declare(declaration: str) -> None:
    """The declaration may be written in several ways, and stand after scripts; it outranks the header."""
    body = (declaration + RUSSIAN).encode("koi8-r")
    decoded = decode(body, "text/html; charset=windows-1251")
    assert ("meta", declaration + RUSSIAN) == (decoded.witness, decoded.text)


@pytest.mark.parametrize("text", [SWEDISH, GERMAN, RUSSIAN, ARABIC])
@pytest.mark.parametrize("header", ["iso-8859-1", "windows-1251", "utf-8", "nonsense"])
def test_utf8_under_a_wrong_header(text: str, header: str) -> None:
    """What is valid UTF-8 is UTF-8, whatever the header and the page say."""
    body = f"<meta charset={header}>{text}".encode()
    decoded = decode(body, f"text/html; charset={header}")
    assert (decoded.charset, decoded.witness) == ("utf-8", "utf8")
    assert decoded.text.endswith(text)


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16-le", "utf-16-be"])
def test_byte_order_mark(charset: str) -> None:
    """A byte order mark outranks all else, and is no part of the text."""
    body = RUSSIAN.encode(charset) if charset == "utf-8-sig" else ("\ufeff" + RUSSIAN).encode(charset)
    decoded = decode(body, "text/html; charset=iso-8859-1")
    assert (decoded.witness, decoded.text) == ("bom", RUSSIAN)


@pytest.mark.parametrize("label", ["iso-8859-1", "ISO_8859-1", "latin1", "l1", "us-ascii", "windows-1252"])
def test_latin1_means_windows_1252(label: str) -> None:
    """Typographic quotes under a latin-1 label are read as the windows-1252 they are, by all its names."""
    assert Decoded(text=QUOTES, charset="cp1252", witness="header") == decode(
        QUOTES.encode("cp1252"), f"text/html; charset={label}"
    )


def test_gb2312_means_gb18030() -> None:
    """Chinese pages declare the oldest of three charsets and use the characters of the newest."""
    text = "前总理朱镕基访问了学校"
    assert text == decode(text.encode("gb18030"), "text/html; charset=gb2312").text


@pytest.mark.parametrize("place", ["start", "middle", "end"])
def test_one_broken_byte_in_utf8(place: str) -> None:
    """One broken byte costs one character; it does not turn the page into mojibake."""
    text = RUSSIAN.encode()
    body = {"start": b"\xff" + text, "middle": text[:200] + b"\xff" + text[200:], "end": text + b"\xd0"}[place]
    decoded = decode(body, "text/html; charset=iso-8859-1")
    assert (decoded.charset, decoded.text.count("\ufffd")) == ("utf-8", 1)
    assert decoded.text.replace("\ufffd", "") == RUSSIAN


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (RUSSIAN, "koi8-r"),
        (RUSSIAN, "cp1251"),
        (ARABIC, "cp1256"),
        (SWEDISH, "latin-1"),
        (GERMAN, "latin-1"),
        (QUOTES + ENGLISH, "cp1252"),
        ("Snö", "latin-1"),
        ("Les élèves ont préparé une fête à l'école, où l'été s'achève déjà.", "latin-1"),
        ("Mężczyzna przyszedł później niż wszyscy, a śnieg wciąż padał.", "iso-8859-2"),
    ],
)
def test_no_declaration(text: str, charset: str) -> None:
    """Where nobody says it, the look of the text decides."""
    decoded = decode(text.encode(charset))
    assert ("detector", text) == (decoded.witness, decoded.text)


@pytest.mark.parametrize(
    "label", ["nonsense", "x-user-defined", "hex", "base64", "idna", "punycode", "undefined", "utf-7", "unicode_escape"]
)
def test_labels_that_name_no_charset(label: str) -> None:
    """An unknown label is passed over, and so is a Python codec that no page is written in."""
    text = f"<meta charset={label}><p>{SWEDISH} \\u00e5 +AGE-"
    decoded = decode(text.encode("latin-1"), f"text/html; charset={label}")
    assert ("detector", text) == (decoded.witness, decoded.text)


def test_utf16_cannot_be_declared_in_ascii() -> None:
    """A page whose declaration of UTF-16 can be read is not in UTF-16."""
    text = f"<meta charset=utf-16><p>{SWEDISH}"
    assert text == decode(text.encode("latin-1")).text


def test_a_label_that_does_not_fit() -> None:
    """A declaration in which the bytes mean nothing is not believed."""
    body = RUSSIAN.encode("cp1251")
    assert Decoded(text=RUSSIAN, charset="cp1251", witness="detector") == decode(body, "text/plain; charset=shift_jis")


def test_nothing() -> None:
    """No bytes are no text."""
    assert "" == decode(b"").text == decode(b"\xff\xfe").text


@given(st.binary(max_size=60), st.sampled_from(["idna", "utf-16", "utf-7", "unicode_escape", "hz", "cp037", "é", "."]))
def test_decode_never_fails(body: bytes, label: str) -> None:
    """Any bytes under any label become a text that can be stored."""
    for decoded in (decode(body, f"charset={label}"), decode(f"<meta charset={label}>".encode() + body)):
        assert decoded.text == decoded.text.encode().decode()


@pytest.mark.parametrize(
    ("text", "declaration", "header", "charset", "witness"),
    [
        (RUSSIAN, '<meta charset="windows-1251">', "text/html", "cp1251", "meta"),
        (RUSSIAN, '<meta charset="windows-1251">', "text/html; charset=iso-8859-1", "cp1251", "meta"),
        (SWEDISH, "", "text/html; charset=iso-8859-1", "utf-8", "utf8"),
        (GERMAN, '<meta charset="iso-8859-1">', "text/html; charset=iso-8859-1", "cp1252", "meta"),
        ("前总理访问了一所学校，" * 9, '<meta charset="gb2312">', "text/html", "gb18030", "meta"),
        (RUSSIAN, '<?xml version="1.0" encoding="koi8-r"?>', "text/html", "koi8-r", "meta"),
        (RUSSIAN, "", "text/html", "koi8-r", "detector"),
        (ARABIC, "", "text/html; charset=windows-1256", "cp1256", "header"),
        (RUSSIAN, "<body><p>" + "<!-- x -->" * 300 + '<meta charset="windows-1251">', "text/html", "cp1251", "meta"),
        (RUSSIAN, " " * 9_000 + '<meta charset="utf-8">', "text/html; charset=windows-1251", "cp1251", "header"),
    ],
)
def test_the_order_of_witnesses(text: str, declaration: str, header: str, charset: str, witness: str) -> None:
    """Valid UTF-8, then the page, then the header, then the look of the text; who was believed is recorded."""
    body = f"<html>{declaration}<p>{text}".encode(charset)
    assert Decoded(text=f"<html>{declaration}<p>{text}", charset=charset, witness=witness) == decode(body, header)


@pytest.mark.parametrize("cut", [1, 2])
def test_utf8_that_was_cut(cut: int) -> None:
    """A response that ends inside a character is UTF-8 still, under any header."""
    body = ("<p>" + RUSSIAN + "…").encode()[:-cut]
    decoded = decode(body, "text/html; charset=windows-1251")
    assert (decoded.charset, decoded.witness, decoded.text) == ("utf-8", "utf8", "<p>" + RUSSIAN + "\ufffd")


def test_ascii_alone_is_utf8() -> None:
    """A text without a single letter beyond ASCII is the same in all of them, and called UTF-8."""
    assert decode(b"<meta charset=koi8-r>Plain", "text/html; charset=gb2312").charset == "utf-8"


def test_utf32_and_marks_in_other_charsets() -> None:
    """The mark of UTF-16 is told from that of UTF-32, which starts with the same bytes."""
    assert decode(("\ufeff" + RUSSIAN).encode("utf-32-le")).text.strip("\ufeff") == RUSSIAN


@pytest.mark.parametrize(
    "text",
    [
        "Öland får en bro över sundet, säger hon på måndagen – «nästa år».",
        "Die Brücke über den Fluß öffnet später, sagte der Bürgermeister von Übersee.",
        "Мост откроют весной, сообщил мэр города в понедельник.",
        "Η γέφυρα ανοίγει ξανά την άνοιξη, είπε ο δήμαρχος.",
        "Le café rouvrira l’été prochain, a déclaré la maire à l’assemblée.",
    ],
)
def test_what_was_decoded_wrongly_by_a_content_system_is_mended(text: str) -> None:
    """UTF-8 read as windows-1252 and saved again becomes what it was; the right text beside it stays as it is."""
    # Bytes that windows-1252 leaves out come as the controls of their numbers.
    wrong = "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in text.encode())
    page = f"<p>{wrong}</p><p>{text}</p><p>{wrong}</p>"
    assert mend(page) == f"<p>{text}</p><p>{text}</p><p>{text}</p>"
    assert mend(f"<p>{text}</p>" * 3) == f"<p>{text}</p>" * 3


def test_what_is_escaped_twice_is_read_once() -> None:
    """Readers do not see escapes, but on pages that show markup."""
    page = "<p>It&amp;#8217;s &amp;amp;quot;late&amp;amp;quot;&amp;nbsp;&amp;ndash; R&amp;D, 1 &amp;lt; 2</p>"
    assert mend(page) == "<p>It&#8217;s &quot;late&quot;&nbsp;&ndash; R&amp;D, 1 &amp;lt; 2</p>"
    assert mend(page + "<code>x</code>") == page + "<code>x</code>"


@pytest.mark.parametrize("text", [SWEDISH, GERMAN, RUSSIAN, ARABIC, "Thủ tướng đến Huế", "クジラとパンダ", "Ọjọ́ ẹtì"])
def test_accents_that_follow_their_letters_become_part_of_them(text: str) -> None:
    """A text is the same whether its accents are part of its letters or follow them."""
    composed = unicodedata.normalize("NFC", text)
    assert decode(unicodedata.normalize("NFD", text).encode()).text == composed
    assert decode(text.encode()).text == composed


@pytest.mark.parametrize("text", ["為替は11/30にドルがまとめて売られた。", "Für/gegen: Bürger", "경기 3/4분기 실적"])
def test_a_slash_makes_no_address(text: str) -> None:
    """A fraction, a day or a choice is composed like the words around it, also where no spaces part words."""
    assert decode(unicodedata.normalize("NFD", text).encode()).text == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("address", ["https://example.org/å/ö.html", "//example.org/å", "/å/ö", "../å"])
def test_addresses_are_not_composed(address: str) -> None:
    """An address stays as it is, letter for letter, since servers compare addresses so."""
    place = unicodedata.normalize("NFD", address)
    name = unicodedata.normalize("NFD", "Ängelholm")
    assert decode(f'<a href="{place}">{name}</a>'.encode()).text == f'<a href="{place}">Ängelholm</a>'
