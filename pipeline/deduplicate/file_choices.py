"""Which of two files stands where a person had to say it (选文件), and whether the files are still those."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from pipeline.model import Issue
from pipeline.programme import Programme

if TYPE_CHECKING:
    import pyarrow as pa


class Lying(Protocol):
    """A file as it lies in the inbox: its path, its digest, and those of the files it was made from."""

    @property
    def file(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def ancestors(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Answer:
    """A line of model.tables.FILE_ANSWERS."""

    file_a: str
    file_b: str
    digest_a: str
    digest_b: str
    verdict: str  # a | b | both
    reason: str
    decided_by: str
    file: str
    period: str
    row: int


@dataclass(frozen=True)
class Choice:
    """What a person said of two files: the path of the one that stands, '' for both.

    changed: which of the two says something else since ('甲', '乙', '甲、乙'); it is asked again then.
    """

    stands: str
    answer: Answer
    changed: str = ""


@dataclass(frozen=True)
class Choices:
    """All answers that are taken, the newest first, and what is said of the others."""

    answers: tuple[Answer, ...] = ()
    issues: tuple[Issue, ...] = field(default=())

    def between(self, one: Lying, other: Lying) -> Choice | None:
        """The answer about two files: by what they hold, whatever they are called now, or were made
        from; else by where they lie, as an answer that is asked again."""
        for answer in self.answers:
            if not answer.digest_a or not answer.digest_b:
                continue
            for a, b in ((one, other), (other, one)):
                if _holds(a, answer.digest_a) and _holds(b, answer.digest_b):
                    return Choice({"a": a.file, "b": b.file}.get(answer.verdict, ""), answer)
        for answer in self.answers:
            for a, b in ((one, other), (other, one)):
                if (a.file, b.file) == (answer.file_a, answer.file_b):
                    of = (("甲", a, answer.digest_a), ("乙", b, answer.digest_b))
                    changed = [word for word, file, was in of if was and not _holds(file, was)]
                    stands = {"a": a.file, "b": b.file}.get(answer.verdict, "")
                    return Choice(stands, answer, "、".join(changed))
        return None


def _holds(file: Lying, digest: str) -> bool:
    return digest == file.digest or digest in file.ancestors


def choices_of(table: pa.Table, programme: Programme) -> Choices:
    """The answers that are taken: of one pair of files that of the newest workbook; two of one period that
    contradict each other neither, and none without a reason or a name."""
    kept: list[Answer] = []
    issues: list[Issue] = []
    for given in _by_pair(Answer(**line) for line in table.to_pylist()):
        whole = []
        for answer in given:
            if why := _lacking(answer):
                issue = programme.issue("U11", why=why)
                issues.append(issue.at(file=answer.file, row=answer.row))
            else:
                whole.append(answer)
        newest = max((answer.period for answer in whole), default="")
        last = [answer for answer in whole if answer.period == newest]
        if other := next((x for x in last if x.verdict != last[0].verdict), None):
            issue = programme.issue("U05", other=f"{other.file} 第 {other.row} 行")
            issues.append(issue.at(file=last[0].file, row=last[0].row))
        elif last:
            kept.append(last[-1])
    kept.sort(key=lambda answer: (answer.period, answer.file, answer.row), reverse=True)
    return Choices(tuple(kept), tuple(issues))


def _by_pair(answers: Iterable[Answer]) -> Iterable[list[Answer]]:
    by_pair: dict[frozenset[str], list[Answer]] = {}
    for answer in answers:
        by_pair.setdefault(frozenset((answer.file_a, answer.file_b)), []).append(answer)
    return by_pair.values()


def _lacking(answer: Answer) -> str:
    named: tuple[tuple[str, Any], ...] = (("理由", answer.reason), ("裁定人", answer.decided_by))
    missing = "、".join(word for word, text in named if not text.strip())
    return f"没有写{missing}" if missing else ""
