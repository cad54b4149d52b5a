import re

import segno

from baiye.core.qr import qr

TEXT = "https://baiye.example/sign-in/pupil/#5C3K92QF"


def test_qr_draws_every_dark_module_and_no_other():
    drawn = qr(TEXT)

    runs = [(int(x), int(y), int(w)) for x, y, w in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawn.path)]
    dark = {(x + step, y) for x, y, width in runs for step in range(width)}
    matrix = segno.make(TEXT, error="m", micro=False, boost_error=False).matrix
    assert dark == {(x, y) for y, row in enumerate(matrix) for x, module in enumerate(row) if module}


def test_qr_leaves_four_modules_of_quiet_around():
    assert qr(TEXT).box == f"-4 -4 {qr(TEXT).size + 8} {qr(TEXT).size + 8}"
