"""A model as data and back, for every layer of nn, and what is said of wrong descriptions."""

import inspect
import json

import numpy as np
import pytest

import nn
from nn.architecture import layer_classes
from nn.argument_types import fits

# How to make each layer with arguments that are not the usual ones. A layer of nn that has none
# fails the test of completeness.
LAYERS = {
    "AdaptiveAvgPool1d": lambda: nn.AdaptiveAvgPool1d(3),
    "AdaptiveAvgPool2d": lambda: nn.AdaptiveAvgPool2d((2, None)),
    "AvgPool1d": lambda: nn.AvgPool1d(3, 2, 1, ceil_mode=True, count_include_pad=False),
    "AvgPool2d": lambda: nn.AvgPool2d((3, 2), padding=1),
    "BatchNorm1d": lambda: nn.BatchNorm1d(3, 1e-3, None, dtype=np.float64),
    "BatchNorm2d": lambda: nn.BatchNorm2d(3, affine=False, dtype=np.float64),
    "Bilinear": lambda: nn.Bilinear(2, 3, 4, bias=False),
    "CELU": lambda: nn.CELU(0.5),
    "Conv1d": lambda: nn.Conv1d(2, 4, 3, 2, "valid", 2, 2, bias=False),
    "Conv2d": lambda: nn.Conv2d(2, 4, (3, 2), padding="same", dtype=np.float64),
    "ConvTranspose1d": lambda: nn.ConvTranspose1d(2, 4, 3, 2, 1, 1, 2, dilation=2),
    "ConvTranspose2d": lambda: nn.ConvTranspose2d(2, 4, 3, (2, 1), bias=False),
    "Dropout": lambda: nn.Dropout(0.25),
    "ELU": lambda: nn.ELU(0.5),
    "Embedding": lambda: nn.Embedding(5, 3, 1),
    "Flatten": lambda: nn.Flatten(2),
    "GELU": lambda: nn.GELU("tanh"),
    "GRU": lambda: nn.GRU(2, 3, 2, bias=False, dropout=0.25),
    "GroupNorm": lambda: nn.GroupNorm(2, 4, affine=False),
    "HardSigmoid": nn.HardSigmoid,
    "HardTanh": lambda: nn.HardTanh(0.0, float("inf")),
    "Identity": nn.Identity,
    "LayerNorm": lambda: nn.LayerNorm((2, 3), bias=False),
    "LearnedPositions": lambda: nn.LearnedPositions(5, 4, 0.25, dtype=np.float64),
    "LeakyReLU": lambda: nn.LeakyReLU(0.2),
    "Linear": lambda: nn.Linear(3, 2, bias=False, dtype=np.float64),
    "LogSigmoid": nn.LogSigmoid,
    "LogSoftmax": lambda: nn.LogSoftmax(1),
    "MLP": lambda: nn.MLP(3, [4, 5], 2, "prelu", "softmax"),
    "MaxPool1d": lambda: nn.MaxPool1d(3, 1, 1, 2, True),
    "MaxPool2d": lambda: nn.MaxPool2d((3, 2)),
    "LSTM": lambda: nn.LSTM(2, 3, batch_first=False, bidirectional=True, dtype=np.float64),
    "Mish": nn.Mish,
    "ModuleDict": lambda: nn.ModuleDict({"a": nn.Linear(2, 1), "b": nn.Tanh()}),
    "ModuleList": lambda: nn.ModuleList([nn.Linear(2, 1), nn.Tanh()]),
    "MultiHeadAttention": lambda: nn.MultiHeadAttention(4, 2, 0.25, bias=False),
    "PReLU": lambda: nn.PReLU(3, init=0.5),
    "RNN": lambda: nn.RNN(2, 3, nonlinearity="relu"),
    "RMSNorm": lambda: nn.RMSNorm(4, 1e-3),
    "ReLU": nn.ReLU,
    "ReLU6": nn.ReLU6,
    "Residual": lambda: nn.Residual(nn.Linear(2, 3), nn.Linear(2, 3)),
    "SELU": nn.SELU,
    "Sequential": lambda: nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Tanh())),
    "SinusoidalPositions": lambda: nn.SinusoidalPositions(5, 4, 0.25),
    "SiLU": nn.SiLU,
    "Sigmoid": nn.Sigmoid,
    "Softmax": lambda: nn.Softmax(0),
    "Softplus": nn.Softplus,
    "Softsign": nn.Softsign,
    "Tanh": nn.Tanh,
    "TransformerDecoder": lambda: nn.TransformerDecoder(
        lambda: nn.TransformerDecoderLayer(4, 2, 8), 2, nn.LayerNorm(4)
    ),
    "TransformerDecoderLayer": lambda: nn.TransformerDecoderLayer(
        4, 2, 8, 0.2, nn.SiLU(), 1e-3, True, bias=False
    ),
    "TransformerEncoder": lambda: nn.TransformerEncoder(
        lambda: nn.TransformerEncoderLayer(4, 2, 8), 2
    ),
    "TransformerEncoderLayer": lambda: nn.TransformerEncoderLayer(4, 2, 8, 0.2, "gelu", 1e-3, True),
}


