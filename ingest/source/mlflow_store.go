package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// A file store has a folder for each experiment, and in it one for each run: metrics/<name> has lines of time, value and step, and the
// slashes of a name are folders; params/<name> is a parameter.
// https://mlflow.org/docs/latest/self-hosting/architecture/backend-store/

// storeMeta is meta.yaml of an experiment or of a run.
type storeMeta struct {
	ExperimentID string `yaml:"experiment_id"`
	Name         string `yaml:"name"`
	RunID        string `yaml:"run_id"`
	RunUUID      string `yaml:"run_uuid"`
	RunName      string `yaml:"run_name"`
	Stage        string `yaml:"lifecycle_stage"`
}

func (meta storeMeta) isRun() bool { return meta.RunID != "" || meta.RunUUID != "" }

// readMeta reads the meta.yaml of a folder.
func readMeta(folder string) (meta storeMeta, err error) {
	file, err := os.Open(filepath.Join(folder, "meta.yaml"))
	if err != nil {
		return meta, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 1<<20))
	if err != nil {
		return meta, err
	}
	return meta, yaml.Unmarshal(text, &meta)
}

// isStore reports whether a folder is a store, or an experiment or a run in one.
func isStore(folder string) bool {
	if meta, err := readMeta(folder); err == nil && meta.ExperimentID != "" {
		return true
	}
	entries, err := os.ReadDir(folder)
	if err != nil {
		return false
	}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		if meta, err := readMeta(filepath.Join(folder, entry.Name())); err == nil && meta.ExperimentID == entry.Name() && !meta.isRun() {
			return true
		}
	}
	return false
}

// store is a file store that is read.
type store struct {
	folder string
	out    *output
}

func openStore(folder string, options Options) records {
	return writtenBy(io.NopCloser(strings.NewReader("")), options, func(_ io.Reader, out *output) error {
		s := store{folder, out}
		return s.read(folder, "")
	})
}

// read reads a store, an experiment or a run. name is that of the experiment that a run is in.
func (s *store) read(folder, name string) error {
	if err := s.goesOn(); err != nil {
		return err
	}
	meta, err := readMeta(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist) && folder == s.folder:
		return s.below(folder, "")
	case errors.Is(err, fs.ErrNotExist):
		return nil // models, traces
	case err != nil:
		s.out.unreadable(place{path: s.path(folder)}, nil,
			fmt.Errorf("its meta.yaml cannot be read (%w); mend it, or take the folder away", reasonOf(err)))
		return nil
	case meta.Stage == "deleted":
		return nil
	case meta.isRun():
		return s.run(folder, name, meta)
	}
	return s.below(folder, meta.Name)
}

func (s *store) goesOn() error {
	if s.out.stopped {
		return errStopped
	}
	return s.out.ctx.Err()
}

func (s *store) path(folder string) string {
	path, err := filepath.Rel(s.folder, folder)
	if err != nil || path == "." {
		return ""
	}
	return filepath.ToSlash(path)
}

// below reads the folders in a folder.
func (s *store) below(folder, name string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.IsDir() && !strings.HasPrefix(entry.Name(), ".") {
			if err := s.read(filepath.Join(folder, entry.Name()), name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *store) run(folder, experiment string, meta storeMeta) error {
	run := mlflowRun{experimentID: meta.ExperimentID, experimentName: experiment, id: meta.RunID, name: meta.RunName}
	if run.id == "" {
		run.id = meta.RunUUID
	}
	if run.experimentName == "" {
		// The folder given is the run's own.
		if above, err := readMeta(filepath.Dir(filepath.Clean(folder))); err == nil && !above.isRun() {
			run.experimentName = above.Name
		}
	}
	if run.name == "" {
		run.name = beginningOf(filepath.Join(folder, "tags", "mlflow.runName"))
	}
	if err := s.files(filepath.Join(folder, "params"), func(path, key string) error {
		if len(run.params) < 10*mostParams {
			run.params = append(run.params, mlflowParam{key, beginningOf(path)})
		}
		return nil
	}); err != nil {
		return err
	}
	return s.files(filepath.Join(folder, "metrics"), func(path, key string) error { return s.metric(path, key, &run) })
}

// files calls read for each file below a folder, in the order of their names, with what they are called there.
func (s *store) files(folder string, read func(path, key string) error) error {
	err := filepath.WalkDir(folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		key, err := filepath.Rel(folder, path)
		if err != nil {
			return err
		}
		return read(path, filepath.ToSlash(key))
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// beginningOf is the text of a small file; "" where there is none.
func beginningOf(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, longestParam+1))
	if err != nil {
		return ""
	}
	return strings.TrimRight(string(text), "\r\n")
}

// metric reads the values of a metric: a line each, of time, value and step, and the data set's name and digest behind them.
func (s *store) metric(path, key string, run *mlflowRun) error {
	file, err := os.Open(path)
	if err != nil {
		s.out.unreadable(place{path: s.path(path)}, nil, fmt.Errorf("cannot be read (%w)", reasonOf(err)))
		return nil
	}
	defer file.Close()
	lines := newTextLines(ending{file, s.out}, s.out)
	lines.waits = false
	for {
		line, err := lines.next()
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
		if err := s.goesOn(); err != nil {
			return err
		}
		at := place{line.number, s.path(path)}
		words := strings.Fields(string(line.text[:min(len(line.text), keptBeginning)]))
		switch {
		case len(words) == 0:
		case len(words) < 2 || !slices.Contains([]int{2, 3, 5}, len(words)) || line.size > keptBeginning:
			s.out.unreadable(at, line.text[:min(len(line.text), keptBeginning)],
				fmt.Errorf("has %d words where MLflow writes a time, a value and a step; mend the line", len(words)))
		default:
			words = append(words, "", "", "")
			run.write(s.out, at, line.text,
				mlflowValue{key: key, timestamp: words[0], value: words[1], step: words[2], dataset: words[3], digest: words[4]})
		}
	}
}
