"""Record what PyTorch's optimisers do, for the tests beside this file.

Run where PyTorch is installed: ``python -m tests.nn.optim.make_trajectories``. It rewrites
``trajectories.json``: the parameters after 3 and after 100 steps of each optimiser on the same
gradients, in float64. Lion is not in PyTorch: its update is written out here from the paper's
algorithm 2 (Chen et al., NeurIPS 2023).
"""

import json
from pathlib import Path

import torch

START = [[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]


class Lion(torch.optim.Optimizer):
    def __init__(self, parameters, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(parameters, {"lr": lr, "betas": betas, "wd": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            first, second = group["betas"]
            for p in group["params"]:
                m = self.state[p].setdefault("m", torch.zeros_like(p))
                update = (first * m + (1 - first) * p.grad).sign()
                p -= group["lr"] * (update + group["wd"] * p)
                m.copy_(second * m + (1 - second) * p.grad)


OPTIMIZERS = {
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.1),
    "adagrad, every option": lambda p: torch.optim.Adagrad(
        p, lr=0.1, lr_decay=0.01, initial_accumulator_value=0.1, eps=1e-3, weight_decay=0.05
    ),
    "adadelta": torch.optim.Adadelta,
    "adadelta, every option": lambda p: torch.optim.Adadelta(
        p, lr=0.5, rho=0.8, eps=1e-3, weight_decay=0.05
    ),
    "rmsprop": torch.optim.RMSprop,
    "rmsprop, momentum": lambda p: torch.optim.RMSprop(
        p, lr=0.02, alpha=0.9, eps=1e-3, momentum=0.8, weight_decay=0.05
    ),
    "rmsprop, centered": lambda p: torch.optim.RMSprop(p, lr=0.02, alpha=0.9, centered=True),
    "adam, amsgrad": lambda p: torch.optim.Adam(p, lr=0.05, amsgrad=True),
    "adamw": lambda p: torch.optim.AdamW(p, lr=0.01),
    "adamw, every option": lambda p: torch.optim.AdamW(
        p, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1, amsgrad=True
    ),
    "nadam": torch.optim.NAdam,
    "nadam, every option": lambda p: torch.optim.NAdam(
        p, lr=0.02, betas=(0.8, 0.95), eps=1e-3, momentum_decay=0.01, weight_decay=0.1,
        decoupled_weight_decay=True,
    ),
    "radam": torch.optim.RAdam,
    "radam, every option": lambda p: torch.optim.RAdam(
        p, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1
    ),
    "adamax": torch.optim.Adamax,
    "adamax, every option": lambda p: torch.optim.Adamax(
        p, lr=0.02, betas=(0.8, 0.95), eps=1e-3, weight_decay=0.1
    ),
    "lion": Lion,
    "lion, every option": lambda p: Lion(p, lr=0.02, betas=(0.8, 0.95), weight_decay=0.1),
}  # fmt: skip


def trajectory(make, steps):
    w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    b = torch.tensor(0.5, dtype=torch.float64, requires_grad=True)
    optimizer = make([w, b])
    for t in range(steps):
        with torch.no_grad():
            w.grad = torch.sin(0.3 * t + torch.arange(6.0, dtype=w.dtype).reshape(2, 3)) + 0.1 * w
            b.grad = torch.cos(torch.tensor(0.2 * t, dtype=w.dtype)) + 0.1 * b
        optimizer.step()
    return [*w.detach().flatten().tolist(), b.item()]


def rosenbrock(**options):
    """Ten coordinates down the banana valley: the points after each of the first steps."""
    x = torch.tensor([-1.2, 1.0] * 5, dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([x], **options)

    def closure():
        optimizer.zero_grad()
        loss = (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()
        loss.backward()
        return loss

    points = []
    for _ in range(100):
        optimizer.step(closure)
        points.append(x.detach().tolist())
    return {"first": points[0], "tenth": points[9], "last": points[-1]}


def everything():
    """All trajectories, as they are recorded."""
    return {
        "torch": torch.__version__,
        "steps": {
            name: [trajectory(make, 3), trajectory(make, 100)] for name, make in OPTIMIZERS.items()
        },
        "lbfgs": rosenbrock(max_iter=4, line_search_fn="strong_wolfe"),
        "lbfgs, short memory": rosenbrock(
            lr=0.5, max_iter=3, history_size=4, line_search_fn="strong_wolfe"
        ),
        "lbfgs, no line search": rosenbrock(lr=0.001, max_iter=1),
    }


def main():
    path = Path(__file__).with_name("trajectories.json")
    path.write_text(json.dumps(everything(), indent=1) + "\n")


if __name__ == "__main__":
    main()
