"""The estimators: scikit-learn's own checks, pipelines, grids, weights, early stopping, errors."""

import pickle
import subprocess
import sys

import numpy as np
import pytest

import nn

pytest.importorskip("sklearn")

from sklearn.base import clone
from sklearn.datasets import load_breast_cancer, load_iris
from sklearn.exceptions import ConvergenceWarning, NotFittedError
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import parametrize_with_checks

from nn.sklearn import MLPClassifier, MLPRegressor

BOTH = [MLPClassifier, MLPRegressor]
QUICK = {"hidden_layer_sizes": (16,), "learning_rate_init": 0.02, "max_iter": 100}


@pytest.mark.filterwarnings("ignore")
@parametrize_with_checks([MLPClassifier(**QUICK), MLPRegressor(**QUICK)])
def test_scikit_learns_checks(estimator, check):
    """All of them; none is expected to fail."""
    generator = np.random.get_state()  # noqa: NPY002 - some checks draw from the global one
    try:
        check(estimator)
    finally:
        np.random.set_state(generator)  # noqa: NPY002


def test_importing_nn_does_not_load_it():
    program = "import sys, nn; print('sklearn' in sys.modules, 'nn.sklearn' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["False", "False"]


def test_a_pipeline_in_a_grid_with_text_for_labels():
    data = load_iris(as_frame=True)
    names = data.target_names[data.target]
    pipeline = make_pipeline(StandardScaler(), MLPClassifier(random_state=0, **QUICK))
    grid = {"mlpclassifier__activation": ["relu", "tanh"], "mlpclassifier__alpha": [0.0, 0.01]}
    search = GridSearchCV(pipeline, grid, cv=3)
    with pytest.warns(ConvergenceWarning):
        search.fit(data.data, names)
    assert search.best_score_ > 0.94
    best = search.best_estimator_[-1]
    assert best.classes_.tolist() == ["setosa", "versicolor", "virginica"]
    assert search.predict_proba(data.data[:5]).sum(axis=1) == pytest.approx(1)
    np.testing.assert_allclose(
        search.predict_log_proba(data.data), np.log(search.predict_proba(data.data)), atol=1e-9
    )


def test_two_classes_as_well_as_scikit_learn_does():
    x, y = load_breast_cancer(return_X_y=True)
    x, held, y, answers = train_test_split(x, y, random_state=0, stratify=y)
    network = MLPClassifier((16,), learning_rate_init=0.01, early_stopping=True, random_state=0)
    model = make_pipeline(StandardScaler(), network).fit(x, y)
    assert model.score(held, answers) > 0.94
    assert len(network.validation_scores_) == len(network.loss_curve_) == network.n_iter_ < 200
    assert max(network.validation_scores_) > 0.9


def test_the_attributes_of_scikit_learn(rng):
    x = rng.normal(size=(60, 3))
    network = MLPRegressor((5,), max_iter=3, random_state=0)
    assert not hasattr(network, "coefs_")
    with pytest.warns(ConvergenceWarning):
        network.fit(x, x @ [1.0, 2.0, 3.0])
    assert [weight.shape for weight in network.coefs_] == [(3, 5), (5, 1)]
    assert network.n_layers_ == 3
    hidden = np.maximum(x @ network.coefs_[0] + network.intercepts_[0], 0)
    expected = hidden @ network.coefs_[1] + network.intercepts_[1]
    np.testing.assert_allclose(network.predict(x), expected[:, 0], rtol=1e-12)
    assert network.best_loss_ == min(network.loss_curve_)
    assert network.best_validation_score_ is None
    early = MLPRegressor((5,), max_iter=3, early_stopping=True, random_state=0)
    with pytest.warns(ConvergenceWarning):
        early.fit(x, x @ [1.0, 2.0, 3.0])
    assert early.best_loss_ is None
    assert early.best_validation_score_ == max(early.validation_scores_)


