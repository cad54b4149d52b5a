"""A folder of files as one zip whose bytes depend on them alone, and back."""

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

EPOCH = (1980, 1, 1, 0, 0, 0)  # the same folder gives the same zip, whenever it is made


def packed(folder: Path) -> bytes:
    """The files of a folder as a zip whose bytes depend on them alone."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            info = zipfile.ZipInfo(path.name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, path.read_bytes())
    return buffer.getvalue()


def packed_by(write: Callable[[Path], object]) -> bytes:
    """What ``write`` puts into a folder, as such a zip."""
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder))
        return packed(Path(folder))


@contextmanager
def unpacked(archive: bytes | memoryview) -> Iterator[Path]:
    """A temporary folder with the files of a zip of ours."""
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(io.BytesIO(bytes(archive))) as files:
        files.extractall(folder)
        yield Path(folder)
