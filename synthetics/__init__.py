"""What is promised: one folder for each journey, one file for each scenario."""
