"""Which translator runs: Argos packages, or models of Firefox."""

from __future__ import annotations

from pathlib import Path

from ingest.errors import ConfigError
from ingest.translate.argos import ArgosTranslator
from ingest.translate.installed import ARGOS, BACKENDS, FIREFOX
from ingest.translate.texts import Translator


def open_translator(
    backend: str = ARGOS,
    packages_dir: Path | None = None,
    *,
    beam: int = 2,
    threads: int = 0,
    compute_type: str = "auto",
) -> Translator:
    """The translator that the settings ask for; nothing is loaded yet.

    Args:
        backend: "argos" or "firefox".
        packages_dir: where packages lie; by default argostranslate's own folder.
        beam: see `ArgosTranslator`; the engine of Firefox has its own way, as with the other two.
        threads: see `ArgosTranslator`.
        compute_type: see `ArgosTranslator`.

    Raises:
        ConfigError: there is no such backend, or its package is not installed.
    """
    if backend == ARGOS:
        return ArgosTranslator(packages_dir, beam=beam, threads=threads, compute_type=compute_type)
    if backend == FIREFOX:
        from ingest.translate.firefox import FirefoxTranslator, require_fxtranslate

        require_fxtranslate()
        return FirefoxTranslator(packages_dir)
    raise ConfigError(f"no translation backend {backend!r}: translate.backend is one of {', '.join(BACKENDS.values())}")
