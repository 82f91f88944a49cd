"""`ag.why`: the reason is right, the place is the user's line, and nothing is changed."""

import inspect
import re
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.graph import ancestors
from autograd_core.reverse import node_gradients
from autograd_core.visualize.evidence import Cause, Verdict
from tests.autograd_core import test_random_graphs as random_graphs


def here(offset=0):
    """Where the caller stands, as messages write it."""
    frame = inspect.currentframe().f_back
    return f"test_answering.py:{frame.f_lineno + offset}"


# ------------------------------------------------------------------------------ None


def test_integers():
    x = Tensor([1, 2])
    answer = ag.why(x, Tensor(2.0) * 3)
    assert (answer.verdict, answer.cause) == (Verdict.NONE, Cause.INTEGER)
    assert "int64" in answer.headline
    assert "2.0" in answer.advice


def test_frozen():
    x, w = Tensor(1.0, requires_grad=False, name="frozen"), Tensor(2.0)
    answer = ag.why(x, x * w)
    assert (answer.verdict, answer.cause) == (Verdict.NONE, Cause.FROZEN)
    assert "frozen.requires_grad = True" in answer.advice


def test_a_result_of_no_grad_does_not_record_and_its_line_is_named():
    w = Tensor(2.0)
    with ag.no_grad():
        x = w * 3
    answer = ag.why(x, w * w)
    assert answer.cause is Cause.FROZEN
    assert [(place.location, place.source) for place in answer.places] == [(here(-3), "x = w * 3")]


@pytest.mark.parametrize("keep", [False, True])
def test_a_value_taken_without_history_is_found_by_its_array(keep):
    x, w = Tensor(np.arange(3.0)), Tensor(np.ones(3))
    loss = (x.detach() * w).sum() if keep else (x.data * w).sum()
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.NONE, Cause.CUT)
    assert answer.places[0].certain
    assert (answer.places[0].operation, answer.places[0].location) == ("multiply", here(-4))
    assert "value of x as a constant" in answer.places[0].text


def test_a_large_constant_is_found_too():
    x, w = Tensor(np.ones(5000)), Tensor(2.0)
    hidden = np.exp(x)
    loss = (hidden.detach() * w).sum()
    answer = ag.why(x, loss)
    assert answer.places[0].certain
    assert "value of hidden as a constant" in answer.places[0].text
    assert answer.places[0].location == here(-4)


def inside(x, w):
    hidden = x * 2
    constant = hidden.detach()
    return constant * w


def test_a_cut_inside_a_function_is_read_from_its_source():
    x, w = Tensor(1.0), Tensor(2.0)
    answer = ag.why(x, inside(x, w))
    first = inside.__code__.co_firstlineno
    assert answer.cause is Cause.CUT
    assert [(place.location, place.source, place.certain) for place in answer.places] == [
        (f"test_answering.py:{first + 2}", "constant = hidden.detach()", False)
    ]


def under_no_grad(x, w):
    with ag.no_grad():
        hidden = x * 2
    return hidden * w


def test_no_grad_inside_a_function():
    x, w = Tensor(1.0), Tensor(2.0)
    (place,) = ag.why(x, under_no_grad(x, w)).places
    assert (place.source, place.cause) == ("hidden = x * 2", Cause.CUT)
    assert "no_grad" in place.text


WAYS = ["Python number", "value without history", "constant almost everywhere", "comparison"]


@pytest.mark.parametrize("words", [*WAYS, "plain array"])
def test_ways_out_of_the_graph(words):
    x, w = Tensor(1.5), Tensor(2.0)
    if words == "Python number":
        loss = float(x) * w
    elif words == "value without history":
        loss = x.item() * w
    elif words == "constant almost everywhere":
        loss = np.floor(x) * w
    elif words == "comparison":
        loss = (x > 1) * w
    else:
        loss = np.asarray(x.data + 1) * w
    places = ag.why(x, loss).places
    assert any(words in place.text for place in places)


def test_what_only_looks_is_no_cut():
    x, w = Tensor(1.5), Tensor(2.0)
    seen = x.item()
    loss = w * w
    answer = ag.why(x, loss)
    assert seen == 1.5
    assert (answer.cause, answer.places) == (Cause.UNCONNECTED, ())
    assert answer.notes == ("loss depends on w (scalar float64).",)


