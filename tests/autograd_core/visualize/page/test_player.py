"""The page in a browser: played, stepped, scrubbed, clicked, and by keyboard alone."""

import html

import numpy as np
import pytest

import autograd_core as ag
from autograd_core.visualize.page import page
from autograd_core.visualize.palette import DARK, LIGHT
from autograd_core.visualize.replay import derive

pytestmark = pytest.mark.browser


def neuron():
    """Two paths into `x`, three into `h`."""
    x, w, b = (ag.Tensor(v, name=n) for v, n in [(0.5, "x"), (-1.5, "w"), (0.8, "b")])
    h = np.tanh(w * x + b)
    return (h * h + x * h - 1.0) ** 2


@pytest.fixture
def visit(open_page):
    return open_page(page(derive(neuron()), title="One neuron"))


def at(visit):
    return visit.page.evaluate("stepThrough.step()")


def last(visit):
    return visit.page.evaluate("stepThrough.steps.length - 1")


def numbers(visit):
    """What the picture shows: label -> (value, gradient)."""
    return visit.page.evaluate(
        """Object.fromEntries([...document.querySelectorAll('.vertex[role]')].map((group) => [
        group.querySelector('.name').textContent,
        ['.value', '.gradient'].map((part) => group.querySelector(part).textContent)]))"""
    )


def test_the_numbers_appear_and_are_the_engines(visit):
    assert numbers(visit)["v10"] == ["·", "·"]
    assert numbers(visit)["x"] == ["0.5", "·"]
    visit.page.keyboard.press("End")
    view = derive(neuron()).view
    expected = {
        v.label: [v.value.text, v.gradient.text]
        for v in view.vertices
        if v.kind.value != "constant"
    }
    assert numbers(visit) == expected


def test_plays_to_the_end_and_stops(visit):
    visit.page.select_option("#speed", "16")
    visit.page.click("#play")
    assert visit.page.get_attribute("#play", "aria-label") == "Pause"
    visit.page.locator("#play[aria-label=Play]").wait_for()
    assert at(visit) == last(visit)


def test_every_step_back_shows_what_the_step_forward_showed(visit):
    forth = []
    for step in range(last(visit) + 1):
        visit.page.evaluate(f"stepThrough.show({step})")
        forth.append((numbers(visit), visit.page.inner_text("#step")))
    for step in reversed(range(last(visit) + 1)):
        visit.page.evaluate(f"stepThrough.show({step})")
        assert (numbers(visit), visit.page.inner_text("#step")) == forth[step]


def test_buttons_and_scrubbing(visit):
    visit.page.click("#on")
    visit.page.click("#on")
    visit.page.click("#back")
    assert at(visit) == 1
    visit.page.locator("#scrub").fill("12")
    assert at(visit) == 12
    visit.page.click("#last")
    assert at(visit) == last(visit)
    visit.page.click("#first")
    assert at(visit) == 0


def test_keyboard_alone(visit):
    press = visit.page.keyboard.press
    press("ArrowRight")
    press("ArrowRight")
    press("ArrowLeft")
    assert at(visit) == 1
    press("End")
    assert at(visit) == last(visit)
    press("Home")
    assert at(visit) == 0
    press("Space")
    assert visit.page.get_attribute("#play", "aria-label") == "Pause"
    press("Space")
    assert visit.page.get_attribute("#play", "aria-label") == "Play"
    for _ in range(30):
        press("Tab")
        if visit.page.evaluate("document.activeElement.classList.contains('vertex')"):
            break
    press("ArrowDown")
    press("Enter")
    assert visit.page.inner_text("#node-title").startswith("Node ")
    press("Escape")
    assert visit.page.inner_text("#node-title") == "Any node"


def test_a_click_opens_a_node_and_its_contributions_lead_to_their_steps(visit):
    visit.page.keyboard.press("End")
    visit.page.locator("#n5").click()
    assert visit.page.inner_text("#node-title") == "Node v5"
    jumps = visit.page.locator("#node .jump")
    assert jumps.count() == 4  # three contributions arrive, one is passed on
    jumps.first.click()
    assert "v5" in visit.page.inner_text("#sentence")
    assert visit.page.locator("#n5.chosen[aria-pressed=true]").count() == 1


