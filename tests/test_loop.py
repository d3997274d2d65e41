"""The loop with the counties: filed with faults, sent back marked, typed right, filed again, counted."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from drawing import id_no
from office import converted, needs_office

from pipeline.home import open_home
from pipeline.programme import Programme
from pipeline.run import run

PERIOD = "2018-11"
HEADER = (
    "姓名",
    "性别",
    "身份证号",
    "残疾人证号",
    "是否建档立卡",
    "户籍地址",
    "开班时间",
    "结业时间",
)
COUNTIES = {"220102": "南关区", "220103": "宽城区", "220122": "农安县", "220182": "榆树市"}
SURNAMES, GIVEN = (
    "王李张刘陈杨赵黄周吴",
    ("秀英", "桂兰", "玉梅", "淑珍", "丽华", "凤琴", "春花", "冬梅"),
)
Row = list[object]


@dataclass(frozen=True)
class Sent:
    """One file of a made-up month: where it lay, what each of its rows should say, and which are wrong."""

    path: str
    right: dict[int, Row]
    wrong: frozenset[int]


def person(dice: random.Random, unit: str, nth: int) -> Row:
    """A woman whose row breaks no rule."""
    born = date(1970, 1, 1) + timedelta(days=dice.randrange(9000))
    number = id_no(f"{unit}{born:%Y%m%d}{nth:02d}{dice.choice('02468')}")
    start = date(2018, 3, 1) + timedelta(days=dice.randrange(200))
    name = dice.choice(SURNAMES) + dice.choice(GIVEN) + "甲乙丙丁戊己庚辛"[nth % 8]
    return [
        name, "女", number, f"{number}{dice.randrange(1, 8)}{dice.randrange(1, 5)}", "是",
        f"吉林省{COUNTIES[unit]}某街道", start.isoformat(), (start + timedelta(days=10)).isoformat(),
    ]  # fmt: skip


def _other_digit(number: str) -> str:
    return number[:-1] + ("1" if number[-1] != "1" else "2")


FAULTS: tuple[Callable[[Row], None], ...] = (
    lambda row: row.__setitem__(2, _other_digit(str(row[2]))),
    lambda row: row.__setitem__(2, str(row[2])[:17]),
    lambda row: row.__setitem__(2, None),
    lambda row: row.__setitem__(3, None),
    lambda row: row.__setitem__(3, str(row[3])[:18]),
    lambda row: row.__setitem__(6, "待定"),
    lambda row: row.__setitem__(6, None),
    lambda row: row.__setitem__(7, "2018-01-01"),
    lambda row: row.__setitem__(0, None),
)


def workbook(
    title: Iterable[str | None], rows: Iterable[Row], header: tuple[str, ...] = HEADER
) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "培训花名册"
    lines: list[list[Any]] = [[*title], [*header], *rows]
    for line in lines:
        sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def filed(inbox: Path, seed: int, *, faulty: bool) -> list[Sent]:
    """A month of four returns: with a filing line, with only a file name, as text, and a bundle."""
    dice = random.Random(seed)
    people = {unit: [person(dice, unit, n) for n in range(8)] for unit in COUNTIES}
    wrong = {unit: frozenset(dice.sample(range(8), 3)) for unit in COUNTIES}
    spoilt = {
        unit: [_spoilt(row, dice) if n in wrong[unit] else row for n, row in enumerate(rows)]
        for unit, rows in people.items()
    }
    typed = spoilt if faulty else people
    sent = []
    titles: dict[str, list[str | None]] = {
        "220102": ["填报单位：南关区残联", None, "填报日期：2018年11月26日"],
        "220103": ["培训人员"],
    }
    for unit, title in titles.items():
        path = f"{PERIOD}/{COUNTIES[unit]}培训.xlsx"
        sent.append(_laid(inbox, path, workbook(title, typed[unit]), people[unit], wrong[unit]))
    lines: list[list[Any]] = [["填报单位：农安县"], [*HEADER], *typed["220122"]]
    text = "\r\n".join(",".join("" if c is None else str(c) for c in line) for line in lines)
    content = text.encode("gb18030")
    sent.append(_laid(inbox, f"{PERIOD}/农安.csv", content, people["220122"], wrong["220122"]))
    bundle = [[*row, "榆树市"] for row in typed["220182"]]
    right = [[*row, "榆树市"] for row in people["220182"]]
    content = workbook(["填报单位：长春市残联"], bundle, (*HEADER, "县（市、区）"))
    sent.append(_laid(inbox, f"{PERIOD}/长春市汇总.xlsx", content, right, wrong["220182"]))
    return sent


def _spoilt(row: Row, dice: random.Random) -> Row:
    copy = list(row)
    dice.choice(FAULTS)(copy)
    return copy


def _laid(inbox: Path, path: str, content: bytes, right: list[Row], wrong: frozenset[int]) -> Sent:
    file = inbox / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return Sent(path, {3 + n: row for n, row in enumerate(right)}, frozenset(3 + n for n in wrong))


def figures_of(folder: Path) -> list[tuple[object, ...]]:
    """What was counted, unit by unit."""
    text = (folder / "data" / "figures.csv").read_text(encoding="utf-8-sig").splitlines()
    columns = text[0].split(",")
    wanted = [columns.index(c) for c in ("unit", "indicator", "scope", "counted", "attendances")]
    return [tuple(line.split(",")[at] for at in wanted) for line in text[1:]]


def inputs_of(folder: Path) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads((folder / "data" / "run.json").read_text("utf-8"))[
        "inputs"
    ]
    return found


def mended(content: bytes, sent: Sent, rows: Iterable[int]) -> bytes:
    """The marked workbook with the right values typed into some of its rows."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = next(
        s for s in book.worksheets if s.title not in ("核对结果",) and s.sheet_state == "visible"
    )
    for row in rows:
        for column, value in enumerate(sent.right[row], 1):
            cell: Any = sheet.cell(row, column)
            cell.value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


