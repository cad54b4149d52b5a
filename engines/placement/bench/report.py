"""From measured cells to the table: ratios to ours in the same run, and growth in the number of edges.

``python engines/placement/bench/report.py RUN.json … `` prints runs of ``placement.py --json`` as one page in Markdown.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

from bars import bars

COLUMNS = (
    ("round", "{}"),
    ("size", "{}"),
    ("solver", "{}"),
    ("seconds", "{:.3g}"),
    ("times_ours", "{:.3g}"),
    ("megabytes", "{:.0f}"),
    ("points", "{:.0f}"),
    ("of_ours", "{:.4f}"),
    ("gap_percent", "{:.4f}"),
    ("wished_percent", "{:.1f}"),
    ("first_percent", "{:.1f}"),
    ("empty", "{:.0f}"),
    ("claims_percent", "{:.1f}"),
    ("note", "{}"),
)


def result(rows: list[dict[str, Any]], seeds: list[int]) -> dict[str, Any]:
    """The whole run: rows with their ratios to ours, and growth."""
    ours = {(row["round"], row["size"]): row for row in rows if row["solver"] == "ours" and "seconds" in row}
    for row in rows:
        row["note"] = _note(row)
        base = ours.get((row["round"], row["size"]))
        if "gap_percent" not in row and row.get("points") and row.get("bound"):
            row["gap_percent"] = 100 * (row["bound"] - row["points"]) / row["bound"]
        if base and "seconds" in row:
            row["times_ours"] = row["seconds"] / max(base["seconds"], 1e-9)
            value = row["points"] if row.get("points") else row.get("bound")
            if value:
                row["of_ours"] = value / base["points"]
    grown = growth(rows)
    return {"seeds": seeds, "rows": rows, "growth": grown, "bars": bars(rows, grown)}


def _note(row: dict[str, Any]) -> str:
    if "failed" in row:
        return str(row["failed"])
    notes = [f"breaks {rule}" for rule in row["broken"]]
    if not row.get("points"):
        notes.append("bound only")
    if "unanswered" in row:
        notes.append(f"{row['unanswered']} unanswered")
    if any(run.get("cut_short") for run in row["runs"]):
        notes.append("cut short")
    if any(run.get("half_days_proved") is False for run in row["runs"]):
        notes.append("half-days not proved")
    return ", ".join(notes)


def growth(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Exponents of seconds in edges from one size to the next, whole and by stage."""
    found = []
    for shape, solver in dict.fromkeys((row["round"], row["solver"]) for row in rows):
        mine = [r for r in rows if (r["round"], r["solver"]) == (shape, solver) and "seconds" in r]
        for small, large in pairwise(mine):
            edges = log(large["edges"] / small["edges"])
            entry: dict[str, Any] = {
                "round": shape,
                "solver": solver,
                "from": small["size"],
                "to": large["size"],
                "exponent": _exponent(small["seconds"], large["seconds"], edges),
            }
            if "stages" in small and "stages" in large:
                entry["stages"] = {
                    name: _exponent(value, large["stages"].get(name, 0.0), edges)
                    for name, value in small["stages"].items()
                }
            found.append(entry)
    return found


def _exponent(small: float, large: float, edges: float) -> float | None:
    return round(log(large / small) / edges, 2) if small > 0.01 and large > 0.01 else None


def table(result: dict[str, Any]) -> str:
    """Aligned columns, then our stages and growth."""
    lines = [[name for name, _ in COLUMNS]]
    lines += [
        [shape.format(row[name]) if row.get(name) is not None else "" for name, shape in COLUMNS]
        for row in result["rows"]
    ]
    widths = [max(len(line[i]) for line in lines) for i in range(len(COLUMNS))]
    left = {0, 1, 2, len(COLUMNS) - 1}
    text = [
        "  ".join(c.ljust(w) if i in left else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True)))
        for line in lines
    ]
    text += ["", "seconds of ours by stage"]
    text += [f"{r['round']} {r['size']}: {_pairs(r['stages'])}" for r in result["rows"] if "stages" in r]
    text += ["", "growth of seconds in edges"]
    for g in result["growth"]:
        stages = f" ({_pairs(g['stages'])})" if "stages" in g else ""
        text.append(f"{g['round']} {g['solver']} {g['from']} to {g['to']}: {g['exponent']}{stages}")
    for title, decides in (("bars", True), ("also watched; these do not decide how the bench ends", False)):
        text += ["", title, *(_bar(b) for b in result["bars"] if b["decides"] == decides)]
    return "\n".join([*text, "", f"seeds {' '.join(map(str, result['seeds']))}"])


def _bar(bar: dict[str, Any]) -> str:
    found = "not reached" if bar["found"] is None else f"{bar['found']:g}"
    return f"{'kept' if bar['kept'] else 'MISSED':<6} {bar['bar']}: {found} ({bar['limit']})"


def markdown(result: dict[str, Any]) -> str:
    """The table as a page for people has it: one section a round and size."""
    shown = [(name, shape) for name, shape in COLUMNS if name not in {"round", "size"}]
    text = []
    for key in dict.fromkeys((row["round"], row["size"]) for row in result["rows"]):
        mine = [row for row in result["rows"] if (row["round"], row["size"]) == key]
        facts = next((row for row in mine if "edges" in row), {"sessions": 0, "edges": 0})
        text += [f"\n### {key[0]} {key[1]}: {facts['sessions']:.0f} sessions, {facts['edges']:.0f} edges\n"]
        text += ["| " + " | ".join(name.replace("_percent", " %").replace("_", " ") for name, _ in shown) + " |"]
        text += ["|" + "---|" * len(shown)]
        for row in mine:
            cells = [shape.format(row[name]) if row.get(name) is not None else "" for name, shape in shown]
            text.append("| " + " | ".join(cells) + " |")
    return "\n".join(text)


def _pairs(values: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in values.items() if value is not None)


def main() -> None:
    """Print the runs named as one page."""
    runs = [json.loads(Path(name).read_text(encoding="utf-8")) for name in sys.argv[1:]]
    rows = [row for run in runs for row in run["rows"]]
    whole = result(rows, sorted({seed for run in runs for seed in run["seeds"]}))
    print(markdown(whole))
    print("\n```\n" + table(whole).split("\n\n", 1)[1] + "\n```")


if __name__ == "__main__":
    main()
