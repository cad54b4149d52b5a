"""Reads of uploads: everybody sees their own alone."""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from django.db.models import Q, QuerySet

from baiye.core import crypto
from baiye.core.models import Upload

KINDS = ("errors", "added", "changed")


def uploads_of(user: Any) -> QuerySet[Upload]:
    """What ``user`` handed in, newest first, without the files."""
    mine = Upload.objects.filter(made_by=user.pk).select_related("made_by")
    return mine.defer("file_sealed", "findings_sealed").order_by("-made_at", "-pk")


def find_upload(pk: int) -> Upload | None:
    """An upload by number, with who made it; None when it is gone."""
    return Upload.objects.select_related("made_by").filter(pk=pk).first()


def find_same(upload: Upload) -> Upload | None:
    """The upload of the same file by the same person that went in before, if any."""
    before = uploads_of(upload.made_by).filter(kind=upload.kind, sha256=upload.sha256, applied_at__isnull=False)
    return before.exclude(pk=upload.pk).first()


class Sealed(Protocol):
    """A file that came in, and what was found in it, both encrypted."""

    @property
    def file_sealed(self) -> bytes | memoryview: ...
    @property
    def findings_sealed(self) -> bytes | memoryview: ...


def findings_of(upload: Sealed, kinds: Iterable[str] = KINDS) -> dict[str, list[dict[str, Any]]]:
    """What the dry run found, row by row; empty lists once it was removed."""
    sealed = bytes(upload.findings_sealed)
    found: dict[str, list[dict[str, Any]]] = {kind: [] for kind in kinds}
    return found | (json.loads(crypto.decrypt(sealed)) if sealed else {})


def file_of(upload: Sealed) -> bytes:
    """The file as uploaded; b"" once it was emptied."""
    sealed = bytes(upload.file_sealed)
    return crypto.decrypt_bytes(sealed) if sealed else b""


def stale_uploads(before: datetime) -> QuerySet[Upload]:
    """Uploads from before a moment that still hold a file or findings."""
    return Upload.objects.filter(Q(made_at__lt=before), ~Q(file_sealed=b"") | ~Q(findings_sealed=b""))
