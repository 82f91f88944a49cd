"""Which value of the watched column is the best, and that the weights kept are those of it."""

from functools import partial

import numpy as np
import pytest

import nn
from nn.early_stopping import smaller_is_better, watched

X = np.random.default_rng(0).standard_normal((60, 3)).astype(np.float32)
Y = X[:, :1] * 2 + 1


def distance(outputs, targets):
    return float(np.abs(outputs - targets).mean())


def marked(outputs, targets):
    return distance(outputs, targets)


marked.lower_is_better = True


def train(metric, monitor, patience=9):
    model = nn.Linear(3, 1, rng=np.random.default_rng(0))
    history = nn.fit(
        model,
        (X[:40], Y[:40]),
        loss=nn.mse_loss,
        optimizer=nn.Adam(model.parameters(), lr=0.05),
        epochs=8,
        rng=np.random.default_rng(0),
        validation=(X[40:], Y[40:]),
        metrics={"measure": metric},
        monitor=monitor,
        patience=patience,
        progress=False,
    )
    return model, history


@pytest.mark.parametrize(
    ("metric", "monitor", "best"),
    [
        (nn.mean_absolute_error, "validation_measure", min),
        (nn.root_mean_squared_error, "validation_measure", min),
        (partial(nn.mae_loss, reduction="mean"), "validation_measure", min),
        (partial(marked), "validation_measure", min),
        (marked, "validation_measure", min),
        (distance, ("validation_measure", "min"), min),
        (distance, ["validation_measure", "max"], max),
        (distance, "validation_measure", max),
        (nn.mean_absolute_error, ("validation_measure", "max"), max),
        (nn.r2_score, "validation_measure", max),
    ],
    ids=["mae", "rmse", "loss", "partial", "marked", "said", "said large", "unknown", "against",
         "r2"],
)  # fmt: skip
def test_the_weights_of_the_best_epoch_are_kept(metric, monitor, best):
    model, history = train(metric, monitor)
    column = list(history["validation_measure"])
    assert history.best_epoch == 1 + column.index(best(column))
    outputs = nn.predict(model, X[40:])
    assert nn.mean_absolute_error(outputs, Y[40:]) == pytest.approx(
        train(nn.mean_absolute_error, "validation_loss")[1]["validation_measure"][
            history.best_epoch - 1
        ]
    )


@pytest.mark.parametrize(
    ("metric", "name", "smaller"),
    [
        (nn.perplexity, "anything", True),
        (nn.accuracy, "no_loss", False),
        (partial(nn.top_k_accuracy, k=2), "error", False),
        (None, "validation_loss", True),
        (distance, "validation_error", True),
        (distance, "validation_score", False),
    ],
)
def test_the_direction_is_that_of_the_function_and_else_of_the_name(metric, name, smaller):
    assert smaller_is_better(metric, name) is smaller


@pytest.mark.parametrize("monitor", [("validation_loss",), ("validation_loss", "low"), 3, None])
def test_what_is_no_monitor_is_told_what_to_give(message, monitor):
    assert message(ValueError, lambda: watched(monitor, {})) == (
        "fit: monitor is a column of the history, or a column and which of its values is the best, "
        f'such as ("validation_error", "min"); got {monitor!r}'
    )
