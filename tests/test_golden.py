"""Golden months: an inbox drawn as text in tests/golden/<case>/inbox, and what the month must say.

`pytest tests/test_golden.py --update` rewrites expected.txt; the difference is the review.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from drawing import drop

from pipeline.home import open_home
from pipeline.programme import Programme
from pipeline.run import run

CASES = Path(__file__).parent / "golden"


def tell(folder: Path) -> str:
    """The receipt, the issues, the figures and the claims of a delivered month, as a page of text."""
    data = folder / "data"
    receipt = json.loads((data / "run.json").read_text(encoding="utf-8"))
    lines = ["# 收到的文件"]
    for entry in receipt["inputs"]:
        books = " ".join(
            f"{k}={entry[k]}"
            for k in ("rows_read", "counted", "returned", "merged", "superseded")
            if entry[k]
        )
        lines.append(f"{entry['path']}: {entry['status']} {entry['unit']} {books}".rstrip())
    lines += ["", "# 问题"]
    for issue in _table(data / "issues.csv"):
        place = " ".join(filter(None, [issue["file"], issue["sheet"], issue["cell"]]))
        lines.append(f"{issue['rule']} {issue['severity']} {place}: {issue['message']}")
    lines += ["", "# 数字（county 和 province，有数的）"]
    for row in _table(data / "figures.csv"):
        found = {
            k: row[k]
            for k in ("target", "counted", "attendances", "rows_read", "returned", "merged")
        }
        if row["level"] != "prefecture" and any(v not in ("", "0") for v in found.values()):
            numbers = " ".join(f"{k}={v}" for k, v in found.items() if v != "")
            lines.append(
                f"{row['unit']} {row['unit_name']} {row['indicator']} {row['scope']}: {numbers}"
            )
    lines += ["", "# 多地上报"]
    for claim in _table(data / "claims.csv"):
        lines.append(
            f"{claim['indicator']} {claim['year']} …{claim['id_no'][-4:]} {claim['unit']}"
            f" -> {claim['counted_for']} ({claim['reason']})"
        )
    lines += ["", "# 疑似重复"]
    for pair in _table(data / "probable.csv"):
        lines.append(
            f"{pair['indicator']} …{pair['id_a'][-4:]} …{pair['id_b'][-4:]}: {pair['evidence']}"
        )
    lines += ["", "# 退回"]
    lines += sorted(p.relative_to(folder).as_posix() for p in folder.glob("退回/*/*"))
    return "\n".join(lines) + "\n"


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("case", sorted(p.name for p in CASES.iterdir() if p.is_dir()))
def test_golden(
    case: str, home: Path, programme: Programme, request: pytest.FixtureRequest
) -> None:
    drawn = CASES / case / "inbox"
    for file in sorted(drawn.rglob("*.txt")):
        name = file.relative_to(drawn).with_suffix("").as_posix()
        drop(home / "inbox", name, file.read_text(encoding="utf-8"))
    _, receipt = run(open_home(home), "", programme)
    summary = tell(receipt.folder)
    expected = CASES / case / "expected.txt"
    if request.config.getoption("--update"):
        expected.write_text(summary, encoding="utf-8")
    assert summary == expected.read_text(encoding="utf-8")
