"""The made-up province behind `pipeline demo`: returns with planted faults, and what they are."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pipeline.programme import Programme
from pipeline.sample.province import build
from pipeline.sample.witness import Expected, Month, month

__all__ = ["Expected", "Month", "make_province"]


def make_province(
    home: Path,
    programme: Programme,
    *,
    seed: int = 20181201,
    periods: Sequence[str] = ("2018-10", "2018-11"),
    mended: bool = False,
) -> Expected:
    """Write home/inbox with every county's returns and the task table, and say what to expect.

    The same seed gives the same bytes. All people are made up. The periods are taken in their
    order in time; no boundary should be redrawn between the periods of one year. mended: the same
    province as it is when every county has put right what it can: in the same files, row by row.
    """
    province = build(programme, seed, periods, mended=mended)
    for path, content in province.files.items():
        file = home / "inbox" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return Expected(
        {
            period: month(period, province.filings, province.claims, province.pairs, programme)
            for period in sorted(set(periods))
        }
    )
