"""What the tests share: the built-in programme, a home folder, and the case folders."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from delivered import deliver_province
from hypothesis import settings
from readable import Filling, filling_of
from xdist.scheduler import LoadScopeScheduling

from pipeline.garbage import look_seldom
from pipeline.home import Home, built_in
from pipeline.programme import Programme, load_programme
from pipeline.read import PRELOAD
from pipeline.workers import start_server

# of laws whose every example is a whole month of many counties, and never the simplest there is;
# `--hypothesis-profile thorough` draws others each time
settings.register_profile("usual", max_examples=1, derandomize=True, deadline=None)
settings.register_profile("thorough", max_examples=40, derandomize=False, deadline=None)
settings.load_profile("usual")
look_seldom()  # as the program itself


# modules that take longest are begun first, so that no process works on alone at the end
LONG = ("delivered", "test_wild", "test_hostile", "test_sending", "test_loop", "test_forms", "test_history", "test_returns",
        "test_judgements", "test_golden", "test_references", "test_versions", "test_same_bytes", "test_again")  # fmt: skip


class ByModule(LoadScopeScheduling):  # type: ignore[misc]
    """Gives each module to one process, and all that look at the delivered province to the same one.

    What a module or the session makes once is then made once, however many processes there are.
    """

    def _split_scope(self, nodeid: str) -> str:
        return goes_with(nodeid.split("::")[0])


@cache
def goes_with(module: str) -> str:
    """The modules that a test runs with, by the place of its own module."""
    file = Path(__file__).parents[1] / module
    shares = file.parent == Path(__file__).parent and "delivered: Home" in file.read_text("utf-8")
    return "delivered" if shares else file.stem


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByModule:
    config.option.loadscopereorder = False  # they come in our order
    return ByModule(config, log)


@pytest.hookimpl(trylast=True)  # after the order was drawn
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: n for n, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(goes_with(item.nodeid.split("::")[0]), len(LONG)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update", action="store_true", help="rewrite what golden cases expect")


@pytest.fixture(scope="session", autouse=True)
def _workers_made_ready() -> None:
    """One server of processes serves all tests of a session, with what the first to start it had it load.

    It finds the modules of the tests too, and loads the sender that is killed a hundred times.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent), prepend=os.pathsep)
        start_server((*PRELOAD, "killed_sender"))


@pytest.fixture(scope="session")
def programme() -> Programme:
    return load_programme(built_in("schemas"), "handcraft")


@pytest.fixture(scope="session")
def templates() -> Path:
    return built_in("templates") / "handcraft"


@pytest.fixture(scope="session")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Both months of a made-up province as the whole job delivers them; not to be changed."""
    return deliver_province(tmp_path_factory.mktemp("delivered"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "inbox").mkdir()
    return tmp_path


@pytest.fixture(scope="session")
def returns() -> Path:
    """Two months of simulated returns with their truth, where PIPELINE_RETURNS says."""
    place = os.environ.get("PIPELINE_RETURNS", "")
    if not place:
        pytest.skip("PIPELINE_RETURNS is not set: no simulated returns on this machine")
    return Path(place)


@pytest.fixture(scope="session")
def filling(tmp_path_factory: pytest.TempPathFactory, programme: Programme) -> Filling:
    """What the summary of a small month is filled with, and what it is held against."""
    return filling_of(tmp_path_factory.mktemp("filling"), programme)
