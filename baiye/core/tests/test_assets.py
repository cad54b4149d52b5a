"""The files of the look: every icon is there, every colour pair can be read, no file grows wild."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
CSS = ROOT / "baiye/core/static/core/css"
TEMPLATES = sorted(ROOT.glob("baiye/*/templates/**/*.html"))
PAGES = sorted((CSS / "pages").glob("*.css"))
PAIRS = [
    *[("ink", plane) for plane in ("bg", "surface", "surface-2", "sunken")],
    *[("ink-2", plane) for plane in ("bg", "surface", "surface-2", "sunken")],
    *[("ink-3", plane) for plane in ("bg", "surface", "surface-2")],
    *[("river", plane) for plane in ("bg", "surface")],
    ("on-river", "river"),
    ("river-strong", "river-soft"),
    ("on-deep", "river-deep"),
    ("on-deep-2", "river-deep"),
    ("on-fire", "fire"),
    ("fire-ink", "fire-soft"),
    ("seal-ink", "seal-soft"),
    ("seal-ink", "surface"),
    ("on-seal", "seal"),
    ("info-ink", "info-soft"),
    *[(f"{k}-ink", f"{k}-soft") for k in "RIASEC"],
    *[(f"{k}-on", f"{k}-fill") for k in "RIASEC"],
]


def named_icons() -> set[str]:
    lines = (ROOT / "scripts/icons.txt").read_text(encoding="utf-8").splitlines()
    return {name for line in lines if not line.startswith("#") for name in line.split()}


def icons_in(text: str) -> set[str]:
    literal = re.findall(r'{%\s*icon "([\w-]+)"', text)
    return {*literal, *re.findall(r'\bicon="([\w-]+)"', text)}


def colours(*files: str) -> dict[str, str]:
    """The variables of the stylesheets, later files over earlier ones."""
    text = "".join((CSS / name).read_text(encoding="utf-8") for name in files)
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-fA-F]{3,6})", text))


def luminance(colour: str) -> float:
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    channels = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_of_black_on_white_is_that_of_the_standard():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("files", [("tokens.css",), ("tokens.css", "dark.css")], ids=["light", "dark"])
def test_every_pair_of_text_and_plane_can_be_read(files):
    values = colours(*files)

    weak = {pair: round(contrast(values[pair[0]], values[pair[1]]), 2) for pair in PAIRS}

    assert {pair: ratio for pair, ratio in weak.items() if ratio < 4.5} == {}


def test_dark_theme_changes_only_what_the_light_one_has():
    assert set(colours("dark.css")) - set(colours("tokens.css")) == set()


def test_every_icon_a_template_names_is_in_the_list():
    missing = {path.name: icons_in(path.read_text(encoding="utf-8")) - named_icons() for path in TEMPLATES}

    assert {name: icons for name, icons in missing.items() if icons} == {}


def test_every_icon_python_gives_is_in_the_list():
    sources = [path.read_text(encoding="utf-8") for path in ROOT.glob("baiye/*/*.py")]

    assert {icon for text in sources for icon in re.findall(r'\bicon="([\w-]+)"', text)} - named_icons() == set()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_page_css_is_short_and_lies_in_the_parts_layer(path):
    text = path.read_text(encoding="utf-8")

    assert len(text.splitlines()) <= 60
    assert text.count("@layer parts {") == 1
    assert "@import" not in text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_template_has_no_inline_style_and_no_comment_that_shows(path):
    text = path.read_text(encoding="utf-8")

    assert re.search(r"\sstyle=|<style|\son\w+=", text) is None
    assert re.search(r"{#(?:(?!#}).)*\n", text) is None  # Django's short comment ends with its line


def test_every_linked_page_css_exists():
    linked = {
        name
        for path in TEMPLATES
        for names in re.findall(r"{% page_css (.+?) %}", path.read_text(encoding="utf-8"))
        for name in re.findall(r'"([\w-]+)"', names)
    }

    assert linked - {path.stem for path in PAGES} == set()
