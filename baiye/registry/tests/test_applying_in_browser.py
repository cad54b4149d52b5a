"""A body applies on a phone, the desk passes it on; nobody shut out, nothing beside the page, no word lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from baiye.accounts.tests.factories import GrantFactory
from baiye.registry.links import token_of
from baiye.registry.models import Application
from baiye.registry.tests.applying import (
    GOOD_CODE,
    LAST_YEAR,
    NEXT_YEAR,
    ODD_CODE,
    TODAY,
    DocumentFactory,
    KeptStandardFactory,
    checked,
    handed_in,
    upload,
)
from baiye.registry.tests.factories import AccreditationFactory, HostFactory, VenueFactory
from tests.rig.browser import DESK, NARROW, PHONE, shut_nobody_out

pytestmark = [pytest.mark.journey, pytest.mark.slow]


def test_a_body_applies_on_a_phone_and_loses_nothing(open_page, live_server, troubles):
    standard = KeptStandardFactory(needs=["insurance"])
    page = open_page(PHONE)
    page.goto(reverse("registry:apply-begin"))
    page.get_by_label(str(standard)).check()
    page.get_by_role("button", name="开始填写").click()
    link = page.get_by_label("这份申报的链接").input_value()

    page.get_by_role("link", name="1. 单位").click()
    page.get_by_label("单位名称").fill("示例面点")
    page.goto(reverse("registry:apply-begin"))  # left without saving
    page.get_by_role("link", name="接着填").click()
    page.get_by_role("link", name="1. 单位").click()
    expect(page.get_by_label("单位名称")).to_have_value("示例面点")
    page.get_by_label("统一社会信用代码").fill(ODD_CODE)
    page.get_by_label("单位类型").select_option("企业")
    page.get_by_label("地址").fill("示例路 1 号")
    page.get_by_role("button", name="存好，下一页").click()
    expect(page.get_by_text("校验位对不上").first).to_be_visible()
    troubles.clear()  # Chromium writes the answer 422 into its console
    page.get_by_label("我对照过证照").check()
    page.get_by_role("button", name="存好，下一页").click()
    page.get_by_label("联系人").fill("示例")
    page.get_by_label("联系电话").fill("13800000000")
    page.get_by_label("学生能体验哪些职业").fill("中式面点师")
    page.get_by_role("button", name="存好，下一页").click()
    page.get_by_label("场地名称").fill("工坊")
    page.get_by_label("同时能容纳几名学生").fill("20")
    page.get_by_role("button", name="存好，下一页").click()
    page.get_by_label("哪一种材料").select_option("insurance")
    file = upload()
    page.get_by_label("文件").set_input_files({"name": "保单.png", "mimeType": "image/png", "buffer": file.read()})
    page.get_by_label("从哪天起有效").fill(LAST_YEAR.isoformat())
    page.get_by_label("到哪天为止").fill(NEXT_YEAR.isoformat())
    page.get_by_role("button", name="上传这一份").click()
    page.get_by_role("link", name="下一页：声明").click()
    page.get_by_label("接待学生时不做广告").check()
    page.get_by_role("button", name="存好，下一页").click()
    page.get_by_role("button", name="提交申报").click()

    application = Application.objects.get()
    assert application.state == "submitted"
    assert page.url == link
    expect(page.get_by_text("待受理").first).to_be_visible()


def test_the_pages_of_applying_shut_nobody_out(open_page, live_server):
    application = handed_in()
    draft = Application.objects.get(pk=handed_in(credit_code="").pk)
    Application.objects.filter(pk=draft.pk).update(state="returned", due_on=TODAY + timedelta(days=9))
    kept = token_of(draft.request)
    addresses = [reverse("registry:apply-begin"), reverse("registry:apply", args=[token_of(application.request)])]
    addresses += [reverse("registry:apply", args=[kept]), reverse("registry:apply-papers", args=[kept])]
    addresses += [
        reverse("registry:apply-step", args=[kept, step]) for step in ("body", "contact", "venue", "declaration")
    ]
    addresses.append(reverse("registry:apply-withdrawal", args=[kept]))

    shut_nobody_out(open_page(), addresses, NARROW)


def test_the_desk_shuts_nobody_out(page_of):
    application, _officer = checked(credit_code=GOOD_CODE)
    district = application.standard.keeper.parent
    host = HostFactory(unit__parent=district, unit__name="示例面点有限公司", address="示例路 12 号")
    other = HostFactory(unit__parent=district, unit__name="上海示例面点公司", address="示例路 12 号")
    VenueFactory(host=host)
    AccreditationFactory(host=host, standard=application.standard, valid_until=NEXT_YEAR)
    DocumentFactory(host=host, valid_until=TODAY + timedelta(days=12))
    DocumentFactory(host=host, kind="fire", accepted_at=None, accepted_by=None)
    coordinator = GrantFactory(role="coordinator", unit=district).user

    shut_nobody_out(
        page_of(coordinator, DESK),
        [
            reverse("registry:application-list"),
            reverse("registry:application", args=[application.pk]),
            reverse("registry:application-on-paper"),
            reverse("registry:host-desk"),
            *(reverse(f"registry:{name}", args=[host.pk]) for name in ("host-file", "host-papers", "host-details")),
            *(reverse(f"registry:{name}", args=[host.pk]) for name in ("venue-new", "paper-new", "host-manager-new")),
            reverse("registry:host-credit-code", args=[host.pk]),
            reverse("registry:venue-closure", args=[host.venues.get().pk]),
            reverse("registry:ending-list"),
            reverse("registry:duplicate-list"),
            reverse("registry:merger", args=[other.pk, host.pk]),
        ],
        NARROW,
    )
