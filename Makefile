# Thin over scripts/: each target says here what it does, and there how.
.DEFAULT_GOAL := help
.PHONY: help demo test check services stop bench drills image schema messages access fmt

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r name text; do printf '  make %-10s %s\n' "$$name" "$$text"; done

demo: ## set up everything, start it with demonstration data, and run the main job
	@bash scripts/demo

test: ## set up what the tests need and run them (ARGS="-k word" to choose)
	@bash scripts/test $(ARGS)

check: ## lint, types, import rules, deployment check, API description, and all tests
	@bash scripts/check

services: ## start this checkout's PostgreSQL and Redis alone; then manage.py just works
	@bash scripts/services

stop: ## stop what this checkout started, and nothing else
	@bash scripts/stop

bench: ## run the benchmarks
	@bash scripts/test tests/benchmarks -s $(ARGS)

drills: ## run the failure drills
	@bash scripts/test tests/drills $(ARGS)

image: ## build the container image from what is committed, and test it with all services
	@bash scripts/image

schema: ## write openapi.yaml anew from the code
	@bash scripts/schema

messages: ## collect the texts that people see into the Arabic catalogue, and compile it
	@bash scripts/messages

access: ## write docs/access.md anew: who gets what
	@WRITE_ACCESS_TABLE=1 bash scripts/test tests/security/test_access_table.py

fmt: ## format the code
	@bash scripts/fmt
