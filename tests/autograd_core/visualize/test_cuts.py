"""Where ``why`` says that a value left the graph, in the asking code and in what it calls."""

import inspect

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core import Tensor
from autograd_core.visualize.evidence import Cause, Verdict

X = np.ones((2, 3), np.float32)


def line_of(function, text):
    """Where a line of a function is, as messages write it."""
    source, first = inspect.getsourcelines(function)
    number = first + next(i for i, line in enumerate(source) if text in line)
    return f"test_cuts.py:{number}"


def linear(*sizes):
    return nn.Linear(*sizes, rng=np.random.default_rng(0))


def places(answer):
    return [(place.location, place.source) for place in answer.places]


# ------------------------------------------------ a layer that is not used is not said to be cut


class WithTarget(nn.Module):
    def __init__(self):
        self.a, self.b, self.unused = linear(3, 4), linear(4, 2), linear(3, 3)

    def forward(self, x):
        h = self.a(x).relu()
        target = self.a(x).detach()
        return self.b(h) + 0 * target.sum()


def test_a_layer_that_was_never_used_is_not_cut_by_the_detach_of_another():
    model = WithTarget()
    loss = (model(X) ** 2).mean()
    answer = ag.why(model.unused.weight, loss)
    assert (answer.verdict, answer.cause, answer.places) == (Verdict.NONE, Cause.UNCONNECTED, ())
    assert "nothing that led to loss used model.unused.weight" in answer.headline
    assert "drop" not in answer.advice


def test_nor_where_the_model_is_inside_another():
    inner = WithTarget()
    model = nn.Sequential(inner, linear(2, 1))
    loss = (model(X) ** 2).mean()
    assert ag.why(inner.unused.weight, loss).cause is Cause.UNCONNECTED


def out_of_sight(tensors):
    constant = tensors[0].detach()
    return constant * tensors[1] + 1


def test_what_is_not_known_to_pass_a_line_is_said_to_be_possible():
    x, w, step = Tensor([1.0, 5.0]), Tensor(2.0), [out_of_sight]
    loss = step[0]([x * 2, w]).sum()
    answer = ag.why(x, loss)
    assert places(answer) == [
        (line_of(out_of_sight, "detach"), "constant = tensors[0].detach()"),
    ]
    assert answer.places[0].text.startswith(
        "x may be cut here, if it goes through this line: .detach()"
    )
    assert "x may have gone through them" in answer.headline
    assert "as the source lines show" not in answer.headline
    assert "If not: use x itself" in answer.advice


# ---------------------------------------------------------- cuts inside of functions and modules


def features(a):
    with ag.no_grad():
        return np.tanh(a * 2)


def halved(a):
    return (a * 2).detach()


def through_another(a):
    b = halved(a)
    return b + 1


@ag.no_grad()
def silent(a):
    return a * 2


class Backbone(nn.Module):
    def __init__(self):
        self.lin = linear(3, 2)

    def forward(self, x):
        return self.lin(x).detach()


@pytest.mark.parametrize(
    ("function", "inside", "text"),
    [
        (features, features, "return np.tanh(a * 2)"),
        (halved, halved, "return (a * 2).detach()"),
        (through_another, halved, "return (a * 2).detach()"),
        (silent, silent.__wrapped__, "return a * 2"),
    ],
)
def test_a_cut_inside_a_helper_is_found_although_none_of_its_nodes_is_left(function, inside, text):
    x, w = Tensor(3.0), Tensor(1.0)
    loss = function(x) * w
    answer = ag.why(x, loss)
    assert answer.cause is Cause.CUT
    assert places(answer) == [(line_of(inside, text), text)]
    assert "as the source lines show" in answer.headline


def test_a_backbone_that_detaches():
    body, head = Backbone(), linear(2, 1)
    loss = (head(body(X)) ** 2).mean()
    answer = ag.why(body.lin.weight, loss)
    assert answer.cause is Cause.CUT
    text = "return self.lin(x).detach()"
    assert places(answer) == [(line_of(Backbone.forward, text), text)]


