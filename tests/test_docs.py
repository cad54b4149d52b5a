"""Docs that cannot go stale: what exists is described, and what is described exists."""

import re
import tomllib

import pytest
from django.core.management import get_commands

from tests.rig.house import ROOT, apps, files, tracked

MANUAL = ("README.md", "ARCHITECTURE.md", "docs/reference/**/*.md", "docs/howto/**/*.md")


def manual() -> str:
    return "\n".join(file.read_text() for file in files(*MANUAL))


def our_commands() -> list[str]:
    return sorted(f"baiye {name}" for name, app in get_commands().items() if str(app).startswith("baiye."))


def programs() -> list[str]:
    return sorted(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"])


@pytest.mark.parametrize("command", [*our_commands(), *programs()])
def test_every_command_is_in_the_manual(command):
    assert re.search(rf"`{command}(?![\w-])", manual())


@pytest.mark.parametrize("app", apps())
def test_every_room_is_in_the_architecture(app):
    assert re.search(rf"`(?:baiye[./])?{app}/?`", (ROOT / "ARCHITECTURE.md").read_text())


def test_the_architecture_is_one_read():
    assert (ROOT / "ARCHITECTURE.md").read_text().count("\n") <= 200


def promises(app: str) -> list[tuple[str, str]]:
    """The rows of the table under "What always holds" in an app's README: the promise, and what proves it."""
    text = (ROOT / "baiye" / app / "README.md").read_text()
    section = re.search(r"^#+ .*always holds.*?$(.*?)(?=^#|\Z)", text, re.MULTILINE | re.DOTALL | re.IGNORECASE)
    rows = re.findall(r"^\|(.+)\|(.+?)\|\s*$", section[1] if section else "", re.MULTILINE)
    return [(promise.strip(), proof.strip()) for promise, proof in rows if not set(proof.strip()) <= set("-: ")][1:]


def names_of_tests() -> set[str]:
    found = set()
    for file in tracked():
        if file.name.startswith("test_") and file.suffix == ".py":
            found |= {
                file.name,
                file.stem,
                str(file.relative_to(ROOT)),
                *re.findall(r"def (test_\w+)", file.read_text()),
            }
    return found


@pytest.mark.parametrize("app", apps())
def test_what_always_holds_is_proved_by_tests_that_exist(app):
    rows = promises(app)
    said = [name for _, proof in rows for name in re.findall(r"`(?:[\w./]*(?:::|/))?(test_\w+(?:\.py)?)`", proof)]

    assert len(said) >= len(rows) > 0  # each promise names at least one test
    assert sorted(set(said) - names_of_tests()) == []


@pytest.mark.parametrize("app", apps())
def test_constraints_named_in_a_readme_exist(app):
    code = "\n".join(file.read_text() for file in files(f"baiye/{app}/**/*.py")) + "\n".join(
        file.read_text() for file in tracked() if f"baiye/{app}/migrations" in str(file) and file.suffix == ".py"
    )
    said = {name for promise, _ in promises(app) for name in re.findall(r"`([a-z]+(?:_[a-z0-9]+){2,})`", promise)}

    assert sorted(name for name in said if name not in code) == []


def test_the_example_environment_has_every_variable_and_no_other():
    code = "\n".join(file.read_text() for file in files("baiye/config/*.py"))
    read = set(re.findall(r"\benv\.\w+\(\s*\"([A-Z_]+)\"|environ\.get\(\"([A-Z_]+)\"|_key\(\"([A-Z_]+)\"\)", code))
    example = re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE)

    assert sorted(example) == sorted({name for names in read for name in names if name} - {"DJANGO_SETTINGS_MODULE"})


def test_the_makefile_explains_what_it_offers():
    makefile = (ROOT / "Makefile").read_text()
    head = makefile[: makefile.index("\n\n") if "\n\n" in makefile[:2000] else 2000]

    for target in ("demo", "test", "check", "serve", "stop", "lock", "wheel", "clean"):
        assert re.search(rf"^{target}\b.*:", makefile, re.MULTILINE), target
        assert re.search(rf"\b{target}\b", head), target


@pytest.mark.parametrize("path", [str(file.relative_to(ROOT)) for file in tracked() if file.suffix == ".md"])
def test_links_between_pages_lead_somewhere(path):
    links = re.findall(r"\]\((?!https?:|mailto:|#)([^)\s#]+)", (ROOT / path).read_text())

    assert [link for link in links if not ((ROOT / path).parent / link).exists()] == []


def test_every_picture_is_shown_and_every_one_that_is_cut_is_kept():
    kept = {file.name for file in (ROOT / "docs" / "pictures").iterdir()}
    pages = "\n".join(file.read_text() for file in tracked() if file.suffix == ".md")
    script = (ROOT / "scripts" / "pictures.py").read_text()
    names = " ".join(re.findall(r"^(?:DESK|PHONE) = \((.*)\)$", script, re.MULTILINE))
    cut = {f"{name}.png" for name in re.findall(r'"([\w-]+)"', names)}

    assert kept - set(re.findall(r"pictures/([\w-]+\.png)", pages)) == set()
    assert cut - kept == set()