def test_a_constant_loss():
    x = Tensor(2.0)
    with ag.no_grad():
        loss = x * x
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.NONE, Cause.CONSTANT_LOSS)
    assert [(place.location, place.source) for place in answer.places] == [
        (here(-4), "loss = x * x")
    ]
    assert "int64" in ag.why(x, Tensor(3)).headline


def test_swapped():
    x = Tensor(2.0)
    loss = x * x
    answer = ag.why(loss, x)
    assert answer.cause is Cause.SWAPPED
    assert "why(x, loss)" in answer.headline


def test_assigned_again():
    x = Tensor(2.0)
    loss = x * x
    x = Tensor(3.0)
    answer = ag.why(x, loss)
    assert answer.cause is Cause.REBOUND
    assert "assigned again" in answer.headline


def test_another_of_the_same_name():
    old, w = Tensor([1.0, 2.0], name="weight"), Tensor(1.0)
    new = Tensor([1.0, 2.0], name="weight")
    answer = ag.why(new, (old * w).sum())
    assert answer.cause is Cause.REBOUND
    assert "'weight' is on the path" in answer.headline


def test_a_step_that_makes_a_new_tensor():
    w = Tensor(2.0)
    loss = w * w
    after = w - 0.1 * w
    answer = ag.why(after, loss)
    assert answer.cause is Cause.LATER
    assert "computed from what loss depends on" in answer.headline


def test_newer_than_the_loss():
    w = Tensor(2.0)
    loss = w * w
    x = Tensor([1.0])
    assert ag.why(x, loss).cause is Cause.LATER


def test_backward_not_called():
    x = Tensor(2.0)
    loss = x * x
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.NONE, Cause.NOT_CALLED)
    assert answer.gradient.data == 4


def test_backward_called_on_something_else():
    x, w = Tensor(2.0), Tensor(3.0)
    hidden = w * w
    loss = hidden * x
    hidden.backward()
    answer = ag.why(x, loss)
    assert answer.cause is Cause.CALLED_ELSEWHERE
    assert "on multiply before it" in answer.notes[0]
    assert x.grad is None


def test_cleared():
    x = Tensor(2.0)
    loss = x * x
    loss.backward()
    x.zero_grad()
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.NONE, Cause.CLEARED)


def test_an_intermediate_result():
    x = Tensor(2.0)
    hidden = x * x
    loss = hidden * 3.0
    loss.backward()
    answer = ag.why(hidden, loss)
    assert answer.cause is Cause.INTERMEDIATE
    assert "hidden.retain_grad()" in answer.notes[0]
    assert answer.gradient.data == 3


def test_added_up_over_passes():
    x = Tensor(3.0)
    for _ in range(3):
        loss = x * x
        loss.backward()
    answer = ag.why(x, loss)
    assert answer.cause is Cause.ACCUMULATED
    assert "x.grad is 3 times this gradient: passes that added up" in answer.notes[0]
    x.grad = x.grad / 2  # 9, and this gradient is 6
    assert "x.grad is 1.5 times this gradient" in ag.why(x, loss).notes[0]


def test_why_grad_is_something_else_is_not_guessed():
    words = "passes that added up (call zero_grad() before each), another loss, or code that"
    x = Tensor([3.0, 4.0])
    (x * 9.0).sum().backward()
    loss = (x * 3.0).sum()
    (note,) = [note for note in ag.why(x, loss).notes if "x.grad" in note]
    assert note.startswith(f"x.grad is 3 times this gradient: {words} scaled or clipped it.")
    assert "backward() has not been called on this loss" in note
    x.zero_grad()
    loss.backward()
    nn.clip_gradient_norm([x], 1.0)
    assert ag.why(x, loss).notes[0].startswith("x.grad is 0.236 times this gradient")
    x.grad = np.array([1.0, 2.0])
    assert ag.why(x, loss).notes[0].startswith(f"x.grad is not this gradient: {words}")


def test_released_values_are_said_to_be_gone():
    x = Tensor(np.full((100, 100), 0.5))
    loss = np.tanh(np.exp(x)).sum()
    loss.backward()
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.UNKNOWN, Cause.RELEASED)
    assert answer.gradient.text == "released"
    assert answer.places[0].location == here(-5)
    assert "x.grad holds: all" in answer.notes[0]


def test_overwritten_values():
    x, data = Tensor(np.ones(3)), np.ones(3)
    loss = (x * data).sum()
    data[:] = 2.0
    assert ag.why(x, loss).cause is Cause.OVERWRITTEN


# ------------------------------------------------------------------------------ exactly 0

