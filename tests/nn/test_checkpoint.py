"""Checkpoint files: what they hold comes back, what is damaged is told."""

import numpy as np
import pytest

import nn
from nn.checkpoint import Checkpoints, read_checkpoint, write_checkpoint

STATE = {
    "numbers": [1, 2.5, float("inf"), None, True],
    "large": 2**127 + 1,
    "third": 1 / 3,
    "scalar": np.float64(0.1),
    "nested": {"arrays": [np.arange(3), np.zeros((0, 2), np.float32)], "0-d": np.array(1.5)},
}


def test_everything_comes_back(tmp_path):
    path = tmp_path / "a.safetensors"
    write_checkpoint(path, STATE)
    found = read_checkpoint(path)
    assert {**found, "nested": None} == {**STATE, "nested": None}
    for a, b in zip(found["nested"]["arrays"], STATE["nested"]["arrays"], strict=True):
        np.testing.assert_array_equal(a, b)
        assert a.dtype == b.dtype
    assert found["nested"]["0-d"] == 1.5


def test_only_the_newest_two_are_kept(tmp_path):
    checkpoints = Checkpoints(tmp_path / "new" / "folder")
    assert checkpoints.newest() is None
    for step in (9, 10, 11):
        checkpoints.write(step, STATE | {"large": step})
    assert [path.name for path in checkpoints.files()] == [
        "step-0000000010.safetensors",
        "step-0000000011.safetensors",
    ]
    assert checkpoints.newest()["large"] == 11


def test_every_flipped_or_missing_byte_is_noticed(tmp_path, rng):
    path = tmp_path / "a.safetensors"
    write_checkpoint(path, STATE)
    whole = path.read_bytes()
    for _ in range(60):
        broken = bytearray(whole)
        broken[rng.integers(len(broken))] ^= 1 << rng.integers(8)
        path.write_bytes(broken)
        try:
            found = read_checkpoint(path)
        except nn.FileFormatError:
            continue
        # Only padding or the name of something unused may differ unnoticed.
        assert found["large"] == STATE["large"]
    for length in rng.integers(0, len(whole), 20):
        path.write_bytes(whole[:length])
        with pytest.raises(nn.FileFormatError):
            read_checkpoint(path)


def test_another_format_or_version_is_named(tmp_path, message):
    path = tmp_path / "step-1.safetensors"
    nn.save({"a": np.zeros(1)}, path)
    assert message(nn.FileFormatError, lambda: read_checkpoint(path)) == (
        f"{path}: expected a checkpoint of the format 'autograd-core checkpoint 1', found no "
        "format named in it"
    )
    nn.save({"a": np.zeros(1)}, path, metadata={"format": "autograd-core checkpoint 2"})
    assert message(nn.FileFormatError, Checkpoints(tmp_path).newest) == (
        f"{path}: expected a checkpoint of the format 'autograd-core checkpoint 1', found "
        "'autograd-core checkpoint 2'"
    )
    nn.save(
        {"a": np.zeros(1)},
        path,
        metadata={"format": "autograd-core checkpoint 1", "state": "{}", "crc32": "0"},
    )
    assert message(nn.FileFormatError, lambda: read_checkpoint(path)) == (
        f"{path}: the checksum is wrong, so the file is damaged"
    )


def test_a_folder_that_cannot_be_written_is_warned_of(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.warns(nn.CheckpointWarning) as caught:
        Checkpoints(tmp_path / "file").write(3, STATE)
    assert str(caught[0].message) == (
        f"fit: the checkpoint of step 3 could not be written to {tmp_path / 'file'} (File exists). "
        "There is none yet; training goes on, and the next is tried"
    )
