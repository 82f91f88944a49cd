"""Record PyTorch's losses and their gradients, for the tests beside this file.

Run where PyTorch is installed: ``python -m tests.nn.losses.make_values``. It rewrites
``values.json``: for each case and reduction the loss, and the gradient of the sum of
cos(1, 2, 3...) times the losses, in float64. The cases' inputs are those of ``cases.py``.
The focal loss is torchvision's formula written out, the contrastive one Hadsell's, the hinge loss
max(0, margin - y s): PyTorch has none of these three.
"""

import json
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - as everybody writes it

from tests.nn.losses.cases import CASES


def focal(z, t, gamma=2.0, alpha=None, reduction="mean"):
    if t.dim() < z.dim():
        logarithm = torch.log_softmax(z, 1)[torch.arange(len(t)), t]
        loss = -((1 - logarithm.exp()) ** gamma) * logarithm
    else:
        p = torch.sigmoid(z)
        right = p * t + (1 - p) * (1 - t)
        loss = F.binary_cross_entropy_with_logits(z, t, reduction="none") * (1 - right) ** gamma
        if alpha is not None:
            loss = loss * (alpha * t + (1 - alpha) * (1 - t))
    return reduced(loss, reduction)


def contrastive(a, b, same, margin=1.0, reduction="mean"):
    same, d = same.to(a.dtype), (a - b).norm(dim=1)
    loss = 0.5 * (same * d**2 + (1 - same) * torch.clamp(margin - d, min=0) ** 2)
    return reduced(loss, reduction)


def hinge(scores, labels, margin=1.0, reduction="mean"):
    return reduced(torch.clamp(margin - labels * scores, min=0), reduction)


def reduced(loss, reduction):
    return {"mean": loss.mean, "sum": loss.sum, "none": lambda: loss}[reduction]()


FUNCTIONS = {
    "mse_loss": F.mse_loss,
    "mae_loss": F.l1_loss,
    "huber_loss": F.huber_loss,
    "smooth_l1_loss": F.smooth_l1_loss,
    "cross_entropy": F.cross_entropy,
    "nll_loss": F.nll_loss,
    "binary_cross_entropy": F.binary_cross_entropy,
    "binary_cross_entropy_with_logits": F.binary_cross_entropy_with_logits,
    "focal_loss": focal,
    "hinge_loss": hinge,
    "multi_margin_loss": F.multi_margin_loss,
    "cosine_embedding_loss": F.cosine_embedding_loss,
    "triplet_loss": F.triplet_margin_loss,
    "contrastive_loss": contrastive,
    "kl_divergence": F.kl_div,
    # PyTorch's gradient is right only with the log_softmax before it.
    "ctc_loss": lambda z, *rest, **options: F.ctc_loss(z.log_softmax(2), *rest, **options),
}
KEYWORDS = {"weights": "weight", "power": "p", "log_targets": "log_target"}


def record(case, reduction):
    trained = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in case.trained]
    constants = [torch.tensor(x) for x in case.constants]
    options = {KEYWORDS.get(name, name): value for name, value in case.options.items()}
    if "weight" in options:
        options["weight"] = torch.tensor(options["weight"], dtype=torch.float64)
    loss = FUNCTIONS[case.function](*trained, *constants, reduction=reduction, **options)
    cotangent = torch.cos(torch.arange(1.0, loss.numel() + 1.0, dtype=loss.dtype))
    (loss * cotangent.reshape(loss.shape)).sum().backward()
    return {"loss": loss.tolist(), "gradients": [x.grad.tolist() for x in trained]}


def everything():
    """All values and gradients, as they are recorded."""
    recorded = {
        name: {reduction: record(case, reduction) for reduction in case.reductions}
        for name, case in CASES.items()
    }
    return {"torch": torch.__version__, "values": recorded}


def main():
    Path(__file__).with_name("values.json").write_text(json.dumps(everything()) + "\n")


if __name__ == "__main__":
    main()
