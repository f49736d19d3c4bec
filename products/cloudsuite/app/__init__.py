"""Cloud Suite: workspaces, projects and live documents as a small hosted product."""

VERSION = "1.0.0"
