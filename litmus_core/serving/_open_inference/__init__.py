"""The Open Inference Protocol, version 2, over HTTP, as in KServe, Triton and MLServer."""
