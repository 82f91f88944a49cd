"""A network that was trained on a table, with all that it takes to use it on another."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import job
from ..data.column_codes import TextCode
from ..data.encoding import TableEncoder
from ..data.table import Table
from ..errors import FileFormatError
from ..evaluate import predict
from ..metrics import confusion_matrix
from ..model_file import SavedModel, load_model, save_model
from ..module import Module
from .notes import CannotUse

KIND = "table"
VERSION = 1


@dataclass(frozen=True)
class Trained:
    """What `python -m nn train table.csv` keeps.

    Attributes
    ----------
    model : Module
    encoder : TableEncoder
        As measured on the training rows.
    training : dict
        What it was trained on and how good it was, for `python -m nn summary`.
    """

    model: Module
    encoder: TableEncoder
    training: dict[str, Any]

    def save(self, folder: Path) -> None:
        """Write the folder; `load` reads it."""
        metadata = {
            "kind": KIND,
            "version": VERSION,
            "encoder": self.encoder.to_dict(),
            "training": self.training,
        }
        save_model(self.model, folder, metadata=metadata)

    @classmethod
    def load(cls, folder: Path) -> Trained:
        """Read a folder; no code is run from it.

        Raises
        ------
        FileNotFoundError
            There is no such folder.
        FileFormatError
            It does not hold a model that was trained on a table, or not a whole one.
        """
        return cls.of(folder, read_model(folder))

    @classmethod
    def of(cls, folder: Path, saved: SavedModel) -> Trained:
        """The same, of a folder that was read.

        Raises
        ------
        FileFormatError
            The model was not trained on a table, or what is said of the table is not whole.
        """
        metadata = saved.metadata
        if metadata.get("kind") == job.KIND:
            shape = "x".join(map(str, metadata.get("image_shape", ())))
            raise FileFormatError(
                f"{folder}: this model takes images of {shape} pixels ({metadata.get('data')}), "
                "not the rows of a table. `python -m nn summary` shows what it is; from Python: "
                f"saved = nn.load_model({str(folder)!r}); nn.predict(saved.model, (pixels - "
                "saved.metadata['mean']) / saved.metadata['scale']), one row of pixels an image"
            )
        if metadata.get("kind") != KIND:
            raise FileFormatError(
                f"{folder}: this model was not trained on a table by `python -m nn train`, so "
                "nothing says how a table becomes its inputs; use it from Python: nn.load_model"
            )
        if metadata.get("version") != VERSION:
            raise FileFormatError(
                f"{folder}: it was written in version {metadata.get('version')!r} of what is kept "
                f"about tables; this one reads version {VERSION}. Use the version that wrote it, "
                "or train again"
            )
        try:
            result = cls(
                saved.model, TableEncoder.from_dict(metadata["encoder"]), dict(metadata["training"])
            )
            fits = result.outputs(np.zeros((1, len(result.encoder.inputs)), np.float32)).shape
        except (KeyError, TypeError, ValueError) as error:
            raise FileFormatError(
                f"{folder}: model.json does not say what a table becomes ({error}); it was "
                "changed after it was written"
            ) from error
        if fits != (1, max(len(result.encoder.classes), 1)):
            raise FileFormatError(
                f"{folder}: the network's outputs do not fit the target in model.json; it was "
                "changed after it was written"
            )
        return result

    @property
    def target(self) -> str:
        """Name of the column that is predicted."""
        return self.encoder.target.name

    @property
    def text_columns(self) -> list[str]:
        """Names of the columns that the model takes as text."""
        return [code.name for code in self.encoder.columns if isinstance(code, TextCode)]

    def outputs(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """What the network says about encoded rows; NaN or infinite where numbers overflow."""
        with np.errstate(over="ignore", invalid="ignore"):
            return predict(self.model, inputs)

    def refuse_non_finite(self, table: Table, inputs: NDArray[Any], outputs: NDArray[Any]) -> None:
        """Refuse to call outputs a prediction that are no numbers.

        Raises
        ------
        CannotUse
            Naming the first such row and what is large in it, or that the weights are to blame.
        """
        wrong = ~np.isfinite(outputs).all(axis=1)
        if not wrong.any():
            return
        for name, parameter in self.model.named_parameters():
            if not np.isfinite(parameter.data).all():
                raise CannotUse(
                    f"the model's weights are not finite ({name}), so it predicts nothing; train "
                    "it again, with a smaller learning rate if it was written so"
                )
        index = int(wrong.argmax())
        largest = int(np.abs(inputs[index]).argmax())
        more = f" (and {int(wrong.sum()) - 1} more rows)" if wrong.sum() > 1 else ""
        raise CannotUse(
            f"{table.source}: row {table.rows[index]}{more} gives outputs that are not finite, so "
            f"there is no prediction: {self.encoder.inputs[largest]!r} goes in as "
            f"{inputs[index, largest]:.4g}, where training rows are about 1. Correct the row, or "
            "leave it out"
        )

    def probabilities(self, outputs: NDArray[Any]) -> NDArray[np.float64]:
        """Of the classes: rows that add up to 1."""
        exact = outputs.astype(np.float64)
        shares: NDArray[np.float64] = np.exp(exact - exact.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        return shares


def read_model(folder: Path) -> SavedModel:
    """What `nn.save_model` wrote, of whatever kind.

    Raises
    ------
    FileNotFoundError
        There is no such folder.
    FileFormatError
        It is a file, or not a whole model.
    """
    if folder.is_file():
        raise FileFormatError(
            f"{folder} is a file; a model is a folder that `python -m nn train table.csv "
            "--target COLUMN` wrote, and it comes first: model/ table.csv"
        )
    return load_model(folder)


def score(encoder: TableEncoder, outputs: NDArray[Any], targets: NDArray[Any]) -> dict[str, Any]:
    """How good outputs are, beside what needs no network: always the most common class, or mean.

    Examples
    --------
    >>> import nn
    >>> table = nn.Table.from_columns({"x": [1, 2, 3], "y": ["a", "b", "a"]})
    >>> encoder = nn.TableEncoder.fit(table, "y")
    >>> score(encoder, np.array([[2.0, 1], [0, 1], [0, 1]]), np.array([0, 1, 0]))["accuracy"]
    0.6666666666666666
    """
    if encoder.task == "classes":
        matrix = confusion_matrix(targets, outputs.argmax(axis=1), len(encoder.classes))
        return {
            "rows": len(targets),
            "accuracy": float(np.trace(matrix) / matrix.sum()),
            "most common class": float(matrix.sum(axis=1).max() / matrix.sum()),
            "confusion": matrix.tolist(),
        }
    true = encoder.decode(targets)
    wrong = encoder.decode(outputs) - true
    spread = float(np.mean((true - true.mean()) ** 2))
    return {
        "rows": len(targets),
        "r2": 1.0 - float(np.mean(wrong**2)) / spread if spread else None,
        "root mean squared error": float(np.sqrt(np.mean(wrong**2))),
        "standard deviation": float(np.sqrt(spread)),
        "mean absolute error": float(np.mean(np.abs(wrong))),
    }


def score_text(encoder: TableEncoder, result: dict[str, Any]) -> str:
    """The score as a sentence.

    Examples
    --------
    >>> import nn
    >>> table = nn.Table.from_columns({"x": [1, 2, 3], "y": ["a", "b", "a"]})
    >>> encoder = nn.TableEncoder.fit(table, "y")
    >>> result = score(encoder, np.array([[2.0, 1], [0, 1], [2, 1]]), np.array([0, 1, 0]))
    >>> print(score_text(encoder, result))
    accuracy 100.0 % of 3 rows never trained on (always the most common class: 66.7 %)
    """
    rows = f"{result['rows']} rows never trained on"
    if encoder.task == "classes":
        return (
            f"accuracy {100 * result['accuracy']:.1f} % of {rows} "
            f"(always the most common class: {100 * result['most common class']:.1f} %)"
        )
    explained = "" if result["r2"] is None else f"R2 {result['r2']:.3f}, "
    return (
        f"{explained}root mean squared error {result['root mean squared error']:.4g} on {rows} "
        f"(always their mean: {result['standard deviation']:.4g})"
    )
