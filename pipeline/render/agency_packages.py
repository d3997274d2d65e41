"""报送/<agency>/: what each agency receives, in a form that may leave the house, and its mail draft."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.mail import write_draft
from pipeline.model.papers import Papers
from pipeline.office.fill import fill_drawn, taken_apart
from pipeline.office.left_out import leave_out
from pipeline.programme import Agency, Package, Programme
from pipeline.programme.packing import ACCOUNTS, LISTS
from pipeline.render.narrowed import kept_fields, lists_for, narrowed, seen_in_full
from pipeline.render.texts import fill_text
from pipeline.render.view import SOURCES, SUMMARY, delivered_as
from pipeline.values import month_end

_MAIL, _DRAFT = "邮件.txt", "邮件.eml"


def packages(
    programme: Programme, templates: Path, view: Mapping[str, Any], papers: Papers
) -> None:
    """The papers of every agency that is there at the period's end, a draft that carries what may go
    in clear, and data/packages.json that says of each paper what it may hold.

    `source` and `without`: the open paper of which one is a copy less a sheet, so that who edits that paper
    edits them all. The office's own copy lies beside the others without a mail: nobody writes to herself.
    """
    period = str(view["period"])
    listed = []
    for agency in programme.agencies:
        if agency.receives_on(month_end(period)):
            documents = [
                _paper(package, programme, templates, view, papers)
                for package in packages_of(agency, int(period[5:]), programme)
                if package.document != ACCOUNTS or view["annex"]
            ]
            own = agency.full_name == programme.office
            subject, body = _letter(agency, documents, templates, view)
            if not own:
                _draft(agency, subject, body, documents, papers)
            listed.append(
                {
                    "agency": agency.name, "full_name": agency.full_name,
                    "department": agency.department, "own": own, "in_clear": agency.in_clear,
                    "subject": subject, "body": body, "documents": documents,
                }
            )  # fmt: skip
    text = json.dumps(listed, ensure_ascii=False, indent=1) + "\n"
    papers.add("data/packages.json", "本单位", text.encode("utf-8"), private=False)


def packages_of(agency: Agency, month: int, programme: Programme) -> list[Package]:
    """What an agency receives in a month: what is meant for that month goes before what is for all.

    An agency of which the programme says nothing receives the summary and the report.
    """
    mine = [p for p in programme.packages if p.agency == agency.name]
    if not mine:
        return [
            Package(agency.name, "情况报告.docx", "情况报告.docx"),
            Package(agency.name, SUMMARY, delivered_as(SUMMARY, programme)),
        ]
    of_month = {p.document for p in mine if month in p.months}
    return [p for p in mine if month in p.months or not (p.months or p.document in of_month)]


def _paper(
    package: Package,
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
    papers: Papers,
) -> dict[str, Any]:
    """One paper of a package; the sheet that leads from figures to rows of the full list stays here."""
    name = package.name.format(**{k: view[k] for k in ("period_label", "year", "region", "short_title")})  # fmt: skip
    path = f"报送/{package.agency}/{name}"
    may_hold = sorted(set(package.personal))
    delivered = delivered_as(package.document, programme)
    if package.document == SUMMARY:
        content = papers.place(delivered).read_bytes()
        papers.add(path, package.agency, leave_out(content, SOURCES))
    elif package.document != LISTS or (package.masking == "none" and not package.columns):
        papers.copy(path, delivered, package.agency)
    else:
        _list(path, package, programme, templates, view, papers)
    if package.document == LISTS:
        may_hold = sorted({*may_hold, *seen_in_full(package, programme)})
    digest = next(e["sha256"] for e in papers.written if e["path"] == path)
    return {
        "path": path, "name": name, "sha256": digest, "masking": package.masking if package.document == LISTS else "none",
        "may_hold": may_hold, "source": delivered if package.document == SUMMARY else "",
        "without": SOURCES if package.document == SUMMARY else "",
    }  # fmt: skip


def _list(
    path: str,
    package: Package,
    programme: Programme,
    templates: Path,
    view: Mapping[str, Any],
    papers: Papers,
) -> None:
    template, people = templates / LISTS, lists_for(package, view["people"], programme)
    content = narrowed(template, kept_fields(package, programme), programme)
    with papers.open(path, package.agency) as stream:
        fill_drawn(taken_apart(template, content), {**view, "people": people}, stream)


def _letter(
    agency: Agency, documents: list[dict[str, Any]], templates: Path, view: Mapping[str, Any]
) -> tuple[str, str]:
    """Subject and body: the first line of 邮件.txt, and the rest."""
    text = fill_text(templates, _MAIL, {**view, "agency": agency, "documents": documents})
    subject, _, body = text.partition("\n")
    return subject.removeprefix("主题：").strip(), body.lstrip("\n")


def _draft(
    agency: Agency, subject: str, body: str, documents: list[dict[str, Any]], papers: Papers
) -> None:
    """The mail with what holds no personal data; what does goes encrypted, by `pipeline send`."""
    open_ones = [d for d in documents if not d["may_hold"] or agency.in_clear]
    closed = [d["name"] for d in documents if d not in open_ones]
    if closed:
        body += f"\n（本草稿未带附件：{'、'.join(closed)}。它们含个人信息，须加密后寄送：运行 pipeline send）\n"
    with papers.open(f"报送/{agency.name}/{_DRAFT}", agency.name) as stream:
        files = [(d["name"], papers.place(d["path"])) for d in open_ones]
        write_draft(stream, subject, body, files)
