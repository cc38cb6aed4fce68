#!/usr/bin/env bash
# comment.sh STACK tells what became of the stack's plan: as a status of the commit, review/STACK, and in its comment on the pull request,
# the one that was made before, or a new one if there is something to tell. The status is
#
#   success  there is nothing that anybody must allow
#   failure  refused: WHAT; reviewed.sh makes it a success, allowed: WHAT, while the pull request has the label
#   error    the plan failed: WHY; no label lets that pass
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
stack=$1
folder=cdktf.out/stacks/$stack
body=$RUNNER_TEMP/body.md
gate=none tells=true
is_current || exit 1
first() { sed -n "s/^.*\($1\)/\1/p" "$2" | head -n 1; } # the first line of a file that has it, from there on

if [ -f "$folder/left.txt" ]; then
  if [ -s "$folder/left.txt" ]; then
    gate=shut state=failure text="refused: the stack disappears, and $(wc -l <"$folder/left.txt") resources stay on AWS"
  else
    state=success text="the stack disappears, and nothing of it is left on AWS"
  fi
elif [ -f "$folder/failed.txt" ] || [ ! -f "$folder/refused.txt" ]; then
  why=$(first 'Error: ' "$folder/failed.txt" 2>/dev/null || true)
  state=error text="the plan failed: ${why:-$(head -n 1 "$folder/failed.txt" 2>/dev/null || echo "the run says why")}"
elif [ -s "$folder/refused.txt" ]; then
  gate=shut state=failure text="refused: $(head -n 1 "$folder/refused.txt" | sed 's/; if it is meant: .*//')"
else
  # shellcheck disable=SC2016 # Markdown's backticks
  state=success text="$(sed -n 's/^### [^ ]* `[^`]*`: //p' "$folder/review.md" | tr -d '*`')"
  tells=$(cat "$folder/changes")
fi

{ "$(dirname "$0")/body.sh" "$stack" && echo && "$(dirname "$0")/footer.sh" "$stack" "$gate"; } >"$body"
if [ "$tells" = true ] || [ "$(comments review | jq --arg stack "$stack" 'any(.[]; .stack == $stack)')" = true ]; then
  write_comment review "$stack" "$body"
else
  echo "$stack: nothing to tell, and nothing told before: no comment."
fi
[ "$gate" = none ] || make_label "$stack"
write_status "review/$stack" "$state" "$text"
