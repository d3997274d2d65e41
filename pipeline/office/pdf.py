"""Papers as PDF, by the office program where one is installed."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

_NAMES = ("soffice", "libreoffice")
_WINDOWS = (Path(r"C:\Program Files\LibreOffice\program\soffice.exe"),)
_SECONDS = 180
_DAY = "1514764800"  # 2018-01-01, as in all our papers


def office_program() -> str:
    """Where LibreOffice lies; '' where it is not installed."""
    found = next((place for name in _NAMES if (place := shutil.which(name))), "")
    if not found and sys.platform == "win32":
        found = next((str(place) for place in _WINDOWS if place.is_file()), "")
    return found


def as_pdf(files: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """Each file -> its PDF in the folder, those that could be made, all in one start of the program.

    It runs with a profile of its own, so that no window of the clerk's is in its way. The bytes depend on
    the program's version and the fonts of the machine.
    """
    program = office_program()
    if not program or not files:
        return {}
    with tempfile.TemporaryDirectory() as profile:
        command = [
            program, "--headless", "--norestore", f"-env:UserInstallation={Path(profile).as_uri()}",
            "--convert-to", "pdf", "--outdir", str(folder), *map(str, files),
        ]  # fmt: skip
        environment = os.environ | {"SOURCE_DATE_EPOCH": _DAY}
        # what is made by the time it fails is there; what is not is missed by who asked for it
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(
                command, env=environment, capture_output=True, timeout=_SECONDS, check=False
            )
    made = {file: folder / f"{file.stem}.pdf" for file in files}
    return {file: pdf for file, pdf in made.items() if pdf.is_file()}
