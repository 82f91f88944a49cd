"""The cause that `ag.why` gives for a gradient of 0, and what it advises."""

import html
import re

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.visualize.evidence import Cause, Verdict


def asked(x, loss, **options):
    """The answer after backward(), so that nothing is missing but what the test is about."""
    loss.backward(np.ones(loss.shape), retain_graph=True)
    return ag.why(x, loss, **options)


# ------------------------------------------------------------------------------ nothing is read


def test_rows_of_an_embedding_that_were_not_looked_up():
    layer = nn.Embedding(5, 2, rng=np.random.default_rng(0))
    answer = asked(layer.weight, np.square(layer(np.array([0, 3]))).sum())
    (place,) = answer.places
    assert (answer.verdict, answer.cause) == (Verdict.FINE, Cause.NOT_USED)
    assert (place.count, place.size) == (6, 10)
    assert "nothing is wrong, these rows were not looked up in this batch" in place.text
    assert answer.advice.startswith("nothing is wrong if")


@pytest.mark.parametrize("empty", [lambda x: x[0:0], lambda x: np.ones((0, 3)) @ x])
def test_an_empty_result_depends_on_nothing(empty):
    x = Tensor(np.ones(3))
    answer = asked(x, np.sum(empty(x) * 2.0))
    (place,) = answer.places
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.NOT_USED)
    assert "is empty, of shape (0,), so it depends on no element of x" in place.text
    assert "another point" not in answer.advice


@pytest.mark.parametrize("function", [lambda x: x, lambda x: x * 2.0, ag.relu])
def test_a_seed_of_zero(function):
    x = Tensor([-1.0, 2.0])
    answer = asked(x, function(x), seed=0.0)
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.ZERO_SEED)
    assert [place.cause for place in answer.places] == [Cause.ZERO_SEED]
    assert "another seed" in answer.advice


def test_a_hook_at_the_loss_is_no_seed_of_zero():
    x = Tensor(2.0)
    loss = x * 3.0
    loss.register_hook(np.zeros_like)
    assert ag.why(x, loss).cause is Cause.HOOK


# ------------------------------------------------------------------------------ flat


@pytest.mark.parametrize(
    "function",
    [
        lambda d: d**2,
        np.square,
        lambda d: d * d,
        np.cos,
        lambda d: nn.mse_loss(d, np.zeros(())),
        lambda d: (d * 2.0) * (d * 3.0),
        lambda d: nn.focal_loss(d + 1000.0, np.ones(())),
    ],
)
def test_where_it_is_flat_may_be_the_minimum(function):
    x = Tensor(2.0)
    answer = asked(x, function(x - 2.0))
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.FLAT)
    assert answer.advice.startswith("this may be the minimum (or maximum)")
    assert "mask" not in answer.text


# ------------------------------------------------------------------------------ certain


@pytest.mark.parametrize(
    "loss",
    [
        lambda z: nn.cross_entropy(z, np.array([0])),
        lambda z: nn.nll_loss(ag.log_softmax(z, axis=-1), np.array([0])),
        lambda z: nn.binary_cross_entropy_with_logits(z, np.array([[1.0, 0.0]])),
        lambda z: -ag.log_sigmoid(z[0, 0]),
    ],
)
def test_a_loss_of_logits_that_is_zero_leaves_nothing_to_learn(loss):
    z = Tensor([[1000.0, -1000.0]])
    answer = asked(z, loss(z))
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.CERTAIN)
    assert answer.advice.startswith("nothing is wrong where this is the loss")
    assert "nn.cross_entropy" not in answer.text.split("What to do")[1]


def test_a_certain_prediction_is_said_to_be_right():
    z = Tensor([[1000.0, 0.0]])
    answer = asked(z, nn.cross_entropy(z, np.array([0])))
    assert "right with certainty in float64, the loss is 0" in answer.places[0].text
    z = Tensor([[1000.0, 0.0], [0.0, 1.0]])
    answer = asked(z, nn.cross_entropy(z, np.array([0, 0])))
    assert "the probabilities there are those of the labels" in answer.places[0].text
    assert (answer.places[0].count, answer.cause) == (2, Cause.CERTAIN)


