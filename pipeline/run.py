"""The whole job in one sentence."""

from __future__ import annotations

from pathlib import Path

from pipeline.aggregate import aggregate
from pipeline.basis import basis_of, write_basis
from pipeline.collect import collect, kept_passwords
from pipeline.deduplicate import count
from pipeline.deliver import deliver, only_run
from pipeline.engine import Engine
from pipeline.gate import known_of, withhold
from pipeline.home import Home, built_in
from pipeline.marking import marking_apart
from pipeline.model import Figures, Receipt
from pipeline.model.stop import Stop
from pipeline.month import newest_period, tables
from pipeline.printing import print_papers
from pipeline.programme import Programme
from pipeline.read import Job, Progress, read
from pipeline.readback import facts_of, read_back, read_back_words
from pipeline.register import register
from pipeline.render import WRITTEN, check_templates, render
from pipeline.supervise import supervise
from pipeline.workers import Store, scratch


class NoReturns(Stop):
    """Nothing of that period lies in the inbox; says what to do."""


def run(
    home: Home, period: str, programme: Programme, progress: Progress[Job] = iter
) -> tuple[Figures, Receipt]:
    """Everything in inbox/ up to `period` (or its newest) -> outbox/<period>/, all or nothing.

    `progress` may wrap the files to be read, to show how far the work has come.

    Raises NoReturns, UnbalancedBooks, Disagreement, Undeliverable or ProgrammeFault; then nothing has changed.
    """
    check_templates(home.templates, built_in("templates"), programme)
    waivers, passwords = home.waivers(programme), kept_passwords(home.inbox)
    with (
        only_run(home.outbox) as outbox,
        scratch() as folder,
        Store(home.cache) as store,
        Engine(folder) as engine,
    ):
        files = collect(home.inbox, period, home.limits)
        parts = read(files, programme, store, passwords, home.limits, progress)
        period = _settled(period, newest_period(parts, period), home.inbox)
        month = tables(parts, programme, period, waivers, engine)
        claims = count(month, programme, engine)
        history = register(month, claims, programme, engine)
        figures = aggregate(month, claims, history, programme, engine)
        supervision = supervise(month, claims, figures, programme, engine)
        with outbox.building(period) as papers:
            noted = render(
                month, claims, history, figures, supervision, programme, home.templates, engine,
                marking_apart(home.inbox, passwords, home.limits), papers, home.contact,
                {f.path: f.file.relative_to(home.inbox).as_posix() for f in files},
            )  # fmt: skip
            read_back(noted, papers, figures, programme)
            facts = facts_of(figures, claims, programme, home.contact)
            read_back_words(WRITTEN, papers, facts, home.limits)
            if all(part.settled for part in parts):
                write_basis(basis_of(files, home, programme, passwords, waivers), papers)
            withhold(papers, known_of(claims.rows.files, programme))
            if home.pdf:
                print_papers(papers)
        return figures, deliver(papers)


def _settled(wanted: str, newest: str, inbox: Path) -> str:
    if wanted and newest != wanted:
        folder = inbox / wanted
        raise NoReturns(f"inbox 里没有 {wanted} 的报表。请把报表放进 {folder} 后再运行")
    if not newest:
        raise NoReturns(
            f"inbox 里的文件都看不出报告期。请放进 {inbox / '年-月'} 文件夹（如 2018-11）后再运行"
        )
    return newest
