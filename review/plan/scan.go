package plan

import (
	"bufio"
	"fmt"
	"io"
)

// scanner cuts JSON into its values without building them. Most of a large plan (prior_state, planned_values, configuration)
// is only passed over, for which encoding/json takes many times longer.
type scanner struct {
	from   *bufio.Reader
	offset int64  // bytes that were read
	value  []byte // of read, good until the next
	open   []byte // brackets that are to be closed
}

// deepest is how deep values may lie in one another, as in encoding/json.
const deepest = 10_000

// peek returns the next byte that is no blank, and leaves it there.
func (s *scanner) peek() (byte, error) {
	for {
		c, err := s.from.ReadByte()
		if err != nil {
			return 0, err
		}
		switch c {
		case ' ', '\t', '\r', '\n':
			s.offset++
			continue
		}
		return c, s.from.UnreadByte()
	}
}

// take reads one of the bytes of wanted, which peek would return.
func (s *scanner) take(wanted string) (byte, error) {
	c, err := s.peek()
	if err != nil {
		return 0, err
	}
	for i := range wanted {
		if wanted[i] == c {
			s.from.ReadByte()
			s.offset++
			return c, nil
		}
	}
	return 0, fmt.Errorf("is not JSON at byte %d (%q where one of %q must be)", s.offset, c, wanted)
}

// read reads the next value as it is written.
func (s *scanner) read() ([]byte, error) {
	s.value = s.value[:0]
	err := s.pass(true)
	return s.value, err
}

// skip passes over the next value.
func (s *scanner) skip() error { return s.pass(false) }

// pass reads to the end of a value: of a string or a bracket where it is closed, of any other before what follows it.
func (s *scanner) pass(keep bool) error {
	if _, err := s.peek(); err != nil {
		return err
	}
	s.open = s.open[:0]
	inString, escaped, started := false, false, false
	for {
		if _, err := s.from.Peek(1); err != nil {
			if err == io.EOF && started && !inString && len(s.open) == 0 { // a number at the very end
				return nil
			}
			return err
		}
		chunk, _ := s.from.Peek(s.from.Buffered())
		read, done := len(chunk), false
	bytes:
		for i := 0; i < len(chunk); i++ {
			switch c := chunk[i]; {
			case escaped:
				escaped = false
			case inString:
				for c != '"' && c != '\\' && i+1 < len(chunk) { // most of a plan
					i++
					c = chunk[i]
				}
				escaped = c == '\\'
				inString = c != '"'
				done = !inString && len(s.open) == 0
			case c == '"':
				inString = true
				done = false
			case c == '{' || c == '[':
				s.open = append(s.open, c+2) // the closing bracket's code
				if len(s.open) > deepest {
					return fmt.Errorf("is nested more than %d deep at byte %d", deepest, s.offset+int64(i))
				}
			case c == '}' || c == ']':
				if len(s.open) == 0 && started { // the end of what is around a number
					read, done = i, true
					break bytes
				}
				if len(s.open) == 0 || s.open[len(s.open)-1] != c {
					return fmt.Errorf("is not JSON at byte %d (%q closes nothing)", s.offset+int64(i), c)
				}
				s.open = s.open[:len(s.open)-1]
				done = len(s.open) == 0
			case len(s.open) == 0 && (c == ',' || c == ':' || c == ' ' || c == '\n' || c == '\r' || c == '\t'):
				if !started {
					return fmt.Errorf("is not JSON at byte %d (%q where a value must be)", s.offset+int64(i), c)
				}
				read, done = i, true
				break bytes
			}
			started = true
			if done {
				read = i + 1
				break
			}
		}
		if keep {
			if s.value = append(s.value, chunk[:read]...); len(s.value) > oneValue {
				return errTooLarge
			}
		}
		s.from.Discard(read)
		s.offset += int64(read)
		if done {
			return nil
		}
	}
}

// oneValue is the largest single value that is read: a resource, all outputs. Terraform and its providers exchange messages
// of 256 MiB at most, and nobody has reviewed the tenth of it.
const oneValue = 64 << 20

var errTooLarge = fmt.Errorf("holds a single value of more than %d MiB, which is none to review", oneValue>>20)
