"""The rules of the house, as functions that read text and name the lines that break them."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@cache
def tracked() -> list[Path]:
    """Every file of the project: what git keeps, and what it would if it were added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return sorted(path for name in set(listed) if (path := ROOT / name).is_file())


def files(*patterns: str, tests: bool = False) -> list[Path]:
    """Tracked files that match one of the patterns; those of tests only when asked for, migrations never."""
    wanted = re.compile("|".join(map(_glob, patterns)))
    found = [file for file in tracked() if wanted.fullmatch(str(file.relative_to(ROOT)))]
    found = [file for file in found if "migrations" not in file.parts]
    return [file for file in found if tests or not is_test(file)]


def _glob(pattern: str) -> str:
    """A pattern with ``*`` (within a name) and ``**/`` (any folders) as a regular expression."""
    return re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")


def is_test(file: Path) -> bool:
    inside = file.relative_to(ROOT)
    return "tests" in inside.parts or inside.name.startswith("test_") or inside.name == "conftest.py"


def lines_with(pattern: str, where: list[Path]) -> Iterator[str]:
    """``path:line: text`` of every line that the pattern is found in."""
    wanted = re.compile(pattern)
    for file in where:
        for number, line in enumerate(file.read_text().splitlines(), start=1):
            if wanted.search(line):
                yield f"{file.relative_to(ROOT)}:{number}: {line.strip()[:90]}"


def without_comments(template: str) -> str:
    """A template with its comments blanked out, line for line."""
    comment = r"{#.*?#}|{% comment .*?%}.*?{% endcomment %}|{% comment %}.*?{% endcomment %}|<!--.*?-->"
    return re.sub(comment, lambda match: "\n" * match[0].count("\n"), template, flags=re.DOTALL)


def too_long(file: Path, limit: int) -> str | None:
    count = file.read_text().count("\n")
    return f"{file.relative_to(ROOT)}: {count} lines, at most {limit}" if count > limit else None


def long_functions(source: str, limit: int) -> Iterator[tuple[str, int]]:
    """Functions with more lines than that, their docstring not counted."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        first, last = node.body[0], node.end_lineno or node.lineno
        docstring = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and ast.get_docstring(node)
        count = last - node.lineno + 1 - ((first.end_lineno or 0) - first.lineno + 1 if docstring else 0)
        if count > limit:
            yield node.name, count


def borrowed(source: str, app: str) -> list[str]:
    """Modules of other rooms that are nobody's library: their views, forms, tasks and pages."""
    pattern = r"^\s*(?:from|import) baiye\.(\w+)(?:\.| import )(views|forms|tasks|api)\b"
    imports = re.findall(pattern, source, re.MULTILINE)
    return [f"baiye.{other}.{module}" for other, module in imports if other != app]


def apps() -> list[str]:
    """The rooms: every Django app of ours."""
    return sorted(file.parent.name for file in files("baiye/*/__init__.py"))
