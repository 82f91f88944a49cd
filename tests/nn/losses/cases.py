"""What the losses are compared on: inputs that are trained, constants, options."""

from dataclasses import dataclass, field

import numpy as np

ALL = ("mean", "sum", "none")


@dataclass(frozen=True)
class Case:
    """A loss function of `nn`, and what it is called with."""

    function: str
    trained: list[np.ndarray]
    constants: list[np.ndarray] = field(default_factory=list)
    options: dict[str, object] = field(default_factory=dict)
    reductions: tuple[str, ...] = ALL


rng = np.random.default_rng(7)
X, T = rng.normal(size=(4, 3)) * 1.5, rng.normal(size=(4, 3))
LABELS = np.array([2, 0, 1, 2])
MASKED = np.array([2, -1, 1, 2])
WEIGHTS = [0.5, 2.0, 1.25]
SOFT = rng.dirichlet(np.ones(3), size=4)
PLACES = rng.normal(size=(2, 3, 4))
PLACE_LABELS = rng.integers(0, 3, size=(2, 4))
YES = rng.uniform(size=(4, 3))
SIGNS = np.array([1, -1, -1, 1])
A, B, C = (rng.normal(size=(4, 5)) for _ in range(3))


def log_softmax(z, axis):
    z = z - z.max(axis=axis, keepdims=True)
    return z - np.log(np.exp(z).sum(axis=axis, keepdims=True))


STEPS = rng.normal(size=(7, 3, 4))  # before the log_softmax
SEQUENCES = np.array([[1, 2, 2], [3, 1, 1], [2, 1, 1]])
IN_LENGTHS, LENGTHS = np.array([7, 5, 4]), np.array([3, 2, 1])

CASES = {
    "mse": Case("mse_loss", [X], [T]),
    "mae": Case("mae_loss", [X], [T]),
    "huber": Case("huber_loss", [X], [T], {"delta": 0.8}),
    "smooth l1": Case("smooth_l1_loss", [X], [T], {"beta": 0.7}),
    "smooth l1, sharp": Case("smooth_l1_loss", [X], [T], {"beta": 0.0}),
    "cross-entropy": Case("cross_entropy", [X], [LABELS]),
    "cross-entropy, weights": Case("cross_entropy", [X], [LABELS], {"weights": WEIGHTS}),
    "cross-entropy, ignored": Case("cross_entropy", [X], [MASKED], {"ignore_index": -1}),
    "cross-entropy, smoothed": Case("cross_entropy", [X], [LABELS], {"label_smoothing": 0.2}),
    "cross-entropy, all of it": Case(
        "cross_entropy", [X], [MASKED],
        {"weights": WEIGHTS, "ignore_index": -1, "label_smoothing": 0.2},
    ),
    "cross-entropy, soft": Case("cross_entropy", [X], [SOFT]),
    "cross-entropy, soft, weights": Case(
        "cross_entropy", [X], [SOFT], {"weights": WEIGHTS, "label_smoothing": 0.1}
    ),
    "cross-entropy, places": Case("cross_entropy", [PLACES], [PLACE_LABELS]),
    "cross-entropy, places, all of it": Case(
        "cross_entropy", [PLACES], [PLACE_LABELS],
        {"weights": WEIGHTS, "ignore_index": 0, "label_smoothing": 0.2},
    ),
    "nll": Case("nll_loss", [log_softmax(X, 1)], [LABELS]),
    "nll, all of it": Case(
        "nll_loss", [log_softmax(X, 1)], [MASKED], {"weights": WEIGHTS, "ignore_index": -1}
    ),
    "binary": Case("binary_cross_entropy", [rng.uniform(0.05, 0.95, (4, 3))], [YES]),
    "binary, sure": Case("binary_cross_entropy", [np.array([0.3, 1.0, 1.0, 1e-60])],
                         [np.array([0.5, 1.0, 0.25, 1.0])], reductions=("none",)),
    "binary, logits": Case("binary_cross_entropy_with_logits", [X], [YES]),
    "focal": Case("focal_loss", [X], [YES], {"gamma": 1.5}),
    "focal, alpha": Case("focal_loss", [X], [np.round(YES)], {"alpha": 0.25}),
    "focal, classes": Case("focal_loss", [X], [LABELS]),
    "hinge": Case("hinge_loss", [X[:, 0]], [SIGNS], {"margin": 0.7}),
    "multi-margin": Case("multi_margin_loss", [X], [LABELS]),
    "multi-margin, squared": Case("multi_margin_loss", [X], [LABELS], {"power": 2, "margin": 0.5}),
    "cosine": Case("cosine_embedding_loss", [A, B], [SIGNS], {"margin": 0.1}),
    "triplet": Case("triplet_loss", [A, B, C], options={"margin": 1.5}),
    "triplet, swapped": Case("triplet_loss", [A, B, C], options={"swap": True}),
    "contrastive": Case("contrastive_loss", [A, B], [SIGNS > 0], {"margin": 3.0}),
    "kl": Case("kl_divergence", [log_softmax(X, 1)], [SOFT], reductions=(*ALL, "batchmean")),
    "kl, zeros": Case("kl_divergence", [log_softmax(X, 1)], [np.eye(4, 3)]),
    "kl, logarithms": Case(
        "kl_divergence", [log_softmax(X, 1)], [np.log(SOFT)], {"log_targets": True}
    ),
    "ctc": Case("ctc_loss", [STEPS], [SEQUENCES, IN_LENGTHS, LENGTHS]),
    "ctc, another blank": Case(
        "ctc_loss", [STEPS], [np.array([[0, 2, 2], [1, 0, 1], [2, 1, 1]]), IN_LENGTHS, LENGTHS],
        {"blank": 3},
    ),
    "ctc, nothing said": Case("ctc_loss", [STEPS], [SEQUENCES, IN_LENGTHS, np.array([3, 0, 1])]),
}  # fmt: skip
