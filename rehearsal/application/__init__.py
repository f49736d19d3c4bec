"""The embedded product, started so that faults can be injected while it runs. In its ordinary start there is nothing of this, and nothing to switch on."""
