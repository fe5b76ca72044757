"""Tables kept on disk: the same as those that are made, and never of another version."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from ingest import kept
from ingest.dedup import weights
from ingest.lang import lexicon, vocabulary
from ingest.language import profiles, witness, words


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    kept._folder.cache_clear()
    yield tmp_path
    kept._folder.cache_clear()


def forbidden() -> Any:
    """Must not be made again."""
    raise AssertionError


@pytest.mark.parametrize(
    "make",
    [lexicon._made, vocabulary._plain, vocabulary._made_days, lambda: weights._make("sv")],
    ids=["lexicon", "vocabulary", "days", "weights"],
)
@pytest.mark.usefixtures("cache")
def test_a_value_comes_back_as_it_was_made(make: Callable[[], object]) -> None:
    """What is on disk is equal to what is made, and is not made again."""
    made = kept.kept("value", make)
    assert kept.kept("value", forbidden) == made


@pytest.mark.parametrize("make", [profiles._make, words._make, witness._unpack], ids=["letters", "words", "witness"])
@pytest.mark.usefixtures("cache")
def test_arrays_come_back_as_they_were_made(make: Callable[[], Mapping[str, Any]]) -> None:
    """Arrays are equal in values and types, are not made again, and nobody can write to them."""
    made = kept.kept_arrays("arrays", make)
    again = kept.kept_arrays("arrays", forbidden)
    assert again.keys() == made.keys()
    for name, array in again.items():
        assert (array.dtype, type(array)) == (made[name].dtype, np.ndarray)
        assert np.array_equal(array, made[name])
        assert not array.flags.writeable


def test_another_version_makes_its_own(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table belongs to what it was made of; of many versions the oldest go."""
    for version in map(str, range(8)):
        monkeypatch.setattr(kept, "reader_version", partial(str, version))
        kept._folder.cache_clear()
        assert kept.kept("value", partial(str, version)) == version
        assert kept.kept("value", forbidden) == version
    assert 1 < len(list((cache / "newsmill").iterdir())) <= 5


def test_what_is_damaged_is_made_anew(cache: Path) -> None:
    """Half a file, or none, costs the time to make it again."""
    kept.kept("value", lambda: {"a": 1})
    kept.kept_arrays("arrays", lambda: {"a": np.arange(3)})
    (folder,) = (cache / "newsmill").iterdir()
    (folder / "value.marshal").write_bytes(b"")
    (folder / "arrays" / "a.npy").write_bytes(b"\x93NUMPY")
    assert kept.kept("value", lambda: {"a": 2}) == {"a": 2}
    assert kept.kept_arrays("arrays", lambda: {"a": np.arange(4)})["a"].size == 4
    assert kept.kept("value", forbidden) == {"a": 2}
    assert kept.kept_arrays("arrays", forbidden)["a"].size == 4


def test_a_folder_that_others_may_write_to_is_not_read(cache: Path) -> None:
    """What anybody could have put there is not believed."""
    kept.kept("value", lambda: 1)
    (folder,) = (cache / "newsmill").iterdir()
    folder.chmod(0o777)
    kept._folder.cache_clear()
    assert kept.kept("value", lambda: 2) == 2


def test_without_a_home_all_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing can be kept, everything works as before."""
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull + "/none")
    kept._folder.cache_clear()
    assert kept.kept("value", lambda: 1) == 1
    assert kept.kept("value", lambda: 2) == 2
    kept._folder.cache_clear()
