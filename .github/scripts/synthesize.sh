#!/usr/bin/env bash
# synthesize.sh synthesizes the stacks into cdktf.out, and builds the reviewer there. What is wrong with a file of an environment is
# annotated in its line. Of the revision BASE, if it is given, the stacks are synthesized into cdktf.out/base.
set -euo pipefail
said=$RUNNER_TEMP/said

# file:line:column: text, and file: text, as errors and warnings in their places
annotate() {
  sed -En -e 's/%/%25/g;tstart' -e ':start' \
    -e 's/^warning: (environments\/[^:]+):([0-9]+):([0-9]+): (.*)$/::warning file=\1,line=\2,col=\3::\4/p;t' \
    -e 's/^(environments\/[^:]+):([0-9]+):([0-9]+): (.*)$/::error file=\1,line=\2,col=\3::\4/p;t' \
    -e 's/^(environments\/[^:]+): (.*)$/::error file=\1::\2/p' "$1"
}

code=0
go run . 2>"$said" || code=$?
cat "$said" >&2
annotate "$said"
[ "$code" = 0 ] || exit "$code"
# Built, because `go run` turns every exit code into 1, and the gate's is 2.
go build -o cdktf.out/aimetrics ./cmd/aimetrics

[ -n "${BASE-}" ] || exit 0
base=$RUNNER_TEMP/base
if git worktree add --quiet --detach "$base" "$BASE" && (cd "$base" && CDKTF_OUTDIR=$base/cdktf.out go run . >/dev/null); then
  mv "$base/cdktf.out" cdktf.out/base
  # Beside the stacks, what else decides what a plan says.
  for file in .terraform.lock.hcl .terraform-version; do
    if [ -f "$base/$file" ]; then cp "$base/$file" cdktf.out/base/; fi
  done
elif [ -n "$(git diff --name-only --diff-filter=DR "$BASE" -- environments)" ]; then
  echo "::error::Files of environments are gone, and the stacks of $BASE cannot be synthesized, so nobody can see what that leaves on AWS. Mend the base first."
  exit 1
else
  echo "::warning::The stacks of $BASE cannot be synthesized to compare with, so all stacks count as changed."
fi
git worktree remove --force "$base"
