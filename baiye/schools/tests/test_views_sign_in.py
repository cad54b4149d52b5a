import pytest
from django.db import connection
from django.urls import reverse

from baiye.core import clock
from baiye.core.models import Delivery
from baiye.schools import queries
from baiye.schools.models import Consent, GuardianRequest, Guardianship
from baiye.schools.tests.factories import GuardianContactFactory, GuardianshipFactory, PupilCodeFactory
from baiye.schools.tests.people import guardian_of

pytestmark = pytest.mark.django_db
PUPIL, GUARDIAN = reverse("schools:sign-in-pupil"), reverse("schools:sign-in-guardian")
PHONE, CODE, AGAIN = (reverse(f"schools:sign-in-guardian-{step}") for step in ("phone", "code", "again"))


def texted() -> str:
    """The code in the newest text message."""
    return Delivery.objects.latest("made_at").body.split("验证码 ")[1][:6]


def error(response) -> str:
    (messages,) = response.context["form"].errors.values()
    return str(messages[0])


@pytest.fixture
def contact():
    code = PupilCodeFactory(text="5C3K92QF", pupil__name="林小满")
    return GuardianContactFactory(pupil=code.pupil, name="林建国", number="15400000001")


# ── the pupil ──


def test_a_pupil_signs_in_by_code_and_is_sent_home(client, contact):
    response = client.post(PUPIL, {"code": "5c3k 92qf"})

    assert (response.status_code, response.url) == (302, reverse("home"))
    assert response.wsgi_request.user.pupil == contact.pupil


def test_a_wrong_code_is_said_beside_the_field_and_kept(client, contact):
    response = client.post(PUPIL, {"code": "5C3K 92Q2"})

    assert response.status_code == 422
    assert error(response) == "没有这个码。可能抄错了一位，或已经换了新卡，请问班主任"
    assert 'value="5C3K 92Q2"' in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated


def test_signing_in_changes_the_sessions_key(client, contact):
    client.get(PUPIL)
    session = client.session
    session["x"] = 1
    session.save()
    before = client.cookies["baiye_session"].value if "baiye_session" in client.cookies else session.session_key

    client.post(PUPIL, {"code": "5C3K92QF"})

    assert client.session.session_key != before


def test_a_signed_in_pupil_finds_no_consents(client, contact):
    client.post(PUPIL, {"code": "5C3K92QF"})

    address = reverse("schools:consents", args=[contact.pupil_id])

    assert client.get(address).status_code == 404
    assert client.post(address, {"photo": "yes", "display": "yes", "signature": "林建国"}).status_code == 404
    assert not Consent.objects.exists()


# ── the guardian ──


def test_a_guardian_signs_in_by_the_childs_code_and_their_phone(client, contact):
    assert client.post(GUARDIAN, {"code": "5C3K92QF"}).url == PHONE
    page = client.get(PHONE).content.decode()
    assert "林* 154****0001" in page
    assert "15400000001" not in page
    assert client.post(PHONE, {"contact": contact.pk}).url == CODE

    response = client.post(CODE, {"code": texted()})

    assert response.url == reverse("home")
    assert queries.current_child(response.wsgi_request) == contact.pupil
    assert Guardianship.objects.get().pupil == contact.pupil


def test_a_guardian_who_was_here_signs_in_by_phone_alone(client, contact):
    user = GuardianshipFactory(pupil=contact.pupil, user__phone_blind=contact.phone_blind).user

    assert client.post(AGAIN, {"phone": "154 0000 0001"}).url == CODE
    response = client.post(CODE, {"code": texted()})

    assert response.wsgi_request.user == user


def test_an_unknown_phone_sees_the_same_page_and_no_text_goes_out(client, contact):
    known = client.post(AGAIN, {"phone": "15400000001"})
    page = client.get(CODE)

    assert (known.url, page.status_code) == (CODE, 200)
    assert error(client.post(CODE, {"code": "123456"})) == "验证码不对或已过期。请看清后再填，或重新获取"
    assert not Delivery.objects.exists()


def test_a_contact_of_another_child_cannot_be_chosen(client, contact):
    client.post(GUARDIAN, {"code": "5C3K92QF"})

    response = client.post(PHONE, {"contact": GuardianContactFactory().pk})

    assert response.status_code == 422
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(("step", "start"), [(PHONE, GUARDIAN), (CODE, GUARDIAN)])
def test_a_later_step_without_the_first_leads_back(client, step, start):
    assert client.get(step).url == start


def test_a_step_left_open_for_long_leads_back(client, contact):
    client.post(GUARDIAN, {"code": "5C3K92QF"})
    session = client.session
    session["guardian_sign_in"] = {"child": contact.pupil_id, "at": clock.now().timestamp() - 1000}
    session.save()

    assert client.get(PHONE).url == GUARDIAN


def test_a_second_guardian_is_told_to_wait_and_is_not_signed_in(client, contact):
    guardian_of(contact.pupil)
    client.post(GUARDIAN, {"code": "5C3K92QF"})
    client.post(PHONE, {"contact": contact.pk})

    response = client.post(CODE, {"code": texted()})

    assert response.status_code == 200
    assert "已经告诉第一位监护人和班主任" in response.content.decode()
    assert not response.wsgi_request.user.is_authenticated
    assert GuardianRequest.objects.count() == 1


def test_a_child_without_a_phone_on_the_roster_says_what_to_do(client):
    PupilCodeFactory(text="5C3K92QF")
    client.post(GUARDIAN, {"code": "5C3K92QF"})

    assert "请班主任把您的手机号加进名册" in client.get(PHONE).content.decode()


def test_another_child_of_the_same_guardian_joins_the_same_account(client, contact):
    second = GuardianContactFactory(pupil=PupilCodeFactory(text="7C3K92QF").pupil, number="15400000001")
    for code, chosen in (("5C3K92QF", contact), ("7C3K92QF", second)):
        client.post(GUARDIAN, {"code": code})
        client.post(PHONE, {"contact": chosen.pk})
        response = client.post(CODE, {"code": texted()})
        connection.cursor().execute("DELETE FROM core_throttle")

    assert queries.current_child(response.wsgi_request) == second.pupil
    assert set(queries.children_of(response.wsgi_request.user)) == {contact.pupil, second.pupil}
