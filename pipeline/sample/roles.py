"""Who plays which part in the made-up province, and how each county fills in its forms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from pipeline.sample.county_forms import HANDS
from pipeline.sample.pages import Habit
from pipeline.units import Gazetteer

_FORMS = ("full", "plain", "numbered", "full", "plain", "full", "numbered", "plain", "short")
_IN_BUNDLE, _LEFT_ORDINARY, _OLD_EXCEL = 3, 2, 5


@dataclass(frozen=True)
class Roles:
    """The parts by unit code; empty where the province is too small to cast them."""

    absent: str  # never files
    silent: str  # files, but not in the last period
    resubmitting: str  # files the last period twice
    broken: str  # sends a damaged file in the last period
    zipped: str
    text: str  # files csv
    open_document: str
    wrong_total: str  # states more than her roster holds
    nil: str  # has nobody in work before the last period
    old_excel: tuple[str, ...]
    bundler: str  # the prefecture that files for some of its counties
    bundled: tuple[str, ...]


def cast(counties: Sequence[str], gazetteer: Gazetteer, rng: Random) -> Roles:
    """Deals the parts out by the random numbers; nobody has two."""
    bundler, bundled = _bundle(counties, gazetteer, rng)
    pool = [code for code in counties if code not in bundled]
    rng.shuffle(pool)
    # a unit that is its own prefecture keeps an ordinary part: it would leave a whole line empty
    pool.sort(key=lambda code: gazetteer.prefecture_of(code) != code)

    def one() -> str:
        return pool.pop() if len(pool) > _LEFT_ORDINARY else ""

    return Roles(
        absent=one(),
        silent=one(),
        resubmitting=one(),
        broken=one(),
        zipped=one(),
        text=one(),
        open_document=one(),
        wrong_total=one(),
        nil=one(),
        old_excel=tuple(filter(None, (one() for _ in range(_OLD_EXCEL)))),
        bundler=bundler,
        bundled=bundled,
    )


def _bundle(
    counties: Sequence[str], gazetteer: Gazetteer, rng: Random
) -> tuple[str, tuple[str, ...]]:
    """A prefecture of middling size, and those of its counties that it files for."""
    below: dict[str, list[str]] = {}
    for code in counties:
        below.setdefault(gazetteer.prefecture_of(code), []).append(code)
    middling = [p for p, codes in below.items() if p not in codes and 4 <= len(codes) <= 6]
    if not middling:
        return "", ()
    bundler = rng.choice(middling)
    return bundler, tuple(sorted(rng.sample(below[bundler], _IN_BUNDLE)))


def habits(counties: Sequence[str], roles: Roles, rng: Random) -> dict[str, Habit]:
    """Each county's habits; the part it plays overrides them."""
    order = list(counties)
    rng.shuffle(order)
    habit_of = {code: _habit(n, rng) for n, code in enumerate(order)}
    for code, part in _parts(roles).items():
        habit_of[code] = replace(habit_of[code], **part)
    return {code: habit_of[code] for code in counties}


def _habit(n: int, rng: Random) -> Habit:
    return Habit(
        form=_FORMS[n % len(_FORMS)],
        hand=rng.randrange(len(HANDS)),
        manner=rng.randrange(4),
        together=rng.random() < 0.6,
        totals=n % 2 == 0,
        narrative=n % 3 == 0,
    )


def _parts(roles: Roles) -> dict[str, dict[str, Any]]:
    """What a part asks of its county's habits."""
    alone = {"totals": False, "narrative": False, "together": False}
    parts: dict[str, dict[str, Any]] = {
        roles.text: {"suffix": "csv", "form": "plain", **alone},
        roles.open_document: {"suffix": "ods", "form": "plain", "together": True},
        roles.zipped: {"together": False},
        roles.broken: {"together": False, "totals": False},
        roles.resubmitting: {"together": True, "form": "full"},
        roles.wrong_total: {"together": True, "totals": True},
        **{code: {"suffix": "xls"} for code in roles.old_excel},
    }
    return {code: part for code, part in parts.items() if code}
