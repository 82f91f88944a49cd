"""The whole state of a training run, taken and put back: what decides every later bit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .checkpoint import Checkpoints
from .early_stopping import EarlyStopping, Monitor
from .errors import StateDictError
from .history import History
from .judge import Judge
from .random_state import generator_state, generators_in, set_generator_state
from .run_settings import differences, settings_of
from .training import Steps, Training


class Keeper:
    """Writes the run's checkpoints when they are due, and takes a run up again.

    Parameters
    ----------
    checkpoints : Checkpoints
    training, steps, stopping
        The parts of the run.
    every : int or None
        Steps between checkpoints; None: one after every epoch.
    judge : Judge or None
        The validation rows and what is measured on them.
    monitor : Monitor or None
        What early stopping watches, or a schedule.
    """

    def __init__(
        self,
        checkpoints: Checkpoints,
        training: Training,
        steps: Steps,
        stopping: EarlyStopping | None,
        every: int | None,
        judge: Judge | None,
        monitor: Monitor | None,
    ) -> None:
        self.checkpoints = checkpoints
        self.training = training
        self.steps = steps
        self.stopping = stopping
        self.every = every
        self.written = 0
        # Now, before a schedule or a callback moves the rate.
        self.settings = settings_of(training, steps, judge, monitor)

    def after_step(self) -> None:
        """Write one if it is due; not while gradients wait, which are not saved."""
        if self.every is None or self.steps.update.waiting:
            return
        if self.training.step - self.written >= self.every:
            self._write(within_epoch=True)

    def after_epoch(self, *, last: bool) -> None:
        """Write one if each epoch gets one, or none will come."""
        if self.every is None or last:
            self._write(within_epoch=False)

    def resume(self) -> bool:
        """Put the newest state back; whether it was taken within an epoch.

        Raises
        ------
        StateDictError
            It is of another model or of other settings; the message names the file.
        """
        state = self.checkpoints.newest()
        if state is None:
            return False
        self._check(state)
        try:
            self._put_back(state)
        except StateDictError as error:
            raise StateDictError(
                f"fit: the checkpoint {self.checkpoints.found} is of another run than this one. "
                f"{error}\nResume with the same model, data and settings, or use another folder"
            ) from error
        self.written = self.training.step
        return bool(state["training"]["within_epoch"])

    # --- the state ----------------------------------------------------------------------------

    def _write(self, *, within_epoch: bool) -> None:
        self.checkpoints.write(self.training.step, self._state(within_epoch))
        self.written = self.training.step

    def _parts(self) -> dict[str, Any]:
        """What the run is made of; a state fits only a run made of the same."""
        update = self.steps.update
        return {
            "optimizer": type(update.optimizer).__name__,
            "schedule": None if update.schedule is None else type(update.schedule).__name__,
            "schedule_every": "step" if update.each_step else "epoch",
            "average": update.average is not None,
            "accumulate": update.accumulate,
            "patience": self.stopping is not None,
        }

    def _check(self, state: Mapping[str, Any]) -> None:
        parts, arrays, mine = state["parts"], state["model"], self._parts()
        for name, value in mine.items():
            if parts.get(name) != value:
                raise StateDictError(
                    f"fit: the checkpoint {self.checkpoints.found} is of a run with "
                    f"{name}={parts.get(name)!r}; this one has {name}={value!r}. Resume with the "
                    "same settings, or use another folder"
                )
        # Checkpoints of earlier versions have no settings.
        then, rate = state.get("settings", {}), float(state["optimizer"]["lr"])
        if different := differences(then, self.settings, rate):
            listing = "".join(f"\n  {line}" for line in different)
            raise StateDictError(
                f"fit: the checkpoint {self.checkpoints.found} is of another run than this one:"
                f"{listing}\nResume with the same model, data and settings, or use another folder"
            )
        stopping = self.stopping
        if stopping is not None and "monitor" not in then:
            self._check_best(stopping, state)
        for name, array in self.training.model.state_dict().items():
            if name in arrays and arrays[name].dtype != array.dtype:
                raise StateDictError(
                    f"fit: the checkpoint {self.checkpoints.found} has {name!r} as "
                    f"{arrays[name].dtype}, the model has {array.dtype}"
                )

    def _check_best(self, stopping: EarlyStopping, state: Mapping[str, Any]) -> None:
        """Refuse a best epoch that is not the best by this monitor; the history tells."""
        rows, mine, kept = state["history"]["rows"], stopping.monitor, state["stopping"]
        best = float(kept["value"]), int(kept["epoch"])
        if mine.best_of(rows) == best:
            return
        others = [
            Monitor(column, smaller_is_better=smaller)
            for column in rows[-1]
            for smaller in (True, False)
            if column.startswith("validation_")
        ]
        found, advice = f"epoch {best[1]}", "Use another folder"
        if match := [other for other in others if other.best_of(rows) == best]:
            column, direction = match[0].column, "min" if match[0].smaller_is_better else "max"
            found += f", {match[0].best} {column},"
            advice = f"Resume with monitor=({column!r}, {direction!r}), or use another folder"
        raise StateDictError(
            f"fit: the checkpoint {self.checkpoints.found} keeps the weights of {found} as the "
            f"best; this run looks for {mine.best} {mine.column}. (Earlier versions took what did "
            f'not end in "loss" for best when large.) {advice}'
        )

    def _state(self, within_epoch: bool) -> dict[str, Any]:
        training, steps, update = self.training, self.steps, self.steps.update
        history = training.history
        return {
            "parts": self._parts(),
            "settings": self.settings,
            "model": training.model.state_dict(),
            "optimizer": update.optimizer.state_dict(),
            "schedule": None if update.schedule is None else update.schedule.state_dict(),
            "average": None if update.average is None else update.average.state_dict(),
            "loader": steps.loader.state_dict(),
            "generators": {
                name: generator_state(found)
                for name, found in generators_in(training.model).items()
            },
            "training": {
                "epoch": training.epoch,
                "step": training.step,
                "within_epoch": within_epoch,
                "updates": update.updates,
                "total": steps.total,
                "rows": steps.rows,
                "seconds": steps.seconds(),
            },
            "history": {
                "rows": history.rows,
                "step_losses": np.array(history.step_losses, np.float64),
                "stopped": history.stopped,
            },
            "stopping": None if self.stopping is None else self.stopping.state_dict(),
        }

    def _put_back(self, state: Mapping[str, Any]) -> None:
        training, steps, update = self.training, self.steps, self.steps.update
        training.model.load_state_dict(state["model"])
        if update.schedule is not None:
            update.schedule.load_state_dict(state["schedule"])
        # After the schedule, which sets the rate: a callback may have set another.
        update.optimizer.load_state_dict(state["optimizer"])
        if update.average is not None:
            update.average.load_state_dict(state["average"])
        steps.loader.load_state_dict(state["loader"])
        for name, generator in generators_in(training.model).items():
            set_generator_state(generator, state["generators"].get(name, {}))
        if self.stopping is not None:
            self.stopping.load_state_dict(state["stopping"])
        numbers = state["training"]
        training.epoch, training.step = numbers["epoch"], numbers["step"]
        update.updates = numbers["updates"]
        if numbers["within_epoch"]:
            steps.take_up(numbers["total"], numbers["rows"], numbers["seconds"])
        _put_back_history(training.history, state["history"])


def _put_back_history(history: History, state: Mapping[str, Any]) -> None:
    history.rows[:] = [dict(row) for row in state["rows"]]
    history.step_losses[:] = state["step_losses"].tolist()
    history.stopped = state["stopped"]
