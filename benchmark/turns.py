# Part of the cgmq project, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Peers that take turns.

Each peer is a process of its own that has prepared everything and waits for
lines on its standard input (CommandLoop.h), so that all are warm, one at a time
runs, and what disturbs the machine disturbs all alike.
"""

import json
import os
import statistics
import subprocess
import time

BUILD = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))),
                     "build")


class Refused(Exception):
    """A peer that ends before it is ready; the text is what it said."""


class Peer:
    """A waiting process on the given cores."""

    def __init__(self, command, cores):
        self.errors = ""
        self.process = subprocess.Popen(
            command, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            preexec_fn=lambda: os.sched_setaffinity(0, cores))
        self.greeting = self._read()

    def _read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Refused(self.process.stderr.read().strip())
        return json.loads(line)

    def ask(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self._read()

    def close(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()


class Timing:
    """Seconds of one run, a number for each round."""

    def __init__(self):
        self.rounds = []

    @property
    def median(self):
        return statistics.median(self.rounds)

    @property
    def best(self):
        return min(self.rounds)

    def as_json(self):
        return {"median_s": self.median, "best_s": self.best,
                "rounds_s": self.rounds}


def take_turns(peers, rounds, turn_seconds, pause=0.0):
    """Times the requests of `peers`, {name: (peer, request)}, in alternation.

    A request becomes a command by the number of runs that follows it; that
    number is chosen so that a turn takes about `turn_seconds`. Each turn starts
    with one run that is not counted, which brings caches and threads back.
    `pause` seconds before it let the threads of others go to sleep.
    """
    counts = {}
    for name, (peer, request) in peers.items():
        peer.ask(f"{request} 1")
        once = min(peer.ask(f"{request} 1")["seconds"] for _ in range(2))
        counts[name] = max(1, round(turn_seconds / once))
    timings = {name: Timing() for name in peers}
    for number in range(rounds):
        order = list(peers.items())
        for name, (peer, request) in order if number % 2 == 0 else order[::-1]:
            time.sleep(pause)
            peer.ask(f"{request} 1")
            seconds = peer.ask(f"{request} {counts[name]}")["seconds"]
            timings[name].rounds.append(seconds / counts[name])
    return timings


def print_table(header, rows):
    """Columns as wide as they have to be; the first to the left."""
    rows = [header] + rows
    widths = [max(len(row[i]) for row in rows) for i in range(len(header))]
    for row in rows:
        print("  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths))).rstrip())


def write_json(path, content):
    if path:
        with open(path, "w") as file:
            json.dump(content, file, indent=2)
            file.write("\n")
