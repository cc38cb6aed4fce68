package source

import (
	"math"
	"strconv"
	"strings"
	"time"

	"cdktf-aimetrics/metrics"
)

// setEpoch sets a field of the type date to a number that counts units since 1970, as its source wrote it. What is no such number is
// left to the model: RFC 3339 is taken, and the rest is a problem that says what it is.
func setEpoch(row *metrics.Row, field, number string, unit time.Duration) {
	if at, ok := epoch(strings.TrimSpace(number), unit); ok {
		row.SetTime(field, at)
		return
	}
	row.Set(field, number)
}

// epoch reads a number of units since 1970, to the digit that it is written to; false beyond the years 1 to 9999.
func epoch(number string, unit time.Duration) (time.Time, bool) {
	whole, fraction, _ := strings.Cut(number, ".")
	units, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || units < 0 || strings.Trim(fraction, "0123456789") != "" {
		value, err := strconv.ParseFloat(number, 64)
		seconds := value * unit.Seconds()
		if err != nil || !(math.Abs(seconds) < 6e10) {
			return time.Time{}, false
		}
		whole, part := math.Modf(seconds)
		return time.Unix(int64(whole), int64(part*1e9)), true
	}
	perSecond := int64(time.Second / unit)
	if units/perSecond > 253402300799 {
		return time.Time{}, false
	}
	// Below a nanosecond there is nothing.
	digits := (fraction + "000000000")[:9]
	parts, _ := strconv.ParseInt(digits, 10, 64)
	return time.Unix(units/perSecond, units%perSecond*int64(unit)+parts*int64(unit)/1e9), true
}

// setMilliseconds sets a field in milliseconds to a number of seconds, as its source wrote it.
func setMilliseconds(row *metrics.Row, field, seconds string) {
	if value, err := strconv.ParseFloat(seconds, 64); err == nil {
		row.SetNumber(field, inMilliseconds(value))
		return
	}
	row.Set(field, seconds)
}
