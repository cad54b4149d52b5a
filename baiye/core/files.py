"""Papers and photos that people hand in: known by their bytes, photos made anew, everything encrypted at rest."""

import hashlib
import io
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from baiye.core import crypto
from baiye.core.models import File
from baiye.core.refusals import Refused

LARGEST = 10 * 1024 * 1024  # bytes
LONGEST_SIDE = 2000  # pixels of a photo that is kept
MOST_PIXELS = 60_000_000  # a picture that unpacks to more is refused before it does
PHOTOS = {"image/jpeg", "image/png", "image/webp"}
PAPERS = {"application/pdf"} | PHOTOS
NAMES = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG", "image/webp": "WebP"}
FORMATS = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}


class FileRefused(Refused):
    """The file is empty, too large, or not of a kind that is taken."""


def keep(upload: "UploadedFile[bytes]", *, kinds: Collection[str] = frozenset(PAPERS), by: Any = None) -> File:
    """Store ``upload`` for ``by``; a photo is turned upright and made anew, without place, time and camera.

    What a file is, its first bytes say, never its name.

    Raises
    ------
    FileRefused
        It is empty, larger than 10 MB, damaged, or not of one of ``kinds``.
    """
    if not upload.size:
        raise FileRefused(_("这个文件是空的。请重新选一个。"))
    if upload.size > LARGEST:
        raise FileRefused(_("文件超过 10 MB。请压缩，或分成几个再传。"))
    data = upload.read()
    data, media_type = (data, "application/pdf") if data.startswith(b"%PDF-") else _photo(data)
    if media_type not in kinds:
        allowed = "、".join(NAMES[kind] for kind in sorted(kinds))
        raise FileRefused(_("只收 %(kinds)s 文件。请换一个再传。") % {"kinds": allowed})
    return File.objects.create(
        name=(upload.name or "file")[-120:],
        media_type=media_type,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        sealed=crypto.encrypt_bytes(data),
        made_by=by,
    )


def _photo(data: bytes) -> tuple[bytes, str]:
    """A photo's pixels and nothing else."""
    try:
        with Image.open(io.BytesIO(data), formats=list(FORMATS)) as image:
            if image.width * image.height > MOST_PIXELS:
                raise FileRefused(_("这张照片太大了。请缩小后再传。"))
            kind, upright = image.format or "JPEG", ImageOps.exif_transpose(image)
            upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
            upright = upright.convert("RGB" if kind == "JPEG" or upright.mode not in {"RGBA", "LA", "P"} else "RGBA")
            upright.info.clear()
            bare = io.BytesIO()
            upright.save(bare, format=kind, quality=85)
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as wrong:
        raise FileRefused(_("打不开这个文件。只收 PDF、JPG、PNG 和 WebP，请换一个再传。")) from wrong
    return bare.getvalue(), FORMATS[kind]


def content_of(file: File) -> bytes:
    """The bytes of ``file``, decrypted; empty once it was emptied."""
    return crypto.decrypt_bytes(bytes(file.sealed)) if file.emptied_at is None else b""


def empty(file: File, *, at: datetime) -> bool:
    """Take the bytes of ``file`` away for good, in the caller's transaction; False where they are gone already."""
    return File.objects.filter(pk=file.pk, emptied_at=None).update(sealed=b"", emptied_at=at) == 1


def answer(file: File, *, inline: bool = True) -> HttpResponse:
    """``file`` as an answer that no cache keeps; the caller has seen that this person may have it."""
    disposition = content_disposition_header(as_attachment=not inline, filename=file.name)
    headers = {
        "Content-Disposition": disposition or "inline",
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'",
    }
    return HttpResponse(content_of(file), content_type=file.media_type, headers=headers)
