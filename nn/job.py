"""The job of `python -m nn train`: from a data set to a tested model, its pictures and weights."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

import autograd_core as ag
from autograd_core import Tensor

from . import datasets, report
from .data import Standardizer
from .datasets import Dataset
from .evaluate import predict
from .fit import fit
from .history import History
from .layers import MLP
from .losses import cross_entropy
from .metrics import accuracy, confusion_matrix
from .model_file import save_model
from .optim import SGD

# What `python -m nn summary` knows such a model by.
KIND = "images"
VERSION = 1
# The files of a run.
WRITTEN = (
    "learning_curves.png",
    "misclassified.png",
    "expression.svg",
    "mlp_step.svg",
    "model.json",
    "weights.safetensors",
)


def load_dataset(options: Namespace) -> Dataset:
    """The data set that `options.source` names."""
    sources: dict[str, Callable[[], Dataset]] = {
        "digits": datasets.digits,
        "mnist": lambda: datasets.mnist(options.data),
    }
    return sources[options.source]()


def run(options: Namespace) -> float:
    """Train as the options say, test once, write everything into `options.out`.

    The test rows are looked at once, at the end; what is standardised is measured on the training
    rows; the epoch whose weights are kept is chosen on the validation rows.

    Returns
    -------
    float
        Accuracy on the test rows.
    """
    options.out.mkdir(parents=True, exist_ok=True)
    dataset = load_dataset(options)
    # Independent streams, so that changing one use of randomness leaves the others alone.
    split_rng, weights_rng, order_rng = np.random.default_rng(options.seed).spawn(3)
    (x, y), (x_validation, y_validation), (x_test, y_test) = dataset.split(split_rng)
    # One mean and scale for all pixels: a pixel that is almost always blank is not blown up.
    standardize = Standardizer.fit(x, per_column=False)
    model = MLP(x.shape[1], options.hidden, dataset.classes, options.activation, rng=weights_rng)
    widths = "-".join(map(str, [x.shape[1], *options.hidden, dataset.classes]))
    count = sum(parameter.size for parameter in model.parameters())
    print(f"{dataset.name}: {dataset.note}")
    print(
        f"{len(y)} images for training, {len(y_validation)} for validation, {len(y_test)} for test;"
        " pixels standardised by the training images"
    )
    print(f"MLP {widths}, {options.activation}, {count:,} parameters; seed {options.seed}")
    history = fit(
        model,
        (standardize(x), y),
        loss=cross_entropy,
        optimizer=SGD(
            model.parameters(),
            lr=options.lr,
            momentum=options.momentum,
            weight_decay=options.weight_decay,
        ),
        epochs=options.epochs,
        batch_size=options.batch,
        rng=order_rng,
        validation=(standardize(x_validation), y_validation),
        metrics={"accuracy": accuracy},
        patience=options.patience or max(options.epochs, 1),
        progress=options.progress,
    )
    if history.stopped and not options.progress:
        print(f"fit: {history.stopped}", file=sys.stderr)  # with a bar, fit has said so
    outputs = predict(model, standardize(x_test).astype(np.float32))
    matrix = confusion_matrix(y_test, outputs.argmax(axis=1), dataset.classes)
    right = float(np.trace(matrix) / matrix.sum())
    print(_epochs(history))
    print(f"\n{report.confusion_text(matrix)}\n")
    print(f"test accuracy: {100 * right:.2f} % of {len(y_test)} images never trained on\n")
    _write(options, dataset, model, standardize, history, (x_test, y_test, outputs), right)
    return right


def _epochs(history: History) -> str:
    epochs = f"{len(history)} epochs in {sum(row['seconds'] for row in history.rows):.1f} s"
    if history.best_epoch is None:
        return f"{epochs}; weights as training left them"
    best = history.rows[history.best_epoch - 1]["validation_accuracy"]
    return (
        f"{epochs}; weights of epoch {history.best_epoch}, whose validation loss was lowest "
        f"(validation accuracy {100 * best:.2f} %)"
    )


def _write(
    options: Namespace,
    dataset: Dataset,
    model: MLP,
    standardize: Standardizer,
    history: History,
    tested: tuple[Any, Any, Any],
    right: float,
) -> None:
    """Save the pictures and the weights, and say where they are."""
    out: Path = options.out
    x_test, y_test, outputs = tested
    report.learning_curves(history, out / "learning_curves.png")
    images = x_test.reshape(-1, *dataset.image_shape)
    wrong = report.misclassified(images, y_test, outputs, out / "misclassified.png")
    draw_expression(out / "expression.svg")
    draw_step(out / "mlp_step.svg")
    _save(options, dataset, model, standardize, history, len(y_test), right)
    print("wrote")
    for name, what in (
        ("learning_curves.png", "loss and accuracy, epoch by epoch"),
        ("misclassified.png", f"the {wrong} test images it got wrong, surest mistakes first"),
        ("expression.svg", "the graph of tanh(x*w + b), with every value and gradient"),
        ("mlp_step.svg", "the graph of one training step of a small MLP"),
        ("model.json", "what the model is; nn.load_model and `summary` read it"),
        ("weights.safetensors", "the trained weights; nn.load reads them"),
    ):
        print(f"  {out / name!s:<32} {what}")


def _save(
    options: Namespace,
    dataset: Dataset,
    model: MLP,
    standardize: Standardizer,
    history: History,
    tested: int,
    right: float,
) -> None:
    """Keep the model: the weights, and beside them what it is and how good it was."""
    mean, scale = float(standardize.mean), float(standardize.scale)
    texts = {
        "data": dataset.name,
        "hidden": json.dumps(options.hidden),
        "activation": options.activation,
        "mean": repr(mean),
        "scale": repr(scale),
        "seed": str(options.seed),
        "test_accuracy": f"{right:.4f}",
    }
    metadata = {
        "kind": KIND,
        "version": VERSION,
        "data": dataset.name,
        "image_shape": list(dataset.image_shape),
        "classes": [str(label) for label in range(dataset.classes)],
        "mean": mean,
        "scale": scale,
        "run": {
            "steps": f"SGD, learning rate {options.lr:g}, momentum {options.momentum:g}, weight "
            f"decay {options.weight_decay:g}, batches of {options.batch}, seed {options.seed}",
            "epochs": _epochs(history),
        },
        "test": {"rows": tested, "accuracy": right},
    }
    save_model(model, options.out, metadata=metadata, weights_metadata=texts)


def draw_expression(path: Path) -> None:
    """Draw the graph of one neuron, tanh(x*w + b), with its gradients."""
    x, w, b = Tensor(2.0, name="x"), Tensor(-3.0, name="w"), Tensor(6.88, name="b")
    ag.draw(np.tanh(x * w + b)).save(path)


def draw_step(path: Path) -> None:
    """Draw the graph of one MLP training step: two rows through 2-3-1, and the loss."""
    rng = np.random.default_rng(0)
    model = MLP(2, [3], 1, activation="tanh", rng=rng)
    inputs = np.array([[0.0, 1.0], [1.0, 1.0]], np.float32)
    targets = np.array([[1.0], [0.0]], np.float32)
    loss = ag.squared_error(model(inputs), targets)
    names = {**dict(model.named_parameters()), "inputs": inputs, "targets": targets, "loss": loss}
    ag.draw(loss, names=names).save(path)
