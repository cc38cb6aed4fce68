package halves

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// manifest is cdktf's list of stacks. What it says of each is taken as it is written.
type manifest struct {
	Stacks  map[string]json.RawMessage `json:"stacks"`
	Version json.RawMessage            `json:"version"`
}

const manifestFile = "manifest.json"

// merge moves what cdktf wrote into from to into, and removes from.
func merge(from, into string) error {
	merged, err := readManifest(into)
	if err != nil {
		return err
	}
	added, err := readManifest(from)
	if err != nil {
		return err
	}
	for name := range added.Stacks {
		if err := os.Rename(filepath.Join(from, "stacks", name), filepath.Join(into, "stacks", name)); err != nil {
			return err
		}
	}
	maps.Copy(merged.Stacks, added.Stacks)
	if err := os.WriteFile(filepath.Join(into, manifestFile), merged.encode(), 0o644); err != nil {
		return err
	}
	return os.RemoveAll(from)
}

func readManifest(folder string) (manifest, error) {
	path := filepath.Join(folder, manifestFile)
	content, err := os.ReadFile(path)
	if err != nil {
		return manifest{}, err
	}
	var read manifest
	if err := json.Unmarshal(content, &read); err != nil {
		return manifest{}, fmt.Errorf("%s: %w", path, err)
	}
	// cdktf may come to write what is not known here, or otherwise.
	if !bytes.Equal(read.encode(), content) {
		return manifest{}, fmt.Errorf("%s is not as cdktf writes it", path)
	}
	return read, nil
}

// encode writes a manifest as cdktf does.
func (m manifest) encode() []byte {
	var b bytes.Buffer
	b.WriteString("{\n  \"stacks\": {")
	for i, name := range slices.Sorted(maps.Keys(m.Stacks)) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, "\n    %q: %s", name, m.Stacks[name])
	}
	fmt.Fprintf(&b, "\n  },\n  \"version\": %s\n}", m.Version)
	return b.Bytes()
}
