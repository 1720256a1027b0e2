"""Train models on another machine: archives of files, and fits."""
