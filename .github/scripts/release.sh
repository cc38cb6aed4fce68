#!/usr/bin/env bash
# release.sh ARGUMENT... runs goreleaser with these arguments in the project's folder, with syft for its SBOMs. Both are Go modules, which Go
# checks against its log of sums; the next versions of goreleaser need a newer Go than go.mod names.
set -euo pipefail
cd "$(dirname "$0")/../.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
GOBIN=$tools go install github.com/goreleaser/goreleaser/v2@v2.15.1
GOBIN=$tools go install github.com/anchore/syft/cmd/syft@v1.57.1
PATH=$tools:$PATH goreleaser "$@"
