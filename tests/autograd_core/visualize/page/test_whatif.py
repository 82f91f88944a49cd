"""Dragging a leaf on the page, in a browser: every number that follows is the engine's."""

import numpy as np
import pytest

import autograd_core as ag
import nn
from autograd_core.visualize.page import page
from autograd_core.visualize.page.functions import what_if
from autograd_core.visualize.replay import derive

pytestmark = pytest.mark.browser

NUMBERS = """() => {
    const compute = window.stepThroughCompute;
    const shown = {};
    for (const vertex of window.stepThrough.data.vertices) {
        const element = document.getElementById(`n${vertex.id}`);
        const text = (kind) => element?.querySelector(`.${kind}.number`)?.textContent;
        shown[vertex.label] = [text("value"), text("gradient")];
    }
    return shown;
}"""


def neuron(x, w, b, target):
    """One neuron, its loss, and every node of it by name."""
    x, w, b = (ag.Tensor(number, name=name) for number, name in [(x, "x"), (w, "w"), (b, "b")])
    z = x * w + b
    a = ag.sigmoid(z)
    loss = (a - target) ** 2
    return loss, {"x": x, "w": w, "b": b, "z": z, "a": a, "loss": loss}


def gradients_of(loss, names):
    loss.backward(retain_graph=True)
    return {name: node.grad for name, node in names.items() if node.grad is not None}


def shown(number):
    """As the page writes a number."""
    text = f"{float(number):.5g}"
    mantissa, exponential, exponent = text.partition("e")
    return f"{mantissa}e{int(exponent)}" if exponential else text


def open_neuron(open_page, *numbers, **options):
    loss, names = neuron(*numbers)
    visit = open_page(page(derive(loss, names)), **options)
    visit.page.evaluate("() => window.stepThrough.show(1e9)")
    return visit


def assert_shows(visit, *numbers):
    """Every value and every leaf's gradient in the picture is what the engine computes."""
    loss, names = neuron(*numbers)
    for node in (names["z"], names["a"]):
        node.retain_grad()
    gradients = gradients_of(loss, names)
    numbers = visit.page.evaluate(NUMBERS)
    assert {"x", "w", "b", "z", "a", "loss"} <= numbers.keys()
    for name, node in names.items():
        assert numbers[name][0] == shown(node.data), name
        if name in gradients:
            assert numbers[name][1] == shown(gradients[name]), name


def set_field(visit, label, number):
    field = visit.page.get_by_role("spinbutton", name=label, exact=True)
    field.fill(str(number))
    field.press("Tab")


def test_a_typed_value_moves_every_number(open_page):
    visit = open_neuron(open_page, 2.0, -3.0, 6.5, 1.0)
    assert_shows(visit, 2.0, -3.0, 6.5, 1.0)
    set_field(visit, "w", -1.25)
    assert_shows(visit, 2.0, -1.25, 6.5, 1.0)
    set_field(visit, "b", 1e-3)
    assert_shows(visit, 2.0, -1.25, 1e-3, 1.0)
    assert "recorded" in visit.page.locator("#what-if [role=status]").inner_text()


def test_dragging_in_the_picture(open_page):
    visit = open_neuron(open_page, 2.0, -3.0, 6.5, 1.0)
    box = visit.page.locator("#n0").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 40, y, steps=4)
    visit.page.mouse.up()
    field = visit.page.get_by_role("spinbutton", name="x", exact=True)
    now = float(field.input_value())
    assert now == pytest.approx(2.5)  # ten steps of 0.05
    assert_shows(visit, now, -3.0, 6.5, 1.0)
    assert visit.page.locator(".vertex.chosen").count() == 0  # a drag is no click
    visit.page.mouse.click(x, y)
    assert visit.page.locator("#n0.chosen").count() == 1


