"""The house rules that a reader should be able to rely on: arrows point down, only the cli speaks."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pipeline
from pipeline.programme import Programme
from pipeline.programme.coherence import FIELD_KINDS
from pipeline.programme.nouns import ROLES

ROOT = Path(pipeline.__file__).parent
CHECKOUT = ROOT.parent
STAGES = ("collect", "ingest", "validate", "deduplicate", "register", "aggregate",
          "supervise", "render", "deliver")  # fmt: skip
# what each floor may import, besides its own package; lower floors first
FLOORS = (
    {"model", "garbage", "limits"},
    {"values", "numbers", "engine", "workers"},
    {"checks", "units", "periods", "versions", "syllables"},
    {"programme"},
    {"office", "unread", "mail", "gate"},
    {"month"},
    {"home", *STAGES, "sample"},
    {"read"},
    {"marking", "basis", "readback", "printing"},
    {"run", "check", "ask", "forms"},
    {"send"},
    {"demonstration", "demo"},
    {"cli"},
    {"__main__"},
)


def modules() -> Iterator[tuple[str, Path]]:
    for file in sorted(ROOT.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        yield parts[0], file


@cache
def parsed(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def nodes(file: Path) -> list[ast.AST]:
    return list(ast.walk(parsed(file)))


@cache
def imported(file: Path) -> set[str]:
    """The top-level modules of this package that a file imports, for type checking or for real."""
    found = set()
    for node in nodes(file):
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


# words of a programme that are also words of ours: parts, ways of reading, levels, and the column that
# holds a person's number in the delivered tables, whatever a programme calls it; 序号 in a template
OURS = frozenset({*ROLES, *FIELD_KINDS, "county", "prefecture", "id_no", "seq"})


@cache
def texts_in(file: Path) -> list[str]:
    """The texts of a module that are no docstrings, and SQL as it stands."""
    if file.suffix == ".sql":
        return [re.sub(r"--.*", "", file.read_text(encoding="utf-8"))]
    docs = {
        id(node.body[0].value)
        for node in nodes(file)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in nodes(file)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]


def of_the_engine() -> Iterator[tuple[str, Path]]:
    """Every module and question but those of the made-up province."""
    for file in sorted([*ROOT.rglob("*.py"), *ROOT.rglob("*.sql")]):
        where = file.relative_to(ROOT).as_posix()
        if not where.startswith(("sample/", "demonstration", "demo", "_data/")):
            yield where, file


def test_no_field_of_a_programme_is_named_in_code(programme: Programme) -> None:
    names = {
        *(field.name for field in programme.fields),
        *(kind.name for kind in programme.kinds),
        *(indicator.name for indicator in programme.indicators),
        *(reference.name for reference in programme.references),
    } - OURS
    naming = {
        where
        for where, file in of_the_engine()
        for text in texts_in(file)
        if names & set(re.findall(r"\b[a-z][a-z0-9_]*\b", text))
    }
    assert naming == set()


def test_no_office_unit_or_code_word_of_a_programme_is_named_in_code(
    programme: Programme,
) -> None:
    offices = {
        word
        for agency in programme.agencies
        for word in (agency.name, agency.full_name, agency.name.removeprefix("省"))
    }
    letterheads = {text.replace("{unit}", "") for text in programme.letterhead.values()}
    units = {u.name for u in programme.gazetteer.units if len(u.name) > 2}
    named = [*offices, *letterheads, *units, programme.notice, programme.title]
    words = {w for labels in programme.code_labels.values() for w in labels.values() if len(w) > 1}
    for where, file in of_the_engine():
        for text in texts_in(file):
            assert not [n for n in named if n in text], (where, text)
            assert text not in words, (where, text)
            assert not re.search(r"handcraft/|\b22\d{4}\b", text), (where, text)


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
        for node in parsed(file).body:
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


def test_no_file_name_stands_twice() -> None:
    checkout = [
        f for place in ("pipeline", "tests", "benchmarks") for f in (CHECKOUT / place).rglob("*.py")
    ]
    names = Counter(f.name for f in checkout if f.name not in ("__init__.py", "__main__.py"))
    assert len(names) > 200
    assert [name for name, times in names.items() if times > 1] == []


def test_no_module_is_hidden_by_a_name_of_its_door() -> None:
    for door in ROOT.rglob("__init__.py"):
        rooms = {f.stem for f in door.parent.glob("*.py")} | {
            f.parent.name for f in door.parent.glob("*/__init__.py")
        }
        names = {
            alias.asname or alias.name
            for node in nodes(door)
            if isinstance(node, ast.ImportFrom)
            and node.module
            and node.module != ".".join(("pipeline", *door.parent.relative_to(ROOT).parts))
            for alias in node.names
        }
        names |= {
            n.name for n in parsed(door).body if isinstance(n, (ast.FunctionDef, ast.ClassDef))
        }
        assert names & rooms == set(), door


def test_nothing_is_called_by_a_word_that_says_nothing() -> None:
    empty = re.compile(r"(^|_)(told|said|there|things?)(_|$)")
    for place in ("pipeline", "tests", "benchmarks"):
        for file in sorted((CHECKOUT / place).rglob("*.py")):
            assert not empty.search(file.stem), file
            names = {
                str(getattr(node, word))
                for node in nodes(file)
                for word in ("id", "arg", "attr", "name")
                if getattr(node, word, None)
            }
            named = [n for n in names if empty.search(n) and not n.startswith("test_")]
            assert named == [], file
