# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""What a network costs, as plain data."""

from __future__ import annotations

import json
from dataclasses import dataclass


@dataclass(frozen=True)
class Layer:
    """A contraction.

    `macs` are the multiply-accumulates of one sample, `bits` the widths of its
    two factors (means, where channels or elements have their own), `bops` the
    bit-operations, `share` their share of the whole, from 0 to 1. `units` says
    of each factor how many channels or elements have which width; empty where
    there is one width. `costs` has what the layer costs by other models.
    """

    name: str
    op: str
    location: str
    macs: int
    bits: tuple[float, float]
    bops: float
    share: float
    units: tuple[dict[int, int], dict[int, int]]
    costs: dict[str, float]


@dataclass(frozen=True)
class Bound:
    """A bound on a cost; `limit` and `cost` in the model's unit."""

    model: str
    cost: float
    limit: float
    percent: float
    limit_percent: float

    @property
    def is_kept(self) -> bool:
        """Whether the cost is at most the limit."""
        return self.cost <= self.limit


@dataclass(frozen=True)
class Cost:
    """The cost of a function: bit-operations, RBOP in percent, its layers.

    `parameters` has the bits that each weight or bias takes. As text it is the
    table that `cgmq-report` prints.
    """

    function: str
    bops: float
    full_bops: float
    rbop_percent: float
    memory_bits: int
    bounds: tuple[Bound, ...]
    layers: tuple[Layer, ...]
    parameters: dict[str, int]
    table: str

    def __str__(self) -> str:
        return self.table


def _units(layer: dict, side: str) -> dict[int, int]:
    units = layer.get(f"{side}_units", {})
    return {int(width): count for width, count in units.items()}


def make_cost(text: str, table: str) -> Cost:
    """From the JSON of the compiler."""
    data = json.loads(text)
    bounds = tuple(
        Bound(bound["model"], bound["cost"], bound["limit"], bound["percent"],
              100 * bound["limit"] / bound["full_cost"] if bound["full_cost"] else 0.0)
        for bound in data["bounds"])
    layers = tuple(
        Layer(layer["name"], layer["op"], layer["location"], layer["macs"],
              (layer["lhs_bits"], layer["rhs_bits"]), layer["bops"], layer["share"],
              (_units(layer, "lhs"), _units(layer, "rhs")), layer.get("costs", {}))
        for layer in data["layers"])
    parameters = {entry["name"]: entry["bits"] for entry in data["parameters"]}
    return Cost(data["function"], data["bops"], data["full_bops"],
                data["rbop_percent"], data["memory_bits"], bounds, layers,
                parameters, table)
