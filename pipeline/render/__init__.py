"""Fills the programme's formats: workbooks, letters, mail drafts, the index page and data tables."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.engine import Engine
from pipeline.model import Claims, Figures, Month, Register
from pipeline.model.papers import NOBODY, Contact, Papers
from pipeline.model.supervised import Supervision
from pipeline.office.fill import fill_letter, fill_workbook
from pipeline.programme import Programme
from pipeline.render.agency_packages import packages
from pipeline.render.bridges import bridge_in_words
from pipeline.render.citations import Citation, Citations
from pipeline.render.compositions import composition_in_words
from pipeline.render.data import write_receipt, write_supervision, write_tables
from pipeline.render.filing_lines import filing_in_words
from pipeline.render.known_names import check_templates, names_in_words
from pipeline.render.leavers_list import leavers, register_in_words
from pipeline.render.listed_names import name_lists, names_of
from pipeline.render.provisional import provisional_in_words
from pipeline.render.questions_paper import questions
from pipeline.render.returned_folders import Mark, Marking, returned
from pipeline.render.supervised_units import supervision_in_words
from pipeline.render.task_changes import changed_tasks
from pipeline.render.texts import fill_text
from pipeline.render.view import SUMMARY, delivered_as, view_of
from pipeline.render.worklist_paper import worklist
from pipeline.render.year_by_month import charted

__all__ = [
    "Citation",
    "Mark",
    "Marking",
    "check_templates",
    "fill_text",
    "names_in_words",
    "render",
]

_LISTS, _REPORT = "完成名单.xlsx", "情况报告.docx"
_PAGE = "index.html"
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
) -> tuple[Citation, ...]:
    """Writes every paper of the period, and last the receipt that lists them; answers what each cell
    of the workbooks says.

    `mark` marks what units filed, for them to mend. Raises ProgrammeFault for a template that cannot
    be filled, naming file and place.
    """
    people = name_lists(history, programme, figures.period, engine)
    view = view_of(month, claims, figures, people, programme)
    view |= questions(
        month, claims, partial(names_of, history=history, engine=engine), programme, engine
    )
    view |= worklist(figures, programme) | register_in_words(history, programme)
    view |= bridge_in_words(figures, programme) | composition_in_words(figures, programme)
    view |= supervision_in_words(supervision, programme)
    view["changed_tasks"] = changed_tasks(figures, programme)
    view |= provisional_in_words(figures, programme) | charted(figures, programme)
    view |= filing_in_words(figures, view["lines"], programme)

    cells = Citations()
    for template, audience, private in _WORKBOOKS:
        name = delivered_as(template, programme)
        with papers.open(name, audience, private=private) as stream:
            fill_workbook(templates / template, view, stream, cite=cells.of(name))
    papers.add(_REPORT, "主办单位", fill_letter(templates / _REPORT, view), private=False)
    letters = returned(month, claims, figures, programme, templates, view, contact, papers, mark)
    view |= {"letters": letters, "unmarked": letters.unmarked}
    leavers(history, programme, templates, view, papers)
    packages(programme, templates, view, papers)
    write_tables(month, claims, history, figures, engine, papers)
    write_supervision(supervision, papers)
    cells.write(papers)
    _page(templates, view, papers)
    write_receipt(figures, programme, papers)
    return tuple(cells.noted)


def _page(templates: Path, view: Mapping[str, Any], papers: Papers) -> None:
    paths = [entry["path"] for entry in papers.written]
    folders = sorted({p.split("/")[1] for p in paths if p.startswith("退回/")})
    page = fill_text(templates, _PAGE, {**view, "returned_folders": folders})
    papers.add(_PAGE, _OURS, page.encode("utf-8"), private=False)
