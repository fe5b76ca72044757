"""Seeds in the hands of several workers: shared out, given back, never lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.databases import KINDS, empty_database
from support.making import key_of

from ingest.model import Seed, Via
from ingest.outcome import Outcome, Reason, Rejection, Stage
from storage import claims, queue, runs, seeds, workers
from storage.runs import OpenRun
from storage.seeds import Settled, Task
from storage.store import Store, Transaction


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty database of each kind."""
    with empty_database(request.param, tmp_path) as url, Store(url) as opened:
        yield opened


def task(site: str, number: int = 0) -> Task:
    """A seed of a site."""
    url = f"https://{site}.example/{number}"
    return Task(key=key_of(url), seed=Seed(url=url), site=f"{site}.example")


def begin(tx: Transaction, *tasks: Task, beside: Sequence[str] = ()) -> OpenRun:
    """A run with these seeds."""
    run_id = runs.start_run(tx, "urls", "en")
    queue.accept(tx, run_id, tasks, beside=beside)
    return next(one for one in runs.open_runs(tx, run_id) if one.id == run_id)


def helper(tx: Transaction, name: str) -> str:
    """A worker that is alive, as if on another machine."""
    workers.register(tx, name)
    tx.exec_driver_sql(f"UPDATE worker SET host = 'elsewhere' WHERE id = '{name}'")
    return name


def claimed(tx: Transaction, worker: str, of: OpenRun, limit: int = 100) -> set[str]:
    """The addresses that a worker gets."""
    return {one.seed.url for one in claims.claim_seeds(tx, worker, of, limit)}


def settle(tx: Transaction, worker: str, of: OpenRun, tasks: Sequence[Task], rest_s: float = 0.0) -> None:
    """Say that pages were not found."""
    for one in tasks:
        gone = Rejection(url=one.seed.url, source=None, stage=Stage.FETCH, reason=Reason.GONE)
        seeds.settle(tx, of.id, [Settled(key=one.key, outcome=gone.outcome, rejection=gone)])
    claims.let_go(tx, worker, [one.key for one in tasks], rest_s)


def test_one_worker_gets_all_in_the_order_of_the_queue(store: Store) -> None:
    """The owner alone takes batch by batch what it has accepted."""
    tasks = [task(site, number) for number in range(3) for site in ("a", "b")]
    with store.writing() as tx:
        run = begin(tx, *tasks)
        batches = [claims.claim_seeds(tx, run.id, run, 4) for _ in range(3)]
    assert [[one.key for one in batch] for batch in batches] == [
        [one.key for one in tasks[:4]],
        [one.key for one in tasks[4:]],
        [],
    ]


def test_a_site_is_with_one_worker_at_a_time(store: Store) -> None:
    """What is left of a site goes to its worker alone, and after a rest to anybody."""
    one, two = task("a", 1), task("a", 2)
    with store.writing() as tx:
        run = begin(tx, one, two)
        other = helper(tx, "work-1")
        assert claimed(tx, run.id, run, 1) == {one.seed.url}
        assert claimed(tx, other, run) == set()
        settle(tx, run.id, run, [one], rest_s=60.0)
        assert claimed(tx, other, run) == set(), "the site rests"
        tx.exec_driver_sql("UPDATE claim SET rests_until = '2020-01-01T00:00:00+00:00'")
        assert claimed(tx, other, run) == {two.seed.url}


def test_what_asks_no_site_is_free_for_all(store: Store) -> None:
    """Pages that lie in an archive are shared without regard to where they came from; a file stays on its machine."""
    archived = [replace(task("a", number), site="") for number in range(2)]
    local = Task(key="0" * 64, seed=Seed(url="file:///tmp/page.html", via=Via.FILE))
    with store.writing() as tx:
        run = begin(tx, *archived, local)
        tx.exec_driver_sql(f"UPDATE run SET host = 'elsewhere' WHERE id = '{run.id}'")
        (far,) = runs.open_runs(tx, run.id)
        assert not far.here
        assert claimed(tx, helper(tx, "work-1"), far, 1) == {archived[0].seed.url}
        assert claimed(tx, helper(tx, "work-2"), far) == {archived[1].seed.url}


