"""Templates are checked whole before a return is read: every name and tag, with file and place."""

from __future__ import annotations

import io
import shutil
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from readable import filed

from pipeline.cli import cli
from pipeline.home import built_in
from pipeline.office.fill.used_names import Broken, used_names
from pipeline.programme import Programme, ProgrammeFault
from pipeline.programme.engine_rules import TEMPLATES
from pipeline.render import check_templates
from pipeline.render.known_names import template_names

SHIPPED = built_in("templates")


def changed(file: Path, part: str, before: str, after: str) -> None:
    """Puts another text into one part of an Office file."""
    out = io.BytesIO()
    with zipfile.ZipFile(file) as source, zipfile.ZipFile(out, "w") as made:
        for name in source.namelist():
            content = source.read(name)
            if name == part:
                assert before in content.decode()
                content = content.decode().replace(before, after, 1).encode()
            made.writestr(name, content)
    file.write_bytes(out.getvalue())


@pytest.fixture
def own(home: Path) -> Path:
    """A home's own copy of the templates."""
    place = home / "templates" / "handcraft"
    shutil.copytree(SHIPPED / "handcraft", place)
    return place


def faults_in(own: Path, programme: Programme) -> list[str]:
    with pytest.raises(ProgrammeFault) as ended:
        check_templates(own, SHIPPED, programme)
    return [f"{Path(f.file).name}：{f.message}" for f in ended.value.faults]


STRINGS = "xl/sharedStrings.xml"


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        ("{{ line.training.year.done }}", "{{ line.training.year.dnoe }}", "工作表“汇总表”单元格 C6：没有“dnoe”这个名字"),
        ("{{ region }}{{ year }}年完成人数构成", "{{ regoin }}构成", "工作表“构成分析”单元格 A1：没有“regoin”这个名字"),
        ("row line in bridge %}", "row line in brigde %}", "工作表“差异桥”第 6 行：没有“brigde”这个名字"),
        ("{% if provisional_names %}5", "{% if provisional_names 5", "工作表“汇总表”单元格 A10"),
        ("{{ p.severity }}", "{{ p.severity | upperr }}", "工作表“数据质量”单元格 C5"),
    ],
)  # fmt: skip
def test_a_workbook_says_which_cell(
    before: str, after: str, why: str, own: Path, programme: Programme
) -> None:
    changed(own / "全省汇总表.xlsx", STRINGS, before, after)
    (first, *_) = faults_in(own, programme)
    assert first.startswith("全省汇总表.xlsx")
    assert why in first


def test_a_letter_says_which_paragraph_and_a_page_which_line(
    own: Path, programme: Programme
) -> None:
    changed(own / "催报通知.docx", "word/document.xml", "{{ unit }}", "{{ unti }}")
    page = own / "催报邮件.txt"
    page.write_text("主题：{{ unit }}\n{{ offcie }}\n", encoding="utf-8")
    letter, mail = sorted(faults_in(own, programme))
    assert "催报通知.docx：第 " in letter
    assert "没有“unti”这个名字" in letter
    assert "第 2 行：没有“offcie”这个名字" in mail


def test_nothing_is_read_where_a_template_is_wrong(own: Path, home: Path) -> None:
    filed(home)
    changed(own / "全省汇总表.xlsx", STRINGS, "{{ line.training.year.done }}", "{{ line.training.done }}")  # fmt: skip
    ended = CliRunner().invoke(cli, ["run", "2018-11", "--home", str(home)])
    assert ended.exit_code == 3
    assert "工作表“汇总表”单元格 C6：没有“done”这个名字" in ended.output
    assert not (home / ".cache").exists()


def test_the_list_of_names_has_every_name_that_shipped_templates_use(programme: Programme) -> None:
    from pipeline.office.fill.template_texts import typed_in
    from pipeline.render.known_names import _known, _tree

    names = template_names(SHIPPED, programme)
    missing = []
    for file in (f for f in TEMPLATES if not f.endswith(".html")):  # a page's are its own
        tree = _tree(n.name for n in names if file in n.papers.split("、"))
        for typed in typed_in(SHIPPED / "handcraft" / file):
            missing += [f"{file} {u.path}" for u in used_names(typed.text, typed.bound) if not _known(u.path, tree)]  # fmt: skip
    assert sorted(set(missing)) == [], "write them into templates/名字说明.csv"
    assert all(n.sentence for n in names)


def test_templates_writes_copies_and_a_list_and_keeps_what_is_there(home: Path) -> None:
    place = home / "templates" / "handcraft"
    place.mkdir(parents=True)
    (place / "邮件.txt").write_text("主题：{{ region }}\n", encoding="utf-8")
    result = CliRunner().invoke(cli, ["templates", "--home", str(home)])
    assert result.exit_code == 0, result.output
    assert {f.name for f in place.iterdir()} == {*TEMPLATES, "可用名字.xlsx"}
    assert (place / "邮件.txt").read_text(encoding="utf-8") == "主题：{{ region }}\n"
    sheet: Any = openpyxl.load_workbook(place / "可用名字.xlsx").worksheets[0]
    lines = {(row[1] or "", row[2]): row[4] for row in sheet.iter_rows(min_row=4, values_only=True)}
    assert lines["", "{{ region }}"] == "汇总的地区名称"
    assert lines["lines", "{{ line.training.year.rate }}"].startswith("培训：完成率")
    assert ("people.training", "{{ line.id_no }}") in lines


def test_names_are_followed_through_loops_sets_and_filters() -> None:
    text = "{% for i in list|selectattr('x') %}{% set y = i.a %}{{ y.b }}{{ loop.index }}{% endfor %}{{ (list|first)['c'] }}"
    assert [u.path for u in used_names(text)] == ["list", "list[].a", "list[].a.b", "list", "list[].c"]  # fmt: skip
    with pytest.raises(Broken) as ended:
        used_names("一\n{{ a | nobody }}")
    assert ended.value.line == 2
