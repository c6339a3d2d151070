"""usage: compare-costs.py REPORT REPORT

Two stages of a network cost the same, layer by layer, whatever they are called.
"""

import json
import sys


def read(path):
    with open(path) as file:
        report = json.load(file)
    layers = [[layer[key] for key in ("macs", "lhs_bits", "rhs_bits", "bops")]
              for layer in report["layers"]]
    return report["rbop_percent"], layers


first, second = map(read, sys.argv[1:])
assert first == second, f"{first}\n{second}"
