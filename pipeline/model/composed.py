"""What the month's faults and accounts come to when they are gathered by what they are about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FoundConcern:
    """One sort of fault among what stands.

    returned, doubtful: places (cells, or rows, sheets and files as a whole) that were returned, and that
    are to be looked into; units: whose they are, those that are known; rules: each rule of it with its
    number of places, the most frequent first.
    """

    name: str
    ask: str
    returned: int
    doubtful: int
    units: tuple[str, ...]
    rules: tuple[tuple[str, int], ...]

    @property
    def places(self) -> int:
        """All of them."""
        return self.returned + self.doubtful


@dataclass(frozen=True)
class Account:
    """What a unit wrote of one topic, on one line; numbers that could be IDs are masked."""

    topic: str
    unit: str
    text: str


@dataclass(frozen=True)
class Saying:
    """One account in the words of the first unit that gave it, and all units that gave one like it.

    same: whether all of them wrote it in the very same words, but for their own names.
    """

    text: str
    units: tuple[str, ...]
    same: bool = True


@dataclass(frozen=True)
class FoundTheme:
    """What is said of one theme; '' is the name of what belongs to none."""

    topic: str
    name: str
    sayings: tuple[Saying, ...]

    @property
    def units(self) -> tuple[str, ...]:
        """All units that speak of it."""
        return tuple(unit for saying in self.sayings for unit in saying.units)
