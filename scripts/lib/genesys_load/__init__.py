"""What the benches that make calls have in common: tests/load/webrtc_load, and where CPU time goes."""
