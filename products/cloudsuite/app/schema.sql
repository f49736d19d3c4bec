-- Every *_at, *_until, *_end is a moment in unix seconds. Secrets are kept as digests only.

CREATE TABLE IF NOT EXISTS accounts (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE,              -- trimmed, lower case
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    synthetic     INTEGER NOT NULL DEFAULT 0,        -- 1: made by monitoring, not a customer
    invitation_id TEXT,                              -- signed up from this invitation
    created_at    REAL NOT NULL,
    verified_at   REAL
);

CREATE TABLE IF NOT EXISTS sessions (
    id           TEXT PRIMARY KEY,
    token_digest TEXT NOT NULL UNIQUE,
    account_id   TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    created_at   REAL NOT NULL,
    expires_at   REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_of_account ON sessions (account_id);

CREATE TABLE IF NOT EXISTS api_tokens (
    id           TEXT PRIMARY KEY,
    token_digest TEXT NOT NULL UNIQUE,
    account_id   TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    name         TEXT NOT NULL,
    created_at   REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS api_tokens_of_account ON api_tokens (account_id);

CREATE TABLE IF NOT EXISTS links (                   -- mailed links that prove an address
    id            TEXT PRIMARY KEY,
    token_digest  TEXT NOT NULL UNIQUE,
    purpose       TEXT NOT NULL CHECK (purpose IN ('verification', 'reset', 'email')),
    account_id    TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    email         TEXT NOT NULL,                     -- where it was sent
    created_at    REAL NOT NULL,
    expires_at    REAL NOT NULL,
    used_at       REAL,
    superseded_at REAL
);
CREATE INDEX IF NOT EXISTS links_of_account ON links (account_id, purpose);

CREATE TABLE IF NOT EXISTS workspaces (
    id             TEXT PRIMARY KEY,
    name           TEXT NOT NULL,
    plan           TEXT NOT NULL DEFAULT 'free' CHECK (plan IN ('free', 'team', 'business')),
    status         TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'cancelling', 'grace', 'suspended')),
    period_end     REAL,
    grace_until    REAL,
    card_number    TEXT,                             -- a test card: no real number is accepted
    limit_projects INTEGER,                          -- operator's overrides: NULL plan's own, -1 unlimited
    limit_seats    INTEGER,
    limit_storage  INTEGER,                          -- bytes
    created_at     REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS members (
    workspace_id TEXT NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    account_id   TEXT NOT NULL REFERENCES accounts ON DELETE CASCADE,
    role         TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    joined_at    REAL NOT NULL,
    PRIMARY KEY (workspace_id, account_id)
);
CREATE INDEX IF NOT EXISTS members_of_account ON members (account_id);

CREATE TABLE IF NOT EXISTS invitations (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    email        TEXT NOT NULL,
    role         TEXT NOT NULL CHECK (role IN ('owner', 'admin', 'editor', 'viewer')),
    token_digest TEXT NOT NULL UNIQUE,
    state        TEXT NOT NULL CHECK (state IN ('pending', 'accepted', 'revoked', 'superseded')),
    created_at   REAL NOT NULL,
    expires_at   REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS invitations_of_workspace ON invitations (workspace_id, state);

CREATE TABLE IF NOT EXISTS projects (
    id             TEXT PRIMARY KEY,
    workspace_id   TEXT NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    name           TEXT NOT NULL,
    name_key       TEXT NOT NULL,                    -- the name, case folded
    state          TEXT NOT NULL,
    state_before   TEXT,                             -- the state from which it was deleted
    reason         TEXT,
    template       TEXT NOT NULL,
    tier           TEXT NOT NULL,
    region         TEXT NOT NULL,
    version        INTEGER NOT NULL DEFAULT 1,
    owner_id       TEXT REFERENCES accounts ON DELETE SET NULL,
    attempt        INTEGER NOT NULL DEFAULT 0,
    due_at         REAL,                             -- what is being made for it is ready
    deadline_at    REAL NOT NULL,                    -- late from then on
    created_at     REAL NOT NULL,
    updated_at     REAL NOT NULL,
    deleted_at     REAL,
    restore_until  REAL
);
CREATE INDEX IF NOT EXISTS projects_of_workspace ON projects (workspace_id, state);

CREATE TABLE IF NOT EXISTS project_states (          -- the history of a project
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    state      TEXT NOT NULL,
    at         REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS project_states_of_project ON project_states (project_id);

CREATE TABLE IF NOT EXISTS audit (
    id         INTEGER PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    at         REAL NOT NULL,
    actor_id   TEXT REFERENCES accounts ON DELETE SET NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('account', 'operator', 'system')),
    action     TEXT NOT NULL,
    from_state TEXT,
    to_state   TEXT
);
CREATE INDEX IF NOT EXISTS audit_of_project ON audit (project_id);

CREATE TABLE IF NOT EXISTS resources (               -- what a region holds for a project
    project_id TEXT PRIMARY KEY REFERENCES projects ON DELETE CASCADE,
    region     TEXT NOT NULL,
    made_at    REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS documents (
    id         TEXT PRIMARY KEY,
    project_id TEXT NOT NULL REFERENCES projects ON DELETE CASCADE,
    title      TEXT NOT NULL,
    body       TEXT NOT NULL,
    bytes      INTEGER NOT NULL,                     -- of the body in UTF-8
    version    INTEGER NOT NULL DEFAULT 1,
    updated_at REAL NOT NULL,
    updated_by TEXT REFERENCES accounts ON DELETE SET NULL
);
CREATE INDEX IF NOT EXISTS documents_of_project ON documents (project_id);

CREATE TABLE IF NOT EXISTS edits (                   -- live edits, by the revision they made
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    revision    INTEGER NOT NULL,
    position    INTEGER NOT NULL,
    deleted     INTEGER NOT NULL,
    inserted    TEXT NOT NULL,
    origin      TEXT,                                -- the live connection that made it
    account_id  TEXT REFERENCES accounts ON DELETE SET NULL,
    at          REAL NOT NULL,
    PRIMARY KEY (document_id, revision)
);

CREATE TABLE IF NOT EXISTS charges (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    project_id   TEXT REFERENCES projects ON DELETE SET NULL,
    amount_cents INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('pending', 'captured', 'void')),
    at           REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS charges_of_workspace ON charges (workspace_id);

CREATE TABLE IF NOT EXISTS invoices (
    id           TEXT PRIMARY KEY,
    workspace_id TEXT NOT NULL REFERENCES workspaces ON DELETE CASCADE,
    plan         TEXT NOT NULL,
    amount_cents INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('paid', 'declined')),
    at           REAL NOT NULL
);
CREATE INDEX IF NOT EXISTS invoices_of_workspace ON invoices (workspace_id);

CREATE TABLE IF NOT EXISTS provisionings (           -- finished ones, for the metrics
    id        INTEGER PRIMARY KEY,
    state     TEXT NOT NULL,                         -- the state it ended in
    synthetic INTEGER NOT NULL,
    seconds   REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS idempotency (
    scope       TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    answer      TEXT NOT NULL,                       -- JSON
    created_at  REAL NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE TABLE IF NOT EXISTS outbox (                  -- mail yet to be sent
    id              INTEGER PRIMARY KEY,
    recipient       TEXT NOT NULL,
    letter          TEXT NOT NULL,
    particulars     TEXT NOT NULL,                   -- JSON
    attempts        INTEGER NOT NULL DEFAULT 0,
    created_at      REAL NOT NULL,
    next_attempt_at REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS heartbeats (
    component TEXT PRIMARY KEY,
    at        REAL NOT NULL
);
