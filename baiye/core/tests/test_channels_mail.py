"""Mail leaves by a real SMTP conversation; who is refused for good is not tried again."""

import pytest

from baiye.core import channels, jobs
from baiye.core.channels import Letter
from baiye.core.channels_mail import Smtp
from baiye.core.tests.stand_ins import mail_server

LETTER = Letter("a1", "teacher@example.org", "还有 2 天", "志愿还没交。")


@pytest.fixture
def by_smtp(settings):
    """Mail goes to this port."""

    def through(port):
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
        settings.DEFAULT_FROM_EMAIL = "百业 <baiye@example.edu.cn>"

    return through


def test_a_letter_arrives_and_is_known_again(by_smtp):
    with mail_server() as server:
        by_smtp(server.port)
        Smtp().send(LETTER)
        Smtp().send(LETTER)

    (to, first), (_, second) = server.taken
    assert to == "teacher@example.org"
    assert first.get_payload(decode=True).decode().strip() == "志愿还没交。"
    assert first["Message-ID"] == second["Message-ID"] == "<a1@example.edu.cn>"
    assert first["Auto-Submitted"] == "auto-generated"


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such mailbox", channels.NeverSent), ("451 try again later", channels.NotSent)],
)
def test_a_refusal_says_whether_to_try_again(by_smtp, answer, error):
    with mail_server(refuses=answer) as server:
        by_smtp(server.port)
        with pytest.raises(channels.NotSent) as refusal:
            Smtp().send(LETTER)

    assert (type(refusal.value), str(refusal.value)) == (error, f"SMTP {answer[:3]}")


def test_a_server_that_is_not_there_is_tried_again(by_smtp):
    with mail_server() as server:
        by_smtp(server.port)

    with pytest.raises(channels.NotSent, match="ConnectionRefusedError"):
        Smtp().send(LETTER)


@pytest.mark.django_db
@pytest.mark.parametrize(("refuses", "state"), [("", "delivered"), ("550 no such mailbox", "failed")])
def test_a_letter_goes_by_the_queue_and_a_wrong_address_is_not_tried_again(by_smtp, refuses, state):
    with mail_server(refuses=refuses) as server:
        by_smtp(server.port)
        letter = channels.mail("teacher@example.org", "还有 2 天", "志愿还没交。")
        jobs.run_due()

    letter.refresh_from_db()
    assert (letter.state, letter.tries, len(server.taken)) == (state, 1, int(state == "delivered"))
