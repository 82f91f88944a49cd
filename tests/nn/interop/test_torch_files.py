"""Files that PyTorch wrote load here and give its outputs, and back.

The files and outputs were recorded (`make_files.py`); where torch is installed, both directions
are tried live.
"""

import inspect
import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest

import nn
from tests.nn.interop.cases import CASES, inputs

HERE = Path(__file__).parent


def output(name, model):
    out = model(inputs(name))
    return (out[0] if isinstance(out, tuple) else out).data


@pytest.fixture(scope="module")
def outputs():
    with np.load(HERE / "outputs.npz") as file:
        return dict(file)


@pytest.mark.parametrize("name", CASES)
def test_what_pytorch_wrote_gives_its_outputs(name, outputs):
    model = CASES[name][0](nn).eval()
    model.load_state_dict(nn.load(HERE / f"{name}.safetensors"))
    np.testing.assert_allclose(output(name, model), outputs[name], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_saved_again_it_holds_the_same_arrays_in_the_same_layout(name, tmp_path):
    theirs = nn.load(HERE / f"{name}.safetensors")
    model = CASES[name][0](nn)
    model.load_state_dict(theirs)
    nn.save(model, tmp_path / "w.safetensors")
    ours = nn.load(tmp_path / "w.safetensors")
    assert ours.keys() == theirs.keys()
    for key, array in theirs.items():
        assert ours[key].dtype == array.dtype
        np.testing.assert_array_equal(ours[key], array)


@pytest.mark.parametrize("name", CASES)
def test_both_ways_live(name, tmp_path):
    pytest.importorskip("torch")
    theirs = pytest.importorskip("tests.nn.interop.torch_files")
    path = tmp_path / "w.safetensors"
    expected = theirs.write(name, path)
    model = CASES[name][0](nn).eval()
    model.load_state_dict(nn.load(path))
    np.testing.assert_allclose(output(name, model), expected, rtol=1e-4, atol=1e-5)
    fresh = CASES[name][0](nn).eval()
    nn.save(fresh, path)
    np.testing.assert_allclose(theirs.read(name, path), output(name, fresh), rtol=1e-4, atol=1e-5)


def test_batch_norm_brings_its_count():
    state = nn.load(HERE / "images.safetensors")
    assert state["1.num_batches_tracked"] == 1
    assert state["1.num_batches_tracked"].dtype == np.int64


def test_half_precisions():
    """bfloat16 has the range of float32 and 8 bits of its fraction; NumPy lacks it."""
    state = nn.load(HERE / "halves.safetensors")
    assert {name: array.dtype.name for name, array in state.items()} == {
        "half": "float16",
        "brain": "float32",
    }
    np.testing.assert_array_equal(state["half"], np.float16([1, -2.5, 3.140625, 0, 100]))
    np.testing.assert_array_equal(state["brain"][[0, 1, 2, 4]], [1, -2.5, 3.140625, np.inf])
    assert abs(state["brain"][3] / 1e-30 - 1) < 2**-8
    model = nn.Linear(5, 1, bias=False)
    model.load_state_dict({"weight": state["half"][None]})
    assert model.weight.dtype == np.float32


def test_a_dtype_that_numpy_lacks_is_named(tmp_path, message):
    path = tmp_path / "w.safetensors"
    header = b'{"w":{"dtype":"F8_E4M3","shape":[2],"data_offsets":[0,2]}}      '
    path.write_bytes(len(header).to_bytes(8, "little") + header + b"12")
    assert message(nn.FileFormatError, lambda: nn.load(path)) == (
        f"load: {path}: 'w' is of the dtype F8_E4M3, which is not read here. Convert it in PyTorch "
        "before saving: tensor.float()"
    )


def test_names_of_a_compiled_and_of_a_parallel_model():
    state = nn.load(HERE / "wrapped.safetensors")
    assert {name.rpartition(".")[0] for name in state} == {"_orig_mod.module"}
    model = nn.Linear(3, 2)
    model.load_state_dict(state)
    np.testing.assert_array_equal(model.weight.data, state["_orig_mod.module.weight"])
    middle = nn.Sequential(nn.Linear(3, 2))
    middle.load_state_dict({f"0.{name.replace('module.', '')}": a for name, a in state.items()})
    np.testing.assert_array_equal(middle[0].weight.data, model.weight.data)


def test_a_member_called_module_keeps_its_name():
    block = nn.Residual(nn.Linear(2, 2))
    assert set(block.state_dict()) == {"module.weight", "module.bias"}
    block.load_state_dict(block.state_dict())
    outer = {f"module.{name}": array for name, array in block.state_dict().items()}
    with pytest.raises(nn.StateDictError, match=r"missing: 'module\.weight'"):
        block.load_state_dict(outer)


def test_tied_weights_under_either_name_or_both(message):
    def tied():
        model = nn.Sequential(nn.Linear(3, 3), nn.Linear(3, 3, bias=False))
        model[1].weight = model[0].weight
        return model

    state = dict(nn.load(HERE / "tied.safetensors"))
    [name] = [name for name in state if name.endswith("weight")]
    for names in (["0.weight"], ["1.weight"], ["0.weight", "1.weight"]):
        model = tied()
        given = {"0.bias": state["0.bias"]} | dict.fromkeys(names, state[name])
        model.load_state_dict(given)
        np.testing.assert_array_equal(model[1].weight.data, state[name])
        assert model[0].weight is model[1].weight
    given["0.weight"] = state[name] + 1
    assert message(nn.StateDictError, lambda: tied().load_state_dict(given)) == (
        "load_state_dict: this state does not fit Sequential:\n"
        "  '0.weight' and '1.weight' differ; in the model they are one"
    )


class Bomb:
    """Runs code when it is unpickled."""

    def __reduce__(self):
        return (pytest.fail, ("a pickle was loaded",))


ADVICE = (
    "Reading a pickle can run any code that is in it, so none is read here. Where PyTorch is: "
    "safetensors.torch.save_file(torch.load(path, weights_only=True), 'weights.safetensors')"
)


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin", ".ckpt", ".pkl"])
def test_pickles_are_not_read(tmp_path, message, suffix):
    path = tmp_path / f"w{suffix}"
    path.write_bytes(pickle.dumps(Bomb()))
    text = message(nn.FileFormatError, lambda: nn.load(path))
    assert text.startswith(f"load: {path}: the format is told by the suffix, and {suffix!r} is not")
    assert text.endswith(f"nown: .safetensors, .npz. {ADVICE}")


@pytest.mark.parametrize("zipped", [False, True])
def test_a_pickle_under_another_name_is_not_read(tmp_path, message, zipped):
    path = tmp_path / "w.safetensors"
    path.write_bytes(pickle.dumps(Bomb()))
    if zipped:  # as torch.save writes
        content = path.read_bytes()
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("w/data.pkl", content)
    text = message(nn.FileFormatError, lambda: nn.load(path))
    assert text.startswith(f"load: {path}: expected a whole safetensors file; it is damaged,")
    assert text.endswith(f"It looks pickled. {ADVICE}")


def test_the_cases_are_those_that_were_recorded(outputs):
    assert outputs.keys() == CASES.keys()
    assert all(inspect.isfunction(build) for build, _ in CASES.values())
