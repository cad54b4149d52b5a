"""The README's own text: a stranger follows it word for word, and gets what it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from baiye_placement.cli import COMMANDS, main

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def blocks(kind: str) -> dict[str, str]:
    """Text of the fenced blocks of ``kind``, by the name after it."""
    return dict(re.findall(rf"^```{kind} ?(\S*)\n(.*?)^```", README, re.MULTILINE | re.DOTALL))


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_stranger_places_a_school_by_following_the_readme(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], encoding: str
):
    files = blocks("csv")
    monkeypatch.chdir(tmp_path)
    for name in ("wishes.csv", "sessions.csv"):
        Path(name).write_text(files[name], encoding=encoding)

    codes = {}
    for line in blocks("sh")[""].splitlines():
        program, *call = shlex.split(line)
        assert program == "baiye-placement"
        codes[call[0]] = (main(call), capsys.readouterr().out)

    assert [code for code, _ in codes.values()] == [0, 0, 0, 0]
    assert codes["start"][1].startswith(blocks("text")["start"])
    assert Path("result/seats.csv").read_text(encoding="utf-8") == files["result/seats.csv"]


def test_every_command_is_in_the_readme():
    named = {command.__name__.rsplit(".", 1)[1] for command in COMMANDS}

    assert {name for name in named if f"`{name}" not in README} == set()
