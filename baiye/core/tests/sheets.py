"""Sheets for tests: made, handed in, put in, and what the dry run said."""

import io
import uuid
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from baiye.core import clock, jobs
from baiye.core.models import Upload
from baiye.core.sheets import paper, queries, uploads
from baiye.core.sheets.kinds import SHEETS


def book(*rows: Sequence[object], sheet: str = "表") -> bytes:
    """The rows as one workbook, text as text."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as made:
        page = made.add_worksheet(sheet)
        for index, values in enumerate(rows):
            page.write_row(index, 0, values)
    return buffer.getvalue()


def handed_in(kind: str, data: bytes, by: Any, name: str = "表.xlsx") -> Upload:
    """The upload after its dry run."""
    made = uploads.take(sheet=SHEETS[kind], request=uuid.uuid4(), file_name=name, data=data, by=by, at=clock.now())
    jobs.run_due()
    return _again(made)


def put_in(kind: str, data: bytes, by: Any) -> Upload:
    """The upload after it went in, or was stopped."""
    made = handed_in(kind, data, by)
    uploads.ask(upload=made, by=by, at=clock.now())
    jobs.run_due()
    return _again(made)


def exported(kind: str, by: Any) -> bytes:
    """What the export of somebody holds."""
    sheet = SHEETS[kind]
    return paper.filled(str(sheet.title), sheet.columns, sheet.rows(by))


def counts(upload: Upload) -> dict[str, int]:
    """How many rows are new, changed, the same and wrong."""
    return {name: number for name, number in upload.counts.items() if name != "fingerprint"}


def whys(upload: Upload) -> list[tuple[int, str, str]]:
    """Row, cell and sentence of each mistake."""
    return [(each["row"], each["cell"], each["why"]) for each in queries.findings_of(upload)["errors"]]


def _again(upload: Upload) -> Upload:
    found = queries.find_upload(upload.pk)
    assert found is not None
    return found
