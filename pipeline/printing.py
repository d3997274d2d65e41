"""PDFs of the papers that are printed and signed: beside them, made from them, no part of the receipt.

Their bytes depend on the office program and the fonts of the machine, so nothing is proved by them: a
month with them and one without are the same month.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from pipeline.model.papers import Papers
from pipeline.office.pdf import as_pdf

_TABLES, _REPORT = "汇总表.xlsx", "情况报告.docx"


def print_papers(papers: Papers) -> None:
    """Lays a PDF beside the report and the summary, as far as they can be made.

    Who may read the paper may read its PDF.
    """
    entries = [e for e in papers.written if _is_printed(e["path"])]
    with tempfile.TemporaryDirectory() as folder:
        made = as_pdf([papers.place(e["path"]) for e in entries], Path(folder))
        for entry in entries:
            source = papers.place(entry["path"])
            if source in made:
                name = str(Path(entry["path"]).with_suffix(".pdf"))
                shutil.copyfile(made[source], papers.place(name))
                papers.place(name).chmod(source.stat().st_mode & 0o777)
                papers.enter(name, entry["audience"])


def _is_printed(path: str) -> bool:
    return "/" not in path and (path == _REPORT or path.endswith(_TABLES))
