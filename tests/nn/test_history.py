"""The record of a training run."""

import csv

import pytest

import nn


@pytest.fixture
def history():
    result = nn.History()
    result.add(epoch=1, loss=0.5, validation_loss=0.6, validation_accuracy=0.8, seconds=0.1)
    result.add(epoch=2, loss=0.25, validation_loss=0.5, validation_accuracy=0.9, seconds=0.1)
    return result


def test_columns_and_rows(history):
    assert len(history) == 2
    assert history.columns == [
        "epoch",
        "loss",
        "validation_loss",
        "validation_accuracy",
        "seconds",
    ]
    assert history["validation_accuracy"] == [0.8, 0.9]


def test_an_unknown_column_gets_a_suggestion(history):
    with pytest.raises(KeyError, match=r"nothing named 'val_loss': did you mean 'val"):
        history["val_loss"]


def test_repr_tells_the_last_epoch_and_why_it_ended(history):
    assert repr(nn.History()) == "History: 0 epochs"
    assert repr(history) == (
        "History: 2 epochs; last: loss 0.25, validation_loss 0.5, validation_accuracy 0.9"
    )
    history.stopped = "interrupted"
    history.rows.pop()
    assert repr(history) == (
        "History: 1 epoch; last: loss 0.5, validation_loss 0.6, validation_accuracy 0.8; "
        "interrupted"
    )


def test_to_csv(history, tmp_path):
    path = tmp_path / "history.csv"
    history.to_csv(path)
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["loss"] for row in rows] == ["0.5", "0.25"]


def test_to_dataframe(history):
    pytest.importorskip("pandas")
    frame = history.to_dataframe()
    assert frame.index.tolist() == [1, 2]
    assert frame["validation_accuracy"].tolist() == [0.8, 0.9]
    assert len(nn.History().to_dataframe()) == 0


def test_plot_draws_losses_and_metrics_apart(history):
    pyplot = pytest.importorskip("matplotlib.pyplot")
    history.best_epoch = 2
    losses, metrics = history.plot()
    assert [line.get_label() for line in losses.lines[:2]] == ["training loss", "validation loss"]
    assert metrics.lines[0].get_label() == "validation accuracy"
    assert list(metrics.lines[0].get_ydata()) == [0.8, 0.9]
    assert len(metrics.lines) == 2  # the second marks the best epoch
    pyplot.close("all")


def test_plot_of_an_empty_history_into_given_axes():
    figure = pytest.importorskip("matplotlib.figure").Figure()
    axes = figure.subplots(1, 2)
    assert nn.History().plot(axes) is axes
