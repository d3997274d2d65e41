"""The months that lie in the outbox, by their receipts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.model.stop import Exit, Stop
from pipeline.periods import is_period

_REFUSED = ("returned", "unreadable")


@dataclass(frozen=True)
class Delivered:
    """One delivered month: its folder, and what its receipt says (data/run.json)."""

    period: str
    folder: Path
    receipt: Mapping[str, Any]

    @property
    def refused(self) -> int:
        """How many inputs were returned, in whole or in part, or could not be read."""
        return sum(entry["status"] in _REFUSED for entry in self.receipt["inputs"])

    @property
    def exit_code(self) -> Exit:
        """How the run that delivered it ended."""
        return Exit.RETURNED if self.refused else Exit.FINE

    def table(self, name: str) -> Path:
        """Where one of its tables lies. Raises Stop where it is gone."""
        file = self.folder / "data" / name
        if not file.is_file():
            raise Stop(f"{file} 不见了，请重新运行 pipeline run {self.period}")
        return file


def delivered(outbox: Path) -> Iterator[tuple[str, Delivered | None]]:
    """Every month of the outbox by period; None for one whose receipt cannot be read."""
    for file in sorted(outbox.glob("*/data/run.json")):
        period = file.parts[-3]
        if is_period(period):
            yield period, _read(file, period)


def newest(outbox: Path, period: str = "") -> Delivered:
    """The delivered month of a period, or the newest. Raises Stop where there is none."""
    months = {p: month for p, month in delivered(outbox) if period in ("", p)}
    if not months:
        what = f" {period} 的结果" if period else "结果"
        raise Stop(f"outbox 里还没有{what}。请先运行 pipeline run {period}".rstrip())
    last = max(months)
    if (month := months[last]) is None:
        raise Stop(f"outbox/{last} 的回执读不懂，请重新运行 pipeline run {last}")
    return month


def _read(file: Path, period: str) -> Delivered | None:
    try:
        receipt = json.loads(file.read_text(encoding="utf-8"))
        month = Delivered(period, file.parent.parent, receipt)
        sound = month.refused >= 0 and all(isinstance(u, str) for u in receipt["not_filed"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return month if sound else None
