"""Small real data sets, as bundled with scikit-learn (extra `data`)."""

from __future__ import annotations

from typing import Any

import numpy as np

import autograd_core as ag

from .dataset import Dataset


def digits() -> Dataset:
    """1,797 real handwritten digits of 8x8 pixels, values 0 to 16 (needs the extra `data`).

    Source: Alpaydin & Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, 1998, as bundled with scikit-learn.

    Examples
    --------
    >>> import nn
    >>> nn.datasets.digits().inputs.shape
    (1797, 64)
    """
    note = "1797 images of 8x8 pixels (UCI, bundled with scikit-learn)"
    return _bundled("digits", note, image_shape=(8, 8))


def iris() -> Dataset:
    """150 irises of three species: length and width of sepals and petals, in cm.

    Source: Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7,
    1936, as bundled with scikit-learn.

    Examples
    --------
    >>> import nn
    >>> nn.datasets.iris().class_names
    ('setosa', 'versicolor', 'virginica')
    """
    return _bundled("iris", "150 flowers (Fisher 1936, bundled with scikit-learn)")


def wine() -> Dataset:
    """178 Italian wines of three cultivars: 13 chemical measurements each.

    Source: Aeberhard & Forina, "Wine", UCI Machine Learning Repository, 1991, as bundled with
    scikit-learn.

    Examples
    --------
    >>> import nn
    >>> nn.datasets.wine().inputs.shape
    (178, 13)
    """
    return _bundled("wine", "178 wines (UCI, bundled with scikit-learn)")


def breast_cancer() -> Dataset:
    """569 tumours, malignant (0) or benign (1): 30 measurements of cell nuclei each.

    Source: Wolberg, Mangasarian, Street & Street, "Breast Cancer Wisconsin (Diagnostic)", UCI
    Machine Learning Repository, 1995, as bundled with scikit-learn.

    Examples
    --------
    >>> import nn
    >>> nn.datasets.breast_cancer().class_names
    ('malignant', 'benign')
    """
    return _bundled("breast_cancer", "569 tumours (UCI, bundled with scikit-learn)")


def diabetes() -> Dataset:
    """442 patients: 10 measurements each, and the progression of the disease a year later.

    A regression: the labels are numbers from 25 to 346; the inputs come standardised. Source:
    Efron, Hastie, Johnstone & Tibshirani, "Least angle regression", Annals of Statistics 32, 2004,
    as bundled with scikit-learn.

    Examples
    --------
    >>> import nn
    >>> data = nn.datasets.diabetes()
    >>> data.labels.shape, data.classes
    ((442, 1), 0)
    """
    return _bundled("diabetes", "442 patients (Efron et al. 2004, bundled with scikit-learn)")


def _bundled(name: str, note: str, image_shape: tuple[int, ...] = ()) -> Dataset:
    source: Any = ag.require_extra("sklearn.datasets", extra="data")
    bundle = getattr(source, f"load_{name}")()
    target = bundle.target
    if target.dtype.kind == "f":
        labels = target.astype(np.float32)[:, None]
        classes: tuple[str, ...] = ()
    else:
        labels = target.astype(np.int64)
        classes = tuple(map(str, bundle.target_names))
    return Dataset(
        name=name,
        inputs=bundle.data.astype(np.float32),
        labels=labels,
        image_shape=image_shape,
        note=note,
        input_names=tuple(map(str, bundle.feature_names)),
        class_names=classes,
    )
