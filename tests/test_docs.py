"""The documents say what is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.cli import cli

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
