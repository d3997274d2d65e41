"""For any bytes at all laid beside sound returns, the other counties' figures are as without them.

Every kind of file that once stopped a month is a case of its own. Those that cost nothing today are
laid into one inbox together, which makes one run of them; the others are run alone.
"""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest
from drawing import drop
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from odd import FORMATS, KINDS, ODD, County, mutated

from pipeline.programme import Programme
from pipeline.values import month_end

MANY = 300  # seconds for many odd files at once, on a busy machine
PERIOD, SECONDS, MEMORY, PARENT = "2018-11", 60, 3 * 1024**3, 1024**2  # the last in kB
HEADER = "姓名 | 身份证号 | 残疾人证号 | 是否建档立卡 | 开班时间 | 结业时间"
SOUND = {
    "南关区.xlsx": f"""
        填报单位：南关区残联 | | 填报日期：2018年11月26日
        {HEADER}
        王秀英 | <22010219780305002> | <22010219780305002+43> | 是 | 2018-09-01 | 2018-09-10
        李桂兰 | <22010219790415004> | | 是 | 2018-09-01 | 2018-09-10
    """,
    "宽城区.csv": f"""
        填报单位：宽城区残联 | | 填报日期：2018年11月26日
        {HEADER}
        张凤芝 | <22010319800505006> | <22010319800505006+42> | 是 | 2018-10-01 | 2018-10-10
    """,
}
UNITS = ("220102", "220103")


class Month(NamedTuple):
    """What a run said of the sound counties, and which files it named."""

    code: int
    output: str
    figures: Sequence[Mapping[str, str]] = ()
    issues: Sequence[Mapping[str, str]] = ()
    sound: Sequence[Mapping[str, object]] = ()
    returned: Sequence[str] = ()
    named: Sequence[str] = ()

    @property
    def of_sound(self) -> tuple[object, ...]:
        """All that must be as it is without odd files."""
        return self.figures, self.issues, self.sound, self.returned


