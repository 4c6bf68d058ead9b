"""Faults of the async layer at the result: the task says done, and the file says no."""

from __future__ import annotations

from mock_server.core.fault import Occasion, Window
from mock_server.faults.model import Expected, Fault, InPlace, Layer, Reply, Scene
from mock_server.flow.call import Answer
from mock_server.flow.file_answer import NO_FILE

_DOWNLOAD = (Occasion.DOWNLOAD,)


def _no_result(scene: Scene) -> Reply:  # noqa: ARG001
    return Answer(422, b'{"error":"the request could not be processed, so there is no result"}')


def _gone(scene: Scene) -> Reply:  # noqa: ARG001
    return NO_FILE


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="completed-result-422",
        layer=Layer.ASYNC,
        says="shows the task as succeeded, and answers the download of its result with 422",
        client_must="report that there is no result, and stop",
        hooks=(InPlace(_no_result, _DOWNLOAD),),
        expected=Expected.FAILURE,
        motive="a provider without a word for failed said completed, and told the truth only with the result",
        link="https://github.com/TanStack/ai/pull/396",
        window=Window(1, 1),
    ),
    Fault(
        id="result-read-once",
        layer=Layer.ASYNC,
        says="gives the result out once, and knows nothing of it afterwards",
        client_must="keep what the first read brings, and read it in full before anything else",
        hooks=(InPlace(_gone, _DOWNLOAD),),
        expected=Expected.SUCCESS,
        motive="a server took the result from its table at the first read: an answer that got lost was a result lost",
        link="https://github.com/ConesaLab/paintomics4/pull/155",
        window=Window(2, None),
    ),
)
