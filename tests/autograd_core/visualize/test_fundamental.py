"""The four fundamental equations of backpropagation: found, written, and true of the engine."""

import re
from itertools import pairwise

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize.fundamental import fundamental_equations
from autograd_core.visualize.layers import find_layers
from autograd_core.visualize.mathml import to_mathml
from autograd_core.visualize.replay import derive

rng = np.random.default_rng(5)
SIZES = [3, 4, 2]


def sigmoid_by_hand(z):
    return 1.0 / (1.0 + np.exp(-z))


#: Activations and their derivatives, written down once more here.
ACTIVATIONS = {
    "sigmoid": (ag.sigmoid, lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "by hand": (sigmoid_by_hand, lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) ** 2),
    "relu": (ag.relu, lambda z: (z > 0) * 1.0),
    "none": (lambda z: z, np.ones_like),
}


def quadratic(a, y):
    return 0.5 * np.sum((a - y) ** 2)


#: Costs and their gradients with respect to the network's output.
COSTS = {
    "quadratic": (quadratic, lambda a, y: a - y),
    "squared_error": (ag.squared_error, lambda a, y: 2 * (a - y) / a.size),
    "mean": (lambda a, y: np.mean(np.square(a - y)), lambda a, y: 2 * (a - y) / a.size),
    "cross-entropy by hand": (
        lambda a, y: -np.sum(y * np.log(a) + (1 - y) * np.log(1 - a)),
        lambda a, y: (a - y) / (a * (1 - a)),
    ),
}

#: How z is computed, for W of shape (out, in): rows of samples, or columns.
MAPS = {
    "linear": ag.linear,
    "transposed": lambda a, w, b: a @ w.T + b,
    "plain": lambda a, w, b: a @ w + b,
    "columns": lambda a, w, b: w @ a + b,
    "no bias": lambda a, w, b: ag.linear(a, w),  # noqa: ARG005
}


def network(form, activation, cost, batch):
    """A network of two layers, its parameters, and the gradients by the equations in NumPy."""
    columns, plain = form == "columns", form == "plain"
    weights = [rng.normal(0, 0.4, (m, n)) for n, m in pairwise(SIZES)]
    biases = [rng.normal(size=m) for m in SIZES[1:]]
    x = rng.normal(size=(batch, 3) if batch else 3)
    y = rng.uniform(0.2, 0.8, size=(batch, 2) if batch else 2)

    function, slope = ACTIVATIONS[activation]
    loss_of, gradient_of = COSTS[cost]
    w = [ag.Tensor(weight.T if plain else weight, name=f"w{i}") for i, weight in enumerate(weights)]
    b = [ag.Tensor(b[:, None] if columns and batch else b, name=f"b{i}") for i, b in enumerate(biases)]  # noqa: E501 # fmt: skip
    a = x.T if columns else x
    for weight, bias in zip(w, b, strict=True):
        a = function(MAPS[form](a, weight, bias))
    loss = loss_of(a, y.T if columns else y)

    # By hand: delta^L = grad_a C * s'(z^L); delta^l = (delta^{l+1} W^{l+1}) * s'(z^l).
    outputs, inputs = [np.atleast_2d(x)], []
    for weight, bias in zip(weights, biases, strict=True):
        inputs.append(outputs[-1] @ weight.T + (0 if form == "no bias" else bias))
        outputs.append(np.asarray(function(inputs[-1])))
    delta = gradient_of(outputs[-1], np.atleast_2d(y)) * slope(inputs[-1])
    deltas, for_weights, for_biases = [], [], []
    for layer in (1, 0):
        deltas.insert(0, delta)
        for_weights.insert(0, delta.T @ outputs[layer])
        for_biases.insert(0, delta.sum(axis=0))
        if layer:
            delta = (delta @ weights[layer]) * slope(inputs[layer - 1])
    return loss, w, b, deltas, for_weights, for_biases


