"""Kling's operations, one function each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import cast

import msgspec

from contracts.contract import Contract, load_contract
from mock_server.core.account import Account
from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion
from mock_server.core.plan import Failure
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Answer, Call
from mock_server.flow.identify import NO_FACE, open_session
from mock_server.flow.lip_sync import Job, prepare
from mock_server.flow.magic import asked_failure
from mock_server.flow.speech import make_speech
from mock_server.flow.tasks import accept, look_up, plan_of
from mock_server.flow.till import pay_call, require_funds
from mock_server.providers.base import DialectOf, Handler, bearer_token, body_of, query_number
from mock_server.providers.face_choose import parse_face_choose, sounds_of, text
from mock_server.providers.kling import wire
from mock_server.providers.kling.anatomy import ANATOMY, OCCASIONS
from mock_server.providers.kling.auth import Authenticator, Token
from mock_server.providers.kling.dialects import DIALECTS
from mock_server.providers.kling.finished import FinishedTasks
from mock_server.providers.kling.legacy import legacy_task
from mock_server.providers.kling.stages import STAGES, callback_stages
from mock_server.providers.speech import parse_script
from mock_server.stores.base import Store

RETRY_AFTER_S = b"1"
_RETRYABLE = frozenset({429, 503})
_LIP_SYNC = TaskKind.LIP_SYNC


class KlingProvider:
    """Plays Kling at ``/v1/videos`` and ``/v1/audio``."""

    name = "kling"
    prefixes = ("/v1/",)
    signs_callbacks = True
    dialects = DIALECTS
    anatomy = ANATOMY

    def __init__(self) -> None:
        self._authenticator = Authenticator()
        self._finished = FinishedTasks()
        self.handlers: Mapping[str, Handler] = {
            "identifyFace": self._identify,
            "createLipSync": self._create,
            "getLipSync": self._get,
            "listLipSync": self._list,
            "createSpeech": self._speak,
            "createLegacyLipSync": self._create_legacy,
            "getLegacyLipSync": self._get,
            "listLegacyLipSync": self._list,
        }

    @cached_property
    def contract(self) -> Contract:
        return load_contract(self.name)

    def caller(self, call: Call) -> Account:
        found = self._authenticator.find(call.simulator.keyring, bearer_token(call))
        if isinstance(found, Token):
            call.token_now_s = self._token_now_s(call, found.account)
            account = found.check(call.token_now_s)
        else:
            account = found
        if self.name not in account.scopes:
            raise Refused("forbidden")
        return account

    def _token_now_s(self, call: Call, account: Account) -> float:
        simulator = call.simulator
        world = simulator.world(account.tenant)
        is_virtual = simulator.dialect(world, "kling.jwt_clock") == "virtual"
        return (simulator.now_ms(world) if is_virtual else simulator.wall_ms()) / 1000

    def path_of(self, call: Call) -> str:
        if call.path == "/v1/videos/Identify-face" and call.dialect("kling.path_case") == "any":
            return "/v1/videos/identify-face"
        return call.path

    def occasion_of(self, call: Call) -> Occasion | None:
        return OCCASIONS.get(call.operation.id) if call.operation else None

    def refusal(self, call: Call, refused: Refused) -> Answer:
        row = self.contract.errors[refused.error]
        body: dict[str, object] = {
            "code": int(row.code),
            "message": refused.message or row.message,
            "request_id": call.fresh_uuid("request"),
        }
        if call.dialect("kling.error_data") == "null":
            body["data"] = None
        waits = row.http_status in _RETRYABLE and call.dialect("kling.retry_after") == "on"
        headers = ((b"retry-after", RETRY_AFTER_S),) if waits else ()
        return Answer(row.http_status, msgspec.json.encode(body), headers)

    def callback(self, store: Store, task: Task, moment_ms: int, dialect: DialectOf) -> bytes:  # noqa: ARG002
        return msgspec.json.encode(wire.callback_data(task, moment_ms, self.contract))

    async def _identify(self, call: Call) -> Answer:
        body = body_of(call, self.contract)
        video_url, video_id = text(body, "video_url"), text(body, "video_id")
        asked_failure(self.contract, None, [video_url])
        require_funds(call, self.contract, "identify")
        session = await open_session(call, self.contract, video_url=video_url, video_id=video_id)
        if not session.faces and call.dialect("kling.no_face") == "error":
            raise Refused("invalid-value", (NO_FACE,))
        pay_call(call, self.contract, "identify")
        return wire.envelope(call, wire.session_data(call, self.contract, session))

    async def _create(self, call: Call) -> Answer:
        body = body_of(call, self.contract)
        entries = parse_face_choose(body, accepts_data_uri=call.dialect("kling.data_uri") == "accept")
        failure = asked_failure(self.contract, text(body, "external_task_id"), sounds_of(entries))
        job = await prepare(call, self.contract, text(body, "session_id"), entries)
        if job.refused is not None:
            failure = self._late_failure(call, job)
        number = call.simulator.store.next_number(call.tenant, "task")
        return self._accepted(call, self._task(call, body, job, number, failure))

    def _late_failure(self, call: Call, job: Job) -> Failure:
        """The refusal as a failure of the accepted task, where a dialect wants it so. Raises it otherwise."""
        refused = cast(Refused, job.refused)
        switch = "kling.moderation" if refused.error == "moderation" else "kling.media_faults"
        if job.stage == "identity" or call.dialect(switch) == "create":
            raise refused
        return Failure(refused.error, refused.message or self.contract.errors[refused.error].message)

    def _task(
        self, call: Call, body: Mapping[str, object], job: Job, number: int, failure: Failure | None
    ) -> Task:
        session = job.session
        assert session is not None, "a job without a session is refused"
        home = call.home
        task_id, result_id = call.choices.decimal_pair("task", self.name, number)
        watermark = body.get("watermark_info")
        return Task(
            task_id,
            home.tenant,
            self.name,
            _LIP_SYNC,
            number,
            plan_of(call, STAGES, task_id, failure),
            call.base_url,
            external_id=text(body, "external_task_id") or None,
            callback_url=text(body, "callback_url") or None,
            callback_stages=callback_stages(call),
            holds_slot=True,
            result_id=result_id,
            session_id=session.id,
            video_url=session.video_url,
            video_id=session.video_id,
            video=session.video,
            clips=job.clips,
            wants_watermark=isinstance(watermark, dict) and watermark.get("enabled") is True,
        )

    def _accepted(self, call: Call, task: Task) -> Answer:
        stored = accept(call, task, slots=call.simulator.settings.slots)
        return wire.envelope(call, wire.created_data(stored))

    async def _create_legacy(self, call: Call) -> Answer:
        body = body_of(call, self.contract)
        given = cast(Mapping[str, object], body["input"])
        task = await legacy_task(call, self.contract, given, text(body, "callback_url"))
        return self._accepted(call, task)

    async def _get(self, call: Call) -> Answer:
        task = look_up(call, self.name, _kinds_of(call), call.path_parameters["id"])
        return wire.envelope(call, self._shown(call, task))

    async def _list(self, call: Call) -> Answer:
        page = query_number(call, "pageNum")
        size = query_number(call, "pageSize")
        tasks = call.simulator.store.tasks(
            call.tenant, provider=self.name, kinds=_kinds_of(call), offset=(page - 1) * size, limit=size
        )
        return wire.envelope(call, [self._shown(call, task) for task in tasks])

    def _shown(self, call: Call, task: Task) -> object:
        def render() -> wire.Data:
            return wire.task_data(task, call.shown_ms, self.contract, call.dialect)

        # the dialects that change a task object change it only until the task ends
        return self._finished.rendered(task, render) if task.plan.has_ended(call.shown_ms) else render()

    async def _speak(self, call: Call) -> Answer:
        body = body_of(call, self.contract)
        asked_failure(self.contract, None, [text(body, "text")])
        require_funds(call, self.contract, "speech")
        speech = await make_speech(call, self.contract, parse_script(body))
        pay_call(call, self.contract, "speech")
        task_id = call.choices.decimal_id("speech-task", speech.id)
        return wire.envelope(call, wire.speech_data(call, self.contract, task_id, speech))


def _kinds_of(call: Call) -> Collection[TaskKind]:
    """The advanced and the legacy endpoint each know their own tasks."""
    assert call.operation is not None, "the route is known"
    return (TaskKind.LEGACY_LIP_SYNC,) if "Legacy" in call.operation.id else (TaskKind.LIP_SYNC,)
