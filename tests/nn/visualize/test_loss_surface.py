"""`nn.loss_surface`: the numbers on the grid, the path on it, and the model left alone."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import nn


@pytest.fixture
def model(rng):
    return nn.MLP(2, [4], 1, activation="tanh", rng=rng, dtype=np.float64)


@pytest.fixture
def data(rng):
    x = rng.standard_normal((20, 2))
    return x, x[:, :1] * 2 - 1


def filmed(model, data, epochs=8):
    film = nn.film(model, data)
    nn.fit(
        model,
        data,
        loss=nn.mse_loss,
        optimizer=nn.SGD(model.parameters(), lr=0.1),
        epochs=epochs,
        rng=np.random.default_rng(0),
        callbacks=[film],
        progress=False,
    )
    return film


def loss_of(model, data):
    return nn.mse_loss(model(data[0]), data[1]).item()


def test_a_function_of_two_numbers():
    path = [(1.0, 0.5), (0.5, 0.25), (0.25, 0.125)]
    surface = nn.loss_surface(lambda a, b: (a + 2 * b) ** 2, path=path, resolution=7)
    across, up = np.meshgrid(surface.x, surface.y)
    assert_allclose(surface.losses, (across + 2 * up) ** 2)
    assert surface.labels == ("a", "b")
    assert_allclose(surface.path_losses, [4.0, 1.0, 0.25])
    assert surface.x[0] < 0.25 < 1.0 < surface.x[-1]
    assert surface.y[0] < 0.125 < 0.5 < surface.y[-1]


def test_limits_are_kept():
    surface = nn.loss_surface(max, limits=((-1, 1), (0, 3)), resolution=3)
    assert surface.x.tolist() == [-1, 0, 1]
    assert surface.y.tolist() == [0, 1.5, 3]
    assert surface.losses[2].tolist() == [3, 3, 3]
    assert surface.path is None


def test_two_weights(model, data):
    along = (("0.weight", (3, 1)), ("2.bias", 0))
    surface = nn.loss_surface(model, data, loss=nn.mse_loss, along=along, resolution=5)
    assert surface.labels == ("0.weight[3, 1]", "2.bias[0]")
    middle = surface.losses[2, 2]
    assert_allclose(middle, loss_of(model, data), rtol=1e-12)
    for row, column in ((0, 0), (4, 1)):
        model[0].weight.data[3, 1] = surface.x[column]
        model[2].bias.data[0] = surface.y[row]
        assert_allclose(surface.losses[row, column], loss_of(model, data), rtol=1e-12)


def test_random_directions_have_the_norms_of_the_filters(model, data):
    measured = []

    def look(twin):
        measured.append({name: p.data.copy() for name, p in twin.named_parameters()})
        return nn.mse_loss(twin(data[0]), data[1])

    surface = nn.loss_surface(
        model, look, resolution=2, limits=((0, 1), (0, 1)), rng=np.random.default_rng(1)
    )
    assert_allclose(surface.losses[0, 0], loss_of(model, data), rtol=1e-12)
    moved = measured[1]["0.weight"] - model[0].weight.data
    assert_allclose(
        np.linalg.norm(moved, axis=1), np.linalg.norm(model[0].weight.data, axis=1), rtol=1e-12
    )
    assert_array_equal(measured[1]["0.bias"], model[0].bias.data)
    again, other = (
        nn.loss_surface(
            model, data, loss=nn.mse_loss, resolution=3, rng=np.random.default_rng(seed)
        )
        for seed in (1, 2)
    )
    assert again.losses[2, 2] == surface.losses[1, 1]
    assert not np.allclose(again.losses, other.losses)


def test_the_plane_of_a_path(model, data):
    film = filmed(model, data)
    surface = nn.loss_surface(model, data, loss=nn.mse_loss, along="path", path=film, resolution=5)
    assert len(surface.path) == len(film) == len(surface.path_losses)
    assert_allclose(surface.path[-1], [0.0, 0.0], atol=1e-12)
    assert (surface.path[0] <= 0).all()
    assert_allclose(surface.path_losses[-1], loss_of(model, data), rtol=1e-12)
    # No plane through the end is nearer to the path than that of its singular vectors.
    weights = np.stack([np.concatenate([w.ravel() for w in s.values()]) for s in film.states()])
    sizes = np.linalg.svd(weights - weights[-1], compute_uv=False)
    assert_allclose(np.sum(surface.path**2), np.sum(sizes[:2] ** 2), rtol=1e-10)


def test_a_path_of_state_dicts_over_two_weights(model, data):
    film = filmed(model, data)
    along = (("0.weight", (0, 0)), ("2.bias", 0))
    surface = nn.loss_surface(
        model, data, loss=nn.mse_loss, along=along, path=film.states(), resolution=3
    )
    expected = [[state["0.weight"][0, 0], state["2.bias"][0]] for state in film.states()]
    assert_allclose(surface.path, expected, rtol=1e-12, atol=1e-15)


def test_the_model_is_left_alone_also_by_an_error(model, data):
    loss = nn.mse_loss(model(data[0]), data[1])
    before = model.state_dict()
    nn.loss_surface(model, data, loss=nn.mse_loss, resolution=3)

    def broken(_):
        raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        nn.loss_surface(model, broken, resolution=3)
    for name, value in model.state_dict().items():
        assert_array_equal(value, before[name])
    assert model.training
    loss.backward()  # nothing that it saved was written over
    assert model[0].weight.grad is not None


def test_losses_that_are_not_finite_are_left_blank(tmp_path):
    pytest.importorskip("matplotlib")
    surface = nn.loss_surface(lambda a, b: np.log(a) + b, limits=((-1, 1), (-1, 1)), resolution=6)
    assert np.isnan(surface.losses[:, 0]).all()
    assert np.isfinite(surface.losses[:, -1]).all()
    for suffix in ("svg", "png", "html"):
        surface.save(tmp_path / f"surface.{suffix}")


def test_the_same_surface_gives_the_same_bytes(tmp_path):
    pytest.importorskip("matplotlib")
    for name in ("one", "two"):
        surface = nn.loss_surface(lambda a, b: a * a + b, path=[(0, 1), (1, 2)], resolution=4)
        for suffix in ("svg", "html"):
            surface.save(tmp_path / f"{name}.{suffix}")
    for suffix in ("svg", "html"):
        one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()
    assert b"start</text>" in (tmp_path / "one.svg").read_bytes()


def test_plot_draws_into_given_axes():
    figures = pytest.importorskip("matplotlib.figure")
    axes = figures.Figure().subplots()
    surface = nn.loss_surface(lambda a, b: a * b, path=[(0, 0), (1, 1)], resolution=3)
    assert surface.plot(axes) is axes
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("a", "b")
    assert_allclose(axes.lines[0].get_xydata(), [(0, 0), (1, 1)])


def bowl(**options):
    return nn.loss_surface(lambda a, b: a * a + b * b, resolution=5, **options)


def test_the_bar_is_as_tall_as_the_map():
    figures = pytest.importorskip("matplotlib.figure")
    figure = figures.Figure(figsize=(9, 4), layout="constrained")
    axes = bowl(limits=((-1, 1), (-1, 1))).plot(figure.subplots())
    figure.canvas.draw()
    (bar,) = axes.child_axes
    assert_allclose(bar.get_window_extent().height, axes.get_window_extent().height, rtol=0.01)
    assert axes.get_aspect() == 1


def test_what_the_bar_says(model, data):
    figures = pytest.importorskip("matplotlib.figure")
    surface = bowl(limits=((-1, 1), (-1, 1)))
    (bar,) = surface.plot(figures.Figure().subplots()).child_axes
    assert bar.get_ylabel() == "value"
    (bar,) = surface.plot(figures.Figure().subplots(), label="cost in $").child_axes
    assert bar.get_ylabel() == "cost in $"
    weights = ("0.weight", (0, 1)), ("0.bias", 0)
    trained = nn.loss_surface(model, data, loss=nn.huber_loss, along=weights, resolution=3)
    (bar,) = trained.plot(figures.Figure().subplots()).child_axes
    assert bar.get_ylabel() == "loss"


def test_start_and_end_are_both_seen_and_said_to_be_outside():
    figures = pytest.importorskip("matplotlib.figure")
    surface = bowl(path=[(0.5, 0.5), (3.0, 0.5)], limits=((-1, 1), (-1, 1)))
    axes = surface.plot(figures.Figure().subplots())
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["start", "end, outside"]
    lines = {line.get_label(): line for line in axes.lines}
    start, end = lines["start"], lines["end, outside"]
    assert start.get_zorder() > end.get_zorder()
    assert start.get_markersize() < end.get_markersize()


def test_a_flat_function_and_a_notebook():
    surface = nn.loss_surface(lambda *_: 3.0, limits=((0, 1), (0, 1)), resolution=2)
    assert "from 3 to 3 over first argument" in repr(surface)
    assert surface._repr_html_().startswith('<iframe sandbox="allow-scripts"')


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"along": (("0.wieght", (0, 1)), ("2.bias", 0))}, "did you mean '0.weight'"),
        ({"along": (("0.weight", (9, 1)), ("2.bias", 0))}, "has shape (4, 2), so the index (9, 1)"),
        ({"along": (("0.weight", 1), ("2.bias", 0))}, "is not one of its weights"),
        ({"along": ("0.bias", "2.bias")}, "has shape (4,), so the index ()"),
        ({"along": (("2.bias", 0), "2.bias")}, "both directions are 2.bias[0]"),
        ({"along": (3, 4)}, "3 names no weight"),
        ({"along": "radnom"}, "did you mean 'random'"),
        ({"along": "path"}, "needs the weights of a path"),
        ({"along": "path", "path": [{"0.weight": np.zeros((4, 2))}]}, "'0.bias' should have"),
        ({"path": [(1, 2, 3)]}, "pairs of numbers"),
        ({"path": [(1, np.nan)]}, "all of them finite"),
        ({"path": []}, "needs points"),
        ({"limits": ((1, 0), (0, 1))}, "low below high"),
        ({"limits": 3}, "low below high"),
        ({"resolution": 1}, "at least 2"),
        ({"loss": None}, "give (inputs, targets) and loss="),
        ({"loss": lambda outputs, _: outputs}, "the loss must be one number; got Tensor of shape"),
    ],
)
def test_arguments_that_are_wrong(model, data, options, words, message):
    call = {"loss": nn.mse_loss, "resolution": 2, **options}
    assert words in message(ValueError, lambda: nn.loss_surface(model, data, **call))


def test_other_misunderstandings(model, data, message, tmp_path):
    flat = [model.state_dict()] * 4
    text = message(
        ValueError,
        lambda: nn.loss_surface(model, data, loss=nn.mse_loss, along="path", path=flat),
    )
    assert "lies on one line" in text
    text = message(ValueError, lambda: nn.loss_surface(lambda a, b: a + b))
    assert "limits=((-2, 2), (-2, 2))" in text
    text = message(ValueError, lambda: nn.loss_surface(lambda a, b: a + b, data))
    assert "leave data, loss and along out" in text
    assert "got int" in message(TypeError, lambda: nn.loss_surface(3))
    text = message(TypeError, lambda: nn.loss_surface(model, data, loss=nn.mse_loss, rng=0))
    assert "rng=np.random.default_rng(0)" in text
    nothing = ((0, 1), (0, 1))
    text = message(ValueError, lambda: nn.loss_surface(lambda *_: np.nan, limits=nothing))
    assert "no loss between the limits" in text
    surface = nn.loss_surface(lambda a, b: a + b, limits=nothing, resolution=2)
    assert ".svg, .png" in message(ValueError, lambda: surface.save(tmp_path / "surface.pdf"))
    assert "has no parameters" in message(
        ValueError, lambda: nn.loss_surface(nn.Tanh(), data, loss=nn.mse_loss)
    )
    zeros = nn.Linear(2, 1, init="zeros")
    text = message(ValueError, lambda: nn.loss_surface(zeros, data, loss=nn.mse_loss))
    assert "all weight matrices of this model are 0" in text


def test_a_film_that_kept_no_weights(model, data, message):
    film = nn.film(model, data, keep_weights=False)
    film.take()
    text = message(
        ValueError,
        lambda: nn.loss_surface(model, data, loss=nn.mse_loss, path=film, resolution=2),
    )
    assert "keep_weights=True" in text