def attributes(module):
    """What a module is, without its weights and its random generator."""
    return {
        name: value
        for name, value in vars(module).items()
        if not name.startswith("_")
        and not isinstance(
            value, nn.Module | nn.Parameter | np.ndarray | np.random.Generator | list
        )
    }


def there_and_back(model):
    twin = nn.build(json.loads(json.dumps(nn.describe(model), allow_nan=False)))
    twin.load_state_dict(model.state_dict())
    return twin


def test_every_layer_of_nn_is_in_the_table():
    known = layer_classes()
    assert sorted(known) == sorted(LAYERS)


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_comes_back_with_its_arguments(name):
    model = LAYERS[name]()
    assert type(model).__name__ == name
    twin = there_and_back(model)
    assert type(twin) is type(model)
    assert repr(twin) == repr(model)
    for (_, mine), (_, theirs) in zip(model.named_modules(), twin.named_modules(), strict=True):
        kept = {k: v for k, v in attributes(mine).items() if k not in ("layers", "items")}
        other = {k: v for k, v in attributes(theirs).items() if k not in ("layers", "items")}
        assert kept == other
    for key, value in model.state_dict().items():
        assert twin.state_dict()[key].dtype == value.dtype
        np.testing.assert_array_equal(twin.state_dict()[key], value)


@pytest.mark.parametrize("name", LAYERS)
def test_the_table_sets_every_argument_somewhere(name):
    """Each constructor argument is in the description, so none can be forgotten in silence."""
    kind = getattr(nn, name)
    if "layers" in nn.describe(LAYERS[name]())["model"]["arguments"]:
        return  # described by what is in it
    written = nn.describe(LAYERS[name]())["model"]["arguments"]
    wanted = set(inspect.signature(kind).parameters) - {"rng", "init", "scale"}
    assert set(written) == (wanted - {"dtype"} if "dtype" not in written else wanted)


def test_shared_modules_tied_and_frozen_parameters_and_modes_come_back(rng):
    shared = nn.Linear(3, 3, rng=rng)
    first, last = nn.Linear(3, 3, rng=rng), nn.Linear(3, 3, bias=False)
    last.weight = first.weight
    first.bias.requires_grad = False
    model = nn.Sequential(first, shared, nn.Dropout(0.5).eval(), shared, last)
    description = nn.describe(model)
    assert description["tied"] == [["0.weight", "4.weight"]]
    assert description["frozen"] == ["0.bias"]
    assert description["model"]["arguments"]["layers"][3] == {"shared": ".layers.1"}
    twin = there_and_back(model)
    assert twin[1] is twin[3]
    assert twin[0].weight is twin[4].weight
    assert not twin[0].bias.requires_grad
    assert [module.training for module in twin] == [True, True, False, True, True]
    x = rng.standard_normal((2, 3)).astype(np.float32)
    np.testing.assert_array_equal(twin(x).data, model(x).data)


def test_a_class_of_ones_own_is_refused(message):
    class Scale(nn.Module):
        pass

    class Linear(nn.Linear):
        pass

    model = nn.Sequential(nn.Tanh(), Scale())
    assert message(TypeError, lambda: nn.describe(model)) == (
        "describe: the module '1', of the class "
        "test_a_class_of_ones_own_is_refused.<locals>.Scale, is not one of nn's own layers, and "
        "no file holds its code. Make it of nn's layers, or make the model in code and keep its "
        "weights with nn.save and nn.load"
    )
    assert message(TypeError, lambda: nn.describe(Linear(2, 1))).startswith(
        "describe: the model, of the class test_a_class_of_ones_own_is_refused.<locals>.Linear, is"
    )