w0 = Tensor(3.0)

ZEROS = {
    "relu": (-2.0, lambda x: ag.relu(x) * w0, Cause.DEAD_RELU),
    "sigmoid": (800.0, lambda x: ag.sigmoid(x) * w0, Cause.SATURATED),
    "tanh": (50.0, np.tanh, Cause.SATURATED),
    "softmax": ([0.0, 2000.0], lambda x: ag.softmax(x)[0], Cause.SATURATED),
    "times 0": (2.0, lambda x: x * 0.0, Cause.MULTIPLIED_BY_ZERO),
    "matmul": (np.ones(3), lambda x: np.zeros((2, 3)) @ x, Cause.MULTIPLIED_BY_ZERO),
    "clip": (2.0, lambda x: np.clip(x, 0.0, 1.0), Cause.CLIPPED),
    "minimum": (2.0, lambda x: np.minimum(x, 1.0), Cause.NOT_CHOSEN),
    "where": (2.0, lambda x: np.where(x.data < 0, x, w0), Cause.NOT_CHOSEN),
    "sign": (2.0, np.sign, Cause.STEP),
    "cancel": (2.0, lambda x: x * w0 - x * w0, Cause.CANCELLED),
    "flat": (0.0, lambda x: x**2.0, Cause.FLAT),
    "underflow": (1.0, lambda x: x * 1e-200 * 1e-200, Cause.UNDERFLOW),
}


@pytest.mark.parametrize("name", ZEROS)
def test_exactly_zero(name):
    data, function, cause = ZEROS[name]
    x = Tensor(data)
    loss = function(x)
    loss = loss.sum() if loss.shape else loss
    loss.backward(retain_graph=True)
    w0.zero_grad()
    assert not np.any(x.grad)
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, cause)
    if cause is not Cause.CANCELLED:
        assert answer.places[0].location.startswith("test_answering.py:")
        assert answer.places[0].fraction == 1
    assert answer.advice


def test_contributions_that_are_zero_do_not_count_as_cancelling():
    x = Tensor(2.0)
    assert ag.why(x, x * 0.0 + 0.0 * x).cause is Cause.MULTIPLIED_BY_ZERO


def test_fractions_and_an_example():
    x = Tensor(np.array([[1.0, -2.0], [-3.0, 4.0]]))
    loss = ag.relu(x).sum()
    loss.backward()
    answer = ag.why(x, loss)
    assert answer.verdict is Verdict.FINE
    assert answer.headline == "The gradient of x is 0 for 2 of 4 elements."
    (place,) = answer.places
    assert (place.cause, place.fraction, place.index) == (Cause.DEAD_RELU, 0.5, (0, 1))
    assert "-2" in place.text


def test_elements_that_nothing_reads():
    x = Tensor(np.ones(4))
    answer = ag.why(x, x[1] * 2.0)
    assert (answer.places[0].cause, answer.places[0].count) == (Cause.NOT_USED, 3)


def test_a_hook_that_silences():
    x = Tensor(2.0)
    hidden = x * 3.0
    hidden.register_hook(np.zeros_like)
    answer = ag.why(x, hidden * 2.0)
    assert [place.cause for place in answer.places] == [Cause.HOOK]
    assert "it multiplies by 0" in answer.text


def test_a_hook_that_scales_is_a_factor_of_its_own():
    x = Tensor(2.0)
    y = x * 3
    y.register_hook(lambda g: g * 10)
    loss = y**2
    loss.backward(retain_graph=True)
    answer = ag.why(x, loss)
    assert [factor.ratio for factor in answer.factors] == [12.0, 10.0, 3.0]
    assert answer.gradient.data == x.grad == 360
    assert re.search(r"× 10  a hook at y +it multiplies by 10\n", answer.text)
    assert "a hook at y" in answer.markdown


def test_hooks_at_both_ends_and_one_that_is_no_multiple():
    x = Tensor([2.0, 1.0])
    y = x * 3
    loss = (y**2).sum()
    loss.register_hook(np.negative)
    y.register_hook(lambda g: np.clip(g, -7, 7))
    x.register_hook(lambda g: g * 1.0)  # the same numbers
    x.register_hook(lambda _: None)
    answer = ag.why(x, loss)
    hooks = [factor.remark for factor in answer.factors if factor.operation == "hook"]
    assert hooks == ["it multiplies by -1", "it changes the gradient"]
    assert np.isclose(
        np.prod([factor.ratio for factor in answer.factors]), np.linalg.norm(answer.gradient.data)
    )


