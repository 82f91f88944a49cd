"""From a table to arrays and back, and what is said where that cannot be."""

import json
import warnings

import numpy as np
import pytest

import nn

COLUMNS = {
    "width": [1.0, 2.0, None, 3.0],
    "colour": ["red", "blue", "red", None],
    "kind": ["a", "b", "b", "a"],
}


def table(**changes):
    return nn.Table.from_columns({k: v for k, v in (COLUMNS | changes).items() if v is not None})


def test_numbers_are_standardised_and_text_is_one_hot():
    encoder = nn.TableEncoder.fit(table(), "kind")
    assert encoder.inputs == [
        "width", "width is missing", "colour is missing", "colour is blue", "colour is red"
    ]  # fmt: skip
    x = encoder.encode(table())
    scale = np.std([1, 2, 3])
    assert x.dtype == np.float32
    np.testing.assert_allclose(
        x,
        [
            [-1 / scale, 0, 0, 0, 1],
            [0, 0, 0, 1, 0],
            [0, 1, 0, 0, 1],
            [1 / scale, 0, 1, 0, 0],
        ],
        rtol=1e-6,
    )
    assert (encoder.task, encoder.classes) == ("classes", ["a", "b"])
    assert encoder.encode_target(table()).tolist() == [0, 1, 1, 0]
    assert repr(encoder) == "TableEncoder: 2 columns as 5 inputs; predicts kind, 2 classes"


def test_everything_goes_through_json():
    encoder = nn.TableEncoder.fit(table(), "kind")
    again = nn.TableEncoder.from_dict(json.loads(json.dumps(encoder.to_dict())))
    np.testing.assert_array_equal(again.encode(table()), encoder.encode(table()))
    assert again.decode([[0.0, 1.0]]).tolist() == ["b"]
    numbers = nn.TableEncoder.fit(table(y=[0.1, 0.2, 0.4, 0.7]), "y")
    again = nn.TableEncoder.from_dict(json.loads(json.dumps(numbers.to_dict())))
    np.testing.assert_allclose(
        again.decode(again.encode_target(table(y=[0.1, 0.2, 0.4, 0.7]))), [0.1, 0.2, 0.4, 0.7],
        rtol=1e-6,
    )  # fmt: skip
    assert repr(numbers).endswith("predicts y, a number")


@pytest.mark.parametrize(
    ("values", "task", "found"),
    [
        (["x", "y", "x", "y"], None, "classes"),
        ([1, 2, 1, 2], None, "classes"),
        ([1, 2, 1, 2], "number", "number"),
        ([0.5, 2, 1, 2], None, "number"),
        ([0.5, 2, 1, 2], "classes", "classes"),
    ],
)
def test_the_task_is_told_by_the_target(values, task, found):
    assert nn.TableEncoder.fit(table(y=values), "y", task=task).task == found


def test_classes_that_are_numbers_are_in_their_order_however_written():
    given = table(y=["10", "2", "2.0", "10"])
    encoder = nn.TableEncoder.fit(given, "y")
    assert encoder.classes == ["2", "10"]
    assert encoder.encode_target(given).tolist() == [1, 0, 0, 1]


@pytest.mark.parametrize(
    ("values", "classes"),
    [
        (["007", "075", "007", "075"], ["007", "075"]),
        (["7", "007", "07", "7"], ["007", "07", "7"]),
        (["1.0", "0.0", "1.0", "0.0"], ["0.0", "1.0"]),
        ([1.0, 0.0, 1.0, 0.0], ["0.0", "1.0"]),
        (["0.50", "2", "1", "0.5"], ["0.50", "1", "2"]),
        (["0", "1", "0", "1"], ["0", "1"]),
    ],
)
def test_classes_are_called_as_they_stand_in_the_table(values, classes):
    encoder = nn.TableEncoder.fit(table(y=values), "y", task="classes")
    assert encoder.classes == classes
    labels = encoder.encode_target(table(y=values))
    names = encoder.decode(np.eye(len(classes))[labels]).tolist()
    assert [float(name) for name in names] == [float(value) for value in values]
    again = nn.TableEncoder.from_dict(json.loads(json.dumps(encoder.to_dict())))
    np.testing.assert_array_equal(again.encode_target(table(y=values)), labels)


