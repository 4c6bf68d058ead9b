"""Kirin's operations, one function each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import cast

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from contracts.contract import Contract, load_contract
from contracts.document import Json
from contracts.kirin.errors import UPSTREAM
from mock_server.core.account import Account
from mock_server.core.errors import Refused
from mock_server.core.fault import Occasion
from mock_server.core.plan import Failure, Plan, Stage
from mock_server.core.session import Session, Speech
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Answer, Call
from mock_server.flow.identify import NO_FACE, open_session
from mock_server.flow.lip_sync import Job, prepare
from mock_server.flow.magic import asked_failure
from mock_server.flow.speech import make_speech
from mock_server.flow.tasks import accept, look_up, plan_of
from mock_server.providers.base import DialectOf, Handler, bearer_token
from mock_server.providers.face_choose import parse_face_choose, sounds_of, text
from mock_server.providers.kirin import discovery, wire
from mock_server.providers.kirin.anatomy import ANATOMY, OCCASIONS, named_model
from mock_server.providers.kirin.dialects import DIALECTS
from mock_server.providers.kirin.precharge import precharge
from mock_server.providers.kirin.request import Generation, parse_generation
from mock_server.providers.kling import wire as kling_wire
from mock_server.providers.speech import parse_script
from mock_server.stores.base import Store

STAGES = (Stage.PROCESSING, Stage.SUCCEEDED)


class Made(Struct, frozen=True):
    """What the upstream service makes of a request: the thing itself, or the reason why there is none."""

    owned: Session | Speech | None = None
    job: Job | None = None
    failure: Failure | None = None


class KirinProvider:
    """Plays the gateway at ``/model/v1`` and its discovery at ``/api/v1/skill``."""

    name = "kirin"
    prefixes = ("/model/v1/", "/api/v1/skill/")
    signs_callbacks = False
    dialects = DIALECTS
    anatomy = ANATOMY

    def __init__(self) -> None:
        self.handlers: Mapping[str, Handler] = {
            "createGeneration": self._create,
            "prechargeGeneration": self._precharge,
            "getGeneration": self._get,
            "listModels": self._list_models,
            "getModelSpec": self._model_spec,
        }

    @cached_property
    def contract(self) -> Contract:
        return load_contract(self.name)

    def caller(self, call: Call) -> Account | None:
        if discovery.is_discovery(call.path) and not call.headers.get("authorization"):
            # one CLI asks for models without a key, the other with it (kirin.md ambiguity 31)
            return None
        account = call.simulator.keyring.by_key(bearer_token(call))
        if account is None:
            raise Refused("auth-invalid")
        if self.name not in account.scopes:
            raise Refused("forbidden")
        return account

    def path_of(self, call: Call) -> str:
        return call.path

    def occasion_of(self, call: Call) -> Occasion | None:
        operation = call.operation.id if call.operation else ""
        if operation != "createGeneration":
            return Occasion.POLL if operation == "getGeneration" else None
        return OCCASIONS.get(named_model(call))

    def refusal(self, call: Call, refused: Refused) -> Answer:
        row = self.contract.errors[refused.error]
        message = refused.message or row.message
        if row.code.isdigit() or discovery.is_discovery(call.path):
            body = wire.envelope_error(row, message)
        else:
            body = wire.http_error(row, message, call.fresh_uuid("request"))
        return Answer(row.http_status, msgspec.json.encode(body))

    def callback(self, store: Store, task: Task, moment_ms: int, dialect: DialectOf) -> bytes:
        if dialect("kirin.callback_body") == "kling" and task.kind is TaskKind.LIP_SYNC and task.video:
            # passed through, so with the id of the job behind the job (kirin.md § 9)
            job = replace(task, id=task.upstream_id)
            return msgspec.json.encode(kling_wire.callback_data(job, moment_ms, load_contract("kling")))
        return msgspec.json.encode(self._data(store, task, moment_ms, dialect))

    async def _create(self, call: Call) -> Answer:
        generation = parse_generation(call, self.contract)
        task = accept(call, self._task(call, generation, await self._made(call, generation)))
        is_instant = call.dialect("kirin.instant") == "on"
        moment_ms = call.now_ms if is_instant else task.created_ms - 1
        return _answer(self._data(call.simulator.store, task, moment_ms, call.dialect))

    async def _get(self, call: Call) -> Answer:
        task = look_up(call, self.name, tuple(TaskKind), call.path_parameters["id"])
        return _answer(self._data(call.simulator.store, task, call.shown_ms, call.dialect))

    async def _precharge(self, call: Call) -> Answer:
        return _answer(await precharge(call, self.contract, parse_generation(call, self.contract)))

    async def _list_models(self, call: Call) -> Answer:
        return _answer(discovery.model_page(call, self.contract))

    async def _model_spec(self, call: Call) -> Answer:
        return _answer(discovery.model_spec(call, self.contract))

    async def _made(self, call: Call, generation: Generation) -> Made:
        """Do the upstream service's work. Its refusals become the task's failure, or show at once by dialect."""
        parameters, kind = generation.parameters, generation.model.kind
        asked = self._asked_failure(parameters, kind)
        try:
            if kind is TaskKind.LIP_SYNC:
                # Kling sees the parameters only, so its faults have paths that begin there (kirin.md § 6)
                entries = parse_face_choose(parameters)
                job = await prepare(call, self.contract, text(parameters, "session_id"), entries)
                if job.refused is not None:
                    raise job.refused
                return Made(job=job, failure=asked)
            if kind is TaskKind.IDENTIFY:
                return Made(owned=await self._session(call, generation), failure=asked)
            return Made(owned=await make_speech(call, self.contract, parse_script(parameters)), failure=asked)
        except Refused as refused:
            if refused.error not in UPSTREAM or call.dialect("kirin.upstream_faults") == "create":
                raise Refused("invalid-value", refused.violations, refused.message) from refused
            return Made(failure=asked or _upstream_failure(refused))

    def _asked_failure(self, parameters: Mapping[str, object], kind: TaskKind) -> Failure | None:
        references = [text(parameters, "video_url"), text(parameters, "text")]
        if kind is TaskKind.LIP_SYNC:
            references = sounds_of(parse_face_choose(parameters))
        return asked_failure(self.contract, text(parameters, "external_task_id"), references)

    async def _session(self, call: Call, generation: Generation) -> Session:
        parameters = generation.parameters
        video_url, video_id = text(parameters, "video_url"), text(parameters, "video_id")
        session = await open_session(call, self.contract, video_url=video_url, video_id=video_id)
        if not session.faces and call.dialect("kirin.no_face") == "error":
            raise Refused("upstream-http", (NO_FACE,))
        return session

    def _task(self, call: Call, generation: Generation, made: Made) -> Task:
        number = call.simulator.store.next_number(call.tenant, "task")
        choices = call.choices
        task_id = choices.xid("task", self.name, number)
        is_identify = generation.model.kind is TaskKind.IDENTIFY
        session = made.owned if isinstance(made.owned, Session) else made.job.session if made.job else None
        return Task(
            id=task_id,
            tenant=call.tenant,
            provider=self.name,
            kind=generation.model.kind,
            number=number,
            plan=_plan(call, generation, made, task_id),
            base_url=call.base_url,
            model=generation.model.id,
            external_id=self._documented_text(generation, "external_task_id"),
            callback_url=self._documented_text(generation, "callback_url"),
            result_id=choices.decimal_id("result", self.name, number),
            # the job behind an identify-face is its session (kirin.md § 6, sample)
            upstream_id=session.id
            if is_identify and session
            else choices.decimal_id("upstream", self.name, number),
            session_id=session.id if session else None,
            video_url=session.video_url if session else "",
            video_id=session.video_id if session else "",
            video=session.video if session else None,
            clips=made.job.clips if made.job else (),
            speech_id=made.owned.id if isinstance(made.owned, Speech) else None,
        )

    def _documented_text(self, generation: Generation, name: str) -> str | None:
        """A field that not every model has; where the model has none, what was sent is unknown and ignored."""
        properties = cast(Json, self.contract.component(generation.model.schema)["properties"])
        return text(generation.parameters, name) or None if name in properties else None

    def _data(self, store: Store, task: Task, moment_ms: int, dialect: DialectOf) -> wire.Data:
        owned: Session | Speech | None = None
        if task.kind is TaskKind.IDENTIFY and task.session_id:
            owned = store.session(task.tenant, self.name, task.session_id)
        elif task.speech_id:
            owned = store.speech(task.tenant, self.name, task.speech_id)
        return wire.task_data(task, task.plan.at(moment_ms), self.contract, dialect, owned)


def _plan(call: Call, generation: Generation, made: Made, task_id: str) -> Plan:
    failure = made.failure
    in_text = (
        call.dialect("kirin.identify_fault") == "completed" and generation.model.kind is TaskKind.IDENTIFY
    )
    if failure is not None and in_text and failure.error in UPSTREAM:
        # the task completes, and its text carries Kling's refusal
        return replace(plan_of(call, STAGES, task_id, None), failure=failure)
    return plan_of(call, STAGES, task_id, failure)


def _upstream_failure(refused: Refused) -> Failure:
    """The gateway's report of Kling's refusal."""
    return Failure(refused.error, f"{wire.upstream_lead(refused.error)}{refused.message}")


def _answer(data: wire.Data) -> Answer:
    return Answer(200, msgspec.json.encode(data))
