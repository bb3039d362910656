#!/usr/bin/env python3
"""A worker for Sluice: claims the jobs of a generator of the kind `pull`, and makes their candidates.

Needs Python 3.9 or newer, and nothing beside its standard library.

    export SLUICE_URL=http://127.0.0.1:4000
    export SLUICE_API_KEY=…        # a key with the scopes VIEW and OPERATE
    python3 worker.py my-generator

Change `make` to what your candidates are made with.
"""

import base64
import json
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request

URL = os.environ.get("SLUICE_URL", "http://127.0.0.1:4000").rstrip("/")
KEY = os.environ.get("SLUICE_API_KEY", "")
LEASE_SECONDS = 30
WAIT_SECONDS = 20  # How long Sluice holds the question for a job where there is none yet.


def make(job, tell):
    """Makes one candidate. Returns what `completeJob` takes beside the token.

    `tell(progress, message, preview)` shows how far it is, and raises `Unwanted` once nobody wants the candidate any
    more. A preview is how it looks so far, if there is something to see: the bytes of a PNG, JPEG or WebP.
    For a failure that another attempt may mend, raise `TryAgain`.
    """
    red, green, blue = (job["seed"] >> shift & 255 for shift in (0, 8, 16))
    tell(0.1, "drawing", preview=png(8, 8, (red, green, blue)))
    sha256 = upload(png(64, 64, (red, green, blue)))
    return {"assets": [sha256], "meta": {"colour": [red, green, blue]}}


class Unwanted(Exception):
    """Nobody wants the candidate any more, or somebody else has the job."""


class TryAgain(Exception):
    """What went wrong may go well the next time."""


# --- How Sluice is spoken to. Nothing below has to be changed. ---

CLAIM = """mutation ($input: ClaimJobInput!) { claimJob(input: $input) {
  __typename
  ... on ClaimJobSuccess { askAgainAfterSeconds job {
    number leaseToken generator attempt ordinal seed notes
    run { number name prompt variables } step { position name description config }
    parent { id text meta asset { url mediaType } } feedback { round comment } } }
  ... on Error { message } } }"""
HEARTBEAT = """mutation ($input: HeartbeatInput!) { heartbeat(input: $input) {
  __typename ... on HeartbeatSuccess { wanted } ... on Error { message } } }"""
COMPLETE = """mutation ($input: CompleteJobInput!) { completeJob(input: $input) {
  __typename ... on CompleteJobSuccess { candidate { id } } ... on Error { message } } }"""
FAIL = """mutation ($input: FailJobInput!) { failJob(input: $input) {
  __typename ... on Error { message } } }"""


def send(path, body, content_type):
    """One POST. A server that is away for a moment, or takes no more files just now, is asked again."""
    for pause in (0.5, 1, 2, 4, 8, None):
        request = urllib.request.Request(URL + path, data=body, method="POST")
        request.add_header("Authorization", f"Bearer {KEY}")
        request.add_header("Content-Type", content_type)
        try:
            with urllib.request.urlopen(request, timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code < 500 and (error.code != 429 or pause is None):
                said = error.read(2000).decode(errors="replace")
                raise RuntimeError(f"{path} answered {error.code}: {said}") from error
            if pause is None:
                raise
        except OSError:
            if pause is None:
                raise
        time.sleep(pause)


def ask(document, **fields):
    """One mutation: its success, or an exception with what the server says."""
    body = json.dumps({"query": document, "variables": {"input": fields}}).encode()
    answer = send("/graphql", body, "application/json")
    if answer.get("errors"):
        raise RuntimeError(answer["errors"][0]["message"])
    (result,) = answer["data"].values()
    if result["__typename"] == "LeaseLostError":
        raise Unwanted(result["message"])
    if result["__typename"].endswith("Error"):
        raise RuntimeError(result["message"])
    return result


def upload(data):
    """Keeps a picture's bytes; returns the sha256 that `completeJob` names it by."""
    return send("/assets", data, "application/octet-stream")["sha256"]


def download(asset):
    """The bytes of a parent's picture."""
    request = urllib.request.Request(URL + asset["url"], headers={"Authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request, timeout=60) as response:
        return response.read()


class Heart:
    """Beats while a job is worked on, so that the lease does not end."""

    def __init__(self, token):
        self.token, self.wanted, self.done = token, True, threading.Event()
        self.thread = threading.Thread(target=self.beat, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()

    def beat(self):
        while not self.done.wait(LEASE_SECONDS / 3):
            try:
                self.send()
            except Unwanted:
                return
            except Exception as error:  # The next beat may get through.
                print(f"heartbeat: {error}", file=sys.stderr)

    def tell(self, progress, message, preview=None):
        shown = {"preview": base64.b64encode(preview).decode()} if preview else {}
        self.send(progress=progress, message=message, **shown)

    def send(self, **report):
        if self.wanted:
            try:
                answer = ask(HEARTBEAT, leaseToken=self.token, leaseSeconds=LEASE_SECONDS, **report)
                self.wanted = answer["wanted"]
            except Unwanted:
                self.wanted = False
                raise
        if not self.wanted:
            raise Unwanted("Nobody wants this candidate any more.")


def work(job):
    token = job["leaseToken"]
    try:
        with Heart(token) as heart:
            made = make(job, heart.tell)
        ask(COMPLETE, leaseToken=token, **made)
        print(f"job {job['number']}: done", flush=True)
    except Unwanted as reason:
        print(f"job {job['number']}: {reason}", flush=True)
    except Exception as error:
        print(f"job {job['number']}: {error}", file=sys.stderr, flush=True)
        try:
            ask(FAIL, leaseToken=token, error=str(error) or repr(error), retryable=isinstance(error, TryAgain))
        except Unwanted:
            pass


def main():
    if not KEY:
        sys.exit("SLUICE_API_KEY is not set: an API key with the scopes VIEW and OPERATE.")
    if len(sys.argv) < 2:
        sys.exit("Usage: python3 worker.py GENERATOR…")
    ending, idle = threading.Event(), threading.Event()

    def end(*_):
        ending.set()
        if idle.is_set():
            sys.exit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    print(f"claiming jobs of {', '.join(sys.argv[1:])}", flush=True)
    while not ending.is_set():
        try:
            try:
                idle.set()
                claimed = ask(CLAIM, generators=sys.argv[1:], leaseSeconds=LEASE_SECONDS, waitSeconds=WAIT_SECONDS)
            except RuntimeError as error:  # A wrong key, or no such generator.
                sys.exit(str(error))
            finally:
                idle.clear()
            if claimed["job"]:
                work(claimed["job"])
            ending.wait(claimed["askAgainAfterSeconds"])
        except OSError as error:  # Sluice is away for longer.
            print(f"{URL}: {error}", file=sys.stderr, flush=True)
            ending.wait(5)


def png(width, height, colour):
    """A picture of one colour, as PNG: in place of what your own program draws."""
    import struct
    import zlib

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


if __name__ == "__main__":
    main()
