"""The page's numbers are the engine's, whatever they are, and its text cannot leave its script."""

import base64
import json

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize.page.data import data_of, dumps
from autograd_core.visualize.page.formulas import PLACES, formula, tree
from autograd_core.visualize.page.quantities import describe, number
from autograd_core.visualize.replay import derive
from autograd_core.visualize.symbols import Call, Number, Symbol
from autograd_core.visualize.view import Quantity, State


def read_back(tensor, **options):
    return json.loads(dumps(data_of(derive(tensor, **options), "test")))


def test_numbers_equal_the_engines():
    x, w, b = (ag.Tensor(v, name=n) for v, n in [(0.1, "x"), (-1.7, "w"), (0.3, "b")])
    out = np.tanh(w * x + b) ** 2 + np.exp(x)
    data = read_back(out)
    got = {vertex["label"]: vertex for vertex in data["vertices"]}
    expected = ag.grad(lambda x, w, b: np.tanh(w * x + b) ** 2 + np.exp(x), argnums=(0, 1, 2))
    for name, gradient in zip("xwb", expected(0.1, -1.7, 0.3), strict=True):
        assert got[name]["gradient"]["number"] == float(gradient)
    result = next(v for v in data["vertices"] if v["id"] == data["result"])
    assert result["value"]["number"] == float(out.data)
    assert x.grad is None


def test_contributions_add_up_to_the_gradients():
    x = ag.Tensor(0.7, name="x")
    data = read_back(x * np.sin(x) + x)
    last = {}
    for step in data["reverse"]:
        for item in step["contributions"]:
            last[item["target"]] = item.get("total", item["amount"])["number"]
            assert item["edge"] in {edge["id"] for edge in data["edges"]}
    for vertex in data["vertices"]:
        if vertex["id"] in last:
            assert vertex["gradient"]["number"] == pytest.approx(last[vertex["id"]], rel=1e-15)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (np.float32(0.1), 0.10000000149011612),
        (1e308, 1e308),
        (-0.0, 0.0),
        (float("nan"), "NaN"),
        (-np.inf, "-Infinity"),
        (2**60, float(2**60)),
        (np.bool_(True), 1),
        (np.complex64(1 - 2j), {"re": 1.0, "im": -2.0}),
    ],
)
def test_single_numbers(value, written):
    assert number(value) == written
    assert json.loads(dumps(number(value))) == written


def test_states_are_told_apart_from_zero():
    described = [
        describe(Quantity(State.NOT_COMPUTED)),
        describe(Quantity(State.RELEASED)),
        describe(Quantity(State.KNOWN, 0.0)),
    ]
    assert len({item["state"] for item in described}) == 3
    assert ["number" in item for item in described] == [False, False, True]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((0, 3)),
        np.array([np.nan, np.nan]),
        np.array([1e308, 1e308]),
        np.array([np.inf, -np.inf, 0.0]),
        np.array([1 + 1j, 2 - 3j]),
        np.arange(5000.0).reshape(50, 100),
        np.float16([60000, 60000]),
        np.zeros((2, 3, 40, 50)),
        np.array([True, False]),
    ],
    ids=lambda array: f"{array.shape}{array.dtype}",
)
def test_arrays(array):
    described = json.loads(dumps(describe(Quantity(State.KNOWN, array))))
    assert described["shape"] == list(array.shape)
    if array.size:
        grid = described["grid"]
        assert len(base64.b64decode(grid["levels"])) == grid["rows"] * grid["columns"] <= 16 * 24
        kept = np.isfinite(array) if array.dtype.kind in "fc" else np.ones(array.shape, bool)
        assert described["undefined"] == np.count_nonzero(~kept)
        if array.size <= 36:
            assert described["numbers"] == [number(value) for value in array.ravel()]


def test_the_norm_does_not_overflow():
    assert describe(Quantity(State.KNOWN, np.array([3e307, 4e307])))["norm"] == "5e307"


@pytest.mark.parametrize(
    ("array", "norm"),
    [([np.inf, 1.0], "inf"), ([-np.inf], "inf"), ([np.inf, np.nan], "nan"), ([np.nan] * 2, "nan")],
)
def test_the_norm_of_what_is_not_finite_is_not_that_of_the_rest(array, norm):
    assert describe(Quantity(State.KNOWN, np.array(array)))["norm"] == norm


