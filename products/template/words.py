"""What is your product's own: every line that ends in FILL IN. The rest of this folder is written for a product with a JSON API and plain pages."""

from __future__ import annotations

from flows.contract.projects import State
from flows.refusal import Reason

# -- who it is -----------------------------------------------------------------------------------------------------------
PRODUCT = "Your Product"  # FILL IN: how it calls itself; a run ends before anything is sent where something else answers
VERSION = "/version"  # FILL IN: GET -> {"product": ..., "version": ...}

# -- what programs use ---------------------------------------------------------------------------------------------------
ACCOUNTS = "/api/accounts"  # FILL IN: POST name, email, password
SESSIONS = "/api/sessions"  # FILL IN: POST email, password -> {"token": ...}; DELETE ends the session
ME = "/api/me"  # FILL IN: GET -> {"id": ..., "email": ...}
PROJECTS = "/api/projects"  # FILL IN: POST name; GET -> {"items": [...]}; GET /ID; each {"id": ..., "name": ..., "state": ...}
STAFF_ACCOUNTS = "/staff/accounts"  # FILL IN: GET ?email= -> {"id": ...}; DELETE /ID, with the operator's token

# -- what people see: paths, and the words on fields and buttons ---------------------------------------------------------
SIGN_UP_PAGE = "/signup"  # FILL IN
LOG_IN_PAGE = "/login"  # FILL IN: where somebody who is not logged in is led to
HOME_PAGE = "/"  # FILL IN: says who is logged in, lists the projects, has the form for a new one
PROJECT_PAGE = "/projects/"  # FILL IN: with the project's id behind it
NAME, EMAIL, PASSWORD = "Name", "Email", "Password"  # FILL IN: labels of the fields
PROJECT_NAME = "Project name"  # FILL IN: label of the field
SIGN_UP, LOG_IN, LOG_OUT, CREATE = "Sign up", "Log in", "Log out", "Create"  # FILL IN: names of the buttons
PERSON_MARK = "person"  # FILL IN: the data-testid of what shows who is logged in: their address, with data-id
PROJECT_MARK = "project"  # FILL IN: the data-testid of a project, on its page and in the list: data-id, data-name, data-state

# -- what its words mean -------------------------------------------------------------------------------------------------
STATES = {"pending": State.PROVISIONING, "ready": State.ACTIVE, "failed": State.FAILED}  # FILL IN: every word that it has for the state of a project
REASONS = {"unauthenticated": Reason.UNAUTHENTICATED, "taken": Reason.TAKEN}  # FILL IN: its codes, or words of its refusals (see README.md)
