"""Mail: queued in the transaction that causes it, sent after it, retried, visible in the desk."""