@pytest.mark.parametrize("batch", [0, 1, 5])
@pytest.mark.parametrize("form", sorted(MAPS))
@pytest.mark.parametrize(
    ("activation", "cost"),
    [
        ("sigmoid", "quadratic"),
        ("by hand", "quadratic"),
        ("sigmoid", "cross-entropy by hand"),
        ("tanh", "squared_error"),
        ("relu", "mean"),
        ("none", "squared_error"),
    ],
)
def test_the_equations_give_the_gradients_of_the_engine(form, activation, cost, batch):
    loss, w, b, deltas, for_weights, for_biases = network(form, activation, cost, batch)
    derivation = derive(loss)
    layers = find_layers(derivation)
    assert [layer.number for layer in layers] == [1, 2]
    vertices = {vertex.identity: vertex for vertex in derivation.view.vertices}
    for place, layer in enumerate(layers):
        assert vertices[layer.weight].label == f"w{place}"
        if form != "no bias":
            assert vertices[layer.bias].label == f"b{place}"
        found = np.atleast_2d(vertices[layer.weighted_input].gradient.data)
        found = found.T if form == "columns" and batch else found
        np.testing.assert_allclose(found, deltas[place], rtol=1e-12)
    loss.backward()
    for place in range(2):
        weight = w[place].grad.T if form == "plain" else w[place].grad
        np.testing.assert_allclose(weight, for_weights[place], rtol=1e-12, atol=1e-15)
        if form != "no bias":
            bias = b[place].grad.reshape(-1)
            np.testing.assert_allclose(bias, for_biases[place], rtol=1e-12, atol=1e-15)
    equations = fundamental_equations(derivation)
    for equation in equations:
        to_mathml(equation)
        assert equation.count("{") == equation.count("}")


def by_left_side(equations):
    return {left: equation for equation in equations for left in [equation.partition(" = ")[0]]}


def test_as_in_the_lectures_for_one_sample():
    loss, *_ = network("columns", "sigmoid", "quadratic", 0)
    written = by_left_side(fundamental_equations(derive(loss)))
    assert written[r"z^{1}"].startswith(r"z^{1} = W^{1} a^{0} + b^{1} = ")
    assert written[r"a^{2}"].startswith(r"a^{2} = \sigma(z^{2}) = ")
    delta = r"\delta^{2} = \nabla_{a} C \odot \sigma'(z^{2}) = "
    assert written[r"\delta^{2}"].startswith(delta)
    delta = r"\delta^{1} = \left((W^{2})^{T} \delta^{2}\right) \odot \sigma'(z^{1}) = "
    assert written[r"\delta^{1}"].startswith(delta)
    partial = r"\frac{\partial C}{\partial b^{1}}"
    assert written[partial].startswith(rf"{partial} = \delta^{{1}} = ")
    partial = r"\frac{\partial C}{\partial W^{1}}"
    assert written[partial].startswith(rf"{partial} = \delta^{{1}} (a^{{0}})^{{T}} = ")


def test_a_batch_has_its_samples_in_rows():
    loss, *_ = network("linear", "tanh", "squared_error", 5)
    written = by_left_side(fundamental_equations(derive(loss)))
    assert written["z^{1}"].startswith("z^{1} = a^{0} (W^{1})^{T} + b^{1} = ")
    assert r"\nabla_{a} C = \frac{2}{10} (a^{2} - y) = " in written[r"\nabla_{a} C"]
    delta = r"\delta^{1} = \left(\delta^{2} W^{2}\right) \odot \sigma'(z^{1}) = "
    assert written[r"\delta^{1}"].startswith(delta)
    partial = r"\frac{\partial C}{\partial b^{1}}"
    assert written[partial].startswith(rf"{partial} = \sum_{{i}} \delta^{{1}}_{{i}} = ")
    partial = r"\frac{\partial C}{\partial W^{1}}"
    assert written[partial].startswith(rf"{partial} = (\delta^{{1}})^{{T}} a^{{0}} = ")


def numbers_of(latex):
    found = re.search(r"\\begin\{bmatrix\}(.*)\\end\{bmatrix\}$", latex)
    return [[float(n) for n in row.split("&")] for row in found[1].split(r"\\")]


def test_the_numbers_are_those_of_the_engine():
    loss, w, _, deltas, *_ = network("linear", "tanh", "squared_error", 2)
    written = by_left_side(fundamental_equations(derive(loss)))
    loss.backward()
    for place in (0, 1):
        delta = numbers_of(written[rf"\delta^{{{place + 1}}}"])
        np.testing.assert_allclose(delta, deltas[place], rtol=1e-3)
        partial = written[rf"\frac{{\partial C}}{{\partial W^{{{place + 1}}}}}"]
        np.testing.assert_allclose(numbers_of(partial), w[place].grad, rtol=1e-3)