def test_a_hook_that_makes_a_gradient_tiny_or_not_finite():
    x = Tensor(2.0)
    y = x * 3
    handle = y.register_hook(lambda g: g * 1e-12)
    answer = ag.why(x, y**2)
    assert (answer.verdict, answer.cause) == (Verdict.TINY, Cause.HOOK)
    assert "a hook of y multiplies the norm by 1e-12" in answer.places[0].text
    assert "handle.remove()" in answer.advice
    handle.remove()
    y.register_hook(lambda g: g * np.nan)
    answer = ag.why(x, y**2)
    assert (answer.verdict, answer.cause) == (Verdict.NOT_FINITE, Cause.HOOK)


def test_an_empty_tensor():
    x = Tensor(np.zeros((0, 3)))
    assert ag.why(x, x.sum()).cause is Cause.EMPTY


def test_a_dead_relu_blocks_whatever_follows():
    x = Tensor(-0.5)
    a = ag.relu(3 * x)
    answer = ag.why(x, a * a + a)
    assert [place.operation for place in answer.places] == ["relu"]
    assert answer.cause is Cause.DEAD_RELU
    assert "leaky_relu" in answer.advice
    assert "mask" not in answer.advice


@pytest.mark.parametrize("data", [-0.5, [1.0, -2.0]])
def test_a_dead_relu_is_named_although_nothing_arrives_there(data):
    x = Tensor(data)
    r = ag.relu(x)
    answer = ag.why(x, (r * r).sum())
    assert [place.operation for place in answer.places] == ["relu", "multiply"]
    assert answer.places[0].cause is Cause.DEAD_RELU


def test_what_lies_on_some_paths_only_blocks_nothing_by_itself():
    x = Tensor([-1.0, 2.0])
    answer = ag.why(x, (ag.relu(x) * 0.0 + x * 0.0).sum())
    assert {place.operation for place in answer.places} == {"multiply"}
    assert answer.cause is Cause.MULTIPLIED_BY_ZERO


# ------------------------------------------------------------------------------ several paths


def test_equal_operands_are_one_factor():
    w = Tensor(3.0)
    loss = w * w
    (factor,) = ag.why(w, loss).factors
    assert (factor.ratio, factor.paths, factor.expression) == (6.0, 1, "w × w")


def test_where_paths_meet_the_others_are_said_to_add():
    x = Tensor(3.0)
    a = x * x
    y = a + 3 * a
    answer = ag.why(x, y)
    assert [factor.ratio for factor in answer.factors] == [1.0, 3.0, 6.0]
    assert [factor.paths for factor in answer.factors] == [1, 2, 1]
    assert answer.factors[2].arriving == 4.0
    assert answer.text.count("one of 2 paths, the other adds") == 1
    assert "one of 2 paths" in answer.markdown
    assert "one of 2 paths" in answer._repr_html_()


def test_a_path_that_brings_nothing_adds_nothing():
    x = Tensor(3.0)
    a = x * x
    assert [factor.paths for factor in ag.why(x, a * 0.0 + a).factors] == [1, 1]


def cut_by_item(x):
    a = x * x
    b = 3 * a.item()
    return a + b


def cut_by_detach(x):
    a = x * x
    b = 3 * a.detach()
    return a + b


def cut_by_data(x):
    a = x * x
    b = 3 * a.data
    return a + b


def cut_by_float(x):
    a = x * x
    b = 3 * float(a)
    return a + b


def cut_by_no_grad(x):
    a = x * x
    with ag.no_grad():
        b = 3 * a
    return a + b


@pytest.mark.parametrize(
    "function", [cut_by_item, cut_by_detach, cut_by_data, cut_by_float, cut_by_no_grad]
)
def test_one_of_two_paths_is_cut(function):
    x = Tensor(2.0)
    y = function(x)
    y.backward()
    answer = ag.why(x, y)
    assert answer.gradient.data == 4
    (note,) = answer.notes
    source, first = inspect.getsourcelines(function)
    line = first + next(i for i, text in enumerate(source) if "b = 3" in text)
    assert note.startswith(f"test_answering.py:{line}: a value leaves the graph here")
    assert "b = 3 * " in note


def test_a_path_is_cut_where_why_is_asked():
    x = Tensor(2.0)
    b = 3 * (x * x).item()
    y = x + b
    y.backward()
    (note,) = ag.why(x, y).notes
    assert note.startswith(here(-4))


