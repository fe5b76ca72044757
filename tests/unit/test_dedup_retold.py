"""A text told anew in other words is linked with the first, and makes no duplicate of it."""

from __future__ import annotations

import pytest
from support.retellings import OTHERS as WITHOUT_CAPITALS
from support.retellings import RETELLINGS

from ingest.dedup.compare import Text, compare, prepare
from ingest.link import COPIES, Relation
from ingest.model import UrlKey

RETOLD = {
    "en": (
        (
            "The ferry Saltmere Queen ran aground off Harrow Point at 6.40 on Tuesday with 212 passengers. Captain "
            "Joan Pell had slowed to 9 knots because of fog. The lifeboat from Brindle took off 87 people before "
            "noon, and 4 of them went to hospital in Oxley. The owner, Marlow Lines, put the damage at 3.5 million "
            "pounds."
        ),
        (
            "Fog had forced Joan Pell, who was in command, down to 9 knots when at 6.40 on Tuesday her vessel, the "
            "Saltmere Queen of Marlow Lines, struck the bottom near Harrow Point. On board were 212 travellers. "
            "Brindle sent its lifeboat, which by midday had fetched 87; doctors in Oxley looked after 4. Repairs "
            "are expected to swallow 3.5 million pounds."
        ),
    ),
    "de": (
        (
            "In Moorstedt hat die Feuerwehr am 14. März 37 Schafe aus der Leine gezogen. Landwirt Jörn Habermann "
            "hatte die Herde gegen 5.20 Uhr auf einer Sandbank bei Wennebostel entdeckt. Einsatzleiterin Petra "
            "Köhnsen schickte 3 Boote und 26 Helfer. Der Schaden beträgt rund 4800 Euro, teilte der Landkreis "
            "Sarstede mit."
        ),
        (
            "Wie der Landkreis Sarstede berichtet, standen die Tiere bei Wennebostel im Wasser der Leine, als Jörn "
            "Habermann sie um 5.20 Uhr fand. Unter Petra Köhnsen rückten aus Moorstedt 26 Leute mit 3 Booten an und "
            "brachten alle 37 Schafe ans Ufer. Das war am 14. März; verloren gingen dem Bauern 4800 Euro."
        ),
    ),
    "ru": (
        (
            "В Залесске 12 апреля открыли мост через Сосьву длиной 418 метров. Ленту перерезала мэр Ирина "
            "Вахрушева. Строила его компания «Уралтрест» 26 месяцев, работы обошлись в 1,9 миллиарда рублей. По "
            "словам инженера Павла Дудина, в сутки здесь проедет 7300 машин."
        ),
        (
            "Ирина Вахрушева, мэр города, пустила первых водителей: Залесск дождался переправы через Сосьву. Павел "
            "Дудин, главный инженер, ждёт ежедневно 7300 автомобилей. Сооружение протянулось на 418 метров, "
            "«Уралтрест» возился с ним 26 месяцев и получил 1,9 миллиарда рублей. Движение началось 12 апреля."
        ),
    ),
}
OTHERS = {
    "the next accident of the same line": (
        RETOLD["en"][0],
        (
            "The ferry Saltmere Star of Marlow Lines collided with a trawler off Brindle at 9.15 on Friday. Its 131 "
            "passengers were unhurt, and Captain Tom Reddle brought the ship into Oxley with a hole of 2 metres in "
            "the bow. The company put the damage at 1.2 million pounds."
        ),
    ),
    "what another paper found out about the same accident": (
        RETOLD["en"][0],
        (
            "Marlow Lines had been warned twice about the sandbank off Harrow Point, letters show. The coastguard "
            "wrote in May and in June that the channel had moved by 60 metres. On Tuesday the Saltmere Queen ran "
            "onto it. A union of seamen now asks for pilots on all 14 ships, and for an inquiry led by a judge."
        ),
    ),
}


def text(key: str, said: str, language: str) -> Text:
    """A text to compare."""
    return Text(key=UrlKey(key), text=said, language=language)


@pytest.mark.parametrize("language", RETOLD)
def test_a_text_in_wholly_other_words_is_linked_as_retold(language: str) -> None:
    """Names, numbers and rare words tell; it is no copy, whichever comes first."""
    one, other = (prepare(text(key, said, language)) for key, said in zip("ab", RETOLD[language], strict=True))
    link = compare(one, other)
    assert link is not None
    assert link.relation is Relation.RETOLD
    assert link.relation not in COPIES
    assert link.spans == ()
    assert 0.5 < link.score <= 1
    assert compare(other, one) == link


@pytest.mark.parametrize("kind", OTHERS)
def test_what_else_is_said_of_the_same_people_is_not_linked(kind: str) -> None:
    """Two reports of a place or of an event share names, and not what happened."""
    one, other = (prepare(text(key, said, "en")) for key, said in zip("ab", OTHERS[kind], strict=True))
    assert compare(one, other) is None


@pytest.mark.parametrize(("language", "said", "retelling"), RETELLINGS)
def test_where_no_capitals_tell_names_the_numbers_tell_a_retelling(language: str, said: str, retelling: str) -> None:
    """In Chinese, Japanese, Korean, Arabic and Thai: a link, and no copy."""
    one, other = prepare(text("a", said, language)), prepare(text("b", retelling, language))
    link = compare(one, other)
    assert link is not None
    assert link.relation is Relation.RETOLD
    assert compare(other, one) == link


@pytest.mark.parametrize(("language", "said", "another"), WITHOUT_CAPITALS)
def test_where_no_capitals_tell_names_another_report_is_no_retelling(language: str, said: str, another: str) -> None:
    """Of the same town, company or club: other numbers."""
    link = compare(prepare(text("a", said, language)), prepare(text("b", another, language)))
    assert link is None or link.relation is Relation.SAME_TEMPLATE
