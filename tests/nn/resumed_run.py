"""A training run with everything that has a state; as a program it can be told when to die.

    python -m tests.nn.resumed_run FOLDER OUT [step|write|sleep N]

`step N` kills the process after step N, `write N` in the middle of writing its Nth file,
`sleep N` sleeps N ms after every step, to be killed by somebody else.
"""

import itertools
import os
import signal
import sys
import time
from pathlib import Path

import numpy as np

import nn


def die():
    """No clean-up of any kind."""
    os.kill(os.getpid(), signal.SIGKILL)


def train(folder, *, on_step=(), epochs=4, **changes):
    """Train; the model and the history."""
    rng = np.random.default_rng(5)
    x = rng.standard_normal((90, 4))
    y = (x[:, 0] * x[:, 1] > 0).astype(int)
    shared = np.random.default_rng(6)
    model = nn.Sequential(
        nn.Linear(4, 8, rng=rng),
        nn.BatchNorm1d(8),
        nn.ReLU(),
        # The loader's own generator: the order and the zeros draw from it in turn.
        nn.Dropout(0.3, rng=shared),
        nn.Linear(8, 2, rng=rng),
        nn.Dropout(0.1, rng=np.random.Generator(np.random.MT19937(7))),
    )
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    settings = {
        "schedule": nn.schedules.Cosine(optimizer, steps=40),
        "schedule_every": "step",
        "clip": 0.5,
        "accumulate": 2,
        "average": 0.9,
        "patience": 3,
        "checkpoint_every": 3,
    }
    history = nn.fit(
        model,
        nn.Loader(x[:70], y[:70], batch_size=8, shuffle=True, rng=shared),
        loss=nn.cross_entropy,
        optimizer=optimizer,
        epochs=epochs,
        validation=(x[70:], y[70:]),
        on_step=on_step,
        checkpoint=folder,
        resume=folder is not None,
        progress=False,
        **(settings | changes | ({} if folder else {"checkpoint_every": None})),
    )
    return model, history


def result(model, history):
    """Everything that must be the same, as arrays."""
    columns = [name for name in history.columns if name != "seconds"]
    return model.state_dict() | {
        "history": np.array([[row[name] for name in columns] for row in history.rows]),
        "step losses": np.array(history.step_losses),
        "best epoch": np.array(history.best_epoch or 0),
    }


def main(folder, out, moment="", number="0"):
    """Train, die if told to, write the result."""
    steps = []
    if moment == "step":
        steps = [lambda training: die() if training.step == int(number) else None]
    if moment == "sleep":
        steps = [lambda _: time.sleep(int(number) / 1000)]
    if moment == "write":
        count, fsync = itertools.count(1), os.fsync

        def dying_fsync(file):
            if next(count) == int(number):
                die()
            fsync(file)

        os.fsync = dying_fsync
    nn.save(result(*train(folder, on_step=steps)), Path(out))


if __name__ == "__main__":
    main(*sys.argv[1:])
