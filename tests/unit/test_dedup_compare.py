"""ingest.dedup.compare, and through it .chain, .evidence, .decision and .relation"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.dedup.chain import Seeds, chains
from ingest.dedup.compare import Text, compare, prepare, shown
from ingest.dedup.dates import Published
from ingest.dedup.decision import FEATURES, score
from ingest.dedup.evidence import Profile, measure
from ingest.dedup.words import read_words
from ingest.link import Link, Relation, Span
from ingest.model import UrlKey

ARTICLE = """\
The harbour town of Brantwick will lose its last ferry to the island of Skerrow in October, the operator Calder Line \
said on Tuesday. The company has run the crossing since 1974 and carried 61,300 passengers last year, barely half as \
many as a decade ago. "We have looked at every timetable we could think of," said the managing director, Orla \
Pennington. "The numbers do not add up any more."

Skerrow has 412 inhabitants, a school with nineteen pupils and a cheese dairy that sends most of its wheels to the \
mainland. The dairy's owner, Magnus Rendall, fears that he will have to lay off three of his eight workers if \
lorries must take the longer northern route by way of Tolsay, which adds 94 kilometres to every delivery. "A wheel \
of cheese does not care about scenery," he said, "but the cooling bill does."

The county council voted in spring to buy two electric catamarans, yet the shipyard in Gdynia has delayed the first \
of them until 2027. Councillor Beatrix Holm called the gap a disgrace and proposed to charter a vessel for the \
winter, at a cost of 2.3 million. Her motion will be debated on 18 September. Until then the islanders collect \
signatures: by Tuesday evening 388 of them had signed, the school's pupils included.
"""

TRUNCATED = ARTICLE[: ARTICLE.index("The county council")] + "Read the whole story on our website."

REWORDED = """\
The port town of Brantwick is going to lose its final ferry to the isle of Skerrow in October, the operator Calder \
Line announced on Tuesday. The firm has operated the passage since 1974 and transported 61,300 travellers last year, \
hardly half as many as ten years ago. "We have examined every schedule we could imagine," stated the managing \
director, Orla Pennington. "The figures do not add up any longer."

Skerrow has 412 residents, a school with nineteen students and a cheese dairy that ships most of its wheels to the \
mainland. The dairy's proprietor, Magnus Rendall, worries that he will need to dismiss three of his eight employees \
if trucks must use the longer northern road by way of Tolsay, which adds 94 kilometres to each shipment. "A wheel of \
cheese does not mind about scenery," he remarked, "but the cooling cost does."

The county council decided in spring to purchase two electric catamarans, but the shipyard in Gdynia has postponed \
the first of them until 2027. Councillor Beatrix Holm termed the gap a scandal and suggested to hire a ship for the \
winter, at a price of 2.3 million. Her proposal will be discussed on 18 September. Until then the islanders gather \
signatures: by Tuesday night 388 of them had signed, the school's students included.
"""

QUOTING = """\
I grew up on small islands, so allow me a few lines about what boats mean there. My grandmother used to set her \
kitchen clock by the horn of the morning steamer, and when fog kept it away she said the day had not begun. People \
who live at the end of a road never quite understand this. This week a newspaper wrote about a place that I visited \
as a child:

"Skerrow has 412 inhabitants, a school with nineteen pupils and a cheese dairy that sends most of its wheels to the \
mainland. The dairy's owner, Magnus Rendall, fears that he will have to lay off three of his eight workers if \
lorries must take the longer northern route by way of Tolsay, which adds 94 kilometres to every delivery."

Three jobs are nothing in a city. On an island they are a football team's midfield, a choir's basses, the people who \
know how to start the old fire engine. I have written to my own representative, as I did when our library van \
stopped, and I would ask every reader of this little blog to do the same before autumn. Tell them about your clocks, \
your fog, and whatever else it was that came and went with a boat when you were small.
"""

SAME_EVENT = """\
Calder Line is closing its Skerrow route. Passengers learnt of the decision from a notice taped to the ticket window \
at Brantwick pier, hours before the firm confirmed that sailings end this October after more than fifty years. Orla \
Pennington, who took over as managing director in March, blamed fuel prices and a stubborn fall in bookings.

On Skerrow itself the mood was angry. "They promised us a winter timetable," said Ingrid Foubister, who teaches the \
island's nineteen pupils and crosses twice a week. Others wondered how the cheese of Magnus Rendall is to reach \
shops before it spoils. A petition lay on the counter of the village store, and by lunchtime a second sheet was \
needed.

