"""The workers: processes, since reading and judging are work of the processor that threads would only take turns at.

Each is an executor of its own, so that one which takes too long, or dies, is replaced and takes nothing else with it.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field

from calsight.serve.asked import Done, Task
from calsight.serve.limits import Limits
from calsight.serve.problems import ProblemError
from calsight.serve.work import get_ready, work

#: Seconds in which a worker must be there.
START = 120.0


@dataclass(slots=True)
class _Worker:
    """A process; made when it is first needed. `ready` says its number, once it is there."""

    executor: Executor | None = None
    ready: Future[int] | None = None

    def close(self, *, at_once: bool = False) -> None:
        """End it; with `at_once` whatever it does."""
        if at_once and self.ready is not None and self.ready.done() and not self.ready.exception():
            with suppress(ProcessLookupError):
                os.kill(self.ready.result(), getattr(signal, "SIGKILL", signal.SIGTERM))
        if self.executor is not None:
            self.executor.shutdown(wait=False, cancel_futures=True)
        self.executor = self.ready = None


@dataclass(slots=True)
class Pool:
    """The workers of one server. It may be used from one event loop only."""

    limits: Limits
    _idle: asyncio.LifoQueue[_Worker] = field(default_factory=asyncio.LifoQueue)
    _made: list[_Worker] = field(default_factory=list)
    _waiting: int = 0

    async def run(self, task: Task) -> Done:
        """Have a task done. Raises `ProblemError` where all are busy, or it takes too long; what a worker dies of is tried
        once more, in another."""
        worker = await self._worker()
        try:
            for last in (False, True):
                try:
                    executor = await self._ready(worker)
                    return await asyncio.wait_for(_done(executor, task), self.limits.work)
                except BrokenProcessPool:
                    worker.close()
                    if last:
                        raise ProblemError(
                            422, "worker_died", "Reading this calendar ended its worker, twice. Please report it."
                        ) from None
                except TimeoutError:
                    worker.close(at_once=True)
                    raise ProblemError(
                        422,
                        "too_slow",
                        f"This calendar takes longer than {self.limits.work:g} seconds. Ask for less of it.",
                    ) from None
            raise AssertionError
        except asyncio.CancelledError:
            worker.close(at_once=True)
            raise
        finally:
            self._idle.put_nowait(worker)

    def close(self) -> None:
        """End all workers."""
        for worker in self._made:
            worker.close(at_once=True)

    async def _worker(self) -> _Worker:
        if self._idle.empty() and len(self._made) < max(1, self.limits.workers):
            self._made.append(_Worker())
            return self._made[-1]
        if self._idle.empty() and self._waiting >= self.limits.waiting:
            raise ProblemError(503, "busy", "All workers are busy. Come again in a moment.", {"Retry-After": "2"})
        self._waiting += 1
        try:
            return await self._idle.get()
        finally:
            self._waiting -= 1

    async def _ready(self, worker: _Worker) -> Executor:
        """Its executor, once its process is there: a calendar is not to blame for how long that takes."""
        if worker.executor is None and not self.limits.workers:
            worker.executor = ThreadPoolExecutor(4)
        elif worker.executor is None:
            worker.executor = ProcessPoolExecutor(1, mp_context=_context())
            worker.ready = worker.executor.submit(get_ready, self.limits.memory)
        if worker.ready is not None:
            try:
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(worker.ready)), START)
            except TimeoutError:
                worker.close()
                raise ProblemError(503, "busy", "The server has not begun yet.", {"Retry-After": "10"}) from None
        return worker.executor


async def _done(executor: Executor, task: Task) -> Done:
    return await asyncio.wrap_future(executor.submit(work, task))


def _context() -> multiprocessing.context.BaseContext:
    """Workers are forked from a small process that has everything loaded, where the system has such a thing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["calsight.serve.preload"])
    return context
