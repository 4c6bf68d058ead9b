"""Faults of the payload layer: the word for a task's status is none that the contract knows."""

from __future__ import annotations

from mock_server.core.fault import Occasion, Window
from mock_server.core.plan import Stage
from mock_server.faults.json_edit import edit_tasks, get, put
from mock_server.faults.model import Expected, Fault, Layer, OnAnswer, Param, Scene
from mock_server.flow.call import Answer

_SHOWN = (Occasion.POLL, Occasion.LIST)
_UPPER = "upper"


def shows_success(scene: Scene) -> bool:
    """Whether the task at hand has succeeded; for a list, which may show anything, always."""
    return scene.task is None or scene.task.plan.at(scene.now_ms).stage is Stage.SUCCEEDED


def _unknown(answer: Answer, scene: Scene) -> Answer:
    status = scene.anatomy.status

    def reworded(task: object) -> object:
        return put(task, status, scene.text("word"))

    return edit_tasks(answer, scene.anatomy, reworded)


def _another_dialect(answer: Answer, scene: Scene) -> Answer:
    status, word = scene.anatomy.status, scene.anatomy.words[Stage.SUCCEEDED]
    spelled = word.upper() if scene.text("word") == _UPPER else scene.text("word")

    def reworded(task: object) -> object:
        return put(task, status, spelled) if get(task, status) == word else task

    return edit_tasks(answer, scene.anatomy, reworded)


FAULTS: tuple[Fault, ...] = (
    Fault(
        id="unknown-status",
        layer=Layer.PAYLOAD,
        says="shows a status that the contract does not have; all else stands as it is",
        client_must="go on waiting and write the word down, without a crash",
        hooks=(OnAnswer(_unknown, _SHOWN),),
        expected=Expected.SUCCESS,
        motive="a model that allowed only the known words turned a new one into an exception",
        link="https://github.com/exa-labs/exa-py/pull/175",
        window=Window(2, 3),
        params=(Param("word", "post_processing", "the new word"),),
    ),
    Fault(
        id="status-dialect-swap",
        layer=Layer.PAYLOAD,
        says="spells success as another provider does",
        client_must="map the words of its own contract, and not poll for ever when one looks like success",
        hooks=(OnAnswer(_another_dialect, _SHOWN),),
        expected=Expected.EITHER,
        motive="five services have five words for done, and a word that was not known counted as pending, without end",
        link="https://docs.crazyrouter.com/reference/status-codes",
        params=(
            Param(
                "word",
                "succeeded",
                "the word for success, such as COMPLETED; upper: the own word in capitals",
            ),
        ),
        counts=shows_success,
        notes={
            "gmi": "success becomes the word",
            "kirin": "completed becomes the word",
            "kling": "succeed becomes the word",
        },
    ),
)
