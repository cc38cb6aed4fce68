package source

import "cdktf-aimetrics/metrics"

// Block is a run of records of one input, and the memory that they share: a worker gets it whole, and gives it back to be filled
// again. Its zero value is empty and ready.
type Block struct {
	// The input, as the user named it: a path (below a folder with the folder's), "-", or an address.
	Input string
	// In the order of the input.
	Records []Record

	data []byte         // what Raw of the records is cut from
	rows []*metrics.Row // made once, and used again
}

// Record is one thing that an input has: a line in our own model, a row of another format, or what could not be read.
type Record struct {
	// Where it is: a line from 1, and within a document of JSON or a folder a path such as "log_history[3]"; 0 and "" where there is none.
	Line int64
	Path string

	// The record as it came, without its end of line. A line in our own model, where Row and Problem are nil, is read from it. Of a
	// record that is too large to keep it is the beginning, and Size is larger than its length.
	Raw  []byte
	Size int64
	// What Raw is read as once it is mended: the name of its format, and what stands before it there, such as the header of a CSV file.
	// "" is a line in our own model, and what has a Row is read from that.
	Format, Head string

	// What a format's reader made of it; nil for a line in our own model.
	Row *metrics.Row

	// Why it could not be read at all; such a record counts as one document.
	Problem error
}

// place is where a record is.
type place struct {
	line int64
	path string
}

// Reset empties the block and keeps its memory.
func (block *Block) Reset() {
	clear(block.Records)
	if cap(block.data) > 2*blockSize {
		block.data = nil // after a long line
	}
	block.Input, block.Records, block.data, block.rows = "", block.Records[:0], block.data[:0], block.rows[:0]
}

// line adds a line in our own model.
func (block *Block) line(line int64, raw []byte) {
	block.Records = append(block.Records, Record{Line: line, Raw: raw, Size: int64(len(raw))})
}

// row adds a record with an empty row, for the caller to fill.
func (block *Block) row(at place, raw []byte, size int64) *metrics.Row {
	var row *metrics.Row
	if used := len(block.rows); used < cap(block.rows) && block.rows[:used+1][used] != nil {
		block.rows = block.rows[:used+1]
		row = block.rows[used]
		row.Reset()
	} else {
		row = metrics.NewRow()
		block.rows = append(block.rows, row)
	}
	block.Records = append(block.Records, Record{Line: at.line, Path: at.path, Raw: raw, Size: size, Row: row})
	return row
}

// unreadable adds what could not be read, and why.
func (block *Block) unreadable(at place, raw []byte, size int64, problem error) {
	block.Records = append(block.Records, Record{Line: at.line, Path: at.path, Raw: raw, Size: size, Problem: problem})
}

// mostKept is what is kept of a record that has a row, or whose reader reads longer ones than fit into a block, in bytes.
const mostKept = 64 << 10

// keep copies text that its reader will write over, for as long as the block is; of a long one the beginning.
func (block *Block) keep(text []byte) []byte {
	if len(text) > mostKept {
		text = text[:keptBeginning]
	}
	if len(text) == 0 {
		return nil
	}
	from := len(block.data)
	block.data = append(block.data, text...)
	return block.data[from:len(block.data):len(block.data)]
}
