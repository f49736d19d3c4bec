"""What a journey costs in this suite, in @playwright/test, and in a bare script: measured in one session, one after another, as ratios."""
