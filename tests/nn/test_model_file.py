"""Whole models in a folder: round trips, and every way in which a folder can be wrong."""

import errno
import json

import numpy as np
import pytest

import nn
from autograd_core import __version__


@pytest.fixture
def folder(tmp_path, rng):
    """A saved model with everything."""
    place = tmp_path / "model"
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=rng), nn.BatchNorm2d(2), nn.Flatten(), nn.ReLU())
    nn.save_model(model, place, metadata={"classes": ["a", "b"]}, arrays={"mean": np.arange(3.0)})
    return place


def change(folder, **changes):
    path = folder / "model.json"
    page = {**json.loads(path.read_text()), **changes}
    path.write_text(json.dumps({key: value for key, value in page.items() if value is not ...}))


def test_a_model_comes_back_with_outputs_metadata_and_arrays(tmp_path, rng):
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=rng), nn.BatchNorm2d(2), nn.Flatten())
    x = rng.standard_normal((4, 1, 5, 5)).astype(np.float32)
    model(x)
    model.eval()
    metadata = {"größe": [1, 2.5, None, True], "columns": {"a": {"mean": 0.25}}}
    nn.save_model(model, str(tmp_path), metadata=metadata, arrays={"mean": [1, 2]})
    saved = nn.load_model(str(tmp_path))
    assert repr(saved.model) == repr(model)
    assert not saved.model.training
    assert saved.metadata == metadata
    np.testing.assert_array_equal(saved.arrays["mean"], [1, 2])
    np.testing.assert_array_equal(saved.model(x).data, model(x).data)
    assert saved.model[1].num_batches_tracked == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "arrays.safetensors",
        "model.json",
        "weights.safetensors",
    ]


def test_weights_have_pytorchs_names_and_are_loaded_alone(folder):
    assert {"0.weight", "1.running_mean", "1.num_batches_tracked"} <= nn.load(
        folder / "weights.safetensors"
    ).keys()


def test_saving_again_replaces_the_model_and_leaves_other_files(folder):
    (folder / "curves.png").write_bytes(b"picture")
    nn.save_model(nn.Linear(2, 1), folder)
    saved = nn.load_model(folder)
    assert repr(saved.model) == "Linear(2, 1)"
    assert (saved.metadata, saved.arrays) == ({}, {})
    assert sorted(path.name for path in folder.iterdir()) == [
        "curves.png",
        "model.json",
        "weights.safetensors",
    ]


def test_a_model_without_parameters(tmp_path):
    nn.save_model(nn.Tanh(), tmp_path)
    assert repr(nn.load_model(tmp_path).model) == "Tanh()"


def test_equal_models_are_equal_files(tmp_path):
    for name in ("a", "b"):
        model = nn.Linear(3, 2, rng=np.random.default_rng(0))
        nn.save_model(model, tmp_path / name, metadata={"b": 1, "a": 2})
    for file in ("model.json", "weights.safetensors"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        ({"a": {1: 2}}, "save_model: metadata['a']: the key 1 is not text, as JSON wants"),
        (
            {"a": [0.5, float("nan")]},
            "save_model: metadata['a'][1] is nan, which JSON lacks; None says missing",
        ),
        (
            {"a": np.float32(1)},
            "save_model: metadata['a'] is np.float32(1.0), a float32; metadata is what JSON holds.",
        ),
    ],
)
def test_metadata_that_json_cannot_hold_are_named(tmp_path, message, metadata, text):
    call = lambda: nn.save_model(nn.Tanh(), tmp_path / "m", metadata=metadata)  # noqa: E731
    assert message(TypeError, call).startswith(text)
    assert not (tmp_path / "m").exists()


def test_arrays_that_safetensors_cannot_hold_are_named(tmp_path, message):
    call = lambda: nn.save_model(nn.Tanh(), tmp_path, arrays={"names": ["a", "b"]})  # noqa: E731
    assert message(nn.FileFormatError, call).startswith(
        f"save: {tmp_path / 'arrays.safetensors'}: safetensors cannot hold these arrays (<U1)"
    )