Way = Callable[[str, str, bytes, Path], tuple[str, bytes]]


def _renamed(shape: str) -> Way:
    """Filed under another path; {stem}: the name it was sent back under."""
    return lambda stem, round_, content, _: (
        shape.format(stem=stem, round=round_), content,
    )  # fmt: skip


def _zipped(stem: str, round_: str, content: bytes, _: Path) -> tuple[str, bytes]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(f"{stem}.xlsx", content)
    return f"{PERIOD}/00回复{stem}{round_}.zip", out.getvalue()


def _saved_as(suffix: str) -> Way:
    def way(stem: str, round_: str, content: bytes, folder: Path) -> tuple[str, bytes]:
        file = folder / f"{stem}{round_}.xlsx"
        file.write_bytes(content)
        return f"{PERIOD}/0{stem}{round_}.{suffix}", converted(file, folder, suffix).read_bytes()

    return way


WAYS: dict[str, Way] = {
    "same name": _renamed(PERIOD + "/{stem}.xlsx"),
    "dated folder": _renamed(PERIOD + "/11-2{round}/{stem}.xlsx"),
    "downloaded twice": _renamed(PERIOD + "/{stem}({round}).xlsx"),
    "marked as mended": _renamed(PERIOD + "/{stem}-已改{round}.xlsx"),
    "folder of mended": _renamed(PERIOD + "/改好{round}/{stem}.xlsx"),
    "another name": _renamed(PERIOD + "/00新建{round}号{stem[0]}.xlsx"),
    "before all others": _renamed(PERIOD + "/.0/{stem}/0{round}/表.xlsx".replace(".0", "00")),
    "in an archive": _zipped,
}
OFFICE_WAYS: dict[str, Way] = {"as xls": _saved_as("xls"), "as ods": _saved_as("ods")}


def close_the_loop(home: Path, ways: dict[str, Way], seed: int, programme: Programme) -> Path:
    """Files a faulty month, mends it in one to three rounds in the workbooks sent back; the last outbox."""
    dice = random.Random(seed)
    inbox = home / "inbox"
    sent = filed(inbox, seed, faulty=True)
    left = {one.path: sorted(one.wrong) for one in sent}
    rounds = {one.path: dice.randint(1, 3) for one in sent}
    outbox = run(open_home(home), PERIOD, programme)[1].folder
    assert sum(int(str(e["returned"])) for e in inputs_of(outbox)) == sum(map(len, left.values()))
    standing = {one.path: one.path for one in sent}  # the file to be mended next
    for nth in range(1, 4):
        for one in sent:
            rows = left[one.path]
            if not rows or (nth < 3 and dice.random() < 0.3):
                continue
            now = rows if nth >= rounds[one.path] else rows[: max(1, len(rows) // 2)]
            marked = _sent_back(outbox, standing[one.path])
            way = ways[dice.choice(sorted(ways))]
            path, content = way(marked.stem, str(nth), mended(marked.read_bytes(), one, now), home)
            target = inbox / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            left[one.path] = [row for row in rows if row not in now]
            standing[one.path] = path + (f"!{marked.stem}.xlsx" if path.endswith(".zip") else "")
        outbox = run(open_home(home), PERIOD, programme)[1].folder
    return outbox


def _sent_back(outbox: Path, path: str) -> Path:
    """The marked copy of an input."""
    stem = Path(path.rsplit("!", 1)[-1]).stem
    (entry,) = [e for e in inputs_of(outbox) if e["path"] == path]
    assert entry["status"] == "returned", (path, entry["status"])
    (found,) = [
        f for f in (outbox / "退回").glob(f"{entry['unit']}_*/*.xlsx") if f.stem.startswith(stem)
    ]
    return found


def check_closed(home: Path, outbox: Path, seed: int, programme: Programme, right: Path) -> None:
    filed(right / "inbox", seed, faulty=False)
    wanted = figures_of(run(open_home(right), PERIOD, programme)[1].folder)
    assert not [e for e in inputs_of(outbox) if e["returned"]]
    assert figures_of(outbox) == wanted


@pytest.mark.parametrize("seed", range(4))
def test_what_was_mended_counts_however_it_is_filed(
    seed: int, tmp_path: Path, programme: Programme
) -> None:
    home = tmp_path / "home"
    outbox = close_the_loop(home, WAYS, seed, programme)
    check_closed(home, outbox, seed, programme, tmp_path / "right")


@needs_office
def test_what_was_mended_counts_when_another_program_saved_it(
    tmp_path: Path, programme: Programme
) -> None:
    home = tmp_path / "home"
    outbox = close_the_loop(home, OFFICE_WAYS, 7, programme)
    check_closed(home, outbox, 7, programme, tmp_path / "right")
