"""An office program as the tests call it: opens a file and saves it in another format."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

# missing on a user's machine it is a reason to skip; in CI it is a fault
needs_office = pytest.mark.skipif(
    not shutil.which("soffice") and "CI" not in os.environ, reason="LibreOffice is not installed"
)


def converted(file: Path, folder: Path, suffix: str) -> Path:
    """The file as the program saves it under another suffix, in a folder of its own."""
    (made,) = all_converted([file], folder, suffix)
    return made


def all_converted(files: Sequence[Path], folder: Path, suffix: str) -> list[Path]:
    """Several files at once: the program starts slowly."""
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/lo", "--convert-to", suffix,
         "--outdir", str(folder / suffix), *map(str, files)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return [folder / suffix / f"{file.stem}.{suffix}" for file in files]


_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/>
</library:library>"""
_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>"""
_EDIT = """
Sub Edit(source As String, target As String)
  Dim opening(0) As New com.sun.star.beans.PropertyValue
  opening(0).Name = "Hidden" : opening(0).Value = True
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, opening())
{}
  Dim saving(0) As New com.sun.star.beans.PropertyValue
  saving(0).Name = "FilterName" : saving(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL(target, saving())
  doc.close(True)
End Sub
"""


def edited(file: Path, folder: Path, steps: str) -> Path:
    """The workbook as the program saves it after an edit: steps in its own Basic, of `doc`."""
    profile, made = folder / "editing", folder / f"edited_{file.name}"
    program = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}"]
    subprocess.run([*program, "--terminate_after_init"], check=True, capture_output=True, timeout=240)  # fmt: skip
    basic = profile / "user" / "basic" / "Standard"
    (basic / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (basic / "Module1.xba").write_text(
        _MODULE.format(escape(_EDIT.format(steps))), encoding="utf-8"
    )
    macro = f'macro:///Standard.Module1.Edit("{file.as_uri()}","{made.as_uri()}")'
    subprocess.run([*program, macro], check=True, capture_output=True, timeout=240)
    return made
