"""The story of a job, from a file on disk to a verified output: queue, states, scheduling, recovery. Free of Qt."""
