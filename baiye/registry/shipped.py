"""Standards that come with the platform: entered as drafts, for their keepers to change and to publish."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from baiye.accounts.models import Unit, User
from baiye.core import audit
from baiye.core.importing import Counts
from baiye.registry.models import Indicator, Standard

FACTS = ("about", "stages", "needs", "pass_points", "panel", "valid_months", "dormant_months")


@transaction.atomic
def import_standards(sheets: Iterable[Mapping[str, Any]], *, district: Unit, by: User | None = None) -> Counts:
    """Enter the standards of ``sheets`` (data/standards) as drafts of their keepers; none that is there is touched.

    One whose keeper the district does not have is left out.
    """
    keepers = {unit.short_name: unit for unit in district.children.filter(kind="agency")}
    done = {"added": 0, "same": 0, "skipped": 0}
    for sheet in sheets:
        keeper = keepers.get(sheet["keeper"])
        if keeper is None:
            done["skipped"] += 1
        elif Standard.objects.filter(name=sheet["name"]).exists():
            done["same"] += 1
        else:
            _enter(sheet, keeper, by)
            done["added"] += 1
    return Counts(added=done["added"], changed=0, same=done["same"], skipped=done["skipped"])


def _enter(sheet: Mapping[str, Any], keeper: Unit, by: User | None) -> None:
    facts = {name: sheet[name] for name in FACTS}
    draft = Standard.objects.create(name=sheet["name"], version=sheet["version"], keeper=keeper, **facts)
    rows = [Indicator(standard=draft, number=n, **line) for n, line in enumerate(sheet["indicators"], 1)]
    Indicator.objects.bulk_create(rows)
    audit.record("standard.drafted", by=by, on=draft, at_unit=keeper.path, version=draft.version)
