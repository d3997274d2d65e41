"""The whole job in one sentence."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.aggregate import aggregate
from pipeline.collect import collect, kept_passwords
from pipeline.deduplicate import deduplicate
from pipeline.deliver import deliver, only_run
from pipeline.ingest import Progress, Read, ingest, newest_period
from pipeline.limits import LIMITS, Limits
from pipeline.model import Figures, Receipt
from pipeline.model.stop import Stop
from pipeline.programme import Programme
from pipeline.programme.waivers import Waiver
from pipeline.register import register
from pipeline.render import render
from pipeline.validate import review, validate


class NoReturns(Stop):
    """Nothing of that period lies in the inbox; says what to do."""


def run(
    inbox: Path,
    outbox: Path,
    period: str,
    programme: Programme,
    templates: Path,
    read: Read | None = None,
    progress: Progress = iter,
    limits: Limits = LIMITS,
    waivers: Iterable[Waiver] = (),
) -> tuple[Figures, Receipt]:
    """Everything in inbox/ up to `period` (or its newest) -> outbox/<period>/, all or nothing.

    `read` says how files are read: in this process unless told.

    Raises NoReturns, UnbalancedBooks, Undeliverable or ProgrammeFault; then nothing has changed.
    """
    with only_run(outbox):
        files = collect(inbox, period, limits)
        readings = ingest(files, programme, read, progress)
        period = _settled(period, newest_period(readings, period), inbox)
        readings = tuple(r for r in readings if r.period <= period)
        records = validate(readings, programme, waivers)
        claims = review(deduplicate(records, readings, programme, period), programme)
        claims = register(claims, readings, programme, period)
        figures = aggregate(claims, readings, programme, period)
        papers = render(figures, claims, readings, programme, templates, kept_passwords(inbox))
        return figures, deliver(papers, outbox, period)


def _settled(wanted: str, newest: str, inbox: Path) -> str:
    if wanted and newest != wanted:
        folder = inbox / wanted
        raise NoReturns(f"inbox 里没有 {wanted} 的报表。请把报表放进 {folder} 后再运行")
    if not newest:
        raise NoReturns(
            f"inbox 里的文件都看不出报告期。请放进 {inbox / '年-月'} 文件夹（如 2018-11）后再运行"
        )
    return newest