def test_workers_share_sites_out(store: Store) -> None:
    """Three workers get batches of sites of their own; together they get everything, and nothing twice."""
    tasks = [task(f"s{number % 30}", number) for number in range(90)]
    with store.writing() as tx:
        run = begin(tx, *tasks)
        crew = [run.id, helper(tx, "work-1"), helper(tx, "work-2")]
        given: Counter[str] = Counter()
        holders: dict[str, str] = {}
        for _ in range(20):
            for worker in crew:
                for url in claimed(tx, worker, run, 12):
                    given[url] += 1
                    assert holders.setdefault(url.split("/")[2], worker) == worker
    assert given == {one.seed.url: 1 for one in tasks}
    assert set(holders.values()) == set(crew)


def test_what_a_dead_worker_had_goes_back(store: Store) -> None:
    """It is claimed again, one by one; the worker, if it was only slow, has nothing to say about it any more."""
    tasks = [task("a", 1), task("b", 2)]
    with store.writing() as tx:
        run = begin(tx, *tasks)
        slow = helper(tx, "work-1")
        assert len(claimed(tx, slow, run)) == 2
        tx.exec_driver_sql("UPDATE worker SET heartbeat_at = '2020-01-01T00:00:00+00:00' WHERE id = 'work-1'")
        assert workers.dead(tx, run.id) == (slow,)
        claims.bury(tx, slow)
        assert claims.in_hand(tx, slow, [one.key for one in tasks]) == set()
        for one in tasks:
            assert claimed(tx, run.id, run) == {one.seed.url}
            assert claimed(tx, run.id, run) == set()
            assert claims.in_hand(tx, run.id, [two.key for two in tasks]) == {one.key}
            settle(tx, run.id, run, [one])


def _finish(tx: Transaction, run: OpenRun) -> bool:
    """Settle what a run's owner can claim; whether there was something."""
    found = False
    while got := claims.claim_seeds(tx, run.id, run, 5):
        settle(tx, run.id, run, got)
        found = True
    return found


def bury(tx: Transaction, name: str, run: OpenRun, limit: int) -> set[str]:
    """Have a worker die with so many seeds in hand; which they were."""
    had = claimed(tx, helper(tx, name), run, limit)
    tx.exec_driver_sql(f"UPDATE worker SET heartbeat_at = '2020-01-01T00:00:00+00:00' WHERE id = '{name}'")
    claims.bury(tx, name)
    return had


def test_only_what_was_alone_in_hand_at_a_second_death_is_poison(store: Store) -> None:
    """Two kills of a whole batch condemn none of it; who was suspected and alone gets its outcome, the rest goes on."""
    with store.writing() as tx:
        run = begin(tx, *(replace(task("a", number), site="") for number in range(3)))
        assert len(bury(tx, "work-1", run, 3)) == 3
        assert queue.open_count(tx, run.id) == 3
        guilty = bury(tx, "work-2", run, 3)
        assert len(guilty) == 1
        assert queue.open_count(tx, run.id) == 2
        assert {one.seed.url for one in seeds.poisoned_tasks(tx)} == guilty
        again = begin(tx, *(replace(task("a", number), site="") for number in range(3)))
        assert runs.outcome_counts(tx, again.id) == {"rejected": 1}


def test_who_says_that_it_ends_was_killed_by_nothing(store: Store) -> None:
    """What was in hand when a run was stopped is done in batches as before."""
    with store.writing() as tx:
        run = begin(tx, *(replace(task("a", number), site="") for number in range(3)))
        worker = helper(tx, "work-1")
        claimed(tx, worker, run)
        workers.resign(tx, worker)
        claims.bury(tx, worker)
        assert len(claimed(tx, run.id, run)) == 3