def test_a_nearly_certain_prediction_is_not_saturated():
    z = Tensor([[40.0, 0.0]])
    answer = asked(z, nn.cross_entropy(z, np.array([1])))
    assert answer.verdict is Verdict.FINE
    z = Tensor([18.0])
    answer = asked(z, nn.binary_cross_entropy_with_logits(z, np.array([1.0])))
    assert (answer.verdict, answer.cause) == (Verdict.TINY, Cause.CERTAIN)
    assert "nearly 0" in answer.places[0].text


def test_what_follows_a_loss_of_logits_is_not_blamed_for_it():
    z = Tensor([[2000.0, 0.0], [0.0, 1.0]])
    answer = asked(z, nn.cross_entropy(z, np.array([[1.0, 0.0], [0.0, 1.0]])))
    assert [place.operation for place in answer.places] == ["log_softmax", "multiply"]
    assert answer.cause is Cause.CERTAIN
    x = Tensor([[-1.0, -2.0, -3.0]])  # what comes before it may be
    logits = np.concatenate([ag.relu(x), np.array([[1000.0]])], axis=1)
    assert asked(x, nn.cross_entropy(logits, np.array([3]))).cause is Cause.DEAD_RELU


# ------------------------------------------------------------------------------ products


def test_a_factor_that_a_relu_made_zero():
    w, x = Tensor([2.0, 3.0]), Tensor([-1.0, 1.0])
    answer = asked(w, (w * ag.relu(x)).sum())
    assert answer.cause is Cause.DEAD_RELU
    assert "the other operand, a result of relu, is 0 there ([0, 1])" in answer.places[0].text


def test_a_factor_that_was_computed_is_named():
    w, x = Tensor(2.0), Tensor(1.0)
    answer = asked(w, w * (x - 1.0))
    assert answer.cause is Cause.MULTIPLIED_BY_ZERO
    assert "a result of subtract, is 0 (0)" in answer.places[0].text


@pytest.mark.parametrize("function", [lambda x: x**2 * x**2, lambda x: (x**2) * np.square(x)])
def test_a_factor_that_underflowed(function):
    x = Tensor(1e-200)
    answer = asked(x, function(x))
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.UNDERFLOW)
    assert "underflowed to 0 there (0): what it was computed from is not 0" in answer.text.replace(
        "\n    ", " "
    )
    assert "rescale" in answer.advice
    assert "mask" not in answer.text


def test_a_slope_that_underflowed():
    x = Tensor(1e-200)
    assert asked(x, x**3).cause is Cause.UNDERFLOW
    w = Tensor(2.0)
    assert asked(w, w * np.exp(Tensor(-800.0))).cause is Cause.UNDERFLOW


def test_a_factor_computed_from_zero_did_not_underflow():
    w = Tensor(2.0)
    assert asked(w, w * Tensor(0.0) ** 2).cause is Cause.MULTIPLIED_BY_ZERO


@pytest.mark.parametrize(
    ("data", "mask"),
    [
        (-1.0, lambda z: z > 0),
        ([-1.0, 2.0], lambda z: z.data > 0),
        ([-1.0, 2.0], lambda z: (z.data > 0).astype(float)),
    ],
)
def test_a_relu_by_hand(data, mask):
    x = Tensor(data)
    z = x * 2.0
    answer = asked(x, (z * mask(z)).sum())
    assert answer.cause is Cause.MASKED
    assert "a ReLU by hand" in answer.advice
    assert "leaky_relu" in answer.advice


def test_inputs_of_zero_and_one_are_no_mask():
    rows, w = np.array([[1.0, 0.0], [1.0, 0.0]]), Tensor([[1.0], [2.0]])
    assert asked(w, (rows @ w).sum()).cause is Cause.MULTIPLIED_BY_ZERO


def test_what_is_broadcast_is_counted_by_its_own_elements():
    x = Tensor([1.0, 2.0, 3.0])
    answer = asked(x, (x * np.array([[0.0, 2.0, 2.0], [0.0, 0.0, 2.0]])).sum())
    (place,) = answer.places
    assert (place.count, place.size, place.index) == (1, 3, (0,))
    assert "where its value is 1" in place.text
    assert asked(x, np.triu(x, k=1).sum()).places[0].count == 1
    x = Tensor(np.ones((2, 1)))
    answer = asked(x, (x * np.array([[0.0, 0.0, 0.0], [0.0, 0.0, 2.0]])).sum())
    assert (answer.places[0].count, answer.places[0].index) == (1, (0, 0))


# ------------------------------------------------------------------------------ paths that cancel