def test_keyboard_only(open_page):
    visit = open_neuron(open_page, 2.0, -3.0, 6.5, 1.0)
    at = visit.page.evaluate("() => window.stepThrough.step()")
    slider = visit.page.get_by_role("slider", name="w, slider")
    slider.focus()
    for _ in range(3):
        visit.page.keyboard.press("ArrowRight")
    now = float(visit.page.get_by_role("spinbutton", name="w", exact=True).input_value())
    assert now == pytest.approx(-2.7)
    assert_shows(visit, 2.0, now, 6.5, 1.0)
    visit.page.get_by_role("spinbutton", name="x", exact=True).focus()
    visit.page.keyboard.press("ArrowUp")
    visit.page.locator("#n2").focus()
    visit.page.keyboard.press("-")
    assert_shows(visit, 2.05, now, 6.3, 1.0)
    # The keys of the dials are not those of the player.
    assert visit.page.evaluate("() => window.stepThrough.step()") == at


def test_back_to_the_recorded_values(open_page):
    visit = open_neuron(open_page, 2.0, -3.0, 6.5, 1.0)
    button = visit.page.get_by_role("button", name="Back to the recorded values")
    assert button.is_disabled()
    before = visit.page.locator("main").inner_text()
    set_field(visit, "x", 40)
    assert_shows(visit, 40.0, -3.0, 6.5, 1.0)
    button.click()
    assert_shows(visit, 2.0, -3.0, 6.5, 1.0)
    assert button.is_disabled()
    after = visit.page.locator("main").inner_text()
    assert after.replace("These are the recorded values.", "").split() == before.split()


def test_the_derivation_follows(open_page):
    """The formulas beside the picture show the dragged numbers, at a step of the reverse pass."""
    loss, names = neuron(2.0, -3.0, 6.5, 1.0)
    visit = open_page(page(derive(loss, names)))
    step = """() => window.stepThrough.steps.findIndex((step) =>
        step.kind === "pass" && step.pass.target === "1")"""
    visit.page.evaluate(f"() => window.stepThrough.show(({step})())")
    assert shown(2.0 * gradient_of_z(2.0, -3.0, 6.5, 1.0)) in work_of(visit)
    set_field(visit, "x", 2.25)
    assert "2.25" in work_of(visit)
    assert shown(2.25 * gradient_of_z(2.25, -3.0, 6.5, 1.0)) in work_of(visit)


def gradient_of_z(*numbers):
    loss, names = neuron(*numbers)
    names["z"].retain_grad()
    loss.backward()
    return names["z"].grad


def work_of(visit):
    return visit.page.locator("#work").text_content().replace("−", "-")


def test_it_says_that_it_holds_for_this_graph_only(open_page):
    visit = open_neuron(open_page, 2.0, -3.0, 6.5, 1.0)
    assert "This holds for this graph only" in visit.page.locator("#what-if").inner_text()


def test_rules_that_looked_at_a_number_are_named(open_page):
    x, y = ag.Tensor(2.0, name="x"), ag.Tensor(3.0, name="y")
    derivation = derive(x**y, {})
    branched = [step.identity for step in derivation.reverse if step.branched]
    assert branched
    visit = open_page(page(derivation))
    assert "looked at a number to choose their formula" in visit.page.inner_text("#what-if")


def test_a_rule_that_would_be_another_formula_is_noticed(open_page):
    """At x = 0 the engine takes 0 for the slope of x**y in y; the recorded formula has log(0)."""
    x, y = ag.Tensor(2.0, name="x"), ag.Tensor(3.0, name="y")
    visit = open_page(page(derive(x**y)))
    warning = visit.page.locator("#what-if [role=alert]")
    set_field(visit, "x", 1.5)
    assert warning.is_hidden()
    set_field(visit, "x", 0)
    assert "another formula holds for the rule of v2" in warning.inner_text()
    visit.page.get_by_role("button", name="Back to the recorded values").click()
    assert warning.is_hidden()


