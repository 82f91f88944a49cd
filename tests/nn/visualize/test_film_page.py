"""The page of a film: its numbers are the film's, its size is bounded, no text becomes markup."""

import base64
import json
import re

import numpy as np
import pytest
from numpy.testing import assert_allclose

import nn
from nn.visualize.pages import assemble
from nn.visualize.story import MOST_FRAMES, MOST_RECORDS


def filmed(rng, *, classes=2, steps=4, hidden=8, **options):
    x = rng.standard_normal((50, 2))
    y = np.arange(50) % classes
    model = nn.MLP(2, [hidden], classes, activation="tanh", rng=rng)
    film = nn.film(model, (x, y), **options)
    for step in range(steps):
        for parameter in model.parameters():
            parameter.data = parameter.data + rng.normal(0, 0.1, parameter.shape)
            parameter.grad = rng.standard_normal(parameter.shape).astype(np.float32)
        film.take(loss=1 / (step + 1), validation_loss=2 / (step + 1))
    return film


def saved(film, tmp_path):
    film.save(tmp_path / "film.html")
    return (tmp_path / "film.html").read_text(encoding="utf-8")


def data_of(page):
    [text] = re.findall(
        r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL
    )
    return json.loads(text)


def test_the_numbers_on_the_page_are_those_of_the_film(rng, tmp_path):
    film = filmed(rng)
    data = data_of(saved(film, tmp_path))
    assert data["at"] == [0, 1, 2, 3, 4]
    assert data["values"]["loss"] == [None, 1.0, 0.5, 0.33333, 0.25]
    norms = [list(record.norms) for record in film.records[1:]]
    assert_allclose(np.array([curve[1:] for curve in data["norms"]]).T, norms, rtol=1e-4)
    for moment, frame in zip(data["frames"], film.frames, strict=True):
        low, high = moment["bounds"]
        cells = np.frombuffer(base64.b64decode(moment["look"]), "<u2")
        shares = frame.look.values.ravel()
        assert_allclose(low + cells / 65534 * (high - low), shares, atol=1e-8)
    weights = np.frombuffer(base64.b64decode(data["frames"][-1]["weights"]), np.uint8)
    first = film.model[0].weight
    assert_allclose(
        (weights[: first.size] / 127 - 1) * data["scales"][0],
        first.data.ravel(),
        atol=data["scales"][0] / 250,
    )


@pytest.mark.parametrize("classes", [2, 4, 10])
def test_two_hundred_frames_stay_below_five_megabytes(rng, tmp_path, classes):
    film = filmed(rng, classes=classes, steps=4, hidden=200)
    # The same few looks many times over: what counts is how many there are.
    film.frames[:] = (film.frames * 50)[:200]
    film.records[:] = film.records * 2000
    page = saved(film, tmp_path)
    data = data_of(page)
    assert len(page.encode()) < 5_000_000
    assert len(data["frames"]) + data["skipped"] == 200
    assert len(data["frames"]) >= 180
    assert len(data["at"]) == MOST_RECORDS


def test_a_longer_film_shows_frames_evenly_spread(rng, tmp_path):
    film = filmed(rng)
    first, last = film.frames[0], film.frames[-1]
    film.frames[:] = [first] + [film.frames[1]] * 1000 + [last]
    data = data_of(saved(film, tmp_path))
    assert len(data["frames"]) == MOST_FRAMES
    assert data["skipped"] == 1002 - MOST_FRAMES
    assert (data["frames"][0]["at"], data["frames"][-1]["at"]) == (0, 4)


def test_large_weights_are_sampled(rng):
    model = nn.MLP(784, [300], 10, rng=rng)
    film = nn.film(model)
    film.take(loss=1.0)
    shown = film.story().as_json()["layers"][0]["pictures"][0]
    assert shown["shape"] == [300, 784]
    assert sum(picture.size for picture in film.frames[0].pictures) <= 2500
    assert_allclose(film.frames[1].pictures[0][0, 0], model[0].weight.data[0, 0])
    assert_allclose(film.frames[1].pictures[0][-1, -1], model[0].weight.data[-1, -1])
    with pytest.raises(ValueError, match="keep_weights"):
        film.states()


HOSTILE = [
    '</script><script>alert("1")</script>',
    "{data} {script}",
    "a\n'\"&\u202e\u2028",
    "\ud800",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_is_text(rng, tmp_path, title):
    page = saved(filmed(rng, title=title), tmp_path)
    assert data_of(page)["title"] == title
    assert page.count("<script") == page.count("</script>") == 2
    assert "alert(" not in page.replace("\\u003cscript\\u003ealert(", "").replace(
        "&lt;script&gt;alert(", ""
    )


def test_the_page_allows_only_its_own_script_and_style(rng, tmp_path):
    page = saved(filmed(rng), tmp_path)
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy
    assert "http" not in re.sub(r"http-equiv|http://www\.w3\.org/2000/svg", "", page)


def test_data_that_json_does_not_know_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        assemble("film.html", title="", data={"x": float("nan")}, styles=[], scripts=[])


def test_parameters_in_a_list_belong_to_the_module_that_holds_it():
    class Listed(nn.Module):
        def __init__(self):
            self.weights = [nn.Parameter(np.ones(2)), nn.Parameter(3.0)]

    film = nn.film(Listed())
    film.take()
    [layer] = film.story().as_json()["layers"]
    assert layer["name"] == "Listed"
    assert [picture["name"] for picture in layer["pictures"]] == ["weights.0", "weights.1"]
    assert layer["pictures"][1]["shape"] == []
