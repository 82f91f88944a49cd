"""Models as ONNX files: onnx's checker, its reference evaluator, and onnxruntime where it is."""

import sys

import numpy as np
import pytest

import nn
from autograd_core import MissingExtraError
from nn.architecture import layer_classes
from nn.onnx_graph import OnnxGraph
from nn.onnx_layers import EMITTERS

onnx = pytest.importorskip("onnx")
reference = pytest.importorskip("onnx.reference")

PLAIN = "Identity Tanh Sigmoid LogSigmoid Softsign HardSigmoid ReLU ReLU6 SELU GELU SiLU Mish"
CASES = {name: (lambda name=name: getattr(nn, name)(), (2, 5)) for name in PLAIN.split()} | {
    "Softplus": (nn.Softplus, (2, 5)),
    "gelu tanh": (lambda: nn.GELU("tanh"), (2, 5)),
    "HardTanh": (lambda: nn.HardTanh(-0.5, 0.25), (2, 5)),
    "Softmax": (lambda: nn.Softmax(1), (2, 3, 4)),
    "LogSoftmax": (nn.LogSoftmax, (2, 5)),
    "LeakyReLU": (lambda: nn.LeakyReLU(0.2), (2, 5)),
    "PReLU": (lambda: nn.PReLU(3), (2, 3, 4)),
    "one slope": (nn.PReLU, (2, 3, 4)),
    "ELU": (lambda: nn.ELU(0.5), (2, 5)),
    "CELU": (lambda: nn.CELU(0.5), (2, 5)),
    "MLP": (lambda: nn.MLP(4, [8], 3, "gelu"), (2, 4)),
    "Linear": (lambda: nn.Linear(4, 3, bias=False), (2, 4)),
    "linear, three axes": (lambda: nn.Linear(4, 3), (2, 5, 4)),
    "linear, double": (lambda: nn.Linear(4, 3, dtype=np.float64), (2, 4)),
    "Conv1d": (lambda: nn.Conv1d(2, 4, 3, padding="same", dilation=2), (2, 2, 9)),
    "even kernel": (lambda: nn.Conv1d(2, 3, 4, padding="same"), (2, 2, 9)),
    "Conv2d": (lambda: nn.Conv2d(2, 4, (3, 2), (2, 1), (1, 0), groups=2, bias=False), (2, 2, 6, 5)),
    "ConvTranspose1d": (lambda: nn.ConvTranspose1d(2, 3, 3, 2, 1, 1), (2, 2, 5)),
    "ConvTranspose2d": (lambda: nn.ConvTranspose2d(2, 3, 3, 2, dilation=2), (2, 2, 4, 4)),
    "MaxPool1d": (lambda: nn.MaxPool1d(3, 2, 1), (2, 2, 8)),
    "MaxPool2d": (lambda: nn.MaxPool2d(2, dilation=2), (2, 2, 6, 6)),
    "AvgPool1d": (lambda: nn.AvgPool1d(2), (2, 2, 6)),
    "AvgPool2d": (lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False), (2, 2, 6, 6)),
    "AdaptiveAvgPool1d": (lambda: nn.AdaptiveAvgPool1d(2), (2, 3, 6)),
    "AdaptiveAvgPool2d": (lambda: nn.AdaptiveAvgPool2d((1, None)), (2, 3, 4, 6)),
    "Flatten": (lambda: nn.Flatten(2), (2, 3, 4, 5)),
    "BatchNorm1d": (lambda: nn.BatchNorm1d(3, affine=False), (4, 3)),
    "BatchNorm2d": (lambda: nn.BatchNorm2d(3), (4, 3, 2, 2)),
    "LayerNorm": (lambda: nn.LayerNorm((3, 4), bias=False), (2, 3, 4)),
    "RMSNorm": (lambda: nn.RMSNorm(4), (2, 3, 4)),
    "rms norm, no weight": (lambda: nn.RMSNorm(4, 1e-3, False), (2, 4)),
    "GroupNorm": (lambda: nn.GroupNorm(2, 4), (2, 4, 3, 3)),
    "group norm, no weight": (lambda: nn.GroupNorm(2, 4, affine=False), (2, 4, 5)),
    "Dropout": (nn.Dropout, (2, 5)),
    "Residual": (lambda: nn.Residual(nn.Linear(4, 3), nn.Linear(4, 3)), (2, 4)),
    "RNN": (lambda: nn.RNN(3, 4), (2, 5, 3)),
    "rnn, relu": (lambda: nn.RNN(3, 4, batch_first=False, nonlinearity="relu"), (5, 2, 3)),
    "LSTM": (lambda: nn.LSTM(3, 4, num_layers=2), (2, 5, 3)),
    "lstm, both ways": (lambda: nn.LSTM(3, 4, 2, bidirectional=True), (2, 5, 3)),
    "GRU": (lambda: nn.GRU(3, 4, bidirectional=True), (2, 5, 3)),
    "gru, no bias": (lambda: nn.GRU(3, 4, bias=False), (2, 5, 3)),
    "Sequential": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 4, 3),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            nn.Dropout(),
            nn.Linear(36, 3),
            nn.Softmax(),
        ),
        (2, 1, 8, 8),
    ),
}
OTHERS = {"Bilinear", "Embedding"}  # tests of their own


