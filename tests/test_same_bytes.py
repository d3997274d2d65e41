"""Same inbox, same bytes: whatever the hash seed, the time zone, the locale or the directory's order."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from drawing import drop

CASES = Path(__file__).parent / "golden"
# takes effect in every process that finds it on its path, before any module of ours is loaded
SHUFFLING = """
import os, random
dice = random.Random(os.environ["SHUFFLED_BY"])
listed, scanned = os.listdir, os.scandir
class Scanned(list):
    def __enter__(self): return self
    def __exit__(self, *exception): return None
    def close(self): pass
    def __next__(self):
        if not self: raise StopIteration
        return self.pop()
def listdir(*place):
    names = sorted(listed(*place)); dice.shuffle(names); return names
def scandir(*place):
    with scanned(*place) as entries:
        found = Scanned(sorted(entries, key=lambda e: e.name))
    dice.shuffle(found); return found
os.listdir, os.scandir = listdir, scandir
"""
MACHINES: tuple[Mapping[str, str], ...] = (
    {"PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8", "SHUFFLED_BY": "1"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "SHUFFLED_BY": "2"},
    {"PYTHONHASHSEED": "2", "TZ": "America/Anchorage", "LC_ALL": "C.UTF-8", "SHUFFLED_BY": "3"},
    {"PYTHONHASHSEED": "3", "TZ": "Asia/Shanghai", "LC_ALL": "POSIX", "SHUFFLED_BY": "4"},
)
TWO_DATES = """
    填报单位：绿园区残联 | | 填报日期：2018年11月26日 上报日期：2018年11月20日
    姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间
    王秀英 | <22010619780305002> | <22010619780305002+43> | 是 | 2018-09-01 | 2018-09-10
"""


def all_cases_together(inbox: Path) -> None:
    """Every golden month in one: the same counties file again and again, and contradict themselves."""
    for file in sorted(CASES.glob("*/inbox/**/*.txt")):
        case, _, *folders, name = file.relative_to(CASES).parts
        place = "/".join([*folders[:1], case, *folders[1:], name.removesuffix(".txt")])
        drop(inbox, place, file.read_text(encoding="utf-8"))
    drop(inbox, "2018-11/绿园区甲.xlsx", TWO_DATES)
    drop(inbox, "2018-11/绿园区乙.xlsx", TWO_DATES.replace("月20日", "月29日"))


def digests(folder: Path) -> dict[str, str]:
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


@pytest.mark.parametrize(
    "machines", [MACHINES[:2], pytest.param(MACHINES[1:], marks=pytest.mark.thorough)], ids=len
)
def test_a_month_comes_out_the_same_on_every_machine(
    machines: tuple[Mapping[str, str], ...], tmp_path: Path
) -> None:
    (tmp_path / "shuffling").mkdir()
    (tmp_path / "shuffling" / "sitecustomize.py").write_text(SHUFFLING, encoding="utf-8")
    all_cases_together(tmp_path / "inbox")
    runs = []
    for n, machine in enumerate(machines):
        home = tmp_path / str(n)
        shutil.copytree(tmp_path / "inbox", home / "inbox")
        paths = [str(tmp_path / "shuffling"), *filter(None, [os.environ.get("PYTHONPATH")])]
        command = [sys.executable, "-m", "pipeline", "run", "2018-11", "--home", str(home)]
        environment = {**os.environ, **machine, "PYTHONPATH": os.pathsep.join(paths)}
        runs.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL))
    assert {run.wait() for run in runs} == {1}, "something is returned, everything is delivered"
    first, *others = (digests(tmp_path / str(n) / "outbox" / "2018-11") for n in range(len(runs)))
    assert len(first) > 20
    for n, other in enumerate(others, 1):
        differing = sorted(p for p in first.keys() | other.keys() if first.get(p) != other.get(p))
        assert differing == [], f"{machines[n]} against {machines[0]}"
