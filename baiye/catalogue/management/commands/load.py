"""``baiye load putuo``: a district's public registers from its folder of CSV files; run it again as they change."""

import json
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from baiye.catalogue.loading import load
from baiye.core.importing import Counts


class Command(BaseCommand):
    help = "Load a district's public registers: units, schools, hosts, streets, occupations, reported courses."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("district", help="folder of the district under data/, such as putuo; or any folder")
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *, district: str, json: bool, **_options: object) -> None:
        folder = next((path for path in (settings.DATA_DIR / district, Path(district)) if path.is_dir()), None)
        if folder is None:
            raise CommandError(f"{settings.DATA_DIR} 里没有 {district} 这个文件夹。\nNo such folder of a district.")
        counts = load(folder, settings.DATA_DIR / "occupations", say=None if json else self._say)
        if json:
            self.stdout.write(_as_json(counts))

    def _say(self, what: str, done: Counts) -> None:
        words = f"新增 {done.added}，更新 {done.changed}，没变 {done.same}，略过 {done.skipped}"
        self.stdout.write(f"{what:　<8}{words}")


def _as_json(counts: dict[str, Counts]) -> str:
    return json.dumps({name: done.as_dict() for name, done in counts.items()}, ensure_ascii=False, indent=2)
