"""How a customer acts: the contract a product fulfils, the verbs of a scenario, waiting, naming, steps and blame."""
