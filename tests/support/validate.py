"""validate.py DOCUMENT SCHEMA: prints "valid", or what is wrong and where. Schemas that it refers to stand beside it."""
import json
import os
import sys
import warnings

warnings.simplefilter("ignore", DeprecationWarning)
import jsonschema  # noqa: E402


def load(path):
    with open(path, "rb") as source:
        return json.load(source)


def main(document, schema):
    place = os.path.dirname(os.path.abspath(schema))
    top = load(schema)
    base = top.get("$id") or top.get("id") or "file://" + place + "/"
    store = {}
    for name in os.listdir(place):
        if name.endswith(".json"):
            beside = load(os.path.join(place, name))
            store[beside.get("$id") or beside.get("id") or name] = beside
            # Referred to by its name, from wherever the schema says it lives.
            store[base.rsplit("/", 1)[0] + "/" + name] = beside
    resolver = jsonschema.RefResolver(base, top, store=store)
    validator = jsonschema.validators.validator_for(top)(top, resolver=resolver)
    errors = list(validator.iter_errors(load(document)))
    for error in errors[:5]:
        print("/".join(map(str, error.path)) + ": " + error.message[:300])
    if not errors:
        print("valid")


main(*sys.argv[1:])
