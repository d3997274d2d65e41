"""What leaves the house is held against the schemas of Office files, as far as a tool that needs no Office can."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openxml_audit
from delivered import MONTHS

from pipeline.forms import forms, units_for
from pipeline.home import Home
from pipeline.programme import Programme

# the validator of the Open XML SDK asks for them; Word and Excel do not
_NOT_NEEDED = ("relationships/theme' is missing", "relationships/fontTable' is missing")


def findings(file: Path) -> list[str]:
    """What is wrong with a package, and in which part."""
    found = openxml_audit.OpenXmlValidator().validate(file).errors
    return [
        f"{file.name} {error.part_uri} {error.path}: {error.description}"
        for error in found
        if error.severity == openxml_audit.ValidationSeverity.ERROR
        and not any(words in error.description for words in _NOT_NEEDED)
    ]


def test_every_template_is_valid(templates: Path) -> None:
    files = [f for f in templates.iterdir() if f.suffix in (".xlsx", ".docx")]
    assert len(files) > 15
    assert [fault for file in files for fault in findings(file)] == []


def test_a_paper_of_each_sort_is_valid(delivered: Home) -> None:
    """Of the papers of many units one of each."""
    folder = delivered.outbox / MONTHS[-1]
    alike: dict[str, Path] = {}
    for file in sorted(folder.rglob("*.*x")):
        if file.suffix in (".xlsx", ".docx"):
            sort = file.stem if file.parent == folder else file.parts[-3] + file.stem[-4:]
            alike.setdefault(f"{sort}{file.suffix}", file)
    assert len(alike) > 10
    assert [fault for file in alike.values() for fault in findings(file)] == []


def test_a_form_is_valid(programme: Programme, tmp_path: Path) -> None:
    (form,) = forms(programme, "2018-12", units_for(programme, "2018-12", ["220122"]), 3)
    file = tmp_path / "表样.xlsx"
    file.write_bytes(form.content)
    assert findings(file) == []


def test_a_broken_package_is_found(templates: Path, tmp_path: Path) -> None:
    """That the tool sees anything at all."""
    file = tmp_path / "坏.xlsx"
    with zipfile.ZipFile(templates / "绩效评价.xlsx") as source, zipfile.ZipFile(file, "w") as out:
        for name in source.namelist():
            part = source.read(name)
            out.writestr(name, part.replace(b"<cols>", b"<cols><nonsense/>"))
    assert findings(file) != []
