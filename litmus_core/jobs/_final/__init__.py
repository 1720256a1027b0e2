"""The final model: the judged model, fitted again on all rows and then deployed."""
