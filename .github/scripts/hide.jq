# hide.jq leaves of what `terraform show -json` tells of a plan what a review reads, and hides what is sensitive in it, as `terraform show`
# does, wherever it comes back. A value that changes stays one that changes.

# what two masks mark; a mask is true, or an object or a list of masks
def both($a; $b):
  if $a == true or $b == true then true
  elif ([$a, $b] | map(type)) == ["object", "object"] then
    reduce (($a + $b) | keys_unsorted[]) as $key ({}; .[$key] = both($a[$key]; $b[$key]))
  elif ([$a, $b] | map(type)) == ["array", "array"] then
    [range([$a, $b] | map(length) | max) as $i | both($a[$i]; $b[$i])]
  elif ($a | type) == "object" or ($a | type) == "array" then $a
  else $b end;

def child($value; $key): if ($value | type) == ($key | if type == "number" then "array" else "object" end) then $value[$key] else null end;

# the value with what mask marks hidden; other is the same of before or after the change
def hidden($mask; $other; $side):
  if $mask == true then if . == null then null elif . == $other then "(sensitive)" else "(sensitive, \($side))" end
  elif type == "object" and ($mask | type) == "object" then
    with_entries(.key as $key | .value |= hidden(child($mask; $key); child($other; $key); $side))
  elif type == "array" and ($mask | type) == "array" then
    [range(length) as $i | .[$i] | hidden(child($mask; $i); child($other; $i); $side)]
  else . end;

# the texts that mask marks
def marked($mask):
  if $mask == true then .. | strings
  elif type == "object" and ($mask | type) == "object" then to_entries[] | .key as $key | .value | marked(child($mask; $key))
  elif type == "array" and ($mask | type) == "array" then range(length) as $i | .[$i] | marked(child($mask; $i))
  else empty end;

def mask: both(.before_sensitive; .after_sensitive);

def changes: (.resource_changes, .resource_drift | .[]?.change), (.deferred_changes | .[]?.resource_change.change), (.output_changes | .[]?);

{format_version, terraform_version, timestamp, complete, errored, checks, action_invocations, resource_changes, resource_drift,
  deferred_changes, output_changes}
| with_entries(select(.value != null))
# Shorter ones are hidden where they are marked alone: a text has them by chance.
| ([changes | mask as $mask | .before, .after | marked($mask) | select(length >= 8) | ., (tojson | .[1:-1])] | unique) as $secrets
| (changes | select(. != null)) |= (mask as $mask | .before as $before | .after as $after | del(.generated_config)
    | (if has("before") then .before |= hidden($mask; $after; "before") else . end)
    | (if has("after") then .after |= hidden($mask; $before; "after") else . end))
| walk(if type == "string" then . as $text | if any($secrets[]; . as $secret | $text | contains($secret)) then "(sensitive)" else . end
    else . end)