def test_paths_that_cancel_at_infinity_are_not_called_right():
    x = Tensor(1e308)
    with np.errstate(all="ignore"):
        loss = x * 10 - x * 10
        answer = asked(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.FORWARD)
    assert "nothing is wrong" not in answer.text
    assert "float64" in answer.advice
    x = Tensor(1.0)
    assert asked(x, x * 10 - x * 10).cause is Cause.CANCELLED


# ------------------------------------------------------------------------------ factors


def test_operations_read_as_in_explain():
    x = Tensor([[1.0, 2.0], [3.0, 4.0]], name="x")
    assert [factor.expression for factor in asked(x, x.max()).factors] == ["max(x)"]
    assert "max(x)" in str(ag.explain(x.max()))
    expressions = [factor.expression for factor in asked(x, x.max(axis=0).sum()).factors]
    assert expressions[-1] == "max(x, axis=(0,))"
    y = Tensor(2.0, name="y")
    (factor,) = asked(y, y * np.array(3.0)).factors
    assert factor.expression == "y × 3"


def test_a_constant_that_was_not_kept_reads_as_its_shape():
    w = Tensor(np.ones(1000), name="w")
    rows = np.ones((2, 1000))
    (_, factor) = asked(w, (w * rows).sum()).factors
    assert factor.expression == "w × (2, 1000) float64"


def test_an_empty_operand_is_not_the_worst():
    x = Tensor(np.zeros((0, 3)))
    answer = asked(x, (x * 2.0).sum())
    assert [factor.badness for factor in answer.factors] == [1.0, 1.0]
    assert "the worst" not in answer.text
    assert "no elements" in answer.text
    x = Tensor(np.ones(3))
    assert asked(x, x[0:0].sum()).worst.badness == 1.0


# ------------------------------------------------------------------------------ many factors


def multiplied(text):
    """The product of the factors that a text shows, runs and what is left out as their totals."""
    product = 1.0
    for line in text.splitlines():
        if "(all " in line or "×" not in line:
            continue
        together = re.search(r"together × ([-0-9.e]+)", line)
        found = together or re.match(r"(?:\| )?\s*× ([-0-9.e]+)", line)
        product *= float(found[1]) if found else 1.0
    return product


def as_text(answer):
    return answer.text.split("operation (all")[1]


def as_markdown(answer):
    return answer.markdown.split("|---|")[1]


def as_html(answer):
    return html.unescape(re.search("<pre[^>]*>(.*)</pre>", answer._repr_html_(), re.DOTALL)[1])


@pytest.mark.parametrize("shown", [as_text, as_markdown, as_html])
def test_the_factors_that_are_shown_multiply_to_the_gradient(shown):
    rng = np.random.default_rng(0)
    x = h = Tensor(rng.normal(size=(4, 8)))
    for _ in range(13):
        h = ag.sigmoid(ag.linear(h, rng.normal(size=(8, 8)) / 3))
    answer = asked(x, h.sum())
    assert len(answer.factors) == 27
    text = shown(answer)
    assert len(re.findall(r"\.\.\. \d+ more, together × ", text)) >= 1
    # the seed has the norm 1, and here there is one path, so the factors give the norm
    norm = float(np.linalg.norm(answer.gradient.data))
    np.testing.assert_allclose(multiplied(text), norm, rtol=0.05)
    assert "all 27: answer.factors" in " ".join(answer.text.split())
    assert "All 27 factors: `answer.factors`" in answer.markdown


def test_a_loop_is_one_line():
    x, w = Tensor(1.0, name="x"), Tensor(2.0, name="w")
    h = x
    for _ in range(60):
        h = w * h
    answer = ag.why(x, h)
    (line,) = [line for line in answer.text.splitlines() if "×" in line]
    assert "× 2 each  h = w × v" in line
    assert ", 60 times" in line
    assert "together × 1.15e18" in line
    assert "more" not in line
    assert "60 times" in answer.markdown


def test_two_equal_factors_keep_their_lines():
    x = Tensor(1.0)
    h = x * 2.0
    answer = asked(x, h * 2.0)
    assert "times" not in answer.text
    assert answer.text.count("× 2 ") >= 2


def test_what_nothing_reaches_has_no_total():
    x = h = Tensor(-1.0)
    for _ in range(5):
        h = h * 2.0
    text = asked(x, ag.relu(h)).text
    assert re.search(r"-  +v\d+ = v\d+ × 2, 5 times", text)
    assert "together" not in text


