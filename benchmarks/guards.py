"""How often the guards of translation cry wolf, and how many planted faults they catch.

    python benchmarks/guards.py                  guards.tsv beside this file, and sentences with made numbers
    python benchmarks/guards.py pairs.tsv        good translations: language, target, source, translation

Fails where more than 0.3 % of the good translations are called faulty or doubtful, or fewer than 97 % of a kind of
fault are seen. A line of guards.tsv names the places of its good translation that a model may get wrong, and how.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.catalogues import Pair, folders, good_pairs
from benchmarks.results import Row, Scope
from ingest.translate.doubts import find_doubt
from ingest.translate.faults import find_fault

MOST_FALSE_ALARMS = 0.003
FEWEST_CAUGHT = 0.97
TABLE = Path(__file__).with_name("guards.tsv")
_PLACE = re.compile(r"\{([^{}]*)\}")


# {n} is a number, written as each language does; {y} a year; {d} a small one; {h} an hour after noon.
SENTENCES = """\
sv Kommunen köpte {n} nya stolar till skolan i våras.
   The municipality bought {n} new chairs for the school this spring.
sv Mötet börjar kl. {h}.30 den {d} maj och är öppet för alla.
   The meeting starts at {h12}:30 pm on {d} May and is open to everyone.
sv Sedan {y} har byn haft {d} lanthandlare, sade Karin Ek.
   Since {y} the village has had {d} grocers, said Karin Ek.
sv Bron stängs i natt, men färjan går som vanligt.
   The bridge will be closed tonight, but the ferry will run as usual.
sv ”Vi har väntat i {d} timmar”, berättade en resenär.
   "We have been waiting for {d} hours," a traveller told us.
sv Läs mer på X1 eller ring växeln.
   Read more at X1 or call the switchboard.
sv Nej, det blir inget.
   No, it won't happen.
de Die Stadt verkaufte im Jahr {y} rund {n} Eintrittskarten.
   In {y} the city sold about {n} tickets.
de Am {d}. Juni wird das alte Rathaus nach langer Pause wieder geöffnet.
   On {d} June the old town hall reopens after a long break.
de Der Zug hatte {d} Minuten Verspätung, weil eine Kuh auf den Gleisen stand.
   The train was {d} minutes late because a cow was standing on the tracks.
de Niemand wurde verletzt, teilte die Feuerwehr am Abend mit.
   Nobody was hurt, the fire brigade said in the evening.
de Die Miete stieg um {p},5 Prozent.
   Rents rose by {p}.5 percent.
de Das Museum zeigt Bilder aus dem 18. Jahrhundert.
   The museum is showing paintings from the eighteenth century.
ru В городе открыли {d} новых школ и одну библиотеку.
   The town has opened {d} new schools and one library.
ru С {y} года население выросло на {n} человек.
   Since {y} the population has grown by {n} people.
ru По словам соседей, пожар начался около {h}:15.
   According to neighbours, the fire began at about {h12}:15 pm.
ru «Мы ничего не знали», — сказала учительница местной газете.
   "We knew nothing," the teacher told the local newspaper.
ru Ремонт дороги стоил {p},2 млн рублей.
   The repair of the road cost {p}.2 million roubles.
ru Подробности — на сайте X1.
   Details are on the website X1.
