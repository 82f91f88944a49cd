"""Neural networks on `autograd_core`: layers, losses, optimisers, and a training loop.

Everything here is a thin layer over the engine's public face. The parts:

================  ==============================================================
``module``        Module, what has weights, and ``parameter``, the weights
``layers``        Linear, Sequential, MLP
``convolution``   Conv1d, Conv2d and the transposed ones (``pooling``: MaxPool2d...)
``recurrent``     RNN, LSTM, GRU
``transformer``   encoder and decoder layers (``attention``, ``embedding``)
``normalization`` BatchNorm, LayerNorm, GroupNorm, RMSNorm (``dropout``: Dropout)
``activations``   the functions between layers
``init``          how weights start
``losses``        how wrong an output is
``optim``         how weights move (``schedules``: how fast, over time)
``data``          mini-batches, splits, scaling, tables from CSV files
``datasets``      toys, scikit-learn's, MNIST (``idx`` reads MNIST's files)
``fit``           the training loop (``training``: its steps; ``history``: the record)
``checkpoint``    a run's state on disk (``resume``: taken and put back)
``rate_finder``   a search for the learning rate
``evaluate``      using a trained model
``metrics``       accuracy, F1, R2, perplexity... (``report``: as text and pictures)
``io``            weights on disk (``model_file``: whole models)
``onnx_export``   for other programs (``sklearn``: estimators, when imported)
``visualize``     a small network on one example, the film of a training, its loss surface
``watch``         looking on while a model computes
================  ==============================================================

Examples
--------
>>> import numpy as np, nn
>>> rng = np.random.default_rng(0)
>>> x = rng.standard_normal((64, 2)).astype(np.float32)
>>> y = (x[:, 0] > x[:, 1]).astype(int)
>>> model = nn.MLP(2, [8], 2, rng=rng)
>>> optimizer = nn.SGD(model.parameters(), lr=0.5)
>>> for _ in range(50):
...     loss = nn.cross_entropy(model(x), y)
...     optimizer.zero_grad()
...     loss.backward()
...     optimizer.step()
>>> loss.item() < 0.1
True
"""

from pathlib import Path

import autograd_core as ag

from . import datasets, init, schedules
from .activations import (
    HardSigmoid,
    HardTanh,
    Identity,
    LogSigmoid,
    LogSoftmax,
    Sigmoid,
    Softmax,
    Softsign,
    Tanh,
)
from .architecture import build, describe
from .attention import MultiHeadAttention
from .containers import ModuleDict, ModuleList, Residual, Sequential
from .convolution import Conv1d, Conv2d, ConvTranspose1d, ConvTranspose2d
from .data import (
    IterableDataset,
    Loader,
    MinMaxScaler,
    Standardizer,
    Table,
    TableEncoder,
    k_fold,
    one_hot,
    read_table,
    split,
    stratified_k_fold,
)
from .diagnose import diagnose
from .diagnosis import Diagnosis
from .dropout import Dropout
from .embedding import Embedding, LearnedPositions, SinusoidalPositions
from .errors import (
    CheckpointError,
    CheckpointWarning,
    DownloadError,
    FileFormatError,
    NonFiniteLoss,
    StateDictError,
    TableError,
    TableWarning,
)
from .evaluate import evaluate, predict
from .fit import fit
from .history import History
from .idx import read_idx
from .io import SavedState, load, save
from .layers import MLP, Bilinear, Linear
from .losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    contrastive_loss,
    cosine_embedding_loss,
    cross_entropy,
    ctc_loss,
    focal_loss,
    hinge_loss,
    huber_loss,
    kl_divergence,
    mae_loss,
    mse_loss,
    multi_margin_loss,
    nll_loss,
    smooth_l1_loss,
    triplet_loss,
)
from .metrics import (
    accuracy,
    confusion_matrix,
    f1_score,
    mean_absolute_error,
    perplexity,
    precision,
    r2_score,
    recall,
    root_mean_squared_error,
    top_k_accuracy,
)
from .model_file import SavedModel, load_model, save_model
from .module import Module
from .normalization import BatchNorm1d, BatchNorm2d, GroupNorm, LayerNorm, RMSNorm
from .onnx_export import export_onnx
from .optim import (
    LBFGS,
    SGD,
    Adadelta,
    Adagrad,
    Adam,
    Adamax,
    AdamW,
    ExponentialMovingAverage,
    Lion,
    NAdam,
    Optimizer,
    RAdam,
    RMSprop,
    clip_gradient_norm,
    clip_gradient_value,
    parameter_groups,
)
from .parameter import Parameter
from .pooling import (
    AdaptiveAvgPool1d,
    AdaptiveAvgPool2d,
    AvgPool1d,
    AvgPool2d,
    Flatten,
    MaxPool1d,
    MaxPool2d,
)
from .rate_finder import RateSearch, find_learning_rate
from .rectifiers import CELU, ELU, GELU, SELU, LeakyReLU, Mish, PReLU, ReLU, ReLU6, SiLU, Softplus
from .recurrent import GRU, LSTM, RNN
from .summary import Summary, summary
from .training import Training
from .transformer import (
    TransformerDecoder,
    TransformerDecoderLayer,
    TransformerEncoder,
    TransformerEncoderLayer,
)
from .visualize.film import Film, film
from .visualize.loss_surface import loss_surface
from .visualize.network_view import NetworkDrawing, draw_network
from .visualize.surface import LossSurface
from .watch import watch

