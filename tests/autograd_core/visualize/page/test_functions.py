"""What the page computes with: each entry's JavaScript, in a browser, equals NumPy."""

import itertools
import math

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.entry import REGISTRY
from autograd_core.visualize.page.functions import javascript_of, table_script
from tests.autograd_core.samples import Slot, case_of, cases, primitives

#: Elementwise, but without a formula that is short in JavaScript; pages that meet one of them
#: name it and offer no dragging.
INVERSES = {"erfinv", "erfcinv", "ndtri", "ndtri_exp", "wrightomega"}
GAMMA = {
    *("gammaln", "digamma", "polygamma", "betaln", "gamma", "rgamma", "loggamma", "beta"),
    *("poch", "binom", "gammainc", "gammaincc", "betainc", "betaincc"),
}
INTEGRALS = {"expi", "exp1", "expn", "spence", "ellipk", "ellipe", "erfi", "dawsn", "owens_t"}
BESSEL = {
    *("jv", "yv", "iv", "kv", "ive", "kve", "j0", "j1", "y0", "y1", "k0", "k1"),
    *("i0e", "i1e", "k0e", "k1e"),
}
HYPERGEOMETRIC = {"hyp0f1", "hyp1f1", "hyp2f1", "hyperu", "exprel"}
WITHOUT = INVERSES | GAMMA | INTEGRALS | BESSEL | HYPERGEOMETRIC

NUMBERS = (
    *(-math.inf, -1e200, -1000.0, -20.0, -3.7, -1.0, -0.3, -1e-9, 0.0, 1e-9, 0.45, 0.5, 0.9),
    *(1.0, 1.3, 2.0, 5.5, 25.0, 800.0, 1e200, math.inf, math.nan),
)
FEWER = (-math.inf, -20.0, -3.0, -0.3, 0.0, 0.4, 1.0, 2.5, 1e200, math.inf, math.nan)
SPECIAL = {"condition": (True, False), "n": (-3, 0, 5)}
FINITE = {"powm1"}  # SciPy's is 0 for 0.4 to the power of minus infinity, and NaN beside it
MORE = {"broadcast_to": [(((),), {"shape": (1, 1)})]}


def with_javascript():
    return [op for op in primitives() if op.javascript is not None]


def is_elementwise(op):
    """Whether each element of the output is the operation on one element of every operand."""
    if op.multiple or op.variadic:
        return False
    found = False
    for case in cases(op):
        operands = case.draw(np.random.default_rng(1))
        values = [next(left) if isinstance(part, Slot) else part
                  for left in [iter(operands)] for part in case.template]  # fmt: skip
        arrays = [np.asarray(value) for value in values if value is not None]
        try:
            out = np.asarray(case.record(*operands))
            if out.size < 2 or out.shape != np.broadcast_shapes(*(a.shape for a in arrays)):
                if out.size > 1:
                    return False
                continue
            spread = [v if v is None else np.broadcast_to(v, out.shape) for v in values]
            for place in itertools.islice(np.ndindex(out.shape), 4):
                one = op.call(*[v if v is None else v[place] for v in spread], **case.keywords)
                if np.shape(one) != () or not np.isclose(one, out[place], rtol=1e-12):
                    return False
        except (ValueError, TypeError, IndexError):
            continue
        found = True
    return found


def test_every_elementwise_primitive_has_javascript_or_a_reason_why_not():
    elementwise = {op.name for op in primitives() if is_elementwise(op)}
    assert {"exp", "multiply", "where", "clip", "elu", "gammaln"} <= elementwise
    assert not elementwise & {"softmax", "cumsum", "sum", "matmul", "sort", "flip"}
    without = {name for name in elementwise if REGISTRY[name].javascript is None}
    assert without == WITHOUT


