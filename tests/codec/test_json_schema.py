import json

import jsonschema
import pytest
from hypothesis import given, settings

import strategies
from pybridge.codec import encode
from pybridge.codec.json_schema import SCHEMAS, json_schema
from pybridge.model.snapshot import Snapshot

VALIDATOR = jsonschema.Draft202012Validator(json_schema("descriptor"))


@pytest.mark.parametrize("noun", sorted(SCHEMAS))
def test_every_schema_is_one_and_says_which_draft(noun):
    schema = json_schema(noun)

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["title"] == f"pybridge {noun}"


@given(strategies.descriptors)
@settings(max_examples=40)
def test_any_descriptor_is_valid(descriptor):
    VALIDATOR.validate(json.loads(encode(descriptor)))


@given(strategies.build(Snapshot))
def test_any_snapshot_is_valid(snapshot):
    jsonschema.Draft202012Validator(json_schema("snapshot")).validate(json.loads(encode(snapshot)))


@given(strategies.descriptors)
@settings(max_examples=20)
def test_a_descriptor_without_its_target_or_with_another_schema_is_not(descriptor):
    value = json.loads(encode(descriptor))

    assert VALIDATOR.is_valid(value)
    assert not VALIDATOR.is_valid({key: value[key] for key in value if key != "target"})
    assert not VALIDATOR.is_valid({**value, "schema": "pybridge.descriptor/0"})
    assert not VALIDATOR.is_valid({**value, "roots": "demo"})
