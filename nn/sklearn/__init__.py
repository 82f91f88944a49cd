"""Multi-layer perceptrons as scikit-learn estimators; needs the extra ``data``.

Loaded by ``import nn.sklearn``, never by ``import nn``.

=================  =====================================================================
``estimator``      what both have in common: the parameters, `fit`, `partial_fit`
``training``       the loop: mini-batches with weights, when to stop
``classifier``     MLPClassifier
``regressor``      MLPRegressor
=================  =====================================================================

Examples
--------
>>> import numpy as np, nn.sklearn
>>> x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
>>> model = nn.sklearn.MLPClassifier((8,), "tanh", learning_rate_init=0.1, random_state=0)
>>> model.fit(x, ["same", "different", "different", "same"]).predict(x)
array(['same', 'different', 'different', 'same'], dtype='<U9')
"""

from .classifier import MLPClassifier
from .regressor import MLPRegressor

__all__ = ["MLPClassifier", "MLPRegressor"]
