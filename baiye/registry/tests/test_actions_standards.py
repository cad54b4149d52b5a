"""A standard drafted, published by somebody else, revised, withdrawn; and what is refused."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from baiye.accounts.tests.factories import UnitFactory
from baiye.core.models import Event
from baiye.registry.actions import standards
from baiye.registry.actions.standards import Content, Line, StandardRefused
from baiye.registry.models import Standard
from baiye.registry.tests.accrediting import TODAY, officer_at

pytestmark = pytest.mark.django_db
CONTENT = Content(pass_points=2, needs=("fire",), lines=(Line(area="安全", title="消防", points=3, floor=1),))


@pytest.fixture
def keeper():
    return UnitFactory(kind="agency", name="示例团区委")


def drafted(keeper):
    return standards.draft_standard(keeper=keeper, name="示例标准", content=CONTENT, by=officer_at(keeper))


def test_draft_standard_keeps_what_is_said_and_who_said_it(keeper):
    draft = drafted(keeper)

    assert standards.content_of(draft) == CONTENT
    assert (draft.version, draft.published_on, draft.keeper) == (1, None, keeper)
    assert Event.objects.get(kind="standard.drafted").unit_path == keeper.path


def test_draft_standard_under_a_name_that_is_taken_is_refused(keeper):
    drafted(keeper)

    with pytest.raises(StandardRefused, match="已有叫「示例标准」的标准"):
        drafted(keeper)


def test_draft_standard_by_another_agency_is_denied(keeper):
    other = officer_at(UnitFactory(kind="agency", name="示例人社局"))

    with pytest.raises(PermissionDenied):
        standards.draft_standard(keeper=keeper, name="示例标准", content=CONTENT, by=other)

    assert not Standard.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"lines": []}, "至少要有一项指标"),
        ({"pass_points": 4}, "各项分值加起来还不到通过分"),
        ({"lines": [Line(area="安全", title="消防", points=2, floor=3)]}, "最低分不能高过分值"),
        ({"panel": 1}, "至少要两个人签字"),
    ],
)
def test_edit_standard_with_numbers_that_do_not_fit_is_refused_and_changes_nothing(keeper, change, sentence):
    draft = drafted(keeper)

    with pytest.raises(StandardRefused, match=sentence):
        standards.edit_standard(standard=draft, content=replace(CONTENT, **change), by=officer_at(keeper))

    assert standards.content_of(Standard.objects.get()) == CONTENT


def test_publish_standard_takes_a_second_person(keeper):
    draft = drafted(keeper)

    with pytest.raises(StandardRefused, match="请另一位有权限的同事"):
        standards.publish_standard(standard=draft, by=draft.edited_by, on=TODAY)
    published = standards.publish_standard(standard=draft, by=officer_at(keeper), on=TODAY)

    assert published.published_on == TODAY


def test_revise_standard_copies_it_and_publishing_withdraws_the_old_version(keeper):
    first = standards.publish_standard(standard=drafted(keeper), by=officer_at(keeper), on=TODAY)

    second = standards.revise_standard(standard=first, by=officer_at(keeper))
    again = standards.revise_standard(standard=first, by=officer_at(keeper))
    standards.publish_standard(standard=second, by=officer_at(keeper), on=TODAY)

    first.refresh_from_db()
    assert (second.version, again.pk, first.withdrawn_on) == (2, second.pk, TODAY)
    assert standards.content_of(second) == CONTENT


def test_edit_standard_that_is_published_is_refused(keeper):
    published = standards.publish_standard(standard=drafted(keeper), by=officer_at(keeper), on=TODAY)

    with pytest.raises(StandardRefused, match="已经发布，不能再改"):
        standards.edit_standard(standard=published, content=CONTENT, by=officer_at(keeper))


def test_withdraw_standard_is_done_once_and_only_to_a_published_one(keeper):
    draft = drafted(keeper)
    with pytest.raises(StandardRefused, match="还没有发布"):
        standards.withdraw_standard(standard=draft, by=officer_at(keeper), on=TODAY)
    standards.publish_standard(standard=draft, by=officer_at(keeper), on=TODAY)

    withdrawn = standards.withdraw_standard(standard=draft, by=officer_at(keeper), on=TODAY)

    assert withdrawn.withdrawn_on == TODAY
    with pytest.raises(StandardRefused, match="早先已经停用"):
        standards.withdraw_standard(standard=draft, by=officer_at(keeper), on=TODAY)