def test_what_takes_nothing_out_is_no_leak():
    x = Tensor([2.0, -1.0])
    x = Tensor(x.data + 0.0)
    n = float(len(x) + x.shape[0])
    print(x.sum().item())
    y = np.where(x > 0, x, 0.1 * x).sum() / n
    y.backward()
    assert ag.why(x, y).notes == ()


# ------------------------------------------------------------------------------ tiny, huge, NaN


def test_a_saturated_sigmoid_makes_it_small():
    z = Tensor(10.0)
    loss = 0.5 * (ag.sigmoid(z) - 0.25) ** 2
    answer = ag.why(z, loss)
    assert (answer.verdict, answer.cause) == (Verdict.SMALL, Cause.SATURATED)
    assert "is small, because of sigmoid" in answer.headline
    assert [place.operation for place in answer.places] == ["sigmoid"]
    assert "logits" in answer.advice


def test_a_small_gradient_without_saturation_is_fine():
    x = Tensor(1.0)
    y = x * 1e-5
    y.backward()
    assert ag.why(x, y).verdict is Verdict.FINE


def test_a_vanishing_gradient_layer_by_layer():
    x = z = Tensor(4.0)
    for _ in range(4):
        z = ag.sigmoid(z * 5.0)
    answer = ag.why(x, z)
    assert (answer.verdict, answer.cause) == (Verdict.TINY, Cause.SATURATED)
    ratios = [factor.ratio for factor in answer.factors]
    assert len(ratios) == 8
    slope = ag.grad(ag.sigmoid)(20.0)
    assert np.isclose(np.prod(ratios), answer.gradient.data)
    assert answer.worst.operation == "sigmoid"
    assert np.isclose(answer.worst.ratio, slope)
    assert answer.places[0].location == here(-9)
    assert "<- the worst" in answer.text


def test_where_nothing_is_wrong_no_factor_is_the_worst():
    x = Tensor(2.0)
    loss = (x * 30) ** 2
    assert ag.why(x, loss).verdict is Verdict.NONE
    assert "the worst" not in ag.why(x, loss).text
    loss.backward(retain_graph=True)
    answer = ag.why(x, loss)
    assert answer.verdict is Verdict.FINE
    for shown in (answer.text, answer.markdown, answer._repr_html_()):
        assert "the worst" not in shown
    assert answer.worst.operation == "power"


def deep(activation, depth, seed=1):
    rng = np.random.default_rng(seed)
    return nn.MLP(2, [4] * depth, 1, activation=activation, rng=rng)


def first_and_last(model, inputs, targets):
    """What is said of the first and of the last weights."""
    loss = ((model(inputs) - targets) ** 2).mean()
    loss.backward(retain_graph=True)
    weights = [p for name, p in model.named_parameters() if name.endswith("weight")]
    return ag.why(weights[0], loss), ag.why(weights[-1], loss)


def test_a_gradient_that_vanishes_by_and_by_is_said_to():
    inputs, targets = np.ones((3, 2), np.float32), np.ones((3, 1), np.float32)
    first, last = first_and_last(deep("sigmoid", 10), inputs, targets)
    assert (first.verdict, first.cause) == (Verdict.SMALL, Cause.SHRINKING)
    assert "shrank, factor by factor, to 3.22e-7 of what it was" in first.headline
    (place,) = first.places
    assert place.operation == "sigmoid"
    assert "the least of 10 such factors on this line, which together make 5.25e-7" in place.text
    assert "saturated" not in first.text
    assert "nn.init" in first.advice
    assert last.verdict is Verdict.FINE


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
def test_a_network_that_can_learn_is_fine(activation, rng):
    inputs = rng.normal(size=(16, 2)).astype(np.float32)
    for answer in first_and_last(deep(activation, 3, seed=0), inputs, np.ones((16, 1))):
        assert answer.verdict is Verdict.FINE


def test_a_small_error_or_small_data_do_not_make_it_vanish(rng):
    model, inputs = deep("tanh", 3), rng.normal(size=(16, 2)).astype(np.float32)
    nearly = model(inputs).data + 1e-5
    first, _ = first_and_last(model, inputs, nearly)
    assert first.verdict is Verdict.FINE
    assert float(np.linalg.norm(first.gradient.data)) < 1e-3
    first, _ = first_and_last(model, inputs * 1e-4, np.ones((16, 1)))
    assert first.verdict is Verdict.FINE
    assert float(np.linalg.norm(first.gradient.data)) < 1e-3
    w, rows = Tensor(np.ones((3, 1))), rng.normal(size=(4, 3)) * 1e-6
    loss = ((rows @ np.reshape(w, (3, 1)) - 1.0) ** 2).mean()  # nothing but the data
    loss.backward(retain_graph=True)
    assert ag.why(w, loss).verdict is Verdict.FINE