def test_a_backbone_in_a_container():
    model = nn.Sequential(Backbone(), linear(2, 1))
    loss = (model(X) ** 2).mean()
    answer = ag.why(model[0].lin.weight, loss)
    assert places(answer) == [
        (line_of(Backbone.forward, ".detach()"), "return self.lin(x).detach()")
    ]
    assert ag.why(linear(3, 3).weight, loss).places == ()


class Pair(nn.Module):
    def __init__(self):
        self.body, self.head = linear(3, 2), linear(2, 1)

    def encode(self, x):
        h = self.body(x)
        return np.asarray(h.data)

    def forward(self, x):
        return self.head(self.encode(x))


def test_a_method_of_a_module():
    model = Pair()
    loss = (model(X) ** 2).mean()
    answer = ag.why(model.body.bias, loss)
    assert places(answer) == [(line_of(Pair.encode, "np.asarray"), "return np.asarray(h.data)")]


def test_a_closure_and_a_function_that_uses_the_result():
    x, w = Tensor(3.0), Tensor(1.0)

    def constant():
        return float(x) + 1

    def product(a, b):
        return a * b

    kept = constant()
    loss = product(kept, w)
    answer = ag.why(x, loss)
    assert places(answer) == [(line_of(constant, "float"), "return float(x) + 1")]


def test_a_lambda():
    x, w = Tensor(3.0), Tensor(1.0)
    value = lambda a: a.item()  # noqa: E731
    loss = value(x) * w
    (place,) = ag.why(x, loss).places
    assert place.source.startswith("value = lambda a: a.item()")


def looks(a):
    print(a.item())
    seen = [a.detach()]
    seen.append(a.data)
    return a.shape[0]


def test_a_helper_that_only_looks_cuts_nothing():
    x, w = Tensor([3.0]), Tensor(1.0)
    loss = looks(x) * w
    answer = ag.why(x, loss)
    assert (answer.cause, answer.places) == (Cause.UNCONNECTED, ())


def calls_itself(a, times):
    if times == 0:
        return a.detach()
    return calls_itself(a * 2, times - 1)


def test_a_function_that_calls_itself():
    x, w = Tensor(3.0), Tensor(1.0)
    loss = calls_itself(x, 3) * w
    assert places(ag.why(x, loss)) == [(line_of(calls_itself, "detach"), "return a.detach()")]


def test_a_loss_under_no_grad_inside_a_helper():
    x = Tensor(3.0)
    loss = features(x)
    if not isinstance(loss, Tensor):
        loss = Tensor(loss, requires_grad=False)
    answer = ag.why(x, loss)
    assert answer.cause is Cause.CONSTANT_LOSS
    assert places(answer) == [(line_of(features, "np.tanh"), "return np.tanh(a * 2)")]


def test_where_nothing_is_found_it_is_not_said_for_certain():
    x, w = Tensor(3.0), Tensor(1.0)
    loss = w * 2
    answer = ag.why(x, loss)
    assert answer.cause is Cause.UNCONNECTED
    assert "as far as the graph and the source lines show" in answer.headline
    assert "look into the functions called on the way" in answer.advice


# ------------------------------------------------------------------- a loss made from a number


def test_a_loss_made_from_a_number():
    x = Tensor(3.0)
    loss = Tensor(float(x * 3))
    answer = ag.why(x, loss)
    assert "loss was made from a number and has no history" in answer.headline
    assert (answer.cause, answer.notes) == (Cause.CUT, ())
    (place,) = answer.places
    assert place.location == line_of(test_a_loss_made_from_a_number, "loss = Tensor(float")


def test_a_loss_made_from_the_value_of_a_model():
    model = nn.MLP(3, [4], 2, rng=np.random.default_rng(0))
    loss = Tensor(float(nn.cross_entropy(model(X), np.array([0, 1]))))
    answer = ag.why(model[0].weight, loss)
    assert "made from a number" in answer.headline
    assert answer.places[0].source.startswith("loss = Tensor(float(")


