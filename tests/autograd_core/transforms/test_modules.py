"""Derivatives with respect to the parameters of a module."""

import numpy as np

import autograd_core as ag
import nn


def batch(rng):
    return rng.normal(size=(5, 3)), rng.normal(size=(5, 2))


def loss_of(model, x, y):
    return np.mean((model(x) - y) ** 2)


def test_of_a_module_it_is_a_dict_of_what_backward_gives(rng):
    model = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 2))
    x, y = batch(rng)
    value, gradients = ag.value_and_grad(loss_of)(model, x, y)
    loss = loss_of(model, x, y)
    loss.backward()
    assert value == loss.data
    assert list(gradients) == [name for name, _ in model.named_parameters()]
    for name, parameter in model.named_parameters():
        assert type(gradients[name]) is np.ndarray
        assert gradients[name].dtype == parameter.dtype
        np.testing.assert_array_equal(gradients[name], parameter.grad)


def test_of_a_module_within_a_tree(rng):
    model = nn.Linear(3, 2)
    x, y = batch(rng)
    found = ag.grad(lambda t: loss_of(t["model"], t["x"], y))({"model": model, "x": x})
    assert set(found) == {"model", "x"}
    assert set(found["model"]) == {"weight", "bias"}
    assert found["x"].shape == x.shape


def test_frozen_parameters_are_constants(rng):
    model = nn.Linear(3, 2)
    model.bias.requires_grad = False
    x, y = batch(rng)
    assert list(ag.grad(loss_of)(model, x, y)) == ["weight"]


def test_a_module_and_an_array_at_once(rng):
    model = nn.Linear(3, 2)
    x, y = batch(rng)
    by_name, by_x = ag.grad(loss_of, (0, 1))(model, x, y)
    assert by_x.shape == x.shape
    assert type(by_x) is np.ndarray
    assert by_name["weight"].shape == (2, 3)


def test_parameters_in_a_closure_keep_the_result_recorded():
    model = nn.Linear(3, 1)
    slope = ag.grad(lambda x: np.sum(model(x) ** 2))(np.ones((1, 3)))
    np.sum(slope**2).backward()  # a gradient penalty
    assert model.weight.grad.shape == (1, 3)


def test_training_by_hand_with_value_and_grad(rng):
    model = nn.Linear(3, 2, rng=rng)
    x, y = batch(rng)
    first, _ = ag.value_and_grad(loss_of)(model, x, y)
    for _ in range(20):
        last, gradients = ag.value_and_grad(loss_of)(model, x, y)
        for name, parameter in model.named_parameters():
            parameter.data -= 0.1 * gradients[name]
    assert last < first