# ------------------------------------------------------------------------------ softmax


@pytest.mark.parametrize("data", [[[0.1, 0.2, 0.7]], [[1.0, 2.0, 3.0]], np.zeros((2, 5))])
def test_a_softmax_whose_elements_all_count_alike_is_not_saturated(data):
    x = Tensor(data)
    answer = asked(x, ag.softmax(x).sum())
    assert answer.cause is Cause.CANCELLED
    assert answer.verdict in (Verdict.ZERO, Verdict.TINY)  # what is left of it is rounding
    (place,) = answer.places
    assert "the same for all its elements, whose sum is always 1" in place.text
    assert "saturated" not in answer.text
    assert "tell the elements apart" in answer.advice


def test_one_element_of_a_softmax_may_get_just_the_average():
    x = Tensor(np.zeros((1, 4)))
    answer = asked(x, (ag.softmax(x) * np.array([4.0, 2.0, 1.0, 1.0])).sum())
    (place,) = answer.places
    assert (place.cause, place.count, place.index) == (Cause.CANCELLED, 1, (0, 1))
    assert "what arrives is the average of what arrives at all its elements" in place.text


def test_probabilities_that_are_those_wanted_leave_nothing():
    x = Tensor(np.ones((1, 4)))
    answer = asked(x, -(ag.log_softmax(x) * np.full((1, 4), 0.25)).sum())
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.CANCELLED)
    assert "proportions of its probabilities" in answer.places[0].text
    assert "nothing is wrong where this is a cross-entropy" in answer.advice


@pytest.mark.parametrize("score", [2000.0, 37.5])
def test_a_softmax_at_its_ends_is_saturated(score):
    x = Tensor([0.0, score])
    assert asked(x, ag.softmax(x)[0]).cause is Cause.SATURATED
    assert asked(x, ag.softmax(x)[1] * 1e-3).cause is Cause.SATURATED


def with_infinities(scores):
    return np.where(np.tril(np.ones((3, 3), bool)), scores, -np.inf)


def with_a_large_number(scores):
    return scores + np.triu(np.ones((3, 3)), 1) * -1e9


@pytest.mark.parametrize("mask", [with_infinities, with_a_large_number])
def test_what_an_attention_masks_out_is_not_saturated(mask, rng):
    q, k, v = (rng.normal(size=(3, 4)) for _ in range(3))
    q = Tensor(q)
    answer = asked(q, ((ag.softmax(mask(q @ k.T)) @ v) ** 2).sum())
    (place,) = answer.places
    assert (answer.verdict, place.cause, place.count) == (Verdict.FINE, Cause.MASKED, 4)
    assert "3 are masked out (probability 0) and 1 is alone in a softmax" in place.text
    assert "padding mask" in answer.advice
    assert "saturated" not in answer.text


