"""An office program as the tests call it: opens a file and saves it in another format."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

# missing on a user's machine it is a reason to skip; in CI it is a fault
needs_office = pytest.mark.skipif(
    not shutil.which("soffice") and "CI" not in os.environ, reason="LibreOffice is not installed"
)


def converted(file: Path, folder: Path, suffix: str) -> Path:
    """The file as the program saves it under another suffix, in a folder of its own."""
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/lo", "--convert-to", suffix,
         "--outdir", str(folder / suffix), str(file)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return folder / suffix / f"{file.stem}.{suffix}"


_MACRO = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Opened(source As String, word As String, target As String)
  Dim how(1) As New com.sun.star.beans.PropertyValue
  how(0).Name = "Hidden"
  how(0).Value = True
  how(1).Name = "Password"
  how(1).Value = word
  Dim out(0) As New com.sun.star.beans.PropertyValue
  out(0).Name = "FilterName"
  out(0).Value = "Text - txt - csv (StarCalc)"
  On Error Goto Shut
  document = StarDesktop.loadComponentFromURL(source, "_blank", 0, how())
  document.storeToURL(target, out())
  document.close(True)
Shut:
  StarDesktop.terminate()
End Sub
</script:module>"""
_LIBRARY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
 <library:element library:name="Module1"/>
</library:library>"""

_LIBRARIES = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
 <library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/>
</library:libraries>"""


def opened_with(file: Path, word: str, folder: Path) -> str | None:
    """The first sheet of a locked workbook as the program reads it with a password; None if it does not."""
    profile = folder / "locked"
    place = profile / "user" / "basic" / "Standard"
    if not profile.is_dir():  # the first start makes the profile and runs no macro
        _run("--terminate_after_init", profile)
    place.mkdir(parents=True, exist_ok=True)
    (place / "Module1.xba").write_text(_MACRO, encoding="utf-8")
    (place / "script.xlb").write_text(_LIBRARY, encoding="utf-8")
    (place.parent / "script.xlc").write_text(_LIBRARIES, encoding="utf-8")
    target = folder / "opened.csv"
    target.unlink(missing_ok=True)
    call = f'macro:///Standard.Module1.Opened("{file.as_uri()}","{word}","{target.as_uri()}")'
    _run(call, profile)
    return target.read_text(encoding="utf-8", errors="replace") if target.is_file() else None


def _run(what: str, profile: Path) -> None:
    words = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", what]
    subprocess.run(words, check=False, capture_output=True, timeout=240)
