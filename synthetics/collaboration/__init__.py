"""Collaboration and workspace."""
