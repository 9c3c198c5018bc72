// The Work module.
