"""What the database refuses about talks, in words."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from baiye.core.shapes import Text
from baiye.outreach.models import Talk

OFFERS = {
    "talk_offer_for_half_days_of_its_campaign": _("只能选这次活动里的半天，每个半天选一次。"),
    "talk_offer_one_a_speaker_and_campaign": _("这位主讲人已经报过了。请改原来的那份。"),
    "talk_offer_names_a_half_day": _("请至少选一个半天。"),
    "talk_offer_names_a_stage": _("请至少选一个学段。"),
}
REQUESTS = {
    "talk_request_for_half_days_of_its_campaign": _("只能选这次活动里的半天，每个半天选一次。"),
    "talk_request_for_classes_of_its_school": _("只能选本校这个学段的班级。"),
    "talk_request_names_a_half_day": _("请至少选一个礼堂空着的半天。"),
    "talk_request_has_a_hall": _("请写明在哪里讲，例如「小礼堂」。"),
    "talk_wish_for_an_offer_of_its_campaign": _("只能选这次活动里的主讲人。"),
    "talk_wish_occupation_once": _("同一个职业只用填一次。"),
    "talk_wish_speaker_once": _("同一位主讲人只用填一次。"),
}
TALKS = {
    "talk_only_by_a_speaker_who_may": _("这位主讲人那天不能接触学生。请看带教人员资料页上的原因，或换一位。"),
    "talk_no_speaker_in_two_places_at_once": _("这位主讲人那个时段已经有别的讲座或场次。换个时间。"),
    "talk_no_hall_twice_at_once": _("这个礼堂那个时段已经有一场了。换个时间或地方。"),
    "talk_no_more_than_its_speaker_offers": _("这位主讲人愿意讲的场数已经排满。"),
    "talk_of_an_offer_that_is_for_its_request": _("这位主讲人不面向这个学段，或一次接不了这么多班。"),
    "talk_on_a_day_of_its_campaign": _("讲座要在活动日期里的同一天内。"),
    "talk_one_for_a_request": _("这项需求已经有一场讲座了。"),
    "talk_the_first_is_held_after_a_rehearsal": _("第一次进校园的主讲人要先试讲。请先登记试讲。"),
    "talk_held_only_when_accepted_and_confirmed": _("主讲人接受、学校确认以后，到了时间才能登记已讲。"),
    "talk_stays_once_it_is_over": _("这一场已经结束，不能再改。"),
}
CAMPAIGNS = {
    "campaign_phases_follow_in_order": _("日期要按先后：报讲座、提需求、匹配、确认、进校园、反馈。请检查日期。"),
    "campaign_named_once_a_unit": _("已经有同名的活动了。换个名字，例如加上年份。"),
    "campaign_stays_as_it_was_announced": _("公布以后，规则和日期不能改；只能延后反馈截止日。"),
    "campaign_talks_take_time": _("一场讲座 20 到 180 分钟。"),
    "campaign_takes_one_to_ten_wishes": _("志愿分数要有 1 到 10 个。"),
}
STATES = {
    "proposed": _("等主讲人答复"),
    "accepted": _("等学校确认"),
    "confirmed": _("已说定"),
    "held": _("已讲"),
    "ended": _("已取消"),
}
STATE_KINDS = {"proposed": "due", "accepted": "due", "confirmed": "info", "held": "ok", "ended": "line"}


def with_states(talks: Iterable[Talk]) -> list[tuple[Talk, Text, str]]:
    """Each talk with where it stands, in words, and the kind of its tag."""
    return [(talk, STATES[talk.state], STATE_KINDS[talk.state]) for talk in talks]
