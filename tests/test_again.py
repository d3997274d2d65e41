"""A run with nothing new: it proves so from what the month was made from, and does nothing."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from drawing import drop

from pipeline.basis import nothing_new
from pipeline.cli import cli
from pipeline.home import built_in, open_home
from pipeline.workers import Apart, Died

ROSTER = """
== 培训花名册
填报单位：{unit}残联 | | 填报日期：2018年11月26日
姓名 | 性别 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
王秀英 | 女 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | {finish}
"""
FAULTY = ROSTER.format(unit="南关区", finish="2018-08-10")
WAIVER = """
[[waivers]]
rule = "R23"
unit = "220102"
reason = "已核"
approver = "张主任"
until = 2018-12-31
"""


def call(home: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, [*words, "--home", str(home)])


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home whose month was delivered."""
    home = tmp_path_factory.mktemp("home")
    drop(home / "inbox", "2018-11/南关区.xlsx", FAULTY)
    (home / "inbox" / "密码.txt").write_text("甲", encoding="utf-8")
    shutil.copytree(built_in("templates"), home / "templates")
    assert call(home, "run").exit_code == 1
    return home


@pytest.fixture
def home(delivered: Path, tmp_path: Path) -> Path:
    """A copy of it, to be changed."""
    return Path(shutil.copytree(delivered, tmp_path / "home"))


def is_nothing_new(home: Path, period: str = "") -> bool:
    opened = open_home(home)
    return nothing_new(opened, period, opened.programme()) == "2018-11"


def contents(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


@pytest.mark.parametrize("words", [("run",), ("run", "2018-11")])
def test_a_second_run_says_so_and_ends_like_the_first(home: Path, words: tuple[str, ...]) -> None:
    outbox = home / "outbox" / "2018-11"
    before, made = contents(outbox), outbox.stat().st_ino
    outcome = call(home, *words)
    assert outcome.exit_code == 1
    assert outcome.output.startswith(f"没有新报表，结果仍是 {outbox}")
    assert outcome.output.count("\n") == 1
    assert contents(outbox) == before
    assert outbox.stat().st_ino == made


def test_a_run_with_nothing_new_loads_nothing_heavy(home: Path) -> None:
    code = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from pipeline.cli import cli\n"
        f"result = CliRunner().invoke(cli, ['run', '--home', {str(home)!r}])\n"
        "heavy = ('pandas', 'pandera', 'openpyxl', 'duckdb', 'pyarrow', 'docx', 'jinja2')\n"
        "print(result.exit_code, *[m for m in heavy if m in sys.modules])"
    )
    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert outcome.stdout.split() == ["1"]


def rewrite(path: str, text: str) -> Callable[[Path], object]:
    return lambda home: (home / path).write_text(text, encoding="utf-8")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a new return": lambda home: drop(
        home / "inbox", "2018-11/宽城区.xlsx", ROSTER.format(unit="宽城区", finish="2018-09-10")
    ),
    "a return of a later month": lambda home: drop(home / "inbox", "2018-12/a.xlsx", FAULTY),
    "a changed return": lambda home: drop(
        home / "inbox", "2018-11/南关区.xlsx", ROSTER.format(unit="南关区", finish="2018-09-10")
    ),
    "a return that is gone": lambda home: (home / "inbox" / "2018-11" / "南关区.xlsx").unlink(),
    "a renamed return": lambda home: (home / "inbox" / "2018-11" / "南关区.xlsx").rename(
        home / "inbox" / "2018-11" / "南关.xlsx"
    ),
    "another password": rewrite("inbox/密码.txt", "乙"),
    "a waiver": rewrite("waivers.toml", WAIVER),
    "another filer": rewrite("pipeline.toml", 'filer = "220100"\n'),
    "another limit": rewrite("pipeline.toml", "[limits]\nseconds = 29\n"),
    "another template": rewrite("templates/handcraft/邮件.txt", "主题：某函\n\n正文"),
    "another programme": lambda home: (
        shutil.copytree(built_in("schemas"), home / "schemas")
        and rewrite("schemas/handcraft/units.csv", _with_alias())(home)
    ),
    "an edited paper": rewrite("outbox/2018-11/index.html", "改过"),
    "a paper that is gone": lambda home: (home / "outbox/2018-11/完成名单.xlsx").unlink(),
    "an edited receipt": rewrite("outbox/2018-11/data/run.json", "{}"),
    "no receipt": lambda home: (home / "outbox/2018-11/data/run.json").unlink(),
    "an edited basis": rewrite("outbox/2018-11/data/basis.json", "[]"),
}


