"""`fit`: the training loop, with a progress bar, validation, early stopping and safe endings."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike

from .data import Loader
from .early_stopping import EarlyStopping
from .errors import check_whole
from .evaluate import Loss, Metric, evaluate
from .history import CLOCK, History
from .losses import binary_cross_entropy_with_logits, cross_entropy
from .metrics import accuracy
from .module import Module
from .optim import Optimizer
from .progress import ProgressBar, progress_bar
from .training import Steps, Training

Rows = tuple[ArrayLike, ArrayLike]


Callback = Callable[[Training], object]


def fit(
    model: Module,
    train: Loader | Rows,
    *,
    loss: Loss,
    optimizer: Optimizer,
    epochs: int,
    batch_size: int = 32,
    rng: np.random.Generator | None = None,
    validation: Rows | None = None,
    metrics: Mapping[str, Metric] | None = None,
    callbacks: Iterable[Callback] = (),
    patience: int | None = None,
    monitor: str = "validation_loss",
    progress: bool = True,
) -> History:
    """Train a model by mini-batch gradient descent.

    Parameters
    ----------
    model : Module
    train : (inputs, targets) or Loader
        Arrays are shuffled anew for each epoch; a Loader decides that itself.
    loss : function of (outputs, targets)
        Such as `nn.cross_entropy`.
    optimizer : Optimizer
        Over the parameters to train.
    epochs : int
        Passes over the training rows.
    batch_size : int, default 32
        Rows in a batch, where `train` is arrays.
    rng : numpy.random.Generator, optional
        Where the order of the rows comes from. Without it the run differs every time.
    validation : (inputs, targets), optional
        Rows to judge by after each epoch; never trained on.
    metrics : mapping of name to function of (outputs, targets), optional
        Measured on the validation rows. Default: accuracy, where the loss is a cross-entropy.
    callbacks : iterable of functions
        Each is called with a `Training` after every epoch.
    patience : int, optional
        Stop early after so many epochs without improvement of `monitor`; at the end, early or
        not, the weights of the best epoch are restored.
    monitor : str, default "validation_loss"
        What early stopping watches; a name ending in "loss" is best when small, others when large.
    progress : bool, default True
        Whether to show a progress bar.

    Returns
    -------
    History
        Ctrl-C ends training, keeps the weights and the history so far, and says so.

    Raises
    ------
    NonFiniteLoss
        The loss became NaN or infinite. The message names the step and the layer where it began;
        the model is back at the last good weights; the exception holds the history.
    ValueError
        The arguments do not fit together.

    Examples
    --------
    >>> import numpy as np, nn
    >>> rng = np.random.default_rng(0)
    >>> x = rng.standard_normal((200, 2))
    >>> y = (x[:, 0] * x[:, 1] > 0).astype(int)
    >>> model = nn.MLP(2, [16], 2, activation="tanh", rng=rng)
    >>> history = nn.fit(
    ...     model,
    ...     (x, y),
    ...     loss=nn.cross_entropy,
    ...     optimizer=nn.Adam(model.parameters(), lr=0.05),
    ...     epochs=20,
    ...     rng=rng,
    ...     progress=False,
    ... )
    >>> len(history), history["loss"][-1] < 0.2
    (20, True)
    """
    check_whole("fit", "epochs", epochs, least=0)
    dtype = next((p.dtype for p in model.parameters()), np.dtype(np.float32))
    loader = train if isinstance(train, Loader) else _loader(train, batch_size, rng, dtype)
    if metrics is None:
        classifies = loss in (cross_entropy, binary_cross_entropy_with_logits)
        metrics = {"accuracy": accuracy} if classifies else {}
    judge = None if validation is None else _Judge(validation, loss, metrics, dtype)
    stopping = None
    if patience is not None:
        stopping = EarlyStopping(model, patience, monitor, judge.columns if judge else [])
    training = Training(model, optimizer, epochs)
    modes = [(module, module.training) for module in model.modules()]
    with progress_bar(epochs * len(loader), shown=progress) as bar:
        try:
            _run(training, Steps(training, loader, loss), judge, stopping, list(callbacks), bar)
        except KeyboardInterrupt:
            training.history.stopped = (
                f"interrupted in epoch {training.epoch} of {epochs}, after step {training.step}; "
                "the weights and the history so far are kept"
            )
        finally:
            for module, mode in modes:
                module.training = mode
    if training.history.stopped:
        print(f"fit: {training.history.stopped}", file=sys.stderr)
    return training.history


def _run(
    training: Training,
    steps: Steps,
    judge: _Judge | None,
    stopping: EarlyStopping | None,
    callbacks: list[Callback],
    bar: ProgressBar,
) -> None:
    """Every epoch, until the last or until something stops them."""
    for epoch in range(1, training.epochs + 1):
        training.epoch = epoch
        _epoch(training, steps, judge, bar)
        if stopping is not None:
            stopping.look(training)
        for callback in callbacks:
            callback(training)
        if training.history.stopped:
            break
    if stopping is not None:
        stopping.restore(training)


def _epoch(training: Training, steps: Steps, judge: _Judge | None, bar: ProgressBar) -> None:
    """One pass over the training rows, judged and written down."""
    began = time.perf_counter()
    bar.begin_epoch(f"epoch {training.epoch}/{training.epochs}")
    training.model.train()
    row: dict[str, float] = {"epoch": training.epoch, "loss": steps.run(bar)}
    if judge is not None:
        row |= judge.measure(training.model)
    row["seconds"] = time.perf_counter() - began
    training.history.add(**row)
    hidden = CLOCK if len(row) <= 4 else (*CLOCK, "validation_loss")
    bar.show(", ".join(_show(name, value) for name, value in row.items() if name not in hidden))


def _show(name: str, value: float) -> str:
    text = f"{100 * value:.1f} %" if name.endswith("accuracy") else f"{value:.4f}"
    return f"{name.replace('_', ' ')} {text}"


def _loader(
    train: Rows, batch_size: int, rng: np.random.Generator | None, dtype: DTypeLike
) -> Loader:
    inputs, targets = _pair("train", train)
    return Loader(inputs, targets, batch_size=batch_size, shuffle=True, rng=rng, dtype=dtype)


def _pair(name: str, rows: Any) -> Rows:
    if not isinstance(rows, tuple | list) or len(rows) != 2:
        raise ValueError(f"fit: {name} must be (inputs, targets); got {type(rows).__name__}")
    return rows[0], rows[1]


class _Judge:
    """The validation rows and what is measured on them."""

    def __init__(
        self, rows: Rows, loss: Loss, metrics: Mapping[str, Metric], dtype: DTypeLike
    ) -> None:
        # A loader for its checks, and to cast once; the rows are judged all together.
        self.inputs, self.targets = Loader(*_pair("validation", rows), dtype=dtype).arrays
        self.loss = loss
        self.metrics = metrics
        self.columns = ["validation_loss", *(f"validation_{name}" for name in metrics)]

    def measure(self, model: Module) -> dict[str, float]:
        with np.errstate(all="ignore"):
            values = evaluate(
                model, self.inputs, self.targets, loss=self.loss, metrics=self.metrics
            )
        return {f"validation_{name}": value for name, value in values.items()}
