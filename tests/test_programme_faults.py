"""A programme is checked whole before any return is read: every fault with file, line and remedy."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

import pipeline
from pipeline.cli import cli
from pipeline.home import built_in, open_home
from pipeline.model.tables import ROWS
from pipeline.programme import ProgrammeFault, load_programme
from pipeline.programme.coherence import RESERVED
from pipeline.programme.engine_rules import ENGINE_RULES, TEMPLATES, WORDS_NEEDED, WORDS_OPTIONAL

SOURCE = Path(pipeline.__file__).parent


@pytest.fixture
def schemas(home: Path) -> Path:
    shutil.copytree(built_in("schemas"), home / "schemas")
    return home / "schemas"


def changed(schemas: Path, file: str, *changes: tuple[str, str]) -> list[str]:
    """The faults after a change, each as `file:line: message`; the line a clerk would count."""
    path = schemas / file
    text = path.read_text(encoding="utf-8-sig")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProgrammeFault) as ended:
        load_programme(schemas, "handcraft")
    return [f"{Path(f.file).name}:{f.line}: {f.message}" for f in ended.value.faults]


def line_of(schemas: Path, file: str, text: str) -> int:
    lines = (schemas / file).read_text(encoding="utf-8-sig").splitlines()
    return next(n for n, line in enumerate(lines, 1) if text in line)


MAIN = "handcraft/programme.toml"
FIELD = '[[fields]]\nname = "{name}"\nlabel = "新列"\nheaders = ["新列"]\nkind = "text"\n[[fields]]'


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('headers = ["序号", "编号", "序", "总序", "顺序号", "排序", "NO", "NO."]', 'headers = "序号"', "headers 要写成方括号里的一列"),
        ('headers = ["性别"]', "headers = [3]", "headers 的第 1 项要写成带引号的文字"),
        ("required = true", 'required = "no"', "required 要写成 true 或 false，不加引号"),
        ("tracked = false", "tracked = 0", "tracked 要写成 true 或 false"),
        ("total = 2000", 'total = "2000"', "total 要写成整数"),
        ("total = 2000", "total = -1", "total 要写成 0 或大于 0 的整数"),
        ("years = [2018, 2019, 2020]", 'years = ["2018"]', "years 的第 1 项要写成整数"),
        ("years = [2018, 2019, 2020]", "years = [2019, 2018]", "years 要写成由早到晚的年份"),
        ("years = [2018, 2019, 2020]", "year = [2018]", "不认识的词“year”，是不是 years"),
        ('scope = "year" ', 'scope = "month" ', "scope = “month”，只能是 year、period"),
        ('kind = "birth"', 'kind = "birthday"', "kind = “birthday” 不在可用的写法中"),
        ('codes = "gender"', 'codes = "sex"', "没有代码表 codes/sex.csv"),
        ('codes = "gender"', 'label2 = "x"', "不认识的词“label2”，是不是 label"),
        ('name = "seq"', 'name = "row-number"', "只能用小写英文字母、数字和下划线"),
        ('name = "seq"', 'name = "unit"', "字段名“unit”程序自己要用"),
        ('name = "seq"', 'name = "file"', "字段名“file”程序自己要用"),
        ('name = "seq"', 'name = "village"', "名称“village”用了两次"),
        ('"开始", "起", "起始"', '"开始", "起", "结业时间"', "表头“结业时间”同时属于"),
        ('derive = "cert_no[18]"', "derive = true", "derive 要写成带引号的文字"),
        ('derive = "cert_no[18]"', 'derive = "cert_no 18"', "derive = “cert_no 18” 读不懂"),
        ('derive = "cert_no[18]"', 'derive = "cert[18]"', "derive 指向不存在的字段“cert”"),
        ('derive = "cert_no[:18]"', 'derive = "gender[0]"', "derive 绕成了圈"),
        ("even → 2", "even → 9", "代码表 codes/gender.csv 中没有代码“9”"),
        ('fills = ["category", "grade"]', 'fills = ["category"]', "填入哪两个字段"),
        ('person = "id_no"', 'person = "idno"', "person 指向不存在的字段“idno”"),
        ('person = "id_no"', 'persons = "id_no"', "不认识的角色“persons”"),
        ('start = "started_on"', 'start = "employed_on"', "不属于这种名单"),
        ('start = "started_on"', 'start = "training_org"', "kind 应为 day"),
        ('person = "id_no"\n', "", "没有 person 角色，数不出人"),
        ("total = 2000", 'total = 2000\nmeasure = "heads"', "measure = “heads” 读不懂"),
        ("total = 2000", 'total = 2000\nmeasure = "sum:seq"', "字段“seq”不是数"),
        ("total = 2000", 'total = 2000\nmeasure = "share:poor=x"', "没有代码“x”"),
        ('kind = "training"', 'kind = "teaching"', "kind 指向不存在的名单“teaching”"),
        ('name = "省残联"', 'name = "省残联/残疾人联合会"', "要作文件夹名"),
        ('order = ["judgement", ', 'order = ["lot", ', "order 只能用 judgement"),
        ('filer = ["填报单位"', 'filler = ["填报单位"', "不认识的词“filler”"),
        ('unlisted = "U21"', 'unlisted = "U99"', "没有规则 U99"),
        ("“{status}”{when}", "“{state}”", "{state} 程序不会填"),
        ("不在 {least} 至", "不在 {lest} 至", "{lest} 程序不会填，可用的：{least}、{most}、{value}"),
        ('check = "dialable"\nfield = "phone"', 'check = "dialable"\nfield = "name"', "查不了字段“name”"),
        ('default = "{unit}残疾人联合会"', "", "[letterhead] 缺少 default"),
        ("{unit}残疾人联合会", "{name}残疾人联合会", "[letterhead] 只能用 {unit}"),
        ("不在 {least} 至", "不在 {least 至", "message 里的"),
        ("confidence = 95", "confidence = 100", "confidence 要在 50 到 99 之间"),
        ("margin = 5", "error = 5", "[inspection] 不认识的词“error”"),
        ("points = 25", "points = 30", "各项 points 加起来要等于 100，现在是 105"),
        ('name = "timeliness"', 'name = "speed"', "name = “speed”，只能是 completion"),
        ("full = 1\nnone = 3", "full = 3\nnone = 3", "不能相同"),
        ("full = 1\nnone = 3", "full = 1\nnone = 3\ndue_day = 5", "due_day 只用于 timeliness"),
        ('check = "phone_runs"', 'check = "phones"', "check = “phones”，只能是 shared_phones"),
        ('check = "phone_runs"', 'check = "phone_runs"\nshare = 5', "不看占比"),
        ('field = "income_yuan"\nleast = 10', "least = 10", "只有 equal_amounts 要写 field"),
        ('field = "income_yuan"\nleast = 10', 'field = "income"\nleast = 1', "field 指向不存在的字段“income”"),
        ('label = "现场照片"', 'label = "签到表"', "“签到表”用了两次"),
        ("total = 2000", "total = 99999999999999999999", "total 的数太大"),
        ('label = "培训人员花名册"', 'label = "培训/花名册"', "要作工作表名"),
        ('label = "培训人员花名册"', 'label = " "', "label 不能空着"),
        ('label = "培训人员花名册"', 'label = "培训\\u0000册"', "label 里有看不见的字符"),
        ('check = "dialable"\n', "", "没有写 check"),
        ('other = "started_on"', 'other = ""', "other 不能空着"),
    ],
)  # fmt: skip
def test_a_fault_names_file_line_and_remedy(
    before: str, after: str, expected: str, schemas: Path
) -> None:
    faults = changed(schemas, MAIN, (before, after))
    hits = [f for f in faults if expected in f]
    assert hits, faults
    assert re.match(r"programme\.toml:\d+: ", hits[0])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('headers = ["性别"]', "headers = [3]"),
        ("total = 2000", 'total = "2000"'),
        ('name = "seq"', 'name = "unit"'),
        ('person = "id_no"', 'person = "idno"'),
        ('nil = ["零报告"', 'nill = ["零报告"'),
    ],
)
def test_the_line_is_that_of_the_word(before: str, after: str, schemas: Path) -> None:
    faults = changed(schemas, MAIN, (before, after))
    assert f"programme.toml:{line_of(schemas, MAIN, after)}: " in "\n".join(faults)


def test_all_faults_of_all_files_are_told_at_once(schemas: Path) -> None:
    (schemas / "common.toml").write_text(
        (schemas / "common.toml").read_text(encoding="utf-8").replace("{reason}。{remedy}", "", 1),
        encoding="utf-8",
    )
    units = schemas / "handcraft" / "units.csv"
    units.write_text(
        units.read_text(encoding="utf-8").replace("220102,", "22010,", 1), encoding="utf-8"
    )
    faults = changed(
        schemas,
        MAIN,
        ('headers = ["性别"]', 'headers = "性别"'),
        ("required = true", "required = 1"),
    )
    assert [f.split(":")[0] for f in faults].count("programme.toml") == 2
    assert {f.split(":")[0] for f in faults} == {"programme.toml", "common.toml", "units.csv"}
    result = CliRunner().invoke(cli, ["run", "--home", str(schemas.parent)])
    assert result.exit_code == 3
    assert result.output.strip().count("\n") == len(faults) - 1


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("220102,南关区", "22010,南关区", "应为六位数字"),
        ("220102,南关区", "220103,南关区", "代码 220103 用了两次"),
        ("220102,南关区", "220102,南/关区", "要作文件夹名"),
        ("220102,南关区", f"220102,{'南' * 61}", "最多 60 字"),
        ("220102,南关区,220100", "220102,南关区,220199", "上级代码 220199 不存在"),
        ("220102,南关区,220100", "220102,南关区,", "缺少 parent"),
        ("220102,南关区,220100,,", "220102,南关区,220100,2018年,", "应写成 2020-06-30 的样式"),
        ("220102,南关区,220100,,,", "220102,南关区,220100,,,229999", "continues = 229999 不存在"),
        ("220102,南关区,220100,,,", "220102,南关区,220100,,,220102", "continues 绕成了圈"),
        ("220102,南关区,220100,,,,", "220102,南关区", "这一行不是 7 格"),
        ("code,name,parent", "code,name,above", "缺少列 parent"),
    ],
)
def test_a_fault_of_the_units_names_its_line(
    before: str, after: str, expected: str, schemas: Path
) -> None:
    faults = changed(schemas, "handcraft/units.csv", (before, after))
    assert any(re.match(r"units\.csv:\d+: ", f) and expected in f for f in faults), faults


def test_a_missing_rule_of_the_engine_is_told_before_anything_is_read(schemas: Path) -> None:
    faults = changed(schemas, "common.toml", ('code = "S05"', 'code = "S95"'))
    assert [f for f in faults if "缺少规则 S05" in f]


def test_a_message_must_hold_its_slots(schemas: Path) -> None:
    (fault,) = changed(
        schemas, "common.toml", ("{stated} 人，表中实有 {rows}", "若干人，表中实有 {rows}")
    )
    assert "message 里要有 {stated}" in fault
    assert fault.startswith("common.toml:")


def test_a_template_that_is_not_there_is_told_at_load(home: Path) -> None:
    shutil.copytree(built_in("templates"), home / "templates")
    (home / "templates" / "handcraft" / "退回通知.docx").unlink()
    with pytest.raises(ProgrammeFault, match=r"退回通知\.docx：找不到这个模板"):
        open_home(home).programme()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("filer = 222400", "第 1 行：filer 要写成带引号的文字"),
        ("filr = 1\nprogram = 2", "第 2 行：不认识的词“program”，是不是 programme"),
        ("[limits]\nseconds = 0", "第 2 行：[limits] seconds 要写成大于 0 的整数"),
        ("[limits]\n\nsecond = 5", "第 3 行：[limits] 不认识的词“second”，是不是 seconds"),
        ("limits = 3", "limits 要写成一节"),
        ("filer = ", "第 1 行：TOML 写法有误：等号后面的写法不对，文字要加英文引号"),
        ("limits = 3\nlimits = 4", "第 2 行：TOML 写法有误：同一个词写了两次"),
        ("filer 222400", "第 1 行：TOML 写法有误：词的后面要写等号"),
        ("填报单位是延边", "第 1 行：TOML 写法有误：这一行不是“词 = 值”"),
        (f"filer = {'9' * 5_000}", "里面有长得不像话的数"),
        (f"filer = {'[' * 5_000}", "括号套得太深"),
        ("[limits]\n[limits2]\n", "第 2 行：不认识的词“limits2”，是不是 limits"),
        ('\nfiler = "999999"', "第 2 行：filer = “999999” 不在 units.csv 中"),
        (
            'programme = "libary"',
            "第 1 行：programme = “libary”，schemas 里没有这个项目，现有：handcraft",
        ),
        ('programme = "../handcraft"', "schemas 里没有这个项目"),
    ],
)
def test_a_wrong_setting_is_told_with_its_line(settings: str, expected: str, home: Path) -> None:
    (home / "pipeline.toml").write_text(settings, encoding="utf-8")
    result = CliRunner().invoke(cli, ["status", "--home", str(home)])
    assert result.exit_code == 3
    assert expected in result.output


@pytest.mark.parametrize("name", ["pipeline.toml", "waivers.toml", "addresses.toml"])
def test_a_folder_where_a_file_of_settings_should_be_is_told(name: str, home: Path) -> None:
    (home / name).mkdir()
    result = CliRunner().invoke(cli, ["send", "2018-11", "--home", str(home)])
    words = "这里应是文本文件" if name != "addresses.toml" else "还没有 2018-11 的结果"
    assert (result.exit_code, words in result.output) == (4 if "还没有" in words else 3, True)


def test_missing_years_end_with_three(schemas: Path) -> None:
    changed(schemas, MAIN, ("years = [2018, 2019, 2020]", ""))
    result = CliRunner().invoke(cli, ["run", "--home", str(schemas.parent)])
    assert (result.exit_code, "缺少 years" in result.output) == (3, True)


def sources() -> Iterator[ast.AST]:
    for file in sorted(SOURCE.rglob("*.py")):
        if file.relative_to(SOURCE).parts[0] not in ("sample", "programme", "demonstration.py"):
            yield ast.parse(file.read_text(encoding="utf-8"))


def test_the_declared_engine_rules_are_those_the_program_reports_by() -> None:
    codes = {
        node.value
        for tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and re.fullmatch(r"[A-Z]\d\d", str(node.value))
    }
    assert codes == set(ENGINE_RULES)


def test_what_the_program_fills_in_is_what_the_messages_may_hold() -> None:
    for tree in sources():
        for node in ast.walk(tree):
            is_issue = isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "issue"
            if not is_issue or not node.args or not isinstance(node.args[0], ast.Constant):  # type: ignore[attr-defined]
                continue
            code = str(node.args[0].value)  # type: ignore[attr-defined]
            needed, may = ENGINE_RULES[code]
            slots = {k.arg for k in node.keywords}  # type: ignore[attr-defined]
            assert slots - {None} <= may, code
            assert None in slots or needed <= slots, code


def test_the_declared_words_are_those_the_program_looks_for() -> None:
    asked = {
        word
        for file in SOURCE.rglob("*.py")
        for word in re.findall(r'words(?:\[|\.get\()"(\w+)"', file.read_text(encoding="utf-8"))
    }
    assert asked == WORDS_NEEDED | WORDS_OPTIONAL


def test_the_declared_templates_are_those_that_came_with_the_program() -> None:
    assert {f.name for f in (built_in("templates") / "handcraft").iterdir()} == set(TEMPLATES)


def test_no_field_can_bear_the_name_of_a_column_of_ours() -> None:
    played = {"name", "phone"}  # parts a field may be called after: its own column bears the prefix
    assert set(ROWS.names) - played <= RESERVED
