// Decides requests as AWS would, by the simulator @cloud-copilot/iam-simulate.
//
// stdin: {policies: {name: document}, requests: [{policy, identityPolicies, principal, action, resource, context}]}. Policies go
// by their names; principal is null for who signs nothing. stdout: [{decision, error}], one for each request; decision is null
// when there is an error.
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { anonymousPrincipal, runSimulation } from '@cloud-copilot/iam-simulate'

// Beside a bare address the simulator misjudges an address of the other family. A block means the same and it gets it right.
const asBlock = (address) => (isIP(address) ? `${address}/${isIP(address) === 6 ? 128 : 32}` : address)

function withBlocks(document) {
  for (const { Condition = {} } of document.Statement) {
    for (const operator of ['IpAddress', 'NotIpAddress']) {
      for (const [key, addresses] of Object.entries(Condition[operator] ?? {})) Condition[operator][key] = addresses.map(asBlock)
    }
  }
  return document
}

async function decide(policies, { policy, identityPolicies, principal, action, resource, context }) {
  const outcome = await runSimulation({
    request: {
      principal: principal ?? anonymousPrincipal,
      action,
      resource: {
        // It would take a * in a request for a pattern, and let it in as soon as one thing that it covers is.
        resource: resource === '*' ? resource : resource.replaceAll('*', '\u2217'),
        accountId: resource.split(':')[4] || principal.split(':')[4], // an ARN of S3 names no account
      },
      contextVariables: context,
    },
    identityPolicies: identityPolicies.map((name) => ({ name, policy: policies[name] })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: policies[policy],
  }, {})
  if (outcome.resultType !== 'single') throw new Error(JSON.stringify(outcome.errors))
  const ignored = outcome.result.ignoredContextKeys
  if (ignored.length) throw new Error(`context keys that mean nothing: ${ignored}`)
  return { decision: outcome.overallResult }
}

const { policies, requests } = JSON.parse(readFileSync(0, 'utf8'))
Object.values(policies).forEach(withBlocks)
const decisions = []
for (const request of requests) {
  decisions.push(await decide(policies, request).catch((error) => ({ decision: null, error: error.message })))
}
console.log(JSON.stringify(decisions))
