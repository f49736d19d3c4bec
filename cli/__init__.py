"""The command `synthetics`: one file for each verb."""
