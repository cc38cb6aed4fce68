"""An AWS to try stacks against: moto's server with what moto 5.2.5 lacks for them. It keeps all in memory.

    .venv/bin/python test/deploy/testdata/emulator.py

It listens on a free port of the loopback, says "Running on http://127.0.0.1:PORT" when it is ready, and ends when its standard
input does, so that it never outlives who started it. GET /emulator/calls is every call that changes something, in order: "SERVICE
OPERATION" a line.

Of what AWS checks, it checks what an environment file can get wrong and what the order of a deployment can: see Refused and what raises
it. What applies
here has the right schema, references, order and no change in the next plan, no more.
"""

import io
import json
import os
import re
import sys
import threading
import urllib.parse

# moto issues a certificate a minute after it was requested.
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "0")

from moto import server
from moto.acm.models import AWSCertificateManagerBackend
from moto.cognitoidentity.models import cognitoidentity_backends
from moto.cognitoidentity.responses import CognitoIdentityResponse
from moto.cognitoidp.exceptions import InvalidParameterException
from moto.cognitoidp.models import CognitoIdpBackend, cognitoidp_backends
from moto.core.exceptions import JsonRESTError
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.es import urls
from moto.iam.models import IAMBackend, iam_backends
from moto.iam.responses import IamResponse, url_encode
from moto.kms.models import KmsBackend
from moto.logs.models import logs_backends
from moto.opensearch.data import compatible_versions
from moto.opensearch.models import OpenSearchDomain, OpenSearchServiceBackend
from moto.opensearch.responses import OpenSearchServiceResponse


class Refused(Exception):
    """What AWS answers with a ValidationException."""


def answers(path):
    """Makes a function of a response's class, and of the name of the domain in the path, the answer to an Elasticsearch call."""

    def register(function):
        def handle(request, url, headers):
            response = OpenSearchServiceResponse()
            response.setup_class(request, url, headers)
            try:
                return 200, {}, json.dumps(function(response, *response.path.split("/")[4:5]))
            except Refused as refused:
                return 400, {"x-amzn-ErrorType": "ValidationException"}, json.dumps({"message": str(refused)})

        urls.url_paths["{0}/2015-01-01/es/" + path] = handle

    return register


@answers("domain/(?P<domainname>[^/]+)/config")
def config(response, name):
    """UpdateElasticsearchDomainConfig, which moto answers like DescribeElasticsearchDomainConfig: every change would be lost."""
    backend = response.opensearch_backend
    domain = backend.describe_domain(name)
    changes = json.loads(response.body) if response.method == "POST" else {}
    changes.pop("DomainName", None)
    if changes and domain.cognito_options.get("Enabled"):
        require_cognito(backend, domain.cognito_options)
    settle(backend, domain, changes)
    return {"DomainConfig": domain.to_config_dict()}


def settle(backend, domain, changes):
    """Takes changes as AWS does: what is not named stays as it was, and what is off is told without the rest of it."""
    for key, change in changes.items():
        attribute = camelcase_to_underscores(key)
        value = getattr(domain, attribute) or {}
        if key == "LogPublishingOptions":
            for option in change.values():
                if option["Enabled"]:
                    require_log_group(backend, option["CloudWatchLogsLogGroupArn"])
            value = {**value, **{kind: option if option["Enabled"] else {"Enabled": False} for kind, option in change.items()}}
        elif key == "CognitoOptions":
            if change["Enabled"]:
                require_cognito(backend, change)
            value = change if change["Enabled"] else {"Enabled": False}
        elif key == "AdvancedSecurityOptions":  # SAML and the rest of it come one without the other
            value = {**value, **{key: option for key, option in change.items() if key != "MasterUserOptions"}}
            if "SAMLOptions" in value and not value["SAMLOptions"]["Enabled"]:
                value["SAMLOptions"] = {"Enabled": False}
        elif key == "DomainEndpointOptions":
            value = endpoint_options({**value, **change})
        elif key == "AutoTuneOptions":  # is asked for as DesiredState, and told as State
            value = {**value, **change, "State": change["DesiredState"]}
        elif key == "EBSOptions":  # the provider sends the whole of that
            value = ebs_options(change)
        elif key == "ElasticsearchClusterConfig":
            value = cluster_config({**value, **change})
        elif isinstance(change, dict):
            value = {**value, **change}
        else:
            value = change
        setattr(domain, attribute, value)


