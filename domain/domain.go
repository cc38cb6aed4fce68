// Package domain is an Elasticsearch domain as a client sees it: where it is, how one signs in, what engine it runs, and what has to
// be in it before the first document.
//
//   - address.go reads addresses: hosts of AWS and their regions, loopback, what is refused;
//   - stack.go finds the domain of a stack, by its file, Terraform's outputs or AWS; describe.go asks AWS;
//   - signin.go signs requests: Signature Version 4 by AWS's usual chain, basic, or none;
//   - client.go sends one request, once, for those who handle every answer themselves (ingest, the proxy of Kibana);
//   - send.go sends JSON and tries again where that is safe;
//   - fault.go says in one line what an answer that is not the one asked for means, and what to do;
//   - engine.go finds out what a domain runs;
//   - setup.go plans what has to be done to a domain and does it: lifecycle.go the policy, template.go the template, indices.go the indices
//     that exist, roles.go the roles inside the domain; keep.go takes the settings of a domain without a file, difference.go and glob.go
//     compare what is there with what should be;
//   - dashboards.go installs what kibana makes, and proxy.go lets a browser into Kibana;
//   - redact.go keeps credentials out of texts that others wrote.
//
// Every error is one line with the remedy, and holds no credential.
package domain
