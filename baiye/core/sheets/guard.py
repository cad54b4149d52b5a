"""What may come in at all: a file is looked at before anything unpacks it."""

import io
import re
import zipfile
import zlib
from pathlib import PurePath
from xml.parsers import expat

from baiye.core.sheets.values import BadValue

MAX_BYTES = 10 * 2**20
MAX_ROWS = 60_000
MAX_COLUMNS = 200
MAX_UNPACKED = 200 * 2**20  # 60,000 rows with every column are about 40 MB of XML
MAX_PARTS = 1000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and what Excel wraps an encrypted .xlsx in
MACRO_ENDINGS = {".xlsm", ".xlsb", ".xltm", ".xlam"}
CHUNK = 2**20
# what unpacking raises over a part that is damaged, cut short, or packed in a way nobody here unpacks
UNREADABLE = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, OSError)


def refuse_unfit(name: str, data: bytes) -> str:
    """Say "xlsx" or "csv" by what the bytes are; raises BadValue with the reason for anything else. Unpacks nothing."""
    if not data:
        raise BadValue("file_empty")
    if len(data) > MAX_BYTES:
        raise BadValue("file_too_big", size=-(-len(data) // 2**20))
    ending = PurePath(name).suffix.lower()
    if ending in MACRO_ENDINGS:
        raise BadValue("file_macro")
    if data.startswith(OLE):
        raise BadValue("file_encrypted" if "EncryptedPackage".encode("utf-16-le") in data else "file_old_excel")
    if data.startswith(b"PK"):
        _refuse_archive(data)
        return "xlsx"
    if ending == ".xls":
        raise BadValue("file_old_excel")
    if ending == ".xlsx":
        raise BadValue("file_broken")
    if ending not in {".csv", ".txt"}:
        raise BadValue("file_kind")
    return "csv"


def _refuse_archive(data: bytes) -> None:
    """By the archive's directory alone: too much inside, encrypted, macros, or no workbook."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError) as error:
        raise BadValue("file_broken") from error
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise BadValue("file_bomb")
    if any(part.flag_bits & 1 for part in parts):
        raise BadValue("file_encrypted")
    names = {part.filename.lower().lstrip("/") for part in parts}
    if any("vbaproject" in name or "macrosheets/" in name for name in names):
        raise BadValue("file_macro")
    if not any(re.fullmatch(r"xl/workbook\d*\.xml", name) for name in names):
        raise BadValue("file_kind" if "xl/workbook.bin" not in names else "file_macro")


def refuse_hollow(data: bytes) -> None:
    """Unpack every part once, in pieces, against lies in the directory and sheets that reach to the edge of the world.

    A single cell at XFD1048576 would have a reader set aside room for every cell before it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for part in archive.infolist():
                reach = _Reach() if re.fullmatch(r"/?xl/worksheets/[^/]+\.xml", part.filename.lower()) else None
                with archive.open(part) as stream:
                    while piece := stream.read(CHUNK):
                        if reach:
                            reach.feed(piece)
                if reach:
                    reach.refuse()
    except (*UNREADABLE, expat.ExpatError, ValueError) as error:
        if isinstance(error, BadValue):
            raise
        raise BadValue("file_broken") from error


class _Reach:
    """How far down and right the cells that hold something go in one sheet's XML, read as a stream."""

    def __init__(self) -> None:
        self.row = self.column = self.last_row = self.last_column = 0
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, piece: bytes) -> None:
        self.parser.Parse(piece, False)

    def refuse(self) -> None:
        self.parser.Parse(b"", True)
        if self.last_row > MAX_ROWS + 100:  # room for titles and remarks
            raise BadValue("file_too_many_rows")
        if self.last_column > MAX_COLUMNS:
            raise BadValue("file_too_wide", count=self.last_column)

    def _doctype(self, *_: object) -> None:
        raise BadValue("file_broken")  # no spreadsheet has one; entity bombs do

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "c":
            self.column = _column(attributes["r"]) if "r" in attributes else self.column + 1
        elif kind == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif kind in {"v", "is", "f"}:
            self.last_row = max(self.last_row, self.row)
            self.last_column = max(self.last_column, self.column)


def _column(reference: str) -> int:
    number = 0
    for letter in reference.rstrip("0123456789").upper():
        number = number * 26 + ord(letter) - 64
    return number