def test_softmax_and_cross_entropy():
    w = ag.Tensor(rng.normal(size=(3, 2)))
    logits = ag.linear(rng.normal(size=(4, 2)), w)
    loss = ag.softmax_cross_entropy(logits, np.array([0, 1, 2, 0]))
    written = by_left_side(fundamental_equations(derive(loss)))
    expected = r"\nabla_{a} C = \frac{1}{4} (\operatorname{softmax}(a^{1}) - y) = "
    assert written[r"\nabla_{a} C"].startswith(expected)
    assert written[r"\delta^{1}"].startswith(r"\delta^{1} = \nabla_{a} C = ")


def test_a_weight_that_is_used_elsewhere_says_so():
    w = ag.Tensor(rng.normal(size=(1, 2)))
    loss = np.sum(ag.linear(np.ones((1, 2)), w)) + np.sum(w * w)
    (partial,) = [e for e in fundamental_equations(derive(loss)) if r"\partial W" in e]
    assert r"\text{what comes along other paths}" in partial


def test_layers_before_a_branch_are_left_out():
    w = [ag.Tensor(rng.normal(size=(3, 3))) for _ in range(3)]
    hidden = np.tanh(ag.linear(np.ones((2, 3)), w[0]))
    hidden = hidden + np.tanh(ag.linear(hidden, w[1]))  # a residual connection
    loss = np.sum(ag.linear(hidden, w[2]))
    assert len(find_layers(derive(loss))) == 1


@pytest.mark.parametrize(
    "make",
    [
        lambda x: np.sum(x * x),
        lambda x: np.sum(x @ x),
        lambda x: np.sum(np.linalg.inv(x)),
    ],
)
def test_no_layers_no_equations(make):
    derivation = derive(make(ag.Tensor(np.eye(2) * 3)))
    assert fundamental_equations(derivation) == () or len(find_layers(derivation)) == 1


def test_a_result_with_many_numbers_has_no_equations():
    out = ag.linear(np.ones((2, 3)), ag.Tensor(np.ones((2, 3))))
    assert fundamental_equations(derive(out, seed=np.ones((2, 2)))) == ()


def test_released_values_are_not_invented():
    w = ag.Tensor(rng.normal(size=(500, 500)))
    loss = np.sum(np.tanh(ag.linear(np.ones((2, 500)), w)))
    loss.backward()
    assert fundamental_equations(derive(loss)) == ()


@pytest.mark.parametrize("plain", [False, True])
def test_vectors_of_one_example_are_columns_as_in_the_formulas(plain):
    x, target = np.array([1.0, 2.0]), np.array([0.5, 0.0, 1.0])
    weight = np.arange(6.0).reshape(3, 2) / 4
    w = ag.Tensor(weight.T if plain else weight, name="w")
    z = x @ w if plain else ag.linear(x, w)
    loss = ag.squared_error(np.tanh(z), target)
    equations = fundamental_equations(derive(loss))
    product = "(W^{1})^{T} a^{0}" if plain else "W^{1} a^{0}"
    assert r"a^{0} = \begin{bmatrix}1 \\ 2\end{bmatrix}" in equations
    assert rf"z^{{1}} = {product} = \begin{{bmatrix}}0.5 \\ 2 \\ 3.5\end{{bmatrix}}" in equations
    loss.backward()
    for equation in equations:
        if "begin{bmatrix}" in equation and r"\partial W" not in equation:
            assert "&" not in equation, equation
    batch = ag.squared_error(ag.linear(x[None], ag.Tensor(weight, name="w")), target[None])
    assert r"a^{0} = \begin{bmatrix}1 & 2\end{bmatrix}" in fundamental_equations(derive(batch))


@pytest.mark.parametrize(
    ("outputs", "formula"),
    [(1, r"\sum_{i} \delta^{1}_{i}"), (2, r"\sum_{i, j} \delta^{1}_{ij}")],
    ids=["one output", "one bias for two outputs"],
)
def test_a_bias_of_one_number_is_summed_over_outputs_only_where_there_are_several(outputs, formula):
    x = np.array([[0.5, 1.0], [1.0, 2.0], [3.0, 1.0]])
    w = ag.Tensor(np.ones((2, outputs)), name="w")
    b = ag.Tensor([0.25], name="b")
    latex = ag.explain((ag.sigmoid(x @ w + b) ** 2).sum()).latex
    assert rf"\frac{{\partial C}}{{\partial b^{{1}}}} &= {formula} = " in latex
