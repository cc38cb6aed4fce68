"""Tells what cloudsplaining and parliament find in policies.

stdin: {name: document}. stdout: [[tool, name of the policy, finding], …], sorted. Cloudsplaining looks at what IAM grants, so not at
policies of resources; parliament looks at every one.
"""

import json
import sys

from cloudsplaining.scan.policy_document import PolicyDocument
from parliament import analyze_policy_string

CLOUDSPLAINING = ("credentials_exposure", "permissions_management_without_constraints", "service_wildcard", "infrastructure_modification")


def cloudsplaining(document):
    policy = PolicyDocument(document)
    for escalation in policy.allows_privilege_escalation:
        yield "privilege escalation: " + " ".join(sorted(escalation["actions"]))
    for action in policy.allows_data_exfiltration_actions:
        yield "data exfiltration: " + action
    for kind in CLOUDSPLAINING:
        for action in getattr(policy, kind):
            yield kind.replace("_", " ") + ": " + action


def parliament(document):
    for finding in analyze_policy_string(json.dumps(document), include_community_auditors=True).findings:
        about = finding.location.get("actions") or finding.detail or [""]
        if finding.issue == "PRIVILEGE_ESCALATION":
            about = " ".join(about)
        for each in about if isinstance(about, list) else [about]:
            yield (finding.issue + " " + (each["action"] if isinstance(each, dict) else each)).strip()


def as_terraform_writes(value):
    """A list of one value as that value: parliament does not take a list of one for true or false."""
    if isinstance(value, dict):
        return {key: as_terraform_writes(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return as_terraform_writes(value[0]) if len(value) == 1 else [as_terraform_writes(inner) for inner in value]
    return value


findings = []
for name, document in json.load(sys.stdin).items():
    is_granted = not any("Principal" in statement for statement in document["Statement"])
    document["Statement"] = [as_terraform_writes(statement) for statement in document["Statement"]]
    for tool in [cloudsplaining, parliament] if is_granted else [parliament]:
        findings += {(tool.__name__, name, finding) for finding in tool(document)}
json.dump(sorted(findings), sys.stdout)
