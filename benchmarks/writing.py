"""Writing: a name list of 120,000, the sixty letters of a month and a county's file marked, against a
file that XlsxWriter writes from the same rows as they lie there; and a list of a million in constant memory.

    python benchmarks/writing.py            # all; a smaller number of rows may be given
"""

from __future__ import annotations

import io
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence

import click
import pyarrow as pa
import xlsxwriter

from pipeline.home import built_in
from pipeline.model import Issue, Severity
from pipeline.model.papers import NOBODY
from pipeline.office.fill import Lines, fill_letter, fill_workbook
from pipeline.office.mark import Front, Line, mark

TEMPLATES = built_in("templates") / "handcraft"
ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 120_000
NAMES = ("王秀英", "李桂兰", "张淑芬", "赵玉梅")


def person(n: int) -> dict[str, object]:
    number = f"2201021978{n % 12 + 1:02d}{n % 28 + 1:02d}{n % 10_000:04d}"
    return {
        "seq": n + 1, "prefecture_name": "长春市", "unit_name": "南关区", "name": NAMES[n % 4],
        "gender": "女", "ethnic": "汉族", "id_no": number, "cert_no": f"{number}43",
        "category": "肢体残疾", "grade": "三级", "education": "初中" if n % 3 else "", "poor": "是",
        "registered_address": f"长春市南关区某街道{n % 900}号" if n % 5 else "",
        "home_address": "长春市南关区", "phone": f"138{n:08d}", "training_item": "剪纸 & 刺绣",
        "training_form": "集中", "training_org": "某职业培训学校",
        "started_on": f"2018-09-{n % 28 + 1:02d}", "finished_on": f"2018-10-{n % 28 + 1:02d}",
    }  # fmt: skip


def view(people: Lines) -> dict[str, object]:
    words = {
        "region": "某省",
        "short_title": "行动",
        "year": 2018,
        "office": "某省残联",
        "as_of": "2018年11月30日",
    }
    return {**words, "people": {"training": people, "employment": []}}


def spent(work: Callable[[], object], times: int = 1) -> float:
    """CPU seconds of one run."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times


def written_plainly(table: pa.Table) -> None:
    """What a good script does: rows to XlsxWriter in constant memory."""
    with tempfile.TemporaryFile() as out:
        book = xlsxwriter.Workbook(out, {"constant_memory": True})
        sheet = book.add_worksheet()
        for row, line in enumerate(zip(*(c.to_pylist() for c in table.columns), strict=True)):
            for column, value in enumerate(line):
                sheet.write(row, column, value)
        book.close()


def filled_list(people: Lines) -> None:
    with tempfile.TemporaryFile() as out:
        fill_workbook(TEMPLATES / "完成名单.xlsx", view(people), out)


def county_file(rows: int = 2_000, columns: int = 22) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out)
    sheet, look = book.add_worksheet("花名册"), book.add_format({"border": 1})
    for row in range(rows):
        for column in range(columns):
            sheet.write(row, column, f"文字{row * column % 977}" if column % 4 else row, look)
    book.close()
    return out.getvalue()


def marked(content: bytes) -> None:
    issues = [Issue("C20", Severity.ERROR, "不是 18 位", "a.xlsx", "花名册", row, "D") for row in range(5, 2_000, 20)]  # fmt: skip
    lines = [Line("", i.sheet, i.cell, i.severity, "退回", i.message) for i in issues]
    mark(content, issues, Front("核对结果", ("请改正",), lines))


def letters(count: int = 60) -> None:
    issue = {
        "seq": 1,
        "sheet": "花名册",
        "who": "某人",
        "place": "D5",
        "word": "退回",
        "message": "不是 18 位",
    }
    cost_of = {
        "office": "某省残联", "period_label": "2018年11月", "short_title": "行动", "year": 2018,
        "unit": "某县", "changes": None, "errors": 12, "warnings": 0, "returned_rows": 12,
        "files": [{"name": "a.xlsx", "rest": 0, "issues": [issue] * 12}], "others": "",
        "apart": [], "apart_count": 0, "attached": "a.xlsx", "attached_count": 1, "filer": "",
        "answer_by": "", "final_day": "", "as_of": "2018年11月30日", "standings": [], "contact": NOBODY,
    }  # fmt: skip
    for _ in range(count):
        fill_letter(TEMPLATES / "退回通知.docx", cost_of)


def repeated(table: pa.Table, times: int) -> Lines:
    def batches(names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        for _ in range(times):
            yield from table.select(list(names)).to_batches(8_192)

    return Lines(rows=table.num_rows * times, names=table.column_names, batches=batches)


def peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    table = pa.Table.from_pylist([person(n) for n in range(ROWS)])
    filled_list(Lines(table.slice(0, 1_000)))  # what is imported and compiled once
    plain, ours = spent(lambda: written_plainly(table)), spent(lambda: filled_list(Lines(table)))
    click.echo(
        f"{ROWS:,} 人名单　XlsxWriter {plain:.2f} s　填模板 {ours:.2f} s　比 {ours / plain:.2f}"
    )
    content = county_file()
    marked(content)
    click.echo(f"标注 2,000 × 22　{spent(lambda: marked(content), 5) * 1000:.0f} ms")
    letters(1)
    click.echo(f"退回通知　每份 {spent(letters) / 60 * 1000:.1f} ms")
    small = table.slice(0, min(ROWS, 50_000))
    before, times = peak(), max(1, 1_000_000 // small.num_rows)
    cost = spent(lambda: filled_list(repeated(small, times)))
    click.echo(f"{small.num_rows * times:,} 人名单　{cost:.1f} s　内存峰值 {before} → {peak()} MB")


if __name__ == "__main__":
    main()
