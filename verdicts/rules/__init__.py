"""The rules of judgement: one file for each kind of alert. Each reads a case and returns findings; `verdicts.judge` puts them together."""
