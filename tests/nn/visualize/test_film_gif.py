"""The GIF of a film: as many frames as it should have, and the right colours in the right place."""

import io

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nn
from nn.visualize.film_gif import MOST_FRAMES, SIZE, gif, picture

Image = pytest.importorskip("PIL.Image")
BLUE, ORANGE = np.array([0, 114, 178]), np.array([213, 94, 0])


def opened(film):
    return Image.open(io.BytesIO(gif(film.story())))


def test_frames_and_their_times():
    film = nn.film(nn.Linear(2, 1), (np.eye(2), np.array([0, 1])))
    for _ in range(3):
        film.take(loss=0.5)
    image = opened(film)
    assert (image.n_frames, image.size, image.info["loop"]) == (4, SIZE, 0)
    image.seek(3)
    assert image.info["duration"] == 2000


def test_a_long_film_is_thinned():
    model = nn.Linear(1, 1)
    film = nn.film(model)
    for step in range(MOST_FRAMES + 30):
        # Equal pictures would be shown as one.
        model.weight.data[0, 0] = step
        film.take(loss=0.5)
    assert opened(film).n_frames == MOST_FRAMES


def test_the_boundary_stands_where_the_model_puts_it():
    model = nn.Linear(2, 1)
    model.weight.data = np.array([[50.0, 0.0]], np.float32)
    corners = np.array([[-1.0, -1.0], [1.0, 1.0]])
    film = nn.film(model, (corners, np.array([0, 1])))
    film.take()
    story = film.story()
    pixels = np.asarray(picture(story, story.moments[0]), float)
    half = [255 - (255 - colour) * 0.5 for colour in (BLUE, ORANGE)]
    row = pixels[200]
    assert_allclose(row[120], half[0], atol=2)
    assert_allclose(row[330], half[1], atol=2)
    dark = [column for column in range(60, 380) if row[column].max() < 90]
    assert dark, "no boundary line"
    middle = 52 + (438 - 68 - 22) / 2  # of a square as high as there is room
    assert abs(np.mean(dark) - middle) < 4


def view_of(kind, rng):
    x = rng.standard_normal((12, 1 if "curve" in kind else 2))
    outputs = 3 if "three" in kind else 1
    y = np.arange(12) % 3 if outputs == 3 else np.arange(12) % 2
    if kind in ("curve", "values"):
        y = np.abs(x).sum(axis=1)
    return nn.Linear(x.shape[1], outputs, rng=rng), (x, y)


@pytest.mark.parametrize(
    "kind", ["two", "three", "values", "curve", "two curve", "three curve", "none"]
)
def test_every_kind_of_picture_moves(kind, rng):
    model, data = view_of(kind, rng)
    film = nn.film(model, None if kind == "none" else data)
    model.weight.data = -model.weight.data
    film.take(loss=0.3, accuracy=0.5)
    story = film.story()
    first, last = (np.asarray(picture(story, moment)) for moment in story.moments)
    assert (first != last).any()


def test_what_is_not_finite_is_grey():
    model = nn.Linear(2, 1)
    film = nn.film(model, (np.array([[-1.0, -1.0], [1.0, 1.0]]), np.array([0, 1])))
    model.bias.data = np.array([np.nan], np.float32)
    film.take(loss=np.nan)
    story = film.story()
    assert np.asarray(picture(story, story.moments[1]))[200, 100].tolist() == [123, 135, 148]


def test_a_long_title_is_cut():
    film = nn.film(nn.Linear(2, 1), title="A title " * 100)
    film.take(loss=1.0)
    story = film.story()
    assert picture(story, story.moments[0]).size == SIZE
