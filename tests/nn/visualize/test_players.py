"""Film and loss surface in a real browser: played, stepped, scrubbed, by mouse and by keyboard."""

import numpy as np
import pytest

import nn
from nn.visualize.film_page import page as film_page

pytestmark = pytest.mark.browser


def moons(rng, rows):
    angle = np.pi * rng.random(rows)
    label = np.arange(rows) % 2
    side = 1 - 2 * label
    x = np.stack([np.cos(angle) * side + label, np.sin(angle) * side + 0.5 * label], axis=1)
    return x + 0.12 * rng.standard_normal((rows, 2)), label


def fit(model, film, data, loss, epochs, rng, **options):
    optimizer = nn.Adam(model.parameters(), lr=0.02)
    nn.fit(model, data, loss=loss, optimizer=optimizer, epochs=epochs, rng=rng,
           callbacks=[film], progress=False, **options)  # fmt: skip


def moons_film(rng, **options):
    x, y = moons(rng, 200)
    model = nn.MLP(2, [16], 2, activation="tanh", rng=rng)
    film = nn.film(model, (x, y), every=2, **{"title": "Two moons", **options})
    fit(model, film, (x, y), nn.cross_entropy, 30, rng, validation=moons(rng, 60))
    return film


def xor_film(rng):
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([[0], [1], [1], [0]])
    model = nn.MLP(2, [4], 1, activation="tanh", output_activation="sigmoid", rng=rng)
    film = nn.film(model, (x, y), every=5, title="XOR")
    fit(model, film, (x, y), nn.mse_loss, 100, rng)
    return film


def sine_film(rng):
    x = np.linspace(-3, 3, 50)[:, None]
    y = np.sin(2 * x) + 0.1 * rng.standard_normal(x.shape)
    model = nn.MLP(1, [24, 24], 1, activation="tanh", rng=rng)
    film = nn.film(model, (x, y), every=5, title="A curve through points")
    fit(model, film, (x, y), nn.mse_loss, 100, rng)
    return film


def now(visit):
    return int(visit.page.locator("#scrub").input_value())


def status(visit):
    return visit.page.locator("#status").inner_text()


def pixels(visit, selector="#decisions canvas"):
    return visit.page.locator(selector).evaluate("canvas => canvas.toDataURL()")


def test_it_plays_to_the_end_and_begins_again(open_page, rng):
    visit = open_page(film_page(moons_film(rng).story()))
    before = pixels(visit)
    assert "epoch 0 of 30" in status(visit)
    visit.page.select_option("#speed", "4")
    visit.page.click("#play")
    assert visit.page.get_attribute("#play", "aria-label").startswith("Pause")
    visit.page.wait_for_selector("#play[aria-label^='Play']")
    assert now(visit) == 15
    assert "epoch 30 of 30" in status(visit)
    assert pixels(visit) != before
    visit.page.select_option("#speed", "0.25")
    visit.page.click("#play")
    visit.page.click("#play")
    assert now(visit) < 15
    assert visit.page.get_attribute("#play", "aria-label").startswith("Play")


def test_the_numbers_shown_are_those_of_the_film(open_page, rng):
    film = moons_film(rng)
    visit = open_page(film_page(film.story()))
    visit.page.click("#last")
    loss = film.records[-1].values["loss"]
    shown = visit.page.locator("#losses .legend b").all_inner_texts()
    assert float(shown[0]) == pytest.approx(loss, rel=5e-3)
    norms = visit.page.locator("#gradients .legend b").all_inner_texts()
    assert [float(norm) for norm in norms] == pytest.approx(film.records[-1].norms, rel=0.06)
    spoken = visit.page.locator("#spoken").inner_text()
    assert spoken.startswith("epoch 30 of 30, training loss")


def test_the_keyboard_alone(open_page, rng):
    visit = open_page(film_page(moons_film(rng).story()))
    press = visit.page.keyboard.press
    for key, index in [
        ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 15),
        ("ArrowRight", 15), ("Home", 0), ("ArrowLeft", 0),
    ]:  # fmt: skip
        press(key)
        assert now(visit) == index
    press(" ")
    assert visit.page.get_attribute("#play", "aria-label").startswith("Pause")
    press(" ")
    assert visit.page.get_attribute("#play", "aria-label").startswith("Play")
    reached = []
    for _ in range(9):
        press("Tab")
        reached.append(visit.page.evaluate("document.activeElement.id"))
    assert reached[:8] == [
        "pictures", "first", "back", "play", "forward", "last", "scrub", "speed",
    ]  # fmt: skip
    visit.page.focus("#forward")
    press("Home")
    press("Enter")
    assert now(visit) == 1


def test_scrubbing_and_clicking_into_a_chart(open_page, rng):
    visit = open_page(film_page(moons_film(rng).story()))
    visit.page.locator("#scrub").fill("7")
    assert "epoch 14 of 30" in status(visit)
    chart = visit.page.locator("#losses canvas").bounding_box()
    visit.page.mouse.click(chart["x"] + chart["width"] - 12, chart["y"] + chart["height"] / 2)
    assert now(visit) == 15


@pytest.mark.parametrize("make", [moons_film, xor_film, sine_film])
def test_how_it_looks(open_page, rng, make):
    visit = open_page(film_page(make(rng).story()))
    visit.page.locator("#scrub").fill("9")
    kept = visit.screenshots(f"film-{make.__name__.removesuffix('_film')}")
    assert len(kept) == 6
    wide = visit.page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0
    visit.resize("phone", "dark")
    assert visit.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_hostile_texts_are_shown(open_page, rng):
    title = "<img src=x onerror=alert(1)>\u202e {data}"
    visit = open_page(film_page(moons_film(rng, title=title).story()))
    assert visit.page.locator("h1").text_content() == title
    assert visit.page.locator("img").count() == 0


def test_without_data_and_with_values_that_are_not_finite(open_page):
    model = nn.MLP(3, [4], 2)
    film = nn.film(model)
    model[0].bias.data = np.full(4, np.nan, np.float32)
    film.take(loss=np.nan, accuracy=0.25)
    film.take(loss=1e308, accuracy=0.5)
    visit = open_page(film_page(film.story()))
    visit.page.click("#last")
    assert "accuracy 50.0 %" in status(visit)
    assert visit.page.locator("#decisions").is_hidden()


def test_the_loss_surface_is_walked(open_page, rng):
    film = moons_film(rng)
    data = moons(rng, 100)
    surface = nn.loss_surface(film.model, data, loss=nn.cross_entropy, along="path", path=film)
    visit = open_page(surface._page())
    assert "step 0 of 15" in status(visit)
    before = pixels(visit, "#surface .room canvas")
    visit.page.keyboard.press("End")
    assert "step 15 of 15" in status(visit)
    assert pixels(visit, "#surface .room canvas") != before
    canvas = visit.page.locator("#surface .room canvas").bounding_box()
    visit.page.mouse.move(canvas["x"] + canvas["width"] / 2, canvas["y"] + canvas["height"] / 2)
    shown = float(visit.page.locator("#pointer").inner_text().rpartition(" ")[2])
    assert surface.losses.min() <= shown <= surface.losses.max()
    visit.screenshots("surface-path")


def test_a_loss_surface_without_a_path(open_page):
    surface = nn.loss_surface(lambda a, b: np.log(a) * b, limits=((-1, 3), (-2, 2)))
    visit = open_page(surface._page())
    assert visit.page.locator("footer").is_hidden()
    assert "log" not in visit.page.locator("h1").inner_text()
    visit.screenshots("surface-function")
