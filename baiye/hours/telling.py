"""What families and schools read about class hours."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from baiye.accounts.models import User
from baiye.accounts.permissions import ROLES, Permission
from baiye.core import clock, messages
from baiye.hours.models import Certificate, Objection, PublicNotice
from baiye.hours.queries import pupils_on
from baiye.schools.queries import people_behind


def tell_notice(*, notice_id: int) -> int:
    """Tell the families of everyone on a notice that it is open, and until when; how many were written to."""
    notice = PublicNotice.objects.select_related("school_unit").get(pk=notice_id)
    subject = _("课时公示：%(title)s") % {"title": notice.title}
    body = _("公示到 %(month)d 月 %(day)d 日。看一看记得对不对，不对就在那一页提出来。") % {
        "month": notice.ends_on.month,
        "day": notice.ends_on.day,
    }
    url = reverse("hours:notice", args=[notice.pk])
    people = people_behind(list(pupils_on(notice).values_list("pk", flat=True)))
    key = f"notice-{notice.pk}"
    return messages.send(to=people, kind="notice.opened", key=key, subject=subject, body=body, url=url)


def tell_objection(*, objection_id: int) -> int:
    """Tell whoever may rule, save the one who objected; how many were written to."""
    objection = Objection.objects.select_related("notice__school_unit").get(pk=objection_id)
    roles = [role for role, permissions in ROLES.items() if Permission.OBJECTION_RULE in permissions]
    today = clock.today()
    rulers = User.objects.filter(
        Q(grants__to_on=None) | Q(grants__to_on__gte=today),
        grants__role__in=roles,
        grants__unit__path__in=objection.notice.school_unit.lineage(),
        grants__from_on__lte=today,
        grants__ended_at=None,
        is_active=True,
    ).exclude(pk=objection.made_by_id)
    subject = _("有一条课时异议等您核对：%(title)s") % {"title": objection.notice.title}
    url = reverse("hours:objection", args=[objection.pk])
    key = f"objection-{objection.pk}"
    return messages.send(to=rulers.distinct(), kind="objection.made", key=key, subject=subject, url=url)


def tell_ruling(*, objection_id: int) -> int:
    """Tell who objected, and the pupil's family, what came of it; how many were written to."""
    objection = Objection.objects.select_related("notice", "made_by").get(pk=objection_id)
    if objection.ruled_at is None:
        return 0
    subject = _("异议成立，已更正") if objection.upheld else _("异议核对过了，记录不变")
    people = {objection.made_by} | set(people_behind([objection.pupil_id]))
    return messages.send(
        to=people,
        kind="objection.ruled",
        key=f"ruling-{objection.pk}",
        subject=subject,
        body=objection.ruling,
        url=reverse("hours:objection", args=[objection.pk]) if objection.made_by.kind != "staff" else "",
    )


def tell_certificates(*, certificate_ids: list[int]) -> int:
    """Tell the families of these certificates that they can fetch them; how many were written to."""
    certificates = Certificate.objects.filter(pk__in=certificate_ids, revoked_at=None)
    numbers: dict[int, str] = {certificate.pupil_id: certificate.number for certificate in certificates}
    if not numbers:
        return 0
    key = f"certificates-{min(numbers.values())}"
    subject = _("课时证明开好了")
    body = _("在「课时」页下载，也可以打印。别人扫上面的二维码就能查验。")
    url = reverse("hours:mine")
    return messages.send(
        to=people_behind(numbers), kind="certificates.issued", key=key, subject=subject, body=body, url=url
    )
