"""The house style, as far as a machine can see it. Each rule names the lines that break it."""

import re

import pytest

from tests.rig.house import (
    ROOT,
    apps,
    borrowed,
    files,
    lines_with,
    long_functions,
    too_long,
    tracked,
    without_comments,
)

OURS = ("baiye/**/*.py", "engines/**/*.py", "scripts/*", "bench/*.py")
TEMPLATES = ("baiye/**/templates/**/*.html", "baiye/**/templates/**/*.svg")
# Where one of the dangerous words is needed, and why it is safe there: {"path": ("word", …)}.
ALLOWED: dict[str, tuple[str, ...]] = {
    "baiye/core/models.py": ("RawSQL",),  # a default of the database, without a value from outside
}
DANGEROUS = r"\b(mark_safe|RawSQL|csrf_exempt|safeseq)\b|SafeString\(|\|safe\b|autoescape off|\.extra\("
INLINE = {
    "script": r"<script(?![^>]*\ssrc=)",
    "style": r"<style\b",
    "style attribute": r"\sstyle\s*=",
    "event attribute": r"<[^>]*\son[a-z]+\s*=",
}
MACHINE = r"(?<![\w.~\]\")}])/(?:work|root|tmp)/[\w.]"
REGISTRY = r"https?://[\w.-]*(?:pypi|pythonhosted|npmjs|npmmirror|aliyun|tuna|debian)\.[\w.-]*"


def test_no_file_has_more_than_400_lines():
    text = (*OURS, "**/*.css", "**/*.js", "**/*.mjs", "conftest.py")
    assert [said for file in files(*text) if (said := too_long(file, 400))] == []


def test_no_function_has_more_than_40_lines():
    long = [
        f"{file.relative_to(ROOT)}: {name} has {count}"
        for file in files(*OURS)
        if file.suffix == ".py"
        for name, count in long_functions(file.read_text(), 40)
    ]
    assert long == []


def test_no_template_has_more_than_120_lines():
    assert [said for file in files("baiye/**/templates/**/*") if (said := too_long(file, 120))] == []


def test_views_apis_and_tasks_leave_reading_to_queries():
    thin = files("baiye/*/views*.py", "baiye/*/views/*.py", "baiye/*/api.py", "baiye/*/tasks.py")
    assert list(lines_with(r"\.objects\b|\.raw\(|\bcursor\(", thin)) == []


def test_what_switches_a_protection_off_is_not_used():
    found = [
        line
        for line in lines_with(DANGEROUS, files("baiye/**/*.py", *TEMPLATES))
        if not any(line.startswith(f"{path}:") and word in line for path, words in ALLOWED.items() for word in words)
    ]
    assert found == []


@pytest.mark.parametrize("kind", INLINE)
def test_templates_have_nothing_inline(kind):
    found = [
        f"{file.relative_to(ROOT)}: {match[0][:60]}"
        for file in files(*TEMPLATES)
        for match in re.finditer(INLINE[kind], without_comments(file.read_text()))
    ]
    assert found == []


def test_no_link_takes_its_address_from_another_block():
    """What a block sets ends with it: ``{% url … as back %}`` in one is nothing in the next."""
    lost = [
        f"{file.relative_to(ROOT)}: {name}" for file in files(*TEMPLATES) for name in addresses_lost(file.read_text())
    ]
    assert lost == []


def addresses_lost(template: str) -> list[str]:
    """Names that an ``href`` of one block uses and another block alone has set."""
    blocks = re.findall(r"{% block \w+ %}(.*?){% endblock %}", template, re.DOTALL)
    kept = [set(re.findall(r" as (\w+) %}", block)) for block in blocks]
    every = set().union(*kept)
    used = [re.findall(r'href="{{ (\w+) }}', block) for block in blocks]
    return [name for own, names in zip(kept, used, strict=True) for name in names if name in every - own]


def test_an_address_is_lost_between_blocks_alone():
    kept, used = '{% block a %}{% url "x" as back %}{% endblock %}', '<a href="{{ back }}">'

    assert addresses_lost(kept + "{% block b %}" + used + "{% endblock %}") == ["back"]
    assert addresses_lost(kept.replace("{% endblock %}", used + "{% endblock %}")) == []


