#!/usr/bin/env bash
# body.sh STACK prints what is posted of a stack: the marker by which it is found again, why its plan failed, the review, what stays of a
# stack that was removed. The reviewer writes the marker, and leaves room for the rest in what GitHub takes (package review).
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1
folder=cdktf.out/stacks/$stack

if [ -f "$folder/left.txt" ]; then
  marker review "$stack"
  left=$(wc -l <"$folder/left.txt")
  # shellcheck disable=SC2016 # Markdown's backticks
  printf '### 🛑 `%s` disappears\n\nIts file is deleted or renamed, or its state is a file now. After the merge nothing plans, deploys or watches this stack. ' "$stack"
  if [ "$left" = 0 ]; then
    printf 'Its state is empty: nothing of it is left on AWS.\n'
    exit
  fi
  printf '**%s resources stay on AWS, and cost what they cost now:**\n\n' "$left"
  quoted <"$folder/left.txt"
  # shellcheck disable=SC2016
  printf '\n%s\n' '- To remove them, keep the file until it is done: `lifecycle: {prevent_destroy: false}` below `domain:`, deploy, `npx cdktf destroy '"$stack"'`.' \
    '- To hand them over, give whoever is to have them the state: its address is in `backend:` of the file.' \
    '- To rename the stack, keep its `backend:` to the letter in the new file: its state stays where it is, and the plan of the new name must say that nothing changes.'
elif [ -f "$folder/failed.txt" ] || [ ! -s "$folder/review.md" ]; then
  marker review "$stack"
  # shellcheck disable=SC2016
  printf '### 🛑 `%s`: the plan failed\n\n' "$stack"
  if [ -s "$folder/failed.txt" ]; then
    quoted <"$folder/failed.txt"
  else
    printf 'Terraform said nothing, or did not run at all: [the run](%s) says why.\n' "$run"
  fi
  if [ -s "$folder/review.md" ]; then
    printf '\nA review of what Terraform had planned until then:\n\n'
    head -c 40000 "$folder/review.md" | jq -Rrs . | tail -n +2
  fi
else
  cat "$folder/review.md"
fi
