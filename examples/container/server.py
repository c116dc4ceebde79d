"""The web API for programs that bear the token in CALSIGHT_TOKEN: python server.py [PORT]."""

import os
import sys

from calsight.serve import create_app, serve_forever


def main(port: int = 8000) -> None:
    """Serve until somebody stops it."""
    token = os.environ.get("CALSIGHT_TOKEN", "")
    if len(token) < 20:
        sys.exit("Set CALSIGHT_TOKEN to a long secret of your own: openssl rand -base64 32")
    serve_forever(create_app(token=token), host="0.0.0.0", port=port)  # noqa: S104 - the container's own network


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
