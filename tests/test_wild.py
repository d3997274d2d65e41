"""Files of the wild and hostile ones: one verdict a file, no traceback, bounded memory.

PIPELINE_CORPUS names a folder of real spreadsheets; without it a small set made here stands in. Those
of some size are many times the work of all the others together: the thorough tier reads them too.
"""

from __future__ import annotations

import io
import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from drawing import workbook
from raw_packages import edited, text, xlsx, zipped
from test_reading import page_of

from pipeline.limits import Limits
from pipeline.model import Cell
from pipeline.office.read import read_grids
from pipeline.sample.workbooks import write
from pipeline.workers import Apart, Died


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


BOMB = '<!ENTITY a "' + "x" * 1000 + '">'
BOMB += "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in zip("abcdef", "bcdefg", strict=True))


def _entity_bomb() -> bytes:
    shared = '<row r="1"><c r="A1" t="s"><v>0</v></c></row>'
    return _rewritten(
        xlsx(shared, shared="<si><t>BOMB</t></si>"),
        "xl/sharedStrings.xml",
        lambda x: f'<?xml version="1.0"?><!DOCTYPE sst [{BOMB}]>' + x.replace("BOMB", "&g;"),
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
    def changed(old: bytes) -> bytes:
        new = change(old.decode()).encode()
        assert new != old, f"{part} is as it was"
        return new

    return edited(content, part, changed)


def _looping_compound() -> bytes:
    """A compound file whose sector chains lead back to themselves."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<5H", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<II", head, 44, 1, 1)
    struct.pack_into("<4I", head, 56, 4096, 1, 1, 0xFFFFFFFE)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    return bytes(head) + struct.pack("<128I", *[1] * 128) + bytes(512)


def _spreadsheet_xml(entities: str, text: str) -> bytes:
    name = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><!DOCTYPE Workbook [{entities}]><Workbook xmlns="{name}" '
        f'xmlns:ss="{name}"><Worksheet ss:Name="表"><Table><Row><Cell><Data ss:Type="String">{text}'
        "</Data></Cell></Row></Table></Worksheet></Workbook>"
    ).encode()


def _ghosts() -> bytes:
    """Bordered cells down to the last row, as an ordinary summary had them."""
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" s="1"/><c r="B{r}" s="1"/></row>' for r in range(2, 1_048_577, 8)
    )
    return xlsx(f'<row r="1">{text("A1", "姓名")}</row>{rows}')


HOSTILE = {
    "claims.xlsx": _claims_the_whole_sheet,
    "edge.xlsx": _one_cell_at_the_edge,
    "entities.xlsx": _entity_bomb,
    "styles.xlsx": _million_styles,
    "repeats.ods": _ods_of_repeats,
    "row17m.xlsx": lambda: xlsx('<row r="16777217"><c r="A16777217"><v>1</v></c></row>'),
    "ghosts.xlsx": _ghosts,
    "loop.xls": _looping_compound,
    "entities.xml": lambda: _spreadsheet_xml(BOMB, "&g;"),
    "outside.xml": lambda: _spreadsheet_xml('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    "nested.html": lambda: b"<html>" + b"<div>" * 50_000 + b"<table><tr><td>1</td></tr></table>",
    "spans.html": lambda: (
        b"<html><table>" + b"<tr><td rowspan=60000 colspan=60000>x</td></tr>" * 300 + b"</table>"
    ),
    "quote.csv": lambda: b'a,b\n"' + b"a,b\n" * 100_000,
    "bomb.zip": lambda: zipped({f"{n}.csv": b"0" * 5_000_000 for n in range(20)}),
    "cut.xlsx": lambda: workbook("甲 | 乙")[:900],
    "empty.xlsx": lambda: b"",
    "zeros.xls": lambda: bytes(4096),
    "scan.pdf": lambda: b"%PDF-1.4 ...",
    "running.txt": lambda: "各县（市、区）残联：\n请按时报送。\n".encode(),
}  # type: dict[str, Callable[[], bytes]]


@pytest.fixture(params=[50_000, pytest.param(2**40, marks=pytest.mark.thorough)])
def real(request: pytest.FixtureRequest) -> list[Path]:
    """Real spreadsheets of many programs where there are any: of so many bytes at most."""
    place = os.environ.get("PIPELINE_CORPUS", "")
    files = Path(place).rglob("*") if place else []
    return sorted(p for p in files if p.is_file() and p.stat().st_size <= request.param)


def test_one_verdict_a_file_without_a_traceback_in_bounded_memory(
    real: list[Path], home: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("wild")
    for name, make in HOSTILE.items():
        (folder / name).write_bytes(make())
    wild = [*sorted(folder.iterdir()), *real]
    # a busy machine must not turn a slow file into one that cannot be read
    (home / "pipeline.toml").write_text("[limits]\nseconds = 300\n", encoding="utf-8")
    command = [sys.executable, "-c", _MEASURED, "check", "--json", "--home", str(home)]
    results = subprocess.run(
        [*command, *map(str, wild)], capture_output=True, text=True, check=False, timeout=900
    )
    assert "Traceback" not in results.stderr
    verdicts = [json.loads(line) for line in results.stdout.splitlines()]
    roots = [v["file"].split("!")[0] for v in verdicts]
    assert sorted(set(roots)) == sorted({p.name for p in wild})
    assert len(verdicts) >= len(wild)
    by_name = {v["file"]: v for v in verdicts}
    refused = ("repeats.ods", "cut.xlsx", "empty.xlsx", "scan.pdf", "loop.xls",
               "nested.html", "outside.xml")  # fmt: skip
    for name in refused:
        assert by_name[name]["verdict"] == "unreadable", by_name[name]
    for name in (
        "claims.xlsx",
        "edge.xlsx",
        "ghosts.xlsx",
        "quote.csv",
    ):
        assert by_name[name]["verdict"] == "not_a_return", by_name[name]
    for name in ("entities.xlsx", "entities.xml", "styles.xlsx", "row17m.xlsx", "spans.html"):
        assert by_name[name]["verdict"] in ("unreadable", "not_a_return"), by_name[name]
    # a member that unpacks out of all proportion is refused alone: its neighbours may be returns
    bomb = [v["verdict"] for v in verdicts if v["file"].startswith("bomb.zip!")]
    assert bomb == ["unreadable"] * 20
    peak = int(results.stderr.rsplit("peak ", 1)[1])
    assert peak < 500_000, "kB of the parent"
    assert peak or not Path("/proc/self/status").exists(), "nothing was measured"


MOST_CELLS = 20_000_000


def differences(path: str) -> list[str]:
    """Run in a worker: where our reading and openpyxl's disagree, cell by cell."""
    import openpyxl

    content = Path(path).read_bytes()
    try:
        grids = read_grids(content)
        book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    except Exception:  # one of the two refuses: there is nothing to compare
        return ["refused"]
    results = []
    for grid in grids:
        if grid.name not in book.sheetnames:  # openpyxl sees no sheet in strict files
            continue
        sheet = book[grid.name]
        if sheet.max_row * sheet.max_column > MOST_CELLS:
            return ["refused"]  # the witness would lay out every cell up to the last
        theirs = {
            (int(c.row or 0), int(c.column or 0)): c
            for row in sheet.iter_rows()
            for c in row
            if _says(c.value)
        }
        results += [f"{grid.name} {p}: not read" for p in theirs.keys() - grid.cells.keys()]
        results += [
            f"{grid.name} {p}: {grid.cells[p]}"
            for p, cell in theirs.items()
            if p in grid.cells and isinstance(cell.value, str) and not _same(grid.cells[p], cell)
        ]
        results += [f"{grid.name} hidden"] * (
            {r for r, d in sheet.row_dimensions.items() if d.hidden and r <= grid.last_row}
            != set(grid.hidden_rows)
        )
    return results


def _says(value: object) -> bool:
    return value is not None and bool(str(value).strip())


def _same(ours: Cell, theirs: object) -> bool:
    """Texts and errors alike, but for line ends, which openpyxl leaves escaped, and controls."""

    def plain(text: str) -> str:
        return re.sub(r"[\x00-\x20]|_x[0-9A-Fa-f]{4}_", "", text)

    return plain(ours.text) == plain(theirs.value)  # type: ignore[attr-defined]


def test_another_reader_finds_the_same_cells_at_the_same_places(real: list[Path]) -> None:
    """openpyxl in full mode as the witness, on every workbook of the wild that it opens."""
    if not real:
        pytest.skip("PIPELINE_CORPUS is not set: no real spreadsheets on this machine")
    files = [str(p) for p in real if p.suffix in (".xlsx", ".xlsm")]
    with Apart(differences, Limits(), workers=2) as apart:
        results = {f: o for f, o in apart(files) if not isinstance(o, Died)}
    compared = [f for f, o in results.items() if o != ["refused"]]
    assert len(compared) > len(files) // 2
    assert {f: o[:3] for f, o in results.items() if o and o != ["refused"]} == {}


# VmHWM, not ru_maxrss: on Linux that begins at what the process had that started this one
_MEASURED = """
import sys
from pathlib import Path
from pipeline.cli import cli
try:
    cli(sys.argv[1:])
finally:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    peak = next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0")
    print("peak", peak, file=sys.stderr)
"""