def test_a_recorded_choice_is_named_once_a_number_changes(open_page):
    """The Huber loss is another branch at 1.5, which the recorded condition cannot know."""
    x, y = ag.Tensor(0.75, name="x"), ag.Tensor(0.25, name="y")
    visit = open_page(page(derive(nn.huber_loss(x, y))))
    assert "Constants stay as they were recorded" in visit.page.inner_text("#what-if")
    warning = visit.page.locator("#what-if [role=alert]")
    assert warning.is_hidden()
    set_field(visit, "x", 2)
    assert "still chooses as was recorded" in warning.inner_text()
    assert "Compute the graph anew" in warning.inner_text()
    visit.page.get_by_role("button", name="Back to the recorded values").click()
    assert warning.is_hidden()
    other = open_page(page(derive(x * y)))
    assert "Constants stay" not in other.page.inner_text("#what-if")
    set_field(other, "x", 2)
    assert other.page.locator("#what-if [role=alert]").is_hidden()


def test_not_a_number_and_infinite(open_page):
    x = ag.Tensor(2.0, name="x")
    visit = open_page(page(derive(np.log(x) * np.exp(x))))
    visit.page.evaluate("() => window.stepThrough.show(1e9)")
    for number, expected in [(-1, ["nan", "nan"]), (0, ["-inf", "nan"]), (1e4, ["inf", "inf"])]:
        set_field(visit, "x", number)
        numbers = visit.page.evaluate(NUMBERS)
        y = ag.Tensor(float(number))
        with np.errstate(all="ignore"):
            out = np.log(y) * np.exp(y)
            out.backward()
        assert [numbers["v3"][0], shown(out.data)] == [expected[0]] * 2
        assert [numbers["x"][1], shown(y.grad)] == [expected[1]] * 2


def test_single_precision_stays_single(open_page):
    x = ag.Tensor(np.float32(0.1), name="x")
    visit = open_page(page(derive(np.sin(x * 3.0))))
    set_field(visit, "x", 0.7)
    got = visit.page.evaluate("() => window.stepThrough.whatIf.values['2']")
    expected = np.sin(np.float32(0.7) * np.float32(3.0))
    assert got == np.float32(got)
    assert got == pytest.approx(float(expected), rel=2e-7)


def test_an_operation_without_javascript_is_named_and_nothing_can_be_dragged(open_page):
    pytest.importorskip("scipy")
    x = ag.Tensor(2.5, name="x")
    derivation = derive(ag.gammaln(x) * x)
    offer = what_if(derivation)
    assert not offer["offered"]
    visit = open_page(page(derivation))
    text = visit.page.inner_text("#what-if")
    assert "the page does not know how to compute" in text
    assert "gammaln" in text
    assert visit.page.locator("#what-if input").count() == 0
    assert visit.page.locator(".draggable").count() == 0


def test_arrays_offer_nothing(open_page):
    x = ag.Tensor([1.0, 2.0], name="x")
    visit = open_page(page(derive((x * x).sum())))
    assert visit.page.locator("#what-if").is_hidden()
    assert visit.page.locator(".draggable").count() == 0


def test_a_hook_that_changes_a_gradient_is_noticed(open_page):
    x = ag.Tensor(2.0, name="x")
    y = x * x
    y.register_hook(lambda g: g * 10)
    visit = open_page(page(derive(np.sin(y))))
    assert "do not give the recorded numbers" in visit.page.inner_text("#what-if")
    assert visit.page.locator(".draggable").count() == 0


@pytest.mark.parametrize("name", ["<b>x</b>", 'a"b', "x' onload='alert(1)", "\u202eevil", "&amp;"])
def test_hostile_names_stay_text(open_page, name):
    x = ag.Tensor(2.0, name=name)
    visit = open_page(page(derive(x * x)))
    assert visit.page.locator("#what-if label").count() == 1
    assert visit.page.locator("#what-if label *").count() == 0
    assert visit.page.locator("#what-if b").count() == 0


def test_looks(open_page):
    visit = open_neuron(open_page, 2.0, -3.0, 6.5, 1.0)
    set_field(visit, "w", -2.4)
    visit.screenshots("what-if")
