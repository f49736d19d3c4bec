"""The product's rules: functions over an open transaction; no HTTP here."""
