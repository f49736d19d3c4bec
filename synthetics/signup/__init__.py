"""Signup and onboarding."""
