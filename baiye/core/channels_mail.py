"""Mail by the server that ``EMAIL_URL`` names."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage

from baiye.core.channels import Letter, NeverSent, NotSent

NEVER = 500  # SMTP: 4xx is "not now", 5xx "never"


class Smtp:
    """Django's mail backend; ``Message-ID`` is the same each time a letter is tried, and no robot answers it."""

    keeps_body = False

    def send(self, letter: Letter) -> None:
        headers = {"Message-ID": f"<{letter.key}@{_domain()}>", "Auto-Submitted": "auto-generated"}
        mail = EmailMessage(letter.subject, letter.body, to=[letter.address], headers=headers)
        try:
            mail.send()
        except smtplib.SMTPRecipientsRefused as error:
            code = max(code for code, _why in error.recipients.values())
            raise (NeverSent if code >= NEVER else NotSent)(f"SMTP {code}") from None
        except smtplib.SMTPResponseException as error:
            raise NotSent(f"SMTP {error.smtp_code}") from None
        except OSError as error:  # of the socket, and all else that smtplib raises
            raise NotSent(type(error).__name__) from None


def _domain() -> str:
    return str(settings.DEFAULT_FROM_EMAIL).rpartition("@")[2].strip(" >") or "localhost"