def test_runs_that_want_the_same_page_share_its_outcome(store: Store) -> None:
    """It is claimed once; what one has stored is unchanged for the other, in which language it translates aside."""
    both, own = task("a", 1), task("b", 2)
    with store.writing() as tx:
        first = begin(tx, both)
        claims.claim_seeds(tx, first.id, first, 10)
        second = begin(tx, both, own, beside=[first.id])
        assert claimed(tx, second.id, second) == {own.seed.url}
        done = Settled(key=both.key, outcome=Outcome.STORED, record_id="0" * 64, text_sha256="1")
        assert seeds.settle(tx, first.id, [done]) == {first.id, second.id}
        assert runs.outcome_counts(tx, first.id) == {"stored": 1}
        assert runs.outcome_counts(tx, second.id) == {"unchanged": 1}
        assert (queue.open_count(tx, first.id), queue.open_count(tx, second.id)) == (0, 1)


def test_what_a_run_beside_has_just_settled_is_not_done_again(store: Store) -> None:
    """Unless it failed, or it was some time ago: then it is asked for again."""
    stored, failed, old = task("a", 1), task("b", 2), task("c", 3)
    with store.writing() as tx:
        first = begin(tx, stored, failed, old)
        for one in (stored, old):
            seeds.settle(tx, first.id, [Settled(key=one.key, outcome=Outcome.STORED, record_id=one.key)])
        broken = Rejection(url=failed.seed.url, source=None, stage=Stage.FETCH, reason=Reason.TIMEOUT)
        seeds.settle(tx, first.id, [Settled(key=failed.key, outcome=broken.outcome, rejection=broken)])
        tx.exec_driver_sql(f"UPDATE url SET settled_at = '2020-01-01T00:00:00+00:00' WHERE key = '{old.key}'")
        second = begin(tx, stored, failed, old, beside=[first.id])
        assert runs.outcome_counts(tx, second.id) == {"unchanged": 1}
        assert claimed(tx, second.id, second) == {failed.seed.url, old.seed.url}
        assert runs.seed_count(tx, second.id) == 3


def test_a_short_run_does_not_wait_for_the_end_of_a_long_one(store: Store) -> None:
    """A site that a long run has to itself is given to another run as soon as what is in hand is done."""
    tasks = [task("a", number) for number in range(50)]
    late = task("a", 99)
    with store.writing() as tx:
        long = begin(tx, *tasks)
        first = claims.claim_seeds(tx, long.id, long, 10)
        short = begin(tx, late)
        tx.exec_driver_sql("UPDATE worker SET host = 'elsewhere'")  # two processes, for once
        assert claimed(tx, short.id, short) == set()
        settle(tx, long.id, long, first)
        assert claimed(tx, long.id, long, 10) == set(), "the other run is nearer to its beginning"
        assert claimed(tx, short.id, short) == {late.seed.url}


ACTIONS = st.lists(st.tuples(st.sampled_from(["claim", "settle", "die", "run"]), st.integers(0, 3)), max_size=40)


@given(actions=ACTIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_seed_is_lost_whatever_workers_do(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, int]]
) -> None:
    """Claims, deaths and new runs in any order: no seed is with two workers, and in the end each has its outcomes."""
    tasks = [task(f"s{number % 4}", number) for number in range(12)]
    with Store(f"sqlite:///{tmp_path_factory.mktemp('claims')}/n.db") as store, store.writing() as tx:
        opened = [begin(tx, *tasks[:8])]
        hands: dict[str, list[Task]] = {}
        for action, number in actions:
            name = f"work-{number}"
            if action == "run" and len(opened) < 3:
                tx.exec_driver_sql("UPDATE worker SET host = 'elsewhere'")
                opened.append(begin(tx, *tasks[number:], beside=[one.id for one in opened]))
            elif action == "claim":
                helper(tx, name)
                got = claims.claim_seeds(tx, name, opened[number % len(opened)], 3)
                assert not {one.key for one in got} & {one.key for hand in hands.values() for one in hand}
                hands.setdefault(name, []).extend(got)
            elif action == "settle":
                settle(tx, name, opened[number % len(opened)], hands.pop(name, []))
            elif action == "die":
                claims.bury(tx, name)
                hands.pop(name, None)
        for name in hands:
            claims.bury(tx, name)
        # What was in hand at a death waits for the seeds of all other runs.
        while any(_finish(tx, one) for one in opened):
            pass
        for one in opened:
            assert runs.outcome_counts(tx, one.id).total() == runs.seed_count(tx, one.id)
            assert queue.open_count(tx, one.id) == 0
