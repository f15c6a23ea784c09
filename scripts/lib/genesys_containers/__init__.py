"""What stands in docker/.env, and the configuration that the containers of docker/compose.yaml get from it."""
