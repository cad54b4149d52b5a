"""The browser of the journeys: it is in Shanghai, it has a camera, and it keeps quiet about nothing."""

import pytest

from tests.rig.browser import barriers

pytestmark = [pytest.mark.journey, pytest.mark.slow]
LOOK = """async () => {
  const video = Object.assign(document.createElement("video"), {
    srcObject: await navigator.mediaDevices.getUserMedia({ video: true }),
  });
  await video.play();
  const canvas = Object.assign(document.createElement("canvas"), { width: 640, height: 480 });
  const pen = canvas.getContext("2d");
  pen.drawImage(video, 0, 0);
  const pixels = pen.getImageData(0, 0, 640, 480).data;
  video.srcObject.getTracks().forEach((track) => track.stop());
  return pixels.filter((value, i) => i % 4 === 0 && value < 60).length > 10000;
}"""


def test_the_browser_is_in_shanghai(open_page):
    page = open_page()
    page.goto("/help/")

    where = page.evaluate("[navigator.language, Intl.DateTimeFormat().resolvedOptions().timeZone]")

    assert where == ["zh-CN", "Asia/Shanghai"]


def test_the_camera_sees_what_is_held_before_it(open_page, show_to_camera):
    page = open_page()
    page.goto("/help/")
    sees_nothing = page.evaluate(LOOK)

    show_to_camera("3F7K-90AB")

    assert (sees_nothing, page.evaluate(LOOK)) == (False, True)


def test_errors_and_requests_to_elsewhere_are_written_down(open_page, troubles):
    page = open_page()
    page.goto("/help/")

    page.evaluate("console.error('spoiled')")
    page.evaluate("setTimeout(() => { throw new Error('broken') })")
    page.evaluate("fetch('http://elsewhere.invalid/').catch(() => 0)")
    page.wait_for_timeout(300)

    assert "console: spoiled" in troubles
    assert "script: broken" in troubles
    assert any("elsewhere.invalid" in trouble for trouble in troubles)
    troubles.clear()


def test_barriers_names_the_rule_and_the_place(open_page):
    page = open_page()
    page.goto("/help/")

    page.evaluate('document.body.innerHTML = \'<main><h1>页</h1><img id="x" src="data:,"></main>\'')

    assert sorted(line for line in barriers(page) if "image-alt" in line) == [
        f"{width} {scheme} image-alt: #x" for width in (1440, 390) for scheme in ("dark", "light")
    ]