def test_javascript_names_operands_and_keywords_only(monkeypatch):
    for op in with_javascript():
        assert javascript_of(op.name).startswith(f"[{len(op.operand_names)}, [")
    monkeypatch.setattr(REGISTRY["cos"], "javascript", "Math.cos({z})")
    with pytest.raises(KeyError, match="z"):
        javascript_of("cos")


# ------------------------------------------------------------------------------ in the browser


def calls_of(op):
    """Operands, keywords and what the engine makes of them, at many points."""
    calls = {}
    for case in [*cases(op), *(case_of(op, *more) for more in MORE.get(op.name, ()))]:
        places = [at for at, part in enumerate(case.template) if is_varied(part)]
        names = [op.operand_names[at] for at in places]
        choices = NUMBERS if len(places) == 1 else FEWER
        if op.name in FINITE:
            choices = tuple(number for number in choices if abs(number) < math.inf)
        for point in itertools.product(*(SPECIAL.get(name, choices) for name in names)):
            operands = list(case.template)
            for at, number in zip(places, point, strict=True):
                shape = () if is_free(op) else (1,) * len(case.template[at].shape)
                operands[at] = ag.Tensor(np.full(shape, number)) if is_real(number) else number
            try:
                with np.errstate(all="ignore"):
                    node = op.call(*operands, **case.keywords)._node
            except (ValueError, TypeError, IndexError):
                break  # the keywords are for arrays
            given = [single(getattr(parent, "value", parent)) for parent in node.parents]
            result = single(node.value)
            if any(number is ... for number in (*given, result)):
                break
            keywords = {
                name: value
                for name, value in (node.keywords or {}).items()
                if isinstance(value, int | float | str)
            }
            call = [op.name, given, keywords, float(result)]
            calls[str(call)] = call
    return list(calls.values())


def is_varied(part):
    return isinstance(part, Slot) or np.size(part) > 1


def is_real(number):
    return type(number) is float


def is_free(op):
    """Whether it takes numbers; else it gets arrays of one number."""
    return op.name not in {"matmul", "linear", "moveaxis", "swapaxes"}


def single(value):
    """A number, or None; ... for an array of several."""
    if value is None:
        return None
    array = np.asarray(value)
    return array.item() if array.size == 1 else ...


RUN = """calls => calls.map(([name, operands, keywords]) => {
    const [count, names, call] = window.stepThroughFunctions[name];
    while (operands.length < count) operands.push(null);
    return Number(call(...operands, ...names.map((key) => keywords[key] ?? null)));
})"""


def mismatches(open_page, ops):
    """Calls whose result in the browser is not NumPy's, and how many calls there were."""
    calls = [call for op in ops for call in calls_of(op)]
    script = table_script(op.name for op in ops)
    visit = open_page(f"<!DOCTYPE html><title>functions</title><script>{script}</script>")
    results = visit.page.evaluate(RUN, [call[:3] for call in calls])
    wrong = [
        (name, operands, keywords, expected, result)
        for (name, operands, keywords, expected), result in zip(calls, results, strict=True)
        if not np.isclose(result, expected, rtol=1e-12, atol=1e-15, equal_nan=True)
    ]
    return wrong, {call[0] for call in calls}, len(calls)


@pytest.mark.browser
def test_javascript_of_every_entry_equals_numpy(open_page):
    wrong, seen, count = mismatches(open_page, with_javascript())
    assert wrong[:20] == []
    assert seen == {op.name for op in with_javascript()}
    assert count > 5000


@pytest.mark.browser
@pytest.mark.parametrize(
    ("name", "formula"),
    [("cos", "Math.cos({x}) * (1 + 1e-11)"), ("maximum", "Math.min({x}, {y})"), ("erf", "{x}")],
)
def test_a_wrong_formula_does_not_get_through(open_page, monkeypatch, name, formula):
    monkeypatch.setattr(REGISTRY[name], "javascript", formula)
    wrong, _, _ = mismatches(open_page, [REGISTRY[name]])
    assert wrong
