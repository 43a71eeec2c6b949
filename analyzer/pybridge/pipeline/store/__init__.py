"""What people do with the store itself: look at it, look after it, share it. One file a use case."""
