"""The pictures of the manual, cut from what the journeys saw.

BAIYE_PICTURES=.local/seen .venv/bin/pytest -n 0 tests/journeys baiye/incidents/tests/test_in_browser.py
.venv/bin/python scripts/pictures.py .local/seen
"""

import argparse
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
# What the manual shows, as the journeys call it: at a desk (1440 × 900 of it) or on a phone (390 × 844).
DESK = ("application-ready", "assessment-to-decide", "mentor-appointed", "review", "lapse-list", "register", "matched")
PHONE = ("apply-body", "inspection-offline", "incident-report", "talk-to-answer")
COLOURS = 96  # a page has few; more would only weigh


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seen", type=Path, help="the folder that BAIYE_PICTURES named")
    seen = parser.parse_args(argv).seen
    missing = [name for name in (*DESK, *PHONE) if not _source(seen, name).exists()]
    if missing:
        print(f"not seen: {', '.join(missing)}; run the journeys above with BAIYE_PICTURES={seen}")
        return 1
    for name in (*DESK, *PHONE):
        cut(_source(seen, name), PICTURES / f"{name}.png", 844 if name in PHONE else 900)
    return 0


def cut(source: Path, target: Path, height: int) -> None:
    """Write the top of a picture in few colours."""
    with Image.open(source) as picture:
        top = picture.convert("RGB").crop((0, 0, picture.width, min(height, picture.height)))
    top.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)


def _source(seen: Path, name: str) -> Path:
    return seen / f"{name}-{390 if name in PHONE else 1440}-light.png"


if __name__ == "__main__":
    sys.exit(main())
