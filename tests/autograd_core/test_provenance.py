"""Every operation knows the line of the user's code that called it."""

import importlib.util
import sys
import textwrap

import numpy as np
import pytest

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.graph import ancestors
from autograd_core.provenance import HIDDEN, Location


def here():
    """The line this is called on."""
    return sys._getframe(1).f_lineno


def lines(result):
    """Where each operation behind `result` was called, by name."""
    nodes = ancestors(result._node)
    return {node.op.name: node.location for node in nodes if node.op is not None}


def check(location, line, function):
    assert location.filename == __file__
    assert location.line == line
    assert location.function == function
    assert str(location) == f"test_provenance.py:{line}"


X = np.array([[0.5, 1.0], [1.5, 2.0]])

CALLS = {
    "operator": lambda t: t + 1.0,
    "reflected operator": lambda t: 1.0 - t,
    "array @": lambda t: np.ones((2, 2)) @ t,
    "unary operator": lambda t: -t,
    "abs": lambda t: abs(t),  # noqa: PLW0108 - the line is this lambda's
    "power": lambda t: t**2,
    "index": lambda t: t[0],
    "iteration": lambda t: next(iter(t)),
    "np.exp": lambda t: np.exp(t),  # noqa: PLW0108
    "np.add": lambda t: np.add(1.0, t),
    "np.sum": lambda t: np.sum(t, axis=0),
    "np.concatenate": lambda t: np.concatenate([t, t]),
    "np.where": lambda t: np.where(t.data > 1, t, 0.0),
    "np.split": lambda t: np.split(t, 2)[1],
    "np.dot": lambda t: np.dot(t, t),
    "np.ravel": lambda t: np.ravel(t),  # noqa: PLW0108
    "method, elementwise": lambda t: t.exp(),
    "method, reduction": lambda t: t.sum(axis=1),
    "method, shape": lambda t: t.reshape(4),
    "T": lambda t: t.T,
    "ag.sigmoid": lambda t: ag.sigmoid(t),  # noqa: PLW0108
    "ag.logsumexp": lambda t: ag.logsumexp(t),  # noqa: PLW0108
    "ag.linear": lambda t: ag.linear(t, np.ones((3, 2))),
    "ag.squared_error": lambda t: ag.squared_error(t, X),
    "ag.index_update": lambda t: ag.index_update(t, 0, 1.0),
    "ag.softmax_cross_entropy": lambda t: ag.softmax_cross_entropy(t, np.array([0, 1])),
    "astype": lambda t: t.astype("f4"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_every_way_to_call_names_the_users_line(call):
    node = call(Tensor(X))._node
    while node.op.name == "output":
        node = node.parents[0]
    check(node.location, call.__code__.co_firstlineno, "<lambda>")


def test_lines_within_one_function():
    x = Tensor(2.0)
    a, first = x * x, here()
    b, second = np.exp(a), here()
    b += 1.0
    third = here() - 1
    found = lines(b)
    for name, line in (("multiply", first), ("exp", second), ("add", third)):
        check(found[name], line, "test_lines_within_one_function")


def test_an_expression_over_several_lines():
    x = Tensor(2.0)
    line = here()
    y = (
        x * 3.0  # line + 2
        + np.exp(
            x
        )
    )  # fmt: skip
    found = lines(y)
    assert line + 2 <= found["multiply"].line <= line + 3
    assert line + 3 <= found["exp"].line <= line + 5


def test_the_function_is_named():
    def model(x):
        return np.tanh(x)

    assert model(Tensor(1.0))._node.location.function == "model"


def test_a_leaf_has_no_line():
    assert Tensor(1.0)._node.location is None


def test_code_without_a_file():
    scope = {"x": Tensor(2.0)}
    exec(compile("y = 1\nz = x * x", "<stdin>", "exec"), scope)
    location = scope["z"]._node.location
    assert (location.filename, location.line, str(location)) == ("<stdin>", 2, "<stdin>:2")


# ---------------------------------------------------------------- library code


LAYERS = textwrap.dedent(
    """
    import numpy as np

    class Layer:
        def __call__(self, x):
            return self.forward(x)

        def forward(self, x):
            return np.tanh(x * 2.0).sum()
    """
)


@pytest.fixture
def library(tmp_path):
    """A package of layers in a folder of its own."""
    folder = tmp_path / "layers"
    folder.mkdir()
    (folder / "layer.py").write_text(LAYERS, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("layer", folder / "layer.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    directories = HIDDEN.directories
    yield folder, module.Layer()
    HIDDEN.directories = directories
    HIDDEN.clear()


def test_code_of_others_is_the_users_unless_hidden(library):
    folder, layer = library
    location = lines(layer(Tensor(1.0)))["tanh"]
    assert location.filename == str(folder / "layer.py")
    assert location.function == "forward"


def test_hidden_code_names_the_caller(library):
    folder, layer = library
    layer(Tensor(1.0))  # seen before it is hidden
    ag.hide_frames(folder)
    result, line = layer(Tensor(1.0)), here()
    for location in lines(result).values():
        check(location, line, "test_hidden_code_names_the_caller")


def test_a_sibling_with_the_same_beginning_is_not_hidden(library, tmp_path):
    _, layer = library
    ag.hide_frames(str(tmp_path / "lay"))
    assert lines(layer(Tensor(1.0)))["tanh"].function == "forward"


def test_the_engines_own_composites_are_hidden():
    x = Tensor(X)
    result, line = np.array_split(np.dot(x, x), 2)[0], here()
    for location in lines(result).values():
        check(location, line, "test_the_engines_own_composites_are_hidden")


def test_messages_use_it():
    x = Tensor([1.0, 2.0])
    y, line = x * x, here()
    x.data -= 1.0
    with pytest.raises(ag.OverwrittenError, match=rf"multiply \(test_provenance\.py:{line}\)"):
        y.sum().backward()


def test_a_location_reads_as_a_place():
    place = Location("/home/ada/train.py", 12, "step")
    assert str(place) == "train.py:12"
    assert place == Location("/home/ada/train.py", 12, "step")


def test_a_cell_of_a_notebook_is_called_that():
    assert str(Location("/tmp/ipykernel_7/2764000669.py", 2, "<module>")) == "line 2 of a cell"