def test_zeros_do_not_hide_that_the_rest_is_tiny():
    x = Tensor([-1.0, 2.0])
    answer = ag.why(x, (ag.relu(x) * 1e-9).sum())
    assert (answer.verdict, answer.cause) == (Verdict.TINY, Cause.SHRINKING)
    assert "is 0 for 1 of 2 elements" in answer.headline
    assert [place.operation for place in answer.places] == ["multiply", "relu"]


def test_only_factors_are_blamed_never_what_is_added():
    layer = nn.Linear(2, 2, rng=np.random.default_rng(0))
    out = ag.sigmoid(layer(np.full((1, 2), 300.0, np.float32)))
    assert 0 < np.count_nonzero(out.data == 0) < 2  # one neuron is saturated in float32
    assert not np.any(layer.bias.data)
    answer = ag.why(layer.weight, out.sum())
    assert [(place.operation, place.cause) for place in answer.places] == [
        ("sigmoid", Cause.SATURATED)
    ]


def test_a_product_is_not_blamed_where_nothing_arrives(rng):
    x, w = Tensor(rng.normal(size=(3, 4))), Tensor(rng.normal(size=(2, 4)))
    keep = np.array([[1.0, 0.0]] * 3)
    answer = ag.why(w, (ag.linear(x, w) * keep).sum())
    assert [place.operation for place in answer.places] == ["multiply"]
    weights = Tensor(np.array([[1.0, 0.0, 2.0]]))
    answer = ag.why(x, (weights @ x).sum())  # here it is the product
    assert [(place.operation, place.count) for place in answer.places] == [("matmul", 4)]
    assert answer.places[0].cause is Cause.MULTIPLIED_BY_ZERO


def test_a_line_in_a_loop_is_one_place():
    w, out = Tensor([-1.0, 2.0]), Tensor([1.0, 1.0])
    for _ in range(12):
        out = ag.relu(out * w)
    answer = ag.why(w, out.sum())
    (place,) = answer.places
    assert (place.cause, place.times, place.location) == (Cause.DEAD_RELU, 12, here(-3))
    assert "This line did so 12 times." in answer.markdown


def test_many_factors_leave_out_neighbours_rather_than_every_other_one():
    w, out = Tensor([1.5]), Tensor([1.0])
    for _ in range(12):
        out = ag.relu(out * w)
    lines = ag.why(w, out.sum()).text.splitlines()
    assert sum("more" in line and "..." in line for line in lines) == 1
    assert len([line for line in lines if line.strip().startswith("×")]) <= 12


def test_a_loss_that_is_not_finite_is_said_although_the_gradient_is():
    x = Tensor([1.0, 2.0])
    with np.errstate(divide="ignore"):
        loss = x.sum() + np.log(Tensor(0.0, requires_grad=False))
    answer = ag.why(x, loss)
    assert "loss itself is not finite" in answer.headline
    assert (answer.places[0].operation, answer.places[0].cause) == ("add", Cause.FORWARD)
    assert "-inf" in answer.places[0].text
    assert "not finite already" in answer.advice
    loss.backward()
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.FINE, Cause.FORWARD)
    with np.errstate(divide="ignore"):
        answer = ag.why(x, x.sum() + np.log(Tensor(0.0)))
    assert answer.places[0].operation == "log"
    assert "logarithm of 0" in answer.advice
    answer = ag.why(x, (x * 0.0).sum() + np.inf)
    assert answer.verdict is Verdict.ZERO
    assert [place.operation for place in answer.places] == ["add", "multiply"]


def test_who_made_a_number_is_not_guessed_where_the_operands_were_not_kept():
    x = Tensor(np.linspace(-1, 1, 1000))
    with np.errstate(invalid="ignore"):
        loss = np.log(x).sum() * 0.0 + x.sum()
    place = next(p for p in ag.why(x, loss).places if p.operation == "sum")
    assert "sum has the result nan" in place.text
    assert "was not kept" in place.text


