"""The instructions by family."""
