"""Fills the programme's formats: workbooks, letters, mail drafts, the index page and data tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pipeline.model import Claims, Figures, Reading
from pipeline.model.papers import Papers
from pipeline.programme import Agency, Programme
from pipeline.render.data import write_receipt, write_tables
from pipeline.render.leavers import leavers, register_in_words
from pipeline.render.letters import fill_letter
from pipeline.render.mail import write_draft
from pipeline.render.questions import questions
from pipeline.render.returned import returned
from pipeline.render.sheets import fill_workbook
from pipeline.render.texts import fill_text
from pipeline.render.view import view_of
from pipeline.render.worklist import worklist

__all__ = ["fill_text", "fill_workbook", "render"]

_SUMMARY, _LISTS, _REPORT = "全省汇总表.xlsx", "完成名单.xlsx", "情况报告.docx"
_QUESTIONS, _FIRST = "待裁定.xlsx", "先改这些.xlsx"
_PAGE, _MAIL, _DRAFT = "index.html", "邮件.txt", "邮件.eml"
_OURS = "本单位"


def render(
    figures: Figures,
    claims: Claims,
    readings: Iterable[Reading],
    programme: Programme,
    templates: Path,
    papers: Papers,
    passwords: Sequence[str] = (),
) -> None:
    """Writes every paper of the period, and last the receipt that lists them.

    `passwords` open again what a clerk's passwords opened, to send it back marked.

    Raises ProgrammeFault for a template that cannot be filled, naming file and place.
    """
    readings = tuple(readings)
    view = view_of(figures, claims, readings, programme)
    view |= questions(claims, readings, programme) | worklist(figures, programme)
    view |= register_in_words(claims, programme)

    papers.add(_SUMMARY, "公开", fill_workbook(templates / _SUMMARY, view), private=False)
    papers.add(_LISTS, "主办单位", fill_workbook(templates / _LISTS, view))
    papers.add(_REPORT, "主办单位", fill_letter(templates / _REPORT, view), private=False)
    papers.add(_FIRST, _OURS, fill_workbook(templates / _FIRST, view), private=False)
    papers.add(_QUESTIONS, _OURS, fill_workbook(templates / _QUESTIONS, view))
    returned(figures, claims, readings, programme, templates, view, papers, passwords)
    leavers(claims, programme, templates, view, papers)
    for agency in programme.agencies:
        _for_agency(agency, templates, view, papers)
    write_tables(figures, claims, papers)
    _page(templates, view, papers)
    write_receipt(figures, programme, papers)


def _for_agency(agency: Agency, templates: Path, view: Mapping[str, Any], papers: Papers) -> None:
    """报送/<agency>/: the three papers and a mail draft that carries them.

    The first line of 邮件.txt is the subject, the rest the body.
    """
    folder, sent = f"报送/{agency.name}", (_SUMMARY, _LISTS, _REPORT)
    for name in sent:
        papers.copy(f"{folder}/{name}", name, agency.name)
    text = fill_text(templates, _MAIL, {**view, "agency": agency})
    subject, _, body = text.partition("\n")
    subject = subject.removeprefix("主题：").strip()
    with papers.open(f"{folder}/{_DRAFT}", agency.name) as stream:
        write_draft(stream, subject, body.lstrip("\n"), [(n, papers.place(n)) for n in sent])


def _page(templates: Path, view: Mapping[str, Any], papers: Papers) -> None:
    paths = [entry["path"] for entry in papers.written]
    folders = sorted({p.split("/")[1] for p in paths if p.startswith("退回/")})
    page = fill_text(templates, _PAGE, {**view, "returned_folders": folders})
    papers.add(_PAGE, _OURS, page.encode("utf-8"), private=False)
