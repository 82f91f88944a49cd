"""docs/networks.md names every argument that differs from PyTorch's.

That what it says of this side is true is checked always; that nothing is left out, where torch is
installed.
"""

import inspect
import re
from pathlib import Path

import pytest

import nn

PAGE = Path(__file__).resolve().parents[2] / "docs" / "networks.md"
SECTION = (
    PAGE.read_text("utf-8").split("## Names that differ from PyTorch's\n")[1].split("\n## ")[0]
)
ROWS = [line[1:-1].split("|") for line in SECTION.splitlines() if line.startswith("| ")]

OTHER_NAMES = {
    "MultiHeadAttention": "MultiheadAttention",
    "HardTanh": "Hardtanh",
    "HardSigmoid": "Hardsigmoid",
    "mae_loss": "l1_loss",
    "triplet_loss": "triplet_margin_loss",
    "kl_divergence": "kl_div",
    "clip_gradient_norm": "clip_grad_norm_",
    "clip_gradient_value": "clip_grad_value_",
    "ExponentialMovingAverage": "AveragedModel",
}
SCHEDULES = {
    "Step": "StepLR",
    "MultiStep": "MultiStepLR",
    "Exponential": "ExponentialLR",
    "Polynomial": "PolynomialLR",
    "Cosine": "CosineAnnealingLR",
    "Warmup": "LinearLR",
    "OneCycle": "OneCycleLR",
    "ReduceOnPlateau": "ReduceLROnPlateau",
}
INITIALISERS = {
    "he_uniform": "kaiming_uniform_",
    "he_normal": "kaiming_normal_",
    "truncated_normal": "trunc_normal_",
    "identity": "eye_",
}
RENAMED = OTHER_NAMES | SCHEDULES | INITIALISERS
LAYERS = {
    "BatchNorm1d": (3,),
    "Bilinear": (3, 4, 5),
    "Conv1d": (2, 4, 3),
    "Conv2d": (2, 4, 3),
    "ConvTranspose1d": (2, 4, 3),
    "ConvTranspose2d": (2, 4, 3),
    "Embedding": (5, 3),
    "GRU": (3, 4, 2),
    "GroupNorm": (2, 4),
    "LSTM": (3, 4, 2),
    "LayerNorm": (3,),
    "Linear": (3, 4),
    "MultiHeadAttention": (8, 2),
    "PReLU": (),
    "RMSNorm": (3,),
    "RNN": (3, 4, 2),
    "TransformerDecoderLayer": (8, 2, 16),
    "TransformerEncoderLayer": (8, 2, 16),
}


def _words(text):
    """Names in what is set as code."""
    return {word for code in re.findall(r"`([^`]+)`", text) for word in re.findall(r"\w+", code)}


def _named():
    """Everything public that may have a counterpart, by name."""
    places = (nn, nn.schedules, nn.init)
    return {
        name: value
        for place in places
        for name, value in vars(place).items()
        if inspect.isfunction(value)
        or (inspect.isclass(value) and not issubclass(value, Exception | nn.Parameter))
    }


def _parameters(function):
    parameters = inspect.signature(function).parameters.values()
    starred = {inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD}
    return {p.name: p.default for p in parameters if p.kind not in starred and p.name[0] != "_"}


def _ours():
    """Each name here, of things and of their arguments."""
    found = set(dir(nn.Module))
    for name, value in _named().items():
        found |= {name, *_parameters(value), *_parameters(getattr(value, "forward", str.lower))}
    return found


def test_what_the_page_says_is_here_is_here():
    assert len(ROWS) > 40
    assert {len(row) for row in ROWS} == {3}
    here = set().union(*(_words(row[1]) for row in ROWS))
    plain = {"nn", "lambda", "True", "None"}
    values = {word for word in here if word.isdigit()} | {"batchmean"}
    optimizer = {"l1", "decoupled", "weight_decay"}
    assert optimizer <= _parameters(nn.Optimizer).keys()
    assert here - plain - values - optimizer <= _ours()


