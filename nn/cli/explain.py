"""`python -m nn explain`: how a network comes to what it says about one row of a table."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

import autograd_core as ag

from ..data.table import Table
from ..losses import cross_entropy, mse_loss
from ..visualize.network_view import MOST, NetworkDrawing, draw_network
from .inspection import refuse_commas
from .notes import Notes
from .options import FINE, add_command, whole
from .predict import note_extra_columns, refuse_ambiguous
from .tables import add_reading_options, read
from .trained import Trained

ONE_IS_ENOUGH = "one model and one table are enough"

DESCRIPTION = f"""\
Show how a model comes to what it says about one row of a table: its inputs, the network as
lectures draw it with every neuron's value (SVG), and the derivation: every step forward, and the
chain rule back (HTML, to step through in a browser, and text).

Where the table holds the target, the loss is that of the true answer, and the picture shows in
which direction it would change every weight; otherwise of the answer that was predicted.

Rows are counted as a spreadsheet does: the header is row 1, so --row 2 is the first. Of a layer
with more than {MOST} neurons the picture shows some and counts the others (--most shows more); in
the derivation a long array is given by its smallest and largest value. What was left out is said.
"""

EPILOG = """\
examples:
  python -m nn explain model/ flowers.csv --row 7
  python -m nn explain model/ flowers.csv --row 7 --most 40 --out row_7/
"""

FEWEST = 5
# Inputs listed at the terminal.
LISTED = 20


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> argparse.ArgumentParser:
    """Add the command to the parser of the command line."""
    parser = add_command(
        commands,
        "explain",
        help="how the model gets there for one row, in a picture and step by step",
        description=DESCRIPTION,
        epilog=EPILOG,
    )
    parser.add_argument("model", metavar="MODEL", type=Path, help="the folder of a trained model")
    parser.add_argument("table", metavar="TABLE.csv", type=Path, help="where the row stands")
    parser.add_argument(
        "--row",
        metavar="N",
        type=whole(1),
        required=True,
        help="as a spreadsheet counts: the header is row 1",
    )
    parser.add_argument(
        "--most",
        metavar="N",
        type=whole(FEWEST),
        default=MOST,
        help=f"neurons drawn in a layer (default: {MOST})",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        default=Path("explanation"),
        help="where the files go (default: explanation/)",
    )
    add_reading_options(parser)
    return parser


def run(options: argparse.Namespace, parser: argparse.ArgumentParser) -> int:  # noqa: ARG001
    """Explain one row; return the exit status."""
    notes = Notes()
    with notes.reading():
        trained = Trained.load(options.model)
        table = read(options.table, options, trained.text_columns)
        note_extra_columns(trained, table, notes)
        refuse_ambiguous(trained, table)
        row = table.take([table.row_index(options.row)])
        inputs = trained.encoder.encode(row)
        target = _true_target(trained, row)
    outputs = trained.outputs(inputs)
    trained.refuse_non_finite(row, inputs, outputs)
    _tell_inputs(trained, row, inputs)
    _tell_outputs(trained, row, outputs, known=target is not None)
    trained.model.eval()
    drawing = _draw(trained, inputs, target, options)
    derivation = _derive(trained, inputs, outputs, target)
    files = (
        (f"row_{options.row}_network.svg", drawing.svg, "the network on this row"),
        (f"row_{options.row}_steps.html", derivation.html, "every step; open it in a browser"),
        (f"row_{options.row}_steps.txt", derivation.text + "\n", "the same as text"),
    )
    width = max(len(str(options.out / name)) for name, _, _ in files) + 2
    lines = []
    for name, content, what in files:
        path = options.out / name
        try:
            ag.write_atomically(path, content.encode())
        except OSError as error:
            raise OSError(f"{path}: could not be written: {error.strerror or error}") from error
        lines.append(f"  {path!s:<{width}}{what}")
    _tell_what_is_left_out(drawing, options.most)
    print("\nwrote", *lines, sep="\n")
    return FINE


def _true_target(trained: Trained, row: Table) -> NDArray[Any] | None:
    if trained.target not in row.columns or row[trained.target].missing[0]:
        return None
    if not trained.encoder.classes:
        refuse_commas(row, row[trained.target])
    return trained.encoder.encode_target(row)


def _tell_inputs(trained: Trained, row: Table, inputs: NDArray[Any]) -> None:
    """The row's cells, and what goes into the network for each."""
    names = trained.encoder.inputs
    print(f"{row.source}, row {row.rows[0]}")
    width = max(map(len, names[:LISTED]))
    cells = {
        name: str(row[code.name].texts[0]) or "(missing)"
        for code in trained.encoder.columns
        for name in code.outputs
    }
    cell_width = max(len(cells[name]) for name in names[:LISTED])
    for number, name in enumerate(names[:LISTED], 1):
        value = inputs[0, number - 1]
        print(f"  x{number:<3} {name:<{width}}  {cells[name]:>{cell_width}}  as {value:9.4f}")
    if len(names) > LISTED:
        print(f"  and {len(names) - LISTED} more inputs")


def _tell_outputs(trained: Trained, row: Table, outputs: NDArray[Any], *, known: bool) -> None:
    said = str(trained.encoder.decode(outputs)[0])
    if trained.encoder.classes:
        share = trained.probabilities(outputs).max()
        said = f"{said} ({100 * share:.1f} % sure)"
    true = f"; the table says {row[trained.target].texts[0]}" if known else ""
    print(f"\npredicted {trained.target}: {said}{true}")


def _draw(
    trained: Trained,
    inputs: NDArray[Any],
    target: NDArray[Any] | None,
    options: argparse.Namespace,
) -> NetworkDrawing:
    wanted = None
    if target is not None:
        wanted = int(target[0]) if trained.encoder.classes else target[0]
    return draw_network(
        trained.model,
        inputs[0],
        wanted,
        image_shape=False,
        most=options.most,
        title=f"{trained.target}, row {options.row} of {options.table.name}",
    )


def _derive(
    trained: Trained,
    inputs: NDArray[Any],
    outputs: NDArray[Any],
    target: NDArray[Any] | None,
) -> Any:
    """The derivation of the loss; of a number whose true value is not known, of the number."""
    x = ag.Tensor(inputs, name="x")
    names: dict[str, Any] = dict(trained.model.named_parameters())
    out = trained.model(x)
    names["outputs"] = out
    if trained.encoder.classes:
        result = cross_entropy(out, outputs.argmax(axis=1) if target is None else target)
        names["loss"] = result
    elif target is not None:
        result = mse_loss(out, target)
        names |= {"target": target, "loss": result}
    else:
        result = out[0, 0]
    explanation = ag.explain(result, names=names)
    # No line of the user's wrote these operations: they are the network's.
    forward = [replace(step, location=None, source=None) for step in explanation.derivation.forward]
    return type(explanation)(replace(explanation.derivation, forward=tuple(forward)))


def _tell_what_is_left_out(drawing: NetworkDrawing, most: int) -> None:
    numbers = drawing.numbers
    layers = [("inputs", len(numbers.inputs))]
    layers += [(f"layer {k}", len(layer.value)) for k, layer in enumerate(numbers.layers, 1)]
    short = [f"{count} of {name}" for name, count in layers if count > most]
    if short:
        print(
            f"\nabbreviated: the picture draws at most {most} neurons in a column and counts the "
            f"others ({', '.join(short)}); --most shows more"
        )
    else:
        print()
    print("in the steps, a long array is given by its smallest and largest value")
