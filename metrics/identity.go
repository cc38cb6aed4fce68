package metrics

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
)

// ID is the _id of a document. The same document always has the same: it is made from what the source says, in the canonical form of
// [IdentityVersion], and from nothing else. What is filled in (event.ingested, ecs.version, ml.batch, a known metric's unit) is not
// part of it; nor is the order of fields, whether they were nested or dotted, the offset in which a time is given, and how a number is
// written (1, 1.0, 1e0).
//
// It is 18 bytes in base64url: the seconds of @timestamp in 5, so that documents of one time lie together and Elasticsearch finds out
// fast that an id is new, and the first 13 of SHA-256.
type ID [24]byte

func (id ID) String() string { return string(id[:]) }

// IdentityVersion is the version of the canonical form that ids are made from. Another one makes other ids of the same documents, so
// that a file that was sent before would be sent twice: it changes only if it must, and the golden ids of the tests say when it did.
const IdentityVersion = 1

// identity is the id of a document whose canonical form is given.
func identity(canonical []byte, at instant) ID {
	sum := sha256.Sum256(canonical)
	var raw [18]byte
	var seconds [8]byte
	binary.BigEndian.PutUint64(seconds[:], uint64(at.seconds))
	copy(raw[:5], seconds[3:])
	copy(raw[5:], sum[:])
	var id ID
	base64.RawURLEncoding.Encode(id[:], raw[:])
	return id
}
