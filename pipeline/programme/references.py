"""The lists a roster may be held against (参考名单), and how they are recognised."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a status on a reference list says, and the rule it is reported under (none: sound)."""

    label: str
    words: tuple[str, ...]
    rule: str = ""


@dataclass(frozen=True)
class Reference:
    """A list that rosters are held against, and how it is recognised."""

    name: str
    label: str
    keys: tuple[str, ...]
    titles: tuple[str, ...]
    marks: tuple[str, ...] = ()  # headers that only such a list has
    status: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # headers of the columns that say in which unit a person lives
    meanings: tuple[Meaning, ...] = ()
    unlisted: str = ""  # the rule for a person whom it should name and does not

    @property
    def rules(self) -> set[str]:
        """The codes under which it is reported."""
        return {self.unlisted, *(m.rule for m in self.meanings)} - {""}