def require_cognito(backend, options):
    """AWS takes the domain's client in and out of the pools by the role that the domain has, and needs the sign-in page."""
    account, region = backend.account_id, backend.region_name
    users, identities = cognitoidp_backends[account][region], cognitoidentity_backends[account][region]
    roles = [role for role in iam_backends[account]["aws"].roles.values() if role.arn == options["RoleArn"]]
    if not roles or not (roles[0].policies or roles[0].managed_policies):
        raise Refused("Amazon Elasticsearch Service does not have enough permissions to access your Amazon Cognito resources")
    if options["UserPoolId"] not in users.user_pools or options["IdentityPoolId"] not in identities.identity_pools:
        raise Refused("Amazon Elasticsearch Service does not find your Amazon Cognito resources")
    if not any(page.user_pool_id == options["UserPoolId"] for page in users.user_pool_domains.values()):
        raise Refused("The user pool has no domain name")


def require_log_group(backend, arn):
    """AWS looks whether it may write to a log group before it publishes there."""
    logs = logs_backends[backend.account_id][backend.region_name]
    name = arn.split(":log-group:")[1].removesuffix(":*")
    if name not in logs.groups:
        raise Refused(f"The log group {name} does not exist")
    if not any(name in policy.policy_document for policy in logs.resource_policies.values()):
        raise Refused(f"The Resource Access Policy specified for the CloudWatch Logs log group {name} does not grant permissions")


def endpoint_options(options):
    """DNS knows no upper case, and without HTTPS there is no policy of TLS that AWS would apply."""
    if not options.get("CustomEndpointEnabled"):
        options = {key: value for key, value in options.items() if not key.startswith("CustomEndpoint")}
        options["CustomEndpointEnabled"] = False
    if "CustomEndpoint" in options:
        options["CustomEndpoint"] = options["CustomEndpoint"].lower()
    if not options.get("EnforceHTTPS"):
        return {**options, "TLSSecurityPolicy": "Policy-Min-TLS-1-0-2019-07"}
    if options.get("TLSSecurityPolicy") == "Policy-Min-TLS-1-0-2019-07":
        raise Refused("Policy-Min-TLS-1-0-2019-07 is no longer supported")
    return options


def ebs_options(options):
    """A gp3 volume has what nobody asked for."""
    return {**({"Iops": 3000, "Throughput": 125} if options.get("VolumeType") == "gp3" else {}), **options}


def cluster_config(config):
    """Cold storage is told of each domain, and needs warm nodes."""
    config = {"ColdStorageOptions": {"Enabled": False}, **config}
    if not config.get("WarmEnabled"):
        if config["ColdStorageOptions"]["Enabled"]:
            raise Refused("Cold storage requires UltraWarm")
        config = {key: value for key, value in config.items() if key not in ("WarmCount", "WarmType")}
    return config


def create_domain(self, original=OpenSearchServiceBackend.create_domain, **arguments):
    """CreateElasticsearchDomain takes everything."""
    checked = ("cognito_options", "log_publishing_options", "domain_endpoint_options", "advanced_security_options", "ebs_options",
               "elasticsearch_cluster_config")  # fmt: skip
    given = {name: arguments[name] for name in checked if arguments[name]}
    domain = original(self, **{**arguments, **{name: None for name in given}})
    names = {"cognito_options": "CognitoOptions", "log_publishing_options": "LogPublishingOptions",
             "domain_endpoint_options": "DomainEndpointOptions", "advanced_security_options": "AdvancedSecurityOptions",
             "ebs_options": "EBSOptions", "elasticsearch_cluster_config": "ElasticsearchClusterConfig"}  # fmt: skip
    try:
        settle(self, domain, {names[name]: value for name, value in given.items()})
    except Refused as refused:
        self.domains.pop(domain.domain_name)
        raise JsonRESTError("ValidationException", str(refused)) from refused
    return domain


