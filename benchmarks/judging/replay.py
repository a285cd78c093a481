"""Runs in the judges' own environment: pywb replays captures as they came, and `surt` gives the keys of addresses.

python replay.py pywb INDEX WARC_FOLDER   stdin: JSON [[timestamp, url]]; stdout: JSON [[status, SHA-256]]
python replay.py surt                     stdin: JSON list of addresses; stdout: JSON list of keys
"""

import hashlib
import json
import sys
from importlib.metadata import version


def replay(index: str, warcs: str, wanted: list[list[str]]) -> list[list[object]]:
    """What pywb's application answers for each capture, without rewriting (`id_`). No server, no network."""
    from pywb.apps.frontendapp import FrontEndApp
    from werkzeug.test import Client

    collections = {"judged": {"index_paths": index, "archive_paths": warcs}}
    client = Client(FrontEndApp(custom_config={"collections": collections, "debug": True}))
    answers = []
    for timestamp, url in wanted:
        answer = client.get(f"/judged/{timestamp}id_/{url}", headers={"Accept-Encoding": "gzip, deflate"})
        answers.append([answer.status_code, hashlib.sha256(answer.data).hexdigest()])
    return answers


def main() -> None:
    task, *rest = sys.argv[1:]
    given = json.load(sys.stdin)
    if task == "pywb":
        sys.stdout, out = sys.stderr, sys.stdout  # pywb prints as it goes
        result: list[object] = list(replay(*rest, given))
    else:
        from surt import surt

        out, result = sys.stdout, [surt(url) for url in given]
    json.dump({"version": version(task), "result": result}, out)


if __name__ == "__main__":
    main()
