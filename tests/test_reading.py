"""Laws of reading, for cells drawn by hypothesis, for damaged files, and for files of the wild.

PIPELINE_CORPUS names a folder of real spreadsheets; without it a small set made here stands in.
"""

from __future__ import annotations

import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest
from drawing import workbook
from hypothesis import given, settings
from hypothesis import strategies as st
from test_layouts import HEADER, ROW, TITLE, A, persons, read

from pipeline.isolation import Apart, Died
from pipeline.limits import Limits
from pipeline.model import Cell
from pipeline.programme import Programme
from pipeline.sample.pages import Page
from pipeline.sample.workbooks import write
from pipeline.workbooks import Unreadable, read_grids

BOUNDED = settings(max_examples=40, derandomize=True, deadline=None)
FORMATS = ("xlsx", "xls", "ods", "csv")
ROUNDS = 60  # damaged files of each format
# a reading, the rule of an issue, or a limit that the worker ran into: never a fault of our own
CLEAR = re.compile(r"\d+ sheets|F0[125]|文件内容异常.*|读取时内存超过.*|超过 \d+ 秒.*")

texts = st.one_of(
    st.sampled_from(
        ["姓名", "王秀英", "220102197801050026", "'22010219780105002X", "5月1日", "无"]
    ),
    st.text("身份证号王〇㐂𠮷abc 123-/、（）\"'<&", min_size=1, max_size=12).filter(
        lambda t: t.strip() == t and not t.startswith("=")
    ),
)
values = st.one_of(
    texts,
    st.integers(0, 10**15 - 1),
    st.dates(date(1950, 1, 1), date(2030, 12, 31)),
)
places = st.tuples(st.integers(1, 12), st.integers(1, 9))
tables = st.dictionaries(places, values, min_size=2, max_size=20)


def page_of(cells: Mapping[tuple[int, int], object], name: str = "表") -> Page:
    page = Page(name)
    for (row, column), value in cells.items():
        page.put(row, column, value)  # type: ignore[arg-type]
    return page


def expected(value: object, suffix: str) -> Cell:
    """What a format can tell of a value: text tables know text only."""
    if isinstance(value, date):
        return Cell(value.isoformat(), "s" if suffix == "csv" else "d")
    return Cell(str(value), "n" if isinstance(value, int) and suffix != "csv" else "s")


@pytest.mark.parametrize("suffix", FORMATS)
@BOUNDED
@given(cells=tables)
def test_every_cell_reads_back_at_its_place(
    suffix: str, cells: dict[tuple[int, int], object]
) -> None:
    if suffix == "csv":  # one column, or none that needs a comma, is running text
        cells = {**cells, (1, 1): "序号", (1, 2): "姓名"}
    content = write([page_of(cells)], suffix)
    (grid,) = read_grids(content)
    assert dict(grid.cells) == {place: expected(v, suffix) for place, v in cells.items()}


@BOUNDED
@given(above=st.integers(0, 6), left=st.integers(0, 4), name=st.sampled_from(["甲.xlsx", "x.xls"]))
def test_blank_rows_and_columns_and_names_change_nothing(
    above: int, left: int, name: str, programme: Programme
) -> None:
    lines = [TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)]
    picture = "\n".join(["== 表", *[""] * above, *(" | " * left + line for line in lines)])
    found = persons(read(workbook(picture), programme, name))
    assert found == [("training", 3 + above, "王秀英", A)]


@BOUNDED
@given(order=st.permutations(["培训", "说明", "空", "就业"]))
def test_the_order_of_sheets_changes_nothing(order: list[str], programme: Programme) -> None:
    drawn = {
        "培训": "\n".join([TITLE, HEADER, "1 | 王秀英 | " + ROW.format(A)]),
        "就业": f"{TITLE}\n序号 | 姓名 | 性别 | 身份证号 | 残疾人证号 | 就业单位 | 就业时间\n"
        f"1 | 王秀英 | 女 | {A} | {A}43 | 巧手社 | 2018-10-01",
        "说明": "请于每月 25 日前报送",
        "空": "",
    }
    picture = "\n".join(f"== {name}\n{drawn[name]}" for name in order)
    found = persons(read(workbook(picture), programme))
    assert sorted(found) == [("employment", 3, "王秀英", A), ("training", 3, "王秀英", A)]


def damaged(content: bytes, round_: int) -> bytes:
    """Bytes flipped, cut, doubled or taken from elsewhere; the same for the same round."""
    dice = random.Random(round_)
    body = bytearray(content)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(body))
        size = dice.randint(1, 64)
        match dice.randrange(4):
            case 0:
                body[at] ^= 1 << dice.randrange(8)
            case 1:
                del body[at : at + size]
            case 2:
                body[at:at] = body[at : at + size]
            case 3:
                source = dice.randrange(len(body))
                body[at : at + size] = body[source : source + size]
        if not body:
            break
    return bytes(body[: dice.randrange(len(body))] if dice.random() < 0.2 and body else body)


def grids_or_fault(content: bytes) -> str:
    """Run in a worker: a reading, or the rule of a clear issue."""
    try:
        return f"{len(read_grids(content))} sheets"
    except Unreadable as fault:
        return fault.code


