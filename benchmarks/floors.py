"""The least the stages can cost: `python floors.py INBOX OUT` reads and writes, and does nothing else.

read: every cell of every return by bare calamine. write: as many rows as two lists have, twenty
columns each, by bare XlsxWriter in constant memory. CPU seconds of this process, as JSON.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from python_calamine import CalamineWorkbook


def main(inbox: Path, out: Path) -> None:
    """Reads all returns, then writes all their rows."""
    start = time.process_time()
    filed: list[Sequence[object]] = []
    for file in sorted(inbox.glob("*/*.xlsx")):
        book = CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            filed += book.get_sheet_by_name(name).to_python()
    read = time.process_time()
    rows = [[str(cell) for cell in row][:20] for row in filed]
    before = time.process_time()
    out.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(str(out / "floor.xlsx"), {"constant_memory": True}) as book:
        for label in ("a", "b"):
            sheet = book.add_worksheet(label)
            for n, row in enumerate(rows[label == "b" :: 2]):
                for column, cell in enumerate(row):
                    sheet.write_string(n, column, cell)
    sys.stdout.write(json.dumps({"read": read - start, "write": time.process_time() - before}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
