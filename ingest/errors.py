"""A broken world, as exceptions that say what to do next.

    NewsmillError
    ├── ConfigError            a setting, a file of settings or an option is wrong
    ├── InputError             what was given to ingest cannot be read at all
    ├── StorageError           the database or the archive cannot be used
    │   └── UnstorableError    the database works, and does not take what it was given
    ├── TranslationError       an engine or a package is broken
    │   └── MissingModelError  no package is installed for a pair
    └── RejectedError          the one page that was asked for is no article (ingest.outcome)

Of many articles one that is unfit is no exception but a `Rejection` (ingest.outcome).
"""

from __future__ import annotations


class NewsmillError(Exception):
    """Base of all: the message is one line that names the thing at fault and the next step."""


class ConfigError(NewsmillError):
    """A setting, a settings file or an option is wrong."""


class InputError(NewsmillError):
    """What was given to ingest cannot be read at all."""


class StorageError(NewsmillError):
    """The database or the archive cannot be used."""


class UnstorableError(StorageError):
    """The database works, and does not take what it was given."""


class TranslationError(NewsmillError):
    """A translation engine or package is broken."""


class MissingModelError(TranslationError):
    """No package is installed for a pair of languages."""

    def __init__(self, source: str, target: str) -> None:
        super().__init__(
            f"no translation package {source} -> {target}: run `newsmill models install {source} --to {target}`"
        )
        self.source = source
        self.target = target

    def __reduce__(self) -> tuple[type[MissingModelError], tuple[str, str]]:
        # An exception with its own __init__ does not unpickle by itself, and workers send theirs by pickle.
        return type(self), (self.source, self.target)
