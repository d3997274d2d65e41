"""What a file that goes back to its county says on its front sheet (核对结果)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model.findings import Severity


@dataclass(frozen=True)
class Line:
    """One finding as the front sheet says it. `place` is empty for a whole sheet or file."""

    who: str
    sheet: str
    place: str
    severity: Severity
    word: str
    message: str
    suggested: str = ""
    evidence: str = ""
    source: str = ""


@dataclass(frozen=True)
class Front:
    """The sheet's text: a title, lines that say what to do, and the findings."""

    title: str
    advice: Sequence[str]
    lines: Sequence[Line]
