"""Which of a unit's files is the later one, and on what evidence: a person's word, descent, filing date,
what was mended, mark, folder, path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from pipeline.deduplicate.file_choices import Choice, Choices
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
class Evidence:
    """What tells files of one return apart beside their dates and names: what a person said of two, and
    pairs (earlier, later) of which the later is the earlier one with faults mended and nothing else
    changed, as a file is that lost our mark on its way (csv); corrections: of which it is no more than
    the rows that were mended."""

    choices: Choices = field(default_factory=Choices)
    mended: frozenset[tuple[Part, Part]] = frozenset()
    corrections: frozenset[tuple[Part, Part]] = frozenset()


@dataclass(frozen=True)
class Order:
    """The parts of one return of one period, the latest last, and what their order rests on."""

    parts: tuple[Part, ...]
    versions: dict[str, Version]
    evidence: Evidence = field(default_factory=Evidence)

    def is_evident(self, earlier: Part, later: Part) -> bool:
        """Whether anything but the path says that the one is later than the other."""
        if self._is_made_of(later, earlier) or _both_dated(earlier, later):
            return True
        return self.versions[later.file].tells_apart(self.versions[earlier.file])

    def choice(self, one: Part, other: Part) -> Choice | None:
        """What a person said of two files; of files that say something else since, only where nothing
        else tells them apart."""
        choice = self.evidence.choices.between(one, other)
        if (
            choice
            and choice.changed
            and (self.is_evident(one, other) or self.is_evident(other, one))
        ):
            return None
        return choice

    def is_version_of(self, later: Part, earlier: Part) -> bool:
        """Whether the later file's name or folder marks it as another version of the earlier file."""
        new, old = self.versions[later.file], self.versions[earlier.file]
        newer = new.order > old.order or (new.order == old.order and _both_dated(earlier, later))
        return new.rank > 0 and newer and new.stem == old.stem

    def follows(self, later: Part, earlier: Part) -> bool:
        """Whether it stands behind the other whatever their names say."""
        if choice := self.choice(later, earlier):
            return choice.stands == later.file
        return self._is_made_of(later, earlier)

    def _is_made_of(self, later: Part, earlier: Part) -> bool:
        if later.descends_from(earlier):
            return True
        given_up = self.versions[later.file].rank < 0 and self.versions[earlier.file].rank >= 0
        known = (earlier, later) in self.evidence.mended
        return known and not given_up and not _both_dated(earlier, later)


def ordered(parts: Sequence[Part], marks: Marks, evidence: Evidence) -> Order:
    """The parts from the earliest to the latest. A file without a date goes with the newest; whatever
    their dates, a file stands behind all that it descends from.

    Where nothing tells two apart the one with fewer faults is likelier the mended one, then the path
    decides: neither is evidence.
    """
    versions = {part.file: marks.version_of(part.file) for part in parts}
    newest = max((part.filed_on for part in parts), default="")
    order = Order((), versions, evidence)

    def key(part: Part) -> tuple[object, ...]:
        return part.filed_on or newest, versions[part.file].order, -part.faulty, part.file

    waiting = sorted(parts, key=key)
    found: list[Part] = []
    while waiting:
        free = (p for p in waiting if not any(order.follows(p, q) for q in _besides(p, waiting)))
        following = next(free, waiting[0])  # marks that point in a circle say nothing
        waiting.remove(following)
        found.append(following)
    return Order(tuple(found), versions, evidence)


def _besides(part: Part, parts: Iterable[Part]) -> Iterable[Part]:
    return (other for other in parts if other is not part)


def _both_dated(one: Part, other: Part) -> bool:
    return bool(one.filed_on and other.filed_on) and one.filed_on != other.filed_on
