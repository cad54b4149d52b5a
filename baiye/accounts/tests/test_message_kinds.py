"""Every kind of message that is sent has a name on the published list."""

import ast
from pathlib import Path

from django.conf import settings

from baiye.core.messages_kinds import KINDS


def sent():
    """The kinds that stand in calls which name a key and a subject, or a kind of a helper of the room."""
    for path in sorted(Path(settings.BASE_DIR).rglob("*.py")):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and {"kind", "subject"} <= {word.arg for word in node.keywords}:
                yield from (
                    word.value.value
                    for word in node.keywords
                    if isinstance(word.value, ast.Constant) and word.arg == "kind"
                )


def test_every_kind_that_is_sent_is_on_the_list():
    kinds = set(sent())

    assert len(kinds) > 20
    assert kinds - set(KINDS) == set()


def test_what_goes_into_a_digest_is_never_worth_a_text():
    assert [slug for slug, kind in KINDS.items() if kind.digest and kind.text] == []
