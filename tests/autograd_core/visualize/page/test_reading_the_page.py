"""What everybody can read: contrast in both themes, amounts clear of boxes, a list of all steps."""

from pathlib import Path

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize.page import page
from autograd_core.visualize.replay import derive

pytestmark = pytest.mark.browser

CONTRAST = Path(__file__).with_name("contrast.js").read_text("utf-8")


def colourful():
    """Leaves and results, both signs, sums over paths, a constant, a zero."""
    x, w, b = (ag.Tensor(v, name=n) for v, n in [(0.5, "x"), (-1.5, "w"), (0.8, "b")])
    h = np.tanh(w * x + b)
    return (h * h + x * h - 1.0) ** 2 + b * 0.0


def network(inputs=3, hidden=4):
    rng = np.random.default_rng(0)
    first = ag.Tensor(rng.normal(size=(hidden, inputs)), name="W1")
    second = ag.Tensor(rng.normal(size=(1, hidden)), name="W2")
    data = rng.normal(size=(5, inputs))
    return ag.squared_error(ag.linear(np.tanh(ag.linear(data, first)), second), np.ones((5, 1)))


def go(visit, share):
    visit.page.evaluate(f"stepThrough.show(Math.round({share} * (stepThrough.steps.length - 1)))")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("make", [colourful, network])
def test_every_text_and_line_has_enough_contrast(open_page, scheme, make):
    visit = open_page(page(derive(make())), scheme=scheme, reduced_motion="reduce")
    visit.page.add_style_tag(content="* { transition: none !important; }")
    visit.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
    visit.page.locator("#step-list button").first.wait_for()
    for share in (0, 0.2, 0.5, 0.75, 1):
        go(visit, share)
        visit.page.locator(".vertex.leaf").first.click()
        found = visit.page.evaluate(CONTRAST)
        assert len(found) > 40
        assert [poor for poor in found if poor[0] < poor[1]] == []


def test_the_measure_of_contrast_knows_bad_from_good(open_page):
    visit = open_page(
        "<body style='background: #fff'><p style='color: #777'>grey</p>"
        "<p style='color: #000; opacity: 1'>black</p><div id=stage></div>"
    )
    (grey, black) = visit.page.evaluate(CONTRAST)
    assert grey[0] == pytest.approx(4.48, abs=0.01)
    assert black[0] == pytest.approx(21)


@pytest.mark.parametrize("direction", ["LR", "TB"])
def test_amounts_lie_clear_of_boxes_and_of_each_other(open_page, direction):
    x, w, b = (ag.Tensor(v, name=n) for v, n in [(2.0, "x"), (-3.0, "w"), (6.88, "b")])
    visit = open_page(page(derive(np.tanh(x * w + b))))
    turn = "document.querySelector('#turn').click()"
    first = "Number(document.querySelector('svg.graph').getAttribute('width'))"
    wide = visit.page.evaluate(f"{first} > document.querySelector('svg.graph').clientHeight")
    if wide is not (direction == "LR"):
        visit.page.evaluate(turn)
    visit.page.keyboard.press("End")
    overlaps = visit.page.evaluate(
        """() => {
        const boxes = [...document.querySelectorAll('.vertex .box')];
        const amounts = [...document.querySelectorAll('.amount')];
        const rect = (element) => element.getBoundingClientRect();
        const cross = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 3;
        return amounts.flatMap((amount) => [...boxes, ...amounts]
          .filter((other) => other !== amount && cross(rect(amount), rect(other)))
          .map((other) => [amount.textContent, other.textContent]));
        }"""
    )
    assert visit.page.locator(".amount").count() == 5
    assert overlaps == []


def test_all_steps_are_listed_and_lead_there_by_keyboard(open_page):
    visit = open_page(page(derive(colourful())))
    steps = visit.page.evaluate("stepThrough.steps.length")
    visit.page.locator("#all-steps summary").focus()
    visit.page.keyboard.press("Enter")
    items = visit.page.locator("#step-list button")
    items.first.wait_for()
    assert items.count() == steps
    visit.page.keyboard.press("Tab")
    while visit.page.evaluate("document.activeElement.tagName") != "BUTTON":
        visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Tab")
    visit.page.keyboard.press("Enter")
    assert visit.page.evaluate("stepThrough.step()") == 1
    visit.page.keyboard.press("End")
    current = visit.page.locator("#step-list [aria-current=step]")
    assert current.all_text_contents() == ["Done"]
    assert "v3 passes back to x" in items.all_text_contents()


def test_a_network_shows_its_fundamental_equations(open_page):
    visit = open_page(page(derive(network())))
    visit.page.locator("#equations summary").click()
    lines = visit.page.locator("#equation-list math")
    lines.first.wait_for()
    text = "".join(lines.all_text_contents())
    assert all(letter in text for letter in ("δ", "σ", "∇", "∂", "W"))
    visit.screenshots("equations")
    other = open_page(page(derive(colourful())))
    assert not other.page.locator("#equations").is_visible()


def products(factor):
    """What is passed on to `x` is the factor."""
    return np.sum(ag.Tensor([1.0, 2.0], name="x") * ag.Tensor(factor, name="y"))