def test_early_stopping_keeps_the_best_weights(rng):
    x = rng.standard_normal((60, 3))
    y = x[:, 0] + 0.5 * rng.standard_normal(60)
    model = MLPRegressor((32,), early_stopping=True, random_state=0, learning_rate_init=0.05)
    model.fit(x, y)
    assert model.validation_scores_[-1] < max(model.validation_scores_)
    again = nn.sklearn.MLPRegressor(**model.get_params()).fit(x, y)
    np.testing.assert_array_equal(again.predict(x), model.predict(x))


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("kind", BOTH)
def test_same_seed_same_numbers_and_clone_and_pickle(kind, rng):
    x = rng.standard_normal((30, 4))
    y = (x[:, 0] > 0).astype(int)
    model = kind(random_state=7, **QUICK).fit(x, y)
    twin = clone(model)
    assert not hasattr(twin, "model_")
    np.testing.assert_array_equal(twin.fit(x, y).predict(x), model.predict(x))
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(model)).predict(x), model.predict(x))
    other = kind(random_state=8, **QUICK).fit(x, y)
    assert other.loss_curve_ != model.loss_curve_
    for state in (np.random.RandomState(3), np.random.default_rng(3)):
        kind(random_state=state, **QUICK).fit(x, y)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
@pytest.mark.parametrize("kind", BOTH)
@pytest.mark.parametrize("solver", ["adam", "sgd"])
def test_weights_count_as_repetitions(kind, solver, rng):
    x = rng.standard_normal((20, 3))
    y = np.arange(20) % 3
    weights = rng.integers(0, 4, 20)
    settings = {**QUICK, "solver": solver, "max_iter": 30}
    weighted = kind(random_state=0, **settings).fit(x, y, weights)
    repeated = kind(random_state=0, **settings).fit(x.repeat(weights, 0), y.repeat(weights))
    output = "predict_proba" if kind is MLPClassifier else "predict"
    np.testing.assert_allclose(getattr(weighted, output)(x), getattr(repeated, output)(x))
    plain = kind(random_state=0, **settings).fit(x, y)
    assert not np.allclose(getattr(weighted, output)(x), getattr(plain, output)(x))


def test_partial_fit_goes_on_where_it_was(rng):
    x = rng.standard_normal((80, 2))
    y = np.where(x[:, 0] * x[:, 1] > 0, "same", "different")
    model = MLPClassifier((16,), "tanh", learning_rate_init=0.05, random_state=0)
    model.partial_fit(x[:40], y[:40], classes=["same", "different"])
    for _ in range(100):
        model.partial_fit(x[40:], y[40:])
        model.partial_fit(x[:40], y[:40], sample_weight=np.ones(40))
    assert model.score(x, y) > 0.95
    assert model.n_iter_ == len(model.loss_curve_) == 201
    numbers = MLPRegressor((8,), random_state=0).partial_fit(x, x)
    assert numbers.partial_fit(x, x).n_iter_ == 2


def test_several_outputs(rng):
    x = rng.standard_normal((100, 3)).astype(np.float32)
    y = np.stack([x[:, 0], -x[:, 1]], axis=1)
    model = MLPRegressor((32,), learning_rate_init=0.02, random_state=0).fit(x, y)
    assert model.predict(x).shape == (100, 2)
    assert model.n_outputs_ == 2
    assert model.model_[0].weight.dtype == np.float32
    assert model.score(x, y) > 0.98


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")
def test_logistic_is_scikit_learns_name_of_the_sigmoid(rng):
    x = rng.standard_normal((30, 3))
    y = (x[:, 0] > 0).astype(int)
    settings = {**QUICK, "max_iter": 5, "random_state": 0}
    theirs = MLPClassifier(activation="logistic", **settings).fit(x, y)
    ours = MLPClassifier(activation="sigmoid", **settings).fit(x, y)
    assert isinstance(theirs.model_[1], nn.Sigmoid)
    np.testing.assert_array_equal(theirs.predict_proba(x), ours.predict_proba(x))
    assert clone(theirs).activation == "logistic"


