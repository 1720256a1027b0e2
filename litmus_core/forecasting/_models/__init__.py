"""What learns from series: statistical models of each, and boosted trees of all."""
