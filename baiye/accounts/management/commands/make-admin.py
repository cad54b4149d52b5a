"""baiye make-admin: the first account of a district, or a way back in for an administrator."""

import json
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from baiye.accounts.actions import people
from baiye.accounts.actions.grants import give_grant
from baiye.accounts.actions.units import make_unit
from baiye.accounts.links import Link
from baiye.accounts.models import User
from baiye.accounts.permissions import HELD_AT
from baiye.core import clock
from baiye.core.refusals import Refused

ROLES = sorted(role for role, kind in HELD_AT.items() if kind == "district")


class Command(BaseCommand):
    help = _("建一个区级账号，给出一次性的设密码链接；已有的账号就补上权限、换一个新链接")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help=_("用户名"))
        parser.add_argument("--name", default="", help=_("姓名（默认同用户名）"))
        parser.add_argument("--role", choices=ROLES, default="security_admin", help=_("权限（默认 %(default)s）"))
        parser.add_argument("--district", default=settings.BAIYE_DISTRICT, help=_("区的名称（默认 %(default)s）"))
        parser.add_argument("--json", action="store_true", help=_("输出 JSON"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            link = _make(options)
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        address = f"{settings.BAIYE_SITE_URL}{link.path}"
        if options["json"]:
            self.stdout.write(json.dumps({"username": link.user.username, "role": options["role"], "link": address}))
            return
        self.stdout.write(_("请在 %(days)s 天内打开这个链接设密码，只能用一次：") % {"days": people.LINK_LIVES.days})
        self.stdout.write(address)


@transaction.atomic
def _make(options: dict[str, Any]) -> Link:
    district = make_unit(parent=None, kind="district", name=options["district"], by=None)
    user = User.objects.filter(username=options["username"].lower()).first()
    at = clock.now()
    if user is None:
        newcomer = people.Newcomer(options["username"], options["name"] or options["username"])
        return people.invite_person(
            newcomer=newcomer, role=options["role"], unit=district, from_on=clock.today(), by=None, at=at
        )
    if (options["role"], district.path) not in user.held:
        give_grant(user=user, role=options["role"], unit=district, from_on=clock.today(), by=None, at=at)
    return people.renew_link(person=user, by=None, at=at)