def test_a_class_that_is_a_number_is_found_however_it_is_written(message):
    encoder = nn.TableEncoder.fit(table(y=["1.0", "0.0", "1.0", "0.0"]), "y")
    assert encoder.encode_target(table(y=["1", "0", "1e0", "0.00"])).tolist() == [1, 0, 1, 0]
    codes = nn.TableEncoder.fit(table(y=["007", "75", "007", "75"]), "y")
    assert codes.encode_target(table(y=["75", "75.0", "007", "75"])).tolist() == [1, 1, 0, 1]
    assert message(
        nn.TableError, lambda: codes.encode_target(table(y=["75", "7", "007", "75"]))
    ) == (
        "table: row 3, column D (y) is '7', a class no training row had: did you mean '75'? Known: "
        "007, 75"
    )


def test_codes_with_a_leading_zero_are_no_numbers_unless_one_says_so(message):
    codes = [f"{n:03d}" for n in range(101)]
    many = nn.Table.from_columns({"x": range(101), "y": codes})
    text = message(nn.TableError, lambda: nn.TableEncoder.fit(many, "y"))
    assert text.endswith("because some start with 0; if they are numbers, pass task='number'")
    assert nn.TableEncoder.fit(many, "y", task="number").target.mean == 50.0
    few = nn.Table.from_columns({"x": range(40), "y": codes[:40]})
    assert nn.TableEncoder.fit(few, "y").classes == codes[:40]


def test_one_number_written_in_two_ways_is_said_to_be_a_number(message):
    text = message(nn.TableError, lambda: nn.TableEncoder.fit(table(y=["7", "7.0"] * 2), "y"))
    assert text == (
        "table: the target 'y' is the number 7 in every row; there is nothing to tell apart"
    )


@pytest.mark.parametrize(
    ("changes", "options", "text"),
    [
        ({}, {"target": "knd"},
         "table: there is no column 'knd': did you mean 'kind'? Known: width, colour, kind"),
        ({"kind": ["a"] * 4}, {},
         "table: the target 'kind' is 'a' in every row; there is nothing to tell apart"),
        ({"kind": ["a", "b", None, "a"]}, {},
         ("table: row 4, column C (kind) has no value. It is the target: fill it in, or leave the "
         "row out")),
        ({}, {"missing": "refuse"},
         ("table: row 4, column A (width) has no value. Fill it in, leave the row or the column "
         "out, or pass missing='impute'")),
        ({}, {"task": "number"},
         "table: row 2, column C (kind) is 'a', not a number, so the target can only be classes"),
        ({}, {"drop": ["width", "colour"]},
         "table: besides the target 'kind' there is no column to learn from"),
    ],
)  # fmt: skip
def test_what_cannot_be_learnt_is_told(message, changes, options, text):
    options = {"target": "kind"} | options
    assert message(nn.TableError, lambda: nn.TableEncoder.fit(table(**changes), **options)) == text


def test_unknown_choices_are_told(message):
    assert message(ValueError, lambda: nn.TableEncoder.fit(table(), "kind", task="clases")) == (
        "TableEncoder.fit: unknown task 'clases': did you mean 'classes'? Known: classes, number"
    )
    assert message(ValueError, lambda: nn.TableEncoder.fit(table(), "kind", missing="drop")) == (
        "TableEncoder.fit: unknown missing 'drop': known: impute, refuse"
    )
    assert message(nn.TableError, lambda: nn.TableEncoder.from_dict({"columns": []})) == (
        "TableEncoder.from_dict: not what to_dict gave ('target')"
    )


