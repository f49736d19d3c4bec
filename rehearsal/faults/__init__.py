"""One file for each fault, and each control. `rehearsal.fault` says what a file declares."""