def test_a_gradient_that_small_numbers_make_tiny():
    x = Tensor(2.0)
    answer = ag.why(x, x * 1e-6 * 1e-6)
    assert (answer.verdict, answer.cause) == (Verdict.TINY, Cause.SHRINKING)
    assert [place.operation for place in answer.places] == ["multiply"]
    assert answer.places[0].text.endswith(
        "1e-6; it is the least of 2 such factors on this line, which together make 1e-12."
    )


def test_what_nothing_reaches_has_no_factor():
    x = Tensor(-1.0)
    answer = ag.why(x, ag.relu(x * 2.0))
    table = [line.split()[0] for line in answer.text.splitlines() if " = " in line]
    assert table[-2:] == ["×", "-"]
    assert np.isnan(answer.factors[-1].ratio)
    assert "nan" not in answer.markdown


def test_a_huge_gradient():
    x = Tensor([1.0, 2.0])
    answer = ag.why(x, (x * 1e7).sum())
    assert (answer.verdict, answer.cause) == (Verdict.HUGE, Cause.GROWING)
    assert answer.places[0].operation == "multiply"


NOT_FINITE = {
    "log": ([0.0, 1.0], np.log, Cause.FORWARD, "logarithm of 0"),
    "divide": ([0.0, 1.0], lambda x: 1.0 / x, Cause.FORWARD, "division by 0"),
    "sqrt": ([0.0, 1.0], np.sqrt, Cause.REVERSE, "slope of the square root at 0"),
    "exp": ([1000.0, 1.0], np.exp, Cause.FORWARD, "exp overflows"),
    "leaf": ([np.nan, 1.0], np.square, Cause.FORWARD, "data was loaded"),
    "product": ([1e200, 1.0], lambda x: x * 1e200 * x, Cause.FORWARD, "beyond what float64"),
}


@pytest.mark.parametrize("name", NOT_FINITE)
@pytest.mark.parametrize("after", [False, True])
def test_not_finite(name, after):
    data, function, cause, words = NOT_FINITE[name]
    x = Tensor(data)
    with np.errstate(all="ignore"):
        loss = (function(x) * 2.0).sum()
        if after:
            loss.backward()
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.NOT_FINITE, cause)
    assert words in answer.advice
    place = answer.places[0]
    assert (place.operation is None) == (name == "leaf")
    assert place.index in ((0,), None)


# ------------------------------------------------------------------------------ wrong arguments


def test_wrong_arguments():
    x, model = Tensor(2.0), nn.Linear(2, 1)
    with pytest.raises(ag.DTypeError, match=r"x is a model \(Linear\).*weight, bias"):
        ag.why(model, x)
    with pytest.raises(ag.DTypeError, match="loss is a model"):
        ag.why(x, model)
    with pytest.raises(ag.DTypeError, match=r"x is array of shape \(3,\).*ag.Tensor"):
        ag.why(np.ones(3), x)
    with pytest.raises(ag.DTypeError, match=r"loss is the number 2.0.*before .item"):
        ag.why(x, 2.0)
    with pytest.raises(ag.GraphError, match=r"seed must have the shape of the loss, \(2,\)"):
        ag.why(x, x * np.ones(2), seed=np.ones(3))


def test_a_seed():
    x = Tensor([1.0, 2.0])
    loss = x * x
    np.testing.assert_array_equal(ag.why(x, loss, seed=[1.0, 0.0]).gradient.data, [2.0, 0.0])
    assert "sum of its elements" in ag.why(x, loss).notes[0]


# ------------------------------------------------------------------------------ any graph