def numbers(shape, seed=0):
    return np.random.default_rng(seed).normal(0.3, 1.5, shape).astype(np.float32)


def prepared(make, shape):
    """A model with weights and statistics that are not those of the start."""
    model, rng = make(), np.random.default_rng(3)
    if any(True for _ in model.buffers()):
        model(numbers(shape, 5))
    for parameter in model.parameters():
        parameter.data = rng.normal(0.1, 0.4, parameter.shape).astype(parameter.dtype)
    return model


def flat(out):
    if isinstance(out, tuple):
        return [array for each in out for array in flat(each)]
    return [out if isinstance(out, np.ndarray) else out.data]


def evaluate(model, *inputs):
    model.eval()
    return flat(model(*inputs))


def by_reference(path, *inputs):
    evaluator = reference.ReferenceEvaluator(path)
    return evaluator.run(None, dict(zip(evaluator.input_names, inputs, strict=True)))


def by_runtime(path, *inputs):
    runtime = pytest.importorskip("onnxruntime")
    session = runtime.InferenceSession(path, providers=["CPUExecutionProvider"])
    return session.run(None, {i.name: x for i, x in zip(session.get_inputs(), inputs, strict=True)})


def compare(found, expected):
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected, strict=True):
        assert mine.shape == theirs.shape
        np.testing.assert_allclose(mine, theirs, rtol=1e-4, atol=2e-5)


def test_every_layer_that_can_be_exported_is_tried():
    made = {type(module).__name__ for make, _ in CASES.values() for module in make().modules()}
    assert {kind.__name__ for kind in EMITTERS} <= made | OTHERS
    assert {kind.__name__ for kind in EMITTERS} <= set(layer_classes())


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("run", [by_reference, by_runtime])
@pytest.mark.parametrize("name", CASES)
def test_other_programs_compute_the_same_for_any_number_of_rows(name, run, tmp_path):
    if name == "rnn, relu" and run is by_reference:
        pytest.skip("onnx's reference evaluator knows no other activation than tanh in an RNN")
    make, shape = CASES[name]
    model = prepared(make, shape)
    path = str(tmp_path / "model.onnx")
    nn.export_onnx(model, numbers(shape), path)
    onnx.checker.check_model(path, full_check=True)
    dtype = next((p.dtype for p in model.parameters()), np.float32)
    for rows in (shape[0], shape[0] + 3, 1):
        x = numbers((rows, *shape[1:]), 9).astype(dtype)
        compare(run(path, x), evaluate(model, x))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("run", [by_reference, by_runtime])
def test_several_inputs_and_whole_numbers(run, tmp_path):
    path = str(tmp_path / "model.onnx")
    model = nn.Bilinear(3, 4, 2)
    nn.export_onnx(model, (numbers((2, 3)), numbers((2, 4))), path)
    a, b = numbers((5, 3)), numbers((5, 4))
    compare(run(path, a, b), evaluate(model, a, b))
    words = nn.Sequential(nn.Embedding(7, 3), nn.Flatten(), nn.Linear(12, 2))
    nn.export_onnx(words, np.zeros((1, 4), int), path)
    x = np.arange(12).reshape(3, 4) % 7
    compare(run(path, x), evaluate(words, x))


def test_what_the_file_says(tmp_path):
    path = tmp_path / "model.onnx"
    model = nn.MLP(4, [8], 3).train()
    nn.export_onnx(model, np.zeros((1, 4)), path)
    page = onnx.load(path)
    assert (page.opset_import[0].version, page.ir_version) == (18, 8)
    assert page.producer_name == "autograd-core"
    [given], [made] = page.graph.input, page.graph.output
    sizes = [size.dim_param or size.dim_value for size in given.type.tensor_type.shape.dim]
    assert (given.name, sizes, made.name) == ("input", ["batch", 4], "output")
    assert model.training


