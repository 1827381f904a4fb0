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


class Beside(jsonschema.RefResolver):
    """Schemas refer to each other by addresses that nobody need serve: what they are called stands beside the first."""

    place = ""

    def resolve_remote(self, uri):
        return load(os.path.join(self.place, os.path.basename(uri)))


def main(document, schema):
    Beside.place = os.path.dirname(os.path.abspath(schema))
    top = load(schema)
    resolver = Beside(top.get("$id") or top.get("id") or "", top)
    validator = jsonschema.validators.validator_for(top)(top, resolver=resolver)
    errors = list(validator.iter_errors(load(document)))
    for error in errors[:5]:
        print("/".join(map(str, error.path)) + ": " + error.message[:300])
    if not errors:
        print("valid")


main(*sys.argv[1:])
