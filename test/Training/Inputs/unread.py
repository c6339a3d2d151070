"""unread.py WEIGHT-WIDTHS ACTIVATION-WIDTHS < frozen.mlir

Checks that the weights of each channel that the activation prunes are pruned too.
"""

import re
import sys


def get_widths(name, text):
    values = re.search(rf"@{re.escape(name)}\(dense<([^>]*)>", text)
    if not values:
        sys.exit(f"expects widths in @{name}")
    return [int(number) for number in re.findall(r"\d+", values.group(1))]


text = sys.stdin.read()
weights, activations = (get_widths(name, text) for name in sys.argv[1:3])
pruned = [channel for channel, width in enumerate(activations) if width == 0]
for channel in pruned:
    if weights[channel] != 0:
        sys.exit(f"channel {channel} has weights of {weights[channel]} bits")
print(f"{len(pruned)} channels pruned, and what makes them")