def _with_alias() -> str:
    text = (built_in("schemas") / "handcraft" / "units.csv").read_text(encoding="utf-8-sig")
    return "\ufeff" + text + "\r\n"


def test_nothing_has_changed(home: Path) -> None:
    assert is_nothing_new(home)
    assert is_nothing_new(home, "2018-11")
    assert not is_nothing_new(home, "2018-10")


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_a_month_follows_from_is_new_when_it_changes(home: Path, change: str) -> None:
    CHANGES[change](home)
    assert not is_nothing_new(home)


def edit(paper: Path) -> bytes:
    """As an office program saves a paper after somebody has worked on it."""
    book = openpyxl.load_workbook(paper)
    book.worksheets[0]["A1"] = "改过"
    book.save(paper)
    return paper.read_bytes()


def test_a_paper_worked_on_is_no_news_and_outlives_a_month_that_is_made_again(home: Path) -> None:
    """A job that runs every morning does not take away what was mended the evening before."""
    outbox = home / "outbox" / "2018-11"
    before, made = contents(outbox), outbox.stat().st_ino
    edited = edit(outbox / "优先更正清单.xlsx")
    assert is_nothing_new(home)
    outcome = call(home, "run", "--again")
    assert outcome.exit_code == 1
    assert "结果在" in outcome.output
    assert outbox.stat().st_ino != made
    assert contents(outbox) == before, "the same inbox gives the same bytes"
    kept = home / "outbox" / "改过的稿" / "2018-11" / "优先更正清单.xlsx"
    assert f"已另存在 {kept}" in outcome.output
    assert kept.read_bytes() == edited
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    again = edit(home / "outbox" / "2018-11" / "优先更正清单.xlsx")
    call(home, "run", "--again")
    assert {f.read_bytes() for f in kept.parent.iterdir()} == {edited, again}


class AllDie(Apart[Any, Any]):
    """Workers on a machine without memory: none comes back."""

    def __call__(self, items: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        return ((item, Died("中途退出")) for item in items)


def test_what_the_machine_may_be_to_blame_for_is_tried_again(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where every worker dies on a sound file, it is unreadable for one run only; a broken one stays so."""
    CHANGES["a new return"](home)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.read.files.Apart", AllDie)
        assert "1 个打不开" in call(home, "run").output
    assert not is_nothing_new(home)
    (home / "inbox" / "2018-11" / "坏.xlsx").write_bytes(b"PK\x03\x04 broken")
    outcome = call(home, "run")
    assert outcome.exit_code == 1
    assert "1 个打不开" in outcome.output
    assert "另存" not in outcome.output  # nobody had worked on a paper
    assert is_nothing_new(home)


def test_status_says_what_has_changed_since(home: Path) -> None:
    assert "此后" not in call(home, "status").output
    CHANGES["a new return"](home)
    assert "此后 inbox 有 1 个文件新增、改动或移走，请再运行一次" in call(home, "status").output
    CHANGES["a waiver"](home)
    assert "此后程序、设置或规则有变动，可再运行一次" in call(home, "status").output


def test_no_password_can_be_tried_on_what_others_may_read(home: Path) -> None:
    assert (home / "outbox/2018-11/data/basis.json").stat().st_mode & 0o077 == 0
    receipt = (home / "outbox/2018-11/data/run.json").read_text(encoding="utf-8")
    assert "密码.txt" not in receipt
