"""Folders of files as zips whose bytes depend on the files alone."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)


def packed(write: Callable[[Path], object]) -> bytes:
    """What ``write`` puts into a folder, as a zip."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        return packed_folder(Path(folder))


def packed_folder(folder: Path) -> bytes:
    """The files of a folder as a zip; the same bytes for the same files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.iterdir() if path.is_file()):
            info = zipfile.ZipInfo(path.name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


@contextmanager
def unpacked(archive: bytes | memoryview) -> Iterator[Path]:
    """A temporary folder with the files of a zip of ours."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(bytes(archive))) as files:
        files.extractall(folder)
        yield Path(folder)
