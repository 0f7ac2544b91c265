"""The usual Python client, as its documentation shows it: ``peer_requests.py put|get URL FILE CA_FILE``."""

import sys

import requests


def main(way: str, url: str, path: str, ca_file: str) -> None:
    if way == "put":
        with open(path, "rb") as file:  # noqa: PTH123 - as in the documentation
            requests.put(url, data=file, verify=ca_file, timeout=60).raise_for_status()
        return
    with requests.get(url, stream=True, verify=ca_file, timeout=60) as answer, open(path, "wb") as file:  # noqa: PTH123
        answer.raise_for_status()
        for piece in answer.iter_content(chunk_size=8192):
            file.write(piece)


main(*sys.argv[1:])
