"""Runs programs side by side until its standard input ends; then none of them is left.

Its standard input begins with one line of JSON: a list of commands.
"""

import json
import subprocess
import sys


def main() -> None:
    commands = json.loads(sys.stdin.readline())
    running = [subprocess.Popen(command, stdin=subprocess.DEVNULL) for command in commands]
    print("ready", flush=True)
    sys.stdin.read()
    for process in running:
        process.terminate()
    for process in running:
        process.wait()


if __name__ == "__main__":
    main()
