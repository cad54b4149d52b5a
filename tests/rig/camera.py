"""A film for Chromium's fake camera: someone holds a QR code in front of it."""

from pathlib import Path

import numpy as np
import segno

WIDTH, HEIGHT, FRAMES = 640, 480, 4


def show(text: str, film: Path) -> None:
    """Write ``film`` (YUV4MPEG2, grey): the QR code of ``text`` on white, or only white for an empty text."""
    picture = np.full((HEIGHT, WIDTH), 235, np.uint8)
    if text:
        modules = np.array([list(row) for row in segno.make(text, error="m", micro=False).matrix], np.uint8)
        scale = (HEIGHT - 80) // len(modules)
        code = np.kron(modules, np.ones((scale, scale), np.uint8))
        top, left = (HEIGHT - len(code)) // 2, (WIDTH - len(code)) // 2
        picture[top : top + len(code), left : left + len(code)] = np.where(code, 16, 235)
    frame = b"FRAME\n" + picture.tobytes() + bytes([128]) * (WIDTH * HEIGHT // 2)
    film.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420jpeg\n".encode() + frame * FRAMES)
