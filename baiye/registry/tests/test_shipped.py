"""The standards that come with the platform: whole, drafts of their keepers, and never touched again."""

import json

import pytest
from django.conf import settings

from baiye.accounts.tests.factories import DistrictFactory, UnitFactory
from baiye.core.importing import Counts
from baiye.registry.actions.standards import content_of, misfit, publish_standard
from baiye.registry.models import DOCUMENTS, Standard
from baiye.registry.shipped import import_standards
from baiye.registry.tests.accrediting import TODAY, officer_at

pytestmark = pytest.mark.django_db
SHEETS = [json.loads(file.read_text()) for file in sorted((settings.DATA_DIR / "standards").glob("*.json"))]


@pytest.fixture
def district():
    district = DistrictFactory()
    for sheet in SHEETS:
        UnitFactory(kind="agency", parent=district, name=sheet["keeper"], short_name=sheet["keeper"])
    return district


def test_import_standards_enters_drafts_of_their_keepers_once(district):
    first, again = import_standards(SHEETS, district=district), import_standards(SHEETS, district=district)

    assert (first, again) == (Counts(added=3), Counts(same=3))
    assert set(Standard.objects.values_list("published_on", flat=True)) == {None}
    assert Standard.objects.get(keeper__short_name="区教育局").name == "区级职业体验中心认定标准"


def test_import_standards_leaves_what_was_published_and_skips_unknown_keepers(district):
    import_standards(SHEETS, district=district)
    centre = Standard.objects.get(keeper__short_name="区教育局")
    publish_standard(standard=centre, by=officer_at(centre.keeper), on=TODAY)

    counts = import_standards([*SHEETS, SHEETS[0] | {"keeper": "没有的局", "name": "另一份"}], district=district)

    assert counts == Counts(same=3, skipped=1)


def test_shipped_standards_are_passed_at_two_thirds_and_name_known_papers(district):
    import_standards(SHEETS, district=district)

    for standard in Standard.objects.all():
        content = content_of(standard)
        assert misfit(content) == ""
        assert 3 * content.pass_points == 2 * sum(line.points for line in content.lines)
        papers = {kind for line in content.lines for kind in line.evidence} | set(content.needs)
        assert papers <= set(dict(DOCUMENTS))
        assert "建议稿" in content.about


def test_the_centres_standard_has_ten_indicators_in_three_areas(district):
    import_standards(SHEETS, district=district)

    lines = content_of(Standard.objects.get(keeper__short_name="区教育局")).lines

    assert [line.area for line in lines] == ["安全"] * 4 + ["师资"] * 3 + ["课程"] * 3
    assert (sum(line.points for line in lines), {line.floor for line in lines}) == (30, {1})
