"""What a product may offer, as small Protocols: one module for each capability, one Protocol for each thing that a product may have or lack.

A driver lists the Protocols (and the lifecycle actions) that its product offers; a scenario lists those it needs. An actor holds one object for
each module, under the module's name: ``actor.accounts`` fulfils the Protocols of `flows.contract.accounts` that the driver offers.
"""
