"""An office program as the tests call it: opens a file and saves it in another format."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

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