def test_a_gradient_of_both_signs_is_neither_positive_nor_negative(open_page):
    visit = open_page(page(derive(products([3.0, -1.0]))))
    visit.page.keyboard.press("End")
    looks = visit.page.evaluate(
        """[...document.querySelectorAll('.tie .flow')].map((flow) => [flow.classList[1],
        getComputedStyle(flow).stroke, flow.getAttribute('marker-start')])"""
    )
    assert sorted(look for look, _, _ in looks) == ["mixed", "positive", "positive"]
    assert len({stroke for _, stroke, _ in looks}) == 2
    assert [head for look, _, head in looks if look == "mixed"] == ["url(#head-mixed)"]
    assert visit.page.locator("#both-signs").inner_text() == "both signs"
    other = open_page(page(derive(products([3.0, 1.0]))))
    assert not other.page.locator("#both-signs").is_visible()
    third = open_page(page(derive(products(np.array([1.0, 2.0j])).real)))
    assert third.page.locator("#both-signs").inner_text() == "complex"


def test_a_gradient_that_is_not_finite_looks_like_nothing_else(open_page):
    with np.errstate(all="ignore"):
        visit = open_page(page(derive(products([np.inf, 0.0]))))
    visit.page.keyboard.press("End")
    looks = visit.page.evaluate(
        """[...document.querySelectorAll('.tie .flow')].map((flow) => [flow.classList[1],
        getComputedStyle(flow).stroke, flow.getAttribute('marker-start')])"""
    )
    assert sorted(look for look, _, _ in looks) == ["broken", "positive", "positive"]
    assert len({stroke for _, stroke, _ in looks}) == 2
    assert [head for look, _, head in looks if look == "broken"] == ["url(#head-broken)"]
    assert visit.page.locator("#broken").inner_text() == "infinite or nan"
    assert "‖ inf ‖" in visit.page.locator(".amount.broken").all_text_contents()
    visit.page.locator(".vertex.leaf").first.click()
    facts = visit.page.locator(".facts div").all_text_contents()
    assert {"norminf", "highest finite0", "not finite1"} <= set(facts)
    visit.screenshots("broken")
    other = open_page(page(derive(products([3.0, 1.0]))))
    assert not other.page.locator("#broken").is_visible()


def test_dragging_a_leaf_to_where_the_gradient_is_infinite_shows_it(open_page):
    visit = open_page(page(derive(np.sqrt(ag.Tensor(4.0, name="x")) * 3.0)))
    assert not visit.page.locator("#broken").is_visible()
    number = visit.page.locator(".dial input[type=number]")
    number.fill("0")
    number.press("Enter")
    visit.page.keyboard.press("End")
    visit.page.evaluate("stepThrough.show(stepThrough.steps.length - 1)")
    assert visit.page.locator("#broken").is_visible()
    assert visit.page.locator(".tie .flow.broken").count() == 1


def named(inputs=4, hidden=8):
    """A network whose names, numbers and formulas are as long as a module's are."""
    rng = np.random.default_rng(0)
    weight = ag.Tensor(rng.normal(size=(hidden, inputs)) / 1e3, name="m.0.weight")
    bias = ag.Tensor(rng.normal(size=hidden) / 1e3, name="m.0.bias")
    return np.sum(np.tanh(ag.linear(rng.normal(size=(5, inputs)), weight, bias)) ** 2)


def test_formulas_and_numbers_go_on_in_a_next_line_rather_than_out_of_the_card(open_page):
    visit = open_page(page(derive(named())))
    cut = """[...document.querySelectorAll('#work .scrolls')]
        .filter((part) => part.scrollWidth > part.clientWidth + 1).map((p) => p.textContent)"""
    shown = set()
    for step in range(visit.page.evaluate("stepThrough.steps.length")):
        visit.page.evaluate(f"stepThrough.show({step})")
        assert visit.page.evaluate(cut) == []
        shown |= {table.get_attribute("class") for table in visit.page.locator(".numbers").all()}
    assert shown == {"numbers", "numbers vector"}


def test_what_is_still_too_wide_fades_out_where_there_is_more(open_page):
    long, w = ag.Tensor(2.0, name="long_name_" * 30), ag.Tensor(3.0, name="m.0.weight")
    visit = open_page(page(derive(np.tanh(long * w))), size="phone")
    step = "stepThrough.steps.findIndex((s) => s.kind === 'pass' && stepThrough.data.vertices"
    visit.page.evaluate(f"stepThrough.show({step}.find((v) => v.id === s.pass.target).named))")
    wide = visit.page.locator("#work .scrolls.more-right")
    wide.first.wait_for()
    assert wide.first.evaluate("part => part.scrollWidth > part.clientWidth")
    assert not visit.page.locator("#work .scrolls.more-left").count()
    wide.first.evaluate("part => { part.classList.add('seen'); part.scrollLeft = 1e4; }")
    visit.page.locator(".seen.more-left:not(.more-right)").wait_for()
    visit.screenshots("fading")


def test_the_bar_of_a_gradient_spans_its_name(open_page):
    visit = open_page(page(derive(named())))
    last = "stepThrough.steps.length - 2"
    visit.page.evaluate(f"stepThrough.show({last})")
    names = visit.page.locator("#work .of-gradient > .barred")
    assert names.first.text_content() in ("m.0.weight", "m.0.bias")
    assert names.first.evaluate("name => getComputedStyle(name).textDecorationLine") == "overline"


def test_a_long_name_stays_in_its_box(open_page):
    long, wide = ag.Tensor(2.0, name="long_name_" * 30), ag.Tensor(3.0, name="\u6f22" * 60)
    visit = open_page(page(derive(np.tanh(long * wide) * 1.5)))
    out = visit.page.evaluate(
        """[...document.querySelectorAll('.vertex[role]')].map((group) =>
        [group.querySelector('.title'), group.querySelector('.box')].map((part) => part.getBBox()))
        .filter(([title, box]) => title.x + title.width > box.x + box.width - 3).length"""
    )
    assert out == 0
    assert visit.page.locator(".vertex .name").first.text_content().endswith("…")