"""


class Planted(NamedTuple):
    """A good translation with one place gone wrong, and the kind of that fault."""

    kind: str
    pair: Pair
    bad: str


def listed(path: Path = TABLE) -> tuple[list[Pair], list[Planted]]:
    """The good translations of a table, and each of their places with each fault that it names."""
    good, planted = [], []
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        language, target, source, written = line.split("\t")
        pair = Pair(language, target, source, _filled(written))
        good.append(pair)
        for place, choices in enumerate(_PLACE.findall(written)):
            for choice, named in enumerate(choices.split("|")[1:], 1):
                planted.append(Planted(named.rpartition(" ")[2], pair, _filled(written, place, choice)))
    return good, planted


def _filled(written: str, place: int = -1, choice: int = 0) -> str:
    """A line of the table with the first choice in all places, but for one."""
    places = iter(range(written.count("{")))

    def chosen(found: re.Match[str]) -> str:
        choices = found[1].split("|")
        return choices[choice].rpartition(" ")[0] if next(places) == place else choices[0]

    return _PLACE.sub(chosen, written)


def made_up(times: int = 40) -> list[Pair]:
    """Good translations with numbers that differ."""
    chance = random.Random(7)
    pairs = []
    lines = SENTENCES.splitlines()
    for first, second in zip(lines[::2], lines[1::2], strict=True):
        language, source, translation = first[:2], first[3:], second.strip()
        for _ in range(times):
            number, hour = chance.randrange(1_001, 99_999), chance.randrange(13, 23)
            shared = {"y": chance.randrange(1901, 2026), "d": chance.randrange(2, 29), "p": chance.randrange(2, 60)}
            there = {"n": f"{number:,}".replace(",", "." if language == "de" else " "), "h": hour, **shared}
            here = {"n": f"{number:,}", "h12": hour - 12, **shared}
            pairs.append(Pair(language, "en", source.format(**there), translation.format(**here)))
    return list(dict.fromkeys(pairs))


def read_pairs(path: Path) -> list[Pair]:
    """Pairs from a file of four columns parted by tabs."""
    lines = path.read_text("utf-8").splitlines()
    return [Pair(*cells) for line in lines if len(cells := line.split("\t")) == len(Pair._fields)]


def loop(pair: Pair, chance: random.Random) -> str | None:
    """A piece of one to four words three to six times, as models get stuck."""
    words = pair.translation.split()
    size = chance.randint(1, min(4, len(words)))
    at = chance.randrange(len(words) - size + 1)
    piece = words[at : at + size]
    if not re.search(r"[^\W\d_]", "".join(piece)):
        return None
    return " ".join(words[:at] + piece * chance.randint(4, 7) + words[at + size :])


def copy(pair: Pair, chance: random.Random) -> str | None:
    """The source, as it is, with a word changed, or in capitals."""
    words = pair.source.split()
    if len(re.findall(r"\b[^\W\d_A-ZА-ЯÅÄÖÜ]{2,}", pair.source)) < 4:
        return None  # too short to tell from a name
    if chance.random() < 0.5:
        words[0] = pair.translation.split()[0]
    return " ".join(words).upper() if chance.random() < 0.2 else " ".join(words)


def lost_digits(pair: Pair, chance: random.Random) -> str | None:
    """A number gone, or with a figure changed."""
    # Into other languages than English a small number may have become a word; nobody can tell.
    smallest = 10 if pair.target == "en" else 13
    numbers = [one for one in re.finditer(r"\d{2,}", pair.translation) if int(one[0]) >= smallest]
    if not numbers:
        return None
    number = chance.choice(numbers)
    figures = list(number[0])
    at = chance.randrange(len(figures))
    figures[at] = str((int(figures[at]) + chance.randint(1, 8)) % 10)
    changed = "" if chance.random() < 0.5 else "".join(figures)
    return pair.translation[: number.start()] + changed + pair.translation[number.end() :]


def wrong_script(pair: Pair, chance: random.Random) -> str | None:
    """A third of the words in letters of another script."""
    letters = dict(zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхийклмнопярстувжхыз", strict=True))
    words = pair.translation.split()
    for at in chance.sample(range(len(words)), -(-len(words) // 3)):
        words[at] = "".join(letters.get(letter, letter) for letter in words[at].lower())
    return " ".join(words) if re.search("[а-я]{3}", " ".join(words)) else None


def truncation(pair: Pair, chance: random.Random) -> str | None:
    """The first quarter to half of the words."""
    words = pair.translation.split()
    if len(words) < 7:
        return None
    return " ".join(words[: max(1, int(len(words) * chance.uniform(0.25, 0.5)))])


FAULTS: tuple[Callable[[Pair, random.Random], str | None], ...] = (loop, copy, lost_digits, wrong_script, truncation)


def rows(scope: Scope) -> Iterator[Row]:
    """False alarms, and the planted faults that were caught."""
    if scope.data:  # what is installed differs by machine
        yield from _of_people(good_pairs(folders(scope.data)))
    table, wrong = listed()
    pairs = [*made_up(), *table]
    good = unfaulted(pairs)
    languages = {one.source_language for one in pairs}
    on = f"{len(pairs)} made sentences with good translations, from {len(languages)} languages"
    share = 1 - len(good) / len(pairs)
    yield Row(name="good translations called faulty", value=share, on=on, higher=False, goal=MOST_FALSE_ALARMS)
    for kind in sorted({one.kind for one in wrong}):
        own = [one for one in wrong if one.kind == kind]
        caught = sum(is_noticed(one.pair, one.bad) for one in own) / len(own)
        yield Row(
            name=f"caught: {kind}", value=caught, on=f"{len(own)} places of {len(table)} sentences", goal=FEWEST_CAUGHT
        )
    for plant in FAULTS:
        planted, missed = planted_and_missed(plant, good)
        caught = 1 - len(missed) / len(planted)
        yield Row(name=f"caught: {plant.__name__.replace('_', ' ')}", value=caught, on=on, goal=FEWEST_CAUGHT)


def _of_people(pairs: Sequence[Pair]) -> Iterator[Row]:
    """False alarms on what people translated, both ways; there are some real faults among them."""
    if not pairs:
        return
    turned = [Pair(one.target, one.source_language, one.translation, one.source) for one in pairs]
    on = f"{len(pairs)} sentences of installed catalogues and manuals, {len({one[0] for one in pairs})} languages"
    for way, some in (("into English", pairs), ("from English", turned)):
        faulty = [one for one in some if find_fault(one.source, one.translation, *one[:2])]
        doubtful = [one for one in some if find_doubt(one.source, one.translation, *one[:2])]
        name = f"good translations called faulty, {way}"
        yield Row(name=name, value=len(faulty) / len(some), on=on, higher=False, goal=MOST_FALSE_ALARMS)
        yield Row(
            name=f"good translations called doubtful, {way}", value=len(doubtful) / len(some), on=on, higher=False
        )


def unfaulted(pairs: Sequence[Pair]) -> list[Pair]:
    """The good translations that are taken for such."""
    return [pair for pair in pairs if not is_noticed(pair, pair.translation)]


def is_noticed(pair: Pair, translation: str) -> bool:
    """Whether a translation of a sentence is called faulty or doubtful."""
    languages = (pair.source_language, pair.target)
    return any(find(pair.source, translation, *languages) for find in (find_fault, find_doubt))


def planted_and_missed(
    plant: Callable[[Pair, random.Random], str | None], good: Sequence[Pair]
) -> tuple[list[tuple[Pair, str]], list[tuple[Pair, str]]]:
    """The pairs in which a fault could be planted, with the faulty text, and those of them that pass for good."""
    chance = random.Random(plant.__name__)
    planted = [(pair, bad) for pair in good if (bad := plant(pair, chance)) and bad != pair.translation]
    missed = [(pair, bad) for pair, bad in planted if not is_noticed(pair, bad)]
    return planted, missed


def main() -> int:
    """Measure and print; 1 where a limit is not held."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", nargs="?", type=Path)
    parser.add_argument("-v", "--verbose", action="store_true", help="show what is wrong")
    options = parser.parse_args()
    table, wrong = listed()
    pairs = read_pairs(options.pairs) if options.pairs else [*made_up(), *table]
    good = unfaulted(pairs)
    false_alarms = len(pairs) - len(good)
    held = false_alarms <= MOST_FALSE_ALARMS * len(pairs)
    share = 100 * false_alarms / len(pairs)
    print(f"{'good translations':20}{len(pairs):7}   called faulty {false_alarms:5}  {share:6.2f} %")
    for plant in FAULTS:
        planted, missed = planted_and_missed(plant, good)
        share = 1 - len(missed) / len(planted)
        held = held and share >= FEWEST_CAUGHT
        print(f"{plant.__name__:20}{len(planted):7}   caught {len(planted) - len(missed):12}  {100 * share:6.2f} %")
        if options.verbose:
            for pair, bad in missed[:20]:
                print(f"    missed: {pair.source} | {bad}")
    for kind in sorted({one.kind for one in wrong}):
        own = [one for one in wrong if one.kind == kind]
        unseen = [one for one in own if not is_noticed(one.pair, one.bad)]
        share = 1 - len(unseen) / len(own)
        held = held and share >= FEWEST_CAUGHT
        print(f"{kind:20}{len(own):7}   caught {len(own) - len(unseen):12}  {100 * share:6.2f} %")
        if options.verbose:
            for one in unseen:
                print(f"    missed: {one.pair.source} | {one.bad}")
    if options.verbose:
        for pair in pairs:
            if is_noticed(pair, pair.translation):
                print(f"    called faulty: {pair.source} | {pair.translation}")
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
