"""待裁定.xlsx: out with the open questions, back with answers that last, asked again only on new evidence.

Every case is a story in counties of its own, with women of its own; they are told side by side.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
from drawing import drop, id_no
from office import converted, needs_office
from side_by_side import Story, counties, run_together

from pipeline.home import open_home
from pipeline.model import Figures, Issue, issues_of
from pipeline.programme import Programme
from pipeline.run import run

NOVEMBER, DECEMBER = "2018-11", "2018-12"
HEADER = (
    "姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 户籍地址 | 联系电话 | 开班时间 | 结业时间"
)
HEAD = "== 培训花名册\n填报单位：{unit}残联 | | 填报日期：2018年{month}月26日\n" + HEADER
ROW = "{name} | 女 | {id} | {id}43 | 是 | {home} | {phone} | 2018-09-0{day} | 2018-09-10"
UNDATED = "== 培训花名册\n填报单位：{unit}残联\n" + HEADER
SURNAMES = "李张赵孙周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕曹金陶姜戚谢邹喻柏窦"
WRITTEN = {"疑似重复": "裁定", "多地上报": "改计入单位", "选文件": "采用"}
# by name: in how many counties it is told, and the story
CASES: dict[str, tuple[int, Callable[[Counties], Story[Figures]]]] = {}


def case(
    *words: Any, counties: int = 2
) -> Callable[[Callable[..., Story[Figures]]], Callable[..., Story[Figures]]]:
    """A story in so many counties; where there are words, one with each of them."""

    def noted(story: Callable[..., Story[Figures]]) -> Callable[..., Story[Figures]]:
        name = story.__name__
        if not words:
            CASES[name] = (counties, story)
        for n, word in enumerate(words):
            CASES[f"{name}[{n}]"] = (counties, lambda its, word=word: story(its, word))  # type: ignore[misc]
        return story

    return noted


class Counties:
    """Counties that file for one story alone, two women whose numbers differ in one digit, and the papers."""

    def __init__(self, home: Path, nth: int, units: list[tuple[str, str]]) -> None:
        self.home, self.units = home, units
        self.first, self.second, self.third, *_ = (*(name for _, name in units), "", "")
        self.name = f"{SURNAMES[nth]}桂兰"
        self.born = f"{units[0][0]}19{50 + nth}01010"
        self.a, self.b = id_no(f"{self.born}04"), id_no(f"{self.born}44")
        self.answers = f"待裁定{nth}.xlsx"

    def row(self, number: str, *, name: str = "", home: str = "", phone: str = "", day: int = 1) -> str:  # fmt: skip
        return ROW.format(name=name or self.name, id=number, home=home, phone=phone, day=day)

    def file(self, unit: str, *rows: str, month: int = 11, more: str = "") -> None:
        picture = "\n".join([HEAD.format(unit=unit, month=month), *rows]) + more
        drop(self.home / "inbox", f"2018-{month}/{unit}.xlsx", picture)

    def two_who_may_be_one(self) -> None:
        self.file(self.first, self.row(self.a))
        self.file(self.second, self.row(self.b))

    def two_files(self) -> None:
        """Two lists of one county of which nothing says which is the later one."""
        self.undated("a", 0, 1, 2, 3)
        self.undated("b", 0, 1, 2)

    def undated(self, name: str, *women: int) -> None:
        rows = [
            self.row(id_no(f"{self.born[:9]}{n}{self.born[10:]}02"), name=self.name + "甲乙丙丁戊己"[n])
            for n in women
        ]  # fmt: skip
        picture = "\n".join([UNDATED.format(unit=self.first), *rows])
        drop(self.home / "inbox", f"2018-11/{self.first}/{name}.xlsx", picture)

    def questions(self, period: str = NOVEMBER) -> Any:
        """The questions of a month as they stand; not to be changed."""
        file = self.questions_of(period)
        return opened(file, file.stat().st_mtime_ns)

    def questions_of(self, period: str = NOVEMBER) -> Path:
        return self.home / "outbox" / period / "待裁定.xlsx"

    def lines(self, sheet: Any) -> list[int]:
        """The rows of a sheet that are about these counties."""
        names = {name for _, name in self.units}
        return [
            row[0].row for row in sheet.iter_rows(min_row=4)
            if any(name in str(cell.value or "") for cell in row for name in names)
        ]  # fmt: skip

    def shown(self, book: Any, sheet: str, title: str) -> str:
        """What the first line about these counties says."""
        return shown(book[sheet], title, self.lines(book[sheet])[0])

    def answered(self, period: str = NOVEMBER, **answers: str) -> Any:
        """The open questions with these counties' own answered, each with reason and name, and nobody else's."""
        book = openpyxl.load_workbook(self.questions_of(period))
        for title, named in WRITTEN.items():
            sheet, own = book[title], self.lines(book[title])
            for line in range(4, sheet.max_row + 1):
                texts = {named: answers.get(title), "理由": "对照证件", "裁定人": "王某"}
                for column_title, text in texts.items():
                    mine = line in own[:1] and title in answers
                    sheet.cell(line, column(sheet, column_title)).value = text if mine else None
        return book

    def answer(self, name: str = "", period: str = NOVEMBER, **answers: str) -> None:
        self.answered(period, **answers).save(self.home / "inbox" / (name or self.answers))

    def counted(self, figures: Figures) -> int:
        codes = {code for code, _ in self.units}
        return sum(
            line["counted"]
            for line in figures.table.to_pylist()
            if (line["level"], line["indicator"], line["scope"]) == ("county", "training", "year")
            and line["unit"] in codes
        )

    def issues(self, figures: Figures, *files: str) -> list[Issue]:
        """What was found in the answers."""
        return [i for i in issues_of(figures.issues) if i.file in (files or (self.answers,))]

    def files_asked_about(self, figures: Figures) -> set[str]:
        """The rules by which the county's files are asked about."""
        folder = f"2018-11/{self.first}/"
        return {i.rule for i in issues_of(figures.issues) if i.file.startswith(folder)}

    def table(self, name: str, period: str = NOVEMBER) -> pd.DataFrame:
        """The delivered table's lines about these women and counties."""
        frame = pd.read_csv(self.home / "outbox" / period / "data" / name, dtype=str).fillna("")
        words = {code for code, _ in self.units} | {self.a, self.b}
        return frame[frame.isin(words).any(axis=1)]

    def keepers(self) -> tuple[set[str], set[str]]:
        claims = self.table("claims.csv")
        return set(claims["counted_for"]), set(claims["reason"])

    def covered(self) -> tuple[int, int, int, str]:
        table = self.table("coverage.csv")
        own = table[(table.unit == self.units[0][0]) & (table.indicator == "training") & (table.scope == "year")]  # fmt: skip
        (line,) = own.to_dict("records")
        return int(line["least"]), int(line["most"]), int(line["provisional"]), line["why"]

    def page(self) -> str:
        return (self.home / "outbox/2018-11/index.html").read_text(encoding="utf-8")