def test_a_leaf_in_place_of_the_loss():
    x, loss = Tensor(3.0), Tensor([1.0, 2.0])
    answer = ag.why(x, loss)
    assert answer.cause is Cause.UNCONNECTED
    assert "loss was made from numbers and has no history" in answer.headline
    assert (answer.places, answer.notes) == ((), ())


# ------------------------------------------- what is wrong with the question, and where x is made


def test_swapped_arguments_do_not_say_that_x_depends_on_x():
    x = Tensor(2.0)
    loss = x * x
    answer = ag.why(loss, x)
    assert (answer.cause, answer.notes) == (Cause.SWAPPED, ())


def test_an_integer_names_the_line_that_made_it():
    w = Tensor([1.0, 2.0])
    count = Tensor([1, 2])
    answer = ag.why(count, (count * w).sum())
    assert answer.cause is Cause.INTEGER
    test = test_an_integer_names_the_line_that_made_it
    assert places(answer) == [(line_of(test, "count = Tensor"), "count = Tensor([1, 2])")]
    assert answer.places[0].text == "count is made here."


def test_what_does_not_record_names_the_line_that_made_it():
    x, w = Tensor(2.0, requires_grad=False), Tensor(1.0)
    answer = ag.why(x, x * w)
    assert answer.cause is Cause.FROZEN
    assert [place.location for place in answer.places] == [
        line_of(test_what_does_not_record_names_the_line_that_made_it, "requires_grad=False")
    ]


def test_what_is_no_variable_has_no_such_line():
    model, w = [Tensor([1, 2])], Tensor(1.0)
    assert ag.why(model[0], (model[0] * w).sum()).places == ()


# -------------------------------------------------------------------- what is advised for a step


def by_round(x):
    return np.round(x)


def by_argmax(x):
    return np.argmax(x)


def by_whole_division(x):
    return x // 1


def by_comparison(x):
    return x > 1


@pytest.mark.parametrize("step", [by_round, by_argmax, by_whole_division, by_comparison])
def test_a_step_is_advised_to_be_made_smooth(step):
    x, w = Tensor([1.5, 0.5]), Tensor(2.0)
    loss = (step(x) * w).sum()
    answer = ag.why(x, loss)
    assert answer.cause is Cause.CUT
    assert [place.location for place in answer.places] == [line_of(step, "return")]
    assert "softmax" in answer.advice
    assert "logits" in answer.advice
    assert "detach" not in answer.advice
    assert "no_grad" not in answer.advice


def test_a_step_and_a_detach_are_advised_about_both():
    x, w = Tensor([1.5, 0.5]), Tensor(2.0)
    chosen = x > 1
    value = x.detach()
    loss = (chosen * value * 3 * w).sum()
    advice = ag.why(x, loss).advice
    assert "softmax" in advice
    assert ".detach()" in advice


# ------------------------------------------------------------------- branches, and what only looks


def one_of(x, way):
    if way == "round":
        h = np.round(x)
    elif way == "detach":
        h = x.detach() + 1
    else:
        h = Tensor(1.0, requires_grad=False)
    return h


def test_a_cut_in_a_branch_is_not_replaced_by_another_branch():
    x, w = Tensor([1.5, 0.5]), Tensor(2.0)
    loss = (one_of(x, "round") * w).sum()
    found = [place.source for place in ag.why(x, loss).places]
    assert found == ["h = np.round(x)", "h = x.detach() + 1"]


def times(a, w):
    return a * w


def test_a_value_that_is_only_looked_at_is_no_leak_although_x_goes_into_a_function():
    x, w = Tensor(2.0), Tensor(3.0)
    seen = x.detach()
    loss = times(x, w)
    answer = ag.why(x, loss)
    assert seen.data == 2
    assert not any("leaves the graph" in note for note in answer.notes)


def constant(function):
    def wrapper(*values):
        return function(*values).detach()

    wrapper.__wrapped__ = function
    return wrapper


@constant
def doubled(a):
    return 2 * a


def test_a_decorator_that_cuts():
    x, w = Tensor(2.0), Tensor(3.0)
    loss = doubled(x) * w
    assert [place.source for place in ag.why(x, loss).places] == [
        "return function(*values).detach()"
    ]


