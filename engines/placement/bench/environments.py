"""Python environments for peers that the project does not depend on, made when they are asked for."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[3]
HOME = ROOT / ".local" / "peers"
GROUPS = {"peers": "bench", "fairpyx": "bench-fairpyx"}  # dependency groups of pyproject.toml


def python(name: str) -> Path | None:
    """The interpreter of environment ``name`` (``""``: our own); None where it cannot be made."""
    if not name:
        return Path(sys.executable)
    found = HOME / name / "bin" / "python"
    if not found.exists():
        _make(name)
    return found if found.exists() else None


def _make(name: str) -> None:
    folder = HOME / name
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"][GROUPS[name]]
    uv = Path(sys.executable).with_name("uv")
    if uv.exists():
        steps = [
            [uv, "venv", "-q", folder, "--python", sys.executable],
            [uv, "pip", "install", "-q", "--python", folder / "bin" / "python", *needs],
        ]
    else:
        steps = [
            [sys.executable, "-m", "venv", folder],
            [folder / "bin" / "python", "-m", "pip", "install", "-q", *needs],
        ]
    print(f"an environment for {', '.join(needs)} in {folder}", file=sys.stderr)
    for step in steps:
        if subprocess.run(step, check=False, stdout=sys.stderr).returncode:
            return
