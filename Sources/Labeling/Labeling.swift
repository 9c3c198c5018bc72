// The Labeling module.
