"""Stories side by side: each with counties and persons of its own, so that one run of a month serves them all.

A story is a generator. What it lays into the inbox before a `yield` is what the month it yields is made
from; it is given what that run came to and goes on from it. One that fails does so alone.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import TypeVar

from pipeline.programme import Programme

Outcome = TypeVar("Outcome")
Story = Generator[str, Outcome, None]  # yields the period that is to be run


def run_together(
    stories: Mapping[str, Story[Outcome]], run: Callable[[str], Outcome]
) -> dict[str, Exception | None]:
    """Every story to its end, with one run for all that wait for the same month; by name what failed in each.

    run: works a period out from the inbox as it then is.
    """
    faults: dict[str, Exception | None] = dict.fromkeys(stories)
    waiting: dict[str, str] = {}

    def go_on(name: str, step: Callable[[], str]) -> None:
        try:
            waiting[name] = step()
        except StopIteration:
            pass
        except Exception as fault:  # its own test raises it again
            faults[name] = fault

    for name, story in stories.items():
        go_on(name, lambda story=story: next(story))  # type: ignore[misc]
    while waiting:
        due, waiting = waiting, {}
        for period in sorted(set(due.values())):
            outcome = run(period)
            for name in (name for name, wanted in due.items() if wanted == period):
                go_on(name, lambda name=name: stories[name].send(outcome))  # type: ignore[misc]  # noqa: B023
    return faults


def counties(programme: Programme) -> list[tuple[str, str]]:
    """The counties that have been there all the time, with code and name."""
    units = programme.gazetteer.units
    above = {u.parent for u in units}
    return [(u.code, u.name) for u in units if not (u.code in above or u.since or u.until)]
