"""The steps in the terminal: aligned, complete, and with the numbers of the engine."""

import numpy as np

import autograd_core as ag
from autograd_core import Tensor
from autograd_core.visualize.prose import derivation_text
from autograd_core.visualize.replay import derive


def lines_of(tensor, **options):
    return derivation_text(derive(tensor, {}, **options)).splitlines()


def test_equal_signs_stand_below_each_other():
    x, w = Tensor(2.0, name="x"), Tensor(-3.5, name="weight")
    lines = [line for line in lines_of(x * w) if line.startswith("   grad") and "+=" in line]
    assert lines == [
        "   grad x +=      grad v2 × weight = 1 × (-3.5) = -3.5",
        "   grad weight += grad v2 × x      = 1 × 2      = 2",
    ]


def test_the_local_derivative_in_symbols_and_numbers():
    x = Tensor(0.5, name="x")
    lines = lines_of(np.sin(x))
    assert f"   ∂v1/∂x = cos(x) = {np.cos(0.5):.5g}" in lines


def test_where_paths_meet_the_sum_over_them():
    x = Tensor(3.0, name="x")
    lines = lines_of(x * x + x)
    where = lines.index("   sum over the paths through v2, v1, v1:")
    assert lines[where + 1] == "   grad x = 1 + 3 + 3 = 7"


def test_a_sum_over_many_paths_lists_the_first():
    x = Tensor(1.0, name="x")
    y = x + 0.0
    for _ in range(20):
        y = y + x
    (line,) = [line for line in lines_of(y) if line.startswith("   grad x = ")]
    assert line == "   grad x = 1 + 1 + 1 + 1 + 1 + … 16 more = 21"


def test_every_step_says_why_now():
    x = Tensor(3.0, name="x")
    lines = lines_of(np.sin(x) * x)
    assert "   v2 comes first: it is the result, so there is nothing to wait for." in lines
    assert "   v1 comes now: v2, the only node that used it, is done." in lines


def test_released_is_never_a_number():
    x = Tensor(np.linspace(0.1, 1, 1000), name="x")
    y = np.exp(x).sum()
    y.backward()
    text = "\n".join(lines_of(y))
    assert "   grad x = in .grad: 1.105 to 2.718" in text
    assert "grad x = 0" not in text
    assert "\nSome gradients are gone: " in text
    x.grad = None
    assert "   grad x = released" in "\n".join(lines_of(y))


def test_several_outputs():
    x = Tensor(np.eye(2), name="x")
    values, _ = np.linalg.eigh(x)
    text = " ".join(" ".join(lines_of(values.sum())).split())
    assert "its gradients are those of its outputs" in text
    assert "collected, not added; 0 for 1 that nothing comes from" in text


def test_outputs_are_collected_and_what_goes_to_one_of_them_is_added():
    a, b = np.split(Tensor([1.0, 2.0, 3.0, 4.0, 5.0], name="x"), [2])
    lines = lines_of((a * 2).sum() + (a * 3).sum() + (b * 3).sum())
    assert "   grad v2 = [3, 3] + [2, 2] = [5, 5]" in lines
    assert "   grad v1[0] = grad v2 = [5, 5]" in lines
    assert "   grad v1[1] = grad v3 = [3, 3, 3]" in lines
    collected = "   its gradients are those of its outputs, grad v2, grad v3: collected, not added"
    assert collected in lines


def test_what_a_hook_did():
    x = Tensor(2.0, name="x")
    y = x * 3.0
    y.name = "y"
    y.register_hook(lambda g: g * 10)
    lines = lines_of(y * y)
    where = lines.index("   grad y = 6 + 6 = 12")
    assert lines[where + 1] == "   a hook changed it to grad y = 120"
    assert "   grad x += grad y × 3 = 120 × 3 = 360" in lines


def test_only_all_axes_the_other_way_round_are_a_transpose():
    x = Tensor(np.ones((2, 3, 4)), name="x")
    text = "\n".join(lines_of(np.transpose(x, (1, 2, 0)).sum()))
    assert "v1 = transpose(x, (1, 2, 0))" in text
    assert "   grad x += transpose(grad v1, (2, 0, 1)) = all 1" in text
    assert "ᵀ" not in text
    assert "v1 = xᵀ" in "\n".join(lines_of(x.T.sum()))


def test_no_line_is_too_wide_for_a_projector():
    rng = np.random.default_rng(0)
    x, w, b = (Tensor(rng.normal(size=s)) for s in [(4, 3), (2, 3), (2,)])
    loss = ag.softmax_cross_entropy(np.tanh(ag.linear(x, w, b)), np.array([0, 1, 1, 0]))
    assert max(map(len, lines_of(loss))) < 200


def test_numbers_are_the_engines():
    x, w = Tensor(0.3, name="x"), Tensor(-1.2, name="w")
    loss = np.tanh(x * w) / (x + w)
    text = "\n".join(lines_of(loss))
    loss.backward()
    assert f"grad x = {x.grad:.5g}" in text or f" = {x.grad:.5g}\n" in text
    assert text.rstrip().endswith(f"= {w.grad:.5g}")


def table_of(tensor, names=None):
    return derivation_text(derive(tensor, names or {})).partition("\n\nReverse")[0].splitlines()


def test_a_line_that_all_steps_share_is_shown_once():
    x = Tensor(0.5, name="x")
    table = table_of(np.sin(x * 2.0) + 1.0)
    assert table[2].startswith("your line: test_prose.py:")
    assert table[2].endswith("table = table_of(np.sin(x * 2.0) + 1.0)")
    assert table[4].split() == ["step", "value"]
    assert "test_prose" not in "\n".join(table[3:])


def test_different_lines_stand_beside_their_steps():
    x = Tensor(0.5, name="x")
    y = np.sin(x)
    table = table_of(y + 1.0)
    assert table[2].split() == ["step", "value", "your", "line"]
    assert table[4].endswith("y = np.sin(x)")


def test_without_any_place_there_is_no_column_for_it():
    assert table_of(Tensor(0.5, name="x"))[2:] == ["step   value", "x        0.5"]


def test_a_derivative_by_each_of_two_equal_operands():
    x = Tensor(3.0, name="x")
    lines = lines_of(x * x)
    assert "   ∂v1/∂x (operand 1) = x = 3" in lines
    assert "   ∂v1/∂x (operand 2) = x = 3" in lines


def test_an_infinity_that_counted_as_nothing_is_remarked_on():
    x = Tensor(np.array([0.0, 4.0]), name="x")
    remark = "0 · inf counts as 0."
    text = " ".join(" ".join(lines_of((np.sqrt(x) * np.array([0.0, 1.0])).sum())).split())
    assert "On the way to x an infinite local derivative met a gradient of exactly 0" in text
    assert remark in text
    assert remark not in " ".join(lines_of(np.sqrt(x + 1.0).sum()))
    assert remark not in " ".join(lines_of(np.log(x + 1.0)[0] * 0.0))