@answers("compatibleVersions$")
def compatible(response, _=None):
    """GetCompatibleElasticsearchVersions, which moto has for OpenSearch alone. Without it the provider takes every other version
    for one that the domain can be upgraded to."""
    domain = response.opensearch_backend.describe_domain(response.querystring["domainName"][0])
    source = "Elasticsearch_" + domain.elasticsearch_version
    return {
        "CompatibleElasticsearchVersions": [
            {key: json.loads(json.dumps(value).replace("Elasticsearch_", "")) for key, value in versions.items()}
            for versions in compatible_versions
            if versions["SourceVersion"] == source
        ]
    }


@answers("upgradeDomain$")
def upgrade(response, _=None):
    """UpgradeElasticsearchDomain, which moto has not."""
    order = json.loads(response.body)
    response.opensearch_backend.describe_domain(order["DomainName"]).elasticsearch_version = order["TargetVersion"]
    return order


@answers("upgradeDomain/(?P<domainname>[^/]+)/status$")
def upgrade_status(response, _=None):
    """GetUpgradeStatus, which moto has not: its upgrades are done at once."""
    return {"UpgradeStep": "UPGRADE", "StepStatus": "SUCCEEDED"}


def describe(self, original=OpenSearchDomain.to_dict):
    """DescribeElasticsearchDomain lacks DomainProcessingStatus, without which the AWS provider 5.100 takes a domain for failed."""
    return {**original(self), "DomainProcessingStatus": "Deleting" if self.deleted else "Active"}


def delete_domain(self, domain_name, original=OpenSearchServiceBackend.delete_domain):
    """DeleteElasticsearchDomain leaves the tags, by the domain's ARN, to the next one of its name."""
    domain = original(self, domain_name)
    self.tagger.delete_all_tags_for_resource(domain.arn)
    return domain


def set_identity_pool_roles(self):
    """SetIdentityPoolRoles, which moto has not."""
    pool = self.backend.identity_pools[self._get_param("IdentityPoolId")]
    pool.roles = {key: self._get_param(key) for key in ("Roles", "RoleMappings")}
    return "{}"


def get_identity_pool_roles(self):
    """GetIdentityPoolRoles, which moto has not."""
    pool = self.backend.identity_pools[self._get_param("IdentityPoolId")]
    return json.dumps({"IdentityPoolId": pool.identity_pool_id, **getattr(pool, "roles", {})})


def make_rule(self, backend, protocol, group, start, end, ip_range, source_group=None, prefix_list=None, *rest,
              original=SecurityGroupRule.__init__, **named):  # fmt: skip
    """AuthorizeSecurityGroupIngress keeps the description of a rule for addresses alone, and the next plan shows a change."""
    original(self, backend, protocol, group, start, end, ip_range, source_group, prefix_list, *rest, **named)
    source = ip_range or source_group or prefix_list or {}
    if "Description" in source:
        self.ip_range["Description"] = source["Description"]


def create_user_pool_domain(self, user_pool_id, domain, *rest, original=CognitoIdpBackend.create_user_pool_domain, **named):
    """CreateUserPoolDomain gives a pool as many pages as asked for, and a page to any number of pools."""
    if any(page.user_pool_id == user_pool_id for page in self.user_pool_domains.values()):
        raise InvalidParameterException("User pool already has a domain configured.")
    if domain in self.user_pool_domains:
        raise InvalidParameterException(f"Domain already associated with another user pool: {domain}")
    return original(self, user_pool_id, domain, *rest, **named)


def delete_user_pool(self, user_pool_id, original=CognitoIdpBackend.delete_user_pool):
    """DeleteUserPool deletes what is protected, and what has a page."""
    if self.describe_user_pool(user_pool_id).extended_config.get("DeletionProtection") == "ACTIVE":
        raise InvalidParameterException("The user pool cannot be deleted because deletion protection is activated.")
    if any(page.user_pool_id == user_pool_id for page in self.user_pool_domains.values()):
        raise InvalidParameterException("User pool cannot be deleted. It has a domain configured that should be deleted first.")
    original(self, user_pool_id)


