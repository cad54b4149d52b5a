"""scripts/messages.py: finds every text, everywhere it may stand, and what is wrong with its English."""

import gettext
from pathlib import Path

import pytest

from scripts import messages

PO = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
TEMPLATE = """{% translate "预约" %}
{% blocktranslate trimmed with name=pupil.name %}
  {{ name }} 已到
{% endblocktranslate %}
{% blocktranslate count n=n %}{{ n }} 人{% plural %}{{ n }} 人们{% endblocktranslate %}
{{ note|default:_("无") }}
{% include "x.html" with title=_("标题") %}
"""
MODULE = '''"""文档 is no message."""
from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext

NAMES = [_("时间"), gettext_lazy("地" "点"), pgettext("月份", "五月"), _("English")]


def count(n):
    return ngettext("%d 人", "%d 人们", n)
'''
ALL = ["%(n)s 人", "%(name)s 已到", "%d 人", "五月", "地点", "无", "时间", "标题", "预约"]


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """A checkout with one room that has a template and a module, and no English yet."""
    app = tmp_path / "baiye" / "trips"
    (app / "templates" / "trips").mkdir(parents=True)
    (app / "templates" / "trips" / "page.html").write_text(TEMPLATE)
    (app / "views.py").write_text(MODULE)
    return app


def translate(app: Path, entries: str) -> None:
    folder = app / "locale/en/LC_MESSAGES"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "django.po").write_text(PO + entries)


def test_every_chinese_text_is_found_where_it_stands(app):
    found = {message.text: message.where for message in messages.untranslated(app)}

    assert sorted(found) == ALL
    assert found["预约"] == "baiye/trips/templates/trips/page.html:1"
    assert found["时间"] == "baiye/trips/views.py:4"


def test_missing_prints_entries_that_make_the_check_pass_once_they_are_filled(app, capsys):
    assert messages.main(["missing", "--root", str(app.parents[1])]) == 1
    printed = capsys.readouterr().out
    filled = printed.replace('msgstr ""', 'msgstr "x"').replace('msgstr[0] ""', 'msgstr[0] "x"')
    filled = filled.replace('msgstr[1] ""', 'msgstr[1] "x"')
    for placeholder in ("%(n)s", "%(name)s", "%d"):
        block = [part for part in filled.split("\n\n") if f'msgid "{placeholder}' in part]
        for part in block:
            filled = filled.replace(part, part.replace('"x"', f'"{placeholder} x"'))

    translate(app, filled)

    assert messages.main(["check", "--root", str(app.parents[1])]) == 0


def test_check_names_a_text_without_english_and_fails(app, capsys):
    (app / "templates/trips/page.html").unlink()
    (app / "views.py").write_text("from x import gettext as _\n_('时间')\n")

    assert messages.main(["check", "--root", str(app.parents[1])]) == 1
    assert capsys.readouterr().out == "baiye/trips/views.py:2: no English for '时间'\n"


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('#, fuzzy\nmsgid "时间"\nmsgstr "time"\n', ["baiye/trips/views.py:2: no English for '时间'"]),
        ('msgid "时间"\nmsgstr "time"\n', []),
        (
            'msgid "时间"\nmsgstr "time"\n\nmsgid "%(n)s 人"\nmsgstr "%(m)s people"\n',
            ["trips: placeholders of '%(n)s 人' and its English differ: ['%(m)s', '%(n)s']"],
        ),
    ],
)
def test_check_refuses_a_fuzzy_entry_and_other_placeholders(app, entry, complaint):
    (app / "templates/trips/page.html").unlink()
    (app / "views.py").write_text("from x import gettext as _\n_('时间')\n")
    translate(app, entry)

    assert messages.complaints(app) == complaint


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<p>你好</p>", 1),
        ('{% include "x.html" with title="标题" %}', 1),
        ("<p>百业 Baiye</p>", 0),
        ("{# 说明 #}<!-- 说明 -->{% comment %}说明{% endcomment %}", 0),
        ('{% translate "你好" %}{% blocktranslate %}你好{% endblocktranslate %}', 0),
    ],
)
def test_chinese_outside_a_translation_tag_is_seen(app, line, expected):
    (app / "templates/trips/page.html").write_text(f"<h1></h1>\n{line}\n")

    found = list(messages.bare_chinese(app / "templates/trips/page.html"))

    assert [text.split(": ")[0] for text in found] == ["baiye/trips/templates/trips/page.html:2"] * expected


def test_compile_writes_what_gettext_reads(app):
    translate(app, 'msgid "时间"\nmsgstr "time"\n')

    assert (messages.compile_app(app), messages.compile_app(app)) == (1, 0)
    with (app / "locale/en/LC_MESSAGES/django.mo").open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("时间") == "time"