def test_the_heat_map_shows_what_is_there():
    array = np.array([[-2.0, 0.0, 1.0, np.nan]])
    grid = describe(Quantity(State.KNOWN, array))["grid"]
    levels = np.frombuffer(base64.b64decode(grid["levels"]), np.uint8).astype(int)
    assert levels.tolist() == [1, 128, 192, 0]


HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--",
    "a&b",
    "\u2028\u2029",
    "\u202egnp",
    "\ud800",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_text_cannot_leave_the_script(text):
    written = dumps({"label": text})
    assert not set(written) & set("<>&\u2028\u2029\ud800")
    assert written.encode("utf-8")
    assert json.loads(written)["label"] == text


def test_names_are_no_part_of_formulas():
    x, y = Symbol("0", "<b>x</b>"), Symbol("1", "</math>", gradient=True)
    written = formula(Call("multiply", (y, Call("add", (x, Number(2.0))))))
    assert written["symbols"] == [["1", 1], ["0", 0]]
    assert chr(PLACES) in written["mathml"] or f"&#x{PLACES:05X};" in written["mathml"]
    assert "<b>" not in written["mathml"]


def test_trees():
    expression = Call(
        "where", (Symbol("0", "x"), Number(np.inf)), (("axis", (0, 1)), ("f", object))
    )
    written = tree(expression)
    assert written["o"] == [{"s": "0"}, {"n": "Infinity"}]
    assert written["k"]["axis"] == [0, 1]
    assert written["k"]["f"].startswith("<class")
    assert tree(Symbol("0", "x", gradient=True)) == {"s": "0", "g": True}


def test_each_formula_is_written_once():
    z = x = ag.Tensor(1.0, name="x")
    for _ in range(20):
        z = z * x
    data = read_back(z)
    assert len(data["markup"]) == len(set(data["markup"])) < 8


def test_size_grows_with_the_graph_only():
    z = x = ag.Tensor(1.0, name="x")
    for _ in range(150):
        z = z * 1.01 + x
    assert len(dumps(data_of(derive(z), "chain"))) < 700_000
    x = ag.Tensor(np.ones((1000, 1000)), name="x")
    assert len(dumps(data_of(derive((x * x).sum()), "big"))) < 20_000


def test_a_graph_without_a_backward_pass():
    data = read_back(ag.Tensor([1.0, 2.0], name="x") * 3.0)
    assert data["forward"]
    assert all(step["incoming"]["state"] != "known" for step in data["reverse"])


def test_an_infinity_that_counted_as_nothing_is_marked():
    x = ag.Tensor(0.0, name="x")
    items = [
        item for step in read_back(np.sqrt(x) * 0.0)["reverse"] for item in step["contributions"]
    ]
    assert [item.get("settled", False) for item in items] == [False, True]


@pytest.mark.parametrize(
    ("factor", "sign"), [([3, 1], 1), ([-3, 0], -1), ([3, -1], 0), ([1, -3], 0), ([1j, 1], 0)]
)
def test_only_a_gradient_of_one_sign_is_said_to_have_one(factor, sign):
    x = ag.Tensor(np.array([1, 2], np.asarray(factor).dtype) * 1.0, name="x")
    data = read_back(np.sum((x * np.array(factor)).real))
    (strength,) = (
        item["strength"]
        for step in data["reverse"]
        for item in step["contributions"]
        if item["target"] == data["vertices"][0]["id"]
    )
    assert strength == [pytest.approx(np.linalg.norm(factor)), sign]


def test_what_if_names_a_leaf_that_changed_since():
    w = ag.Tensor(2.0, name="w")
    loss = np.square(w * 3.0)
    assert read_back(loss)["whatIf"]["offered"]
    with ag.no_grad():
        w -= 0.5
    refused = read_back(loss)["whatIf"]
    assert not refused["offered"]
    assert "changed since: w." in refused["why"]


@pytest.mark.parametrize("factor", [[np.inf, 1.0], [np.nan, 0.0]])
def test_a_gradient_that_is_not_finite_is_said_to_be_broken(factor):
    x = ag.Tensor([1.0, 2.0], name="x")
    with np.errstate(invalid="ignore"):
        data = read_back(np.sum(x * np.array(factor)))
    strengths = [item["strength"] for step in data["reverse"] for item in step["contributions"]]
    assert strengths.count("broken") == 1
