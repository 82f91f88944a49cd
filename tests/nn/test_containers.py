"""ModuleList, ModuleDict, Residual and Bilinear: what they hold, name, compute and refuse."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor


def test_a_list_names_by_position_and_grows():
    modules = nn.ModuleList([nn.Linear(2, 3)])
    modules.append(nn.Tanh())
    modules[0] = nn.Linear(2, 4, bias=False)
    assert [name for name, _ in modules.named_parameters()] == ["0.weight"]
    assert len(modules) == 2
    assert [type(module) for module in modules] == [nn.Linear, nn.Tanh]
    assert repr(modules) == "ModuleList(\n  (0): Linear(2, 4, bias=False)\n  (1): Tanh()\n)"


def test_a_dict_names_by_key():
    modules = nn.ModuleDict({"a": nn.Linear(2, 3)})
    modules["b"] = nn.Tanh()
    assert list(modules) == ["a", "b"]
    assert "b" in modules
    assert len(modules) == 2
    state = modules.state_dict()
    assert list(state) == ["a.weight", "a.bias"]
    modules.load_state_dict({name: np.zeros_like(value) for name, value in state.items()})
    assert not modules["a"].weight.data.any()


def test_a_residual_block_adds_its_input(rng):
    inner = nn.Linear(3, 3, rng=rng, dtype=np.float64)
    x = Tensor(rng.standard_normal((4, 3)))
    np.testing.assert_allclose(nn.Residual(inner)(x).data, x.data + inner(x).data)
    wide, past = nn.Linear(3, 5, rng=rng), nn.Linear(3, 5, rng=rng)
    block = nn.Residual(wide, shortcut=past)
    np.testing.assert_allclose(block(x).data, past(x).data + wide(x).data)
    assert [name for name, _ in block.named_parameters()][-1] == "shortcut.bias"


def test_a_shared_layer_is_one_parameter_and_gets_both_gradients(rng):
    shared = nn.Linear(2, 2, bias=False, rng=rng, dtype=np.float64)
    model = nn.Sequential(shared, nn.Tanh(), shared)
    assert len(list(model.parameters())) == 1
    x = rng.standard_normal((3, 2))

    def loss(first, second):
        return np.sum(np.square(np.tanh(x @ first.T) @ second.T))

    w = shared.weight.data
    parts = ag.grad(loss, argnums=(0, 1))(w, w)
    np.sum(np.square(model(x))).backward()
    np.testing.assert_allclose(shared.weight.grad, parts[0] + parts[1], rtol=1e-12)


def test_frozen_layers_do_not_move(rng):
    model = nn.MLP(2, [3], 1, rng=rng)
    model[0].freeze()
    before = model[0].weight.data.copy()
    optimizer = nn.SGD(model.parameters(), lr=0.1, weight_decay=0.1)
    nn.mse_loss(model(np.ones((4, 2), np.float32)), np.zeros((4, 1))).backward()
    optimizer.step()
    assert (model[0].weight.data == before).all()
    assert model[2].weight.grad is not None


@pytest.mark.parametrize("bias", [True, False])
def test_bilinear_sums_every_product(rng, bias):
    layer = nn.Bilinear(3, 4, 2, bias, rng=rng, dtype=np.float64)
    a, b = Tensor(rng.standard_normal((5, 6, 3))), Tensor(rng.standard_normal((5, 6, 4)))
    out = layer(a, b)
    expected = np.einsum("nmi,oij,nmj->nmo", a.data, layer.weight.data, b.data)
    np.testing.assert_allclose(out.data, expected, rtol=1e-12)
    g = rng.standard_normal(out.shape)
    out.backward(g)
    np.testing.assert_allclose(
        layer.weight.grad, np.einsum("nmo,nmi,nmj->oij", g, a.data, b.data), rtol=1e-12
    )
    np.testing.assert_allclose(
        a.grad, np.einsum("nmo,oij,nmj->nmi", g, layer.weight.data, b.data), rtol=1e-12
    )
    assert repr(layer) == ("Bilinear(3, 4, 2)" if bias else "Bilinear(3, 4, 2, bias=False)")


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.ModuleList([3]), TypeError, "ModuleList: 0 is 3, not a Module"),
        (lambda: nn.ModuleDict({"a": 3}), TypeError, "ModuleDict: 'a' is 3, not a Module"),
        (lambda: nn.ModuleDict({"a.b": nn.Tanh()}), ValueError,
         "ModuleDict: a name is text without a dot (dots join names); got 'a.b'"),
        (lambda: nn.ModuleDict({"left": nn.Tanh()})["lift"], KeyError,
         '"no module named \'lift\': did you mean \'left\'? Known: left"'),
        (lambda: nn.Residual(np.tanh), TypeError,
         "Residual: 'module' is <ufunc 'tanh'>, not a Module"),
        (lambda: nn.Residual(nn.Linear(3, 5))(Tensor(np.ones((2, 3)))), ag.ShapeError,
         ("Residual: the module made (2, 5) of (2, 3), so it cannot be added to what goes past, "
          "(2, 3). Give a shortcut= that makes the same shape")),
        (lambda: nn.Bilinear(3, 4, 2)(np.ones((5, 3)), np.ones((4, 4))), ag.ShapeError,
         ("Bilinear: the inputs must have shapes (..., 3) and (..., 4), with the same axes before; "
          "got (5, 3) and (4, 4)")),
        (lambda: nn.Bilinear(3, 0, 2), ValueError,
         "Bilinear: second_features must be a whole number of at least 1; got 0"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(message, call, error, text):
    assert message(error, call) == text


@pytest.mark.parametrize("model", [nn.MLP(2, [3], 1), nn.Sequential(*nn.MLP(2, [3], 1))])
def test_a_slice_of_a_sequential_is_one_that_shares_its_modules(model):
    x = np.ones((4, 2), np.float32)
    first = model.eval()[:2]
    assert type(first) is nn.Sequential
    assert not first.training
    assert first[0] is model[0]
    np.testing.assert_array_equal(model[2:](first(x)).data, model(x).data)
    assert list(model[::-1]) == [model[-1], model[1], model[0]]
    first[0].weight.data[:] = 0
    assert not model[0].weight.data.any()
    assert nn.build(nn.describe(first)).state_dict().keys() == first.state_dict().keys()


def test_a_slice_of_a_list_is_a_list():
    part = nn.ModuleList([nn.ReLU(), nn.Tanh()])[1:]
    assert isinstance(part, nn.ModuleList)
    assert [type(module) for module in part] == [nn.Tanh]


@pytest.mark.parametrize("modules", [nn.Sequential(nn.ReLU()), nn.ModuleList([nn.ReLU()])])
def test_a_place_that_is_not_there_is_named(modules):
    kind = type(modules).__name__
    with pytest.raises(IndexError, match=f"{kind}: there is no module 3; the 1 are counted from 0"):
        modules[3]
    with pytest.raises(TypeError, match=f"{kind}: a place is a number or a slice; got 'a'"):
        modules["a"]
    assert modules[np.int64(0)] is modules[-1]


TAKE = (
    "Take what it needs of them in a forward() of your own: outputs, state = self.recurrent(x), "
    "then self.rest(outputs), or self.rest(outputs[:, -1]) for the last step alone"
)


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ([nn.Linear(4, 2)], "layer 1 (Linear) takes one array, but layer 0 (LSTM) returned"),
        ([nn.GRU(4, 2)], "layer 1 (GRU) takes one array, but layer 0 (LSTM) returned"),
        ([nn.ReLU()], "layer 1 (ReLU) takes one array, but layer 0 (LSTM) returned"),
        ([nn.Residual(nn.Tanh())],
         "layer 1 (Residual) takes one array, but layer 0 (LSTM) returned"),
    ],
)  # fmt: skip
def test_a_layer_behind_an_lstm_is_told_that_it_was_given_a_tuple(message, rest, told):
    model = nn.Sequential(nn.LSTM(3, 4), *rest)
    x = np.ones((1, 5, 3), np.float32)
    assert message(ag.DTypeError, lambda: model(x)) == (
        f"Sequential: {told} a tuple of 2, (outputs, state). {TAKE}"
    )


def test_a_tuple_for_the_whole_is_told_too(message):
    model = nn.Sequential(nn.Sequential(nn.Linear(3, 4)))
    x = Tensor(np.ones((1, 3), np.float32), requires_grad=True)
    assert message(ag.DTypeError, lambda: model((x, x, x))) == (
        "Sequential: layer 0 (Linear) takes one array, but this Sequential was given a tuple of 3. "
        "Take what it needs of them in a forward() of your own"
    )


def test_without_recording_it_is_told_in_the_same_words(message):
    model = nn.Sequential(nn.LSTM(3, 4), nn.Linear(4, 2))
    x = np.ones((1, 5, 3), np.float32)
    told = message(ag.DTypeError, lambda: nn.predict(model, x))
    assert told == message(ag.DTypeError, lambda: model(x))


def test_a_class_of_one_s_own_may_take_the_tuple_and_fail_in_its_own_words():
    class Last(nn.Module):
        def forward(self, given):
            return given[0][:, -1]

    class Wrong(nn.Module):
        def forward(self, given):
            raise ValueError(f"{len(given)} are too many")

    x = np.ones((2, 5, 3), np.float32)
    assert nn.Sequential(nn.LSTM(3, 4), Last(), nn.Linear(4, 2))(x).shape == (2, 2)
    with pytest.raises(ValueError, match=r"^2 are too many$"):
        nn.Sequential(nn.LSTM(3, 4), Wrong())(x)
