package domain

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"

	"cdktf-aimetrics/kibana"
	"cdktf-aimetrics/metrics"
)

// byHand is how dashboards get into a Kibana that lets no program in.
const byHand = "import them by hand: `aimetrics dashboards > dashboards.ndjson`, then Stack Management, Saved Objects, Import in Kibana"

// WantedDashboards is what a domain's Kibana should have.
type WantedDashboards struct {
	// What the indices are called. Default: "ml-metrics".
	IndexPrefix string
	// Whether what a person edited is overwritten. Default: it is told and left alone.
	Overwrite bool
	// Whether a Kibana that lets no program in, such as one with Cognito or SAML, is an error. Default: it is told how to import by hand.
	Required bool
}

// PlanDashboards reads what is in the domain's Kibana and says what has to be done to it; it changes nothing. Where no Kibana is known,
// the plan is empty and says so in a note.
//
// Formats, scripted fields and copies that people made stay, and so do objects of ours that they edited.
func (c *Client) PlanDashboards(ctx context.Context, wanted WantedDashboards) (Plan, error) {
	k := &kibanaPlan{domain: c, wanted: wanted, options: kibana.Options{IndexPrefix: wanted.IndexPrefix}}
	k.client = c.Kibana()
	if k.client == nil {
		k.note("no Kibana is known, so there are no dashboards yet; name it with --kibana, or %s", byHand)
		return k.Plan, nil
	}
	// Objects of the global tenant are everybody's. Tenants are of the security plugin; others pass the header over.
	// https://opendistro.github.io/for-elasticsearch-docs/docs/security/access-control/multi-tenancy/
	k.client.header = k.client.header.Clone()
	k.client.header.Set("Securitytenant", "global")
	if err := k.findOut(ctx); err != nil {
		var fault *Fault
		if !wanted.Required && errors.As(err, &fault) && letsNoProgramIn(fault) {
			k.note("Kibana lets no program in (%s), as may be where people sign in by Cognito or SAML; %s", fault.Error(), byHand)
			return k.Plan, nil
		}
		return k.Plan, err
	}
	k.objects = kibana.Objects(k.options)
	there, err := k.read(ctx)
	if err != nil {
		return k.Plan, err
	}
	if err := k.compare(ctx, there); err != nil {
		return k.Plan, err
	}
	return k.Plan, k.planDefault(ctx)
}

// letsNoProgramIn reports whether an answer is that of a sign-in for people, and not of Kibana.
func letsNoProgramIn(fault *Fault) bool {
	return fault.Status/100 == 3 || fault.Status == http.StatusUnauthorized || fault.Status == http.StatusOK
}

// kibanaPlan is a plan that is being made.
type kibanaPlan struct {
	Plan
	client  *Client // of Kibana
	domain  *Client
	wanted  WantedDashboards
	options kibana.Options
	objects []kibana.Object // that should be there
	api     string          // where the settings are
}

func (k *kibanaPlan) note(format string, arguments ...any) {
	k.Notes = append(k.Notes, fmt.Sprintf(format, arguments...))
}

// findOut finds out which Kibana it is. The error is that it does not answer, or is one that the dashboards are not made for.
func (k *kibanaPlan) findOut(ctx context.Context) error {
	var status struct {
		Version struct{ Number string }
		Status  struct{ Overall struct{ State string } }
	}
	if err := k.client.Send(ctx, http.MethodGet, "/api/status", nil, &status); err != nil {
		return err
	}
	version := oneLine(status.Version.Number, 40)
	major, minor, ok := majorMinor(version)
	switch {
	case !ok:
		return fmt.Errorf("%s answers, and is no Kibana; mend --kibana", k.client.base)
	case major == 7 && minor >= 8 && minor <= 10:
		k.api = "/api/kibana/settings"
	case major == 1 || major == 2:
		k.api = "/api/opensearch-dashboards/settings"
	default:
		return fmt.Errorf(
			"%s is Kibana %s, and the dashboards are for Kibana 7.8 to 7.10 and OpenSearch Dashboards 1 and 2; use one of these",
			k.client.base,
			version,
		)
	}
	k.Where = k.client.base.String()
	if has, err := k.hasTenants(ctx); err != nil {
		return err
	} else if has {
		k.Where += ", global tenant"
	}
	if state := status.Status.Overall.State; state == "red" {
		return fmt.Errorf("%s is not well (its status is red), which it may be for a minute after a start; run it again", k.client.base)
	}
	return nil
}

// hasTenants reports whether the domain has the security plugin, and so Kibana its tenants.
func (k *kibanaPlan) hasTenants(ctx context.Context) (bool, error) {
	for _, plugins := range []string{"_opendistro", "_plugins"} {
		has, err := k.domain.hasPlugin(ctx, "/"+plugins+"/_security/api/account")
		var fault *Fault
		if errors.As(err, &fault) && fault.Status == http.StatusForbidden {
			has, err = true, nil // it is there, and not for this user
		}
		if has || err != nil {
			return has, err
		}
	}
	return false, nil
}

// key names an object.
func key(object kibana.Object) string { return object.Type + ":" + object.ID }

