"""Proving the alarm: faults are injected, and each must be detected by the right scenario, reach the right owner in time, and clear."""
