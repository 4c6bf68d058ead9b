"""The writers of reports: each one listens to a run and judges nothing."""
