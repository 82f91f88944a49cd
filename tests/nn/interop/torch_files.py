"""PyTorch's side: writes its models as safetensors, and reads ours."""

from pathlib import Path

import numpy as np
import safetensors.torch
import torch

from tests.nn.interop.cases import CASES, inputs


def make(name: str) -> torch.nn.Module:
    torch.manual_seed(len(name))
    model = CASES[name][0](torch.nn)
    model(torch.from_numpy(inputs(name, 1)))  # moves the running statistics
    return model.eval()


def output(name: str, model: torch.nn.Module) -> np.ndarray:
    with torch.no_grad():
        out = model(torch.from_numpy(inputs(name)))
    return (out[0] if isinstance(out, tuple) else out).numpy()


def write(name: str, path: Path) -> np.ndarray:
    """Save PyTorch's model; return its output."""
    model = make(name)
    safetensors.torch.save_file(model.state_dict(), path)
    return output(name, model)


def read(name: str, path: Path) -> np.ndarray:
    """The output of PyTorch's model with the weights of a file."""
    model = CASES[name][0](torch.nn).eval()
    model.load_state_dict(safetensors.torch.load_file(path), strict=True)
    return output(name, model)


def special(folder: Path) -> None:
    """Half precisions, a compiled and parallel model's names, tied weights."""
    values = torch.tensor([1.0, -2.5, 3.140625, 1e-30, float("inf")])
    safetensors.torch.save_file(
        {"half": values.clamp(max=100).half(), "brain": values.bfloat16()},
        folder / "halves.safetensors",
    )
    torch.manual_seed(0)
    model = torch.nn.Linear(3, 2)
    wrapped = torch.compile(torch.nn.DataParallel(model))  # compiled when called; it never is
    safetensors.torch.save_file(wrapped.state_dict(), folder / "wrapped.safetensors")
    tied = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Linear(3, 3, bias=False))
    tied[1].weight = tied[0].weight
    safetensors.torch.save_model(tied, folder / "tied.safetensors")
