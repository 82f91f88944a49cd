"""MLPClassifier: a multi-layer perceptron with softmax and cross-entropy."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from ..losses import cross_entropy
from .estimator import Perceptron, base, validation
from .training import Rows

multiclass = ag.require_extra("sklearn.utils.multiclass", extra="data")

Array = NDArray[Any]


class MLPClassifier(base.ClassifierMixin, Perceptron):  # type: ignore[misc]
    """A multi-layer perceptron that tells classes apart, as a scikit-learn estimator.

    Parameters
    ----------
    hidden_layer_sizes : int or sequence of int, default (100,)
        Width of each hidden layer.
    activation : str, default "relu"
        Between the layers, by its name in `nn`; "logistic", scikit-learn's name, is "sigmoid".
    solver : {"adam", "sgd"}, default "adam"
        SGD has a momentum of 0.9.
    alpha : float, default 0.0001
        Weight decay: alpha/2 times the sum of the squared weights, without the biases, over the
        rows of a batch is added to its mean loss, as scikit-learn does.
    batch_size : int or "auto", default "auto"
        Rows in a batch; "auto" is 200. At most all.
    learning_rate_init : float, default 0.001
    max_iter : int, default 200
        The most passes over the rows.
    shuffle : bool, default True
        A new order of the rows for every pass.
    random_state : int, Generator, RandomState or None
        Where weights and order come from. With None they differ from run to run.
    tol : float, default 0.0001
        How much better counts as better, when `fit` looks whether to stop.
    early_stopping : bool, default False
        Hold out some rows, stop when these are no longer predicted better, and keep the best
        weights. Without it the training loss decides.
    validation_fraction : float, default 0.1
        The share of the rows held out.
    n_iter_no_change : int, default 10
        Stop after so many passes without anything better.

    Attributes
    ----------
    classes_ : ndarray
        The labels, in the order of the columns of `predict_proba`.
    model_ : nn.MLP
        The network; it gives logits.
    loss_curve_ : list of float
        The mean loss of each pass. `loss_` is the last, `n_iter_` how many there are.
    best_loss_, best_validation_score_ : float or None
        The least of these without `early_stopping`, the largest of the following with it.
    validation_scores_ : list of float or None
        With `early_stopping`: the accuracy on the rows held out.
    coefs_, intercepts_ : list of ndarray
        Weights of shape (inputs, outputs) and biases. `n_layers_` is one more: the inputs count.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where X was a data frame.

    Notes
    -----
    Rows weighted by whole numbers count as rows repeated, exactly where a batch holds all rows.

    Examples
    --------
    >>> from sklearn.datasets import load_iris
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> import nn.sklearn
    >>> x, y = load_iris(return_X_y=True)
    >>> network = nn.sklearn.MLPClassifier((16,), learning_rate_init=0.02, random_state=0)
    >>> model = make_pipeline(StandardScaler(), network).fit(x, y)
    >>> bool(model.score(x, y) > 0.95)
    True
    """

    def partial_fit(
        self,
        X: Any,
        y: Any,
        classes: Any = None,
        sample_weight: Any = None,
    ) -> Self:
        """One more pass of training, over these rows.

        Parameters
        ----------
        X : array_like of shape (rows, columns)
        y : array_like of shape (rows,)
        classes : array_like
            All the labels there will be; wanted by the first call.
        sample_weight : array_like of shape (rows,), optional
        """
        return self._partial_fit(X, y, classes, sample_weight)

    def predict_proba(self, X: Any) -> Array:
        """The probability of each class, in the order of `classes_`."""
        out: Array = ag.softmax(self._outputs(X), axis=1)
        return out

    def predict_log_proba(self, X: Any) -> Array:
        """The logarithm of `predict_proba`, without underflow."""
        out: Array = ag.log_softmax(self._outputs(X), axis=1)
        return out

    def predict(self, X: Any) -> Array:
        """The most probable class of each row."""
        best = self._outputs(X).argmax(axis=1)
        labels: Array = self.classes_[best]
        return labels

    def _targets(self, y: Any, classes: Any, first: bool) -> tuple[Array, int]:
        y = validation.column_or_1d(y, warn=True)
        multiclass.check_classification_targets(y)
        if first:
            self.classes_ = np.unique(y if classes is None else np.asarray(classes))
            if len(self.classes_) < 2:
                raise ValueError(
                    "MLPClassifier: at least two classes are needed to tell apart; y has only one "
                    f"class: {self.classes_[0]!r}"
                )
        elif classes is not None and not np.array_equal(np.unique(classes), self.classes_):
            raise ValueError(
                f"MLPClassifier: the first partial_fit was given the classes {self.classes_}, now "
                f"they are {np.unique(classes)}; give the same, or none"
            )
        unknown = np.setdiff1d(y, self.classes_)
        if len(unknown):
            raise ValueError(
                f"MLPClassifier: y has labels that are not among the classes {self.classes_}: "
                f"{unknown}"
            )
        return np.searchsorted(self.classes_, y), len(self.classes_)

    def _losses(self, outputs: Any, targets: Any) -> Any:
        return cross_entropy(outputs, targets, reduction="none")

    def _validation_score(self, rows: Rows) -> float:
        with ag.no_grad():
            right = self.model_(rows.x).data.argmax(axis=1) == rows.targets
        return float(np.average(right, weights=rows.weights if rows.weights.any() else None))
