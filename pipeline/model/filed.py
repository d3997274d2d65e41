"""What is filed, as filed: units, files, cells, sheets, and all that one file says."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Unit:
    """A reporting unit (填报单位), with the dates between which it exists under this code."""

    code: str
    name: str
    parent: str
    since: date | None = None
    until: date | None = None
    continues: str = ""
    aliases: tuple[str, ...] = ()

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on that day."""
        return (self.since is None or self.since <= day) and (
            self.until is None or day <= self.until
        )


@dataclass(frozen=True)
class Submission:
    """One file as dropped: `path` below inbox/ (always `/`, NFC), an archive's member after `!`."""

    path: str
    sha256: str
    folder_period: str
    content: bytes = field(repr=False)
    fault: str = ""  # why it cannot even be taken in (a broken archive), in the clerk's words

    @property
    def file_name(self) -> str:
        """The innermost name, without folders."""
        return self.path.rsplit("!", 1)[-1].rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Judgement:
    """A person's decision on an open question (待裁定.xlsx)."""

    id_a: str
    id_b: str  # empty: the question is only who keeps the count
    verdict: str  # same | different | open | ''
    keeper: str  # unit code, or ''
    indicator: str
    year: str
    reason: str
    decided_by: str
    file: str
    row: int
    period: str = ""  # of the workbook it was written in
    fingerprint: str = ""  # of the evidence it was made on
