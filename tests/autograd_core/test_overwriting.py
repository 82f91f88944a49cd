"""Whatever a person overwrites between forward and backward is right or noticed, never wrong."""

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor


def raises_overwritten(loss, *leaves):
    """The pass is refused, and nothing is written."""
    with pytest.raises(ag.OverwrittenError, match="overwritten"):
        loss.backward()
    assert all(leaf.grad is None for leaf in leaves)


# ---------------------------------------------------------------- through a Tensor: exact


def step_by_data(w):
    w.data -= 0.1


def step_by_buffer(w):
    data = w.data
    np.subtract(data, 0.1, out=data)
    w.data = data


def step_by_operator(w):
    with ag.no_grad():
        w -= 0.1


def step_by_item(w):
    with ag.no_grad():
        w[0] = 0.1


def step_by_view(w):
    with ag.no_grad():
        view = w[1:]
        view *= 2.0


def step_by_detached(w):
    d = w.detach()
    d += 1.0


STEPS = [
    step_by_data,
    step_by_buffer,
    step_by_operator,
    step_by_item,
    step_by_view,
    step_by_detached,
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("size", [4, 5000])
def test_a_step_between_forward_and_backward_is_noticed(step, size):
    w = Tensor(np.linspace(1, 2, size))
    loss = (w * w).sum()
    step(w)
    raises_overwritten(loss, w)
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad, 2 * w.data)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_that_touches_nothing_saved_is_no_obstacle(step):
    w, x = Tensor(np.linspace(1, 2, 4)), np.arange(4.0)
    loss = (w + x).sum() + (2.0 * w - x).mean() + np.exp(w * 1.5).sum()
    expected = 1.0 + 0.5 + 1.5 * np.exp(1.5 * w.data)
    step(w)
    loss.backward()
    np.testing.assert_allclose(w.grad, expected, rtol=1e-15)


def test_an_optimisers_step_between_two_losses():
    model = [Tensor(np.ones((3, 2))), Tensor(np.ones(3))]
    x = np.ones((5, 2))
    hidden = ag.linear(x, *model)
    first, second = (hidden**2).sum(), np.tanh(hidden).sum()
    first.backward(retain_graph=True)
    for parameter in model:
        parameter.data -= 0.1 * parameter.grad
        parameter.zero_grad()
    second.backward()  # the layer saved x, not the weights: this is still right
    assert model[0].grad.shape == (3, 2)


def test_an_optimisers_step_before_the_layers_below_are_walked():
    w1, w2 = Tensor(np.ones((3, 2))), Tensor(np.ones((1, 3)))
    loss = ag.linear(np.tanh(ag.linear(np.ones((5, 2)), w1)), w2).sum()
    w2.data -= 0.1  # the gradient at w1 needs w2 as it was
    raises_overwritten(loss, w1, w2)


def test_data_replaced_out_of_place_leaves_the_graph_right():
    w = Tensor([1.0, 2.0])
    loss = (w * w).sum()
    w.data = w.data * 10.0
    loss.backward()
    np.testing.assert_array_equal(w.grad, [2.0, 4.0])
    w.zero_grad()
    (w * w).sum().backward()
    np.testing.assert_array_equal(w.grad, [20.0, 40.0])


def test_a_scalar_is_immutable_so_its_graph_stays_right():
    w = Tensor(3.0)
    loss = w * w
    w.data -= 1.0
    loss.backward()
    assert w.grad == 6.0


VIEWS = {
    "w[1:3]": lambda w: w[1:3],
    "w[1:3][0]": lambda w: w[1:3][:1],
    "row": lambda w: w.reshape(2, 2)[0],
    "reshape": lambda w: w.reshape(2, 2),
    "ravel": lambda w: w.reshape(2, 2).ravel(),
    "T": lambda w: w.reshape(2, 2).T,
    "swapaxes": lambda w: np.swapaxes(w.reshape(2, 2), 0, 1),
    "moveaxis": lambda w: np.moveaxis(w.reshape(2, 2), 0, 1),
    "expand_dims": lambda w: np.expand_dims(w, 0),
    "newaxis": lambda w: w[:, None],
    "squeeze": lambda w: np.squeeze(w[None]),
    "broadcast_to": lambda w: np.broadcast_to(w, (3, 4)),
    "split": lambda w: np.split(w, 2)[0],
    "array_split": lambda w: np.array_split(w, 3)[1],
    "iterated": lambda w: list(w.reshape(2, 2))[1],
    "unpacked": lambda w: next(iter(w[None])),
    "real": lambda w: w.real,
    "copy": lambda w: w.copy(),
    "flatten": lambda w: w.flatten(),
    "astype": lambda w: w.astype("f8", copy=False),
    "positive": lambda w: +w,
    "clip": lambda w: w.clip(0.0, 9.0),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_a_view_taken_earlier_is_right_or_noticed(view):
    w = Tensor([1.0, 2.0, 3.0, 4.0])
    seen = view(w)
    loss = (seen * seen).sum()
    expected = Tensor([1.0, 2.0, 3.0, 4.0])
    (view(expected) ** 2).sum().backward()
    w.data -= 1.0
    try:
        loss.backward()
    except ag.OverwrittenError:
        assert w.grad is None
    else:  # it was a copy
        np.testing.assert_array_equal(w.grad, expected.grad)


def test_a_view_under_no_grad_shares_its_tensors_version():
    w = Tensor([1.0, 2.0, 3.0])
    loss = (w * w).sum()
    with ag.no_grad():
        w.reshape(3, 1)[1:] = 0.0
    raises_overwritten(loss, w)


def test_a_constant_tensor_changed_in_place_is_noticed():
    x, c = Tensor([1.0, 2.0]), Tensor([3.0, 4.0], requires_grad=False)
    loss = (x * c).sum()
    c += 1.0
    raises_overwritten(loss, x)


# ---------------------------------------------------------------- the message, and afterwards


def test_the_message_names_the_operation_and_its_line():
    w = Tensor([1.0, 2.0])
    loss = np.tanh(w * w).sum()
    w.data *= 2.0
    expected = r"multiply \(test_overwriting\.py:\d+\).*overwritten.*backward\(\) before.*copy"
    with pytest.raises(ag.OverwrittenError, match=expected):
        loss.backward()


def test_a_copy_is_the_remedy():
    w = Tensor([1.0, 2.0])
    copied = w.copy()
    loss = (copied * copied).sum()
    w.data -= 1.0
    loss.backward()
    np.testing.assert_array_equal(w.grad, [2.0, 4.0])


def test_changing_gradients_by_hand_is_nobody_elses_business():
    w = Tensor([1.0, 2.0])
    loss = (w * w).sum()
    loss.backward(retain_graph=True)
    w.grad *= 0.0
    loss.backward()
    np.testing.assert_array_equal(w.grad, [2.0, 4.0])