def run_month(home: Path, odd: Mapping[str, bytes], seconds: int = SECONDS) -> Month:
    """The sound returns and the odd files through a whole run, within time and memory."""
    for name, picture in SOUND.items():
        drop(home / "inbox", f"{PERIOD}/{name}", "\n".join(map(str.strip, picture.split("\n"))))
    for name, content in odd.items():
        (home / "inbox" / PERIOD / name).write_bytes(content)
    (home / "pipeline.toml").write_text("[limits]\nseconds = 20\n", encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-c", _LIMITED, "run", PERIOD, "--home", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        output = process.communicate(timeout=seconds)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Month(-9, f"took more than {seconds} seconds")
    data = home / "outbox" / PERIOD / "data"
    if not data.is_dir():
        return Month(process.returncode, output)
    inputs = json.loads((data / "run.json").read_text(encoding="utf-8"))["inputs"]
    sound = {f"{PERIOD}/{name}" for name in SOUND}
    return Month(
        process.returncode,
        output,
        [r for r in _table(data / "figures.csv") if r["unit"] in UNITS],
        [r for r in _table(data / "issues.csv") if r["file"] in sound],
        [{k: v for k, v in i.items() if k != "sha256"} for i in inputs if i["path"] in sound],
        sorted(p.name for p in home.glob(f"outbox/{PERIOD}/退回/*南关区/*")),
        [i["path"] for i in inputs],
    )


# every process of the run is limited, so that no case takes the machine with it; the parent says
# what memory it needed (VmHWM, not ru_maxrss, which begins with that of the test's own process)
_LIMITED = f"""
import sys
from pathlib import Path
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
except ImportError:
    pass
from pipeline.cli import cli
try:
    cli(sys.argv[1:])
finally:
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    print("peak", next((line.split()[1] for line in lines if line.startswith("VmHWM")), "0"))
"""


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def others(programme: Programme) -> list[County]:
    """Counties that file nothing else, by a name that is hers alone."""
    gazetteer = programme.gazetteer
    return [
        County(unit.code, f"{gazetteer.name(unit.parent)}{unit.name}")
        for unit in gazetteer.counties(month_end(PERIOD))
        if unit.code not in UNITS and unit.parent != gazetteer.top
    ]


def files_of(names: Sequence[str], programme: Programme) -> dict[str, bytes]:
    """The odd files of those kinds, each of a county of its own."""
    files = {}
    for nth, (odd, county) in enumerate(zip(names, others(programme), strict=False)):
        name, content = ODD[odd](county)
        files[f"{nth:02d}{name}"] = content
    assert len(files) == len(names), "more kinds than counties"
    return files


def what_it_cost(month: Month, usual: Month, odd: Sequence[str]) -> list[str]:
    """What the odd files changed for others; nothing, where all is well."""
    if month.code not in (0, 1) or not month.named:
        return [f"exit {month.code}: {month.output[-300:]}"]
    if (peak := int(month.output.rsplit("peak ", 1)[1])) > PARENT:
        return [f"the parent needed {peak} kB"]
    cost = [] if month.of_sound == usual.of_sound else ["the sound counties' papers changed"]
    inboxed = [path.removeprefix(f"{PERIOD}/").split("!")[0] for path in month.named]
    return cost + [f"{name} is not named" for name in odd if name not in inboxed]


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Month:
    month = run_month(tmp_path_factory.mktemp("usual"), {})
    assert [r["counted"] for r in month.figures if r["indicator"] == "training"] == ["1"] * 4
    assert month.returned
    return month


@pytest.fixture(scope="module")
def together(
    tmp_path_factory: pytest.TempPathFactory, usual: Month, programme: Programme
) -> list[str]:
    files = files_of(list(ODD), programme)
    return what_it_cost(
        run_month(tmp_path_factory.mktemp("together"), files, seconds=MANY), usual, list(files)
    )


@pytest.mark.parametrize("odd", list(ODD))
def test_an_odd_file_costs_nothing_but_itself(
    odd: str, together: list[str], usual: Month, programme: Programme, tmp_path: Path
) -> None:
    if together:  # one of them does: each alone says which
        files = files_of([odd], programme)
        assert what_it_cost(run_month(tmp_path, files), usual, list(files)) == []


# workbooks most, for they are marked and sent back; numbers and structure trip what reads them
changes = st.tuples(
    st.sampled_from([*sorted(FORMATS), "xlsx", "xlsx", "xlsx"]),
    st.sampled_from([*KINDS, "numbers", "structure"]),
    st.integers(0, 2**32),
)


# a run takes seconds, so that no round is spent on shrinking: the guilty file is sought one by one
DRAWN = settings(max_examples=1, derandomize=True, deadline=None, phases=[Phase.generate])
MANY_DRAWN = settings(DRAWN, max_examples=5, derandomize=False)
forty = st.lists(changes, min_size=40, max_size=40, unique=True)


@DRAWN
@given(drawn=forty)
def test_changed_returns_of_every_format_cost_nothing_but_themselves(
    drawn: list[tuple[str, str, int]],
    usual: Month,
    programme: Programme,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    cost_nothing_but_themselves(drawn, usual, programme, tmp_path_factory)


@pytest.mark.thorough
@MANY_DRAWN
@given(drawn=forty)
def test_other_changed_returns_cost_nothing_but_themselves(
    drawn: list[tuple[str, str, int]],
    usual: Month,
    programme: Programme,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    cost_nothing_but_themselves(drawn, usual, programme, tmp_path_factory)


def cost_nothing_but_themselves(
    drawn: list[tuple[str, str, int]],
    usual: Month,
    programme: Programme,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    files = {
        f"{n:02d}.{change[0]}": mutated(county, *change)
        for n, (change, county) in enumerate(zip(drawn, others(programme), strict=False))
    }
    if what_it_cost(
        run_month(tmp_path_factory.mktemp("changed"), files, seconds=MANY), usual, list(files)
    ):
        alone = {
            change: what_it_cost(
                run_month(tmp_path_factory.mktemp("alone"), {name: content}), usual, [name]
            )
            for change, (name, content) in zip(drawn, files.items(), strict=True)
        }
        assert {c: cost for c, cost in alone.items() if cost} == {}
        raise AssertionError("only together do they cost something")