def test_the_sum_over_paths_is_said(visit):
    text = ""
    while at(visit) < last(visit):
        visit.page.keyboard.press("ArrowRight")
        text += visit.page.inner_text("#step")
    assert "All 2 paths into x have arrived" in text
    assert "sum 1/3" not in numbers(visit)
    assert "(h * h + x * h - 1.0) ** 2" in text


def test_edges_tell_signs_apart_without_colour(visit):
    visit.page.keyboard.press("End")
    dashes = {
        sign: visit.page.eval_on_selector(
            f".flow.{sign}", "e => getComputedStyle(e).strokeDasharray"
        )
        for sign in ("positive", "negative")
    }
    assert dashes["positive"] == "none" != dashes["negative"]
    labels = visit.page.locator(".amount").all_text_contents()
    assert all(label[0] in "+-" for label in labels)


def test_pulses_unless_motion_is_unwelcome(open_page):
    text = page(derive(neuron()))
    for preference, expected in [("no-preference", 1), ("reduce", 0)]:
        visit = open_page(text, reduced_motion=preference)
        visit.page.evaluate("stepThrough.show(stepThrough.steps.findIndex(s => s.kind === 'seed'))")
        visit.page.keyboard.press("ArrowRight")
        assert visit.page.locator(".pulse").count() == expected


def test_other_numbers_and_back(visit):
    visit.page.keyboard.press("End")
    before = numbers(visit)
    visit.page.evaluate("stepThrough.refresh({'0': 42.5}, {'0': -7.25}, {})")
    assert ["42.5", "-7.25"] in numbers(visit).values()
    visit.page.evaluate("stepThrough.refresh()")
    assert numbers(visit) == before


def test_hostile_text_is_shown(open_page):
    hostile = "</script><img src=x onerror=alert(1)>"
    x = ag.Tensor(np.nan, name=hostile)
    visit = open_page(page(derive(x * 2.0), title=hostile))
    visit.page.keyboard.press("End")
    assert visit.page.inner_text("h1") == hostile
    assert hostile in numbers(visit)
    assert visit.page.locator("img").count() == 0


def test_without_a_gradient_there_is_no_backward_pass(open_page):
    visit = open_page(page(derive(ag.Tensor([1.0, 2.0], name="x") * 3.0)))
    assert visit.page.evaluate("stepThrough.steps.map((step) => step.kind)") == [
        "start",
        "forward",
        "end",
    ]
    visit.page.keyboard.press("End")
    assert "There is no backward pass" in visit.page.inner_text("#sentence")
    assert numbers(visit)["x"] == ["[1, 2]", "not computed"]


def test_plays_in_the_cell_of_a_notebook(open_page):
    cell = html.escape(page(derive(neuron())))
    visit = open_page(f'<iframe srcdoc="{cell}" sandbox="allow-scripts" width=900 height=600>')
    frame = visit.page.frame_locator("iframe")
    frame.locator("#on").click()
    assert frame.locator("#count").inner_text() == "1 / 23"
    assert frame.locator("#theme").click() is None


def test_several_outputs_and_what_was_released(open_page):
    x = ag.Tensor(np.diag([3.0, 2.0]), name="x")
    u, s, vt = np.linalg.svd(x)
    visit = open_page(page(derive((u @ vt).sum() + s.sum())))
    for step in range(last(visit) + 1):
        visit.page.evaluate(f"stepThrough.show({step})")
    visit.page.keyboard.press("End")
    assert numbers(visit)["v1"] == ["several", "several"]
    big = ag.Tensor(np.ones(1000), name="x")
    out = np.exp(np.sin(big)).sum()
    out.backward()
    visit = open_page(page(derive(out)))
    visit.page.keyboard.press("End")
    assert "released" in str(numbers(visit))
    assert "in .grad: all " in str(numbers(visit))
    assert "released by backward()" in visit.page.inner_text("#note")
    sentence = visit.page.inner_text("#sentence")
    assert sentence.startswith("The backward pass is done. Some gradients are gone: ")


