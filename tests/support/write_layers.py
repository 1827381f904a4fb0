"""write_layers.py DIRECTORY: every layer of layer_cases.py as DIRECTORY/<case>-<number>, as an image stores it."""
import sys

from layer_cases import layer_cases

for case in layer_cases("/victim"):
    for number, layer in enumerate(case.layers):
        with open(f"{sys.argv[1]}/{case.name}-{number}", "wb") as out:
            out.write(layer[0] if isinstance(layer, tuple) else layer)
