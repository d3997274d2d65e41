"""What an officer may write in schemas/: everything else is refused, with file and line."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from drawing import drop, picture_of

from pipeline.checks import VOCABULARY, Holds, Rows, Rule, Word
from pipeline.cli import cli
from pipeline.home import built_in
from pipeline.model import Severity, Submission
from pipeline.programme import Programme, ProgrammeFault, load_programme
from pipeline.read.part import part_of
from pipeline.validate import BrokenCheck

RULE = """
[[rules]]
code = "R99"
tier = "row"
check = "not_before"
field = "finished_on"
other = "started_on"
severity = "error"
message = "结业早于开班，请核对"
source = "填表说明第3条"
bad = [{ started_on = 2018-09-15, finished_on = 2018-09-14 }]
"""


@pytest.fixture
def schemas(tmp_path: Path) -> Path:
    shutil.copytree(built_in("schemas"), tmp_path / "schemas")
    return tmp_path / "schemas"


def added(schemas: Path, text: str) -> Programme:
    file = schemas / "handcraft" / "programme.toml"
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")
    return load_programme(schemas, "handcraft")


def test_a_rule_of_the_officers_own_is_taken(schemas: Path) -> None:
    assert added(schemas, RULE).rule["R99"].options == {"other": "started_on"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ('check = "not_before"', 'check = "not_bevor"', "check = “not_bevor” 不在规则词表中"),
        ('tier = "row"', 'tier = "roe"', "tier 只能是"),
        ('tier = "row"', "", "tier 只能是"),
        ('severity = "error"', 'severity = "fatal"', "severity = “fatal”，只能是"),
        ('severity = "error"', "", "缺少 severity"),
        ('source = "填表说明第3条"', "", "缺少 source"),
        ('code = "R99"', 'code = "R9"', "应为一个字母加两位数字"),
        ('code = "R99"', 'code = "R23"', "规则代码 R23 用了两次"),
        ('other = "started_on"', "", "还要写明 other"),
        ('other = "started_on"', 'other = "begun"', "指向不存在的字段“begun”"),
        ('other = "started_on"', "other = 3", "other 要写成带引号的文字"),
        ('other = "started_on"', 'other = "started_on"\nleast = 3', "不认识的词“least”"),
        (
            'other = "started_on"',
            'other = "started_on"\nsince = "2019年"',
            "应写成 2019 或 2019-03",
        ),
        ('other = "started_on"', 'other = "started_on"\nsince = 2019', "since 要写成带引号的文字"),
        (
            'other = "started_on"',
            'other = "started_on"\nsince = "2019"\nuntil = "2018-06"',
            "晚于 until",
        ),
        (
            'other = "started_on"',
            'other = "started_on"\non = ["teaching"]',
            "不存在的名单“teaching”",
        ),
        ('field = "finished_on"', 'field = "ended_on"', "指向不存在的字段“ended_on”"),
        ('field = "finished_on"', "", "缺少 field"),
        ("bad = [{ started_on = 2018-09-15, finished_on = 2018-09-14 }]", "", "没有不通过的例子"),
        ("{ started_on = 2018-09-15, finished_on = 2018-09-14 }", '"2018"', "每个例子要写成"),
        ("started_on = 2018-09-15", "begun = 2018-09-15", "指向不存在的字段“begun”"),
        ('message = "结业早于开班，请核对"', "message = 结业", "TOML 写法有误"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_file_and_line(
    before: str, after: str, expected: str, schemas: Path
) -> None:
    assert before in RULE
    start = len((schemas / "handcraft" / "programme.toml").read_text(encoding="utf-8").splitlines())
    with pytest.raises(ProgrammeFault) as fault:
        added(schemas, RULE.replace(before, after))
    assert expected in str(fault.value)
    line = int(str(fault.value).split(" 第 ")[1].split(" 行")[0])
    assert start < line <= start + len(RULE.splitlines()) + 2


def test_the_rulebook_refuses_an_example_that_says_otherwise(schemas: Path) -> None:
    wrong = RULE.replace("finished_on = 2018-09-14", "finished_on = 2018-09-16")
    added(schemas, wrong)
    result = CliRunner().invoke(cli, ["rules", "--home", str(schemas.parent)])
    assert result.exit_code == 3
    assert "规则 R99 的例子" in result.output
    assert "应不通过而通过了" in result.output


def test_the_rulebook_says_every_rule_with_source_and_examples(
    home: Path, programme: Programme
) -> None:
    result = CliRunner().invoke(cli, ["rules", "--home", str(home)])
    assert result.exit_code == 0, result.output
    book = picture_of((home / "outbox" / "规则手册" / "规则手册.xlsx").read_bytes())
    text = (home / "outbox" / "规则手册" / "规则手册.md").read_text(encoding="utf-8")
    for rule in programme.rules:
        for paper in (book, text):
            assert rule.code in paper
            assert rule.source in paper
    assert "审核人（签字）" in book
    assert programme.digest[:12] in book


def test_explain_says_one_rule_or_that_there_is_none(home: Path) -> None:
    result = CliRunner().invoke(cli, ["explain", "r23", "--home", str(home)])
    assert result.exit_code == 0
    assert "结业时间早于开班时间" in result.output
    assert "不通过的例子：开班时间“2018-09-15”，结业时间“2018-09-14”" in result.output
    none = CliRunner().invoke(cli, ["explain", "Z99", "--home", str(home)])
    assert (none.exit_code, none.output.count("\n")) == (2, 1)


ROSTER = """
== 培训花名册
填报单位：{unit} | | 填报日期：{year}年{month}月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | {year}-09-15 | {year}-09-10
李桂兰 | 女 | <23010219800101004> | <23010219800101004+43> | {year}-09-01 | {year}-09-10
"""


def test_a_rule_bites_only_while_it_is_in_force(home: Path, programme: Programme) -> None:
    rules = (
        replace(r, since="2019", until="2019-10") if r.code == "R23" else r for r in programme.rules
    )
    dated = replace(programme, rules=tuple(rules))
    for period, hit in (("2018-11", 0), ("2019-10", 1), ("2019-11", 0)):
        year, month = period.split("-")
        picture = ROSTER.format(unit="南关区残联", year=year, month=month)
        content = drop(home / "inbox", f"{period}/a.xlsx", picture).read_bytes()
        part = part_of(Submission(f"{period}/a.xlsx", "0", period, content), dated)
        found = [i for i in part["issues"].to_pylist() if i["rule"] == "R23"]
        assert len(found) == hit, period


def test_an_error_rule_whose_column_is_missing_is_said_once(
    home: Path, programme: Programme
) -> None:
    picture = ROSTER.format(unit="南关区残联", year="2018", month="11")
    content = drop(home / "inbox", "2018-11/a.xlsx", picture).read_bytes()
    part = part_of(Submission("2018-11/a.xlsx", "0", "2018-11", content), programme)
    (issue,) = [i for i in part["issues"].to_pylist() if i["rule"] == "S20"]
    assert (issue["severity"], issue["sheet"], issue["row"]) == ("info", "培训花名册", 0)
    assert "没有“是否建档立卡”列" in issue["message"]


def test_a_bug_in_a_check_is_ours_and_never_a_countys(
    home: Path, programme: Programme, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(rows: Rows, rule: Rule) -> Holds:
        raise KeyError("220102197803050223")

    monkeypatch.setitem(VOCABULARY, "not_before", Word(broken, frozenset(), frozenset()))
    picture = ROSTER.format(unit="南关区残联", year="2018", month="11")
    content = drop(home / "inbox", "2018-11/a.xlsx", picture).read_bytes()
    file = Submission("2018-11/a.xlsx", "0", "2018-11", content)
    with pytest.raises(BrokenCheck) as fault:
        part_of(file, programme)
    assert "R23" in str(fault.value)
    assert "220102" not in str(fault.value)


def test_a_shadow_rule_is_silent_and_can_be_tried(home: Path, programme: Programme) -> None:
    drop(
        home / "inbox", "2018-11/a.xlsx", ROSTER.format(unit="南关区残联", year="2018", month="11")
    )
    quiet = CliRunner().invoke(cli, ["run", "2018-11", "--home", str(home)])
    assert quiet.exit_code == 1
    issues = (home / "outbox/2018-11/data/issues.csv").read_text(encoding="utf-8-sig")
    assert programme.rule["R60"].severity == Severity.SHADOW
    assert "R60" not in issues
    tried = CliRunner().invoke(cli, ["rules", "--try", "--home", str(home)])
    assert "2018-11：本期报表 1 行不合，涉及 1 个单位" in tried.output
    assert "如改为退回，少计 1 人：南关区培训少 1 人" in tried.output
    other = CliRunner().invoke(cli, ["rules", "--code", "R23", "--home", str(home)])
    assert "2018-11：本期报表 1 行不合" in other.output
    unknown = CliRunner().invoke(cli, ["rules", "--code", "F01", "--home", str(home)])
    assert unknown.exit_code == 2
