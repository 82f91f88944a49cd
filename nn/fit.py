"""`fit`: the training loop, with validation, early stopping, checkpoints and safe endings."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import DTypeLike

from .checkpoint import Checkpoints
from .data import Loader
from .early_stopping import EarlyStopping, Monitor, watched
from .errors import CheckpointError, check_generator, check_whole, suggestion
from .evaluate import Loss, Metric, check_loss, refuse_text
from .history import CLOCK, History
from .judge import Judge, Rows, pair
from .losses import binary_cross_entropy_with_logits, cross_entropy
from .metrics import accuracy
from .module import Module
from .optim import ExponentialMovingAverage, Optimizer
from .progress import ProgressBar, progress_bar
from .resume import Keeper
from .schedules import ReduceOnPlateau, Schedule
from .training import Steps, Training
from .update import Update, check_optimizer

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
    monitor: str | tuple[str, str] = "validation_loss",
    schedule: Schedule | ReduceOnPlateau | None = None,
    schedule_every: str = "epoch",
    clip: float | None = None,
    accumulate: int = 1,
    average: float | ExponentialMovingAverage | None = None,
    keep_average: bool = True,
    on_step: Iterable[Callback] = (),
    checkpoint: str | Path | None = None,
    checkpoint_every: int | None = None,
    resume: bool = False,
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
        Measured on the validation rows. Default: accuracy, where the loss is a cross-entropy and
        each row has one label.
    callbacks : iterable of functions
        Each is called with a `Training` after every epoch.
    patience : int, optional
        Stop early after so many epochs without improvement of `monitor`; at the end, early or
        not, the weights of the best epoch are restored.
    monitor : str or (str, "min" or "max"), default "validation_loss"
        What early stopping watches. nn's own losses, errors and perplexity are best when small,
        its other metrics when large, whatever they are called here. A function of your own is best
        when small if its attribute `lower_is_better` is true, or its name ends in "loss" or
        "error"; else when large. ("validation_mae", "min") says it here, and decides.
    schedule : Schedule, optional
        Moves the learning rate; over the same optimizer. A `ReduceOnPlateau` looks at `monitor`
        after every epoch, or without validation rows at the training loss.
    schedule_every : "epoch" or "step", default "epoch"
        When a schedule goes on; a step is a change of the weights.
    clip : float, optional
        Largest norm of all gradients together; larger ones are scaled down to it.
    accumulate : int, default 1
        So many batches make one change of the weights, by the mean gradient over all their rows:
        as large batches would, in the memory of small ones. Exactly as they would where the loss is
        the plain mean over the rows. A loss with `weights` or `ignore_index` divides by what counts
        in each batch, so there the batches weigh by their rows; batch normalisation sees each small
        batch for itself.
    average : float or ExponentialMovingAverage, optional
        Keeps a running average of the weights (a number is its decay). Validation judges it.
    keep_average : bool, default True
        Whether the model ends with the average, or with the weights that training left.
    on_step : iterable of functions
        Each is called with a `Training` after every batch.
    checkpoint : str or Path, optional
        A folder for the run's whole state, written after every epoch.
    checkpoint_every : int, optional
        Write it after so many batches instead, and at the end.
    resume : bool, default False
        Go on from the folder's newest checkpoint, if there is one. The weights at the end are bit
        for bit those of a run that was never interrupted, if the script builds the same parts from
        the same seeds. Generators in the model and the loader are put back; one that a callback,
        the loss or a collate function keeps for itself is not.
    progress : bool, default True
        Whether to show a progress bar, and to say at the end why training stopped early. False:
        nothing is printed; the history tells.

    Returns
    -------
    History
        Its `stopped` says why training ended early, if it did. Ctrl-C ends training too, and
        keeps the weights and the history so far; with `patience`, the best epoch's weights.

    Raises
    ------
    NonFiniteLoss
        The loss became NaN or infinite. The message names the step and the layer where it began;
        the model is back at the last good weights; the exception holds the history.
    ValueError, TypeError
        The arguments do not fit together: the optimizer holds none of the model's parameters,
        metrics without validation rows, a function where a list of them belongs.
    StateDictError
        The checkpoint is of another model or of other settings.
    CheckpointError
        The folder holds checkpoints, and `resume` was not asked for.

    Warns
    -----
    CheckpointWarning
        A checkpoint could not be written (training goes on), or the newest is damaged (the one
        before is taken).

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
    check_loss("fit", loss)
    check_optimizer("fit", model, optimizer)
    check_generator("fit", rng)
    _check_functions(metrics, callbacks, on_step)
    if metrics and validation is None:
        raise ValueError("fit: metrics are measured on the validation rows; give validation=")
    dtype = next((p.dtype for p in model.parameters()), np.dtype(np.float32))
    loader = _loader(train, batch_size, rng, dtype)
    if metrics is None:
        classifies = loss in (cross_entropy, binary_cross_entropy_with_logits)
        metrics = {"accuracy": accuracy} if classifies and _one_label_a_row(validation) else {}
    judge = None if validation is None else Judge(validation, loss, metrics, dtype)
    watching = watched(monitor, metrics)
    column, stopping = watching.column, None
    if patience is not None:
        stopping = EarlyStopping(model, patience, watching, judge.columns if judge else [])
    if isinstance(schedule, ReduceOnPlateau) and judge and column not in judge.columns:
        raise ValueError(f"fit: unknown monitor {column!r}: {suggestion(column, judge.columns)}")
    if isinstance(average, float | int):
        average = ExponentialMovingAverage(model, average)
    update = Update(
        optimizer,
        schedule=schedule,
        schedule_every=schedule_every,
        clip=clip,
        accumulate=accumulate,
        average=average,
    )
    training = Training(model, optimizer, epochs)
    run = _Run(training, Steps(training, loader, loss, update), judge, stopping, watching)
    run.callbacks = list(callbacks)
    run.keep_average = keep_average
    run.steps.hooks += [partial(hook, training) for hook in on_step]
    if checkpoint is not None:
        run.keep_checkpoints(Checkpoints(checkpoint), checkpoint_every, resume=resume)
    elif resume or checkpoint_every is not None:
        raise ValueError("fit: resume and checkpoint_every need a folder: give checkpoint=")
    modes = [(module, module.training) for module in model.modules()]
    steps = None if loader.batches is None else epochs * loader.batches - training.step
    with progress_bar(steps, shown=progress) as bar:
        try:
            run.run(bar)
        except KeyboardInterrupt:
            kept = "the weights and the history so far are kept"
            if stopping is not None and stopping.epoch:
                stopping.restore(training)
                kept = f"the weights of epoch {stopping.epoch}, the best so far, are restored"
            training.history.stopped = (
                f"interrupted in epoch {training.epoch} of {epochs}, after step {training.step}; "
                f"{kept}"
            )
        finally:
            for module, mode in modes:
                module.training = mode
    if progress and training.history.stopped:
        print(f"fit: {training.history.stopped}", file=sys.stderr)
    return training.history


class _Run:
    """Every epoch, until the last or until something stops them."""

    def __init__(
        self,
        training: Training,
        steps: Steps,
        judge: Judge | None,
        stopping: EarlyStopping | None,
        monitor: Monitor,
    ) -> None:
        self.training = training
        self.steps = steps
        self.judge = judge
        self.stopping = stopping
        self.monitor = monitor if judge else Monitor("loss", smaller_is_better=True)
        self.callbacks: list[Callback] = []
        self.keep_average = True
        self.keeper: Keeper | None = None
        self.within_epoch = False

    def keep_checkpoints(
        self, checkpoints: Checkpoints, every: int | None, *, resume: bool
    ) -> None:
        """Write checkpoints from now on; first go back to the newest, if wished."""
        if every is not None:
            check_whole("fit", "checkpoint_every", every)
        there = checkpoints.files()
        if there and not resume:
            raise CheckpointError(
                f"fit: {checkpoints.folder} holds checkpoints of an earlier run, the newest "
                f"{there[-1].name}. Pass resume=True to go on with it, give another folder, or "
                "delete them"
            )
        plateau = isinstance(self.steps.update.schedule, ReduceOnPlateau)
        monitor = self.monitor if self.stopping is not None or plateau else None
        self.keeper = Keeper(
            checkpoints, self.training, self.steps, self.stopping, every, self.judge, monitor
        )
        if resume:
            self.within_epoch = self.keeper.resume()
        self.steps.hooks.append(self.keeper.after_step)

    def run(self, bar: ProgressBar) -> None:
        """Train."""
        training, stopping, average = self.training, self.stopping, self.steps.update.average
        first = training.epoch + (0 if self.within_epoch else 1)
        for epoch in range(first, training.epochs + 1):
            if training.history.stopped:
                break
            training.epoch = epoch
            self._epoch(bar)
        if average is not None and self.keep_average:
            average.copy_to_model()
        if stopping is not None:
            stopping.restore(training)

    def _epoch(self, bar: ProgressBar) -> None:
        """One pass over the training rows, judged and written down."""
        training, steps, update = self.training, self.steps, self.steps.update
        bar.begin_epoch(f"epoch {training.epoch}/{training.epochs}")
        training.model.train()
        if self.within_epoch:
            self.within_epoch = False
        else:
            update.begin_epoch(training.epoch)
        row: dict[str, float] = {"epoch": training.epoch, "loss": steps.run(bar)}
        average = update.average
        with nullcontext() if average is None else average.applied():
            if self.judge is not None:
                row |= self.judge.measure(training.model)
            row["seconds"] = steps.seconds()
            training.history.add(**row)
            if self.stopping is not None and self.keep_average:
                self.stopping.look(training)
        if self.stopping is not None and not self.keep_average:
            self.stopping.look(training)
        update.end_epoch(row[self.monitor.column])
        for callback in self.callbacks:
            callback(training)
        if self.keeper is not None:
            last = training.epoch == training.epochs or bool(training.history.stopped)
            self.keeper.after_epoch(last=last)
        hidden = CLOCK if len(row) <= 4 else (*CLOCK, "validation_loss")
        bar.show(", ".join(_show(name, value) for name, value in row.items() if name not in hidden))


def _check_functions(metrics: object, callbacks: object, on_step: object) -> None:
    """Refuse what is not a mapping of metrics, or not a list of functions."""
    if metrics is not None and not isinstance(metrics, Mapping):
        raise TypeError(
            "fit: metrics must be a dict of name and function, such as "
            f'{{"f1": nn.f1_score}}; got {type(metrics).__name__}'
        )
    for name, functions in (("callbacks", callbacks), ("on_step", on_step)):
        if not isinstance(functions, Iterable):
            raise TypeError(
                f"fit: {name} must be a list of functions, such as {name}=[f]; "
                f"got {type(functions).__name__}"
            )


def _one_label_a_row(validation: Rows | None) -> bool:
    """Not so for soft labels, several yes-or-no answers, or a class for every pixel."""
    if not isinstance(validation, tuple | list) or len(validation) != 2:
        return True  # what is wrong with it is said elsewhere
    targets = np.asarray(validation[1])
    if targets.dtype.kind == "f" and (targets != np.floor(targets)).any():
        return False
    return targets.ndim > 0 and targets.size == len(targets)


def _show(name: str, value: float) -> str:
    text = f"{100 * value:.1f} %" if name.endswith("accuracy") else f"{value:.4f}"
    return f"{name.replace('_', ' ')} {text}"


def _loader(
    train: Loader | Rows, batch_size: int, rng: np.random.Generator | None, dtype: DTypeLike
) -> Loader:
    """The one that was given, or one of rows."""
    if isinstance(train, Loader):
        loader = train
    else:
        inputs, targets = pair("train", train)
        loader = Loader(inputs, targets, batch_size=batch_size, shuffle=True, rng=rng, dtype=dtype)
    # A function of one's own may make numbers of text.
    for array in loader.arrays[:-1] if loader.collate is None else ():
        refuse_text("fit", array)
    return loader
