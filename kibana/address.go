package kibana

import (
	"fmt"
	"net/url"
	"strings"
	"time"
)

// The dashboards, by the names that [Address] takes.
const (
	Overview            = "overview"
	Models              = "models"
	TrainingRuns        = "training"
	Inference           = "inference"
	LanguageModels      = "language"
	DriftAndDataQuality = "drift"
)

// ID is what Kibana knows a dashboard by.
func ID(options Options, dashboard string) string { return id(options.prefix(), dashboard) }

// Address is where a browser finds a dashboard: base is Kibana's own address, such as https://<endpoint>/_plugin/kibana or the one that
// `aimetrics kibana` prints. From and to are the time range that it shows; with none it is the dashboard's own.
func Address(base string, options Options, dashboard string, from, to time.Time) string {
	address := strings.TrimSuffix(base, "/") + "/app/dashboards#/view/" + url.PathEscape(ID(options, dashboard))
	if from.IsZero() || to.IsZero() {
		return address
	}
	const layout = "2006-01-02T15:04:05.000Z"
	return address + fmt.Sprintf("?_g=(time:(from:'%s',to:'%s'))", from.UTC().Format(layout), to.UTC().Format(layout))
}
