"""What a worker does: a calendar in, a document out. Runs in a process of its own."""

from __future__ import annotations

import gc
import json
import multiprocessing
import os
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import BaseModel, TypeAdapter

from calsight import pipeline
from calsight.core.model.answers import MeetingsOut, PeopleOut, SuggestionsOut, WeekOut
from calsight.errors import CalsightError
from calsight.pipeline.diagnosis import Diagnosis, diagnose
from calsight.pipeline.suggestions import last_week, suggested
from calsight.render.documents import meetings_out, people_out, suggestions_out, week_out
from calsight.render.languages import said_in, words_in
from calsight.serve.asked import Done, MeetingsAsked, Task, check_source
from calsight.serve.problems import code_of, status_of

if TYPE_CHECKING:
    from calsight.pipeline import Judgement, Reading

_DIAGNOSIS = TypeAdapter(Diagnosis)
Listed = TypeVar("Listed", MeetingsOut, PeopleOut, SuggestionsOut, WeekOut)


def get_ready(memory: int) -> int:
    """Prepare a worker process, which lives long and is asked for little at a time; its number. It ends with its server,
    however that ends."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    gc.freeze()
    gc.set_threshold(50_000)
    with suppress(ImportError, ValueError, OSError):  # not every system has it, or lets it be set
        import resource

        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    return os.getpid()


def _end_with_parent() -> None:
    """A server that is killed tells nobody; a worker would wait for its next task for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def work(task: Task) -> Done:
    """Read, judge, and say it. Whatever goes wrong with the calendar is in what is returned; a defect of ours is raised."""
    try:
        reading = _read(task)
        return Done(_without_folders(_DOCUMENTS[task.document](reading, task), task))
    except CalsightError as error:
        detail = str(error)
        for number, path in enumerate(task.files, start=1):
            detail = detail.replace(path, "The upload" if len(task.files) == 1 else f"Upload {number}")
        if task.asked.private:
            from calsight.render.nameless import without_addresses

            detail = without_addresses(detail)
        return Done(code=code_of(error), status=status_of(error), detail=detail)
    except MemoryError:
        return Done(code="too_much", status=422, detail="This calendar needs more memory than the server gives to one.")
    finally:
        # A calendar leaves some 5,000 objects in cycles; left alone, they would be 25 MB of a worker. What a worker has loaded
        # is frozen, so this is quick there; in a process of somebody else's it is not ours to do.
        if multiprocessing.parent_process() is not None:
            gc.collect()


def _without_folders(body: bytes, task: Task) -> bytes:
    """The document without where on this machine an upload lay: its name alone is the source's."""
    for folder in {str(Path(path).parent) for path in task.files}:
        body = body.replace(json.dumps(folder + os.sep)[1:-1].encode(), b"")
    return body


def _read(task: Task) -> Reading:
    """The upload, which leads nowhere else, or the source that was named."""
    words, network, folders = [task.asked.source or ""], task.network, task.folders
    check_source(words[0])
    if task.files:
        words, network, folders = list(task.files), "none", tuple(str(Path(path).parent) for path in task.files)
    return pipeline.read(
        words,
        settings=task.settings,
        corrections=task.corrections,
        cache=False,
        network=network,
        folders=folders,
        **task.asked.reading(),
    )


def _report(reading: Reading, task: Task) -> bytes:
    from calsight.render.redact import private

    whole = pipeline.report(pipeline.judge(reading))
    report = private(whole) if task.asked.private else whole
    return said_in(report, task.asked.language).to_json(indent=None).encode()


def _of(make: Callable[[Judgement, Task], Listed]) -> Callable[[Reading, Task], bytes]:
    def document(reading: Reading, task: Task) -> bytes:
        from calsight.render.nameless import nameless

        judgement = pipeline.judge(reading)
        made = make(judgement, task)
        told = nameless(made, pipeline.report(judgement)) if task.asked.private else made
        return _json(said_in(told, task.asked.language))

    return document


def _json(document: BaseModel) -> bytes:
    return document.model_dump_json(by_alias=True).encode()


def _meetings(judgement: Judgement, task: Task) -> MeetingsOut:
    asked = cast(MeetingsAsked, task.asked)
    return meetings_out(judgement, kinds=asked.kind, first=asked.first, most=asked.most)


def _doctor(reading: Reading, task: Task) -> bytes:
    from calsight.render.nameless import nameless_diagnosis

    diagnosis = nameless_diagnosis(diagnose(reading)) if task.asked.private else diagnose(reading)
    if task.asked.language != "en":
        diagnosis = diagnosis.said_in(words_in(task.asked.language, zone=diagnosis.zone))
    return _DIAGNOSIS.dump_json(diagnosis)


_DOCUMENTS: dict[str, Callable[[Reading, Task], bytes]] = {
    "report": _report,
    "meetings": _of(_meetings),
    "people": _of(lambda judgement, _: people_out(judgement)),
    "suggestions": _of(lambda judgement, task: suggestions_out(suggested(judgement, ask=task.sources))),
    "week": _of(lambda judgement, task: week_out(last_week(judgement, ask=task.sources))),
    "doctor": _doctor,
}
