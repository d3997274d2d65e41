"""Which of a unit's files is the later one, and on what evidence: descent, filing date, mark, folder, path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.versions import Marks, Version


@dataclass(frozen=True)
class Part:
    """What one file files for one unit and kind.

    nil: it says that there is nobody; unchanged: it says that nothing is new, and replaces nothing.
    digest: of the file's bytes; ancestors: digests of the files it was made from.
    """

    file: str
    unit: str
    entity: str
    kind: str
    period: str
    filed_on: str
    nil: bool
    unchanged: bool
    digest: str
    ancestors: frozenset[str]
    faulty: int = 0  # rows that an error returns

    def descends_from(self, other: Part) -> bool:
        """Whether it was made from the other file: the one we sent back, mended, or a later round of it."""
        return other.digest in self.ancestors


@dataclass(frozen=True)
class Order:
    """The parts of one return of one period, the latest last, and what their order rests on."""

    parts: tuple[Part, ...]
    versions: dict[str, Version]

    def is_evident(self, earlier: Part, later: Part) -> bool:
        """Whether anything but the path says that the one is later than the other."""
        if later.descends_from(earlier) or _both_dated(earlier, later):
            return True
        return self.versions[earlier.file].order != self.versions[later.file].order

    def is_version_of(self, later: Part, earlier: Part) -> bool:
        """Whether the later file's name or folder marks it as another version of the earlier file."""
        new, old = self.versions[later.file], self.versions[earlier.file]
        newer = new.order > old.order or (new.order == old.order and _both_dated(earlier, later))
        return new.rank > 0 and newer and new.stem == old.stem


def ordered(parts: Sequence[Part], marks: Marks) -> Order:
    """The parts from the earliest to the latest. A file without a date goes with the newest; whatever
    their dates, a file stands behind all that it descends from.

    Where nothing tells two apart the one with fewer faults is likelier the mended one, then the path
    decides: neither is evidence.
    """
    versions = {part.file: marks.version_of(part.file) for part in parts}
    newest = max((part.filed_on for part in parts), default="")

    def key(part: Part) -> tuple[object, ...]:
        return part.filed_on or newest, versions[part.file].order, -part.faulty, part.file

    waiting = sorted(parts, key=key)
    found: list[Part] = []
    while waiting:
        free = (p for p in waiting if not any(map(p.descends_from, _besides(p, waiting))))
        following = next(free, waiting[0])  # marks that point in a circle say nothing
        waiting.remove(following)
        found.append(following)
    return Order(tuple(found), versions)


def _besides(part: Part, parts: Iterable[Part]) -> Iterable[Part]:
    return (other for other in parts if other is not part)


def _both_dated(one: Part, other: Part) -> bool:
    return bool(one.filed_on and other.filed_on) and one.filed_on != other.filed_on
