"""读回: a number broken on purpose in a template stops delivery, and its place is named."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from readable import Filling, disagreements, filed

from pipeline.home import built_in, open_home
from pipeline.office.fill.citing import BESIDE, cited
from pipeline.readback import Disagreement
from pipeline.run import run

SUMMARY = "全省汇总表.xlsx"


def broken(template: Path, *changes: tuple[str, str]) -> bytes:
    """The template with texts of its cells changed, all else as it lies there."""
    out = io.BytesIO()
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(out, "w") as made:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/sharedStrings.xml":
                text = content.decode()
                for before, after in changes:
                    assert before in text
                    text = text.replace(before, after)
                content = text.encode()
            made.writestr(info, content)
    return out.getvalue()


DONE, RATE = "{{ line.training.year.done }}", "{{ line.training.year.rate }}"
WRONG = {
    "one more": ((DONE, "{{ line.training.year.done + 1 }}"), "汇总表", "C6", "写的是 5，不是由数字表来的数"),
    "another indicator": ((DONE, "{{ line.employment.year.done }}"), "汇总表", "C6", "表头是“培训（2018年）”，写的却是吉林省 就业"),
    "another span": ((DONE, "{{ line.training.cumulative.done }}"), "汇总表", "C6", "表头是“培训（2018年）”"),
    "another measure": ((DONE, "{{ line.training.year.target }}"), "汇总表", "C6", "表头是“完成人数”，写的却是吉林省 培训 本年 年度任务"),
    "another unit": ((DONE, "{{ lines[0].training.year.done }}"), "汇总表", "C7", "这一行是“长春市”，写的却是吉林省"),
    "a judgement of one's own": (("{{ line.training.year.status }}", "已完成"), "汇总表", "E6", "写的是“已完成”，不是由数字表来的判断"),
    "another row of the bridge": (("{{ line.counted }}", "{{ bridge[1].counted }}"), "差异桥", "J5", "这一行是“培训”，写的却是吉林省 就业"),
}  # fmt: skip


def test_the_summary_as_it_is_says_what_the_figures_say(
    filling: Filling, templates: Path, tmp_path: Path
) -> None:
    assert disagreements(filling, (templates / SUMMARY).read_bytes(), tmp_path) == []


@pytest.mark.parametrize("what", WRONG)
def test_a_broken_number_is_found_at_its_cell(
    what: str, filling: Filling, templates: Path, tmp_path: Path
) -> None:
    change, sheet, cell, why = WRONG[what]
    found = disagreements(filling, broken(templates / SUMMARY, change), tmp_path)
    (first, *_) = [f for f in found if f"“{sheet}”{cell}：" in f]
    assert why in first


def test_what_is_worked_out_of_figures_alone_stands(
    filling: Filling, templates: Path, tmp_path: Path
) -> None:
    change = ("{{ line.training.year.attendances }}", "{{ (line.training.year.short + line.training.year.attendances) * 100 }}")  # fmt: skip
    assert disagreements(filling, broken(templates / SUMMARY, change), tmp_path) == []
    three, four = cited(3, ("x",)), cited(4.0, ("y",))
    assert [getattr(n, "source", None) for n in (three + four, sum([three, three]), three / four, three + 1)] == [BESIDE] * 3 + [None]  # fmt: skip


def calculating(template: Path, cell: str, formula: str) -> bytes:
    """The template with a formula in a cell of its 汇总表."""
    out = io.BytesIO()
    with zipfile.ZipFile(template) as source, zipfile.ZipFile(out, "w") as made:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == "xl/worksheets/sheet2.xml":
                drawn = re.compile(rf'<c r="{cell}" (s="\d+") t="s"><v>\d+</v></c>')
                made_so = rf'<c r="{cell}" \1><f>{formula}</f></c>'
                text, found = drawn.subn(made_so, content.decode())
                assert found == 1
                content = text.encode()
            made.writestr(info, content)
    return out.getvalue()


FORMULAS = {
    "the rate itself": ("D6", "C6/B6", None),
    "the rate, rounded": ("D6", "ROUND(C6/B6,4)", None),
    "no rate without a task": ("D7", 'IF(B7=0,"—",C7/B7)', None),
    "what the row above says": (
        "C6",
        "C7",
        "C6：这一行是“合计”，写的却是长春市 培训 本年 完成人数",
    ),
    "one more": ("C6", "SUM(C7,1)", "C6：公式算出来是 5，应为 4（吉林省 培训 本年 完成人数）"),
    "another rate": ("D6", "C6/B6/2", "D6：公式算出来是 0.1，应为 0.2（吉林省 培训 本年 完成率）"),
    "another measure": ("C6", "B6", "C6：表头是“完成人数”，写的却是吉林省 培训 本年 年度任务"),
}


@pytest.mark.parametrize("what", FORMULAS)
def test_what_a_formula_comes_to_is_held_against_the_figure_it_means(
    what: str, filling: Filling, templates: Path, tmp_path: Path
) -> None:
    cell, formula, why = FORMULAS[what]
    found = disagreements(filling, calculating(templates / SUMMARY, cell, formula), tmp_path)
    assert [f for f in found if why is None or why not in f] == []
    assert bool(found) == bool(why)


@pytest.mark.parametrize(
    ("rows", "formula", "why"),
    [
        ("prefecture", "SUM(B2:B2)", ""),
        (
            "prefecture",
            "SUM(B2:B2)+1",
            "B{end}：公式算出来是 5，应为 4（吉林省 培训 本年 完成人数）",
        ),
        ("county", "SUM(B2:B2)+1", ""),  # a sum of what is listed: nobody says that it is the whole
    ],
)
def test_a_sum_of_all_prefectures_is_the_whole(
    rows: str, formula: str, why: str, filling: Filling, tmp_path: Path
) -> None:
    file = tmp_path / "模板.xlsx"
    with xlsxwriter.Workbook(str(file)) as book:
        sheet = book.add_worksheet("表")
        start = f"{{% row line in lines if line.level == '{rows}' %}}"
        for at, texts in enumerate(
            [("地区", "完成人数"), (start + "{{ line.name }}", DONE), ("合  计", "")]
        ):
            for column, text in enumerate(texts):
                sheet.write_string(at, column, text)
        sheet.write_formula("B3", f"={formula}")
    end = 2 + sum(line["level"] == rows for line in filling.view["lines"])
    found = disagreements(filling, file.read_bytes(), tmp_path)
    assert [why.format(end=end) in f for f in found] == ([True] if why else [])


def test_a_broken_number_stops_delivery(home: Path) -> None:
    shutil.copytree(built_in("templates"), home / "templates")
    template = home / "templates" / "handcraft" / SUMMARY
    template.write_bytes(broken(template, (RATE, "{{ line.training.year.rate and 0.22 }}")))
    filed(home)
    opened = open_home(home)
    with pytest.raises(
        Disagreement, match=r"全省汇总表\.xlsx 工作表“汇总表”D6：写的是 0\.22"
    ) as ended:
        run(opened, "2018-11", opened.programme())
    assert ended.value.exit_code == 4
    assert not (home / "outbox" / "2018-11").exists()
