"""The process that speaks gRPC. It never imports a library that it serves."""
