"""待裁定.xlsx: out with the open questions, back with answers that last, asked again only on new evidence."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from drawing import drop, id_no
from office import converted, needs_office

from pipeline.home import open_home
from pipeline.model import Figures, issues_of
from pipeline.programme import Programme
from pipeline.run import run

A, B = id_no("22010219800101004"), id_no("22010219800101044")
HEADER = (
    "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 户籍地址 | 联系电话 | 开班时间 | 结业时间"
)
HEAD = "== 培训花名册\n填报单位：{unit}残联 | | 填报日期：2018年{month}月26日\n" + HEADER
ROW = "{name} | 女 | {id} | {id}43 | 是 | {home} | {phone} | 2018-09-0{day} | 2018-09-10"


def row(number: str, name: str = "李桂兰", home: str = "", phone: str = "", day: int = 1) -> str:
    return ROW.format(name=name, id=number, home=home, phone=phone, day=day)


def roster(unit: str, *rows: str, month: int = 11) -> str:
    return "\n".join([HEAD.format(unit=unit, month=month), *rows])


class Month:
    """A home folder whose months can be run again and again."""

    def __init__(self, home: Path, programme: Programme) -> None:
        self.home, self.programme = home, programme

    def run(self, period: str = "2018-11") -> Figures:
        return run(open_home(self.home), period, self.programme)[0]

    def questions(self, period: str = "2018-11") -> Any:
        return openpyxl.load_workbook(self.home / "outbox" / period / "待裁定.xlsx")

    def answer(
        self, edit: Callable[[Any], None], name: str = "待裁定.xlsx", period: str = "2018-11"
    ) -> None:
        book = self.questions(period)
        edit(book)
        book.save(self.home / "inbox" / name)

    def counted(self, period: str = "2018-11") -> int:
        return sum(
            line["counted"]
            for line in self.run(period).table.to_pylist()
            if (line["level"], line["indicator"], line["scope"]) == ("province", "training", "year")
        )


@pytest.fixture
def month(home: Path, programme: Programme) -> Month:
    drop(home / "inbox", "2018-11/南关区.xlsx", roster("南关区", row(A)))
    drop(home / "inbox", "2018-11/宽城区.xlsx", roster("宽城区", row(B)))
    return Month(home, programme)


def column(sheet: Any, title: str) -> int:
    return int(next(c.column for c in sheet[3] if c.value == title))


def put(sheet: str, title: str, value: str, line: int = 4) -> Callable[[Any], None]:
    def edit(book: Any) -> None:
        for named, text in ((title, value), ("理由", "对照证件"), ("裁定人", "王某")):
            book[sheet].cell(line, column(book[sheet], named), text)

    return edit


def shown(sheet: Any, title: str, line: int = 4) -> str:
    return str(sheet.cell(line, column(sheet, title)).value or "")


def test_an_answer_stands_and_is_not_asked_again(month: Month) -> None:
    assert month.counted() == 2
    month.answer(put("疑似重复", "裁定", "同一人"))
    assert month.counted() == 1
    sheet = month.questions()["疑似重复"]
    assert (shown(sheet, "裁定"), shown(sheet, "重新裁定")) == ("同一人", "")
    drop(month.home / "inbox", "2018-12/南关区.xlsx", roster("南关区", row(A), month=12))
    assert month.counted("2018-12") == 1
    assert pd.read_csv(month.home / "outbox/2018-12/data/probable.csv").empty


def test_not_the_same_person_stays_two_and_listed(month: Month) -> None:
    month.run()
    month.answer(put("疑似重复", "裁定", "不同人"))
    assert month.counted() == 2
    assert len(pd.read_csv(month.home / "outbox/2018-11/data/probable.csv")) == 1


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        (roster("宽城区", row(B, name="李桂岚")), "姓名、证据"),
        (roster("宽城区", row(B)) + "\n" + HEAD.format(unit="德惠市", month=11)[8:], ""),
        (roster("德惠市", row(B)), "上报单位"),
        (roster("宽城区", row(B, phone="13844445555")), ""),
    ],
)
def test_a_judgement_is_asked_again_only_when_its_evidence_has_changed(
    changed: str, part: str, month: Month
) -> None:
    month.run()
    month.answer(put("疑似重复", "裁定", "不同人"))
    (month.home / "inbox" / "2018-11" / "宽城区.xlsx").unlink()
    named = "德惠市" if part == "上报单位" else "宽城区"
    drop(month.home / "inbox", f"2018-11/{named}.xlsx", changed)
    figures = month.run()
    again = shown(month.questions()["疑似重复"], "重新裁定")
    asked_again = [i for i in issues_of(figures.issues) if i.rule == "U10"]
    assert again == (f"重新裁定：{part}有变化" if part else "")
    assert [(i.file, i.severity) for i in asked_again] == (
        [("待裁定.xlsx", "warning")] if part else []
    )


def test_the_newest_workbook_wins_and_two_of_one_period_contradict(month: Month) -> None:
    month.run()
    month.answer(put("疑似重复", "裁定", "同一人"), "旧裁定.xlsx")
    drop(month.home / "inbox", "2018-12/南关区.xlsx", roster("南关区", row(A), month=12))
    month.run("2018-12")
    month.answer(put("疑似重复", "裁定", "不同人"), "新裁定.xlsx", "2018-12")
    assert month.counted("2018-12") == 2
    month.answer(put("疑似重复", "裁定", "同一人"), "又一份.xlsx", "2018-12")
    figures = month.run("2018-12")
    (clash,) = [i for i in issues_of(figures.issues) if i.rule == "U05"]
    assert clash.file in ("新裁定.xlsx", "又一份.xlsx")
    assert month.counted("2018-12") == 2  # neither stands


def test_who_keeps_the_count_is_judged_and_asked_again_when_another_claims(month: Month) -> None:
    drop(month.home / "inbox", "2018-11/宽城区.xlsx", roster("宽城区", row(A, day=2)))
    month.run()
    sheet = month.questions()["多地上报"]
    assert shown(sheet, "现计入") == "南关区（开始时间较早）"
    assert [shown(sheet, f"选项{n}") for n in (1, 2, 3)] == ["南关区", "宽城区", ""]
    month.answer(put("多地上报", "改计入单位", "宽城区"))
    month.run()
    claims = pd.read_csv(month.home / "outbox/2018-11/data/claims.csv", dtype=str)
    assert set(claims["counted_for"]) == {"220103"}
    assert set(claims["reason"]) == {"judgement"}
    drop(month.home / "inbox", "2018-11/德惠市.xlsx", roster("德惠市", row(A, day=3)))
    figures = month.run()
    assert [i.rule for i in issues_of(figures.issues) if i.file == "待裁定.xlsx"] == ["U10"]
    assert shown(month.questions()["多地上报"], "重新裁定") == "重新裁定：上报单位有变化"
    listed = month.questions()["重复名单"]
    assert [shown(listed, "上报单位", n) for n in (4, 5, 6)] == ["南关区", "宽城区", "德惠市"]


def test_a_judgement_on_somebody_no_longer_there_is_said(month: Month) -> None:
    month.run()
    month.answer(put("疑似重复", "裁定", "同一人"))
    (month.home / "inbox/2018-11/宽城区.xlsx").unlink()
    assert [i.rule for i in issues_of(month.run().issues) if i.file == "待裁定.xlsx"] == ["U06"]


def test_what_differs_is_red_and_the_weightiest_stands_first(month: Month) -> None:
    drop(
        month.home / "inbox", "2018-11/德惠市.xlsx",
        roster("德惠市", row(id_no("22018319800101628")), row(id_no("22010219800101084"), name="李桂岚")),
    )  # fmt: skip
    month.run()
    book = openpyxl.load_workbook(month.home / "outbox/2018-11/待裁定.xlsx", rich_text=True)
    sheet: Any = book["疑似重复"]
    ranks = [shown(sheet, "可能性", n) for n in range(4, sheet.max_row + 1)]
    assert ranks == sorted(ranks, key=["很可能", "可能", "同名同生日"].index)
    assert {"很可能", "可能", "同名同生日"} == set(ranks)
    line = next(n for n in range(4, sheet.max_row + 1) if shown(sheet, "姓名乙", n) == "李桂岚")
    name = sheet.cell(line, column(sheet, "姓名乙")).value
    assert [str(piece) for piece in name] == ["李桂", "岚"]
    assert name[1].font.color.rgb == "FFC00000"
    assert "姓名同音" in shown(sheet, "依据", line)


@needs_office
@pytest.mark.parametrize("way", [["xlsx"], ["ods", "xlsx"], ["xls"]])
def test_answers_survive_an_office_program(way: list[str], month: Month, tmp_path: Path) -> None:
    drop(month.home / "inbox", "2018-11/德惠市.xlsx", roster("德惠市", row(A, day=3)))
    month.run()
    book = month.questions()
    put("疑似重复", "裁定", "不同人")(book)
    put("多地上报", "改计入单位", "德惠市")(book)
    file = tmp_path / "待裁定.xlsx"
    book.save(file)
    for suffix in way:
        file = converted(file, tmp_path, suffix)
    shutil.copy(file, month.home / "inbox" / file.name)
    figures = month.run()
    assert [i.rule for i in issues_of(figures.issues) if i.file == file.name] == []
    claims = pd.read_csv(month.home / "outbox/2018-11/data/claims.csv", dtype=str)
    assert set(claims["counted_for"]) == {"220183"}
    assert month.counted() == 2
    if file.suffix == ".xlsx":
        opened: Any = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
        lists = [v.formula1 for v in opened["疑似重复"].data_validations.dataValidation]
        assert any("同一人" in str(f) for f in lists)


@pytest.mark.parametrize(("blank", "why"), [("理由", "没有写理由"), ("裁定人", "没有写裁定人")])
def test_a_judgement_without_reason_or_name_is_not_taken_and_the_next_workbook_says_why(
    blank: str, why: str, month: Month
) -> None:
    month.run()

    def edit(book: Any) -> None:
        put("疑似重复", "裁定", "同一人")(book)
        book["疑似重复"].cell(4, column(book["疑似重复"], blank)).value = None

    month.answer(edit)
    assert month.counted() == 2
    sheet = month.questions()["疑似重复"]
    assert shown(sheet, "裁定") == "同一人"
    assert shown(sheet, "未采用的原因") == f"裁定未采用：{why}"
    page = (month.home / "outbox/2018-11/index.html").read_text(encoding="utf-8")
    assert f"裁定未采用：{why}" in page


def test_a_keeper_must_claim_her(month: Month) -> None:
    drop(month.home / "inbox", "2018-11/宽城区.xlsx", roster("宽城区", row(A, day=2)))
    month.run()
    month.answer(put("多地上报", "改计入单位", "德惠市"))
    month.run()
    claims = pd.read_csv(month.home / "outbox/2018-11/data/claims.csv", dtype=str)
    assert set(claims["counted_for"]) == {"220102"}
    sheet = month.questions()["多地上报"]
    assert shown(sheet, "未采用的原因") == "裁定未采用：德惠市没有上报此人，不能计入"


def test_both_sides_stand_beside_each_other_and_answers_on_the_page(month: Month) -> None:
    drop(
        month.home / "inbox",
        "2018-11/宽城区.xlsx",
        roster("宽城区", row(B, home="宽城区兴隆乡", day=3)),
    )
    month.run()
    sheet = month.questions()["疑似重复"]
    sides = [
        shown(sheet, f"{what}{side}")
        for what in ("残疾人证号", "地址", "上报单位", "起止时间")
        for side in "甲乙"
    ]
    assert sides == [
        f"{A}43", f"{B}43", "", "宽城区兴隆乡", "南关区", "宽城区",
        "培训 2018-09-01至2018-09-10", "培训 2018-09-03至2018-09-10",
    ]  # fmt: skip
    month.answer(put("疑似重复", "裁定", "不同人"))
    month.run()
    page = (month.home / "outbox/2018-11/index.html").read_text(encoding="utf-8")
    assert f"李*（尾号 {A[-4:]}）、李*（尾号 {B[-4:]}）" in page
    assert '<td class="t">不同人</td><td class="t">对照证件</td>' in page
    assert A not in page


UNDATED = "== 培训花名册\n填报单位：南关区残联\n" + HEADER
NUMBERS = [id_no(f"220102198{n}0101002") for n in range(6)]


def undated(*numbers: int, name: str = "李桂兰") -> str:
    return "\n".join([UNDATED, *(row(NUMBERS[n], name + "甲乙丙丁戊己"[n]) for n in numbers)])


@pytest.fixture
def two_files(home: Path, programme: Programme) -> Month:
    """Two lists of one county of which nothing says which is the later one."""
    drop(home / "inbox", "2018-11/南关区/a.xlsx", undated(0, 1, 2, 3))
    drop(home / "inbox", "2018-11/南关区/b.xlsx", undated(0, 1, 2))
    return Month(home, programme)


def covered(month: Month) -> tuple[int, int, int, str]:
    table = pd.read_csv(month.home / "outbox/2018-11/data/coverage.csv").fillna("")
    own = table[(table.unit == 220102) & (table.indicator == "training") & (table.scope == "year")]
    (line,) = own.to_dict("records")
    return line["least"], line["most"], line["provisional"], line["why"]


@pytest.mark.parametrize(("answer", "counted"), [("采用甲", 4), ("采用乙", 3), ("两份都算", 4)])
def test_which_of_two_files_stands_is_asked_and_the_answer_holds(
    answer: str, counted: int, two_files: Month
) -> None:
    assert two_files.counted() == 3
    sheet = two_files.questions()["选文件"]
    assert shown(sheet, "文件甲") == "2018-11/南关区/a.xlsx"
    assert shown(sheet, "不同之处") == "只在甲的 1 人"
    assert (shown(sheet, "行数甲"), shown(sheet, "行数乙"), shown(sheet, "现行处理")) == (
        "4",
        "3",
        "暂用乙",
    )
    assert covered(two_files) == (3, 4, 1, "南关区两份名单哪一份有效待裁定")
    two_files.answer(put("选文件", "采用", answer))
    assert two_files.counted() == counted
    assert "U04" not in {i.rule for i in issues_of(two_files.run().issues)}
    assert covered(two_files)[2:] == (0, "")
    sheet = two_files.questions()["选文件"]
    assert (shown(sheet, "采用"), shown(sheet, "重新裁定")) == (answer, "")
    page = (two_files.home / "outbox/2018-11/index.html").read_text(encoding="utf-8")
    assert answer in page
    assert "甲 2018-11/南关区/a.xlsx，乙 2018-11/南关区/b.xlsx" in page


def test_which_of_two_files_is_asked_again_where_one_says_something_else(two_files: Month) -> None:
    two_files.run()
    two_files.answer(put("选文件", "采用", "采用甲"))
    drop(two_files.home / "inbox", "2018-11/南关区/b.xlsx", undated(0, 1, 2, 3, 4))
    assert two_files.counted() == 4
    sheet = two_files.questions()["选文件"]
    assert (shown(sheet, "采用"), shown(sheet, "重新裁定")) == ("采用甲", "重新裁定：文件乙有变化")
    assert covered(two_files)[:3] == (4, 5, 1)
    assert {"U04", "U10"} <= {i.rule for i in issues_of(two_files.run().issues)}


def test_an_answer_goes_with_the_files_under_other_names(two_files: Month) -> None:
    two_files.run()
    two_files.answer(put("选文件", "采用", "采用甲"))
    folder = two_files.home / "inbox/2018-11/南关区"
    (folder / "a.xlsx").rename(folder / "c.xlsx")
    assert two_files.counted() == 4
    sheet = two_files.questions()["选文件"]
    assert (shown(sheet, "文件甲"), shown(sheet, "文件乙")) == (
        "2018-11/南关区/b.xlsx",
        "2018-11/南关区/c.xlsx",
    )
    assert (shown(sheet, "采用"), shown(sheet, "重新裁定")) == ("采用乙", "")


@pytest.mark.parametrize(("title", "why"), [("理由", "没有写理由"), ("裁定人", "没有写裁定人")])
def test_an_answer_about_files_needs_a_reason_and_a_name(
    title: str, why: str, two_files: Month
) -> None:
    two_files.run()

    def edit(book: Any) -> None:
        put("选文件", "采用", "采用甲")(book)
        sheet = book["选文件"]
        sheet.cell(4, column(sheet, title), "")

    two_files.answer(edit)
    assert two_files.counted() == 3
    sheet = two_files.questions()["选文件"]
    assert (shown(sheet, "采用"), shown(sheet, "未采用的原因")) == ("采用甲", f"裁定未采用：{why}")
    assert covered(two_files)[2] == 1


def test_the_word_for_a_file_that_is_none_of_the_choices_is_said(two_files: Month) -> None:
    two_files.run()
    two_files.answer(put("选文件", "采用", "第一份"))
    assert "U07" in {i.rule for i in issues_of(two_files.run().issues)}
    assert two_files.counted() == 3
