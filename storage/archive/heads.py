"""Reading the head of an HTTP message as it lies in an archive, whoever wrote it.

FastWARC's own reading takes line ends for CR LF only, and has the whole iteration end at a head that is too long.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

# Some servers set hundreds of cookies; what is longer is no head.
_MAX_BYTES = 1_000_000
_STATUS_LINE = re.compile(rb"HTTP/\d(?:\.\d)?[ \t]+(\d{3})(?!\d)")

Headers = tuple[tuple[str, str], ...]


class LineReader(Protocol):
    """What lines are read from: each with its end, or as long as asked for; none at the end."""

    def readline(self, max_line_len: int = ..., /) -> bytes:
        """One line, or part of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Status and headers of a response, decoded as Latin-1, in their order."""

    status: int
    headers: Headers

    def values(self, name: str) -> tuple[str, ...]:
        """The values of a header, by its name in lower case."""
        return tuple(value for key, value in self.headers if key.lower() == name)


def read_head(reader: LineReader) -> Head:
    """The head of a response; the reader then stands at its body.

    Raises:
        ValueError: there is none. How much was read of it is undefined.
    """
    status = _STATUS_LINE.match(reader.readline(8192))
    if status is None:
        raise ValueError("it has no HTTP status line")
    return Head(status=int(status[1]), headers=read_fields(reader))


def read_fields(reader: LineReader) -> Headers:
    """Header fields up to the empty line or the end; what is no field is passed over.

    Raises:
        ValueError: there is no end of them.
    """
    fields: list[tuple[str, list[str]]] = []
    left = _MAX_BYTES
    while content := (line := reader.readline(left)).rstrip(b"\r\n").decode("latin-1"):
        left -= len(line)
        if left <= 0:
            raise ValueError("its HTTP head does not end")
        name, colon, value = content.partition(":")
        if content[0] in " \t" and fields:  # a line that goes on with the value before (RFC 9112, 5.2)
            fields[-1][1].append(content.strip())
        elif colon:
            fields.append((name.strip(" \t"), [value.strip(" \t")]))
    return tuple((name, " ".join(parts)) for name, parts in fields)