@cache
def opened(file: Path, _made: int) -> Any:
    return openpyxl.load_workbook(file)


def column(sheet: Any, title: str) -> int:
    return int(next(c.column for c in sheet[3] if c.value == title))


def shown(sheet: Any, title: str, line: int) -> str:
    return str(sheet.cell(line, column(sheet, title)).value or "")


@case()
def an_answer_stands_and_is_not_asked_again(its: Counties) -> Story[Figures]:
    its.two_who_may_be_one()
    assert its.counted((yield NOVEMBER)) == 2
    its.answer(疑似重复="同一人")
    assert its.counted((yield NOVEMBER)) == 1
    book = its.questions()
    assert its.shown(book, "疑似重复", "裁定") == "同一人"
    assert its.shown(book, "疑似重复", "重新裁定") == ""
    its.file(its.first, its.row(its.a), month=12)
    assert its.counted((yield DECEMBER)) == 1
    assert its.table("probable.csv", DECEMBER).empty


@case()
def not_the_same_person_stays_two_and_listed(its: Counties) -> Story[Figures]:
    its.two_who_may_be_one()
    yield NOVEMBER
    its.answer(疑似重复="不同人")
    assert its.counted((yield NOVEMBER)) == 2
    assert len(its.table("probable.csv")) == 1


