"""Record the rates of PyTorch's schedulers, for the tests beside this file.

Run where PyTorch is installed: ``python -m tests.nn.schedules.make_rates``. It rewrites
``rates.json``: the learning rate at each of 40 steps from a base of 0.4.
"""

import json
import warnings
from pathlib import Path

import torch
from torch.optim import lr_scheduler as schedulers

from tests.nn.schedules.plateau_losses import LOSSES

SCHEDULERS = {
    "step": lambda o: schedulers.StepLR(o, 7, gamma=0.3),
    "multistep": lambda o: schedulers.MultiStepLR(o, [5, 9, 30], gamma=0.5),
    "exponential": lambda o: schedulers.ExponentialLR(o, 0.9),
    "polynomial": lambda o: schedulers.PolynomialLR(o, total_iters=25, power=1.7),
    "cosine": lambda o: schedulers.CosineAnnealingLR(o, 39, eta_min=0.01),
    "restarts": lambda o: schedulers.CosineAnnealingWarmRestarts(o, 10, eta_min=0.01),
    "growing restarts": lambda o: schedulers.CosineAnnealingWarmRestarts(o, 5, T_mult=2),
    "warm-up": lambda o: schedulers.LinearLR(o, start_factor=0.25, total_iters=12),
    "one cycle": lambda o: schedulers.OneCycleLR(o, 0.4, total_steps=40, cycle_momentum=True),
    "plateau": lambda o: schedulers.ReduceLROnPlateau(o, factor=0.5, patience=2, cooldown=3),
    "plateau up": lambda o: schedulers.ReduceLROnPlateau(
        o, mode="max", factor=0.5, patience=3, threshold=0.05, min_lr=0.06
    ),
}


def rates(make):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.ones(1))], lr=0.4, momentum=0.9)
    scheduler = make(optimizer)
    found, momenta = [], []
    for step in range(40):
        found.append(optimizer.param_groups[0]["lr"])
        momenta.append(optimizer.param_groups[0]["momentum"])
        optimizer.step()
        if step < 39:
            plateau = isinstance(scheduler, schedulers.ReduceLROnPlateau)
            scheduler.step(*([LOSSES[step]] if plateau else []))
    return found, momenta


def everything():
    """All rates, as they are recorded."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        recorded = {name: rates(make)[0] for name, make in SCHEDULERS.items()}
        recorded["one cycle momentum"] = rates(SCHEDULERS["one cycle"])[1]
    return {"torch": torch.__version__, "rates": recorded}


def main():
    Path(__file__).with_name("rates.json").write_text(json.dumps(everything(), indent=1) + "\n")


if __name__ == "__main__":
    main()