__all__ = [
    "CELU",
    "ELU",
    "GELU",
    "GRU",
    "LBFGS",
    "LSTM",
    "MLP",
    "RNN",
    "SELU",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "AdaptiveAvgPool1d",
    "AdaptiveAvgPool2d",
    "AvgPool1d",
    "AvgPool2d",
    "BatchNorm1d",
    "BatchNorm2d",
    "Bilinear",
    "CheckpointError",
    "CheckpointWarning",
    "Conv1d",
    "Conv2d",
    "ConvTranspose1d",
    "ConvTranspose2d",
    "Diagnosis",
    "DownloadError",
    "Dropout",
    "Embedding",
    "ExponentialMovingAverage",
    "FileFormatError",
    "Film",
    "Flatten",
    "GroupNorm",
    "HardSigmoid",
    "HardTanh",
    "History",
    "Identity",
    "IterableDataset",
    "LayerNorm",
    "LeakyReLU",
    "LearnedPositions",
    "Linear",
    "Lion",
    "Loader",
    "LogSigmoid",
    "LogSoftmax",
    "LossSurface",
    "MaxPool1d",
    "MaxPool2d",
    "MinMaxScaler",
    "Mish",
    "Module",
    "ModuleDict",
    "ModuleList",
    "MultiHeadAttention",
    "NAdam",
    "NetworkDrawing",
    "NonFiniteLoss",
    "Optimizer",
    "PReLU",
    "Parameter",
    "RAdam",
    "RMSNorm",
    "RMSprop",
    "RateSearch",
    "ReLU",
    "ReLU6",
    "Residual",
    "SavedModel",
    "SavedState",
    "Sequential",
    "SiLU",
    "Sigmoid",
    "SinusoidalPositions",
    "Softmax",
    "Softplus",
    "Softsign",
    "Standardizer",
    "StateDictError",
    "Summary",
    "Table",
    "TableEncoder",
    "TableError",
    "TableWarning",
    "Tanh",
    "Training",
    "TransformerDecoder",
    "TransformerDecoderLayer",
    "TransformerEncoder",
    "TransformerEncoderLayer",
    "accuracy",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "build",
    "clip_gradient_norm",
    "clip_gradient_value",
    "confusion_matrix",
    "contrastive_loss",
    "cosine_embedding_loss",
    "cross_entropy",
    "ctc_loss",
    "datasets",
    "describe",
    "diagnose",
    "draw_network",
    "evaluate",
    "export_onnx",
    "f1_score",
    "film",
    "find_learning_rate",
    "fit",
    "focal_loss",
    "hinge_loss",
    "huber_loss",
    "init",
    "k_fold",
    "kl_divergence",
    "load",
    "load_model",
    "loss_surface",
    "mae_loss",
    "mean_absolute_error",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "one_hot",
    "parameter_groups",
    "perplexity",
    "precision",
    "predict",
    "r2_score",
    "read_idx",
    "read_table",
    "recall",
    "root_mean_squared_error",
    "save",
    "save_model",
    "schedules",
    "smooth_l1_loss",
    "split",
    "stratified_k_fold",
    "summary",
    "top_k_accuracy",
    "triplet_loss",
    "watch",
]

# A message about a wrong shape then names the user's line, not the layer's.
ag.hide_frames(str(Path(__file__).parent))
