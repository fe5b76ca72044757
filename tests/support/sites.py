"""Several small news sites on loopback with the articles of the demo: in many languages, with copies across sites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import TracebackType
from typing import Self

from support.newsroom import Asked, Newsroom

from flows.demo.corpus import load_articles


class Sites:
    """A context manager: `count` sites that share out `articles` articles, each answered after `wait_s`."""

    def __init__(self, count: int, articles: int, wait_s: float = 0.0) -> None:
        self.rooms = [Newsroom() for _ in range(count)]
        self.urls = [
            self._put(self.rooms[number % count], f"story-{number}", article.title, article.text)
            for number, article in enumerate(load_articles()[:articles])
        ]
        for room in self.rooms:
            for page in room.pages.values():
                page.wait_s = wait_s
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        for room in self.rooms:
            self._stack.enter_context(room)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    @property
    def settings(self) -> dict[str, str]:
        """What lets newsmill fetch from here, without the usual pause."""
        allowed = ",".join(room.host for room in self.rooms)
        return {"NEWSMILL_FETCH__DELAY_S": "0", "NEWSMILL_FETCH__ALLOW_PRIVATE": allowed}

    @contextmanager
    def held(self) -> Iterator[None]:
        """Answer nothing but robots.txt in a `with` block, at whose end all is answered that was asked meanwhile."""
        for room in self.rooms:
            room.door.clear()
        try:
            yield
        finally:
            for room in self.rooms:
                room.door.set()

    def forget(self) -> None:
        """Begin the log anew."""
        for room in self.rooms:
            room.log.clear()

    def fetched(self) -> Counter[str]:
        """How often each article was asked for."""
        return Counter(url for room in self.rooms for url in _articles(room, room.log))

    def _put(self, room: Newsroom, slug: str, title: str, text: str) -> str:
        first, *rest = text.split("\n\n")
        return room.story(slug, first, "</p><p>".join(rest), title=title.replace('"', "'"))


def _articles(room: Newsroom, log: list[Asked]) -> list[str]:
    return [room.base + one.path for one in log if one.path != "/robots.txt"]
