"""Which of two files stands, as a clerk answered: the sheet 选文件 of 待裁定.xlsx as it comes back."""

from __future__ import annotations

import re

from pipeline.ingest.layout import Lexicon
from pipeline.ingest.papers.answer_sheets import answer_sheets
from pipeline.ingest.papers.paper import Book, Lines, Paper
from pipeline.model import Issue
from pipeline.values import compact

_ASKED = frozenset({"文件甲", "文件乙", "采用"})
_HEADERS = Lexicon({*_ASKED, "理由", "裁定人", "核对码"})
_VERDICTS = {
    "采用甲": "a", "甲": "a", "采用乙": "b", "乙": "b", "两份都算": "both", "都算": "both",
}  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{64}")


def read(book: Book) -> Paper | None:
    """The answers of every sheet that asks which of two files stands; None where none does."""
    lines: Lines = []
    issues: list[Issue] = []
    sheets = list(answer_sheets(book, _HEADERS, _ASKED.issubset))
    for sheet in sheets:
        for row, line in sheet.lines():
            if not (line["采用"] and line["文件甲"] and line["文件乙"]):
                continue
            verdict = _VERDICTS.get(compact(line["采用"]))
            if verdict is None:
                issues.append(sheet.issue("U07", row, "采用", text=line["采用"]))
                continue
            digests = _DIGEST.findall(line.get("核对码", ""))
            lines.append(
                {
                    "file_a": line["文件甲"], "file_b": line["文件乙"], "verdict": verdict,
                    "digest_a": digests[0] if len(digests) == 2 else "",
                    "digest_b": digests[1] if len(digests) == 2 else "",
                    "reason": line.get("理由", ""), "decided_by": line.get("裁定人", ""),
                    "file": book.file.path, "period": sheet.period, "row": row,
                }
            )  # fmt: skip
    return Paper({"file_answers": lines}, tuple(issues)) if sheets else None
