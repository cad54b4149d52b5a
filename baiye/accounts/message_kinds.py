"""What each kind of message is called, and how its copies travel: the published list, shown at /preferences/.

``text``: worth a text message. ``digest``: class teachers and school coordinators read it in the digest of the day.
"""

from django.utils.translation import gettext_lazy as _

from baiye.core.messages_kinds import DIGEST, Kind

KINDS = {
    "appeal.answered": Kind(_("申诉的答复")),
    "appeal.made": Kind(_("有人提出申诉")),
    "application.submitted": Kind(_("收到基地申报")),
    "booking.booked": Kind(_("约上了"), text=True),
    "booking.closed": Kind(_("预约的场次关闭"), text=True),
    "booking.expired": Kind(_("名额没答复，请了下一位")),
    "booking.lapsed": Kind(_("候补没有轮到")),
    "booking.lost": Kind(_("没有抽中")),
    "booking.offered": Kind(_("候补轮到了，等您答复"), text=True),
    "booking.pressed": Kind(_("预约已登记")),
    "booking.waiting": Kind(_("排进候补")),
    "certificates.issued": Kind(_("课时证明开好了")),
    "class.visit_changed": Kind(_("本班的场次改期或取消，两天以后的"), digest=True),
    "class.visit_changed_soon": Kind(_("本班的场次改期或取消，两天以内的"), text=True),
    "class.seat_given_up": Kind(_("本班有人放弃名额"), digest=True),
    "complaint.answered": Kind(_("投诉的答复")),
    "complaint.escalated": Kind(_("投诉要求复核")),
    "complaint.made": Kind(_("收到投诉")),
    "course_version.proposed": Kind(_("项目等您评审")),
    "decision.proposed": Kind(_("认定决定等您签署")),
    "decision.returned": Kind(_("认定决定退回")),
    "decision.taken": Kind(_("认定结果")),
    "guardian.asked": Kind(_("有人申请做监护人"), digest=True),
    "host_document.refused": Kind(_("材料没通过")),
    "incident.reported": Kind(_("有事件上报"), text=True),
    "incident.told": Kind(_("事件有新的进展")),
    "inspection.planned": Kind(_("安排了核查")),
    "inspection.signed": Kind(_("核查记录签好了")),
    "measure.taken": Kind(_("对基地的处理")),
    "notice.opened": Kind(_("课时开始公示")),
    "objection.made": Kind(_("有课时异议等您核对"), digest=True),
    "objection.ruled": Kind(_("课时异议的结果"), digest=True),
    "placement.note": Kind(_("录取方案的说明")),
    "revocation.proposed": Kind(_("拟撤销认定")),
    "round.published": Kind(_("录取结果公布")),
    "round.reminder": Kind(_("志愿、告知书还没完成")),
    "seat.assigned": Kind(_("安排了名额"), text=True),
    "seat.given_up": Kind(_("名额取消"), text=True),
    "sign_in.changed": Kind(_("登录方式有变动")),
    "trip.moved": Kind(_("班级出行有变动")),
    "visit.cancelled": Kind(_("场次取消"), text=True),
    "visit.cancelled_adults": Kind(_("要带的场次取消"), text=True),
    "visit.moved": Kind(_("场次改期"), text=True),
    "visit.moved_adults": Kind(_("要带的场次改期"), text=True),
    "visit.reminded": Kind(_("场次提醒：三天、一天、两小时前"), text=True),
    "visit.reminded_adults": Kind(_("要带的场次提醒")),
    "visits.lapsed": Kind(_("有场次受影响")),
    DIGEST: Kind(_("每日汇总")),
}