def test_formulas_numbers_and_names(visit):
    step = "stepThrough.steps.findIndex(s => s.kind === 'forward')"
    visit.page.evaluate(f"stepThrough.show({step})")
    shown = visit.page.locator("#work math").all_text_contents()
    text = "".join(shown).replace("\n", "").replace(" ", "")
    assert all(part in text for part in ("w", "x", "(−1.5)", "0.5", "−0.75"))
    assert "\ue100" not in text


def test_numbers_are_formatted_as_in_python(visit):
    rng = np.random.default_rng(5)
    values = [*(rng.normal(size=200) * 10.0 ** rng.integers(-12, 12, 200)), 1e5, 99999.5, 1e-4, 0.0]
    from_python = [ag.visualize.format.format_number(value) for value in values]
    assert visit.page.evaluate("values => values.map(formatNumber)", values) == from_python


def arrays():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(8, 20))
    w = ag.Tensor(rng.normal(size=(20, 12)), name="W")
    b, v = ag.Tensor(np.zeros(12), name="b"), ag.Tensor(rng.normal(size=(12, 2)), name="V")
    return (np.square(np.tanh(data @ w + b) @ v)).sum()


def test_arrays_have_heat_maps(open_page):
    visit = open_page(page(derive(arrays())))
    visit.page.locator("#n0").click()
    assert visit.page.locator("#node svg.heat rect").count() == 16 * 12
    assert "(20, 12) float64" in visit.page.inner_text("#node")


def test_300_nodes_open_within_a_second(open_page):
    z = x = ag.Tensor(1.0, name="x")
    for _ in range(150):
        z = z * 1.01 + x
    written = page(derive(z))
    durations = []
    for _ in range(3):  # the machine may be busy otherwise
        visit = open_page(written)
        durations.append(
            visit.page.evaluate("performance.getEntriesByType('navigation')[0].duration")
        )
        visit.page.keyboard.press("End")
    assert min(durations) < 1000


@pytest.mark.parametrize("size", ["phone", "laptop", "projector"])
def test_nothing_is_wider_than_the_window(open_page, size):
    visit = open_page(page(derive(neuron()), title="One neuron"), size=size)
    visit.page.evaluate("stepThrough.show(14)")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_screenshots(open_page):
    for name, tensor, step in [
        ("step-through", neuron(), 14),
        ("step-through-arrays", arrays(), 9),
    ]:
        visit = open_page(page(derive(tensor), title="One neuron"))
        visit.page.evaluate(f"stepThrough.show({step})")
        assert all(path.stat().st_size > 10_000 for path in visit.screenshots(name))


