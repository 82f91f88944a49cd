"""`nn.film`: what it records, what it leaves alone, and what it says when it cannot."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import nn


def points(rng, rows=60):
    x = rng.standard_normal((rows, 2))
    return x, (x[:, 0] * x[:, 1] > 0).astype(int)


def train(seed=0, *, film=True, epochs=6, every=2, **options):
    rng = np.random.default_rng(seed)
    x, y = points(rng)
    model = nn.MLP(2, [8], 2, activation="tanh", rng=rng)
    made = nn.film(model, (x, y), every=every, **options) if film else None
    nn.fit(
        model,
        (x, y),
        loss=nn.cross_entropy,
        optimizer=nn.Adam(model.parameters(), lr=0.05),
        epochs=epochs,
        rng=rng,
        validation=(x, y),
        callbacks=[made] if film else [],
        progress=False,
    )
    return model, made


def test_a_fit_is_filmed_every_few_epochs_and_at_its_end():
    _, film = train(epochs=7, every=3)
    assert [frame.at for frame in film.frames] == [0, 3, 6, 7]
    assert repr(film) == "Film: 4 frames of 7 epochs"
    assert len(film.records) == 8
    assert set(film.records[1].values) == {"loss", "validation_loss", "validation_accuracy"}


def test_filming_changes_nothing():
    filmed, film = train()
    alone, _ = train(film=False)
    for name, value in alone.state_dict().items():
        assert_array_equal(filmed.state_dict()[name], value)
    film.story()
    assert filmed.training


def test_a_loop_written_by_hand(rng):
    x, y = points(rng)
    model = nn.MLP(2, [4], 2, rng=rng)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    film = nn.film(model, (x, y), every=2)
    for step in range(5):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x.astype(np.float32)), y)
        loss.backward()
        optimizer.step()
        film.take(loss=loss, frame=True if step == 4 else None)
        assert film.records[-1].values["loss"] == loss.item()
    assert [frame.at for frame in film.frames] == [0, 2, 4, 5]
    film.take(frame=False)
    film.take(frame=False)
    assert len(film) == 4
    assert repr(film) == "Film: 4 frames of 7 steps"


def test_gradient_norms_are_those_of_the_layers(rng):
    x, y = points(rng)
    model = nn.MLP(2, [4], 2, rng=rng)
    film = nn.film(model, (x, y))
    assert film.records[0].norms == (None, None)
    nn.cross_entropy(model(x.astype(np.float32)), y).backward()
    film.take()
    expected = [
        np.sqrt(sum(float(np.sum(p.grad.astype(float) ** 2)) for p in layer.parameters()))
        for layer in (model[0], model[2])
    ]
    assert_allclose(film.records[1].norms, expected, rtol=1e-12)
    model.zero_grad()
    film.take()
    assert film.records[2].norms == (None, None)


def test_a_look_is_what_the_model_says_over_the_grid():
    model, film = train()
    logits = nn.predict(model, film.view.grid).astype(float)
    shares = 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))
    look = film.frames[-1].look
    assert look.values.shape == (1, 64, 64)
    assert_allclose(look.values[0].ravel(), shares, atol=np.ptp(shares) / 254)
    assert film.view.grid[0].tolist() == [pytest.approx(low) for low, _ in film.view.limits]


def test_weights_of_every_frame_are_kept_where_they_are_few(message):
    model, film = train()
    states = film.states()
    assert len(states) == len(film)
    assert_array_equal(states[-1]["0.weight"], model[0].weight.data)
    assert not np.array_equal(states[0]["0.weight"], states[-1]["0.weight"])
    _, film = train(keep_weights=False)
    assert "keep_weights=True" in message(ValueError, film.states)


def test_the_same_seed_gives_the_same_bytes(tmp_path):
    pytest.importorskip("PIL")
    for name in ("one", "two"):
        _, film = train(epochs=3)
        film.save(tmp_path / f"{name}.html")
        film.save(tmp_path / f"{name}.gif")
    for suffix in ("html", "gif"):
        one, two = (tmp_path / f"{name}.{suffix}" for name in ("one", "two"))
        assert one.read_bytes() == two.read_bytes()


def test_a_notebook_shows_the_player_in_a_closed_frame():
    _, film = train(epochs=2, title="<script>alert(1)</script>")
    cell = film._repr_html_()
    assert cell.startswith('<iframe sandbox="allow-scripts"')
    assert "<script>" not in cell
    before = nn.film(nn.Linear(2, 1))
    assert before._repr_html_() == "<pre>Film: 1 frame of 0 steps</pre>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ((np.zeros((4, 3)), np.zeros(4)), ["have 3 columns", "nn.film(model)"]),
        ((np.zeros((4, 2, 2)), np.zeros(4)), ["shape (4, 2, 2)"]),
        ((np.zeros((4, 2)), np.zeros(3)), ["as many rows", "(4, 2) and (3,)"]),
        ((np.zeros((0, 2)), np.zeros(0)), ["at least one"]),
        ((np.full((4, 2), np.nan), np.zeros(4)), ["inputs must be finite"]),
        ((np.zeros((4, 2)), np.array(list("abab"))), ["targets must be finite real numbers"]),
        ((np.zeros((4, 2)), np.ones((4, 5))), ["gives 2 numbers a row", "have 5"]),
        ((np.zeros((4, 2)), np.full((4, 2), 0.5)), ["one output can be shown", "has 2"]),
        (np.zeros((4, 2)), ["must be (inputs, targets); got ndarray"]),
    ],
)
def test_data_that_cannot_be_shown(data, words, message):
    model = nn.Linear(2, 2)
    text = message(ValueError, lambda: nn.film(model, data))
    assert all(word in text for word in words), text


def test_arguments_that_are_wrong(message):
    model, data = nn.Linear(2, 1), (np.zeros((4, 2)), np.zeros(4, int))
    assert "every must be a whole number" in message(ValueError, lambda: nn.film(model, every=0))
    text = message(ValueError, lambda: nn.film(model, data, outputs="logit"))
    assert "did you mean 'logits'" in text
    assert "has no parameters" in message(ValueError, lambda: nn.film(nn.Tanh()))
    assert "must be a Module; got int" in message(TypeError, lambda: nn.film(3))
    many = (np.zeros((4, 2)), np.arange(4))
    assert "11 classes" in message(ValueError, lambda: nn.film(nn.Linear(2, 11), many))


def test_nothing_to_save_and_no_way_to(tmp_path, message):
    film = nn.film(nn.Linear(2, 1))
    text = message(ValueError, lambda: film.save(tmp_path / "film.html"))
    assert "callbacks=[film]" in text
    assert "film.take(loss=loss)" in text
    text = message(ValueError, lambda: film.save(tmp_path / "film.mp4"))
    assert "should end in .html" in text
    assert not list(tmp_path.iterdir())


def test_a_value_that_is_no_number(message):
    film = nn.film(nn.Linear(2, 1))
    text = message(ValueError, lambda: film.take(loss=[1.0, 2.0]))
    assert text == "film: loss=[1.0, 2.0] is not one number"
    assert len(film.records) == 1


def test_a_model_that_changes_while_it_is_filmed(message):
    model = nn.MLP(2, [3], 1)
    film = nn.film(model)
    model[0].weight = nn.Parameter(np.zeros((5, 2)))
    text = message(ValueError, film.take)
    assert "'0.weight' had shape (3, 2) when the film began and has shape (5, 2)" in text
    model[0].weight = None
    assert "and is gone" in message(ValueError, film.take)


def test_a_film_of_another_model(message):
    film = nn.film(nn.Linear(2, 1))
    other = nn.Linear(2, 1)

    def fit():
        nn.fit(
            other,
            (np.zeros((4, 2)), np.zeros((4, 1))),
            loss=nn.mse_loss,
            optimizer=nn.SGD(other.parameters(), lr=0.1),
            epochs=1,
            callbacks=[film],
            progress=False,
        )

    assert "another model than the one that fit trains" in message(ValueError, fit)


def test_what_is_not_finite_is_shown_as_such(rng):
    x, y = points(rng)
    model = nn.MLP(2, [4], 2, rng=rng)
    film = nn.film(model, (x, y))
    model[2].bias.data = np.array([np.nan, 0.0], np.float32)
    film.take(loss=float("nan"))
    assert np.isnan(film.frames[1].look.values).all()
    story = film.story()
    assert story.values["loss"] == [None, None]
    assert story.moments[1].accuracy is None
    assert story.moments[1].pictures[3].ravel().tolist()[0] == 255