County politicians are divided. Beatrix Holm wants a chartered ship; the finance committee answers that reserves are \
exhausted and that new electric boats, ordered from Poland, are on their way, if late. A debate is planned for \
September. Until it ends, nobody in the waiting room wished to guess which of the two arguments would win.
"""

UNRELATED = """\
Astronomers at the Teide observatory have measured the slowest rotation yet of a white dwarf. The star, a burnt-out \
remnant no larger than the Earth, needs almost nine hours to turn once around its axis, whereas most of its kind \
spin within minutes. Lead author Farida Okonjo suspects that a strong magnetic field braked it while it was still \
young. Her team watched tiny changes of brightness over 31 nights and compared them with models of cooling carbon \
and oxygen. Similar objects may be more common than thought, because slow ones are easily overlooked. A satellite to \
be launched next year will examine two thousand candidates and could settle the question.
"""

SWEDISH = """\
Kommunen Älvsborgsvik stänger sin sista badplats efter att prover visat höga halter av bakterier i vattnet. Beslutet \
gäller från måndag och drabbar omkring 2 400 hushåll, skriver miljöchefen Gunilla Åkerblom i ett pressmeddelande. \
Orsaken tros vara ett läckande avloppsrör under Kvarngatan som lagades provisoriskt i våras. Reparationen beräknas \
ta fem veckor och kosta 1,7 miljoner kronor. Simskolan flyttas under tiden till sjön Norra Hultet, dit kommunen \
sätter in extra bussar tre gånger om dagen. Föreningen Blå Vik kräver att politikerna redovisar varför varningarna \
från i fjol inte ledde till några åtgärder.
"""

SWEDISH_REWORDED = """\
Älvsborgsviks kommun stänger sin sista badplats sedan prover visat höga bakteriehalter i vattnet. Beslutet börjar \
gälla på måndag och berör omkring 2 400 hushåll, meddelar miljöchefen Gunilla Åkerblom i ett pressmeddelande. \
Anledningen antas vara ett läckande avloppsrör under Kvarngatan som lagades tillfälligt i våras. Reparationen väntas \
ta fem veckor och kosta 1,7 miljoner kronor. Simskolan flyttar under tiden till sjön Norra Hultet, dit kommunen \
ordnar extra bussar tre gånger per dag. Föreningen Blå Vik begär att politikerna förklarar varför fjolårets \
varningar inte ledde till några åtgärder.
"""

RUSSIAN = """\
В посёлке Верхнеозёрск закрыли единственный мост через реку Талую: весенний паводок размыл две из шести опор. По \
словам главы администрации Тимофея Заволжского, объезд через деревню Кленовка увеличивает дорогу до райцентра на 47 \
километров. Школьников временно перевели на дистанционное обучение, а хлеб и лекарства доставляют на лодках. Ремонт \
обещают закончить к августу, на него выделено 83 миллиона рублей. Инженеры из Вологды уже осмотрели конструкцию и \
пришли к выводу, что уцелевшие опоры прослужат ещё не менее двадцати лет.
"""

RUSSIAN_REWORDED = """\
В посёлке Верхнеозёрск перекрыли единственный мост через реку Талую: весеннее половодье размыло две из шести опор. \
Как сообщил глава администрации Тимофей Заволжский, объезд через деревню Кленовка удлиняет путь до райцентра на 47 \
километров. Учеников временно перевели на удалённое обучение, а хлеб и медикаменты привозят на лодках. Работы \
обещают завершить к августу, на них выделили 83 миллиона рублей. Специалисты из Вологды уже осмотрели конструкцию и \
заключили, что сохранившиеся опоры прослужат ещё не меньше двадцати лет.
"""


def relate(a: str, b: str, language: str = "en") -> Link | None:
    """The link between two texts with the keys "a" and "b"."""
    one, other = (Text(key=UrlKey(key), text=text, language=language) for key, text in (("a", a), ("b", b)))
    return compare(prepare(one), prepare(other))


def test_the_same_words_are_exact() -> None:
    """Case, spacing and punctuation do not matter."""
    link = relate(ARTICLE, ARTICLE.upper().replace("\n\n", " ").replace('"', "'"))
    assert link is not None
    assert link.relation is Relation.EXACT
    assert link.score == 1.0


@pytest.mark.parametrize(
    ("copy", "relation"),
    [
        (TRUNCATED, Relation.NEAR),
        ("News in brief\nShare\n" + ARTICLE.replace("61,300", "61,900") + "Sign up for alerts.", Relation.UPDATE),
        (REWORDED, Relation.REWORDED),
        (QUOTING, Relation.QUOTES),
    ],
)
def test_what_is_made_from_an_article_is_linked_to_it(copy: str, relation: Relation) -> None:
    """A truncation is near, another number an update, synonyms make a rewording, a passage a quote."""
    link = relate(ARTICLE, copy)
    assert link is not None
    assert link.relation is relation
    assert 0.9 < link.score <= 1


@pytest.mark.parametrize("other", [SAME_EVENT, UNRELATED])
@pytest.mark.parametrize("text", [ARTICLE, TRUNCATED, REWORDED, QUOTING])
def test_independent_texts_are_not_linked(text: str, other: str) -> None:
    """A report of the same event by another newsroom shares names and numbers, not text."""
    assert relate(text, other) is None


@pytest.mark.parametrize(("a", "b", "language"), [(SWEDISH, SWEDISH_REWORDED, "sv"), (RUSSIAN, RUSSIAN_REWORDED, "ru")])
def test_rewording_is_recognised_in_other_languages(a: str, b: str, language: str) -> None:
    """Weights and endings are those of the language."""
    link = relate(a, b, language)
    assert link is not None
    assert link.relation is Relation.REWORDED


def test_both_ways_of_writing_yo_are_one() -> None:
    """A copy with е for ё is near, whatever it does to every third word."""
    text = "Её тётя несёт зелёный мёд, щётку и ещё шесть жёлтых жёлудей, а отец ведёт осёдланного козлёнка. " + RUSSIAN
    link = relate(text, text.replace("ё", "е"), "ru")
    assert link is not None
    assert (link.relation, link.conflicts) == (Relation.NEAR, ())


def test_languages_are_not_mixed() -> None:
    """The same letters read in another language are not compared."""
    one = prepare(Text(key=UrlKey("a"), text=ARTICLE, language="en"))
    assert compare(one, prepare(Text(key=UrlKey("b"), text=ARTICLE, language="de"))) is None


def test_a_link_through_a_translation_says_so() -> None:
    """Of two languages that are known a match is `translated`, however alike; else it is what the wording says."""
    original = prepare(Text(key=UrlKey("a"), text=ARTICLE, language="en", written="en"))
    for copy, wording in ((ARTICLE, Relation.EXACT), (REWORDED, Relation.REWORDED)):
        for written, relation in (("sv", Relation.TRANSLATED), ("en", wording), (None, wording)):
            translation = Text(key=UrlKey("b"), text=copy, language="en", side="en", written=written)
            link = compare(prepare(translation), original)
            assert link is not None
            assert (link.relation, link.side_a, link.side_b) == (relation, "original", "en")


def test_a_quote_in_a_translation_stays_a_quote() -> None:
    """Only copies become `translated`."""
    original = prepare(Text(key=UrlKey("a"), text=ARTICLE, language="en"))
    link = compare(prepare(Text(key=UrlKey("b"), text=QUOTING, language="en", side="en")), original)
    assert link is not None
    assert (link.relation, link.a, link.side_a) == (Relation.QUOTES, "b", "en")


def test_the_span_of_a_quote_is_the_passage() -> None:
    """Offsets point at the shared words in both texts, to within a few words."""
    link = relate(ARTICLE, QUOTING)
    assert link is not None
    assert link.a == "b", "the blog quotes the article"
    (span,) = link.spans
    assert QUOTING[span.a_start : span.a_end] == ARTICLE[span.b_start : span.b_end]
    assert QUOTING[span.a_start : span.a_end].startswith("Skerrow has 412")
    assert QUOTING[span.a_start : span.a_end].endswith("every delivery")


def test_a_passage_begins_where_its_words_stand_together() -> None:
    """One word more could be matched if the first of them were matched far before the passage."""
    passage, before = list(range(20, 32)), [10, 11, 12]
    a = [9, *before, *passage]
    b = [9, *before, *range(100, 190), *before, *passage]
    one, other = (Seeds(list(range(len(stems))), stems) for stems in (a, b))
    (chain,) = chains(one, other, dict.fromkeys([*a, *b], 3.0))
    assert (chain.a_start, chain.b_start) == (1, len(b) - len(passage) - 3)
    assert (chain.a_end, chain.b_end) == (len(a), len(b))


def test_the_later_text_quotes() -> None:
    """Known dates of publication overrule how the texts look."""
    first, second, third = (Published(at=datetime(2025, 5, day, tzinfo=UTC)) for day in (1, 2, 3))
    article = Text(key=UrlKey("a"), text=ARTICLE, language="en", published=second)
    post = Text(key=UrlKey("b"), text=QUOTING, language="en", published=first)
    early = compare(prepare(article), prepare(post))
    assert early is not None
    assert early.a == "a"
    late = compare(prepare(article), prepare(replace(post, published=third)))
    assert late is not None
    assert late.a == "b"


def test_a_record_is_not_its_own_copy() -> None:
    """The text and the translation of one record are not linked."""
    text = Text(key=UrlKey("a"), text=ARTICLE, language="en")
    assert compare(prepare(text), prepare(replace(text, side="en"))) is None


def test_very_long_texts_are_compared_by_their_rarest_words() -> None:
    """A book is found in its copy, and the work stays bounded."""
    words = [f"zor{number % 900:04}quent" for number in range(5000)]
    link = relate(" ".join(words), " ".join(word for place, word in enumerate(words) if place % 9))
    assert link is not None


@pytest.mark.parametrize("name", FEATURES)
def test_more_agreement_never_lowers_a_score(name: str) -> None:
    """Whatever the model was trained on."""
    a, b = (Profile(read_words(text, "en")) for text in (ARTICLE, REWORDED))
    evidence = measure(a, b)
    assert evidence is not None
    better = replace(evidence, **{name: getattr(evidence, name) + 0.1})
    assert score(better, 100) >= score(evidence, 100)


@given(st.integers(1, 400), st.integers(1, 400))
def test_fewer_words_are_judged_more_cautiously(few: int, many: int) -> None:
    """The same evidence counts for less in a shorter text."""
    evidence = measure(*(Profile(read_words(text, "en")) for text in (SWEDISH, SWEDISH_REWORDED)))
    assert evidence is not None
    assert score(evidence, min(few, many)) <= score(evidence, max(few, many))


TEXTS = st.sampled_from([ARTICLE, TRUNCATED, REWORDED, QUOTING, SAME_EVENT, UNRELATED, "", "Ferry."])


@st.composite
def scrambled(draw: st.DrawFn) -> str:
    """A few sentences of the texts above, in any order."""
    sentences = [f"{each.strip()}." for each in (ARTICLE + REWORDED + QUOTING).replace("\n", " ").split(". ")]
    return " ".join(draw(st.lists(st.sampled_from(sentences), max_size=12)))


@settings(max_examples=60, deadline=None)
@given(TEXTS | scrambled(), TEXTS | scrambled(), st.permutations(["original", "en"]))
def test_the_order_of_arguments_does_not_matter(a: str, b: str, sides: list[str]) -> None:
    """compare(a, b) == compare(b, a), spans lie inside the texts, and ends are in order."""
    one = prepare(Text(key=UrlKey("a"), text=a, language="en", side=sides[0]))
    other = prepare(Text(key=UrlKey("b"), text=b, language="en"))
    link = compare(one, other)
    assert link == compare(other, one)
    if link:
        first, second = (a, b) if link.a == "a" else (b, a)
        assert link.relation is Relation.QUOTES or link.a == "a"
        assert all(_inside(span, first, second) for span in link.spans)


@settings(max_examples=30, deadline=None)
@given(TEXTS | scrambled(), TEXTS | scrambled())
def test_keys_do_not_change_the_decision(a: str, b: str) -> None:
    """Score, relation and the number of passages are a matter of the texts."""
    link = relate(a, b)
    swapped = relate(b, a)
    assert (link is None) == (swapped is None)
    if link and swapped:
        assert (link.relation, link.score, len(link.spans)) == (swapped.relation, swapped.score, len(swapped.spans))


def _inside(span: Span, a: str, b: str) -> bool:
    return 0 <= span.a_start < span.a_end <= len(a) and 0 <= span.b_start < span.b_end <= len(b)


def test_a_text_without_some_lines_is_not_read_again() -> None:
    """What is left of its known words is what reading it without these lines gives."""
    lines = ARTICLE.strip().split("\n\n")
    text = "\n\n".join([lines[0], " " * len(lines[1]), *lines[2:]])
    whole = read_words(ARTICLE.strip(), "en")
    left, read = (Text(key=UrlKey("a"), text=text, language="en") for _ in range(2))
    made, again = shown(left, whole), prepare(read)
    assert made.exact == again.exact
    assert made.profile.words.stems == again.profile.words.stems
    assert made.profile.words.starts == again.profile.words.starts
