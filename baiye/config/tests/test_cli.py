import pytest

from baiye.config import cli, database
from baiye.config.owner import DatabaseInTheWay


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("migrate", True),
        ("makemigrations --check", True),
        ("demo", True),
        ("check --invariants", True),
        ("check --database default", True),
        ("check --deploy", False),
        ("check", False),
        ("stop", False),
        ("help", False),
        ("demo --help", False),
        ("--help", False),
        ("--version", False),
        ("", False),
    ],
)
def test_needs_database_is_told_by_the_command(words, expected):
    assert cli.needs_database(words.split()) is expected


def test_main_starts_the_database_before_a_command_that_needs_it(monkeypatch):
    happened = []
    monkeypatch.setattr(database, "start", lambda: happened.append("started"))
    monkeypatch.setattr(cli, "execute_from_command_line", lambda words: happened.append(" ".join(words)))

    assert cli.main(["baiye", "migrate"]) == 0
    assert cli.main(["baiye", "--help"]) == 0

    assert happened == ["started", "baiye migrate", "baiye --help"]


def test_main_says_in_both_languages_what_is_in_the_way(monkeypatch, capsys):
    def refuse():
        raise DatabaseInTheWay("请移走它", "Move it away")

    monkeypatch.setattr(database, "start", refuse)

    assert cli.main(["baiye", "migrate"]) == 1
    assert capsys.readouterr() == ("", "请移走它\nMove it away\n")
