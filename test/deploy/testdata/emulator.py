"""An AWS to try stacks against: moto's server with what moto 5.2.5 lacks for them. It keeps all in memory.

    .venv/bin/python test/deploy/testdata/emulator.py

It listens on a free port of the loopback, says "Running on http://127.0.0.1:PORT" when it is ready, and ends when its standard
input does, so that it never outlives who started it. It checks next to nothing of what AWS checks: what applies here has the
right schema, references, order and no change in the next plan, no more.
"""

import json
import os
import sys
import threading

# moto issues a certificate a minute after it was requested.
os.environ.setdefault("MOTO_ACM_VALIDATION_WAIT", "0")

from moto.cognitoidentity.responses import CognitoIdentityResponse
from moto.core.utils import camelcase_to_underscores
from moto.ec2.models.security_groups import SecurityGroupRule
from moto.es import urls
from moto.iam.responses import IamResponse, url_encode
from moto.opensearch.data import compatible_versions
from moto.opensearch.models import OpenSearchDomain, OpenSearchServiceBackend
from moto.opensearch.responses import OpenSearchServiceResponse
from moto.server import main


def answers(path):
    """Makes a function of a response's class, and of the name of the domain in the path, the answer to an Elasticsearch call."""

    def register(function):
        def handle(request, url, headers):
            response = OpenSearchServiceResponse()
            response.setup_class(request, url, headers)
            return 200, {}, json.dumps(function(response, *response.path.split("/")[4:5]))

        urls.url_paths["{0}/2015-01-01/es/" + path] = handle

    return register


@answers("domain/(?P<domainname>[^/]+)/config")
def config(response, name):
    """UpdateElasticsearchDomainConfig, which moto answers like DescribeElasticsearchDomainConfig: every change would be lost."""
    domain = response.opensearch_backend.describe_domain(name)
    changes = json.loads(response.body) if response.method == "POST" else {}
    changes.pop("DomainName", None)
    for key, value in changes.items():
        attribute = camelcase_to_underscores(key)
        if key == "AdvancedSecurityOptions":  # SAML and the rest of it come one without the other
            value = {**domain.advanced_security_options, **value}
        if key == "AutoTuneOptions":  # is asked for as DesiredState, and told as State
            value = {**value, "State": value["DesiredState"]}
        setattr(domain, attribute, value)
    return {"DomainConfig": domain.to_config_dict()}


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


OpenSearchDomain.to_dict = describe
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
    main(["--host", "127.0.0.1", "--port", "0"])
