"""What a reviewer asks of every number: where it is from, whether it is right, what changed."""
