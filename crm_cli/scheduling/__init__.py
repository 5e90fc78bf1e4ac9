"""Commands that cron or a systemd user timer runs: their times, and how they are added, listed and removed."""
