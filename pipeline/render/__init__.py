"""Fills the programme's formats: workbooks, letters, mail drafts, the index page and data tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from pipeline.engine import Engine
from pipeline.model import Claims, Figures, Month, Register
from pipeline.model.papers import NOBODY, Contact, Papers
from pipeline.model.supervised import Supervision
from pipeline.office.fill import fill_letter, fill_workbook
from pipeline.programme import Programme
from pipeline.programme.packing import ACCOUNTS
from pipeline.render.agency_packages import packages
from pipeline.render.bridges import bridge_in_words
from pipeline.render.citations import Citation, Citations
from pipeline.render.compositions import composition_in_words
from pipeline.render.data import write_receipt, write_supervision, write_tables
from pipeline.render.filing_lines import filing_in_words
from pipeline.render.known_names import check_templates, names_in_words
from pipeline.render.leavers_list import leavers, register_in_words
from pipeline.render.listed_names import name_lists, names_of
from pipeline.render.page import anchor, href, month_page
from pipeline.render.provisional import provisional_in_words
from pipeline.render.questions_paper import questions
from pipeline.render.report_words import month_report, template_of
from pipeline.render.returned_folders import Mark, Marking, returned
from pipeline.render.source_lines import sources
from pipeline.render.supervised_units import supervision_in_words
from pipeline.render.task_changes import changed_tasks
from pipeline.render.texts import fill_text
from pipeline.render.view import SUMMARY, delivered_as, view_of
from pipeline.render.worklist_paper import worklist
from pipeline.render.year_by_month import charted

__all__ = [
    "WRITTEN",
    "Citation",
    "Mark",
    "Marking",
    "anchor",
    "check_templates",
    "fill_text",
    "href",
    "names_in_words",
    "render",
]

_LISTS, _REPORT = "完成名单.xlsx", "情况报告.docx"
WRITTEN = (_REPORT, ACCOUNTS)  # what is written in sentences
_PAGE = "index.html"
NO_ORIGINALS: Mapping[str, str] = {}
_OURS = "本单位"
# name, for whom, whether it holds personal data
_WORKBOOKS = (
    (SUMMARY, "公开", False),
    (_LISTS, "主办单位", True),
    ("优先更正清单.xlsx", _OURS, False),
    ("待裁定.xlsx", _OURS, True),
    ("绩效评价.xlsx", _OURS, True),
)


def render(
    month: Month,
    claims: Claims,
    history: Register,
    figures: Figures,
    supervision: Supervision,
    programme: Programme,
    templates: Path,
    engine: Engine,
    mark: Mark,
    papers: Papers,
    contact: Contact = NOBODY,
    originals: Mapping[str, str] = NO_ORIGINALS,
) -> tuple[Citation, ...]:
    """Writes every paper of the period, and last the receipt that lists them; answers what each cell
    of the workbooks says.

    `mark` marks what units filed, for them to mend. `originals`: for each file of the inbox, by the
    path it is known under, where below it it lies: what the page links to. Raises ProgrammeFault for a
    template that cannot be filled, naming file and place.
    """
    people = name_lists(history, programme, figures.period, engine)
    view = view_of(claims, figures, people, programme)
    view |= questions(
        month, claims, partial(names_of, history=history, engine=engine), programme, engine
    )
    view |= worklist(figures, programme) | register_in_words(history, programme)
    view |= bridge_in_words(figures, programme) | composition_in_words(figures, programme)
    view |= supervision_in_words(supervision, programme)
    view["changed_tasks"] = changed_tasks(figures, programme)
    view |= provisional_in_words(figures, programme) | charted(figures, programme)
    view |= filing_in_words(figures, view["lines"], programme)
    view |= month_report(view, figures, programme, contact)

    lists = templates / _LISTS
    view["sources"] = sources(view["task_lines"], claims, lists, figures.period, programme, engine)

    cells = Citations()
    for template, audience, private in _WORKBOOKS:
        name = delivered_as(template, programme)
        with papers.open(name, audience, private=private) as stream:
            fill_workbook(templates / template, view, stream, cite=cells.of(name))
    report = fill_letter(templates / template_of(figures, programme), view)
    papers.add(_REPORT, "主办单位", report, private=False)
    if figures.accounts:
        annex_of_accounts = fill_letter(templates / ACCOUNTS, view)
        papers.add(ACCOUNTS, "主办单位", annex_of_accounts, private=False)
    letters = returned(month, claims, figures, programme, templates, view, contact, papers, mark)
    view |= {"letters": letters, "unmarked": letters.unmarked}
    leavers(history, programme, templates, view, papers)
    packages(programme, templates, view, papers)
    write_tables(month, claims, history, figures, engine, papers)
    write_supervision(supervision, papers)
    cells.write(papers)
    view |= {"page": month_page(month, figures, programme, view, papers, originals)}
    papers.add(_PAGE, _OURS, fill_text(templates, _PAGE, view).encode("utf-8"), private=False)
    write_receipt(figures, programme, papers)
    return tuple(cells.noted)
