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


_MODULE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"
 script:language="StarBasic">{}</script:module>"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard"
 library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/>
</library:library>"""
_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple"
  library:link="false"/>
</library:libraries>"""
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
_OPEN = """
Sub Opened(source As String, words As String, target As String)
  every = Split(words, "/")
  For n = 0 To UBound(every)
    OpenedWith(source, every(n), target & n)
  Next
  StarDesktop.terminate()
End Sub
Sub OpenedWith(source As String, word As String, target As String)
  Dim opening(1) As New com.sun.star.beans.PropertyValue
  opening(0).Name = "Hidden" : opening(0).Value = True
  opening(1).Name = "Password" : opening(1).Value = word
  Dim saving(0) As New com.sun.star.beans.PropertyValue
  saving(0).Name = "FilterName" : saving(0).Value = "Text - txt - csv (StarCalc)"
  On Error Goto Shut
  doc = StarDesktop.loadComponentFromURL(source, "_blank", 0, opening())
  doc.storeToURL(target, saving())
  doc.close(True)
Shut:
End Sub
"""


def edited(file: Path, folder: Path, steps: str) -> Path:
    """The workbook as the program saves it after an edit: steps in its own Basic, of `doc`."""
    made = folder / f"edited_{file.name}"
    _macro(_EDIT.format(steps), f'Edit("{file.as_uri()}","{made.as_uri()}")', folder / "editing")
    return made


def opened_with(file: Path, words: Sequence[str], folder: Path) -> list[str | None]:
    """The first sheet of a locked workbook as the program reads it with each password; None if it does not."""
    target, together = folder / "opened", "/".join(words)
    _macro(_OPEN, f'Opened("{file.as_uri()}","{together}","{target.as_uri()}")', folder / "locked")
    sheets = [target.with_name(f"{target.name}{n}") for n in range(len(words))]
    return [s.read_text("utf-8", errors="replace") if s.is_file() else None for s in sheets]


def _macro(basic: str, call: str, profile: Path) -> None:
    """Calls a procedure written in the program's own Basic, in a profile that holds nothing else."""
    program = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}"]
    library = profile / "user" / "basic" / "Standard"
    if not profile.is_dir():  # the first start makes the profile and runs no macro
        subprocess.run([*program, "--terminate_after_init"], check=True, capture_output=True, timeout=240)  # fmt: skip
    library.mkdir(parents=True, exist_ok=True)
    (library / "Module1.xba").write_text(_MODULE.format(escape(basic)), encoding="utf-8")
    (library / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (library.parent / "script.xlc").write_text(_LIBRARIES, encoding="utf-8")
    subprocess.run(
        [*program, f"macro:///Standard.Module1.{call}"],
        check=False,
        capture_output=True,
        timeout=240,
    )