def test_a_mask_is_known_although_the_scores_are_too_big_to_be_kept(rng):
    q, k = Tensor(rng.normal(size=(64, 8))), rng.normal(size=(64, 8)) / 8
    scores = np.where(np.tril(np.ones((64, 64), bool)), q @ k.T, -np.inf)
    answer = asked(q, (ag.softmax(scores) * rng.normal(size=(64, 64))).sum())
    assert (answer.cause, answer.places[0].count) == (Cause.MASKED, 64 * 63 // 2 + 1)


def test_a_softmax_by_hand_may_be_masked(rng):
    scores = Tensor(rng.normal(size=(3, 3)))
    powers = np.exp(with_infinities(scores))
    answer = asked(scores, (powers / powers.sum(axis=1, keepdims=True) * np.arange(3.0)).sum())
    assert answer.cause is Cause.MASKED
    assert "saturated" not in answer.text
    x = Tensor(-800.0)
    assert asked(x, np.exp(x)).cause is Cause.SATURATED


def test_the_first_target_of_a_causal_attention():
    q, k, v = (Tensor(np.random.default_rng(i).normal(size=(3, 4))) for i in range(3))
    answer = asked(q, (ag.scaled_dot_product_attention(q, k, v, causal=True) ** 2).sum())
    assert answer.cause is Cause.MASKED
    assert "one source only" in answer.places[0].text
    assert answer.advice.startswith("nothing is wrong")


def test_a_softmax_of_one_element_wants_another_axis():
    x = Tensor(np.ones((3, 1)))
    answer = asked(x, (ag.softmax(x) * np.arange(1.0, 4.0)[:, None]).sum())
    assert answer.verdict is Verdict.ZERO
    assert "one element only" in answer.places[0].text
    assert "axis=" in answer.advice


def test_what_is_too_far_below_counts_for_nothing_in_logsumexp():
    x = Tensor([1000.0, 0.0])
    answer = asked(x, ag.logsumexp(x))
    assert answer.cause is Cause.NOT_CHOSEN
    assert "too far below the greatest" in answer.places[0].text


def test_a_softmax_of_many_that_are_equal_is_not_nearly_saturated():
    x = Tensor(np.zeros(2000))
    answer = asked(x, ag.softmax(x)[0] * 1e-6)
    assert (answer.verdict, answer.cause) == (Verdict.TINY, Cause.SHRINKING)
    x = Tensor([0.0, 20.0])
    answer = asked(x, ag.softmax(x)[0] * 1e-3)
    assert (answer.verdict, answer.cause) == (Verdict.TINY, Cause.SATURATED)


# ------------------------------------------------------------------------------ kinks

KINKS = {
    "abs": (0.0, abs),
    "fabs": ([0.0, 0.0], np.fabs),
    "complex abs": (0j, abs),
    "norm": (np.zeros(3), np.linalg.norm),
    "rows": (np.zeros((2, 3)), lambda x: np.linalg.norm(x, axis=1)),
    "norm of order 1": (np.zeros(3), lambda x: np.linalg.norm(x, 1)),
    "norm of order inf": (np.zeros(3), lambda x: np.linalg.norm(x, np.inf)),
    "std": (np.ones(4), np.std),
    "hypot": (0.0, lambda x: np.hypot(x, np.zeros(2))),
    "cdist": (np.ones((2, 3)), lambda x: ag.cdist(x, np.ones((4, 3)))),
    "arctan2": (0.0, lambda x: np.arctan2(0.0, x)),
    "nuclear norm": (np.zeros((2, 2)), lambda x: np.linalg.norm(x, "nuc")),
    "xlogy": (0.0, lambda x: ag.xlogy(x, x)),
    "copysign": (0.0, lambda x: np.copysign(x, 1.0)),
    "mean absolute error": ([1.0, 2.0], lambda x: nn.mae_loss(x, np.array([1.0, 2.0]))),
}


@pytest.mark.parametrize("name", KINKS)
def test_at_a_kink_there_is_no_derivative(name):
    data, function = KINKS[name]
    x = Tensor(data)
    answer = asked(x, function(x))
    assert (answer.verdict, answer.cause) == (Verdict.ZERO, Cause.KINK)
    assert "0 is the convention" in answer.places[0].text
    assert "changes nothing" not in answer.text


def test_only_what_sits_at_the_kink_is_counted():
    x = Tensor([[1.0, 1.0, 1.0], [1.0, 2.0, 3.0]])
    (place,) = asked(x, np.std(x, axis=1).sum()).places
    assert (place.cause, place.count, place.index) == (Cause.KINK, 3, (0, 0))
    x = Tensor([3.0, 0.0])  # here the norm is smooth
    assert asked(x, np.linalg.norm(x)).cause is Cause.FLAT
    assert asked(x, np.linalg.norm(x, 1)).cause is Cause.KINK
    x = Tensor([1.0, 3.0, 2.0])
    answer = asked(x, np.linalg.norm(x, np.inf))
    assert (answer.cause, answer.places[0].count) == (Cause.NOT_CHOSEN, 2)


def test_what_has_a_cause_of_its_own_keeps_it():
    x = Tensor(0.0)
    assert asked(x, ag.relu(x)).cause is Cause.DEAD_RELU
    assert asked(x, np.sign(x)).cause is Cause.STEP
    assert asked(x, np.copysign(2.0, x)).cause is Cause.STEP
    assert asked(x, x * abs(x)).cause is Cause.MULTIPLIED_BY_ZERO


def test_the_advice_at_a_kink_is_about_the_operation():
    x = Tensor(0.0)
    assert "np.sqrt(x**2 + 1e-12)" in asked(x, abs(x)).advice
    assert "origin" in asked(x, np.arctan2(x, 0.0)).advice
    assert "away from 0" in asked(x, ag.xlogy(x, x)).advice
