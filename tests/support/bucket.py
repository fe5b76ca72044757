"""An S3 server on this machine with a bucket, which newsmill reaches by the environment alone."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import Request, urlopen

import boto3
from moto.server import ThreadedMotoServer

NAME = "newsroom"


@contextmanager
def bucket() -> Iterator[dict[str, str]]:
    """An empty bucket; yields the variables of the environment that lead to its server."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    try:
        address = "http://{}:{}".format(*server.get_host_and_port())
        urlopen(Request(f"{address}/{NAME}", method="PUT")).close()
        yield {
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": address,
            "AWS_ALLOW_HTTP": "true",
        }
    finally:
        server.stop()


def held(name: str) -> bytes:
    """An object as another client reads it."""
    client = boto3.client("s3", endpoint_url=os.environ["AWS_ENDPOINT_URL"])
    return bytes(client.get_object(Bucket=NAME, Key=name)["Body"].read())