def test_a_full_disk_leaves_the_old_model_whole(folder, monkeypatch):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        nn.save_model(nn.Linear(2, 1), folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_no_folder_and_a_folder_that_is_no_model(tmp_path, message):
    missing = tmp_path / "no"
    assert message(FileNotFoundError, lambda: nn.load_model(missing)) == (
        f"load_model: {missing}: there is no such folder"
    )
    text = (
        "there is no model.json in it; a model is a folder that nn.save_model wrote. (nn.load "
        "reads weights alone)"
    )
    assert message(nn.FileFormatError, lambda: nn.load_model(tmp_path)) == (
        f"load_model: {tmp_path}: {text}"
    )
    file = tmp_path / "weights.safetensors"
    nn.save(nn.Linear(1, 1), file)
    assert message(nn.FileFormatError, lambda: nn.load_model(file)) == f"load_model: {file}: {text}"


@pytest.mark.parametrize("content", [b"", b'{"format": "autogr', b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_page_is_named(folder, message, content):
    path = folder / "model.json"
    path.write_bytes(content)
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)).startswith(
        f"load_model: {path}: expected JSON; the file is damaged or truncated ("
    )


def test_another_format_and_another_version(folder, message):
    path = folder / "model.json"
    change(folder, version=2, **{"written by": "autograd-core 9.0"})
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)) == (
        f"load_model: {path}: it is in version 2 of the format, written by autograd-core 9.0; this "
        f"is autograd-core {__version__}, which reads version 1. Load it with the version that "
        "wrote it"
    )
    for text in ("[]", '{"format": "other"}'):
        path.write_text(text)
        assert message(nn.FileFormatError, lambda: nn.load_model(folder)) == (
            f"load_model: {path}: it does not say \"format\": 'autograd-core model', so "
            "nn.save_model did not write it"
        )


def test_missing_keys_and_files_that_are_not_the_models(folder, message):
    path = folder / "model.json"
    whole = path.read_text()
    change(folder, architecture=..., metadata="text")
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)) == (
        f"load_model: {path}: it lacks 'architecture', 'metadata'"
    )
    strangers = {"weights.safetensors": 1, "/etc/passwd": 1}
    for files, named in (({}, "nothing"), (strangers, "'/etc/passwd', 'weights.safetensors'")):
        path.write_text(whole)
        change(folder, files=files)
        assert message(nn.FileFormatError, lambda: nn.load_model(folder)) == (
            f"load_model: {path}: 'files' must name 'weights.safetensors', and may name "
            f"'arrays.safetensors'; it names {named}"
        )


@pytest.mark.parametrize("name", ["weights.safetensors", "arrays.safetensors"])
def test_a_missing_truncated_or_changed_file_is_named(folder, message, name):
    path = folder / name
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)) == (
        f"load_model: {path}: the file has {len(content) - 1} bytes, and model.json says "
        f"{len(content)}; it is truncated, or not the one that was saved with it"
    )
    path.write_bytes(content[:-1] + b"\xff")
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)) == (
        f"load_model: {path}: the checksum is not the one in model.json; the file is damaged, or "
        "not the one that was saved with it"
    )
    path.unlink()
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)) == (
        f"load_model: {path}: the file is missing; model.json says it belongs to the model"
    )


def test_an_architecture_that_is_wrong_or_does_not_fit(folder, message):
    path = folder / "model.json"
    change(folder, architecture=nn.describe(nn.Linear(2, 1)))
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)).startswith(
        f"load_model: {folder / 'weights.safetensors'}: the weights do not fit the architecture in "
        "model.json: load_state_dict: this state does not fit Linear:\n  missing: 'weight'"
    )
    model = {"class": "subprocess.run", "arguments": {"args": ["ls"]}}
    change(folder, architecture={"model": model, "tied": [], "frozen": []})
    assert message(nn.FileFormatError, lambda: nn.load_model(folder)).startswith(
        f"load_model: {path}: build: 'subprocess.run' is no layer of nn: known: "
    )
