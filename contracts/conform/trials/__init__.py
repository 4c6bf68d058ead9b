"""What other tools try: Hypothesis in any order, Schemathesis with any input."""

from contracts.conform.trials.table import TRIALS

__all__ = ["TRIALS"]
