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

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Refused(Exception):
    """What cannot be run; the text is what the program said."""


class Peer:
    """A waiting process on the given cores."""

    def __init__(self, command, cores):
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


def add_options(parser):
    """What every comparison is told."""
    parser.add_argument("--build", default=os.path.join(ROOT, "build"),
                        help="folder of the build (default: build)")
    parser.add_argument("--networks", default="lenet5,classic,deep",
                        help="files of test/Models (default: %(default)s)")
    parser.add_argument("--threads", default="1",
                        help="numbers of threads, 1,2 (default: 1)")
    parser.add_argument("--batch", type=int, default=128,
                        help="samples in a step (default: 128)")
    parser.add_argument("--rounds", type=int, default=9,
                        help="turns of each peer (default: 9)")
    parser.add_argument("--turn-seconds", type=float, default=0.3,
                        help="length of a turn, about (default: 0.3)")
    parser.add_argument("--quick", action="store_true",
                        help="one run of each, to see that all is there")
    parser.add_argument("--json", help="file for the figures")


def get_model(network):
    return os.path.join(ROOT, "test", "Models", f"{network}.mlir")


def get_cores(threads):
    """The cores that all peers run on."""
    cores = sorted(os.sched_getaffinity(0))
    if threads > len(cores):
        raise Refused(f"expects at most {len(cores)} threads, one for each "
                      f"core, but got {threads}")
    return cores[:threads]


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


def take_turns(peers, options, threads):
    """Times the requests of `peers`, {name: (peer, request)}, in alternation.

    A request becomes a command by the number of runs that follows it; that
    number is chosen so that a turn is as long as the options say. Each turn
    starts with one run that is not counted, which brings caches and threads
    back; before it the threads of others, which spin for a while when they
    have nothing to do, are given time to go to sleep.
    """
    rounds = 1 if options.quick else options.rounds
    turn_seconds = 0.0 if options.quick else options.turn_seconds
    pause = 0.25 if threads > 1 else 0.0
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