def test_python_writes_no_style_attribute_either():
    assert list(lines_with(r"""<\w[^>]*\sstyle\s*=""", files("baiye/**/*.py"))) == []


def test_nothing_happens_behind_the_back():
    signals = r"django\.db\.models\.signals|django\.dispatch|@receiver\b"
    assert list(lines_with(signals, files("baiye/**/*.py"))) == []
    assert (
        list(lines_with(r"def (save|delete|__setattr__)\(", files("baiye/**/models.py", "baiye/**/models/*.py"))) == []
    )


def test_nothing_is_left_for_later():
    text = files("baiye/**/*.py", "engines/**/*.py", "scripts/*", *TEMPLATES, "**/*.css", "**/*.js")
    assert list(lines_with(r"\b(TODO|FIXME|XXX|HACK)\b", text)) == []


def test_tests_wait_for_what_a_page_shows():
    # Locator.is_visible() answers at once, also of a page that has only begun to load; expect() waits.
    assert list(lines_with(r"assert .*\.is_visible\(\)", files("baiye/**/test_*.py", "tests/**/*.py"))) == []


def test_only_config_reads_the_environment():
    allowed = [file for file in files("baiye/**/*.py") if not file.is_relative_to(ROOT / "baiye/config")]
    assert list(lines_with(r"os\.environ|os\.getenv", allowed)) == []


def test_no_file_names_this_machine_or_a_registry():
    # Dockerfile-like paths of Debian (/usr, /etc) are the same everywhere; these are not.
    text = [f for f in tracked() if f.suffix not in {".woff2", ".png", ".jpg", ".xlsx", ".pdf", ".ttf"}]
    elsewhere = [file for file in text if file.name != "test_house_rules.py"]
    assert list(lines_with(f"{MACHINE}|{REGISTRY}", elsewhere)) == []


def test_views_forms_and_tasks_are_nobodys_library():
    found = {
        str(file.relative_to(ROOT)): modules
        for file in files("baiye/**/*.py")
        if "config" not in file.parts and (modules := borrowed(file.read_text(), file.relative_to(ROOT).parts[1]))
    }
    assert found == {}


@pytest.mark.parametrize("app", apps())
def test_every_room_has_a_short_readme(app):
    readme = ROOT / "baiye" / app / "README.md"

    assert readme.exists()
    assert readme.read_text().count("\n") <= 60


def test_every_migration_says_what_lock_it_takes():
    silent = [
        str(file.relative_to(ROOT))
        for file in tracked()
        if re.search(r"/migrations/0(?!001_initial)\w+\.py$", str(file))
        and not re.search(r'class Migration\(.*\):\n    """|\A"""', file.read_text())
    ]
    assert silent == []


@pytest.mark.parametrize(
    ("pattern", "bad", "good"),
    [
        (DANGEROUS, "return mark_safe(text)", "return format_html(text)"),
        (DANGEROUS, "{{ text|safe }}", "{{ text|safer }}"),
        (INLINE["script"], "<script>go()</script>", '<script type="module" src="x.js"></script>'),
        (INLINE["style attribute"], '<p class="a" style="x">', '<p class="a" data-style="x">'),
        (INLINE["event attribute"], '<p onclick="go()">', '<p data-on="click">'),
        (MACHINE, "see /tmp/notes.txt", "see docs/tmp/notes.txt"),
        (MACHINE, "in /root/.cache", 'path("/tmp")'),
        (REGISTRY, "index-url = https://pypi.org/simple", "https://github.com/pypi/warehouse"),
    ],
)
def test_the_patterns_find_what_they_are_for_and_no_more(pattern, bad, good):
    assert (bool(re.search(pattern, bad)), bool(re.search(pattern, good))) == (True, False)


def test_a_function_is_measured_without_its_docstring():
    body = "    x = 1\n" * 40

    assert list(long_functions(f"def f():\n{body}", 40)) == [("f", 41)]
    assert list(long_functions(f'def f():\n    """Say.\n\n    More.\n    """\n{body[:-10]}', 40)) == []


def test_borrowing_is_seen_in_both_forms():
    source = "from baiye.rounds.views import x\nfrom baiye.visits import forms\nfrom baiye.hours import actions\n"

    assert borrowed(source, "hours") == ["baiye.rounds.views", "baiye.visits.forms"]
    assert borrowed("from baiye.hours import forms\n", "hours") == []