def test_an_argument_that_is_a_function_is_refused(message):
    model = nn.TransformerEncoderLayer(4, 2, 8, activation=np.tanh)
    assert message(TypeError, lambda: nn.describe(model)) == (
        "describe: the argument 'activation' of a layer is <ufunc 'tanh'>; a description holds "
        "numbers, texts and modules. An activation is given by name or as a module, such as "
        "nn.GELU()"
    )


def test_a_parameter_that_no_argument_makes_is_refused(message):
    model = nn.MLP(2, [], 1)
    model.scale = nn.Parameter(1.0)
    assert message(TypeError, lambda: nn.describe(model)) == (
        "describe: 'scale' is not what the layers' arguments make: a description holds nn's layers "
        "and their arguments only. Make the model anew in code and use nn.save and nn.load for its "
        "weights"
    )


def described(name, **arguments):
    return {"model": {"class": name, "arguments": arguments}, "tied": [], "frozen": []}


@pytest.mark.parametrize(
    ("description", "text"),
    [
        ({}, "build: the description of a model lacks 'model'"),
        ({"model": 3, "tied": [], "frozen": []}, "build: the description is of 3, not of a module"),
        (
            {"model": {"class": "Tanh"}, "tied": [], "frozen": []},
            "build: no module, list or number is described by {'class': 'Tanh'}",
        ),
        (
            {"model": {"shared": ".layers.0"}, "tied": [], "frozen": []},
            "build: no module, list or number is described by {'shared': '.layers.0'}",
        ),
        (
            described("Linear", in_features="3", out_features=2),
            "build: Linear(in_features='3', out_features=2): in_features must be int; got '3'",
        ),
        (
            described("Linear", in_features=-3, out_features=2),
            "build: Linear(in_features=-3, out_features=2, init='zeros'): Linear: in_features must",
        ),
        (
            described("Linear", out_features=2, dtype="object"),
            "build: Linear(out_features=2, dtype='object'): dtype must name a floating type; got '",
        ),
        (
            described("Linear", rng="os.system"),
            "build: Linear has no argument 'rng': known: in_features, out_features, bias, dtype",
        ),
        (
            described("MaxPool2d", window=2, stride="wide"),
            "build: MaxPool2d(window=2, stride='wide'): stride must be int or tuple[int, ...] or N",
        ),
        (
            described("Residual", module=3),
            "build: Residual(module=3): module must be Module; got 3",
        ),
        (described("Sequential", layers=3), "build: Sequential(): Value after * must be an itera"),
        (
            {**described("Tanh"), "tied": [["a"]]},
            "build: a tie is two parameters' names; got ['a']",
        ),
        (
            {**described("Tanh"), "tied": [["a", "b.c"]]},
            "build: 'a' and 'b.c' are tied, but not both parameters",
        ),
        (
            {**described("Linear", in_features=2, out_features=1), "tied": [["weight", "bias"]]},
            "build: 'weight' of shape (1, 2) and 'bias' of shape (1,) cannot be tied",
        ),
        (
            {**described("Tanh"), "frozen": ["weight"]},
            "build: 'frozen' names 'weight', which is no parameter",
        ),
    ],
)
def test_a_wrong_description_is_answered(description, text, message):
    kind = nn.FileFormatError if "cannot be tied" not in text else ValueError
    assert message(kind, lambda: nn.build(description)).startswith(text)


def test_an_unknown_class_is_answered_with_the_nearest(message):
    text = message(nn.FileFormatError, lambda: nn.build(described("Linaer")))
    assert text.startswith("build: 'Linaer' is no layer of nn: did you mean 'Linear'? Known: ")
    for name in ("Module", "_BatchNorm", "os.system", "__import__"):
        assert "is no layer of nn" in message(
            nn.FileFormatError, lambda name=name: nn.build(described(name))
        )


def test_a_description_that_nests_too_deep_is_refused(message):
    inner = {"class": "Tanh", "arguments": {}}
    for _ in range(100):
        inner = {"class": "Sequential", "arguments": {"layers": [inner]}}
    assert message(
        nn.FileFormatError, lambda: nn.build({"model": inner, "tied": [], "frozen": []})
    ) == ("build: the description nests deeper than 60 levels")


def test_types_of_arguments():
    assert fits(1, float)
    assert fits(None, int | None)
    assert fits({"a": 1}, dict[str, int])
    assert fits((1, None), tuple[int | None, int | None])
    assert not fits((1, 2, 3), tuple[int, int])
    assert not fits(True, float)
    assert not fits("print", type[nn.Module])
