"""The web application: routers, middleware, and how a refusal is told."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from urllib.parse import quote

from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from products.cloudsuite.app import VERSION, refusals
from products.cloudsuite.app.access import Product, Visit, open_visit, require_operator
from products.cloudsuite.app.api import accounts as accounts_api
from products.cloudsuite.app.api import billing as billing_api
from products.cloudsuite.app.api import documents as documents_api
from products.cloudsuite.app.api import live as live_api
from products.cloudsuite.app.api import operator as operator_api
from products.cloudsuite.app.api import operator_billing as operator_billing_api
from products.cloudsuite.app.api import operator_projects as operator_projects_api
from products.cloudsuite.app.api import projects as projects_api
from products.cloudsuite.app.api import sessions as sessions_api
from products.cloudsuite.app.api import status as status_api
from products.cloudsuite.app.api import workspaces as workspaces_api
from products.cloudsuite.app.db import Database
from products.cloudsuite.app.domain.ratelimit import Limiter
from products.cloudsuite.app.live import Hub
from products.cloudsuite.app.pages import accounts as accounts_pages
from products.cloudsuite.app.pages import billing as billing_pages
from products.cloudsuite.app.pages import documents as documents_pages
from products.cloudsuite.app.pages import landing as landing_pages
from products.cloudsuite.app.pages import projects as projects_pages
from products.cloudsuite.app.pages import settings as settings_pages
from products.cloudsuite.app.pages import workspaces as workspaces_pages
from products.cloudsuite.app.refusals import Refusal
from products.cloudsuite.app.settings import Settings
from products.cloudsuite.app.telemetry import FinishedProvisionings, RequestRecord

PROBE_ROUTERS = (status_api.probes,)
"""At the root, for machines: liveness, version, metrics."""

API_ROUTERS = (
    accounts_api.router,
    sessions_api.router,
    workspaces_api.router,
    projects_api.router,
    documents_api.router,
    live_api.router,
    billing_api.router,
    status_api.router,
)
OPERATOR_ROUTERS = (operator_api.router, operator_projects_api.router, operator_billing_api.router)
PAGE_ROUTERS = (
    landing_pages.router,
    accounts_pages.router,
    settings_pages.router,
    workspaces_pages.router,
    projects_pages.router,
    documents_pages.router,
    billing_pages.router,
)

CONTENT_SECURITY_POLICY = "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
YEAR = 31_536_000
"""Seconds."""


def create_app(settings: Settings) -> FastAPI:
    """The whole product but its worker."""
    app = FastAPI(
        title="Cloud Suite",
        version=VERSION,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.product = Product(
        settings=settings,
        database=Database(settings.data),
        signups=Limiter(settings.rate_signups_per_minute),
        login_failures=Limiter(settings.rate_login_failures_per_minute),
        hub=Hub(),
        finished_provisionings=FinishedProvisionings(),
    )
    for router in PROBE_ROUTERS:
        app.include_router(router)
    for router in API_ROUTERS:
        app.include_router(router, prefix="/api/v1")
    for router in OPERATOR_ROUTERS:
        app.include_router(router, prefix="/operator", dependencies=[Depends(require_operator)])
    for router in PAGE_ROUTERS:
        app.include_router(router, dependencies=[Depends(open_visit)], include_in_schema=False)
    app.mount("/static", StaticFiles(directory=Path(__file__).with_name("static")))
    app.add_exception_handler(Refusal, _refused)
    app.add_exception_handler(RequestValidationError, _misread)
    app.add_exception_handler(UnicodeEncodeError, _unwritable)
    app.add_exception_handler(HTTPException, _unrouted)
    app.add_exception_handler(Exception, _broken)
    app.add_middleware(SecurityHeaders, secure=settings.secure)
    app.add_middleware(RequestRecord)
    return app


def security_headers(*, secure: bool) -> dict[str, str]:
    """What browsers are told with every answer."""
    headers = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
    }
    return headers | ({"Strict-Transport-Security": f"max-age={YEAR}"} if secure else {})


class SecurityHeaders:
    """ASGI middleware: puts the security headers on every HTTP answer."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.headers = security_headers(secure=secure)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
            await send(message)

        await self.app(scope, receive, secured)


def problem(request: Request, refusal: Refusal) -> JSONResponse:
    """A refusal as RFC 9457 tells it."""
    body = {
        "type": f"urn:cloudsuite:{refusal.code}",
        "title": HTTPStatus(refusal.status).phrase,
        "status": refusal.status,
        "detail": refusal.message,
        "code": refusal.code,
        **refusal.particulars(),
        "request_id": request.state.request_id,
    }
    headers = {} if refusal.retry_after is None else {"Retry-After": str(refusal.retry_after)}
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return JSONResponse(body, refusal.status, headers, "application/problem+json")


def _for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/operator/"))


def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    if _for_programs(request):
        return problem(request, refusal)
    if refusal.code == "unauthenticated":
        here = request.url.path if request.method == "GET" else "/w"
        return RedirectResponse(f"/login?next={quote(here, safe='')}", 303)
    return Visit(request, {}).page("refused.html", refusal=refusal)


def _misread(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    field = str(first["loc"][-1]) if first["loc"] else "body"
    return _refused(request, refusals.invalid_input(field, f"{first['msg']}."))


def _unwritable(request: Request, _error: Exception) -> Response:
    """JSON can carry halves of characters, which no text has; whatever would keep them stumbles."""
    return _refused(request, refusals.invalid_input("body", "This is not Unicode text."))


def _unrouted(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        response = _refused(request, refusals.method_not_allowed())
    elif error.status_code == HTTPStatus.NOT_FOUND:
        response = _refused(request, refusals.not_found())
    else:
        response = _refused(request, refusals.invalid_input("body", str(error.detail)))
    response.headers.update(error.headers or {})
    return response


def _broken(request: Request, _error: Exception) -> Response:
    """An error of ours. This runs outside of the middleware, so it sets what that would have set."""
    request_id = request.state.request_id
    body = {
        "type": "urn:cloudsuite:internal_error",
        "title": "Internal Server Error",
        "status": 500,
        "detail": "Something broke on our side. It is logged under the request id.",
        "code": "internal_error",
        "request_id": request_id,
    }
    headers = security_headers(secure=request.app.state.product.settings.secure) | {"X-Request-Id": request_id}
    if _for_programs(request):
        return JSONResponse(body, 500, headers, "application/problem+json")
    return Response(f"{body['detail']} {request_id}", 500, headers, "text/plain")
