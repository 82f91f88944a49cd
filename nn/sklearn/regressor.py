"""MLPRegressor: a multi-layer perceptron with the squared error."""

from __future__ import annotations

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

import autograd_core as ag

from .estimator import Perceptron, base
from .training import Rows

Array = NDArray[Any]


class MLPRegressor(base.MultiOutputMixin, base.RegressorMixin, Perceptron):  # type: ignore[misc]
    """A multi-layer perceptron that predicts numbers, as a scikit-learn estimator.

    Parameters
    ----------
    hidden_layer_sizes, activation, solver, alpha, batch_size, learning_rate_init, max_iter, \
shuffle, random_state, tol, early_stopping, validation_fraction, n_iter_no_change
        As those of `MLPClassifier`.

    Attributes
    ----------
    n_outputs_ : int
        How many numbers it predicts for each row.
    model_ : nn.MLP
    loss_curve_ : list of float
        Half the mean squared error of each pass. `loss_` is the last, `n_iter_` how many there are.
    best_loss_, best_validation_score_ : float or None
        The least of these without `early_stopping`, the largest of the following with it.
    validation_scores_ : list of float or None
        With `early_stopping`: minus the mean squared error on the rows held out.
    coefs_, intercepts_ : list of ndarray
        Weights of shape (inputs, outputs) and biases. `n_layers_` is one more: the inputs count.
    n_features_in_ : int
    feature_names_in_ : ndarray of str
        Where X was a data frame.

    Notes
    -----
    The targets are taken as they are: where they are far from 0 or large, standardise them too
    (`sklearn.compose.TransformedTargetRegressor`).

    Examples
    --------
    >>> import numpy as np, nn.sklearn
    >>> x = np.linspace(-1, 1, 50)[:, None]
    >>> model = nn.sklearn.MLPRegressor(
    ...     (16,), "tanh", learning_rate_init=0.02, max_iter=1000, tol=1e-6, random_state=0
    ... )
    >>> bool(model.fit(x, x[:, 0] ** 2).score(x, x[:, 0] ** 2) > 0.9)
    True
    """

    def partial_fit(self, X: Any, y: Any, sample_weight: Any = None) -> Self:
        """One more pass of training, over these rows.

        Parameters
        ----------
        X : array_like of shape (rows, columns)
        y : array_like of shape (rows,) or (rows, outputs)
        sample_weight : array_like of shape (rows,), optional
        """
        return self._partial_fit(X, y, None, sample_weight)

    def predict(self, X: Any) -> Array:
        """The numbers predicted for each row; one axis where `fit` was given one."""
        out = self._outputs(X)
        return out[:, 0] if self._one_axis else out

    def _targets(self, y: Any, classes: Any, first: bool) -> tuple[Array, int]:  # noqa: ARG002
        targets: Array = np.asarray(y, dtype=np.float64)
        width = 1 if targets.ndim == 1 else targets.shape[1]
        if first:
            self.n_outputs_ = width
            self._one_axis = targets.ndim == 1
        elif width != self.n_outputs_:
            raise ValueError(
                f"MLPRegressor: y has {width} columns; the first partial_fit had {self.n_outputs_}"
            )
        return targets.reshape(len(targets), width), width

    def _losses(self, outputs: Any, targets: Any) -> Any:
        return ((outputs - targets) ** 2).mean(axis=1) * 0.5

    def _validation_score(self, rows: Rows) -> float:
        with ag.no_grad():
            errors = ((self.model_(rows.x).data - rows.targets) ** 2).mean(axis=1)
        return -float(np.average(errors, weights=rows.weights if rows.weights.any() else None))
