"""`train` beside scikit-learn's networks, on the same rows of public tables."""

import csv

import numpy as np
import pytest

from nn.cli.trained import Trained

sklearn_data = pytest.importorskip("sklearn.datasets")
neural_network = pytest.importorskip("sklearn.neural_network")
StandardScaler = pytest.importorskip("sklearn.preprocessing").StandardScaler
make_pipeline = pytest.importorskip("sklearn.pipeline").make_pipeline
TransformedTarget = pytest.importorskip("sklearn.compose").TransformedTargetRegressor

pytestmark = [
    pytest.mark.usefixtures("no_pictures"),
    # scikit-learn's training ends after its 300 iterations, converged or not.
    pytest.mark.filterwarnings("ignore:Stochastic Optimizer"),
]


def peer(classes, seed):
    """scikit-learn's network with its defaults, on standardised data."""
    if classes:
        network = neural_network.MLPClassifier(max_iter=300, random_state=seed)
        return make_pipeline(StandardScaler(), network)
    network = neural_network.MLPRegressor(max_iter=300, random_state=seed)
    inner = make_pipeline(StandardScaler(), network)
    return TransformedTarget(inner, transformer=StandardScaler())


def compare(command, write, tmp_path, name, seeds):
    """Scores on the test rows of each seed: ours, and scikit-learn's trained on all the others."""
    bunch = getattr(sklearn_data, f"load_{name}")()
    classes = hasattr(bunch, "target_names")
    x = np.asarray(bunch.data, float)
    y = bunch.target_names[bunch.target] if classes else bunch.target
    rows = [[*cells, answer] for cells, answer in zip(x.tolist(), y.tolist(), strict=True)]
    table = write(f"{name}.csv", rows, [*bunch.feature_names, "answer"])
    ours, theirs = [], []
    for seed in seeds:
        out = tmp_path / f"{name}_{seed}"
        options = ("--target", "answer", "--out", out, "--seed", seed, "--no-progress")
        assert command("train", table, *options).status == 0
        tested = Trained.load(out).training["test"]
        ours.append(tested["accuracy"] if classes else tested["r2"])
        with (out / "test_predictions.csv").open() as file:
            test = np.array([int(row["row"]) - 2 for row in csv.DictReader(file)])
        assert len(test) == tested["rows"] == len(set(test.tolist()))
        others = np.setdiff1d(np.arange(len(y)), test)
        theirs.append(peer(classes, seed).fit(x[others], y[others]).score(x[test], y[test]))
    return np.median(ours), np.median(theirs), len(test)


def test_iris(command, write, tmp_path):
    ours, theirs, _ = compare(command, write, tmp_path, "iris", range(3))
    assert ours >= theirs
    assert ours > 0.9


@pytest.mark.slow
@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer"])
def test_classes(command, write, tmp_path, name):
    """Measured: 96.7, 97.2 and 97.8 % for both; half a test row is left to the processor."""
    ours, theirs, rows = compare(command, write, tmp_path, name, range(10))
    assert ours >= theirs - 0.5 / rows, (ours, theirs)
    assert ours > 0.95


@pytest.mark.slow
def test_a_number(command, write, tmp_path):
    """Measured: R2 0.436 to 0.434."""
    ours, theirs, _ = compare(command, write, tmp_path, "diabetes", range(10))
    assert ours >= theirs - 0.005, (ours, theirs)
    assert ours > 0.4
