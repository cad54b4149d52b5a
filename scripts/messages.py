"""Translations without the gettext tools: Chinese in the source, English beside it.

compile   every django.po into the django.mo that Django reads (not committed)
missing   what has no English yet, as entries ready for the app's django.po
check     exit 1 and say where, when a Chinese string has no English, an English one lost a placeholder,
          or a template has Chinese outside {% translate %}
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polib
from django.template.base import Lexer, TokenType
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
CHINESE = re.compile(r"[\u3400-\u9fff]")
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(?<![\w.])(n?p?gettext|_)\(\s*({LITERAL}(?:\s*,\s*(?:{LITERAL}|count))*)\s*\)")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")
# How many leading arguments are texts, and whether the first is a context.
FUNCTIONS = {
    "_": (1, False),
    "gettext": (1, False),
    "ngettext": (2, False),
    "pgettext": (2, True),
    "npgettext": (3, True),
}
SAID_AS_IT_IS = re.compile(r"百业|简体中文|中文")  # names, the same in both languages


@dataclass(frozen=True, slots=True)
class Message:
    """A text that is shown, and where it stands."""

    where: str
    text: str
    plural: str = ""
    context: str | None = None


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["compile", "missing", "check"])
    parser.add_argument("--app", help="only this app, for example rounds")
    parser.add_argument("--root", type=Path, default=ROOT, help="the checkout (default: this one)")
    args = parser.parse_args(argv)
    apps = sorted(
        folder for folder in (args.root / "baiye").iterdir() if folder.is_dir() and args.app in (None, folder.name)
    )
    if args.what == "compile":
        print(f"translations: {sum(compile_app(app) for app in apps)} compiled")
        return 0
    wrong = [line for app in apps for line in (print_missing(app) if args.what == "missing" else complaints(app))]
    print("\n".join(wrong) if wrong else "translations: complete")
    return 1 if wrong else 0


def compile_app(app: Path) -> int:
    """Write the .mo files that are older than their .po; how many."""
    done = 0
    for source in app.glob("locale/*/LC_MESSAGES/*.po"):
        target = source.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(target))
            done += 1
    return done


def complaints(app: Path) -> list[str]:
    """Everything wrong in one app, a line each."""
    found = [f"{message.where}: no English for {message.text!r}" for message in untranslated(app)]
    found += [line for file in sorted(app.rglob("templates/**/*.html")) for line in bare_chinese(file)]
    for entry in catalogue(app).values():
        wanted = set(PLACEHOLDER.findall(entry.msgid)) | set(PLACEHOLDER.findall(entry.msgid_plural))
        texts = [entry.msgstr, *entry.msgstr_plural.values()]
        kept = {name for text in texts for name in PLACEHOLDER.findall(text)}
        if any(texts) and kept != wanted:
            found.append(f"{app.name}: placeholders of {entry.msgid!r} and its English differ: {sorted(kept ^ wanted)}")
    return found


def print_missing(app: Path) -> list[str]:
    """Entries for the app's django.po, their English still to be written."""
    entries: dict[tuple[str | None, str], polib.POEntry] = {}
    for message in untranslated(app):
        key = (message.context, message.text)
        plural = {"msgid_plural": message.plural, "msgstr_plural": {0: "", 1: ""}} if message.plural else {}
        entry = entries.setdefault(key, polib.POEntry(msgid=message.text, msgctxt=message.context, **plural))
        entry.occurrences.append(tuple(message.where.rsplit(":", 1)))
    return [f"# {app.name}", *map(str, entries.values())] if entries else []


def untranslated(app: Path) -> list[Message]:
    """Chinese messages without English in the app's catalogue or in that of core, which all share."""
    known = {**catalogue(app.parent / "core"), **catalogue(app)}
    return [message for message in messages(app) if CHINESE.search(message.text) and not _has_english(message, known)]


def _has_english(message: Message, known: dict[tuple[str | None, str], polib.POEntry]) -> bool:
    entry = known.get((message.context, message.text))
    if entry is None or entry.fuzzy:
        return False
    if message.plural:
        return (
            entry.msgid_plural == message.plural and len(entry.msgstr_plural) > 1 and all(entry.msgstr_plural.values())
        )
    return bool(entry.msgstr)


def catalogue(app: Path) -> dict[tuple[str | None, str], polib.POEntry]:
    file = app / "locale/en/LC_MESSAGES/django.po"
    return {(e.msgctxt, e.msgid): e for e in polib.pofile(str(file)) if not e.obsolete} if file.exists() else {}


def messages(app: Path) -> Iterator[Message]:
    """Every text given to a translation tag or function in the app's templates and modules (its tests apart)."""
    for file in sorted(app.rglob("templates/**/*")):
        if file.suffix in {".html", ".txt", ".xml", ".typ"}:
            yield from in_template(file)
    for file in sorted(app.rglob("*.py")):
        if not {"tests", "migrations"} & set(file.relative_to(app).parts):
            yield from in_module(file)


def in_template(file: Path) -> Iterator[Message]:
    source = templatize(file.read_text())
    for call in CALL.finditer(source):
        texts = [ast.literal_eval(literal) for literal in re.findall(LITERAL, call[2])]
        yield _message(call[1], texts, f"{_shown(file)}:{source.count(chr(10), 0, call.start()) + 1}")


def in_module(file: Path) -> Iterator[Message]:
    for node in ast.walk(ast.parse(file.read_text(), str(file))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", "")).removesuffix("_lazy").removesuffix("_noop")
        if name not in FUNCTIONS:
            continue
        texts = [
            a.value for a in node.args[: FUNCTIONS[name][0]] if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        if len(texts) == FUNCTIONS[name][0]:
            yield _message(name, texts, f"{_shown(file)}:{node.lineno}")


def _message(function: str, texts: list[str], where: str) -> Message:
    count, has_context = FUNCTIONS[function]
    context, rest = (texts[0], texts[1:count]) if has_context else (None, texts[:count])
    return Message(where, rest[0], rest[1] if len(rest) > 1 else "", context)


def bare_chinese(file: Path) -> Iterator[str]:
    """Lines of a template whose Chinese is outside every translation tag; the page of parts is a sample, not a page."""
    if "design" in file.parts or file.stem == "design":
        return
    inside = False
    for token in Lexer(file.read_text()).tokenize():
        words = token.contents
        if token.token_type == TokenType.BLOCK:
            first = words.split(None, 1)[0]
            if first in {"blocktranslate", "blocktrans", "comment"}:
                inside = True
            elif first in {"endblocktranslate", "endblocktrans", "endcomment"}:
                inside = False
            if first in {"translate", "trans", "comment"}:
                continue
        elif token.token_type == TokenType.COMMENT or inside:
            continue
        text = re.sub(rf"_\({LITERAL}\)|<!--.*?-->", "", words, flags=re.DOTALL)
        for offset, line in enumerate(text.split("\n")):
            if CHINESE.search(SAID_AS_IT_IS.sub("", line)):
                where = f"{_shown(file)}:{(token.lineno or 0) + offset}"
                yield f"{where}: Chinese outside a translation tag: {line.strip()[:60]}"


def _shown(file: Path) -> str:
    return str(file.relative_to(next(folder.parent for folder in file.parents if folder.name == "baiye")))


if __name__ == "__main__":
    sys.exit(main())