@case("name", "a table without a row", "county", "phone", counties=3)
def a_judgement_is_asked_again_only_when_its_evidence_has_changed(
    its: Counties, changed: str
) -> Story[Figures]:
    its.two_who_may_be_one()
    yield NOVEMBER
    its.answer(疑似重复="不同人")
    (its.home / "inbox" / "2018-11" / f"{its.second}.xlsx").unlink()
    part = {"name": "姓名、证据", "county": "上报单位"}.get(changed, "")
    its.file(
        its.third if changed == "county" else its.second,
        its.row(
            its.b,
            name=its.name.replace("兰", "岚") if changed == "name" else "",
            phone="13844445555" if changed == "phone" else "",
        ),
        more="\n" + HEAD.format(unit=its.third, month=11)[8:] if changed.startswith("a") else "",
    )
    figures = yield NOVEMBER
    again = its.shown(its.questions(), "疑似重复", "重新裁定")
    asked_again = [i.severity for i in its.issues(figures) if i.rule == "U10"]
    assert again == (f"重新裁定：{part}有变化" if part else "")
    assert asked_again == (["warning"] if part else [])


@case(["不同人"], ["不同人", "同一人"])
def the_newest_workbook_wins_and_two_of_one_period_contradict(
    its: Counties, newest: list[str]
) -> Story[Figures]:
    its.two_who_may_be_one()
    yield NOVEMBER
    its.answer("旧" + its.answers, 疑似重复="同一人")
    its.file(its.first, its.row(its.a), month=12)
    yield DECEMBER
    names = [f"新{n}{its.answers}" for n in range(len(newest))]
    for name, answer in zip(names, newest, strict=True):
        its.answer(name, DECEMBER, 疑似重复=answer)
    figures = yield DECEMBER
    assert its.counted(figures) == 2  # of two that contradict neither stands, nor does the old one
    clashes = [i.rule for i in its.issues(figures, *names)]
    assert clashes == ["U05"] * (len(newest) - 1)


@case()
def who_keeps_the_count_is_judged(its: Counties) -> Story[Figures]:
    its.file(its.first, its.row(its.a))
    its.file(its.second, its.row(its.a, day=2))
    yield NOVEMBER
    book = its.questions()
    assert its.shown(book, "多地上报", "现计入") == f"{its.first}（开始时间较早）"
    choices = [its.shown(book, "多地上报", f"选项{n}") for n in (1, 2, 3)]
    assert choices == [its.first, its.second, ""]
    its.answer(多地上报=its.second)
    yield NOVEMBER
    assert its.keepers() == ({its.units[1][0]}, {"judgement"})


@case(counties=3)
def who_keeps_the_count_is_asked_again_when_another_claims(its: Counties) -> Story[Figures]:
    its.file(its.first, its.row(its.a))
    its.file(its.second, its.row(its.a, day=2))
    yield NOVEMBER
    its.answer(多地上报=its.second)
    its.file(its.third, its.row(its.a, day=3))
    figures = yield NOVEMBER
    assert [i.rule for i in its.issues(figures)] == ["U10"]
    book = its.questions()
    assert its.shown(book, "多地上报", "重新裁定") == "重新裁定：上报单位有变化"
    listed = book["重复名单"]
    filed = [shown(listed, "上报单位", line) for line in its.lines(listed)]
    assert filed == [its.first, its.second, its.third]


@case()
def a_judgement_on_somebody_who_is_gone_is_named(its: Counties) -> Story[Figures]:
    its.two_who_may_be_one()
    yield NOVEMBER
    its.answer(疑似重复="同一人")
    (its.home / f"inbox/2018-11/{its.second}.xlsx").unlink()
    assert [i.rule for i in its.issues((yield NOVEMBER))] == ["U06"]


@case(counties=3)
def what_differs_is_red_and_the_weightiest_stands_first(its: Counties) -> Story[Figures]:
    its.two_who_may_be_one()
    others = (id_no(f"{its.units[2][0]}{its.born[6:]}62"), id_no(f"{its.born}08"))
    alike = its.name.replace("兰", "岚")
    its.file(its.third, its.row(others[0]), its.row(others[1], name=alike))
    yield NOVEMBER
    book = openpyxl.load_workbook(its.questions_of(), rich_text=True)
    sheet: Any = book["疑似重复"]
    for lines in (its.lines(sheet), range(4, sheet.max_row + 1)):
        ranks = [shown(sheet, "可能性", line) for line in lines]
        assert ranks == sorted(ranks, key=["很可能", "可能", "同名同生日"].index)
        assert {"很可能", "可能", "同名同生日"} == set(ranks)
    line = next(line for line in its.lines(sheet) if shown(sheet, "姓名乙", line) == alike)
    name = sheet.cell(line, column(sheet, "姓名乙")).value
    assert [str(piece) for piece in name] == [alike[:2], "岚"]
    assert name[1].font.color.rgb == "FFC00000"
    assert "姓名同音" in shown(sheet, "依据", line)


