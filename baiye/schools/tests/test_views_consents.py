"""The page of consents: who sees it, what it says, what it keeps."""

import pytest

from baiye.accounts.tests.factories import NoticeFactory
from baiye.schools import queries
from baiye.schools.models import Consent
from baiye.schools.tests.factories import ConsentFactory, PupilFactory, SchoolClassFactory
from baiye.schools.tests.pages import page, url
from baiye.schools.tests.people import centre, guardian_of, teacher_of

pytestmark = pytest.mark.django_db


def test_consents_shows_the_text_and_presets_nothing(client, pupil):
    NoticeFactory(kind="consent", text="哪里存放，存多久")

    response = page(client, guardian_of(pupil), url("consents", pupil.pk))

    text = response.content.decode()
    assert "哪里存放，存多久" in text
    assert text.count('type="radio"') == 4
    assert "checked" not in text
    assert "都不选同意，也不影响孩子参加" in text
    # What the rules on children's data (儿童个人信息网络保护规定, art. 10) want said before anyone answers.
    items = ["谁来处理", "存在哪里", "存多久", "不同意会怎样", "怎样改主意", "查看、更正、投诉"]
    assert [item for item in items if f"<dt>{item}</dt>" in text] == items


def test_consents_keeps_answers_and_withdraws_in_two_clicks(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(guardian_of(pupil))

    client.post(url("consents", pupil.pk), {"photo": "yes", "display": "no", "signature": "林建国"})
    answer = queries.standing_consents(pupil)["photo"]
    assert url("consent-withdrawal", answer.pk) in client.get(url("consents", pupil.pk)).content.decode()
    assert client.get(url("consent-withdrawal", answer.pk)).status_code == 200
    client.post(url("consent-withdrawal", answer.pk))

    assert {purpose: each.agreed for purpose, each in queries.standing_consents(pupil).items()} == {"display": False}


def test_consents_without_signature_or_answer_says_so_and_keeps_the_rest(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(guardian_of(pupil))

    response = client.post(url("consents", pupil.pk), {"photo": "yes"})

    assert response.status_code == 422
    assert response.context["form"].errors == {
        "display": ["请选“同意”或“不同意”"],
        "signature": ["还没有签名。请写您自己的姓名"],
    }
    assert response.content.decode().count("checked") == 1
    assert not Consent.objects.exists()


def test_consents_signed_with_the_childs_name_is_refused(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(guardian_of(pupil))

    response = client.post(url("consents", pupil.pk), {"photo": "yes", "display": "no", "signature": "林小满"})

    assert response.context["form"].errors == {"signature": ["请写您自己的姓名，不是孩子的"]}


def test_consents_of_a_teacher_are_entered_from_paper(client, pupil):
    NoticeFactory(kind="consent")
    client.force_login(teacher_of(pupil.school_class))

    client.post(url("consents", pupil.pk), {"photo": "no", "display": "no", "signature": "林建国"})

    assert set(Consent.objects.values_list("from_paper", "agreed")) == {(True, False)}


def test_consents_out_of_scope_are_not_there(client, pupil):
    consent = ConsentFactory(pupil=pupil)

    for other in (guardian_of(PupilFactory()), centre(), teacher_of(SchoolClassFactory())):
        assert page(client, other, url("consents", pupil.pk)).status_code == 404
        assert client.post(url("consent-withdrawal", consent.pk)).status_code == 404
