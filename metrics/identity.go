package metrics

// ID is the _id of a document. The same document always has the same: it is made from what the source says, see [IdentityVersion].
type ID [24]byte

func (id ID) String() string { return string(id[:]) }

// IdentityVersion is the version of the canonical form that ids are made from. Another one makes other ids of the same documents.
const IdentityVersion = 1
