#!/usr/bin/env python3
"""A Patchbay agent of type process: one JSON object per line in, some out. Python's standard library is all it needs.

Standard output belongs to the hub. What you want to say to people goes to standard error, and from there to the hub's log.
"""

import json
import sys
import threading


def say(**members):
    sys.stdout.write(json.dumps(members) + "\n")
    sys.stdout.flush()


def answer(turn):
    """Yields the answer in pieces; put your own work here."""
    earlier = sum(1 for line in turn["history"] if line["role"] == "user")
    words = turn["text"].split()
    yield f"You said {len(words)} word{'' if len(words) == 1 else 's'}"
    yield f", after {earlier} earlier message{'' if earlier == 1 else 's'}."


def beat(stop):
    """Says every 30 seconds that we are alive, so that a long turn is not taken for a hang."""
    while not stop.wait(30):
        say(heartbeat=True)


def main():
    print("ready", file=sys.stderr, flush=True)
    # The hub closes our input when it stops, and the loop ends. A program that goes on after that is ended.
    for line in sys.stdin:
        turn = json.loads(line)
        message_id = turn["message_id"]
        stop = threading.Event()
        threading.Thread(target=beat, args=(stop,), daemon=True).start()
        try:
            for piece in answer(turn):
                say(message_id=message_id, delta=piece)
            say(message_id=message_id, done=True)
        except Exception as trouble:
            # Fails this turn only. Without it the program would end, and the turn would be tried once more.
            say(message_id=message_id, error=type(trouble).__name__, done=True)
        finally:
            stop.set()


if __name__ == "__main__":
    main()
