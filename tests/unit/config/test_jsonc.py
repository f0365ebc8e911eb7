import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pointsman.config.jsonc import JsoncError, parse
from pointsman.text import Span

NUMBERS = st.integers(-(10**18), 10**18) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.sampled_from([None, 0, 2]))
def test_all_json_is_read_as_json_reads_it(value, ascii_only, indent):
    assert parse(json.dumps(value, ensure_ascii=ascii_only, indent=indent)).value == value


@given(VALUES)
def test_the_place_of_each_value_holds_just_that_value(value):
    text = json.dumps(value)
    document = parse(text)
    for path, span in document.spans.items():
        found = value
        for part in path:
            found = found[part]
        assert json.loads(text[span.start : span.end]) == found
    for path, span in document.keys.items():
        assert json.loads(text[span.start : span.end]) == path[-1]


@given(st.text(alphabet="{}[]\",:\\/*1eE+-.tfn \n\r\t'u$aé"))
def test_other_text_is_refused_with_a_place_in_it(text):
    refused = None
    try:
        parse(text)
    except JsoncError as error:
        refused = error
    assert refused is None or 0 <= refused.span.start <= refused.span.end <= len(text)


def test_comments_and_trailing_commas():
    text = '\ufeff// one\n{"a": /* two\n */ [1, 2,], // "b": 3\r"c": {},}\n/* end */'
    assert parse(text).value == {"a": [1, 2], "c": {}}


def test_json5_only_where_it_is_asked_for():
    text = "{unquoted: 'it\\'s \"so\"', $ref_1: 1}"
    assert parse(text, loose=True).value == {"unquoted": 'it\'s "so"', "$ref_1": 1}
    with pytest.raises(JsoncError, match="double quotes"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "message", "start"),
    [
        ("", "a value was expected", 0),
        ("{", '"}" is missing', 0),
        ('{"a" 1}', '":" was expected', 5),
        ('{"a": 1 "b": 2}', '"," or "}" was expected', 8),
        ("[1 2]", '"," or "]" was expected', 3),
        ('{"a": "b\n"}', "does not end on its line", 6),
        ('"\\x"', "wrong escape", 0),
        ('"\\ud800"', "half a character", 0),
        ("/* a", "this comment does not end", 0),
        ("[true, False]", "False is no value", 7),
        ("NaN", "NaN is no value", 0),
        ("1e999", "too large", 0),
        ("1" * 5000, "too large", 0),
        ("{} {}", "more after the end", 3),
        ('{"a": 1,\n "a": 2}', 'line 2, column 2: the key "a" is there twice', 10),
        ("[" * 100, "nested too deeply", 51),
    ],
)
def test_what_is_wrong_is_named_where_it_is(text, message, start):
    with pytest.raises(JsoncError) as caught:
        parse(text)
    assert message in caught.value.message
    assert caught.value.span.start == start


def test_a_key_is_pointed_at_where_its_value_is_missing():
    document = parse('{"a": {"b": 1}}')
    assert document.where(("a", "b", "c")) == Span(7, 10)
    assert document.where(("x",)) == document.spans[()]
