"""What single words tell of a paragraph: whether it is worth a look for outlets and experts that it cites."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.attribution.citations import may_cite
from ingest.attribution.citing import cited_mentions
from ingest.attribution.experts import find_experts
from ingest.attribution.mentions import find_mentions
from ingest.lang.tokens import tokens_of


@pytest.mark.parametrize(
    "text",
    [
        "Reuters reported on Monday that the pier is closed.",
        "The pier is closed, the Harbour Courier writes.",
        "She told EurActiv that the pier is closed.",
        "The pier is closed (Reuters), and stays so until May.",
        "Piren är stängd, skriver Aftonbladet.",
        "Piren är stängd, enligt tidningen Viken.",
        "Die Mole ist gesperrt, berichtet die Rheintalzeitung.",
        "Die Mole ist laut „Hafenblatt“ gesperrt.",
        "Пирс закрыт, сообщает ТАСС.",
        "Пирс закрыт, пишет газета «Маяк».",
    ],
)
def test_paragraphs_that_may_cite_an_outlet(text: str) -> None:
    """A word of citing beside a name, or a known name in parentheses, is worth a look."""
    assert may_cite(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "The pier is closed, and nobody knows for how long.",
        "She said that the pier is closed.",
        "Piren är stängd, säger hon.",
        "Die Mole ist gesperrt, sagt der Bürgermeister.",
        "Пирс закрыт, сообщает мэр.",
        "The pier (and the crane) is closed.",
    ],
)
def test_paragraphs_that_cite_no_outlet(text: str) -> None:
    """A word of citing without a name, or parentheses without one, is passed over."""
    assert not may_cite(text)[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“It will take years,” said the economist Ann Lee.", True),
        ("Det tar år, säger statsvetaren Bo Ek.", True),
        ("Das dauert Jahre, sagt die Ökonomin Ann Lind.", True),
        ("На это уйдут годы, считает политолог Иван Береговой.", True),
        ("Ann Lee of the Institute for Harbours is less sure.", True),
        ("Ann Lee of the ferry office is less sure.", False),
        ("Bo Ek på färjekontoret är mindre säker.", False),
    ],
)
def test_paragraphs_that_may_cite_an_expert(text: str, expected: bool) -> None:
    """The role of an expert or the name of an institution of research is worth a look."""
    assert expected == may_cite(text)[1]


_PIECES = (
    "Reuters ТАСС Spiegel DN EurActiv NEXTA Hafenblatt Bohusläningen Rheintalzeitung Marknadsbladet Aftonbladet Times"
    " Courier Harbour Хабар Маяк bay.example ARD ZDF Meduza Bild Post Standard reported told says according to laut"
    " berichtet sagte skriver enligt säger till сообщает пишет рассказал газета агентство newspaper agency Zeitung"
    " tidningen portal the der die das dem „ “ « » ( ) , . : interview with and und och и Ann Lee Bo Ek economist"
    " professor University Institute Universität politolog forskare Ökonom эксперт университет of vid an the"
)


@given(words=st.lists(st.sampled_from(_PIECES.split()), max_size=12))
@example(words=["laut", "dem", "„", "Hafenblatt", "“"])
@example(words=["рассказал", "Ann", "газета", "«", "Маяк", "»"])
def test_nothing_that_is_cited_is_passed_over(words: list[str]) -> None:
    """Where the look at the order of words finds an outlet or an expert, the words alone have told of it."""
    text = " ".join(words).replace("„ ", "„").replace(" “", "“").replace("« ", "«").replace(" »", "»")
    text = text.replace("( ", "(").replace(" )", ")")
    tokens = tokens_of(text)
    outlets, experts = may_cite(text)
    assert outlets or not cited_mentions(text, tokens, find_mentions(text, tokens))
    assert experts or not list(find_experts(text, tokens, text))
