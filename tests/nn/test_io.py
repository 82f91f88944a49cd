"""Weights on disk: round trips, whole files or none, and what is said of bad ones."""

import errno
from pathlib import Path

import numpy as np
import pytest

import nn
from autograd_core import write_atomically

SUFFIXES = [".safetensors", ".npz"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_model_comes_back_with_names_dtypes_shapes_and_metadata(tmp_path, suffix, rng):
    model = nn.MLP(3, [4], 2, rng=rng)
    model.scale = nn.Parameter(2.5, dtype=np.float64)
    model.register_buffer("count", np.arange(3))
    path = tmp_path / f"weights{suffix}"
    nn.save(model, path, metadata={"who": "Ada", "größe": "3"})
    state = nn.load(str(path))
    assert state.metadata == {"who": "Ada", "größe": "3"}
    assert state.keys() == model.state_dict().keys()
    for name, value in model.state_dict().items():
        assert state[name].dtype == value.dtype
        np.testing.assert_array_equal(state[name], value)
    twin = nn.MLP(3, [4], 2)
    twin.scale = nn.Parameter(0.0, dtype=np.float64)
    twin.register_buffer("count", np.zeros(3, int))
    twin.load_state_dict(state)
    x = np.ones((1, 3), np.float32)
    np.testing.assert_array_equal(twin(x).data, model(x).data)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_state_dict_without_metadata_and_transposed_arrays(tmp_path, suffix):
    path = tmp_path / f"state{suffix}"
    array = np.arange(6.0).reshape(2, 3).T
    nn.save({"a": array}, path)
    state = nn.load(path)
    assert state.metadata == {}
    np.testing.assert_array_equal(state["a"], array)


def test_equal_weights_are_equal_files(tmp_path):
    metadata = {f"key {number}": str(number) for number in range(20)}
    for name in ("a", "b"):
        nn.save({"w": np.ones(3)}, tmp_path / f"{name}.safetensors", metadata=metadata)
    assert (tmp_path / "a.safetensors").read_bytes() == (tmp_path / "b.safetensors").read_bytes()
    assert nn.load(tmp_path / "a.safetensors").metadata == metadata


def test_safetensors_names_are_pytorchs(tmp_path):
    """`nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 2))` in PyTorch has these."""
    nn.save(nn.MLP(3, [4], 2), tmp_path / "w.safetensors")
    shapes = {name: array.shape for name, array in nn.load(tmp_path / "w.safetensors").items()}
    assert shapes == {"0.weight": (4, 3), "0.bias": (4,), "2.weight": (2, 4), "2.bias": (2,)}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_truncated_file_is_named(tmp_path, message, suffix):
    path = tmp_path / f"weights{suffix}"
    nn.save(nn.Linear(3, 3), path)
    path.write_bytes(path.read_bytes()[:-20])
    kind = suffix[1:]
    assert message(nn.FileFormatError, lambda: nn.load(path)).startswith(
        f"load: {path}: expected a whole {kind} file; it is damaged, truncated or something else ("
    )
    path.write_bytes(b"")
    assert str(path) in message(nn.FileFormatError, lambda: nn.load(path))


def test_pickled_objects_are_refused(tmp_path, message):
    path = tmp_path / "evil.npz"
    np.savez(path, a=np.array([{}], dtype=object))
    assert "Object arrays cannot be loaded" in message(nn.FileFormatError, lambda: nn.load(path))


def test_a_single_array_file_is_refused(tmp_path, message):
    path = tmp_path / "one.npz"
    with path.open("wb") as file:
        np.save(file, np.zeros(3))
    assert "expected a whole npz file" in message(nn.FileFormatError, lambda: nn.load(path))


def test_a_missing_file_and_an_unknown_suffix_are_named(tmp_path, message):
    path = tmp_path / "no.npz"
    assert message(FileNotFoundError, lambda: nn.load(path)) == (
        f"load: {path}: there is no such file"
    )
    assert message(nn.FileFormatError, lambda: nn.save({}, "w.npy")) == (
        "save: w.npy: the format is told by the suffix, and '.npy' is not one: "
        "did you mean '.npz'? Known: .safetensors, .npz"
    )
    assert message(nn.FileFormatError, lambda: nn.load("w.pt")).startswith("load: w.pt: the form")


@pytest.mark.parametrize("suffix", [".bin", ".pt", ".ckpt"])
def test_who_writes_a_pickle_is_told_what_can_be_written_and_who_reads_one_of_its_danger(
    message, suffix
):
    path = f"w{suffix}"
    written = message(nn.FileFormatError, lambda: nn.save(nn.Linear(1, 1), path))
    assert written == (
        f"save: {path}: the format is told by the suffix, and {suffix!r} is not one: known: "
        ".safetensors, .npz. PyTorch reads .safetensors too: "
        "safetensors.torch.load_file('weights.safetensors')"
    )
    assert "Reading a pickle can run any code" in message(nn.FileFormatError, lambda: nn.load(path))


def test_metadata_must_be_text(tmp_path, message):
    assert message(TypeError, lambda: nn.save({}, tmp_path / "w.npz", metadata={"epochs": 3})) == (
        "save: metadata must be text; 'epochs' is 3. Use str() or JSON"
    )


def test_a_dtype_that_safetensors_lacks_is_named(tmp_path, message):
    path = tmp_path / "w.safetensors"
    text = message(nn.FileFormatError, lambda: nn.save({"a": np.zeros(1, np.complex128)}, path))
    assert text.startswith(f"save: {path}: safetensors cannot hold these arrays (complex128)")
    assert not path.exists()


@pytest.mark.parametrize("step", ["write", "replace"])
def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step):
    path = tmp_path / "weights.npz"
    nn.save({"a": np.ones(1)}, path)
    before = path.read_bytes()

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*(("os.fsync", full) if step == "write" else (Path, "replace", full)))
    with pytest.raises(OSError, match="No space left"):
        nn.save({"a": np.zeros(100)}, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_an_existing_file_is_replaced(tmp_path):
    path = tmp_path / "file"
    write_atomically(path, b"long old content")
    write_atomically(str(path), b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]
