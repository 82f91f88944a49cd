"""Parameters by name: own rates, own decay, and what is refused."""

import numpy as np
import pytest

import nn
from autograd_core import Tensor


def model():
    return nn.MLP(2, [3], 1, rng=np.random.default_rng(0))


def test_a_group_moves_at_its_own_rate_and_follows_a_schedule():
    slow, quick = Tensor([1.0]), Tensor([1.0])
    optimizer = nn.SGD([{"parameters": [slow], "lr": 0.1}, {"parameters": [quick]}], lr=0.5)
    slow.grad = quick.grad = np.array([1.0])
    optimizer.step()
    np.testing.assert_allclose([slow.data[0], quick.data[0]], [0.9, 0.5])
    optimizer.lr = 0.05
    assert optimizer.lr_of(0) == pytest.approx(0.01)
    optimizer.step()
    np.testing.assert_allclose([slow.data[0], quick.data[0]], [0.89, 0.45])


def test_biases_without_decay_by_name():
    network = model()
    groups = nn.parameter_groups(network, {"*.bias": {"weight_decay": 0.0}})
    optimizer = nn.SGD(groups, lr=0.1, weight_decay=0.5)
    before = {name: p.data.copy() for name, p in network.named_parameters()}
    for parameter in network.parameters():
        parameter.grad = np.zeros(parameter.shape, parameter.dtype)
    network[0].bias.data += 1.0
    optimizer.step()
    np.testing.assert_allclose(network[0].weight.data, before["0.weight"] * 0.95, rtol=1e-6)
    assert (network[0].bias.data == 1.0).all()


def test_the_first_pattern_that_fits_decides():
    groups = nn.parameter_groups(model(), {"0.bias": {"lr": 0.1}, "*.bias": {"lr": 0.2}})
    assert [(g.get("lr"), len(g["parameters"])) for g in groups] == [(0.1, 1), (0.2, 1), (None, 2)]


@pytest.mark.parametrize("decoupled", [False, True])
def test_l1_and_l2_of_every_optimiser(decoupled):
    """With a gradient of zero, only the penalties move: SGD shows by how much."""
    x = Tensor([2.0, -2.0, 0.0])
    optimizer = nn.SGD([x], lr=0.1, weight_decay=0.5, l1=0.25, decoupled=decoupled)
    x.grad = np.zeros(3)
    optimizer.step()
    l2 = 0.1 * 0.5 * 2.0
    np.testing.assert_allclose(x.data, [2.0 - l2 - 0.025, -2.0 + l2 + 0.025, 0.0], rtol=1e-12)
    assert (x.grad == 0.0).all()


def test_a_scalar_is_penalised_too():
    x = Tensor(2.0)
    x.grad = np.float64(0.0)
    nn.SGD([x], lr=0.1, weight_decay=0.5).step()
    assert x.item() == pytest.approx(1.9)


X = Tensor([1.0])


@pytest.mark.parametrize(
    ("call", "error", "text"),
    [
        (lambda: nn.parameter_groups(model(), {"*.bais": {"lr": 1.0}}), ValueError,
         ("parameter_groups: no parameter is left for '*.bais'; did you mean '2.bias'? "
         "Known: 0.weight, 0.bias, 2.weight, 2.bias")),
        (lambda: nn.SGD([{"parameters": [X], "rl": 1.0}], lr=0.1), ValueError,
         "SGD: a group has no option 'rl'; did you mean 'lr'? Known: lr, weight_decay, l1"),
        (lambda: nn.SGD([{"parameters": [X], "lr": -1.0}], lr=0.1), ValueError,
         "SGD: a group's lr must be a finite number of at least 0; got -1.0"),
        (lambda: nn.SGD([{"params": [X]}], lr=0.1), TypeError,
         ("SGD: a group is a dict with a list of Tensors under 'parameters' and any of lr, "
         "weight_decay, l1; this one has 'params'")),
        (lambda: nn.SGD({"parameters": [X]}, lr=0.1), TypeError,
         "SGD: give the parameters as a list or as model.parameters(); got one dict"),
        (lambda: nn.SGD([{"parameters": [X], "lr": 1.0}, {"parameters": [X]}], lr=0.1), ValueError,
         ("SGD: a parameter of shape (1,) is in two groups with different options: {'lr': 1.0} "
         "and {}")),
        (lambda: nn.SGD([{"parameters": [X], "lr": 1.0}], lr=0.0), ValueError,
         "SGD: groups' rates are kept relative to lr, which is 0; give lr > 0"),
        (lambda: nn.SGD([X], lr=0.1, l1=-1.0), ValueError,
         "SGD: l1 must be a finite number of at least 0; got -1.0"),
        (lambda: nn.LBFGS([{"parameters": [X], "weight_decay": 1.0}]), ValueError,
         "LBFGS: one rate for all parameters, and no decay; give no groups"),
        (lambda: nn.LBFGS([X]).step(), TypeError,
         ("LBFGS.step: it evaluates the loss several times, so give it a function that clears the "
         "gradients, computes the loss, calls backward() and returns the loss")),
        (lambda: nn.LBFGS([Tensor([1.0])]).step(lambda: 1.0), ValueError,
         ("LBFGS.step: after calling the function no parameter has a gradient; it must call "
         "backward() on the loss before it returns it")),
        (lambda: nn.Lion([X], betas=(0.9, 1.5)), ValueError,
         "Lion: betas[1] must be in [0, 1); got 1.5"),
    ],
)  # fmt: skip
def test_wrong_calls_are_named(call, error, text):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == text


def test_a_state_that_does_not_fit_is_named_and_nothing_changes():
    x, y = Tensor([1.0, 2.0]), Tensor([1.0])
    optimizer = nn.Adam([x])
    x.grad = np.ones(2)
    optimizer.step()
    before = optimizer.state_dict()
    with pytest.raises(nn.StateDictError) as caught:
        optimizer.load_state_dict(nn.Adam([y]).state_dict())
    assert "'mean.0' has shape (1,) in the state, (2,) here" in str(caught.value)
    with pytest.raises(nn.StateDictError, match=r"missing: 'mean\.0'"):
        optimizer.load_state_dict(nn.SGD([x], lr=0.1).state_dict())
    with pytest.raises(nn.StateDictError, match=r"not in this optimiser: 'steps'"):
        nn.SGD([x], lr=0.1).load_state_dict(before)
    with pytest.raises(nn.StateDictError, match="LBFGS with 2 numbers"):
        nn.LBFGS([x]).load_state_dict(before)
    after = optimizer.state_dict()
    assert all((after[name] == before[name]).all() for name in before)