def test_the_defaults_the_page_gives():
    assert _parameters(nn.cross_entropy)["ignore_index"] is None
    assert _parameters(nn.nll_loss)["ignore_index"] is None
    assert _parameters(nn.kl_divergence)["reduction"] == "batchmean"
    assert _parameters(nn.LBFGS)["line_search"] is True
    assert _parameters(nn.SGD)["lr"] is inspect.Parameter.empty
    assert _parameters(nn.Softmax)["axis"] == _parameters(nn.LogSoftmax)["axis"] == -1
    assert _parameters(nn.Linear)["init"] == _parameters(nn.Bilinear)["init"] == "xavier_uniform"
    for kind in (nn.Conv1d, nn.Conv2d, nn.ConvTranspose1d, nn.ConvTranspose2d):
        assert _parameters(kind)["init"] == "he_uniform"
    for layer in (nn.Linear(3, 4), nn.Bilinear(3, 4, 5), nn.Conv2d(2, 4, 3)):
        assert not layer.bias.data.any()
    assert {_parameters(kind)["batch_first"] for kind in (nn.RNN, nn.LSTM, nn.GRU)} == {True}
    assert (_parameters(nn.init.uniform)["low"], _parameters(nn.init.uniform)["high"]) == (-1, 1)
    assert _parameters(nn.init.sparse)["std"] == 1


def _pairs():
    """Ours and theirs, constructors, functions and what a layer is called with."""
    torch = pytest.importorskip("torch")
    places = (
        torch.nn,
        torch.nn.functional,
        torch.optim,
        torch.optim.lr_scheduler,
        torch.nn.utils,
        torch.optim.swa_utils,
    )
    for name, ours in _named().items():
        other = RENAMED.get(name, name)
        if hasattr(nn.init, name) and hasattr(torch.nn.init, other.rstrip("_") + "_"):
            yield name, ours, getattr(torch.nn.init, other.rstrip("_") + "_")
            continue
        theirs = next((getattr(place, other) for place in places if hasattr(place, other)), None)
        if theirs in (None, torch.optim.Optimizer) or inspect.isbuiltin(theirs):
            continue
        if name in ("RNN", "LSTM", "GRU"):
            yield name, ours, torch.nn.RNNBase
            yield f"{name}.forward", ours.forward, theirs.forward
            continue
        yield name, ours, theirs
        if "Attention" in name or "Transformer" in name or "ConvT" in name:
            yield f"{name}.forward", ours.forward, theirs.forward


def test_every_argument_that_differs_is_on_the_page():
    said, pairs = _words(SECTION), list(_pairs())
    unsaid = []
    for name, ours, theirs in pairs:
        mine, other = _parameters(ours), _parameters(theirs)
        differing = set(mine) ^ set(other)
        for both in set(mine) & set(other) - {"dtype", "modules"}:
            default = other[both].__name__ if inspect.isfunction(other[both]) else other[both]
            if mine[both] != default and "forward" not in name:
                differing.add(both)
        optional = {"self", "x", "input"} if "forward" in name else set()
        masks = {word for word in differing if word.endswith(("_mask", "is_causal"))}
        unsaid += [f"{name}: {word}" for word in sorted(differing - said - optional - masks)]
    assert len(pairs) > 80
    assert not unsaid, unsaid


@pytest.mark.parametrize("name", LAYERS)
def test_state_dicts_have_pytorchs_names_and_shapes(name):
    torch = pytest.importorskip("torch")
    ours = getattr(nn, name)(*LAYERS[name]).state_dict()
    theirs = getattr(torch.nn, RENAMED.get(name, name))(*LAYERS[name]).state_dict()
    shapes = {key: tuple(value.shape) for key, value in ours.items()}
    assert shapes == {key: tuple(value.shape) for key, value in theirs.items()}
