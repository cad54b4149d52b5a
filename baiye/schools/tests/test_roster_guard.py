import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from baiye.core.sheets import guard
from baiye.core.sheets.tables import read_tables
from baiye.core.sheets.values import BadValue

CELL = '<sheetData><row r="{row}"><c r="{column}{row}"><v>1</v></c></row></sheetData>'


def book(**sheets) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for index, row in enumerate(rows):
                sheet.write_row(index, 0, row)
    return buffer.getvalue()


def with_parts(data: bytes, **changed: bytes) -> bytes:
    """The archive with parts replaced or added; names have __ for / and ___ for a dot."""
    buffer = io.BytesIO()
    names = {name.replace("___", ".").replace("__", "/"): content for name, content in changed.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in names:
                new.writestr(part, old.read(part))
        for name, content in names.items():
            new.writestr(name, content)
    return buffer.getvalue()


def refusal(name: str, data: bytes) -> str:
    with pytest.raises(BadValue) as bad:
        read_tables(name, data)
    return bad.value.code


def test_a_plain_workbook_is_read():
    (table,) = read_tables("名册.xlsx", book(甲=[["学籍号", "姓名"], ["a", 1]]))

    assert (table.name, table.rows) == ("甲", [["学籍号", "姓名"], ["a", 1.0]])


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.xlsx", b"", "file_empty"),
        ("a.xlsx", b"x" * (guard.MAX_BYTES + 1), "file_too_big"),
        ("a.xlsx", b"not a workbook", "file_broken"),
        ("a.xlsx", b"PK\x03\x04 cut off", "file_broken"),
        ("a.xls", guard.OLE + b"\0" * 512, "file_old_excel"),
        ("a.xls", b"<html></html>", "file_old_excel"),
        ("a.xlsx", guard.OLE + "EncryptedPackage".encode("utf-16-le"), "file_encrypted"),
        ("a.pdf", b"%PDF-1.7", "file_kind"),
    ],
)
def test_what_is_no_roster_is_refused_at_its_first_look(name, data, code):
    with pytest.raises(BadValue) as bad:
        guard.refuse_unfit(name, data)

    assert bad.value.code == code


def test_a_workbook_cut_in_the_middle_is_broken():
    data = book(甲=[["学籍号"]] * 500)

    assert refusal("a.xlsx", data[: len(data) // 2]) == "file_broken"


def test_a_workbook_whose_packed_bytes_are_damaged_is_broken():
    data = bytearray(book(甲=[["学籍号"]] * 500))
    part = zipfile.ZipFile(io.BytesIO(data)).getinfo("xl/worksheets/sheet1.xml")
    packed = part.header_offset + 30 + len(part.filename)

    data[packed : packed + 8] = b"\xff" * 8

    assert refusal("a.xlsx", bytes(data)) == "file_broken"


def test_a_workbook_packed_in_a_way_nobody_unpacks_is_broken():
    data = bytearray(book(甲=[["学籍号"]]))

    data[data.index(b"PK\x01\x02") + 10] = 97  # the method of the first part, in the archive's directory

    assert refusal("a.xlsx", bytes(data)) == "file_broken"


@pytest.mark.parametrize("name", ["a.xlsm", "a.xlsb"])
def test_an_ending_for_macros_is_refused(name):
    assert refusal(name, book(甲=[[1]])) == "file_macro"


def test_macros_inside_a_plain_name_are_refused():
    assert refusal("a.xlsx", with_parts(book(甲=[[1]]), xl__vbaProject___bin=b"\0")) == "file_macro"


def test_another_office_file_is_refused():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert refusal("a.xlsx", buffer.getvalue()) == "file_kind"


def test_a_zip_bomb_is_refused_by_its_directory_alone():
    data = with_parts(book(甲=[[1]]), xl__media__big___bin=b"\0" * (guard.MAX_UNPACKED + 1))

    assert len(data) < guard.MAX_BYTES
    with pytest.raises(BadValue, match="file_bomb"):
        guard.refuse_unfit("a.xlsx", data)


def test_a_directory_that_lies_about_sizes_is_broken():
    data = bytearray(with_parts(book(甲=[[1]]), xl__media__big___bin=b"\0" * 10**6))
    directory = data.rindex(b"PK\x01\x02")
    data[directory + 24 : directory + 28] = (10).to_bytes(4, "little")

    assert refusal("a.xlsx", bytes(data)) == "file_broken"


def test_a_cell_at_the_edge_of_the_world_is_refused_before_room_is_made_for_it():
    sheet = f'<?xml version="1.0"?><worksheet>{CELL.format(row=1048576, column="A")}</worksheet>'.encode()
    assert refusal("a.xlsx", with_parts(book(甲=[[1]]), xl__worksheets__sheet1___xml=sheet)) == "file_too_many_rows"

    sheet = f'<?xml version="1.0"?><worksheet>{CELL.format(row=1, column="XFD")}</worksheet>'.encode()
    assert refusal("a.xlsx", with_parts(book(甲=[[1]]), xl__worksheets__sheet1___xml=sheet)) == "file_too_wide"


def test_an_empty_formatted_cell_far_away_is_no_harm():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet = made.add_worksheet("甲")
        sheet.write(0, 0, "学籍号")
        sheet.write_blank(0, 16383, None, made.add_format({"bold": True}))
        sheet.write_blank(1048575, 0, None, made.add_format({"bold": True}))

    (table,) = read_tables("a.xlsx", buffer.getvalue())

    assert table.rows == [["学籍号"]]


def test_entities_in_a_sheet_are_refused():
    sheet = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'

    assert refusal("a.xlsx", with_parts(book(甲=[[1]]), xl__worksheets__sheet1___xml=sheet)) == "file_broken"


def test_hidden_sheets_are_left_out_and_downward_merges_filled():
    made = openpyxl.Workbook()
    made.active.title = "名册"
    made.active["A1"], made.active["B1"] = "班级", "姓名"
    made.active["A2"] = "七（1）班"
    made.active["B2"], made.active["B3"] = "甲", "乙"
    made.active.merge_cells("A2:A3")
    made.create_sheet("旧的").sheet_state = "hidden"
    buffer = io.BytesIO()
    made.save(buffer)

    (table,) = read_tables("a.xlsx", buffer.getvalue())

    assert table.rows == [["班级", "姓名"], ["七（1）班", "甲"], ["七（1）班", "乙"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_csv_is_read_in_the_encodings_of_excel_and_wps(encoding, separator):
    text = f'学籍号{separator}姓名\r\n="G1"{separator}\'王明\r\n'

    (table,) = read_tables("a.csv", text.encode(encoding))

    assert table.rows == [["学籍号", "姓名"], ["G1", "王明"]]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xff\xff\xff", "file_encoding"),
        (b"a,b\0c", "file_broken"),
        (b"a\n" * (guard.MAX_ROWS + 101), "file_too_many_rows"),
    ],
)
def test_a_csv_that_cannot_be_read_is_refused(data, code):
    assert refusal("a.csv", data) == code
