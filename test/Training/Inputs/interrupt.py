"""interrupt.py CHECKPOINT COMMAND...

Runs the command and kills it hard as soon as it has written the checkpoint for
the third time. Fails if the command ended before.
"""

import os
import signal
import subprocess
import sys
import time


def main():
    checkpoint, command = sys.argv[1], sys.argv[2:]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    seen = set()
    while len(seen) < 3 and process.poll() is None:
        if os.path.exists(checkpoint):
            # A file system may give a new file the number of the one replaced.
            status = os.stat(checkpoint)
            seen.add((status.st_ino, status.st_mtime_ns))
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    if process.wait() != -signal.SIGKILL:
        sys.exit("interrupt.py: the command has ended by itself")


if __name__ == "__main__":
    main()
