#!/usr/bin/env bash
# reviewed.sh is the one check that main requires. It runs whatever failed before it, and by itself when a label changes. It passes if each
# of STACKS (JSON, [{stack, ...}]) was reviewed at this COMMIT, and what was refused of it is allowed by its label; it takes what is no
# longer true out of the pull request's comments; and it says for each stack what is in the way.
#
# OUTCOME are the results of the jobs before: synthesize, reset, plan, diff. What they found is in the commit's statuses (comment.sh). The
# status `review` says whether all of them are there, for a run that a label started has none of those jobs.
set -euo pipefail
# shellcheck source=.github/scripts/github.sh
. "$(dirname "$0")/github.sh"
body=$RUNNER_TEMP/body.md

fail() { echo "::error::$1"; exit 1; }

case $GITHUB_EVENT_NAME/$FORK in
merge_group/*)
  # Its pull requests were reviewed, each at its head; and the deployment plans and asks again. No role trusts the queue's branches.
  [ "${OUTCOME%% *}" = success ] || fail "The stacks cannot be synthesized once this is merged; the job synthesize says why."
  echo "::notice::Reviewed in the pull requests themselves. The deployment plans what is merged, and asks its gate and its reviewers."
  exit
  ;;
*/true)
  fail "Not planned, so not reviewed: a fork gets no credentials. A maintainer looks at the commits, pushes them to a branch here (gh pr checkout $PULL_REQUEST && git push origin HEAD:review-$PULL_REQUEST) and opens a pull request from it; that one is planned."
  ;;
esac

is_current || exit 1

# Where the commit has a status `reviewed`, GitHub asks for that beside the check of the same name (reset.sh).
settle() {
  local code=$? was
  was=$(statuses | jq -r '.reviewed.state // empty')
  [ -n "$was" ] && [ "$outdated" = false ] || return 0
  if [ "$code" = 0 ]; then write_status reviewed success "reviewed"; else write_status reviewed failure "the run says why"; fi
}
outdated=false
trap settle EXIT

# The commit that was deployed since one of the stacks was reviewed (outdate.sh). A label changes nothing in that, nor does a run of what
# was merged before it.
deployed=$(statuses | jq -r '.reviewed.description // "" | capture("deployed since, of (?<commit>[0-9a-f]{40})").commit // empty')
if [ -n "$deployed" ]; then
  case $GATE_ALONE/$(gh api "$repository/compare/$deployed...$GITHUB_SHA" | jq -r .status) in
  false/ahead | false/identical) ;;
  *) outdated=true ;;
  esac
fi
refuse_outdated() {
  [ "$outdated" = true ] || return 0
  fail "What is reviewed here was deployed since, of $deployed: a deployment would do something else now. Update the branch (gh pr update-branch $PULL_REQUEST); if it has that commit, run all jobs of diff again."
}

is_of_commit() { jq -e --arg commit "$COMMIT" 'contains("<sub>Commit \($commit),")' <<<"$1" >/dev/null; }

# outdate takes what is not of this commit out of the comments: a stack that the pull request no longer changes needs none.
outdate() {
  local comment stack all
  all=$(comments review)
  while read -r comment; do
    stack=$(jq -r .stack <<<"$comment")
    if [ "$synthesized" = true ] && ! jq -e --arg stack "$stack" 'any(.[]; .stack == $stack)' <<<"$STACKS" >/dev/null; then
      gh api --silent --method DELETE "$repository/issues/comments/$(jq -r .id <<<"$comment")"
    elif ! is_of_commit "$(jq .body <<<"$comment")"; then
      {
        marker review "$stack"
        # shellcheck disable=SC2016 # Markdown's backticks
        printf '### 🛑 `%s`: not reviewed\n\nThere is no review of the newest commit: [the run](%s) says what failed. What stood here was of another one.\n\n' "$stack" "$run"
        "$(dirname "$0")/footer.sh" "$stack" none
      } >"$body"
      gh api --silent --method PATCH "$repository/issues/comments/$(jq -r .id <<<"$comment")" --field body=@"$body"
    fi
  done < <(jq -c '.[]' <<<"$all")
}

synthesized=true
about="#$PULL_REQUEST into $BASE" # of two pull requests with one commit, each is reviewed for itself
if [ "$GATE_ALONE" = true ]; then
  refuse_outdated
  case $(statuses | jq -r --arg about "$about: " '.review // {} | if (.description // "" | startswith($about)) then .state else "none" end') in
  success) ;;
  pending) fail "$COMMIT is being planned. Labels count when it is." ;;
  none) fail "$COMMIT was not reviewed yet for $about. If no run of diff is under way for it, push, or close and open the pull request; labels count when it is." ;;
  *) fail "$COMMIT was not reviewed as a whole: $(statuses | jq -r .review.description). Labels count when it is." ;;
  esac
  STACKS=$(statuses | jq -c '[keys[] | select(startswith("review/")) | {stack: ltrimstr("review/")}]')
else
  case $OUTCOME in
  "success success success success") state=success said="$(jq length <<<"$STACKS") stacks were planned" ;;
  "success success skipped skipped")
    state=success said="no stack changes"
    [ "$STACKS" = '[]' ] || state=error said="the stacks were not planned"
    ;;
  success*) state=error said="a plan or its review failed" ;;
  *) state=error said="the stacks could not be synthesized" synthesized=false STACKS='[]' ;;
  esac
  outdate
  write_status review "$state" "$about: $said"
  [ "$synthesized" = true ] || fail "The stacks could not be synthesized; the job synthesize says why."
  # What a run for another base found.
  statuses | jq -r --argjson stacks "$STACKS" 'keys[] | select(startswith("review/")) | ltrimstr("review/")
    | select(. as $name | any($stacks[]; .stack == $name) | not)' | while read -r stack; do write_status "review/$stack" success "not changed here"; done
fi

passes=true
all=$(statuses)
while read -r stack; do
  status=$(jq -c --arg context "review/$stack" '.[$context] // {state: "none"}' <<<"$all")
  text=$(jq -r '.description // "" | sub("^(refused|allowed): "; "")' <<<"$status")
  case $(jq -r '"\(.state) \(.description // "")"' <<<"$status") in
  "failure refused: "* | "success allowed: "*)
    if is_allowed "$PULL_REQUEST" "$stack"; then
      echo "::warning::$stack: refused, and allowed by the label $(label "$stack"): $text"
      show_gate "$stack" open
      write_status "review/$stack" success "allowed: $text"
    else
      echo "::error::$stack: refused: $text. If that is meant, put the label $(label "$stack") on the pull request."
      show_gate "$stack" shut
      write_status "review/$stack" failure "refused: $text"
      passes=false
    fi
    ;;
  success*) echo "$stack: $text" ;;
  none*) echo "::error::$stack: not reviewed; the jobs plan and diff of this stack say why."; passes=false ;;
  *) echo "::error::$stack: $text"; passes=false ;;
  esac
done < <(jq -r '.[].stack' <<<"$STACKS")
[ "${state-success}" = success ] || passes=false
refuse_outdated
[ "$passes" = true ] || exit 1
echo "Reviewed: $(jq -r 'map(.stack) | join(", ") | if . == "" then "no stack changes" else . end' <<<"$STACKS")."