@pytest.mark.parametrize("suffix", FORMATS)
def test_damaged_files_are_read_or_named(suffix: str) -> None:
    whole = write(
        [page_of({(r, c): f"单元格{r}{c}" for r in range(1, 30) for c in range(1, 9)})], suffix
    )
    part = {"xlsx": "xl/worksheets/sheet1.xml", "ods": "content.xml"}.get(suffix, "")
    # a package's checksums catch damage to its bytes: its XML is damaged as well, behind them
    rounds = [
        _edited(whole, part, partial(damaged, round_=n)) if part and n % 2 else damaged(whole, n)
        for n in range(ROUNDS)
    ]
    with Apart(grids_or_fault, Limits(seconds=10, memory_mb=768), workers=2) as apart:
        told = [o.reason if isinstance(o, Died) else o for _, o in apart(rounds)]
    assert len(told) == ROUNDS
    unclear = [t for t in told if not CLEAR.fullmatch(t)]
    assert unclear == []
    assert len(set(told)) > 1, "some rounds are read, some are refused"


def _claims_the_whole_sheet() -> bytes:
    content = workbook("姓名 | 身份证号\n王秀英 | 1")
    return _rewritten(
        content, "xl/worksheets/sheet1.xml", lambda x: x.replace("A1:B2", "A1:XFD1048576")
    )


def _one_cell_at_the_edge() -> bytes:
    content = workbook("姓名 | 身份证号\n王秀英 | 1")
    return _rewritten(
        content,
        "xl/worksheets/sheet1.xml",
        lambda x: x.replace(
            "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        ),
    )


def _entity_bomb() -> bytes:
    bomb = '<!DOCTYPE a [<!ENTITY a "' + "x" * 1000 + '">'
    bomb += "".join(
        f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdef", "bcdefg", strict=True)
    )
    return _rewritten(
        workbook("甲 | 乙"),
        "xl/sharedStrings.xml",
        lambda _: f'<?xml version="1.0"?>{bomb}]><sst><si><t>&g;</t></si></sst>',
    )


def _million_styles() -> bytes:
    return _rewritten(
        workbook("甲 | 乙"),
        "xl/styles.xml",
        lambda x: x.replace("</cellXfs>", "<xf/>" * 1_000_000 + "</cellXfs>"),
    )


def _ods_of_repeats() -> bytes:
    content = write([page_of({(1, 1): "甲", (1, 2): "乙"})], "ods")
    return _rewritten(
        content,
        "content.xml",
        lambda x: x.replace(
            "<table:table-row>", '<table:table-row table:number-rows-repeated="1048576">'
        ).replace("<table:table-cell ", '<table:table-cell table:number-columns-repeated="16384" '),
    )


def _rewritten(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    return _edited(content, part, lambda old: change(old.decode()).encode())


def _edited(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            old = source.read(name)
            target.writestr(name, change(old) if name == part else old)
    return out.getvalue()


HOSTILE = {
    "claims.xlsx": _claims_the_whole_sheet,
    "edge.xlsx": _one_cell_at_the_edge,
    "entities.xlsx": _entity_bomb,
    "styles.xlsx": _million_styles,
    "repeats.ods": _ods_of_repeats,
    "cut.xlsx": lambda: workbook("甲 | 乙")[:900],
    "empty.xlsx": lambda: b"",
    "zeros.xls": lambda: bytes(4096),
    "scan.pdf": lambda: b"%PDF-1.4 ...",
    "running.txt": lambda: "各县（市、区）残联：\n请按时报送。\n".encode(),
}  # type: dict[str, Callable[[], bytes]]


@pytest.fixture(scope="module")
def wild(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Real spreadsheets of many programs where there are any, and hostile ones made here."""
    folder = tmp_path_factory.mktemp("wild")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    place = os.environ.get("PIPELINE_CORPUS", "")
    real = [p for p in Path(place).rglob("*") if p.is_file()] if place else []
    return [*sorted(folder.iterdir()), *sorted(real)]


def test_one_verdict_a_file_without_a_traceback_in_bounded_memory(
    wild: list[Path], home: Path
) -> None:
    command = [sys.executable, "-c", _MEASURED, "check", "--json", "--home", str(home)]
    told = subprocess.run(
        [*command, *map(str, wild)], capture_output=True, text=True, check=False, timeout=900
    )
    assert "Traceback" not in told.stderr
    verdicts = [json.loads(line) for line in told.stdout.splitlines()]
    roots = [v["file"].split("!")[0] for v in verdicts]
    assert sorted(set(roots)) == sorted({p.name for p in wild})
    assert len(verdicts) >= len(wild)
    by_name = {v["file"]: v for v in verdicts}
    for name in ("repeats.ods", "cut.xlsx", "empty.xlsx", "scan.pdf"):
        assert by_name[name]["verdict"] == "unreadable", by_name[name]
    for name in ("claims.xlsx", "edge.xlsx", "entities.xlsx"):
        assert by_name[name]["verdict"] == "not_a_return", by_name[name]
    peak = int(told.stderr.rsplit("peak ", 1)[1])
    assert peak < 500_000, "kB of the parent"


_MEASURED = """
import sys
from pipeline.cli import cli
try:
    cli(sys.argv[1:])
finally:
    if sys.platform != "win32":
        import resource
        print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
    else:
        print("peak 0", file=sys.stderr)
"""
