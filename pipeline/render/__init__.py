"""Fills the programme's formats: workbooks, letters, mail drafts, the index page and data tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import SandboxedEnvironment

from pipeline.model import Claims, Document, Figures, Reading
from pipeline.office.fill import fill_letter, filled
from pipeline.programme import Agency, Programme, ProgrammeFault
from pipeline.render.data import receipt, tables
from pipeline.render.leavers import leavers, register_in_words
from pipeline.render.mail import draft
from pipeline.render.questions import questions
from pipeline.render.returned import returned
from pipeline.render.view import view_of
from pipeline.render.worklist import worklist

__all__ = ["fill_text", "render"]

_SUMMARY, _LISTS, _REPORT = "全省汇总表.xlsx", "完成名单.xlsx", "情况报告.docx"
_QUESTIONS, _PAGE, _MAIL = "待裁定.xlsx", "index.html", "邮件.txt"
_FIRST = "先改这些.xlsx"


def render(
    figures: Figures,
    claims: Claims,
    readings: Iterable[Reading],
    programme: Programme,
    templates: Path,
    passwords: Sequence[str] = (),
) -> tuple[Document, ...]:
    """Every document of the period, with the receipt that lists them.

    `passwords` open again what a clerk's passwords opened, to send it back marked.

    Raises ProgrammeFault for a template that cannot be filled, naming file and place.
    """
    readings = tuple(readings)
    view = view_of(figures, claims, readings, programme)
    view |= questions(claims, readings, programme) | worklist(figures, programme)
    view |= register_in_words(claims, programme)
    summary = Document(_SUMMARY, "公开", filled(templates / _SUMMARY, view), private=False)
    lists = Document(_LISTS, "主办单位", filled(templates / _LISTS, view))
    report = Document(_REPORT, "主办单位", fill_letter(templates / _REPORT, view), private=False)
    papers = [
        summary,
        lists,
        report,
        Document(_FIRST, "本单位", filled(templates / _FIRST, view), private=False),
        Document(_QUESTIONS, "本单位", filled(templates / _QUESTIONS, view)),
        *returned(figures, claims, readings, programme, templates, view, passwords),
        *leavers(claims, programme, templates, view),
        *_for_agencies((summary, lists, report), programme, templates, view),
        *tables(figures, claims),
    ]
    folders = sorted({p.path.split("/")[1] for p in papers if p.path.startswith("退回/")})
    page = fill_text(templates, _PAGE, {**view, "returned_folders": folders}).encode("utf-8")
    papers.append(Document(_PAGE, "本单位", page, private=False))
    return (*papers, receipt(figures, programme, papers))


def _for_agencies(
    papers: Iterable[Document], programme: Programme, templates: Path, view: Mapping[str, Any]
) -> Iterator[Document]:
    """报送/<agency>/: the three papers and a mail draft that carries them."""
    papers = tuple(papers)
    for agency in programme.agencies:
        folder = f"报送/{agency.name}"
        for paper in papers:
            yield Document(f"{folder}/{paper.path}", agency.name, paper.content)
        yield Document(f"{folder}/邮件.eml", agency.name, _mail(papers, agency, templates, view))


def _mail(
    papers: Iterable[Document], agency: Agency, templates: Path, view: Mapping[str, Any]
) -> bytes:
    """The first line of 邮件.txt is the subject, the rest the body."""
    text = fill_text(templates, _MAIL, {**view, "agency": agency})
    subject, _, body = text.partition("\n")
    subject = subject.removeprefix("主题：").strip()
    return draft(subject, body.lstrip("\n"), [(p.path, p.content) for p in papers])


def fill_text(templates: Path, name: str, view: Mapping[str, Any]) -> str:
    """A text template filled in. Raises ProgrammeFault, naming the file and the line."""
    environment = SandboxedEnvironment(
        loader=FileSystemLoader(templates, encoding="utf-8-sig"),
        undefined=StrictUndefined,
        autoescape=name.endswith(".html"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    try:
        return environment.get_template(name).render(view)
    except TemplateNotFound as fault:
        raise ProgrammeFault(templates / str(fault.name), None, "找不到这个模板") from None
    except TemplateError as fault:
        line = getattr(fault, "lineno", None)
        raise ProgrammeFault(templates / name, line, f"模板写法有误（{fault.message}）") from None