@case(["xlsx"], ["ods", "xlsx"], ["xls"], counties=3)
def answers_survive_an_office_program(its: Counties, way: list[str]) -> Story[Figures]:
    its.two_who_may_be_one()
    its.file(its.third, its.row(its.a, day=3))
    yield NOVEMBER
    book = its.answered(疑似重复="不同人", 多地上报=its.third)
    folder = its.home / "office" / its.first
    folder.mkdir(parents=True)
    file = folder / its.answers
    book.save(file)
    for suffix in way:
        file = converted(file, folder, suffix)
    shutil.copy(file, its.home / "inbox" / file.name)
    figures = yield NOVEMBER
    assert its.issues(figures, file.name) == []
    assert its.keepers()[0] == {its.units[2][0]}
    assert its.counted(figures) == 2
    if file.suffix == ".xlsx":
        opened: Any = openpyxl.load_workbook(io.BytesIO(file.read_bytes()))
        lists = [v.formula1 for v in opened["疑似重复"].data_validations.dataValidation]
        assert any("同一人" in str(f) for f in lists)


@case(("理由", "没有写理由"), ("裁定人", "没有写裁定人"))
def a_judgement_without_reason_or_name_is_not_taken_and_the_next_workbook_says_why(
    its: Counties, left_out: tuple[str, str]
) -> Story[Figures]:
    blank, why = left_out
    its.two_who_may_be_one()
    yield NOVEMBER
    book = its.answered(疑似重复="同一人")
    sheet = book["疑似重复"]
    sheet.cell(its.lines(sheet)[0], column(sheet, blank)).value = None
    book.save(its.home / "inbox" / its.answers)
    assert its.counted((yield NOVEMBER)) == 2
    book = its.questions()
    assert its.shown(book, "疑似重复", "裁定") == "同一人"
    assert its.shown(book, "疑似重复", "未采用的原因") == f"裁定未采用：{why}"
    assert f"裁定未采用：{why}" in its.page()


@case(counties=3)
def a_keeper_must_claim_her(its: Counties) -> Story[Figures]:
    its.file(its.first, its.row(its.a))
    its.file(its.second, its.row(its.a, day=2))
    yield NOVEMBER
    its.answer(多地上报=its.third)
    yield NOVEMBER
    assert its.keepers()[0] == {its.units[0][0]}
    why = its.shown(its.questions(), "多地上报", "未采用的原因")
    assert why == f"裁定未采用：{its.third}没有上报此人，不能计入"


@case()
def both_sides_stand_beside_each_other_and_answers_on_the_page(its: Counties) -> Story[Figures]:
    its.file(its.first, its.row(its.a))
    its.file(its.second, its.row(its.b, home=f"{its.second}兴隆乡", day=3))
    yield NOVEMBER
    book = its.questions()
    sides = [
        its.shown(book, "疑似重复", f"{what}{side}")
        for what in ("残疾人证号", "地址", "上报单位", "起止时间")
        for side in "甲乙"
    ]
    assert sides == [
        f"{its.a}43", f"{its.b}43", "", f"{its.second}兴隆乡", its.first, its.second,
        "培训 2018-09-01至2018-09-10", "培训 2018-09-03至2018-09-10",
    ]  # fmt: skip
    its.answer(疑似重复="不同人")
    yield NOVEMBER
    page = its.page()
    surname = its.name[0]
    (answer,) = [
        line for line in page.split("<tr")
        if f"{surname}*（尾号 {its.a[-4:]}）、{surname}*（尾号 {its.b[-4:]}）" in line and "对照证件" in line
    ]  # fmt: skip
    assert '<td class="t">不同人</td><td class="t">对照证件</td>' in answer
    assert its.a not in page


