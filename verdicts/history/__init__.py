"""The history: runs, outcomes, alerts and messages in one store, an SQLite file or a PostgreSQL database. The only I/O of this room."""
