"""ingest.dedup.facts, specific and settle: facts that stand against each other."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest
from support.series import report
from support.texts import MARKET_NEWS, RADIO_NEWS
from support.unmarked import reworded, siblings

from ingest.dedup.compare import Text, compare, prepare
from ingest.dedup.evidence import measure
from ingest.dedup.facts import Facts, weigh_facts
from ingest.dedup.relation import unproven
from ingest.dedup.settle import by_their_copies, fill_slots, holds_several, is_part, settled
from ingest.dedup.specific import Kind
from ingest.dedup.tokens import kinds_of, tokenise
from ingest.link import COPIES, Conflict, Fact, Link, Relation, Span, Tie, tie, told_from
from ingest.model import UrlKey

LETTERS = "აბგდევზთიკლმნოპრსტუფქღყშჩცძწჭხჯჰ"
ONE = "Natalya Sidorenko bought 14 boats in Port Ellery on Friday, said Gísli Pálsson. The harbour was quiet."


def relate(a: str, b: str, language: str = "en") -> Link:
    """The link between two texts."""
    one, other = (Text(key=UrlKey(key), text=text, language=language) for key, text in (("a", a), ("b", b)))
    link = compare(prepare(one), prepare(other))
    assert link is not None
    return link


def weigh(a: str, b: str) -> Facts:
    """How the facts of two texts stand to each other."""
    one, other = (prepare(Text(key=UrlKey(text[:9]), text=text, language="en")) for text in (a, b))
    evidence = measure(one.profile, other.profile)
    assert evidence is not None
    return weigh_facts(one.specific, other.specific, evidence.chains)


def specific(text: str, language: str = "en") -> dict[str, Kind]:
    """The words of a text that stand for something."""
    tokens = tokenise(text, language)
    kinds = kinds_of(tokens, text, language)
    return {word: kind for word, kind in zip(tokens.words, kinds, strict=True) if kind}


@pytest.mark.parametrize(
    ("text", "language", "names", "numbers"),
    [
        (ONE, "en", "natalya sidorenko port ellery friday gísli pálsson", "14"),
        ("The Bridge Opens Late Again\nThe bridge opened. Ellery saw it, and then Ellery left.", "en", "ellery", ""),
        ("Вчера в Самаре инженер Орлова осмотрела 3 моста. Орлова довольна.", "ru", "самаре орлова орлова", "3"),
        ("RÅDHUSET BRINNER: I går såg Lisa 2 män i Örkelljunga.", "sv", "lisa örkelljunga", "2"),
        ("市气象台预计最高气温15摄氏度。", "zh", "", "15"),
    ],
)
def test_names_and_numbers_are_told(text: str, language: str, names: str, numbers: str) -> None:
    """A capital tells where no sentence begins, not in a headline in capitals; numbers tell in every script."""
    found = specific(text, language)
    assert {word for word, kind in found.items() if kind is Kind.NUMBER} == set(numbers.split())
    assert set(names.split()) <= {word for word, kind in found.items() if kind is Kind.NAME}
    assert not found.keys() & {"bridge", "opens", "brinner", "вчера", "the"}


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_reports_from_one_template_are_no_copies(language: str) -> None:
    """Two lone siblings already: all of the names and numbers stand against each other."""
    for number in range(12):
        link = relate(report(language, number), report(language, number + 100), language)
        assert settled(tie(link), {}) is Relation.SAME_TEMPLATE


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_a_copy_of_a_templated_report_is_one(language: str) -> None:
    """Framed or cut, it tells the same facts."""
    text = report(language, 3)
    for copy in (f"Menu\nSearch\n\n{text}\n\nContact", text[: len(text) * 2 // 3]):
        link = relate(text, copy, language)
        assert settled(tie(link), {}) in COPIES
        assert link.conflicts == ()


@pytest.mark.parametrize(
    ("numbers", "same_numbers", "names", "same_names", "told", "changes", "doubted"),
    [
        (0, 0, 0, 0, 5, 5, True),  # nothing agrees, and each place has something else in it
        (0, 1, 0, 0, 5, 5, False),  # a number does
        (0, 0, 0, 0, 3, 3, False),  # a few words were turned
        (0, 0, 0, 0, 5, 7, False),  # other changes lie between: somebody rewrote it
        (0, 0, 1, 2, 5, 8, True),  # names stand against each other, and hardly any agree
        (0, 0, 1, 3, 5, 8, False),
        (1, 2, 0, 9, 3, 3, True),  # one number of three is another
        (1, 3, 0, 0, 3, 3, False),  # of four: brought up to date
        (1, 0, 0, 0, 2, 2, False),  # two places only: a correction
        (2, 0, 0, 3, 2, 9, True),  # all numbers are others, whatever else was changed
        (2, 1, 0, 3, 2, 9, False),
    ],
)
def test_what_fills_one_frame_has_to_be_proven_a_copy(
    numbers: int, same_numbers: int, names: int, same_names: int, told: int, changes: int, doubted: bool
) -> None:
    """By numbers that agree, where nearly every place in which two texts differ has something else in it."""
    count = numbers + names
    facts = Facts(
        conflicts=(),
        count=count,
        share=count / (count + same_names + same_numbers + 1),
        names=names,
        numbers=numbers,
        same_names=same_names,
        same_numbers=same_numbers,
        proving=same_numbers,
        changes=changes,
        told_otherwise=told,
    )
    assert unproven(facts) is doubted


def test_what_a_company_says_below_all_its_releases_proves_nothing() -> None:
    """Numbers that agree there do not count; those of a story under another headline do."""
    release = (
        "Hale opens {0} in {1}\n\nThe grocer Hale opened {0} in {1} on {2}. It has {3} square metres. "
        "We are glad to be here, said {4}, who runs it."
    )
    foot = (
        "\n\nHale was founded in 1902, employs 620 people in 14 towns, and is owned by the family; its seat is in "
        "Fellmouth."
    )
    one = release.format("a shop", "Brackmoor", "May 2", "410", "Ann Lee") + foot
    other = release.format("a bakery", "Eastlea", "June 9", "95", "Moira Stannard") + foot
    assert weigh(one, other).proving == 0 < weigh(one, other).same_numbers
    assert relate(one, other).relation is Relation.SAME_TEMPLATE
    retitled = weigh(MARKET_NEWS, MARKET_NEWS.replace(MARKET_NEWS.split()[0], "Fair", 1))
    assert retitled.proving == retitled.same_numbers > 0


def test_names_may_be_spelt_and_inflected_in_other_ways() -> None:
    """Transliterations and endings are no conflicts; another name is."""
    text = MARKET_NEWS.replace("Benedikt Ostrander", "Natalya Zvereva")
    assert relate(text, text.replace("Natalya", "Natalia")).conflicts == ()
    link = relate(text, text.replace("Natalya", "Harriet"))
    assert {(one.a, one.b) for one in link.conflicts} == {("natalya", "harriet")}


def test_a_changed_number_is_an_update_and_is_told() -> None:
    """With its place in both texts."""
    other = MARKET_NEWS.replace("1884", "1879").replace("Market", "Big market", 1)
    link = relate(MARKET_NEWS, other)
    assert link.relation is Relation.UPDATE
    (one,) = link.conflicts
    assert (one.fact, one.a, one.b) == (Fact.NUMBER, "1884", "1879")
    assert MARKET_NEWS[one.place.a_start : one.place.a_end] == "1884"
    assert other[one.place.b_start : one.place.b_end] == "1879"
    assert link.turned().conflicts[0] == one.turned()


def test_a_fact_is_told_once() -> None:
    """Of a series the words that were exchanged are told, too, but no name again that is known to be one."""
    name = Conflict(Fact.NAME, Span(10, 15, 10, 16), "ellery", "harwick")
    again, word = name._replace(a="Port Ellery"), Conflict(Fact.NAME, Span(2, 8, 2, 9), "monday", "tuesday")
    link = replace(relate(MARKET_NEWS, f"{MARKET_NEWS} Ends"), conflicts=(name,), exchanged=(word, again))
    assert link.told_conflicts == (name,)
    assert replace(link, relation=Relation.SAME_TEMPLATE).told_conflicts == (word, name)


def linked(a: str, b: str, at: tuple[int, int], covered: float, conflict: float = 0.0) -> Tie:
    """A copy whose passage lies so in the first text, and is all of the second."""
    span = (*at, 0, at[1] - at[0])
    near, side = Relation.NEAR, "original"
    return Tie(
        UrlKey(a), UrlKey(b), near, near, 1.0, side, side, covered, 1.0, conflict, 2 if conflict else 0, [span], []
    )  # fmt: skip


def test_a_series_is_judged_more_strictly() -> None:
    """What may pass between two texts does not between two that share a template with four others each."""
    link = linked("a", "b", (0, 100), 1.0, conflict=0.3)
    assert settled(link, {UrlKey("a"): 4, UrlKey("b"): 3}) is Relation.NEAR
    assert settled(link, {UrlKey("a"): 4, UrlKey("b"): 4}) is Relation.SAME_TEMPLATE


def test_a_copy_stands_to_others_as_its_original_does() -> None:
    """Where their facts agree; a correction of the original does not, and neither do texts whose links are unknown."""
    series = linked("x", "y", (0, 100), 1.0, conflict=0.6)
    copy, moved = linked("copy", "x", (0, 100), 1.0), linked("copy", "y", (0, 100), 1.0)._replace(conflicts=1)
    told = {(series.a, series.b), *((UrlKey(key), series.b) for key in "uvw")}
    whole = {UrlKey(key) for key in ("x", "y", "copy")}
    assert by_their_copies([series, copy, moved], told, whole) == {(moved.a, moved.b)}
    assert by_their_copies([series, copy.turned(), moved.turned()], told, whole) == {(moved.b, moved.a)}
    assert by_their_copies([series, copy._replace(conflicts=1), moved], told, whole) == set()
    assert by_their_copies([series, copy, moved], {(series.a, series.b)}, whole) == set()
    assert by_their_copies([series, copy, moved], told, whole - {UrlKey("y")}) == set()


@pytest.mark.parametrize(("facts", "told"), [(6, False), (2, True)])
def test_places_have_no_vote_where_facts_tell_a_series(facts: int, told: bool) -> None:
    """Two reports in which all facts agree are one, reworded, unless few facts tell the series."""
    slots = [(place, place + 5, place, place + 5) for place in range(0, 100, 10)]

    def report(a: str, b: str, *, same: bool) -> Tie:
        words = [(*place, f"{a}{place[0]}", f"{b}{place[0]}") for place in slots]
        conflict = 0.0 if same else 0.7
        one = linked(a, b, (0, 100), 1.0, conflict=conflict)
        return one._replace(conflicts=0 if same else facts, exchanged=sorted(words))

    others = "cdefg"
    links = [report("a", "b", same=True)]
    links += [report(one, other, same=False) for one, other in combinations(f"ab{others}", 2) if one + other != "ab"]
    shown = fill_slots(links, {UrlKey(key) for key in f"ab{others}"})
    assert ((UrlKey("a"), UrlKey("b")) in shown) is told


@pytest.mark.parametrize("seed", range(3))
def test_rewordings_of_one_text_share_no_slots(seed: int) -> None:
    """Three of them, each with every fourth word exchanged for some other, are copies of the text and of each other."""
    chance = Random(seed)
    words = f"{siblings('ka')[0]} {reworded('ka')}".split()

    def other_words() -> str:
        return " ".join("".join(chance.choices(LETTERS, k=7)) if chance.random() < 0.25 else one for one in words)

    made = [" ".join(words), other_words(), other_words(), other_words()]
    texts = [prepare(Text(key=UrlKey(str(number)), text=text, language="ka")) for number, text in enumerate(made)]
    links = [link for one, other in combinations(texts, 2) if (link := compare(one, other)) is not None]
    assert len(links) == 6
    assert sum(len(link.exchanged) for link in links) > 30
    assert fill_slots(map(tie, links), {UrlKey(str(number)) for number in range(4)}) == set()


def test_a_frame_is_no_article_beside_another() -> None:
    """Two pages of a site share what stands around their articles: neither holds the other and its article."""
    article = linked("page", "article", (400, 700), 0.4)
    around = [(0, 380, 0, 380), (720, 900, 600, 780)]
    frame = linked("page", "other", (0, 380), 0.7)._replace(spans=around, compared=Relation.QUOTES)
    assert not holds_several(UrlKey("page"), [article, frame], frozenset())
    assert holds_several(UrlKey("page"), [article, frame._replace(spans=around[:1])], frozenset())


def test_two_strangers_in_places_of_their_own_make_a_collection() -> None:
    """Not two that are linked, that overlap, or of which one is nearly all of it."""
    first, second = linked("d", "x", (0, 100), 0.4), linked("d", "y", (110, 200), 0.4)
    key = UrlKey("d")
    assert holds_several(key, [first, second], frozenset())
    assert holds_several(key, [second.turned(), first], frozenset())
    assert not holds_several(key, [first, second], {frozenset((UrlKey("x"), UrlKey("y")))})
    assert not holds_several(key, [first, linked("d", "y", (50, 150), 0.4)], frozenset())
    assert not holds_several(key, [first, linked("d", "y", (110, 200), 0.85)], frozenset())
    assert is_part(first, {key})
    assert not is_part(first, {UrlKey("x")})


def test_either_end_tells_its_part_of_a_relation() -> None:
    """Who contains is who has more beside it; who quotes is the first."""
    digest, article = MARKET_NEWS + "\n\n" + RADIO_NEWS, MARKET_NEWS
    link = relate(article, digest)
    contained = Link(**{name: getattr(link, name) for name in link.__slots__} | {"relation": Relation.CONTAINS})
    assert told_from(contained, first=True) == "quoted_by"
    assert told_from(contained.turned(), first=False) == "contains"


def test_sentences_in_another_order_are_a_copy() -> None:
    """A ticker with the newest on top; the passages are those of the sentences."""
    parts = MARKET_NEWS.strip().split("\n\n")
    link = relate("\n\n".join(parts), "Live\n\n" + "\n\n".join(reversed(parts)))
    assert link.relation in COPIES
    assert len(link.spans) > 1
