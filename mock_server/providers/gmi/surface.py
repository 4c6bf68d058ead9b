"""GMI's operations, one function each; the IAM variant shares those of the queue."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import msgspec

from contracts.contract import Contract, load_contract
from mock_server.core.account import Account
from mock_server.core.errors import Refused, TaskEnded
from mock_server.core.fault import Occasion
from mock_server.core.plan import Stage
from mock_server.core.session import Session
from mock_server.core.task import Task, TaskKind
from mock_server.flow.call import Answer, Call
from mock_server.flow.tasks import accept, count_poll, end_task
from mock_server.providers.base import DialectOf, Handler, bearer_token, body_of
from mock_server.providers.gmi import models, wire
from mock_server.providers.gmi.anatomy import ANATOMY, OCCASIONS
from mock_server.providers.gmi.dialects import DIALECTS
from mock_server.providers.gmi.iam import org_id, token_office, user_id
from mock_server.providers.gmi.submit import parse_submission, task_for
from mock_server.providers.gmi.uploads import upload_urls
from mock_server.providers.kling import wire as kling_wire
from mock_server.stores.base import Store

QUEUE = "/api/v1/ie/requestqueue/"
API_KEY_QUEUE = f"{QUEUE}apikey/"
LOGIN = "/api/v1/me/"
OPEN_PATHS = ("/api/v1/me/auth-tokens", "/api/v1/me/sessions")
LISTED_TASKS = 10_000
_QUEUE_OPERATIONS = ("SubmitRequest", "ListRequests", "GetRequest", "CancelRequest", "ListModels", "GetModel")


class GmiProvider:
    """Plays the request queue at ``/api/v1/ie/requestqueue`` and the log-in at ``/api/v1/me``."""

    name = "gmi"
    prefixes = ("/api/v1/ie/", LOGIN)
    signs_callbacks = True
    dialects = DIALECTS
    anatomy = ANATOMY

    def __init__(self) -> None:
        queue: dict[str, Handler] = dict(
            zip(
                _QUEUE_OPERATIONS,
                (self._submit, self._list, self._get, self._cancel, self._models, self._model),
                strict=True,
            )
        )
        self.handlers: Mapping[str, Handler] = {
            **{f"{name[0].lower()}{name[1:]}": handler for name, handler in queue.items()},
            **{f"iam{name}": handler for name, handler in queue.items()},
            "createUploadUrl": self._upload_url,
            "createAuthToken": self._log_in,
            "createSession": self._open_session,
            "refreshSession": self._refresh_session,
            "getProfile": self._profile,
        }

    @cached_property
    def contract(self) -> Contract:
        return load_contract(self.name)

    def caller(self, call: Call) -> Account | None:
        if call.path in OPEN_PATHS:
            # before anything of the body is read: what cannot be parsed holds passwords too
            call.hides_body = True
            return None
        token = bearer_token(call)
        keyring = call.simulator.keyring
        if call.path.startswith(API_KEY_QUEUE):
            account = keyring.by_key(token)
        else:
            office = token_office(call.simulator.settings.seed)
            account = office.account_of(keyring, token, "access", _now_s(call))
        if account is None:
            raise Refused("auth-invalid")
        if self.name not in account.scopes:
            raise Refused("forbidden")
        self._check_organization(call, account)
        return account

    def _check_organization(self, call: Call, account: Account) -> None:
        named = call.headers.get("x-organization-id")
        if named is None or named == org_id(account.tenant):
            return
        world = call.simulator.world(account.tenant)
        if call.simulator.dialect(world, "gmi.organization") == "own":
            raise Refused("forbidden")

    def path_of(self, call: Call) -> str:
        return call.path

    def occasion_of(self, call: Call) -> Occasion | None:
        name = call.operation.id.removeprefix("iam") if call.operation else ""
        occasion = OCCASIONS.get(f"{name[:1].lower()}{name[1:]}")
        if occasion is Occasion.SUBMIT and isinstance(call.body, dict):
            is_identify = models.KINDS.get(str(call.body.get("model"))) is TaskKind.IDENTIFY
            return Occasion.IDENTIFY if is_identify else occasion
        return occasion

    def refusal(self, call: Call, refused: Refused) -> Answer:
        row = self.contract.errors[refused.error]
        # the SDK reads another key on the login paths (gmi.md § 8)
        key = "message" if call.path.startswith(LOGIN) else "error"
        return Answer(row.http_status, msgspec.json.encode({key: refused.message or row.message}))

    def callback(self, store: Store, task: Task, moment_ms: int, dialect: DialectOf) -> bytes:  # noqa: ARG002
        return msgspec.json.encode(kling_wire.callback_data(task, moment_ms, load_contract("kling")))

    async def _submit(self, call: Call) -> Answer:
        submission = parse_submission(call, self.contract)
        task = accept(call, await task_for(call, self.contract, submission))
        if task.kind is TaskKind.IDENTIFY and call.dialect("gmi.identify") == "sync":
            return self._record(call, task)
        return _answer(wire.queued_record(task))

    async def _get(self, call: Call) -> Answer:
        return self._record(call, count_poll(call, self._own_task(call)))

    async def _list(self, call: Call) -> Answer:
        wanted = call.query.get("model_id") or call.query.get("model")
        kinds = models.kinds_of(wanted)
        tasks = call.simulator.store.tasks(
            call.tenant, provider=self.name, kinds=kinds, offset=0, limit=LISTED_TASKS
        )
        rows = [wire.record(task, call.shown_ms, call.dialect, self._session(call, task)) for task in tasks]
        return _answer({"requests": rows, "total": len(rows)})

    async def _cancel(self, call: Call) -> Answer:
        task = self._own_task(call)
        try:
            end_task(call.simulator, task, Stage.CANCELLED, call.now_ms, change=call.on_end)
        except TaskEnded as ended:
            if ended.stage is not Stage.CANCELLED:
                raise Refused("conflict") from ended
        return self._record(call, self._own_task(call))

    async def _models(self, call: Call) -> Answer:
        if call.path.startswith(API_KEY_QUEUE):
            return _answer({"model_ids": list(models.KINDS)})
        return _answer({"models": [models.card(call, self.contract, slug) for slug in models.KINDS]})

    async def _model(self, call: Call) -> Answer:
        slug = call.path_parameters["model_id"]
        if slug not in models.KINDS:
            raise Refused("unknown-model")
        return _answer(models.card(call, self.contract, slug))

    async def _upload_url(self, call: Call) -> Answer:
        return _answer(await upload_urls(call, body_of(call, self.contract)))

    async def _log_in(self, call: Call) -> Answer:
        body = body_of(call, self.contract)
        account = call.simulator.keyring.by_login(str(body["email"]), str(body["password"]))
        if account is None:
            raise Refused("auth-failed")
        token = token_office(call.simulator.settings.seed).login_token(account, _now_s(call))
        return _answer({"authToken": token, "is2FARequired": False})

    async def _open_session(self, call: Call) -> Answer:
        return self._session_tokens(call, "authToken", "login")

    async def _refresh_session(self, call: Call) -> Answer:
        return self._session_tokens(call, "refreshToken", "refresh")

    def _session_tokens(self, call: Call, field: str, use: str) -> Answer:
        body = body_of(call, self.contract)
        office, keyring = token_office(call.simulator.settings.seed), call.simulator.keyring
        try:
            account = office.account_of(keyring, str(body[field]), use, _now_s(call))
        except Refused as refused:
            raise Refused("auth-failed" if refused.error == "auth-invalid" else refused.error) from refused
        return _answer(office.session_tokens(account, _now_s(call)))

    async def _profile(self, call: Call) -> Answer:
        keyring = call.simulator.keyring
        office = token_office(call.simulator.settings.seed)
        account = office.account_of(keyring, bearer_token(call), "access", _now_s(call))
        user: wire.Data = {
            "id": user_id(account),
            "email": account.name,
            "firstName": account.name,
            "lastName": "",
        }
        return _answer({"user": user, "organization": {"id": org_id(account.tenant), "role": "owner"}})

    def _own_task(self, call: Call) -> Task:
        task = call.simulator.store.task(call.tenant, self.name, call.path_parameters["request_id"])
        if task is None:
            raise Refused("not-found")
        call.task_id = task.id
        return task

    def _record(self, call: Call, task: Task) -> Answer:
        return _answer(wire.record(task, call.shown_ms, call.dialect, self._session(call, task)))

    def _session(self, call: Call, task: Task) -> Session | None:
        if task.kind is not TaskKind.IDENTIFY or task.session_id is None:
            return None
        return call.simulator.store.session(call.tenant, self.name, task.session_id)


def _now_s(call: Call) -> int:
    """The wall's time: the SDK holds its tokens against the machine's clock."""
    return call.simulator.wall_ms() // 1000


def _answer(data: object) -> Answer:
    return Answer(200, msgspec.json.encode(data))
