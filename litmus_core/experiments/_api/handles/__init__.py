"""The handles that ``train`` returns: live runs, their leaderboards and their progress."""
