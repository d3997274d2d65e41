"""The documents say what is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.checks import VOCABULARY
from pipeline.cli import cli
from pipeline.programme import Programme

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readmes_begin_with_the_two_commands(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert text.index("make demo") < text.index("make test") < 700


def test_every_command_is_in_the_readmes() -> None:
    english = (ROOT / "README.md").read_text(encoding="utf-8")
    chinese = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    for command in cli.commands:
        assert f"pipeline {command}" in english, command
        assert f"pipeline {command}" in chinese, command


def test_the_chinese_guide_names_every_paper_a_clerk_meets(templates: Path) -> None:
    guide = (ROOT / "README.zh-CN.md").read_text(encoding="utf-8")
    for file in templates.iterdir():
        if file.suffix in (".xlsx", ".docx") and not file.stem.startswith("退回"):
            assert file.name in guide, file.name


def test_every_known_fault_of_lists_is_answered_by_a_rule_that_exists(programme: Programme) -> None:
    lines = (ROOT / "docs" / "质量问题对照.md").read_text(encoding="utf-8").splitlines()
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in lines if line[:3] != "|--"]
    table = [row for row in rows if row[0].isdigit()]
    assert [int(row[0]) for row in table] == list(range(1, 35))
    named = {"退回": "error", "核实": "warning", "告知": "info"}
    for number, _, answer, weight in table:
        codes = re.findall(r"\b[A-Z]\d{2}\b", answer)
        assert codes or any(w in answer + weight for w in ("读表", "待裁定", "对照名单")), number
        assert set(codes) <= set(programme.rule), number
        weights = {named[w] for w in re.split("；", weight) if w in named}
        assert {str(programme.rule[c].severity) for c in codes} <= weights, number


def test_the_officers_guide_explains_every_word_of_the_vocabulary() -> None:
    guide = (ROOT / "schemas" / "README.md").read_text(encoding="utf-8")
    for name, word in VOCABULARY.items():
        options = "、".join(sorted(word.numbers | word.texts)) or "—"
        assert f"| `{name}` | {word.meaning} | {options} |" in guide
