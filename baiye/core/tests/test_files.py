"""What is handed in: known by its bytes, photos without what a camera writes, sealed at rest."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from PIL import Image

from baiye.core import files
from baiye.core.models import File

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def photo(width=40, height=20, **kept):
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, format="JPEG", **kept)
    return out.getvalue()


def exif():
    made = Image.Exif()
    made[0x010F] = "Camera Maker"
    made[0x0112] = 6  # lies on its side
    made.get_ifd(0x8825)[1] = "N"  # the place
    return made.tobytes()


@pytest.mark.django_db
def test_keep_a_paper_stores_the_same_bytes_encrypted():
    kept = files.keep(SimpleUploadedFile("保单.pdf", PDF))

    assert (kept.name, kept.media_type, kept.size) == ("保单.pdf", "application/pdf", len(PDF))
    assert files.content_of(kept) == PDF
    assert b"PDF" not in bytes(File.objects.get(pk=kept.pk).sealed)


@pytest.mark.django_db
def test_keep_a_photo_leaves_out_place_and_camera_and_turns_it_upright():
    kept = files.keep(SimpleUploadedFile("现场.jpg", photo(exif=exif())))

    data = files.content_of(kept)
    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (20, 40)
        assert dict(image.getexif()) == {}
    assert b"Camera Maker" not in data


@pytest.mark.django_db
def test_keep_a_large_photo_makes_it_smaller():
    kept = files.keep(SimpleUploadedFile("现场.jpg", photo(4000, 1000)))

    with Image.open(io.BytesIO(files.content_of(kept))) as image:
        assert image.size == (2000, 500)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("空.pdf", b"", "空的"),
        ("网页.pdf", b"<html><script>alert(1)</script>", "打不开"),
        ("程序.jpg", b"MZ\x90\x00" * 20, "打不开"),
        ("断.jpg", photo()[:200], "打不开"),
        ("大.pdf", PDF + b" " * files.LARGEST, "10 MB"),
    ],
)
def test_keep_what_is_not_taken_is_refused_and_leaves_nothing(name, data, says):
    with pytest.raises(files.FileRefused, match=says):
        files.keep(SimpleUploadedFile(name, data))

    assert not File.objects.exists()


@pytest.mark.django_db
def test_keep_a_paper_where_only_photos_are_taken_is_refused():
    with pytest.raises(files.FileRefused, match="JPG"):
        files.keep(SimpleUploadedFile("方案.pdf", PDF), kinds=files.PHOTOS)


@pytest.mark.django_db
def test_answer_is_kept_by_no_cache_and_runs_nothing():
    answer = files.answer(files.keep(SimpleUploadedFile("保单.pdf", PDF)))

    assert answer.content == PDF
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.django_db
def test_a_file_keeps_its_bytes_until_it_is_emptied():
    kept = files.keep(SimpleUploadedFile("保单.pdf", PDF))

    with pytest.raises(IntegrityError, match="keeps its bytes"), transaction.atomic():
        File.objects.filter(pk=kept.pk).update(sealed=b"other")