X = np.arange(12.0).reshape(6, 2) / 10
LABELS = np.array([0, 1, 0, 1, 0, 1])


@pytest.mark.parametrize(
    ("settings", "text"),
    [
        ({"activation": "rleu"}, "MLPClassifier: unknown activation 'rleu': did you mean 'relu'?"),
        (
            {"activation": "logistics"},
            "MLPClassifier: unknown activation 'logistics': did you mean 'logistic'?",
        ),
        (
            {"solver": "lbfgs"},
            "MLPClassifier: unknown solver 'lbfgs': known: adam, sgd",
        ),
        (
            {"hidden_layer_sizes": "64"},
            "MLPClassifier: hidden_layer_sizes is '64'; give the widths, such as (64, 32)",
        ),
        (
            {"hidden_layer_sizes": (8, 0)},
            "MLPClassifier: hidden_layer_sizes wants whole numbers of at least 1; got 0",
        ),
        ({"batch_size": 1.5}, "MLPClassifier: batch_size wants whole numbers of at least 1; got 1"),
        (
            {"learning_rate_init": 0},
            "MLPClassifier: learning_rate_init must be a number above 0; got 0",
        ),
        ({"alpha": -1}, "MLPClassifier: alpha must be a number of at least 0; got -1"),
        (
            {"validation_fraction": 1.0},
            "MLPClassifier: validation_fraction must be a number above 0 and below 1; got 1.0",
        ),
        (
            {"random_state": "a"},
            "random_state is None, a whole number, a numpy.random.Generator or a RandomState; got",
        ),
        (
            {"early_stopping": True},
            "MLPClassifier: early_stopping=True holds out validation_fraction=0.1 of the 6 rows",
        ),
    ],
)
def test_parameters_that_make_no_sense(settings, text, message):
    call = lambda: MLPClassifier(**settings).fit(X, LABELS)  # noqa: E731
    assert message(ValueError, call).startswith(text)


def test_bad_labels_and_weights(message):
    model = MLPClassifier()
    assert message(ValueError, lambda: model.fit(X, ["a"] * 6)) == (
        "MLPClassifier: at least two classes are needed to tell apart; y has only one class: "
        "np.str_('a')"
    )
    assert message(ValueError, lambda: model.fit(X, LABELS, np.zeros(6))) == (
        "MLPClassifier: every sample weight is zero: no row counts"
    )
    model = MLPClassifier().partial_fit(X, LABELS, classes=[0, 1])
    assert message(ValueError, lambda: model.partial_fit(X, LABELS + 1)) == (
        "MLPClassifier: y has labels that are not among the classes [0 1]: [2]"
    )
    assert message(ValueError, lambda: model.partial_fit(X, LABELS, classes=[0, 1, 2])) == (
        "MLPClassifier: the first partial_fit was given the classes [0 1], now they are [0 1 2]; "
        "give the same, or none"
    )
    numbers = MLPRegressor().partial_fit(X, X)
    assert message(ValueError, lambda: numbers.partial_fit(X, LABELS)) == (
        "MLPRegressor: y has 1 columns; the first partial_fit had 2"
    )


def test_not_fitted_diverged_and_not_yet_converged(message):
    with pytest.raises(NotFittedError):
        MLPClassifier().predict(X)
    model = MLPRegressor(
        activation="identity", solver="sgd", learning_rate_init=10.0, random_state=0
    )
    text = message(ValueError, lambda: model.fit(X * 1e6, LABELS * 1e6))
    assert text.startswith("MLPRegressor: the loss became ")
    assert text.endswith(
        "Standardise the columns (sklearn.preprocessing.StandardScaler), or give a "
        "learning_rate_init smaller than 10"
    )
    with pytest.warns(ConvergenceWarning) as caught:
        MLPClassifier(max_iter=2).fit(X, LABELS)
    assert str(caught[0].message) == (
        "MLPClassifier: the loss was still falling after max_iter=2 passes over the rows. Give "
        "more, or a larger learning_rate_init"
    )