def product(a, b, *, c):
    return a * c.item() + b


def test_only_the_call_that_made_the_loss_counts():
    x, w = Tensor(2.0), Tensor(3.0)
    loss = product(w, w, c=x)
    assert ag.why(x, loss).cause is Cause.CUT
    loss = product(w, c=w, b=w)
    assert (ag.why(x, loss).cause, ag.why(x, loss).places) == (Cause.UNCONNECTED, ())


class Plain:
    def __init__(self):
        self.w, self.b = Tensor(2.0), Tensor(1.0)

    def forward(self, x):
        self.h = (x * self.w).detach()
        return self.h + self.b


def test_an_attribute_of_an_object_that_is_no_module():
    model = Plain()
    loss = model.forward(Tensor(3.0)) * 2
    assert [place.source for place in ag.why(model.w, loss).places] == [
        "self.h = (x * self.w).detach()"
    ]


class Raising:
    def __getattr__(self, name):
        raise RuntimeError(name)

    def named_parameters(self, prefix):
        return prefix

    def __call__(self, a):
        return (a * 2).detach()


def test_no_code_of_the_objects_is_executed():
    x, w, model = Tensor(2.0), Tensor(3.0), Raising()
    loss = model(x) * w
    answer = ag.why(x, loss)
    assert (answer.verdict, answer.cause) == (Verdict.NONE, Cause.CUT)
    assert [place.source for place in answer.places] == ["return (a * 2).detach()"]


class Branching(nn.Module):
    def __init__(self):
        self.a, self.b, self.c = linear(3, 3), linear(3, 1), linear(3, 1)

    def forward(self, x, way):
        h = self.a(x)
        if way == "return":
            return self.b(h)
        if way == "branch":
            h = h + 1
            z = h * 2
        else:
            z = h.detach()
        return self.c(z)


@pytest.mark.parametrize("way", ["return", "branch"])
def test_a_branch_that_was_not_taken_is_no_leak(way):
    model = Branching()
    loss = (model(X, way) ** 2).mean()
    answer = ag.why(model.a.weight, loss)
    assert answer.cause is Cause.NOT_CALLED
    assert [note for note in answer.notes if "z = h.detach()" in note] == []
    if way == "return":
        assert not any("leaves the graph" in note for note in answer.notes)
    loss = (model(X, "other") ** 2).mean()
    assert "z = h.detach()" in [place.source for place in ag.why(model.a.weight, loss).places]


class WithStatistics(nn.Module):
    def __init__(self):
        self.a, self.b = linear(3, 3), linear(3, 1)

    def forward(self, x):
        h = self.a(x)
        scale = float(h.sum())
        return self.b(h) * scale


def test_a_leak_in_a_module_is_noted():
    model = WithStatistics()
    loss = (model(X) ** 2).mean()
    (note,) = [n for n in ag.why(model.a.weight, loss).notes if "leaves the graph" in n]
    assert note.startswith(line_of(WithStatistics, "scale = float"))


def test_what_was_detached_names_that_line_although_leaves_are_made_before_and_after():
    x = Tensor(2.0)
    z = (x * 3).detach()
    w = Tensor(1.0)
    (place,) = ag.why(z, z * w).places
    assert place.source == "z = (x * 3).detach()"
    assert ".detach() gives" in place.text


class Trainer:
    def __init__(self, model):
        self.model = model

    def step(self):
        return (self.model.head(self.model.encode(X)) ** 2).mean()

    def ask(self):
        loss = self.step()
        return ag.why(self.model.body.weight, loss)


def test_a_module_that_another_object_keeps():
    assert places(Trainer(Pair()).ask()) == [
        (line_of(Pair.encode, "np.asarray"), "return np.asarray(h.data)")
    ]


def multiples(a):
    for times in range(2):
        yield a.detach() * times


def test_a_generator():
    x, w = Tensor(2.0), Tensor(3.0)
    loss = sum(value * w for value in multiples(x))
    assert [place.source for place in ag.why(x, loss).places] == ["yield a.detach() * times"]
