"""The IDX reader: what it reads, and what it says of files that are not what they should be."""

import gzip
import struct

import numpy as np
import pytest

import nn

LABELS = bytes([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1])


def idx(code, values):
    header = bytes([0, 0, code, values.ndim]) + struct.pack(f">{values.ndim}I", *values.shape)
    return header + values.tobytes()


@pytest.mark.parametrize(
    ("code", "dtype"),
    [(8, ">u1"), (9, ">i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")],
)
@pytest.mark.parametrize("packed", [False, True])
def test_every_type_plain_and_gzipped(tmp_path, code, dtype, packed):
    values = np.arange(24).reshape(2, 3, 4).astype(dtype)
    content = idx(code, values)
    path = tmp_path / "values"
    path.write_bytes(gzip.compress(content, mtime=0) if packed else content)
    result = nn.read_idx(path, dimensions=3)
    np.testing.assert_array_equal(result, values)
    assert result.dtype == np.dtype(dtype).newbyteorder("=")
    assert result.flags.writeable


def test_no_rows(tmp_path):
    path = tmp_path / "none"
    path.write_bytes(idx(8, np.zeros((0, 28, 28), np.uint8)))
    assert nn.read_idx(str(path)).shape == (0, 28, 28)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (
            b"",
            ("not an IDX file: expected it to begin with 00 00, a type code (08 for bytes) and the "
            "number of dimensions; found nothing"),
        ),
        (
            b"\x89PNG\r\n",
            ("not an IDX file: expected it to begin with 00 00, a type code (08 for bytes) and the "
            "number of dimensions; found 89 50 4e 47"),
        ),
        (
            bytes([0, 0, 7, 1]),
            ("not an IDX file: expected it to begin with 00 00, a type code (08 for bytes) and the "
            "number of dimensions; found 00 00 07 01"),
        ),
        (
            bytes([0, 0, 8, 0]),
            ("not an IDX file: expected it to begin with 00 00, a type code (08 for bytes) and the "
            "number of dimensions; found 00 00 08 00"),
        ),
        (LABELS[:6], "truncated in its header: expected 8 bytes of it, found 6"),
        (
            LABELS[:-1],
            ("truncated: its header says shape (3,) of 1-byte numbers, which makes 11 bytes; "
            "found 10"),
        ),
        (
            LABELS + b"x",
            ("too long: its header says shape (3,) of 1-byte numbers, which makes 11 bytes; "
            "found 12"),
        ),
        (
            idx(8, np.zeros((1, 2, 2), np.uint8)),
            ("expected labels (1 dimension), found images (3 dimensions). "
            "Was the file given another's name?"),
        ),
        (
            idx(8, np.zeros((1, 2), np.uint8)),
            ("expected labels (1 dimension), found 2 dimensions. "
            "Was the file given another's name?"),
        ),
        (
            gzip.compress(LABELS, mtime=0)[:-9],
            ("expected a whole gzip file, found one that is truncated or damaged after 22 bytes "
            "(Compressed file ended before the end-of-stream marker was reached)"),
        ),
    ],
)  # fmt: skip
def test_a_bad_file_is_named_with_what_was_expected_and_found(tmp_path, message, content, text):
    path = tmp_path / "labels"
    path.write_bytes(content)
    assert message(nn.FileFormatError, lambda: nn.read_idx(path, dimensions=1)) == f"{path}: {text}"


def test_a_damaged_gzip_file(tmp_path, message):
    packed = bytearray(gzip.compress(LABELS * 100, mtime=0))
    packed[15] ^= 0xFF
    path = tmp_path / "labels.gz"
    path.write_bytes(packed)
    text = message(nn.FileFormatError, lambda: nn.read_idx(path))
    assert text.startswith(f"{path}: expected a whole gzip file, found one that is truncated or")


def test_a_missing_or_unreadable_file(tmp_path, message, monkeypatch):
    path = tmp_path / "nothing"
    assert message(FileNotFoundError, lambda: nn.read_idx(path)) == (
        f"{path}: there is no such file"
    )
    assert message(nn.FileFormatError, lambda: nn.read_idx(tmp_path)) == (
        f"{tmp_path}: expected an IDX file, found a directory"
    )

    def refuse(_path):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    assert message(nn.FileFormatError, lambda: nn.read_idx(path)) == (
        f"{path}: cannot be read: Permission denied"
    )