def test_too_many_categories_name_rows():
    many = nn.Table.from_columns({"who": [f"p{n}" for n in range(101)], "x": range(101),
                                  "y": [0, 1] * 50 + [1]})  # fmt: skip
    with pytest.raises(nn.TableError) as caught:
        nn.TableEncoder.fit(many, "y")
    assert str(caught.value) == (
        "table: column A (who) has 101 different texts in 101 rows: it names rows more than it "
        "describes them. Leave it out: drop=['who']"
    )
    with pytest.raises(nn.TableError) as caught:
        nn.TableEncoder.fit(many, "who")
    assert str(caught.value) == (
        "table: the target 'who' has 101 different values in 101 rows; more than 100 classes are "
        "not learnt from a table"
    )


def warned(call):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        result = call()
    return result, [str(warning.message) for warning in caught]


def test_a_constant_column_is_left_out_and_told():
    encoder, texts = warned(
        lambda: nn.TableEncoder.fit(
            table(planet=["earth"] * 4, empty=[None] * 4, one=[1, 1, 1, 1]), "kind"
        )
    )
    assert texts == [
        "table: column D (planet) is 'earth' in every row; it is left out",
        "table: column E (empty) has no value in any row; it is left out",
        "table: column F (one) is '1' in every row; it is left out",
    ]
    assert len(encoder.columns) == 2


def test_what_no_training_row_had_is_told_at_prediction():
    encoder = nn.TableEncoder.fit(table(width=[1.0, 2.0, 3.0, 6.0], colour=["r", "b", "r", "b"]),
                                  "kind")  # fmt: skip
    x, texts = warned(
        lambda: encoder.encode(
            nn.Table.from_columns(
                {"colour": ["green", "r", None, "red"], "width": [1, None, 2, None]}
            )
        )
    )
    assert texts == [
        (
            "table: row 3, column B (width) has no value, though every training row had one; the "
            "mean, 3, stands in for it"
        ),
        (
            "table: row 2, column A (colour) is 'green', which no training row had; so it is in 2 "
            "more rows. Known: b, r. The prediction is made as if the column said nothing"
        ),
    ]
    assert x[1, 0] == 0.0
    assert x[0, 1:].tolist() == [0.0, 0.0]


def test_an_unseen_category_is_answered_in_the_categories_own_letters():
    encoder = nn.TableEncoder.fit(table(colour=["Red", "Green", "Red", "Green"]), "kind")
    given = nn.Table.from_columns({"width": [1], "colour": ["red"]})
    assert warned(lambda: encoder.encode(given))[1] == [
        (
            "table: row 2, column B (colour) is 'red', which no training row had. Did you mean "
            "'Red'? Known: Green, Red. The prediction is made as if the column said nothing"
        )
    ]


@pytest.mark.parametrize(
    ("columns", "missing", "text"),
    [
        ({"width": [1]}, "impute",
         "table: columns that the model was trained on are not there: 'colour'; it has 'width'"),
        ({"width": ["1", "wide"], "colour": ["r", "r"]}, "impute",
         ("table: row 3, column A (width) is 'wide', but numbers belong there (an empty cell, ? or "
          "NA says that there is no value)")),
        ({"width": [None, 1], "colour": ["r", "r"]}, "refuse",
         "table: row 2, column A (width) has no value"),
        ({"width": [None], "colour": ["r"]}, "refuse",
         "table: row 2, column A (width) has no value"),
        ({"width": [1], "colour": [None]}, "refuse",
         "table: row 2, column B (colour) has no value"),
    ],
)  # fmt: skip
def test_tables_that_do_not_fit_are_refused(message, columns, missing, text):
    whole = table(width=[1.0, 2.0, 3.0, 6.0], colour=["r", "b", "r", "b"])
    encoder = nn.TableEncoder.fit(whole, "kind", missing=missing)
    assert message(nn.TableError, lambda: encoder.encode(nn.Table.from_columns(columns))) == text


def test_a_class_no_training_row_had_is_refused(message):
    encoder = nn.TableEncoder.fit(table(), "kind")
    assert (
        message(nn.TableError, lambda: encoder.encode_target(table(kind=["a", "b", "c", "a"])))
        == "table: row 4, column C (kind) is 'c', a class no training row had: known: a, b"
    )
