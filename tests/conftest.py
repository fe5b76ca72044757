"""What holds for all tests."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.internal.conjecture.providers import HypothesisProvider
from hypothesis.internal.constants_ast import Constants
from support.once import once
from support.packages import demo_packages, home
from support.prefect_server import DATABASE, make_database

# Neither time nor chance decides a test: a change must not fail for a fault that it did not make.
settings.register_profile("newsmill", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("newsmill")

SERVED_BY_ONE = {f"tests/e2e/test_{name}.py" for name in ("serve", "serve_from_elsewhere", "ui")}


def pytest_configure(config: pytest.Config) -> None:
    """Have Hypothesis try the same values in each run, unless it is to look for new ones.

    It also tries constants of whatever modules are loaded: what a test tried would depend on the tests beside it.
    """
    assert hasattr(HypothesisProvider, "_local_constants")
    if not config.getoption("--hypothesis-profile"):
        HypothesisProvider._local_constants = Constants()  # type: ignore[method-assign, assignment]


@pytest.fixture(scope="module")
def argos_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """argostranslate, which creates folders when it is imported, creates them in a home of its own."""
    with pytest.MonkeyPatch.context() as patch:
        for variable, folder in home(tmp_path_factory.mktemp("home")).items():
            patch.setenv(variable, folder)
        yield


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the demo's packages."""
    return demo_packages(tmp_path_factory.mktemp("argos") / "packages")


@pytest.fixture(scope="session")
def prefect_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a Prefect server that has done nothing yet."""
    return once(tmp_path_factory, "prefect-made", make_database) / DATABASE


@pytest.fixture(scope="session")
def swedish(packages: Path) -> Path:
    """The Swedish package of the demo, to make others of."""
    return packages / "translate-sv_en-0_1"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `--dist loadfile`, keep the files that look at one `newsmill serve --demo` in one process: it costs most."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            file = str(super()._split_scope(nodeid))
            return "newsmill serve --demo" if file in SERVED_BY_ONE else file

    return Scheduling(config, log)


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name a case of bytes by its argument: compressed bytes hold the time, and parallel processes compare names."""
    return argname if isinstance(val, bytes) else None