@pytest.mark.parametrize(("scheme", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_gradients_have_the_colours_of_their_signs_as_in_pictures(open_page, scheme, palette):
    visit = open_page(page(derive(neuron())), scheme=scheme)
    visit.page.keyboard.press("End")
    shown = visit.page.evaluate(
        """[...document.querySelectorAll('.vertex .number.gradient')].map((text) =>
        [text.textContent, getComputedStyle(text).fill])"""
    )
    signs = set()
    for text, fill in shown:
        sign = 1 if float(text) > 0 else -1
        signs.add(sign)
        colour = palette.gradient_of(sign)
        assert fill == f"rgb({', '.join(str(int(colour[i : i + 2], 16)) for i in (1, 3, 5))})"
    assert signs == {1, -1}


@pytest.mark.parametrize(
    ("gradient", "sign"),
    [
        ([-0.5, -0.25], "-1"),
        ([0.5, 0.0], "1"),
        ([-0.5, 0.25], "0"),
        (np.linspace(-0.5, 1.0, 12), "0"),  # written as a range
        (np.full(12, 2.0), "1"),
        (-2.0, "-1"),
        (1 + 0j, "0"),
    ],
    ids=["negative", "positive", "both", "range over 0", "all 2", "number", "complex"],
)
def test_an_array_has_the_colour_of_a_sign_only_where_all_of_it_has_that_sign(
    open_page, gradient, sign
):
    x = ag.Tensor(np.ones_like(np.asarray(gradient)), name="x")
    visit = open_page(page(derive(x * 1.0, seed=gradient)))
    visit.page.keyboard.press("End")
    signs = "[...document.querySelectorAll('.vertex .number.gradient')].map((t) => t.dataset.sign)"
    assert set(visit.page.evaluate(signs)) == {sign}


def test_in_a_frame_it_is_laid_out_for_the_size_that_the_frame_gets(open_page):
    """The frame is hidden, so without a size, when the page in it begins."""
    inner = html.escape(page(derive(neuron()), title="One neuron"))
    frame = f'<iframe srcdoc="{inner}" sandbox="allow-scripts" style="border: 0"></iframe>'
    outer = open_page(
        f"<!DOCTYPE html><html lang='en'><title>t</title><body>{frame}</body></html>"
    ).page
    resize = """([width, height]) => Object.assign(document.querySelector('iframe').style,
        { width: `${width}px`, height: `${height}px` })"""
    inside = outer.frames[1]
    shown = """() => { const svg = document.querySelector('svg.graph');
        const [stage, box] = [svg.parentElement, svg.viewBox.baseVal];
        const [direction] = Object.entries(stepThrough.data.layouts)
          .find(([, layout]) => Math.abs(layout.width - box.width) < 0.01);
        return [direction, svg.clientWidth / box.width,
          svg.clientWidth <= stage.clientWidth && svg.clientHeight <= stage.clientHeight]; }"""
    seen = set()
    for size in ([1, 1], [936, 760], [420, 1400], [1600, 700]):
        outer.evaluate(resize, size)
        outer.wait_for_timeout(250)
        direction, scale, whole = inside.evaluate(shown)
        assert whole or scale < 0.63
        seen.add(direction)
        if size == [936, 760]:
            assert whole
    assert seen == {"LR", "TB"}
    inside.locator("#turn").click()
    turned = inside.evaluate(shown)[0]
    for size in ([420, 1400], [936, 760]):
        outer.evaluate(resize, size)
        outer.wait_for_timeout(250)
        assert inside.evaluate(shown)[0] == turned
    inside.locator("#closer").click()
    zoomed = inside.evaluate(shown)[1]
    outer.evaluate(resize, [800, 700])
    outer.wait_for_timeout(250)
    assert inside.evaluate(shown)[1] == zoomed


def sentences(visit):
    """What the page says at every step."""
    said = []
    for step in range(last(visit) + 1):
        visit.page.evaluate(f"stepThrough.show({step})")
        said.append(visit.page.inner_text("#step"))
    return said


def test_outputs_are_collected_and_not_added(open_page):
    a, b = np.split(ag.Tensor([1.0, 2.0, 3.0, 4.0, 5.0], name="x"), [2])
    visit = open_page(page(derive((a * 2).sum() + (a * 3).sum() + (b * 3).sum(), {})))
    said = sentences(visit)
    text = "\n".join(said)
    assert "v1 = split(x, indices=(2,), axis=0) is computed: several outputs." in text
    assert "All 2 paths into v1" not in text
    assert "Sum at v1" not in text
    assert "All 2 paths into v2 have arrived: their sum is its gradient." in text
    collected = "those of different outputs of v1 are collected, not added"
    assert sum(collected in step for step in said) == 2
    assert "not computed" not in text


def test_what_a_hook_did_is_said(open_page):
    x = ag.Tensor(2.0, name="x")
    y = x * 3.0
    y.register_hook(lambda g: g * 10)
    loss = y * y
    loss.register_hook(lambda g: g * 2)
    said = sentences(open_page(page(derive(loss, {}))))
    assert any("A hook then changes the gradient of v2 from 1 to 2." in step for step in said)
    (hooked,) = [s for s in said if "A hook then changes the gradient of v1" in s]
    assert "from 24 to 240." in hooked
    assert "their sum is its gradient" not in hooked


def test_a_value_that_was_changed_is_in_no_equation(open_page):
    w = ag.Tensor(2.0, name="w")
    loss = (w * 3.0) ** 2
    with ag.no_grad():
        w -= 18.0
    visit = open_page(page(derive(loss, {})))
    assert "w was changed after the results had been computed" in visit.page.inner_text("#note")
    said = sentences(visit)
    assert numbers(visit)["w"] == ["changed since: now -16", "36"]
    assert all("16" not in step.replace("changed since: now -16", "") for step in said)
