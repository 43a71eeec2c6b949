"""What is known of classes, of the library and of the standard library, in one shape."""