def test_a_class_of_ones_own(tmp_path, message):
    class Twice(nn.Module):
        def __init__(self):
            self.inner = nn.Linear(3, 2)

        def forward(self, x):
            return self.inner(x) * 2.0

    model = nn.Sequential(nn.Tanh(), Twice())
    x, path = numbers((2, 3)), tmp_path / "model.onnx"
    text = message(TypeError, lambda: nn.export_onnx(model, x, path))
    assert text.startswith(
        "export_onnx: layer '1' is of the class Twice, and it is not known how that reads in ONNX. "
        "Known: AdaptiveAvgPool1d, AdaptiveAvgPool2d, AvgPool1d, "
    )
    assert text.endswith(
        "For a class of your own, say it: export_onnx(..., layers={Twice: lambda graph, module, x: "
        "graph.layer(module.first, x)})"
    )
    assert not path.exists()

    def twice(graph: OnnxGraph, module, x):
        return graph.node("Mul", [graph.layer(module.inner, x), graph.constant(2.0)])

    nn.export_onnx(model, x, path, layers={Twice: twice})
    compare(by_reference(str(path), x), evaluate(model, x))


@pytest.mark.parametrize(
    ("model", "shape", "text"),
    [
        (
            nn.Sequential(nn.MaxPool2d(2, ceil_mode=True)),
            (1, 1, 5, 5),
            (
                "export_onnx: layer '0' is MaxPool2d(2, ceil_mode=True): programs that read "
                "ONNX "
                "disagree about ceil_mode=True. Pad the input instead, so that the windows fit"
            ),
        ),
        (
            nn.AdaptiveAvgPool1d(2),
            (1, 1, 5),
            (
                "export_onnx: the model is AdaptiveAvgPool1d(2), of an input of shape (1, 1, 5): "
                "ONNX "
                "has windows of one size only, so the output's sizes must divide the input's"
            ),
        ),
        (
            nn.BatchNorm1d(2, track_running_stats=False),
            (3, 2),
            (
                "export_onnx: the model is BatchNorm1d(2, track_running_stats=False): it "
                "normalises by each batch's own statistics, which ONNX has for training only"
            ),
        ),
    ],
    ids=["ceil_mode", "adaptive", "statistics"],
)
def test_options_without_a_counterpart(model, shape, text, tmp_path, message):
    call = lambda: nn.export_onnx(model, numbers(shape), tmp_path / "m.onnx")  # noqa: E731
    assert message(ValueError, call) == text


@pytest.mark.parametrize(
    ("model", "inputs", "text"),
    [
        (nn.Bilinear(3, 4, 2), [(2, 3)], "the model, a Bilinear, takes 2 inputs; got 1"),
        (nn.Linear(3, 4), [(2, 3)] * 2, "the model, a Linear, takes 1 input; got 2"),
        (nn.Sequential(nn.Bilinear(3, 4, 2)), [(2, 3)], "layer '0', a Bilinear, takes 2 inputs; "),
    ],
)
def test_too_few_or_too_many_inputs(model, inputs, text, tmp_path, message):
    given = tuple(numbers(shape) for shape in inputs)
    example = given if len(given) > 1 else given[0]
    said = message(TypeError, lambda: nn.export_onnx(model, example, tmp_path / "m.onnx"))
    assert said.startswith(f"export_onnx: {text}")
    assert said.endswith("a model of several inputs is a tuple of arrays, one for each")


def test_a_wrong_suffix_and_a_missing_package(tmp_path, message, monkeypatch):
    assert message(ValueError, lambda: nn.export_onnx(nn.Tanh(), numbers(2), "model.pb")) == (
        "export_onnx: model.pb: the name of an ONNX file ends in .onnx"
    )
    monkeypatch.setitem(sys.modules, "onnx", None)
    call = lambda: nn.export_onnx(nn.Tanh(), numbers(2), tmp_path / "m.onnx")  # noqa: E731
    assert message(MissingExtraError, call) == (
        "This needs the package 'onnx', which is not installed. Install it with: "
        "pip install 'autograd-core[onnx]'"
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("batch_first", [True, False])
@pytest.mark.parametrize("kind", [nn.RNN, nn.LSTM, nn.GRU])
def test_only_the_first_axis_of_sequences_is_free(kind, batch_first, tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    model = kind(3, 4, batch_first=batch_first, rng=np.random.default_rng(0))
    path = str(tmp_path / "model.onnx")
    nn.export_onnx(model, numbers((2, 5, 3)), path)
    for size in (1, 7):
        x = numbers((size, 5, 3))
        compare(by_runtime(path, x)[:1], [model(x)[0].data])
    refused = runtime.capi.onnxruntime_pybind11_state.InvalidArgument
    with pytest.raises(refused, match="index: 1 Got: 4 Expected: 5"):
        by_runtime(path, numbers((2, 4, 3)))


def test_outputs_before_the_padding_at_the_end_are_right(tmp_path):
    model = nn.GRU(3, 4, rng=np.random.default_rng(0))
    path = str(tmp_path / "model.onnx")
    nn.export_onnx(model, numbers((1, 5, 3)), path)
    x = numbers((2, 3, 3))
    out, state = by_reference(path, np.pad(x, ((0, 0), (0, 2), (0, 0))))
    alone, last = model(x)
    compare([out[:, :3]], [alone.data])
    assert not np.allclose(state, last.data, atol=1e-3)
