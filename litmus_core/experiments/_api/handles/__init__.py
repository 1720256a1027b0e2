"""What train returns: live handles of runs, their leaderboards and progress."""
