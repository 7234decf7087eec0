"""One small program per behaviour: a module with a `main()`, run by every layer."""