OPERATIONS = [
    lambda a, b: a + b,
    lambda a, b: a * b,
    lambda a, _: ag.relu(a),
    lambda a, _: np.sin(a),
    lambda a, b: np.where(a.data > 0, a, b),
    np.maximum,
    lambda a, _: a.detach() * 2.0,
    lambda a, _: np.split(np.stack([a, a * 2.0]), 2)[1][0],
    lambda a, b: a / b,
    lambda a, _: a * 0.0,
    lambda a, _: a.sum() + a,
]
program = st.lists(
    st.tuples(st.integers(0, len(OPERATIONS) - 1), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=20,
)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(program, st.sampled_from([(), (3,)]), st.integers(0, 99), st.booleans())
def test_it_answers_for_any_graph_and_any_node(program, shape, asked, after):
    tensors = [Tensor(np.full(shape, 0.5)), Tensor(np.full(shape, -1.5)), Tensor(np.zeros(shape))]
    with np.errstate(all="ignore"):
        for number, left, right in program:
            operands = tensors[left % len(tensors)], tensors[right % len(tensors)]
            tensors.append(OPERATIONS[number](*operands))
        x, loss = tensors[asked % len(tensors)], tensors[-1].sum()
        if after and loss.requires_grad:
            loss.backward()
    grads = [None if t.grad is None else t.grad.copy() for t in tensors]
    answer = ag.why(x, loss)
    assert answer.text
    assert answer.markdown
    assert answer._repr_html_()
    connected = loss.requires_grad and x._node in ancestors(loss._node)
    assert (answer.gradient.data is not None) == connected
    if connected:
        expected = node_gradients(loss._node).get(x._node, np.zeros(x.shape))
        np.testing.assert_array_equal(answer.gradient.data, expected)
        zero = not np.any(expected)
        assert (answer.verdict is Verdict.ZERO) == zero
        assert (answer.verdict is Verdict.NOT_FINITE) == (not np.all(np.isfinite(expected)))
        assert not zero or answer.places
    for tensor, grad in zip(tensors, grads, strict=True):
        np.testing.assert_array_equal(tensor.grad, grad)


def test_it_answers_for_graphs_of_the_whole_registry():
    rng = np.random.default_rng(0)
    program = random_graphs.registry_shuffled(rng, 150, narrow=0.1)
    arrays, _ = random_graphs.leaves_of(0, random_graphs.MIXED)
    leaves = [Tensor(x) for x in arrays]
    values = random_graphs.execute(
        program, leaves, random_graphs.on_tensors, random_graphs.CONSTANT
    )
    total = random_graphs.loss(values, rng)
    expected = node_gradients(total._node)
    for x in [*leaves, *values[::30]]:
        answer = ag.why(x, total)
        if x._node in expected:
            np.testing.assert_allclose(answer.gradient.data, expected[x._node], rtol=1e-6)
        assert answer.text


def test_a_kept_margin_is_told_from_a_dead_unit_as_far_as_the_loss_says():
    w, margin = Tensor([3.0, -2.0], name="w"), "if this is its own margin"
    answer = ag.why(w, nn.hinge_loss(np.eye(2) @ w, np.array([1, -1])))
    assert answer.cause is Cause.DEAD_RELU
    assert margin in answer.places[0].text
    missed = ag.why(w, nn.mse_loss(ag.relu(w - 5.0), np.array([1.0, 1.0])))
    assert missed.cause is Cause.DEAD_RELU
    assert margin not in missed.places[0].text
    assert margin not in ag.why(w, ag.relu(w).sum() - 3.0).text  # one of two passes something on


@pytest.mark.slow
def test_time_grows_linearly():
    def seconds(count):
        x = z = Tensor(1.0)
        for _ in range(count):
            z = z * 1.0001
        start = time.process_time()
        assert ag.why(x, z).verdict is Verdict.NONE
        return time.process_time() - start

    seconds(100)
    assert seconds(20_000) < 40 * seconds(2_000) + 0.2


# ------------------------------------------------------------------------------ as text


def test_hostile_names_are_text():
    x = Tensor(-1.0, name='<script>alert("x")</script>|`*')
    answer = ag.why(x, ag.relu(x))
    assert "<script>" not in answer._repr_html_()
    assert "<script>" not in answer.markdown
    assert "\n" not in repr(answer)


def test_as_html_its_parts_have_their_captions():
    x = Tensor(-1.0, name="x")
    html = ag.why(x, ag.relu(x))._repr_html_()
    assert "<strong>Note:</strong> x.grad is None" in html
    assert "<strong>What to do:</strong> lower" in html
    assert '<pre style="font-family: monospace">' in html


def test_long_lines_are_wrapped():
    x = Tensor(np.linspace(-2, 1, 12))
    answer = ag.why(x, np.exp(ag.relu(x)).sum())
    lines = answer.text.splitlines()
    assert max(map(len, lines)) <= 90
    joined = " ".join(answer.text.split())
    assert " ".join(answer.places[0].text.split()) in joined


def test_long_paths_are_shortened():
    z = x = Tensor(1.0)
    for _ in range(100):
        z = z * 1.01
    answer = ag.why(x, z)
    assert len(answer.factors) == 100
    assert len(answer.text.splitlines()) < 25
    assert "100 times" in answer.text
    assert str(answer) == answer.text
    assert answer._repr_markdown_() == answer.markdown
