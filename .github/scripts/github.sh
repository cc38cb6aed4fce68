#!/usr/bin/env bash
# github.sh is what the other scripts know of GitHub; they source it.
set -euo pipefail
repository=repos/$GITHUB_REPOSITORY
run=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/actions/runs/$GITHUB_RUN_ID

# The label by which somebody lets pass what is refused of a stack. Its name is here alone.
label() { echo "allow-replace/$1"; }

# The first line of a comment or an issue on a stack, of this KIND: anybody can write it, so only those of github-actions[bot] are ours.
marker() { echo "<!-- aimetrics $1 $2 -->"; }

# Of JSON that lists comments or issues: ours of a kind, [{id, number, stack, body}].
ours() {
  jq -cs --arg kind "$1" '[.[][] | select(.user.login == "github-actions[bot]") | . as $one
    | ((.body // "") | capture("^<!-- aimetrics \($kind) (?<stack>[A-Za-z0-9_-]+) -->"))
    | {id: $one.id, number: $one.number, stack, body: $one.body}]'
}

comments() { gh api --paginate "$repository/issues/$PULL_REQUEST/comments?per_page=100" | ours "$1"; }

# write_comment KIND STACK FILE writes over our comment of that kind, or makes one.
write_comment() {
  local comment
  comment=$(comments "$1" | jq -r --arg stack "$2" '[.[] | select(.stack == $stack)][0].id // empty')
  if [ -n "$comment" ]; then
    gh api --silent --method PATCH "$repository/issues/comments/$comment" --field body=@"$3"
  else
    gh api --silent --method POST "$repository/issues/$PULL_REQUEST/comments" --field body=@"$3"
  fi
}

# write_status CONTEXT STATE DESCRIPTION says how COMMIT fared, where a later run for the same commit reads it.
write_status() {
  gh api --silent --method POST "$repository/statuses/$COMMIT" --raw-field context="$1" --raw-field state="$2" \
    --raw-field description="$(jq -nr --arg text "$3" '$text[:140]')" --raw-field target_url="$run"
}

# What our statuses of the commit say, by context, the newest of each, which GitHub lists first.
statuses() {
  gh api --paginate "$repository/commits/$COMMIT/statuses?per_page=100" | jq -cs '[.[][] | select(.creator.login == "github-actions[bot]")]
    | reverse | map({key: .context, value: .}) | from_entries'
}

# Reports whether the pull request still is what this run is for: it may be an old one that somebody runs again.
is_current() {
  local now
  now=$(gh api "$repository/pulls/$PULL_REQUEST" | jq -r '"\(.head.sha) into \(.base.ref)"') || exit 1
  [ "$now" = "$COMMIT into $BASE" ] || { echo "::error::$COMMIT into $BASE is no longer what the pull request is: the run for $now has the say."; return 1; }
}

# show_gate STACK GATE writes the state of the gate below the review that is there.
show_gate() {
  local comment
  comment=$(comments review | jq -c --arg stack "$1" '[.[] | select(.stack == $stack)][0] // empty')
  [ -n "$comment" ] || return 0
  { jq -r '.body | split("<!-- aimetrics gate -->")[0]' <<<"$comment" && "$(dirname "$0")/footer.sh" "$1" "$2"; } >"$RUNNER_TEMP/gate.md"
  gh api --silent --method PATCH "$repository/issues/comments/$(jq -r .id <<<"$comment")" --field body=@"$RUNNER_TEMP/gate.md"
}

# The number of the pull request that was merged as the commit of a push; nothing if there was none.
merged() {
  gh api "$repository/commits/$GITHUB_SHA/pulls" |
    jq -r --arg commit "$GITHUB_SHA" '[.[] | select(.merged_at != null and .merge_commit_sha == $commit)][0].number // empty'
}

# Makes the label of a stack, so that whoever may put labels on a pull request, but make none, finds it.
make_label() {
  gh api --silent --method POST "$repository/labels" --raw-field name="$(label "$1")" --raw-field color=b60205 \
    --raw-field description="Lets pass what the review refuses of $1, until the next push" 2>/dev/null || true # it is there
}

# is_allowed NUMBER STACK reports whether the pull request has the stack's label, from somebody who may write here: those who may only
# triage can put on labels, too, and so can bots. Asked now, for a run that is run again still has the labels of its first time.
is_allowed() {
  local name who may
  name=$(label "$2")
  gh api --paginate "$repository/issues/$1/labels?per_page=100" | jq -es --arg name "$name" 'any(.[][]; .name == $name)' >/dev/null || return 1
  who=$(gh api --paginate "$repository/issues/$1/events?per_page=100" |
    jq -rs --arg name "$name" '[.[][] | select(.event == "labeled" and .label.name == $name)][-1].actor.login // ""')
  may=$(gh api "$repository/collaborators/$who/permission" | jq -r .permission) || may=none # an app is no collaborator
  case $may in
  admin | write) ;;
  *)
    echo "::warning::The label $name does not count: ${who:-nobody} put it on, who may not write here."
    return 1
    ;;
  esac
}

# A text of somebody else's, as Markdown that shows it and nothing more.
quoted() {
  printf '~~~~~~~~~~~~\n'
  sed -e 's/\x1b\[[0-9;]*m//g' -e 's/<!--/<! --/g' -e 's/~~~~~~~~~~~~/~~~~~~~~~~~ ~/g' |
    { head -c 20000 && cat >/dev/null; } | jq -Rrs . # which mends a character that was cut
  printf '\n~~~~~~~~~~~~\n'
}
