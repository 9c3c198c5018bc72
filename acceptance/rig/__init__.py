"""What the tests from outside stand on: a started server, a picture host, a receiver of callbacks, a labeler."""