@case(("采用甲", 4), ("采用乙", 3), ("两份都算", 4), counties=1)
def which_of_two_files_stands_is_asked_and_the_answer_holds(
    its: Counties, answer: tuple[str, int]
) -> Story[Figures]:
    chosen, counted = answer
    its.two_files()
    assert its.counted((yield NOVEMBER)) == 3
    book = its.questions()
    assert its.shown(book, "选文件", "文件甲") == f"2018-11/{its.first}/a.xlsx"
    assert its.shown(book, "选文件", "不同之处") == "只在甲的 1 人"
    amounts = [its.shown(book, "选文件", title) for title in ("行数甲", "行数乙", "现行处理")]
    assert amounts == ["4", "3", "暂用乙"]
    assert its.covered() == (3, 4, 1, f"{its.first}两份名单哪一份有效待裁定")
    its.answer(选文件=chosen)
    figures = yield NOVEMBER
    assert its.counted(figures) == counted
    assert "U04" not in its.files_asked_about(figures)
    assert its.covered()[2:] == (0, "")
    book = its.questions()
    assert its.shown(book, "选文件", "采用") == chosen
    assert its.shown(book, "选文件", "重新裁定") == ""
    assert chosen in its.page()
    assert f"甲 2018-11/{its.first}/a.xlsx，乙 2018-11/{its.first}/b.xlsx" in its.page()


@case(counties=1)
def which_of_two_files_is_asked_again_where_one_says_something_else(
    its: Counties,
) -> Story[Figures]:
    its.two_files()
    yield NOVEMBER
    its.answer(选文件="采用甲")
    its.undated("b", 0, 1, 2, 3, 4)
    figures = yield NOVEMBER
    assert its.counted(figures) == 4
    book = its.questions()
    assert its.shown(book, "选文件", "采用") == "采用甲"
    assert its.shown(book, "选文件", "重新裁定") == "重新裁定：文件乙有变化"
    assert its.covered()[:3] == (4, 5, 1)
    assert "U04" in its.files_asked_about(figures)
    assert "U10" in {i.rule for i in its.issues(figures)}


@case(counties=1)
def an_answer_goes_with_the_files_under_other_names(its: Counties) -> Story[Figures]:
    its.two_files()
    yield NOVEMBER
    its.answer(选文件="采用甲")
    folder = its.home / "inbox/2018-11" / its.first
    (folder / "a.xlsx").rename(folder / "c.xlsx")
    assert its.counted((yield NOVEMBER)) == 4
    book = its.questions()
    assert its.shown(book, "选文件", "文件甲") == f"2018-11/{its.first}/b.xlsx"
    assert its.shown(book, "选文件", "文件乙") == f"2018-11/{its.first}/c.xlsx"
    assert its.shown(book, "选文件", "采用") == "采用乙"
    assert its.shown(book, "选文件", "重新裁定") == ""


@case(("理由", "没有写理由"), ("裁定人", "没有写裁定人"), counties=1)
def an_answer_about_files_needs_a_reason_and_a_name(
    its: Counties, left_out: tuple[str, str]
) -> Story[Figures]:
    title, why = left_out
    its.two_files()
    yield NOVEMBER
    book = its.answered(选文件="采用甲")
    sheet = book["选文件"]
    sheet.cell(its.lines(sheet)[0], column(sheet, title)).value = None
    book.save(its.home / "inbox" / its.answers)
    assert its.counted((yield NOVEMBER)) == 3
    book = its.questions()
    assert its.shown(book, "选文件", "采用") == "采用甲"
    assert its.shown(book, "选文件", "未采用的原因") == f"裁定未采用：{why}"
    assert its.covered()[2] == 1


@case(counties=1)
def the_word_for_a_file_that_is_none_of_the_choices_is_reported(its: Counties) -> Story[Figures]:
    its.two_files()
    yield NOVEMBER
    its.answer(选文件="第一份")
    figures = yield NOVEMBER
    assert "U07" in {i.rule for i in its.issues(figures)}
    assert its.counted(figures) == 3


@pytest.fixture(scope="module")
def faults(
    tmp_path_factory: pytest.TempPathFactory, programme: Programme
) -> dict[str, Exception | None]:
    home = tmp_path_factory.mktemp("judged")
    (home / "inbox").mkdir()
    stories, free = {}, counties(programme)
    for nth, (name, (count, story)) in enumerate(CASES.items()):
        own, free = free[:count], free[count:]
        if not (name.startswith("answers_survive") and needs_office.args[0]):
            stories[name] = story(Counties(home, nth, own))
    assert len(own) == count, "more stories than counties"
    return run_together(stories, lambda period: run(open_home(home), period, programme)[0])


@pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=needs_office if "office" in n else ()) for n in CASES],
)
def test_the_story(name: str, faults: dict[str, Exception | None]) -> None:
    fault = faults[name]
    if fault:
        raise fault
