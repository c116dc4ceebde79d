"""calsight inside another FastAPI product: mounted behind its sign-in, and its report on a page of the product's own.

uvicorn inside_fastapi:app
"""

import tempfile
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, Header, Request, UploadFile
from fastapi.responses import HTMLResponse

import calsight
from calsight.serve import create_app

USERS = {"secret-of-ana": "ana@example.com"}  # the product's own sign-in goes here


def signed_in(request: Request) -> bool:
    """Whether the product knows who asks."""
    return request.headers.get("x-session") in USERS


app = FastAPI(title="A product")
app.mount("/calsight", create_app(authenticate=signed_in))


@app.post("/my-report")
async def my_report(file: UploadFile, x_session: Annotated[str, Header()]) -> HTMLResponse:
    """The report on an uploaded calendar, as a page to be shown in a frame of the product's own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "calendar.ics"
        path.write_bytes(await file.read())
        report = calsight.analyze(path, me=USERS[x_session], settings={}, cache=False, network="none", folders=[folder])
    return HTMLResponse(calsight.rendered(report, "html"))
