"""A leaf that was changed after its use: its new value is never shown as what the results used."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.visualize import read
from autograd_core.visualize.table import steps_table
from autograd_core.visualize.view import State


def value_of(tensor, label, names=None):
    view = read(tensor, names)
    (vertex,) = [vertex for vertex in view.vertices if vertex.label == label]
    return vertex.value


def assert_changed(tensor, label, names=None):
    assert value_of(tensor, label, names).state is State.CHANGED


def assert_unchanged(tensor):
    assert all(vertex.value.state is not State.CHANGED for vertex in read(tensor).vertices)


def add_one(w):
    with ag.no_grad():
        w += 1.0


def set_elements(w):
    with ag.no_grad():
        w[...] = 7.0


def assign_data(w):
    w.data = w.data + 1.0


def change_data(w):
    w.data += 1.0


def fill(w):
    with ag.no_grad():
        w.fill(7.0)


def step(w):
    nn.SGD([w], lr=0.1).step()


WAYS = [add_one, set_elements, assign_data, change_data, fill, step]


@pytest.mark.parametrize("change", WAYS)
@pytest.mark.parametrize("shape", [(), (3,), (300,)])
def test_every_way_to_change_a_leaf_is_noticed(change, shape):
    w = ag.Tensor(np.full(shape, 2.0), name="w")
    loss = np.sum(w * 3.0)
    loss.backward()
    assert_unchanged(loss)
    change(w)
    assert_changed(loss, "w")
    assert_unchanged(np.sum(w * 3.0))  # a new graph is of the new value


def test_a_leaf_that_did_not_change_beside_one_that_did():
    w, b = ag.Tensor(2.0, name="w"), ag.Tensor(1.0, name="b")
    loss = w * 3.0 + b
    add_one(w)
    assert value_of(loss, "b").state is State.KNOWN


def test_a_step_that_leaves_a_number_as_it_is():
    w = ag.Tensor(-2.0, name="w")
    loss = ag.relu(w * 3.0)
    loss.backward()
    step(w)
    assert_unchanged(loss)


def test_after_a_step_of_training():
    model = nn.MLP(2, [3], 1, rng=np.random.default_rng(0))
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    for _ in range(2):
        loss = (model(np.ones((4, 2), np.float32)) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        assert_unchanged(loss)
        optimizer.step()
    names = dict(model.named_parameters())
    for name in names:
        assert_changed(loss, name, names)
    notice = ag.explain(loss).derivation.notice
    assert "model.2.bias were changed after the results had been computed" in notice


def test_views_into_an_array_that_was_written_into():
    w = ag.Tensor(np.arange(6.0).reshape(2, 3), name="w")
    first, second = np.split(w, 2)
    whole, copied = w.T, w * 1.0
    loss = (whole.sum() + copied.sum() + (first * second).sum()) * 1.0
    assert_unchanged(loss)
    add_one(w)
    view = read(loss, {"whole": whole, "copied": copied, "first": first, "second": second})
    changed = {vertex.label for vertex in view.vertices if vertex.value.state is State.CHANGED}
    assert changed == {"w", "whole", "first", "second"}


def test_views_into_an_array_that_was_replaced_keep_their_numbers():
    w = ag.Tensor(np.arange(6.0).reshape(2, 3), name="w")
    loss = (w.T * 2.0).sum()
    w.data = np.ones((2, 3))
    changed = [v.label for v in read(loss).vertices if v.value.state is State.CHANGED]
    assert changed == ["w"]


def test_the_users_own_arrays():
    data, shared = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    w = ag.Tensor(shared, copy=False, name="w")
    loss = (w * w * data).sum()
    assert_unchanged(loss)
    data[0] = 9.0
    assert_changed(loss, "data", {"data": data})
    assert value_of(loss, "w").state is State.KNOWN
    shared[0] = 9.0
    assert_changed(loss, "w")


# ------------------------------------------------------------------------- what is said of it


def changed_after_backward():
    w = ag.Tensor(2.0)
    loss = (w * 3.0) ** 2
    loss.backward()
    with ag.no_grad():
        w -= 0.5 * w.grad
    return ag.explain(loss)


def test_the_new_value_is_called_so_and_never_put_into_an_equation():
    steps = changed_after_backward()
    assert "changed since: now -16" in steps.text
    assert r"v_{1} &= w \cdot 3 = 6" in steps.latex
    assert r"w = \text{changed since: now -16}" in steps.markdown
    for form in (steps.text, steps.latex, steps.markdown):
        assert form.count("-16") == 1
    assert "grad w = 36" in steps.text


def test_nor_into_a_derivative():
    a = ag.Tensor(3.0)
    y = a * a + np.sin(a)
    y.backward()
    with ag.no_grad():
        a -= 10.0
    steps = ag.explain(y)
    for form in (steps.text, steps.latex, steps.markdown):
        assert form.count("-7") == 1


def test_the_derivative_that_was_kept_is_that_of_the_old_value():
    a = ag.Tensor(3.0)
    y = a * a
    add_one(a)
    text = ag.explain(y).text
    assert "∂y/∂a (operand 1) = a = 3" in text
    assert "grad a = 3 + 3 = 6" in text


@pytest.mark.parametrize("form", ["text", "latex", "markdown"])
def test_a_notice_says_what_to_do(form):
    text = " ".join(getattr(changed_after_backward(), form).replace("\n% ", " ").split())
    assert "w was changed after the results had been computed" in text
    assert "Explain before the step of the optimiser, or compute the results again." in text


def test_no_notice_without_a_change():
    w = ag.Tensor(2.0)
    loss = (w * 3.0) ** 2
    loss.backward()
    steps = ag.explain(loss)
    assert steps.derivation.notice == ""
    assert all("changed" not in form for form in (steps.text, steps.latex, steps.markdown))


def test_many_changed_leaves_are_counted():
    leaves = [ag.Tensor(float(i), name=f"p{i}") for i in range(9)]
    total = leaves[0] * 1.0
    for leaf in leaves[1:]:
        total = total + leaf
    for leaf in leaves:
        add_one(leaf)
    assert ag.explain(total).derivation.notice.startswith("p0, p1, p2 and 6 more were changed")


def test_the_table_and_the_picture_say_it_too():
    w = ag.Tensor(2.0, name="w")
    y = w * 3.0
    assert "changed" not in ag.draw(y).source
    add_one(w)
    assert "changed since: now 3" in steps_table(read(y))
    source = ag.draw(y).source
    assert "changed since: now 3" in source
    assert "changed after its use: draw before the step" in source