def update_user_pool(self, user_pool_id, extended_config, original=CognitoIdpBackend.update_user_pool):
    """UpdateUserPool forgets the tags, which are told by other calls."""
    tags = self.describe_user_pool(user_pool_id).extended_config.get("UserPoolTags", {})
    original(self, user_pool_id, {"UserPoolTags": tags, **extended_config})


TAG = re.compile(r"[\w\s.:/=+\-@]*")  # letters, digits and _ are \w, all but what Python takes for a digit and AWS does not


def require_tags(tags):
    """IAM and KMS take fewer characters in tags than others do, and IAM knows no upper case in their keys."""
    for key, value in tags:
        if not TAG.fullmatch(key) or not TAG.fullmatch(value):
            raise JsonRESTError("ValidationError", f"Value at 'tags' failed to satisfy constraint: {key} = {value}")
    keys = [key.lower() for key, _ in tags]
    if len(set(keys)) < len(keys):
        raise JsonRESTError("InvalidInput", "Duplicate tag keys found. Please note that Tag keys are case insensitive.")


def create_key(self, *arguments, original=KmsBackend.create_key, **named):
    """CreateKey takes any tags."""
    require_tags([(tag["TagKey"], tag["TagValue"]) for tag in named.get("tags") or arguments[4] or []])
    return original(self, *arguments, **named)


def tagging(original):
    """Makes an operation of IAM, which takes any tags, refuse some."""

    def operation(self, *arguments, **named):
        for value in (*arguments, *named.values()):
            if isinstance(value, list) and value and isinstance(value[0], dict) and "Key" in value[0]:
                require_tags([(tag["Key"], tag["Value"]) for tag in value])
        return original(self, *arguments, **named)

    return operation


def request_certificate(self, domain_name, *rest, original=AWSCertificateManagerBackend.request_certificate, **named):
    """RequestCertificate keeps a name as it is written."""
    return original(self, domain_name.lower(), *rest, **named)


# What changes something, in the order in which it came.
calls = []


class Dispatcher(server.DomainDispatcherApplication):
    """Keeps the calls."""

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/emulator/calls":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return ["\n".join(calls).encode()]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        credential = re.search(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/", environ.get("HTTP_AUTHORIZATION", ""))
        operation = environ.get("HTTP_X_AMZ_TARGET", "").split(".")[-1]
        if not operation and body.startswith(b"Action="):
            operation = urllib.parse.parse_qs(body.decode())["Action"][0]
        operation = operation or environ["REQUEST_METHOD"] + " " + environ["PATH_INFO"]
        if credential and not re.match("GET|Describe|Get|List", operation):
            calls.append(credential[1] + " " + operation)
        return super().__call__(environ, start_response)


OpenSearchDomain.to_dict = describe
OpenSearchServiceBackend.create_domain = create_domain
CognitoIdpBackend.create_user_pool_domain = create_user_pool_domain
CognitoIdpBackend.delete_user_pool = delete_user_pool
CognitoIdpBackend.update_user_pool = update_user_pool
KmsBackend.create_key = create_key
for operation in ("create_role", "tag_role", "create_policy", "tag_policy"):
    setattr(IAMBackend, operation, tagging(getattr(IAMBackend, operation)))
AWSCertificateManagerBackend.request_certificate = request_certificate
server.DomainDispatcherApplication = Dispatcher
OpenSearchServiceBackend.delete_domain = delete_domain
CognitoIdentityResponse.set_identity_pool_roles = set_identity_pool_roles
CognitoIdentityResponse.get_identity_pool_roles = get_identity_pool_roles
SecurityGroupRule.__init__ = make_rule
# GetPolicyVersion answers with the policy as it is, where AWS encodes it: the provider then decodes what was encoded in it.
IamResponse.RESPONSE_KEY_PATH_TO_TRANSFORMER["GetPolicyVersionResponse.PolicyVersion.Document"] = url_encode


def end_with_standard_input():
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    server.main(["--host", "127.0.0.1", "--port", "0"])