// read fetches those of our objects that are there.
func (k *kibanaPlan) read(ctx context.Context) (map[string]kibana.Object, error) {
	type name struct {
		Type string `json:"type"`
		ID   string `json:"id"`
	}
	var asked []name
	for _, object := range k.objects {
		asked = append(asked, name{object.Type, object.ID})
	}
	var answer struct {
		Objects []struct {
			kibana.Object
			Error *struct {
				StatusCode int
				Message    string
			} `json:"error"`
		} `json:"saved_objects"`
	}
	if err := k.client.Send(ctx, http.MethodPost, "/api/saved_objects/_bulk_get", asked, &answer); err != nil {
		return nil, err
	}
	there := map[string]kibana.Object{}
	for _, object := range answer.Objects {
		switch {
		case object.Error == nil:
			there[key(object.Object)] = object.Object
		case object.Error.StatusCode != http.StatusNotFound:
			return nil, fmt.Errorf(
				"%s: %s %q cannot be read: %s",
				k.client.base,
				object.Type,
				object.ID,
				oneLine(object.Error.Message, 200),
			)
		}
	}
	return there, nil
}

// compare says what has to be imported.
func (k *kibanaPlan) compare(ctx context.Context, there map[string]kibana.Object) error {
	var objects []kibana.Object
	var differences, edited []string
	how := "created"
	for _, wanted := range k.objects {
		found, ok := there[key(wanted)]
		if wanted.Type == "index-pattern" && ok {
			server, err := k.serverFields(ctx)
			if err != nil {
				return err
			}
			wanted = kibana.Merge(k.options, found, server)
		}
		name := fmt.Sprintf("%s %q", wanted.Type, wanted.Title())
		switch {
		case !ok:
			objects, differences = append(objects, wanted), append(differences, "+ "+name)
		case found.Same(wanted):
		case wanted.Type != "index-pattern" && !found.Ours() && !k.wanted.Overwrite:
			edited = append(edited, name)
		default:
			how = "changed"
			objects, differences = append(objects, wanted), append(differences, "~ "+name)
		}
	}
	for _, name := range edited {
		k.note("%s was edited by somebody and stays as it is; --overwrite replaces it with ours", name)
	}
	if len(objects) == 0 {
		return nil
	}
	k.Changes = append(
		k.Changes,
		Change{What: fmt.Sprintf("%s of Kibana", counted(len(objects), "object")), How: how, Differences: differences,
			apply: func(ctx context.Context) error { return k.importObjects(ctx, objects) }},
	)
	return nil
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// serverFields is the fields that Kibana finds in the indices; none where there is no index.
func (k *kibanaPlan) serverFields(ctx context.Context) ([]metrics.IndexPatternField, error) {
	query := url.Values{
		"pattern":     {kibana.IndexPattern(k.options).Title()},
		"meta_fields": {"_source", "_id", "_type", "_index", "_score"},
	}
	var answer struct{ Fields []metrics.IndexPatternField }
	_, err := k.client.get(ctx, "/api/index_patterns/_fields_for_wildcard?"+query.Encode(), &answer)
	return answer.Fields, err
}

// importObjects imports them, in one request: Kibana takes all of them or says which it did not.
func (k *kibanaPlan) importObjects(ctx context.Context, objects []kibana.Object) error {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreatePart(textproto.MIMEHeader{
		"Content-Disposition": {`form-data; name="file"; filename="dashboards.ndjson"`},
		"Content-Type":        {"application/ndjson"},
	})
	if err != nil {
		return err
	}
	if err := kibana.Encode(part, objects); err != nil {
		return err
	}
	if err := form.Close(); err != nil {
		return err
	}
	response, err := k.client.Do(
		ctx,
		http.MethodPost,
		"/api/saved_objects/_import?overwrite=true",
		http.Header{"Content-Type": {form.FormDataContentType()}},
		bytes.NewReader(body.Bytes()),
	)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return k.client.Explain(response)
	}
	var answer struct {
		Success      bool
		SuccessCount int
		Errors       []struct {
			ID, Type string
			Error    struct{ Type, Message, Reason string }
		}
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return fmt.Errorf("what Kibana answered to the import is no JSON; look into Kibana, and run it again")
	}
	// A refusal is 200, too.
	if !answer.Success || answer.SuccessCount != len(objects) {
		var refused []string
		for _, object := range answer.Errors {
			refused = append(
				refused,
				fmt.Sprintf(
					"%s %q (%s)",
					oneLine(object.Type, 40),
					oneLine(object.ID, 200),
					oneLine(strings.Join([]string{object.Error.Type, object.Error.Message, object.Error.Reason}, " "), 200),
				),
			)
		}
		return fmt.Errorf("Kibana took %d of %d objects; it refused %s", answer.SuccessCount, len(objects), strings.Join(refused, ", "))
	}
	return nil
}

// planDefault makes our index pattern the default where there is none: without one Kibana sets one at the first page that is opened,
// which a reader may not.
func (k *kibanaPlan) planDefault(ctx context.Context) error {
	var settings struct {
		Settings map[string]struct {
			UserValue any `json:"userValue"`
		}
	}
	if err := k.client.Send(ctx, http.MethodGet, k.api, nil, &settings); err != nil {
		return err
	}
	if settings.Settings["defaultIndex"].UserValue != nil {
		return nil
	}
	prefix := kibana.IndexPattern(k.options).ID
	k.Changes = append(
		k.Changes,
		Change{What: "default index pattern of Kibana", How: "created", Differences: []string{"+ defaultIndex: " + prefix},
			apply: func(ctx context.Context) error {
				return k.client.Send(ctx, http.MethodPost, k.api+"/defaultIndex", map[string]string{"value": prefix}, nil)
			}},
	)
	return nil
}
