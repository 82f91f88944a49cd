"""Every public function that takes a generator of random numbers refuses a seed in one way."""

import inspect

import numpy as np
import pytest

import autograd_core as ag
import nn

ROWS = np.zeros((8, 2), np.float32)
LABELS = np.array([0, 1] * 4)
HOMES = {"nn": nn, "init": nn.init, "datasets": nn.datasets, "autograd_core": ag}
MODEL = nn.Linear(2, 2)

# What has to be given besides rng.
ARGUMENTS = {
    "nn.Bilinear": (2, 3, 4),
    "nn.Conv1d": (1, 2, 3),
    "nn.Conv2d": (1, 2, 3),
    "nn.ConvTranspose1d": (1, 2, 3),
    "nn.ConvTranspose2d": (1, 2, 3),
    "nn.Embedding": (5, 4),
    "nn.GRU": (3, 4),
    "nn.LSTM": (3, 4),
    "nn.LearnedPositions": (5, 4),
    "nn.Linear": (3, 2),
    "nn.Loader": (ROWS,),
    "nn.MLP": (3, [4], 2),
    "nn.MultiHeadAttention": (4, 2),
    "nn.RNN": (3, 4),
    "nn.SinusoidalPositions": (5, 4),
    "nn.TransformerDecoderLayer": (4, 2, 8),
    "nn.TransformerEncoderLayer": (4, 2, 8),
    "nn.find_learning_rate": (MODEL, (ROWS, LABELS)),
    "nn.fit": (MODEL, (ROWS, LABELS)),
    "nn.k_fold": (8, 2),
    "nn.loss_surface": (MODEL, (ROWS, LABELS)),
    "nn.split": (ROWS,),
    "nn.stratified_k_fold": (LABELS, 2),
    "autograd_core.gradcheck": (np.sin, np.ones(2)),
}
TRAINING = {"loss": nn.cross_entropy, "optimizer": nn.SGD(MODEL.parameters(), lr=0.1)}
OPTIONS = {
    "nn.fit": TRAINING | {"epochs": 1, "progress": False},
    "nn.find_learning_rate": TRAINING | {"steps": 10},
    "nn.loss_surface": {"loss": nn.cross_entropy, "resolution": 2},
}


def takers():
    """Dotted name of whatever is public and has a parameter called rng."""
    for home, module in HOMES.items():
        for name in module.__all__ if hasattr(module, "__all__") else dir(module):
            found = getattr(module, name)
            if callable(found) and not name.startswith("_"):
                try:
                    parameters = inspect.signature(found).parameters
                except ValueError:  # built in
                    continue
                if "rng" in parameters:
                    yield f"{home}.{name}"


TAKERS = sorted(takers())


def call(name, rng):
    home, _, leaf = name.partition(".")
    arguments = ((3, 4),) if home == "init" else ARGUMENTS.get(name, ())
    return getattr(HOMES[home], leaf)(*arguments, rng=rng, **OPTIONS.get(name, {}))


def test_the_sweep_reaches_every_home_and_knows_no_more_than_there_is():
    assert {name.partition(".")[0] for name in TAKERS} == set(HOMES)
    assert set(ARGUMENTS) <= set(TAKERS)


@pytest.mark.parametrize("name", TAKERS)
@pytest.mark.parametrize("seed", [0, 12, np.random.RandomState(0)], ids=["0", "12", "RandomState"])
def test_a_seed_is_named_and_told_how_to_become_a_generator(name, seed):
    with pytest.raises(TypeError) as refused:
        call(name, seed)
    message = str(refused.value)
    assert "rng must be a numpy.random.Generator" in message
    assert f"got {seed!r} ({type(seed).__name__})" in message
    assert "np.random.default_rng(" in message
    leaf = name.rpartition(".")[2]
    assert message.startswith(f"{leaf}: ")


@pytest.mark.parametrize("name", TAKERS)
def test_a_generator_is_taken(name):
    call(name, np.random.default_rng(0))


def test_where_a_generator_is_needed_none_is_refused():
    for name in ("datasets.moons", "init.he_normal"):
        with pytest.raises(TypeError, match=r"got None; write rng=np\.random\.default_rng\(0\)"):
            call(name, None)


def test_a_data_set_is_not_split_by_a_seed():
    with pytest.raises(TypeError, match=r"Dataset\.split: rng .* got 0 \(int\)"):
        nn.datasets.iris().split(0)


def test_the_seed_that_was_given_is_the_one_to_write():
    with pytest.raises(TypeError, match=r"write rng=np\.random\.default_rng\(12\)"):
        nn.Linear(3, 2, rng=12)
