"""The house rules that a reader should be able to rely on: arrows point down, only the cli speaks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pipeline

ROOT = Path(pipeline.__file__).parent
CHECKOUT = ROOT.parent
STAGES = ("collect", "ingest", "validate", "deduplicate", "register", "aggregate",
          "render", "deliver")  # fmt: skip
# what each floor may import, besides its own package; lower floors first
FLOORS = (
    {"model", "limits"},
    {"values", "numbers", "engine", "workers", "isolation", "cache"},
    {"identifiers"},
    {"checks", "units", "sql"},
    {"programme"},
    {"office"},
    {"suggestions"},
    {"home", *STAGES, "sample"},
    {"read"},
    {"run", "check", "person", "ask", "rulebook", "trial", "forms"},
    {"demonstration", "demo"},
    {"cli"},
    {"__main__"},
)


def modules() -> Iterator[tuple[str, Path]]:
    for file in sorted(ROOT.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield parts[0], file


def imported(file: Path) -> set[str]:
    """The top-level modules of this package that a file imports, for type checking or for real."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = (
                [node.module]
                if node.module != "pipeline"
                else [f"pipeline.{a.name}" for a in node.names]
            )
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        found |= {n.split(".")[1] for n in names if n.startswith("pipeline.")}
    return found


def floor(name: str) -> int:
    return next(n for n, names in enumerate(FLOORS) if name in names)


def test_every_module_has_a_floor() -> None:
    known = set().union(*FLOORS)
    assert {name for name, _ in modules()} - {"__init__", "_data"} <= known


def test_arrows_point_down() -> None:
    wrong = [
        f"{file.relative_to(ROOT)} imports {other}"
        for name, file in modules()
        if name != "__init__"
        for other in imported(file) - {name, "__version__"}
        if floor(other) >= floor(name)
    ]
    # values and numbers share a floor: an ID number is one of the things people type
    assert [w for w in wrong if w != "numbers/digits.py imports values"] == []


def test_a_stage_imports_no_stage() -> None:
    for name, file in modules():
        if name in STAGES:
            assert imported(file) & set(STAGES) <= {name}, file


def test_only_the_cli_prints_exits_or_reads_the_clock() -> None:
    spoken = re.compile(r"\bprint\(|click\.echo|sys\.exit|datetime\.now|date\.today|time\.time\(")
    for name, file in modules():
        if name != "cli":
            assert not spoken.search(file.read_text(encoding="utf-8")), file


def test_no_programme_unit_or_office_is_named_in_code(programme: object) -> None:
    named = re.compile(r"吉林|长春|省残联|妇联|扶贫办|handcraft/|22\d{4}")
    for name, file in modules():
        if name in ("sample", "demonstration"):
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                is_doc = "\n" in node.value or len(node.value) > 60
                assert is_doc or not named.search(node.value), (file, node.value)


def test_modules_stay_small() -> None:
    long = {
        str(file.relative_to(ROOT)): lines
        for _, file in modules()
        if (lines := len(file.read_text(encoding="utf-8").splitlines())) > 380
    }
    assert long == {}


def test_every_public_function_says_what_it_does() -> None:
    silent = []
    for _, file in modules():
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in tree.body:
            named = isinstance(node, (ast.FunctionDef, ast.ClassDef)) and node.name[0] != "_"
            if named and not ast.get_docstring(node):  # type: ignore[arg-type]
                silent.append(f"{file.name}: {node.name}")  # type: ignore[attr-defined]
    assert silent == []


def test_the_checkout_names_no_machine() -> None:
    strange = re.compile(r"/work/|\.\./shared|/opt/pypi|/tmp/")
    for pattern in ("*.md", "*.toml", "Makefile", "pipeline/**/*.py", "schemas/**/*", "docs/**/*"):
        for file in CHECKOUT.glob(pattern):
            if file.is_file() and file.suffix in (".md", ".toml", ".py", ".csv", ""):
                assert not strange.search(file.read_text(encoding="utf-8-sig")), file
